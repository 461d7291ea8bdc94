"""Weeks, stand-ins and what a pseudonymous view shows: the page decides as the library does."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from page_worlds import one, plan_of, registers_of

from fairlot._base.errors import FairlotError
from fairlot.planning import (
    Plan,
    candidates,
    check_shown,
    deciding,
    merged,
    schedule,
    standings,
    substitute,
    veiled,
)
from fairlot.planning.quotas import quotas
from fairlot.sampling import D

WORLDS = range(40)
WORDS = (0, 1, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
PEOPLE = ("A", "B", "C")
FIRST = "2024-08-01"
LASTS = ("2024-08-01", "2024-08-07", "2024-08-08", "2024-09-11", "2024-12-31")
DAYS = ("2023-01-01", "2024-07-31", "2024-08-01", "2024-08-07", "2024-08-08", "2024-10-01")


def rows(frame):
    return frame.to_dict(orient="records")


def words_of(rng, count):
    """Few different ones, so that some are alike."""
    return np.array([one(rng, WORDS) for _ in range(count)], np.uint64)


def refusal(work, *args):
    try:
        return None, work(*args)
    except FairlotError as error:
        return error, None


@pytest.mark.parametrize("seed", WORLDS)
def test_weeks(js, seed):
    rng = np.random.default_rng(seed)
    sites = pd.DataFrame({
        "site_id": [f"S{k:02d}" for k in rng.permutation(rng.integers(0, 40))],
    }).assign(
        bureau_id=lambda t: [one(rng, ("P", "Q")) for _ in t.index],
        station_id=lambda t: [one(rng, ("", "x", "y")) for _ in t.index],
    )  # fmt: skip
    teams = pd.DataFrame(
        [(site, person) for site in sites["site_id"] for person in PEOPLE if rng.integers(2)],
        columns=["site_id", "officer_id"],
    )
    away = pd.DataFrame(
        [(one(rng, PEOPLE), one(rng, DAYS), one(rng, DAYS)) for _ in range(rng.integers(0, 9))],
        columns=["officer_id", "absent_from", "absent_to"],
    )
    order, start = words_of(rng, len(sites)), words_of(rng, len(sites))
    window = FIRST, one(rng, LASTS)
    want = schedule(sites, order, start, teams=teams, absences=away, window=window)
    world = {
        "teams": rows(teams),
        "absences": rows(away),
        "window": dict(zip(("first", "last"), window, strict=True)),
    }
    words = [[int(word) for word in column] for column in (order, start)]
    got = js("tests/words.js", "scheduled", rows(sites), *words, world)
    assert got == rows(want)


@pytest.mark.parametrize("seed", WORLDS)
def test_stand_ins(js, seed):
    rng = np.random.default_rng(seed)
    plan = plan_of(seed)
    told = deciding(plan, registers_of(seed)).standings
    error, decided = refusal(quotas, plan, told)
    if error is not None:
        return
    out = rng.permutation(len(told))[: rng.integers(0, len(told))].tolist()
    numerator = decided.frame["numerator"].tolist()
    for closed in rng.permutation(len(told))[:5].tolist():
        error, want = refusal(candidates, decided.frame, out, closed)
        got = js("tests/words.js", "standIns", rows(told), numerator, out, closed)
        if error is not None:
            assert got == {"refused": "Infeasible", "zh": error.text("zh")}
            continue
        assert (got["level"], tuple(got["index"]), tuple(got["numerators"])) == (
            want.level, want.index, want.numerators
        )  # fmt: skip
        for word in (*WORDS, int(rng.integers(1 << 63))):
            assert js("tests/words.js", "stoodIn", got, word) == substitute(want, word)


def test_a_sum_that_no_double_holds(js):
    """Some thousands of numerators, one less than the whole each."""
    among = {"index": [*range(20_000)], "numerators": [D - 1] * 20_000}
    for word, at in ((0, 0), ((1 << 64) - 1, 19_999), (1 << 63, 10_000), ((1 << 63) - 1, 9_999)):
        assert js("tests/words.js", "stoodIn", among, word) == at


def test_what_is_merged_at_every_size(js):
    """Sectors of 1 to 30 sites; names that UTF-16 and UTF-8 put in another order."""
    rng = np.random.default_rng(5)
    names = ("水质", "食品", "𠀀检验", "\uff21", "A")
    for _ in range(60):
        counts = [int(rng.integers(0, 31)) for _ in names]
        sector = [name for name, n in zip(names, counts, strict=True) for _ in range(n)]
        told = pd.DataFrame({
            "site": [f"S{k:03d}" for k in range(len(sector))], "bureau_id": "P", "sector": sector,
            "class": [one(rng, ("", "A", "B")) for _ in sector],
            "rule": [one(rng, ("weighted",) * 5 + ("key",)) for _ in sector],
            "key": [bool(rng.integers(2)) for _ in sector], "weight": "2", "detail": "x",
        })  # fmt: skip
        assert js("plan/views.js", "merged", rows(told)) == rows(merged(told))


@pytest.mark.parametrize("view", ["open", "pseudonymous"])
@pytest.mark.parametrize("seed", range(10))
def test_what_is_shown(js, view, seed):
    """Of the rows that are known; then one cell after the other is another."""
    plan = Plan.of({**plan_of(seed).table(), "proof": {"view": view}})
    tables = deciding(plan, registers_of(seed))
    if view == "pseudonymous":
        tables = veiled(
            tables, {site: f"Z{k}" for k, site in enumerate(tables.sites["site_id"][::-1])}
        )
    index = [*range(0, len(tables.sites), 2)]
    assert shown(js, plan, tables, index) is None
    for column, cell in CHANGED.items():
        told = tables.standings.assign(**{column: tables.standings[column].where(
            np.arange(len(tables.sites)) != index[1], cell)})  # fmt: skip
        shown(js, plan, replace(tables, standings=told), index)
    twice = tables.sites.assign(site_id="S000")
    assert shown(js, plan, replace(tables, sites=twice), index) is not None


CHANGED = {
    "site": "X",
    "bureau_id": "X",
    "sector": "-",
    "class": "-",
    "rule": "key",
    "key": True,
    "weight": "9",
}


def shown(js, plan, tables, index):
    """What both refuse, or None."""
    error, _ = refusal(check_shown, plan, tables, index)
    told = {"standings": rows(tables.standings), "sites": rows(tables.sites)}
    refused, _ = refusal(js, "plan/views.js", "checkShown", plan.table(), told, index)
    assert (error is None) == (refused is None), error or refused
    return refused


def test_the_examples_standings_under_pseudonyms(js):
    from fairlot.registers import example, examples

    plan = Plan.read(examples.folder("shanghai") / "plan.toml")
    sites = deciding(plan, example("shanghai")).sites
    told = standings(plan, sites)
    assert js("plan/views.js", "merged", rows(told)) == rows(merged(told))
