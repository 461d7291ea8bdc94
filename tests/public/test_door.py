"""The door proof: what it shows with nothing else, with more at hand, and after any alteration."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from door_world import NAMES, SITES, Public, World
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import canonical, door_check
from fairlot.public.absence import ABSENCE_STEPS, Absence, check_absence, neighbours
from fairlot.public.bound import Bound
from fairlot.public.door import MAX_DOOR, Change, Door
from fairlot.public.door_check import DOOR_STEPS
from fairlot.public.door_code import MAX_TEXT, door_digest, door_svg, door_text
from fairlot.public.results import RESULTS
from fairlot.public.steps import Check
from fairlot.public.suite import SM3

WORLD = World()
NOW = datetime(2026, 6, 1, tzinfo=UTC)
check_door = partial(door_check.check_door, now=NOW)
make_door = partial(door_check.make_door, now=NOW)
AT = WORLD.drawn
DIGEST = bytes(range(32))


def proof(world: World = WORLD, at: int = AT, *people: str, **more: Any) -> bytes:
    site = world.site(at, {"site", "rule"}, {"site_id"})
    return make_door(
        world.announcement, world.outcome, site, world.result(at),
        team=world.openings(*people), **more,
    )  # fmt: skip


def verdicts(found: tuple[Check, ...]) -> dict[str, str]:
    return {check.step: check.verdict for check in found}


def note(found: tuple[Check, ...], step: str, lang: str = "en") -> str:
    return next(check.note[lang] for check in found if check.step == step)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Public:
    return Public.of(WORLD, tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def door(public: Public) -> bytes:
    return proof(WORLD, AT, "P1", "P2", log=public.logged)


@pytest.fixture(scope="module")
def known(public: Public) -> dict[str, Any]:
    """What a reader at a desk has."""
    return {
        "announcement": WORLD.announcement, "outcome": WORLD.outcome,
        "log": public.log.vkey, "witnesses": [public.witness.cosigner_vkey],
    }  # fmt: skip


# What is shown


def test_with_nothing_but_the_file(door: bytes) -> None:
    found = check_door(door)
    assert verdicts(found) == {
        "file": "holds", "roster": "holds", "result": "holds", "team": "holds",
        "announced": "not shown", "outcome": "not shown", "log": "not shown",
        "witnesses": "not shown", "final": "not shown",
    }  # fmt: skip
    assert sha256(WORLD.announcement).hexdigest() in note(found, "announced")
    assert sha256(WORLD.outcome).hexdigest() in note(found, "outcome", "zh")
    assert (
        note(found, "result") == "drawn; by the rule weighted; chance of 2^40: 549755813888; week 3"
    )
    assert note(found, "result", "zh").startswith("抽中；规则 weighted；")
    assert note(found, "team").startswith("2/2 opened: P1 = ")


def test_with_everything_at_hand(door: bytes, known: dict[str, Any]) -> None:
    found = check_door(door, **known)
    assert set(verdicts(found).values()) == {"holds"}
    assert note(found, "witnesses") == "last at 2026-05-28T20:31:40+00:00"
    assert [check.step for check in found] == list(DOOR_STEPS)


def test_the_log_alone_shows_the_roster_announced(door: bytes, public: Public) -> None:
    found = check_door(door, log=public.log.vkey)
    assert verdicts(found)["announced"] == verdicts(found)["log"] == "holds"
    assert verdicts(found)["witnesses"] == "not shown"


@pytest.mark.parametrize("at", range(len(SITES)))
@pytest.mark.parametrize("world", [WORLD, World("pseudonymous", SM3)], ids=["open", "sm3"])
def test_every_site_has_a_proof_of_one_size(world: World, at: int) -> None:
    found = verdicts(check_door(proof(world, at), announcement=world.announcement))
    assert {found[step] for step in ("file", "roster", "result", "announced")} == {"holds"}
    assert found["team"] == "not shown"


def test_only_what_is_shown_is_told() -> None:
    """No name, code or salt of a closed field stands in the file: only digests of 32 bytes."""
    secret = World("pseudonymous")
    site = secret.site(AT, {"site"})
    data = make_door(
        secret.announcement, secret.outcome, site, secret.result(AT, {"site", "outcome"})
    )
    told = json.loads(data)
    opened = [f for f in told["site"]["public"] + told["site"]["private"] if isinstance(f, list)]
    assert [column for column, _, _ in opened] == ["site"]
    assert f'"{SITES[AT]}"' not in data.decode()


def test_a_private_part_may_stay_one_digest() -> None:
    row = WORLD.site(AT, {"site"})
    part = WORLD.part("sites", AT, set())
    closed = replace(row, private=bytes(32))
    assert len(part.cells) == len(row.private)
    with pytest.raises(InvalidInput, match="no door proof can be made: the site stands"):
        make_door(WORLD.announcement, WORLD.outcome, closed, WORLD.result(AT))


def test_a_sealed_draw_is_provisional(tmp_path: Path) -> None:
    sealed = World(opens="2026-12-31")
    data = proof(sealed, AT, "P1", log=Public.of(sealed, tmp_path).logged, provisional=True)
    found = check_door(data, announcement=sealed.announcement)
    assert verdicts(found)["final"] == "not shown"
    assert "sealed until 2026-12-31" in note(found, "final")
    assert "would show it" in note(check_door(data), "final")
    assert note(found, "team").startswith("1/2 opened")


def test_whether_a_draw_is_open_is_not_for_the_file_to_say(tmp_path: Path) -> None:
    """Neither that it is, nor that it is not: the announcement has the day, and so has its entry."""
    sealed = World(opens="2026-12-31")
    public = Public.of(sealed, tmp_path)
    later = datetime(2026, 12, 31, tzinfo=UTC)
    data = proof(sealed, AT, "P1", log=public.logged, provisional=False, now=later)
    for known in ({"announcement": sealed.announcement}, {"log": public.log.vkey}):
        found = check_door(data, **known)
        assert verdicts(found)["final"] == "fails"
        assert "says that the draw is open; it is sealed until 2026-12-31" in note(found, "final")
        before = later - timedelta(seconds=1)
        assert verdicts(check_door(data, **known, now=before))["final"] == "fails"
        assert verdicts(check_door(data, **known, now=later))["final"] == "holds"
    lying = replace(Door.decode(data), log=replace(public.logged, opens="")).encode()
    found = verdicts(check_door(lying, log=public.log.vkey))
    assert (found["announced"], found["final"]) == ("fails", "not shown")
    with pytest.raises(InvalidInput, match="the draw is open to check: the file says"):
        proof(sealed, AT, provisional=False)


def test_a_draw_that_nothing_seals_is_not_called_sealed() -> None:
    data = replace(Door.decode(proof()), provisional=True).encode()
    found = check_door(data, announcement=WORLD.announcement)
    assert verdicts(found)["final"] == "fails"
    assert "says that the draw is sealed; the announcement seals nothing" in note(found, "final")


# Who stands at the door


def team_of(door: Door) -> tuple[str, str]:
    found = check_door(door.encode())
    return verdicts(found)["team"], note(found, "team")


def test_a_stranger_at_the_door_fails(door: bytes) -> None:
    verdict, why = team_of(replace(Door.decode(door), team=WORLD.openings("P1", "P3")))
    assert verdict == "fails"
    assert WORLD.names.pseudonyms["P3"] in why


def test_a_borrowed_pseudonym_fails(door: bytes) -> None:
    (one,) = WORLD.openings("P1")
    verdict, why = team_of(replace(Door.decode(door), team=(replace(one, id="P3"),)))
    assert (verdict, "is behind" in why) == ("fails", True)


def test_nobody_is_sent_where_nothing_was_drawn() -> None:
    door = replace(Door.decode(proof(WORLD, 0)), team=WORLD.openings("P1"))
    assert team_of(door)[0] == "fails"


def change(out: str, into: str) -> Change:
    names = WORLD.names.pseudonyms
    return Change("replacement-001.json", DIGEST, names.get(out, out), names.get(into, into))


@pytest.mark.parametrize(
    ("changes", "people", "verdict"),
    [
        ([("P2", "P3")], ("P1", "P3"), "not shown"),
        ([("P2", "P3")], ("P1", "P2"), "fails"),
        ([("P2", "P3"), ("P3", "P2")], ("P1", "P2"), "not shown"),
        ([("P2", "")], ("P1",), "not shown"),
        ([("P2", "")], ("P1", "P2"), "fails"),
        ([("P9", "P3")], ("P1", "P3"), "fails"),
    ],
)
def test_a_change_of_team_is_followed_but_not_shown(
    door: bytes, changes: list[tuple[str, str]], people: tuple[str, ...], verdict: str
) -> None:
    told = tuple(change(*one) for one in changes)
    now = replace(Door.decode(door), team=WORLD.openings(*people), changes=told)
    got, why = team_of(now)
    assert got == verdict
    if verdict == "not shown":
        assert f"replacement-001.json (SHA-256 {DIGEST.hex()})" in why


def test_a_substitute_site_is_visited_by_whoever_the_record_says() -> None:
    told = (change(SITES[AT], SITES[0]),)
    door = replace(Door.decode(proof(WORLD, 0)), team=WORLD.openings("P1", "P2"), changes=told)
    assert team_of(door)[0] == "not shown"


# What is refused


def leaves_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a JSON value that holds no list and no object, and every list."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves_of(item, (*path, key))
    elif isinstance(value, list):
        yield path
        for i, item in enumerate(value):
            yield from leaves_of(item, (*path, i))
    else:
        yield path


def altered(value: Any) -> Iterator[Any]:
    """What a forger might write instead, each of another kind of fault."""
    match value:
        case bool():
            yield not value
            yield int(value)
        case int():
            yield from (value + 1, -1, str(value), True)
        case str():
            yield from (value + "0", value[:-1], value.upper() + " ", 0, None)
            yield "".join(reversed(value)) + "x" * (value == value[::-1])
        case list():
            yield from (value[:-1] if value else ["x"], [*value, *value[:1], "x"], {}, None)


def put(root: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(root) if isinstance(root, dict) else list(root)
    copy[path[0]] = put(root[path[0]], path[1:], value)
    return copy


def forgeries(data: bytes) -> Iterator[tuple[tuple[Any, ...], bytes]]:
    told = json.loads(data)
    for path in leaves_of(told):
        value = told
        for step in path:
            value = value[step]
        for other in altered(value):
            yield path, canonical.encode(put(told, path, other)) + b"\n"


# An alteration that says nothing untrue: a shorter list of people who open themselves.
HARMLESS = {("team",)}


def test_every_field_is_bound(door: bytes, known: dict[str, Any]) -> None:
    tried = [(path, data) for path, data in forgeries(door) if data != door]
    passed = {
        path for path, data in tried if "fails" not in verdicts(check_door(data, **known)).values()
    }
    assert len(tried) > 300
    assert passed <= HARMLESS


def test_every_byte_is_bound(door: bytes, known: dict[str, Any]) -> None:
    """Each byte flipped in one bit, left out, or doubled.

    A signature by a key that nobody knows is passed over (C2SP signed-note), so what was a
    witness's may only become "not shown".
    """
    for at in range(0, len(door), 7):
        for data in (
            door[:at] + bytes([door[at] ^ 1]) + door[at + 1 :],
            door[:at] + door[at + 1 :],
            door[:at] + door[at : at + 1] + door[at:],
        ):
            found = verdicts(check_door(data, **known))
            assert data == door or "fails" in found.values() or found["witnesses"] == "not shown"


@given(data=st.binary(max_size=300))
def test_noise_fails_and_nothing_else_is_reached(data: bytes) -> None:
    found = verdicts(check_door(data))
    assert found.pop("file") == "fails"
    assert set(found.values()) == {"not shown"}


def test_bounds(door: bytes) -> None:
    assert "want at most" in note(check_door(bytes(MAX_DOOR + 2)), "file")
    deep = b"[" * 100_000
    assert verdicts(check_door(deep))["file"] == "fails"


def test_other_files_than_the_announced_ones_fail(door: bytes, public: Public) -> None:
    other = World(drawn=5)
    found = verdicts(check_door(door, outcome=other.outcome))
    assert found["outcome"] == "fails"
    assert (
        verdicts(check_door(door, announcement=World(opens="2027-01-01").announcement))["announced"]
        == "fails"
    )
    assert verdicts(check_door(door, log=public.witness.vkey))["log"] == "fails"


def test_another_sites_result_fails(door: bytes) -> None:
    swapped = replace(Door.decode(door), result=WORLD.result(0))
    assert verdicts(check_door(swapped.encode()))["result"] == "fails"


def test_a_result_in_another_row_fails() -> None:
    """Two roots alone would let a result of one row be shown with the roster's row of another."""
    found = check_door(replace(Door.decode(proof()), site=WORLD.site(0, {"site"})).encode())
    assert "index is" in note(found, "result")


