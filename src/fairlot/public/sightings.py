"""Checkpoints that somebody saw: what a log signed, and when witnesses saw it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from fairlot.public.checkpoint import (
    Checkpoint,
    cosignature_times,
    open_checkpoint,
    read_checkpoint,
)

__all__ = ["Clock", "Sighting", "sightings"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A checkpoint with the times, in Unix seconds, at which trusted witnesses saw it."""

    checkpoint: Checkpoint
    times: tuple[int, ...] = ()


def sightings(
    notes: Iterable[str], *, witnesses: Sequence[str] = (), vkey: str | None = None
) -> tuple[Sighting, ...]:
    """Return what these notes say: those of the log's folder, of records, of a neighbour.

    witnesses  vkeys of the witnesses that the reader trusts
    vkey       the log's key; without it, a note by anybody counts as the log's
    """
    return tuple(
        Sighting(
            open_checkpoint(text, vkey) if vkey else read_checkpoint(text),
            tuple(cosignature_times(text, witnesses)),
        )
        for text in notes
    )


class Clock:
    """What witnesses' times say of an entry: by when it was in the log, and until when it was not.

    >>> clock = Clock([Sighting(Checkpoint("log", 3, bytes(32)), (50, 70))])
    >>> clock.first_seen(2), clock.first_seen(3), clock.last_absent(3)
    (50, None, 70)
    """

    def __init__(self, seen: Sequence[Sighting]) -> None:
        timed = sorted((each.checkpoint.size, each.times) for each in seen if each.times)
        self._sizes = [size for size, _ in timed]
        self._until = list(accumulate((times[-1] for _, times in timed), max))
        self._by = list(accumulate((times[0] for _, times in reversed(timed)), min))[::-1]

    def first_seen(self, index: int) -> int | None:
        """Return when a witness first saw a log that holds entry ``index``."""
        return self._at(self._by, bisect_right(self._sizes, index))

    def last_absent(self, index: int) -> int | None:
        """Return when a witness last saw a log that did not reach entry ``index`` yet."""
        return self._at(self._until, bisect_right(self._sizes, index) - 1)

    def _at(self, times: list[int], place: int) -> int | None:
        return times[place] if 0 <= place < len(times) else None
