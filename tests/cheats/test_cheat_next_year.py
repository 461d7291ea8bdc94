"""A reader of this year's record tells next year's list, because the numbers are kept."""

from functools import cache
from pathlib import Path

import pytest
from world import (
    FIRST,
    LATER,
    OFFICE,
    PI,
    SITES,
    Lot,
    Row,
    announce,
    drawn,
    failing,
    list_of,
    moment,
    public,
    rosters,
    rounds,
    stamped,
)

from fairlot._base.errors import InvalidInput
from fairlot.public.outcome import select

YEARS = 400


@cache
def years():
    """This year's announcement and next year's, under a secret of its own."""
    return Lot.of(announce()), Lot.of(announce(LATER, task="2", secret=8))


@cache
def hits(told: bool) -> tuple[float, float]:
    """The share of next year's list that this year's tells, with three standard errors.

    told  whether next year's tickets are made of this year's key and rows, as kept numbers are
    """
    this, following = years()
    pairs = zip(rounds(YEARS), rounds(YEARS, 5000), strict=True)
    shares = []
    for one, two in pairs:
        now = this.draw(one)
        then = kept(one) if told else following.draw(two)
        shares.append(len(now & then) / len(now))
    spread = (sum((s - sum(shares) / YEARS) ** 2 for s in shares) / YEARS) ** 0.5
    return sum(shares) / YEARS, 3 * spread / YEARS**0.5


def kept(value: bytes) -> set[str]:
    """Next year's list under this year's numbers."""
    this, following = years()
    sample = select(this.announced, following.quotas, this.root(value))
    return {following.quotas.frame["site_id"].iloc[i] for i in sample.index}


def row(folder: Path) -> Row:
    before, after = hits(told=True)[0], hits(told=False)
    assert abs(after[0] - PI) <= after[1]
    return Row("reads next year's list from this year's record", "share of the list that is told",
               PI, before, after[0],
               "a round that is out cannot be announced; signed all the same, `time` fails",
               after[1], "after")  # fmt: skip


def test_kept_numbers_tell_the_whole_list():
    assert hits(told=True) == (1.0, 0.0)


def test_fresh_randomness_tells_nothing():
    """Of four sites that were drawn this year 4/3 are drawn next year, like of any four."""
    found, error = hits(told=False)
    assert abs(found - PI) <= error


def test_this_years_round_cannot_be_announced_next_year():
    with pytest.raises(InvalidInput):
        announce(FIRST, task="2", at=moment(LATER, 0))


def test_this_years_round_under_an_earlier_date():
    again = drawn(announce(FIRST, task="2", secret=8))
    assert failing(stamped(again, moment(LATER, 0))) == ["time"]


def test_this_years_value_under_next_years_announcement():
    following, this = announce(LATER, task="2", secret=8), drawn(announce())
    files = drawn(following, LATER)
    replayed = public.seal({**files, "outcome.json": this["outcome.json"]}, OFFICE)
    assert failing(replayed)[0] == "randomness"


def test_pseudonyms_of_one_year_are_not_those_of_the_next():
    """Else a site that was drawn and opened would stand open in every later roster."""
    ours, theirs = (public.Names.of(rosters(), bytes([k]) * 32) for k in (7, 8))
    assert not set(ours.site_pseudonyms.values()) & set(theirs.site_pseudonyms.values())
    assert ours.key("sites") != theirs.key("sites")
    assert set(ours.site_pseudonyms) == set(SITES)
    assert list_of(drawn(announce())) < set(SITES)
