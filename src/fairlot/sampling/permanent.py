"""Kept numbers: one for each id, the same in every year, so that samples can be coordinated.

    word(id, k) = u64 number k mod 4 of HMAC-SHA-256(key, u64(k div 4) || id)
    number(id, k) = floor(word / 2^11) / 2^53

``u64`` is big-endian. Column k = 0 is the first that a design asks for, k = 1 the next. A number
depends on key and id alone: births and deaths do not change those of others.

Kept numbers tell who will be drawn next year. They are for research and for surveys whose frames
are not published; a public draw takes fresh randomness.

Ohlsson (1995), Coordination of samples using permanent random numbers, in Business Survey Methods,
153-169, doi:10.1002/9781118150504.ch9.
"""

import hmac
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Words
from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput, within
from fairlot._base.ids import canonical_id

__all__ = ["PermanentNumbers", "places"]

WORDS = 4  # u64 words in one SHA-256
SAME, OPPOSITE = np.uint64(0), np.uint64(2**64 - 1)  # what a word is crossed with (exclusive or)


@dataclass(frozen=True)
class _Turn:
    """How far round the circle of 2^64 words are moved, after a flip or not."""

    mirror: np.uint64
    offset: Words  # (N,)

    def flipped(self) -> "_Turn":
        return _Turn(self.mirror ^ OPPOSITE, -self.offset)


class _Kept:
    """The words of all ids, made when they are first asked for, and shared by all turns of them."""

    def __init__(self, places: dict[str, int], key: bytes) -> None:
        self.places = places
        self.key = key
        self._blocks: dict[int, Words] = {}

    def column(self, k: int) -> Words:
        block, word = divmod(k, WORDS)
        # By number, not appended: two threads may both make a block, and it is the same.
        if block not in self._blocks:
            self._blocks[block] = _digests(self.key, block, self.places)
        return self._blocks[block][:, word]


class PermanentNumbers:
    """Numbers bound to ids by a key; pass them as ``rng`` to any design.

    ids  (N,) distinct ids, in the order of ``pi``
    key  bytes; the same key gives the same numbers

    Every draw begins with the first column, so that two draws of a design from the same numbers
    overlap as much as they can (positive coordination). To spread the burden, draw from
    :meth:`shifted` or :meth:`flipped` numbers instead. Fair in each year by itself: a shift or flip
    of a uniform number is uniform. For research, not for public draws: kept numbers tell next
    year's list. A design that asks for one number only, like
    :func:`~fairlot.sampling.systematic`, gets that of the first id: as fair, but it coordinates
    nothing when the frame changes.

    Raises InvalidInput on a duplicate, with both positions, and on what is no id; so does a draw
    from a ``pi`` of another length, unless that is 1. 3 us an id for the first four columns. Threads
    may share it.

    >>> from fairlot.sampling.poisson import poisson
    >>> numbers, pi = PermanentNumbers(["a", "b", "c", "d"], b"key"), [0.5] * 4
    >>> poisson(pi, rng=numbers).index, poisson(pi, rng=numbers.shifted(pi)).index
    (array([0, 1, 3]), array([2]))

    Brewer, Early, Joyce (1972), Selecting several samples from a single population, Australian
    Journal of Statistics 14(3), 231-239.
    """

    def __init__(self, ids: Sequence[str], key: bytes) -> None:
        if not (isinstance(key, bytes) and key):
            raise InvalidInput(
                "key is {got}; want at least one byte",
                zh="密钥为 {got}，应为至少一个字节",
                got=repr(key) if key == b"" else type(key).__name__,
            )
        self._kept = _Kept(places(ids), key)
        self._turn = _Turn(SAME, np.zeros(len(self), np.uint64))

    def __len__(self) -> int:
        return len(self._kept.places)

    def __repr__(self) -> str:
        return f"<PermanentNumbers of {len(self)} ids>"

    def chance(self) -> "_Reader":
        """Return a reader that begins with the first column; designs ask for it by themselves."""
        return _Reader(self)

    def column(self, k: int) -> Words:
        """Return the k-th word of every id, shifted and flipped as these numbers are."""
        return (self._kept.column(k) ^ self._turn.mirror) + self._turn.offset

    def shifted(self, pi: ArrayLike) -> "PermanentNumbers":
        """Return the numbers of the next year, ``(u - pi) mod 1``, after a draw with ``pi``.

        pi  (N,) the probabilities of the year before, in the order of ids

        Who was drawn with u < pi now has a number near 1, and comes last. Under Poisson sampling a
        unit is not drawn again before the sum of its ``pi`` has passed 1; under a design of fixed
        size, hardly ever.

        Nedyalkova, Qualité, Tillé (2009), General framework for the rotation of units in repeated
        survey sampling, Statistica Neerlandica 63(3), 269-293,
        doi:10.1111/j.1467-9574.2009.00423.x.
        """
        array = check.probabilities(pi)
        check.same_length("pi", array.size, len(self))
        # Words wrap at 2^64 as numbers do at 1; a shift by 1 is none.
        back = (array % 1 * 2.0**64).astype(np.uint64)
        return self._turned(_Turn(self._turn.mirror, self._turn.offset - back))

    def flipped(self) -> "PermanentNumbers":
        """Return the opposite numbers: 1 - u, less 2^-53."""
        return self._turned(self._turn.flipped())

    def for_ids(self, ids: Sequence[str]) -> "PermanentNumbers":
        """Return the numbers of another frame: who stays keeps number and shifts, births have none.

        A birth enters with the number of its id, flipped if these are.
        """
        other = PermanentNumbers(ids, self._kept.key)
        old = self._kept.places
        stay = [(i, old[id]) for id, i in other._kept.places.items() if id in old]
        now, before = np.array(stay, dtype=np.int64).reshape(-1, 2).T
        offset = np.zeros(len(other), np.uint64)
        offset[now] = self._turn.offset[before]
        return other._turned(_Turn(self._turn.mirror, offset))

    def _turned(self, turn: _Turn) -> "PermanentNumbers":
        other = copy(self)
        other._turn = turn
        return other


