"""What records at hand add to a log: whom they drew from, what happened, and what their proofs saw."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from fairlot._base.errors import FairlotError
from fairlot.public.announced import Announced
from fairlot.public.events import read_events
from fairlot.public.folder import PROOFS
from fairlot.public.inclusion import Inclusion
from fairlot.public.sightings import Sighting, sightings

__all__ = ["AtHand", "at_hand", "proofs_in"]

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class AtHand:
    """What records tell, each by the digest of its announcement.

    rosters  ids of the sites, None where the record hides them
    events   digests of the events; a sealed record shows none, and is not asked before it is opened
    margins  seconds before its round by which the announcement must be public
    """

    rosters: Mapping[str, frozenset[str] | None]
    events: Mapping[str, Sequence[str]]
    margins: Mapping[str, int]


def at_hand(records: Sequence[tuple[Files, Announced]]) -> AtHand:
    """Return what these records tell; their registers are those that were committed to."""
    return AtHand(
        {head.digest.hex(): _sites(head) for _, head in records},
        {
            head.digest.hex(): [event.digest.hex() for event in read_events(files)]
            for files, head in records
            if "opening.json" in files
        },
        {head.digest.hex(): head.plan.proof.margin for _, head in records},
    )


def proofs_in(files: Files, vkey: str, witnesses: Sequence[str]) -> tuple[Sighting, ...]:
    """Return the checkpoints of the log with this key that the proofs in a record carry.

    A record whose proofs are of one history may stand beside a log that shows another. What the log
    did not sign tells nothing of it, whoever put it there.
    """
    found: list[Sighting] = []
    for name in sorted(files):
        if PROOFS.fullmatch(name) and name.endswith(".log.json"):
            with suppress(FairlotError):
                text = Inclusion.decode(files[name]).checkpoint
                found += sightings([text], witnesses=witnesses, vkey=vkey)
    return tuple(found)


def _sites(head: Announced) -> frozenset[str] | None:
    """Pseudonyms are salted anew for every draw: nothing follows from comparing them."""
    if head.tables is None or not head.whole:
        return None
    return frozenset(head.tables.sites["site_id"])