def test_hostile_text_prints_as_one_line(door: bytes) -> None:
    (one,) = WORLD.openings("P1")
    evil = replace(one, id="\x1b[2J\n‮P1")
    _, why = team_of(replace(Door.decode(door), team=(evil,)))
    assert why.isprintable()


@pytest.mark.parametrize("shown", [{"rule"}, set(RESULTS) - {"outcome"}])
def test_site_and_outcome_are_always_open(shown: set[str]) -> None:
    data = replace(Door.decode(proof()), result=WORLD.result(AT, shown)).encode()
    assert verdicts(check_door(data))["file"] == "fails"


# The code


def test_the_code_says_what_one_compares_at_the_door(door: bytes, public: Public) -> None:
    lines = door_text(door).split("\n")
    checkpoint = public.logged.outcome.checkpoint.split("\n")
    assert lines[:4] == ["fairlot.draw/v1 door", NAMES["task"], SITES[AT], door_digest(door)]
    assert [len(root) for root in lines[4].split(" ")] == [32, 32]
    assert lines[5].split(" ")[0] == checkpoint[1] == "5"


def test_the_code_is_small_and_always_the_same(door: bytes) -> None:
    svg = door_svg(door)
    assert svg == door_svg(door)
    assert svg.startswith(b"<?xml")
    assert len(svg) < 20_000
    assert len(door_text(door).encode()) <= MAX_TEXT


