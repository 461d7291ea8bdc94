"""A drawn site turns out closed: another of its cell stands in, and a team of its own goes there."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from answers import DRAWS, RECORDED, answer
from small_record import (
    PLAN,
    SIGNER,
    VIEWS,
    body,
    found,
    make,
    noticed,
    officers,
    rewritten,
    shown,
    sites,
    verdicts,
)

from fairlot import public
from fairlot._base.errors import Infeasible, InvalidInput, VerificationError
from fairlot.public.lists import csv_rows
from fairlot.public.lottery import Kl8
from fairlot.public.published import Value

Record = dict[str, bytes]

WIDE = PLAN.replace("rules = { ", "rules = { substitutes = 1, ")
LATER = Kl8(("2024260", "2024261"))


def closed(record: Record, site: str, **changes: Any) -> Record:
    given = {"reason": "停业", "recorded_at": RECORDED, **changes}
    source = given.pop("source", DRAWS)
    return noticed(public.close(record, source, site=site, signer=SIGNER, **given))


def answered(record: Record, value: Value | None = None) -> Record:
    return noticed(public.replace(record, value or answer(1), signer=SIGNER))


def weighted(record: Record) -> str:
    """The site that chance drew whose cell has the most others left."""
    cells = Counter(
        cell_of(row) for site, row in chances(record).items()
        if row["rule"] == "weighted" and site not in drawn_sites(record)
    )  # fmt: skip
    drawn = [row for row in csv_rows(record["drawn.csv"]) if row["rule"] == "weighted"]
    return max(drawn, key=lambda row: cells[cell_of(row)])["site_id"]


def cell_of(row: dict[str, str]) -> tuple[str, str, str]:
    return row["bureau_id"], row["sector"], row["credit_class"]


@pytest.fixture(scope="module")
def done(record: Record) -> Record:
    return answered(closed(record, weighted(record)))


def chances(record: Record) -> dict[str, dict[str, str]]:
    return {row["site_id"]: row for row in csv_rows(record["probabilities.csv"])}


def drawn_sites(record: Record) -> set[str]:
    return {row["site_id"] for row in csv_rows(record["drawn.csv"])}


def test_a_closure_waits_for_its_randomness(record: Record) -> None:
    waits = closed(record, weighted(record), evidence=b"photograph")
    check = found(waits)["replacements"]
    assert (check.verdict, check.note["en"]) == (
        "not shown", "event-001 waits for its randomness",
    )  # fmt: skip
    told = body(waits, "event-001")
    assert (told["event"], told["officer"], told["site"]) == ("closure", "", weighted(record))
    assert public.gone(waits) == {}
    assert public.standing(waits) == csv_rows(record["teams.csv"])


def test_who_stands_in_is_of_its_cell_and_was_left_to_chance(record: Record, done: Record) -> None:
    told, row = body(done, "replacement-001"), chances(record)[weighted(record)]
    assert (told["algorithm"], told["level"]) == ("substitute/1", "cell")
    want = {
        site: int(each["numerator"])
        for site, each in chances(record).items()
        if site not in drawn_sites(record)
        and 0 < int(each["numerator"]) < 1 << 40
        and cell_of(each) == cell_of(row)
    }
    assert {each["site"]: each["numerator"] for each in told["candidates"]} == want
    assert told["substitute"] in want


def test_the_team_of_the_stand_in_is_a_team_with_room_left(record: Record, done: Record) -> None:
    told = body(done, "replacement-001")
    assert sorted(seat["seat"] for seat in told["team"]) == ["officer", "specialist"]
    today = public.standing(done)
    assert {row["site_id"] for row in today} == (
        drawn_sites(record) - {weighted(record)} | {told["substitute"]}
    )
    loads = Counter(row["officer_id"] for row in today)
    assert max(loads.values()) <= 6
    assert verdicts(done)["replacements"] == "not shown"  # as witnesses declare the numbers
    assert "fails" not in verdicts(done).values()


def test_other_randomness_reaches_every_candidate_by_its_chance(record: Record) -> None:
    waits = closed(record, weighted(record))
    draws = 80
    told = [body(answered(waits, answer(k)), "replacement-001") for k in range(draws)]
    whole = sum(each["numerator"] for each in told[0]["candidates"])
    names = [each["substitute"] for each in told]
    for each in told[0]["candidates"]:
        # Hoeffding: a frequency is off by 0.3 in fewer than 1 of 10^6 series; the tries are fixed.
        assert abs(names.count(each["site"]) / draws - Fraction(each["numerator"], whole)) < 0.3
    assert set(names) == {each["site"] for each in told[0]["candidates"]}


def test_a_recusal_at_the_stand_in_draws_its_seat_alone(done: Record) -> None:
    told = body(done, "replacement-001")
    first, second = (seat["officer"] for seat in told["team"])
    waits = noticed(public.recuse(
        done, LATER, site=told["substitute"], officer=first, reason="申请回避",
        recorded_at=RECORDED + timedelta(days=1), signer=SIGNER,
    ))  # fmt: skip
    assert list(public.gone(waits)) == [(told["substitute"], first)]
    twice = answered(waits, answer(2, LATER))
    after = body(twice, "replacement-002")
    assert (after["site"], after["original"]) == (told["substitute"], first)
    assert after["officer"] not in ("", first, second)
    team = [row for row in public.standing(twice) if row["site_id"] == told["substitute"]]
    assert {row["officer_id"] for row in team} == {after["officer"], second}
    assert "fails" not in verdicts(twice).values()


def test_a_stand_in_that_is_closed_too_is_never_taken_again() -> None:
    record = make(WIDE)
    done = answered(closed(record, weighted(record)))
    first = body(done, "replacement-001")["substitute"]
    later = closed(done, first, source=LATER, recorded_at=RECORDED + timedelta(days=1))
    told = body(answered(later, answer(3, LATER)), "replacement-002")
    named = {each["site"] for each in told["candidates"]}
    assert not named & {first, weighted(record)}
    assert told["substitute"] in named


def test_beyond_the_bound_nobody_stands_in(record: Record, done: Record) -> None:
    """Of seven sites drawn in a bureau one may be stood in for; another bureau has its own bound."""
    bureau = chances(record)[weighted(record)]["bureau_id"]
    rows = [row for row in csv_rows(record["drawn.csv"]) if row["site_id"] != weighted(record)]
    assert sum(row["bureau_id"] == bureau for row in rows) == 6
    mine, other = (
        next(row["site_id"] for row in rows if (row["bureau_id"] == bureau) is own)
        for own in (True, False)
    )
    files = closed(done, mine, recorded_at=RECORDED + timedelta(days=1))
    error = public.nobody_for(files, public.waiting(files))
    assert isinstance(error, Infeasible)
    assert str(error) == f"bureau {bureau} may have 1 of its drawn sites stood in for, and had"
    files = answered(closed(answered(files), other, recorded_at=RECORDED + timedelta(days=1)))
    one, two = (body(files, f"replacement-00{number}") for number in (2, 3))
    assert [one[n] for n in ("allowed", "made", "substitute", "level")] == [1, 1, "", ""]
    assert (two["allowed"], two["made"], bool(two["substitute"])) == (1, 0, True)
    assert {mine, other}.isdisjoint(row["site_id"] for row in public.standing(files))
    assert "fails" not in verdicts(files).values()


def test_a_site_is_closed_once_and_only_if_somebody_goes_there(
    record: Record, done: Record
) -> None:
    with pytest.raises(InvalidInput, match=f"nobody goes to site {weighted(record)}"):
        closed(done, weighted(record), recorded_at=RECORDED + timedelta(days=1))
    away = next(site for site in chances(record) if site not in drawn_sites(record))
    with pytest.raises(InvalidInput, match=f"nobody goes to site {away}"):
        closed(record, away)


def test_two_closures_of_one_site_that_wait_together_are_refused(record: Record) -> None:
    waits = closed(record, weighted(record))
    with pytest.raises(InvalidInput, match="event 1 says that .* is closed, and waits"):
        closed(waits, weighted(record))
    team = [row for row in public.standing(waits) if row["site_id"] == weighted(record)]
    with pytest.raises(InvalidInput, match="event 1 says that .* is closed, and waits"):
        public.recuse(waits, DRAWS, site=weighted(record), officer=team[0]["officer_id"],
                      reason="申请回避", recorded_at=RECORDED, signer=SIGNER)  # fmt: skip


def test_a_closure_of_a_site_that_nobody_visits_fails_in_a_record(record: Record) -> None:
    """An authority could else have a site of its choice stood in for, and one more drawn."""
    away = next(site for site in chances(record) if site not in drawn_sites(record))
    for site in (away, "S9999"):
        waits = rewritten(closed(record, weighted(record)), "event-001", site=site)
        with pytest.raises(VerificationError, match=f"nobody goes to site {site}"):
            answered(waits)


def test_a_second_closure_of_one_site_fails_in_a_record(done: Record) -> None:
    first = body(done, "replacement-001")["substitute"]
    later = closed(done, first, source=LATER, recorded_at=RECORDED + timedelta(days=1))
    twice = rewritten(later, "event-002", site=body(done, "event-001")["site"])
    with pytest.raises(VerificationError, match="nobody goes to site"):
        answered(twice, answer(3, LATER))


@pytest.fixture(scope="module")
def tight() -> Record:
    """Six officers a bureau with three places each, of which fourteen are taken."""
    return make(WIDE, officers=officers().assign(max_tasks=3))


def test_officers_of_a_closed_site_keep_their_place(tight: Record) -> None:
    """Whoever loses a visit by the closure gains no room: nobody profits from saying closed."""
    loads = Counter(row["officer_id"] for row in csv_rows(tight["teams.csv"]))
    full = {officer for officer, load in loads.items() if load == 3}
    of_full = {row["site_id"] for row in csv_rows(tight["teams.csv"]) if row["officer_id"] in full}
    assert full
    for site in sorted(of_full):
        team = body(answered(closed(tight, site)), "replacement-001")["team"]
        assert not full & {seat["officer"] for seat in team}


def test_a_stand_in_without_a_team_is_told(tight: Record) -> None:
    """The room of a bureau is enough for two more visits."""
    drawn = [row["site_id"] for row in csv_rows(tight["drawn.csv"]) if row["bureau_id"] == "P"]
    files = tight
    for site in drawn[:3]:
        files = answered(closed(files, site))
    told = [body(files, f"replacement-{number:03d}") for number in (1, 2, 3)]
    assert [len(each["team"]) for each in told] == [2, 2, 0]
    assert told[2]["substitute"]
    going = {row["site_id"] for row in public.standing(files)}
    assert told[1]["substitute"] in going
    assert told[2]["substitute"] not in going
    assert "fails" not in verdicts(files).values()


@pytest.fixture(scope="module")
def alone() -> Record:
    """All of bureau Q is taken whole: nobody is left to chance there, and can stand in."""
    key = sites()
    key.loc[key["bureau_id"] == "Q", "sector"] = "食品检验"
    able = officers().assign(max_tasks=40, skills="食品检验;水质;建筑材料;计量校准")
    return make(sites=key, officers=able)


def test_nobody_left_is_an_outcome(alone: Record) -> None:
    site = next(row["site_id"] for row in csv_rows(alone["drawn.csv"]) if row["bureau_id"] == "Q")
    waits = closed(alone, site)
    error = public.nobody_for(waits, public.waiting(waits))
    assert isinstance(error, Infeasible)
    done = answered(waits)
    told = body(done, "replacement-001")
    assert (told["substitute"], told["level"], told["candidates"], told["team"]) == ("", "", [], [])
    assert site not in {row["site_id"] for row in public.standing(done)}
    assert "fails" not in verdicts(done).values()


CHEATS = {
    "another stand-in": lambda told: {
        "substitute": next(
            each["site"] for each in told["candidates"] if each["site"] != told["substitute"]
        )
    },
    "a candidate left out": lambda told: {"candidates": told["candidates"][1:]},
    "other numerators": lambda told: {
        "candidates": [{**each, "numerator": each["numerator"] + 1} for each in told["candidates"]]
    },
    "another team": lambda told: {"team": told["team"][::-1]},
    "no team": lambda told: {"team": []},
    "another level": lambda told: {"level": "bureau"},
    "a wider bound": lambda told: {"allowed": told["allowed"] + 1},
    "fewer made": lambda told: {"made": told["made"] - 1},
    "other randomness": lambda told: {"value": answer(2)},
}


@pytest.mark.parametrize("name", CHEATS)
def test_every_cheat_fails_at_the_replacements(done: Record, name: str) -> None:
    changes = CHEATS[name](body(done, "replacement-001"))
    check = found(rewritten(done, "replacement-001", **changes))["replacements"]
    assert check.verdict == "fails"
    assert "Error: " not in check.note["en"]


STRANGE = [
    {"substitute": None}, {"substitute": 5}, {"team": None}, {"team": "x"}, {"team": [5]},
    {"team": [{}]}, {"team": [{"seat": "officer", "officer": 5, "borrowed": False}]},
    {"team": [{"seat": "officer", "officer": "P", "borrowed": 0}]},
]  # fmt: skip


@pytest.mark.parametrize("changes", STRANGE, ids=str)
def test_hostile_answers_are_refused_where_they_are_read(
    done: Record, changes: dict[str, Any]
) -> None:
    with pytest.raises(
        VerificationError, match=r"replacement-001\.json: is no answer to a closure"
    ):
        public.standing(rewritten(done, "replacement-001", **changes))


@pytest.fixture(scope="module")
def veiled() -> Record:
    full = make(f"{PLAN}\n{VIEWS['pseudonymous']}\n")
    return answered(closed(full, weighted(full)))


def test_the_stand_in_of_a_pseudonymous_record_is_opened(veiled: Record) -> None:
    told = body(veiled, "replacement-001")
    rows = veiled["standings.jsonl"].splitlines()[1:]
    assert told["substitute"].encode() in rows[told["opened"]["row"]]
    assert "fails" not in verdicts(shown(veiled)).values()
    assert "fails" not in verdicts(veiled, audit=True).values()


OPENED: list[dict[str, Any]] = [
    {"row": True}, {"row": -1}, {"row": 10**6}, {"row": "5"}, {"key": "x"}, {"key": "00" * 32},
    {"key": ""}, {"name": "另一家"}, {"visits_ytd": "0"}, {"visits_ytd": False}, {"is_key": 0},
    {"site_id": "S9999"}, {"last_inspected": "soon"}, {"more": "x"},
]  # fmt: skip


@pytest.mark.parametrize("changes", OPENED, ids=str)
def test_a_wrong_opening_of_the_stand_in_fails(veiled: Record, changes: dict[str, Any]) -> None:
    told = body(veiled, "replacement-001")["opened"]
    wrong = rewritten(shown(veiled), "replacement-001", opened={**told, **changes})
    check = found(wrong)["replacements"]
    assert check.verdict == "fails"
    assert "Error: " not in check.note["en"]


def test_a_stand_in_that_is_not_opened_fails(veiled: Record) -> None:
    for opened in (None, {}, [], "x"):
        check = found(rewritten(shown(veiled), "replacement-001", opened=opened))["replacements"]
        assert check.verdict == "fails"
        assert "the row of the stand-in is not opened" in check.note["en"]