class _Reader:
    """Columns one after the other: a number for each id, or that of the first id alone."""

    def __init__(self, numbers: PermanentNumbers) -> None:
        self._numbers = numbers
        self._next = 0

    def words(self, n: int) -> Words:
        if n not in (1, len(self._numbers)):
            raise InvalidInput(
                "asked for {got} numbers, as for {got} units, but there are {want} ids;"
                " want pi of the same frame as ids",
                zh="要 {got} 个随机数（对应 {got} 个单位），而编号共 {want} 个；pi 与 ids 应属同一名录",
                got=n,
                want=len(self._numbers),
            )
        self._next += 1
        return self._numbers.column(self._next - 1)[:n]

    def random(self, n: int) -> Floats:
        return Given(self.words(n)).random(n)


def places(ids: Sequence[str]) -> dict[str, int]:
    """Return the position of each id in canonical form; refuse duplicates, naming both."""
    found: dict[str, int] = {}
    for i, text in enumerate(ids):
        clean = _canonical(text, i)
        first = found.setdefault(clean, i)
        if first != i:
            raise InvalidInput(
                "ids[{i}] and ids[{first}] are both {id!r}; want distinct ids",
                zh="ids[{i}] 与 ids[{first}] 同为 {id!r}，编号不得重复",
                i=i,
                first=first,
                id=clean,
            )
    if not found:
        raise InvalidInput(
            "ids is empty; want at least one id", zh="编号列表为空，至少应有一个编号"
        )
    return found


def _canonical(text: str, i: int) -> str:
    try:
        return canonical_id(text)
    except TypeError:
        raise InvalidInput(
            "ids[{i}] is {got!r}; want text", zh="ids[{i}] 为 {got!r}，应为文本", i=i, got=text
        ) from None
    except InvalidInput:
        with within(f"ids[{i}]"):
            raise


def _digests(key: bytes, block: int, ids: dict[str, int]) -> Words:
    prefix = block.to_bytes(8, "big")
    joined = b"".join(hmac.digest(key, prefix + id.encode(), "sha256") for id in ids)
    return np.frombuffer(joined, ">u8").astype(np.uint64).reshape(-1, WORDS)