def test_a_code_that_would_not_fit_is_refused(door: bytes) -> None:
    whole = Door.decode(door)
    long = replace(whole, bound=replace(whole.bound, task="任" * 200))
    with pytest.raises(InvalidInput, match="want at most 450"):
        door_text(long.encode())


# Absence


def absent(site: str, rows: tuple[int, ...], world: World = WORLD) -> bytes:
    shown = tuple(world.site(row, {"site"}) for row in rows)
    return Absence(Bound.of(world.announcement), site, shown).encode()


@pytest.mark.parametrize("site", ["A", "S", "S00", "S3x", "S6x", "T", "s0"])
def test_absence_anywhere(site: str) -> None:
    data = absent(site, neighbours(SITES, site))
    found = check_absence(data, announcement=WORLD.announcement)
    assert set(verdicts(found).values()) == {"holds"}
    assert [check.step for check in found] == list(ABSENCE_STEPS)
    assert verdicts(check_absence(data))["announced"] == "not shown"
    assert len(Absence.decode(data).neighbours) == (
        1 if site in ("A", "S", "S6x", "T", "s0") else 2
    )


@pytest.mark.parametrize(
    ("site", "rows", "step"),
    [
        ("S3", (2, 4), "roster"),  # the row between is left out
        ("S3", (2, 3), "order"),
        ("S3", (3, 4), "order"),
        ("S3x", (4, 5), "order"),
        ("S3x", (3,), "roster"),
        ("S3x", (4, 3), "roster"),
        ("S3x", (3, 3), "roster"),
        ("A", (6,), "order"),
        ("T", (0,), "order"),
        ("Ｓ3x", (3, 4), "order"),
    ],
)
def test_a_site_that_is_there_cannot_be_shown_absent(
    site: str, rows: tuple[int, ...], step: str
) -> None:
    assert verdicts(check_absence(absent(site, rows)))[step] == "fails"


