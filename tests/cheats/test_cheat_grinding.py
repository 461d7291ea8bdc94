"""It tries numbers, wordings and secrets of an announcement until the list is right, in advance."""

from functools import cache
from pathlib import Path

from world import PI, RIVAL, Lot, Row, announce, rounds, share, tries

TRIES = 40
KNOWN = bytes(32)
"""What a draw without a beacon is made of: nothing that comes later."""


@cache
def variants():
    """Announcements that differ in their number, their wording (the task), or their secret."""
    worded = [Lot.of(announce(task=f"1{'!' * k}")) for k in range(5)]
    hidden = [Lot.of(announce(secret=k)) for k in range(5)]
    numbered = [worded[0].changed(sequence=k) for k in range(2, 2 + TRIES - 10)]
    return [*worded, *hidden, *numbered]


@cache
def reached():
    """How often forty variants hold one that draws the rival, when nothing more is to come."""
    lot = variants()[0]
    batches = (range(n * TRIES, (n + 1) * TRIES) for n in range(200))
    return share(
        [any(RIVAL in lot.changed(sequence=k).draw(KNOWN) for k in batch) for batch in batches]
    )


def chosen() -> Lot:
    """The variant that draws the rival from what is known in advance."""
    return next(lot for lot in variants() if RIVAL in lot.draw(KNOWN))


def later(lot: Lot):
    return share([RIVAL in lot.draw(value) for value in rounds(1000)])


def row(folder: Path) -> Row:
    after, error = later(chosen())
    return Row("grinds seeds: numbers, wordings and secrets before a future round",
               "a chosen rival is drawn", PI, tries(TRIES), after,
               "nothing to refuse: the round comes last; `beacon` and `time` show that it did",
               error, "after")  # fmt: skip


def test_without_a_beacon_forty_variants_are_enough():
    before, error = reached()
    assert abs(before - tries(TRIES)) <= error
    assert len(variants()) == TRIES


def test_every_kind_of_variant_changes_the_list():
    lists = {frozenset(lot.draw(KNOWN)) for lot in variants()}
    assert len(lists) > TRIES / 2


def test_with_a_beacon_to_come_the_chosen_variant_is_like_any_other():
    for lot in (chosen(), variants()[0], variants()[-1]):
        found, error = later(lot)
        assert abs(found - PI) <= error


def test_the_best_of_all_variants_over_past_rounds_is_no_better_for_the_next():
    """Whatever rule chooses, it knows only rounds that are out."""
    past = rounds(30, start=10**6)
    best = max(variants()[:12], key=lambda lot: sum(RIVAL in lot.draw(value) for value in past))
    found, error = later(best)
    assert abs(found - PI) <= error
