"""Weeks and order of visits: even in every draw, uniform over draws, moved only where they must."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.planning import schedule

WORD = st.one_of(st.integers(0, 3), st.integers(0, (1 << 64) - 1))
FIRST = date(2024, 8, 1)


def frame(rows: list[tuple], names: str) -> pd.DataFrame:  # type: ignore[type-arg]
    return pd.DataFrame(rows, columns=names.split(), dtype=object)


def of(rows: list[tuple]) -> pd.DataFrame:  # type: ignore[type-arg]
    return frame(
        [(f"S{k:02d}", *row) for k, row in enumerate(rows)], "site_id bureau_id station_id"
    )


def window(days: int) -> tuple[str, str]:
    return FIRST.isoformat(), (FIRST + timedelta(days - 1)).isoformat()


def words(values: list[int]) -> np.ndarray:  # type: ignore[type-arg]
    return np.array(values, np.uint64)


def planned(sites, order, start, days, teams=(), absences=()):  # type: ignore[no-untyped-def]
    return schedule(
        sites,
        words(order),
        words(start),
        teams=frame(list(teams), "site_id officer_id"),
        absences=frame(list(absences), "officer_id absent_from absent_to"),
        window=window(days),
    )


@st.composite
def draws(draw):  # type: ignore[no-untyped-def]
    units = st.tuples(st.sampled_from("PQ"), st.sampled_from(["", "x", "y"]))
    rows = draw(st.lists(units, min_size=1, max_size=25))
    order, start = (draw(st.lists(WORD, min_size=len(rows), max_size=len(rows))) for _ in "ab")
    return of(rows), order, start, draw(st.integers(1, 50))


PEOPLE = [*"abcd"]


@st.composite
def staffed_draws(draw):  # type: ignore[no-untyped-def]
    sites, order, start, days = draw(draws())
    team = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3)
    teams = [(site, who) for site in sites["site_id"] for who in draw(team)]
    span = st.tuples(st.sampled_from(PEOPLE), st.integers(-9, days + 9), st.integers(0, 40))
    absences = [
        (who, str(FIRST + timedelta(day)), str(FIRST + timedelta(day + more)))
        for who, day, more in draw(st.lists(span, max_size=8))
    ]
    return sites, order, start, days, teams, absences


@given(draws())
def test_loads_of_every_bureau_and_station_are_even(drawn) -> None:  # type: ignore[no-untyped-def]
    found, weeks = planned(*drawn), -(-drawn[-1] // 7)
    for group in (["bureau_id"], ["bureau_id", "station_id"]):
        for _, rows in found.groupby(group):
            load = Counter(rows["week"])
            loads = [load[week] for week in range(1, weeks + 1)]
            assert max(loads) - min(loads) <= 1
            assert sum(loads) == len(rows)
    assert not found["moved"].any()
    assert not found["clash"].any()


@settings(max_examples=40, deadline=None)
@given(draws())
def test_every_week_is_equally_likely_for_every_site(drawn) -> None:  # type: ignore[no-untyped-def]
    """All values of s, one word of each: every site meets every week once."""
    sites, order, _, days = drawn
    weeks = -(-days // 7)
    seen = [
        planned(sites, order, [-(-(s << 64) // weeks)] * len(sites), days)["week"].tolist()
        for s in range(weeks)
    ]
    assert all(sorted(of_site) == [*range(1, weeks + 1)] for of_site in zip(*seen, strict=True))


@pytest.mark.parametrize("weeks", [1, 2, 3, 7, 53])
def test_words_are_shared_among_the_weeks_to_one(weeks: int) -> None:
    """The words of week s + 1 run from ceil(s * 2^64 / W) to just before those of the next."""
    begin = [-(-(s << 64) // weeks) for s in range(weeks)]
    ends = [*(word - 1 for word in begin[1:]), (1 << 64) - 1]
    for word in (begin, ends):
        week = [planned(of([("P", "")]), [0], [w], 7 * weeks)["week"][0] for w in word]
        assert week == [*range(1, weeks + 1)]
    share = [end - first + 1 for first, end in zip(begin, ends, strict=True)]
    assert max(share) - min(share) <= 1


@given(staffed_draws(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(drawn, random) -> None:  # type: ignore[no-untyped-def]
    sites, order, start, days, teams, absences = drawn
    mixed = random.sample(range(len(sites)), len(sites))
    again = planned(
        sites.iloc[mixed],
        [order[k] for k in mixed],
        [start[k] for k in mixed],
        days,
        random.sample(teams, len(teams)),
        random.sample(absences, len(absences)),
    )
    assert again.sort_index().equals(planned(*drawn))


@given(staffed_draws())
def test_bureaux_do_not_touch_each_other(drawn) -> None:  # type: ignore[no-untyped-def]
    sites, order, start, days, teams, absences = drawn
    alone = (sites["bureau_id"] == "P").to_numpy()
    part = planned(sites[alone], words(order)[alone], words(start)[alone], days, teams, absences)
    assert part.equals(planned(*drawn)[alone])


@given(staffed_draws())
def test_a_visit_moves_to_the_next_week_with_a_day_for_its_team(drawn) -> None:  # type: ignore[no-untyped-def]
    """Day by day, with sets of dates."""
    sites, order, start, days, teams, absences = drawn
    found, before = planned(*drawn), planned(sites, order, start, days)["week"].tolist()
    every = [str(FIRST + timedelta(k)) for k in range(days)]
    blocks = [every[at : at + 7] for at in range(0, days, 7)]
    for row, week in zip(found.itertuples(), before, strict=True):
        people = {who for site, who in teams if site == row.site_id}
        spans = [(a, b) for who, a, b in absences if who in people]
        free = [any(not any(a <= d <= b for a, b in spans) for d in block) for block in blocks]
        round_again = [(week - 1 + k) % len(blocks) for k in range(len(blocks))]
        want = next((at + 1 for at in round_again if free[at]), week)
        assert row.clash == (not any(free))
        assert (row.week, row.moved) == (want, want != week)
        assert (row.first, row.last) == (blocks[row.week - 1][0], blocks[row.week - 1][-1])


@given(staffed_draws())
def test_places_number_the_visits_of_a_week_by_lot(drawn) -> None:  # type: ignore[no-untyped-def]
    found = planned(*drawn).assign(order=drawn[1])
    for _, visits in found.groupby(["bureau_id", "week"]):
        by_lot = visits.sort_values(["order", "site_id"])
        assert by_lot["place"].tolist() == [*range(1, len(visits) + 1)]


def test_by_hand() -> None:
    """P in the order drawn: S03 S01 (of y), S00 S02 (of x), S05 (of none); s = 2 of 3 weeks.

    S01 falls on week 1, when a is away throughout; week 2 is open to S01 from the 14th on.
    """
    sites = of([("P", "x"), ("P", "y"), ("P", "x"), ("P", "y"), ("Q", "x"), ("P", "")])
    order, start = [30, 50, 40, 10, 99, 60], [0, 0, 0, (1 << 64) - 1, 1 << 62, 0]
    teams = [("S01", "a"), ("S01", "b"), ("S02", "b")]
    absences = [("a", "2024-07-01", "2024-08-10"), ("b", "2024-08-11", "2024-08-13")]
    found = planned(sites, order, start, 17, teams, absences)
    assert found.to_numpy().tolist() == [
        ["S00", "P", "x", 2, "2024-08-08", "2024-08-14", 1, False, False],
        ["S01", "P", "y", 2, "2024-08-08", "2024-08-14", 2, True, False],
        ["S02", "P", "x", 3, "2024-08-15", "2024-08-17", 2, False, False],
        ["S03", "P", "y", 3, "2024-08-15", "2024-08-17", 1, False, False],
        ["S04", "Q", "x", 1, "2024-08-01", "2024-08-07", 1, False, False],
        ["S05", "P", "", 1, "2024-08-01", "2024-08-07", 1, False, False],
    ]
    absences = [("a", "2024-07-01", "2024-08-10"), ("b", "2024-08-11", "9999-12-31")]
    stays = planned(sites, order, start, 17, teams, absences).iloc[1]
    assert (stays["week"], stays["moved"], stays["clash"]) == (1, False, True)


def test_of_nothing_there_is_nothing() -> None:
    assert planned(of([]), [], [], 9).empty


def test_a_window_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="window is"):
        planned(of([("P", "")]), [0], [0], 0)