def test_of_a_site_that_is_there_nothing_is_made() -> None:
    with pytest.raises(InvalidInput, match="S3 is in the roster, row 4"):
        neighbours(SITES, "S3")


def test_pseudonyms_know_no_absence() -> None:
    """Under pseudonyms every id would be absent."""
    data = absent("S3", (0,), World("pseudonymous"))
    assert "no id stands in a pseudonymous roster" in note(check_absence(data), "file")


def test_a_view_that_is_lied_about_fails() -> None:
    world = World("pseudonymous")
    bound = replace(Bound.of(world.announcement), view="open")
    data = Absence(bound, "A", (world.site(0, {"site"}),)).encode()
    assert verdicts(check_absence(data, announcement=world.announcement))["announced"] == "fails"


def test_every_field_of_an_absence_is_bound() -> None:
    data = absent("S3x", (3, 4))
    for path, forged in forgeries(data):
        found = verdicts(check_absence(forged, announcement=WORLD.announcement))
        # Another absent site between the same neighbours is as true.
        assert "fails" in found.values() or path == ("site",), path


def test_a_roster_of_one_row_has_both_ends() -> None:
    assert neighbours(["S3"], "S2") == neighbours(["S3"], "S4") == (0,)


def test_an_outcome_without_results_is_refused() -> None:
    door = Door.decode(proof())
    for data in (b"{}\n", b"[]\n", b'{"results":1}\n'):
        forged = replace(door, outcome=sha256(data).digest()).encode()
        assert "names no results" in note(check_door(forged, outcome=data), "outcome")


@pytest.mark.parametrize(
    "wrong",
    [
        {"file": "replacement-000.json"},
        {"file": "../x"},
        {"digest": "00"},
        {"in": None},
        {"more": 1},
    ],
)
def test_changes_name_a_file_of_a_record(wrong: dict[str, Any]) -> None:
    door = replace(Door.decode(proof()), changes=(change("P2", "P3"),))
    told = json.loads(door.encode())
    told["changes"][0] |= wrong
    assert verdicts(check_door(canonical.encode(told) + b"\n"))["file"] == "fails"


def test_an_announcement_without_a_roster_is_refused() -> None:
    for data in (b"{}\n", b"[]\n", b'{"plan":1}\n'):
        with pytest.raises(VerificationError, match="names no plan"):
            Bound.of(data)
