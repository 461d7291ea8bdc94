"""An announcement read back: its roots, what the views show under them, the keys and openings."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pandas as pd
import pytest
from small_record import (
    BEFORE,
    PLAN,
    SIGNER,
    announced,
    body,
    custodians,
    found,
    names,
    rewritten,
    shown,
    verdicts,
)

from fairlot import public
from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.planning import Plan
from fairlot.planning.deciding import SCHEMAS
from fairlot.public import beacon, canonical
from fairlot.public.committed import REGISTERS, commit, private_of, sheet
from fairlot.public.folder import TABLES
from fairlot.public.suite import SHA256

Record = dict[str, bytes]


def rows_of(record: Mapping[str, bytes], name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record[f"{name}.jsonl"].splitlines()[1:]]


# A literal reading of the commitment, one field at a time.


def h(data: bytes) -> bytes:
    return sha256(data).digest()


def field_digests(
    row: Mapping[str, Any], columns: Mapping[str, type], key: bytes, at: int
) -> list[str]:
    row_key, digests = h(key + at.to_bytes(8, "big")), []
    for j, column in enumerate(columns):
        block = h(row_key + (j // 2).to_bytes(4, "big"))
        salt = block[:16] if j % 2 == 0 else block[16:]
        cell = json.dumps([column, row[column]], ensure_ascii=False, separators=(",", ":"))
        digests.append(h(salt + cell.encode()).hex())
    return digests


def listed(digests: list[str]) -> bytes:
    return json.dumps(digests, separators=(",", ":")).encode()


def merkle(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else h(b"")
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return h(b"\x01" + merkle(leaves[:k]) + merkle(leaves[k:]))


def literal_root(record: Mapping[str, bytes], register: str) -> str:
    keys, table = body(record, "opening")["keys"], REGISTERS[register]
    closed = rows_of(record, "sites") if register == "sites" else []
    leaves = []
    for at, row in enumerate(rows_of(record, table)):
        digests = field_digests(row, SCHEMAS[table], bytes.fromhex(keys[table]), at)
        if closed:
            private = field_digests(closed[at], SCHEMAS["sites"], bytes.fromhex(keys["sites"]), at)
            digests.append(h(listed(private)).hex())
        leaves.append(h(b"\x00" + listed(digests)))
    return merkle(leaves).hex()


@pytest.mark.parametrize("view", ["open", "pseudonymous"])
def test_the_roots_are_what_the_documentation_says(full: dict[str, Record], view: str) -> None:
    told = body(full[view], "announcement")["registers"]
    assert set(told) == set(REGISTERS)
    for register, each in told.items():
        assert each["root"] == literal_root(full[view], register)
        assert each["rows"] == len(rows_of(full[view], REGISTERS[register]))


def test_the_head_is_read_without_the_registers(full: dict[str, Record]) -> None:
    for view, record in full.items():
        head = public.head_of({"announcement.json": record["announcement.json"]})
        assert (head.tables, head.leaves, head.whole) == (None, None, False)
        assert head.digest == h(record["announcement.json"])
        assert head.beacon == beacon.Drand(9367912)
        sealed = {n: d for n, d in record.items() if n != "opening.json"}
        if "sealed" in view:
            assert public.open_announced(sealed).tables is None
        else:
            with pytest.raises(VerificationError, match=r"opening\.json is missing"):
                public.open_announced(sealed)


def test_one_root_binds_every_view(full: dict[str, Record]) -> None:
    """What is published of a pseudonymous record has the leaves of the full one."""
    whole, part = (
        public.open_announced(r) for r in (full["pseudonymous"], shown(full["pseudonymous"]))
    )
    assert (whole.whole, part.whole) == (True, False)
    assert whole.leaves is not None
    assert part.leaves is not None
    for register in REGISTERS:
        assert (whole.leaves[register] == part.leaves[register]).all()
    assert whole.tables is not None
    assert part.tables is not None
    assert whole.tables.standings.equals(part.tables.standings)
    assert set(part.tables.sites["name"]) == {""}
    assert set(part.opening.keys) == set(TABLES) - {"sites"}


def test_the_keys_follow_from_the_secret(record: Record) -> None:
    keys = body(record, "opening")["keys"]
    assert keys == {name: names().key(name).hex() for name in TABLES}


# Registers that an authority commits to and signs, though nothing honest would give them.


def recommitted(record: Record, change: Callable[[dict[str, pd.DataFrame]], None]) -> Record:
    """The record with its tables changed, committed to, announced and sealed again."""
    frames = {
        name: pd.DataFrame(rows_of(record, name), columns=[*SCHEMAS[name]]) for name in TABLES
    }
    change(frames)
    keys = {name: bytes.fromhex(key) for name, key in body(record, "opening")["keys"].items()}
    registers = {n: each.announced() for n, each in commit(frames, keys, SHA256).items()}
    if "openings.jsonl" in record:
        closed = [row.tobytes().hex() for row in private_of(frames["sites"], keys["sites"], SHA256)]
        frames["standings"] = frames["standings"].assign(private=pd.Series(closed, dtype=object))
    files = record | {f"{name}.jsonl": sheet(name, frame) for name, frame in frames.items()}
    files = rewritten(files, "announcement", registers=registers)
    return rewritten(files, "opening", announcement=h(files["announcement.json"]).hex())


def test_the_same_tables_give_the_same_announcement(record: Record) -> None:
    assert recommitted(record, lambda frames: None) == record


def cell(
    table: str, row: int, column: str, value: object
) -> Callable[[dict[str, pd.DataFrame]], None]:
    def change(frames: dict[str, pd.DataFrame]) -> None:
        frames[table].loc[row, column] = value

    return change


HOSTILE_ROWS = {
    "no date": (
        cell("sites", 1, "last_inspected", "soon"),
        "sites.jsonl: last_inspected is 'soon'",
    ),
    "negative": (cell("sites", 1, "visits_ytd", -5), "sites.jsonl: visits_ytd is -5"),
    "an id with a space": (cell("sites", 1, "site_id", "S0001 "), "sites.jsonl: site_id is"),
    "of no class": (cell("sites", 1, "credit_class", "__class__"), "sites.jsonl: credit_class is"),
    "out of order": (cell("officers", 1, "officer_id", "ZZ"), "officers.jsonl: "),
    "no decimal": (cell("standings", 1, "weight", "1e9"), "standings.jsonl: weight is '1e9'"),
    "no rule": (cell("standings", 1, "rule", "mercy"), "standings.jsonl: rule is 'mercy'"),
    "a longer cell": (cell("sites", 1, "name", "x" * 2001), "sites.jsonl: name is"),
    "a control sign": (cell("sites", 1, "name", "a\x1b[2J"), "sites.jsonl: name is"),
}


@pytest.mark.parametrize("name", HOSTILE_ROWS)
def test_rows_no_register_would_hold_fail(record: Record, name: str) -> None:
    """Sealed and committed by its authority, a table that cleaning would refuse still fails."""
    change, told = HOSTILE_ROWS[name]
    check = found(recommitted(record, change))["registers"]
    assert check.verdict == "fails"
    assert check.note["en"].startswith(told)


OTHER_STANDINGS = {
    "barred": (
        cell("standings", 1, "rule", "excluded"),
        "rule of S0001 is 'excluded'",
    ),
    "heavier": (cell("standings", 4, "weight", "9"), "weight of S0004 is '9'"),
    "key": (cell("standings", 1, "key", True), "key of S0001 is "),
    "of another bureau": (cell("standings", 1, "bureau_id", "P"), "bureau_id of S0001 is 'P'"),
    "of another class": (cell("standings", 1, "class", "D"), "class of S0001 is 'D'"),
}


@pytest.mark.parametrize("name", OTHER_STANDINGS)
def test_standings_that_do_not_follow_fail(record: Record, name: str) -> None:
    """What the selection uses must follow from the site's own columns and the plan."""
    change, told = OTHER_STANDINGS[name]
    check = found(recommitted(record, change))["registers"]
    assert check.verdict == "fails"
    assert told in check.note["en"]


def test_a_site_twice_fails(record: Record) -> None:
    def twice(frames: dict[str, pd.DataFrame]) -> None:
        for name in ("standings", "sites"):
            frames[name] = frames[name].iloc[[0, 0, *range(1, 45)]].reset_index(drop=True)

    check = found(recommitted(record, twice))["registers"]
    assert (check.verdict, "S0000 stands after S0000" in check.note["en"]) == ("fails", True)


def reopened(record: Record, **changes: Any) -> Record:
    return rewritten(record, "opening", **changes)


def keys_of(record: Record, **changes: str) -> dict[str, str]:
    return {**body(record, "opening")["keys"], **changes}


BAD_OPENINGS: dict[str, tuple[Callable[[Record], Record], str]] = {
    "another key": (
        lambda r: reopened(r, keys=keys_of(r, sites="00" * 32)), "sites is not the register"),
    "a short key": (lambda r: reopened(r, keys=keys_of(r, sites="00")), "key has 1 bytes; want 32"),
    "upper case": (
        lambda r: reopened(r, keys={n: k.upper() for n, k in keys_of(r).items()}),
        "is not the opening of this announcement"),
    "no hex": (lambda r: reopened(r, keys=keys_of(r, sites="x")), "holds what is no hex digits"),
    "no text": (lambda r: reopened(r, keys={**keys_of(r), "sites": 5}), "no hex digits"),
    "a key left out": (
        lambda r: reopened(r, keys={n: k for n, k in keys_of(r).items() if n != "officers"}),
        "the key of officers is missing"),
    "a key too many": (lambda r: reopened(r, keys=keys_of(r, moon="00" * 32)), "moon"),
    "a stranger's salt": (lambda r: reopened(r, salts={"甲": "00" * 32}), "甲"),
    "a lock": (lambda r: reopened(r, lock={"round": 5}), "lock"),
    "of another announcement": (
        lambda r: reopened(r, announcement="00" * 32), "is not the opening of this announcement"),
    "a field more": (lambda r: reopened(r, more=""), "is not the opening of this announcement"),
    "no opening": (
        lambda r: public.seal({**r, "opening.json": b"[]\n"}, SIGNER), "is not the opening"),
    "no line end": (
        lambda r: public.seal({**r, "opening.json": r["opening.json"][:-1]}, SIGNER),
        "is not the opening"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_OPENINGS)
def test_a_wrong_opening_fails(record: Record, name: str) -> None:
    change, told = BAD_OPENINGS[name]
    check = found(change(record))["registers"]
    assert check.verdict == "fails"
    assert told in check.note["en"]
    assert "Error: " not in check.note["en"]


# The pseudonymous view: standings with private digests, and openings of drawn rows.


@pytest.fixture(scope="module")
def veiled(full: dict[str, Record]) -> Record:
    return shown(full["pseudonymous"])


def with_line(record: Record, table: str, at: int, /, **changes: Any) -> Record:
    """The record with one row of a table changed, sealed again."""
    lines = record[f"{table}.jsonl"].splitlines()
    lines[at] = canonical.encode({**json.loads(lines[at]), **changes})
    return public.seal({**record, f"{table}.jsonl": b"\n".join(lines) + b"\n"}, SIGNER)


def opened(record: Record, at: int = 1) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(record["openings.jsonl"].splitlines()[at])
    return told


BAD_ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "of another site": ({"site_id": "S9999"}, "private is"),
    "renamed": ({"name": "另一家"}, "private is"),
    "another key": ({"key": "00" * 32}, "private is"),
    "a short key": ({"key": "00" * 31}, "is not 64 hex digits"),
    "no key": ({"key": ""}, "is not 64 hex digits"),
    "a key of no hex": ({"key": "x" * 64}, "is not 64 hex digits"),
    "another row": ({"row": 44}, "opens other rows than those drawn"),
    "a row out of range": ({"row": 10**6}, "opens other rows than those drawn"),
    "a negative row": ({"row": -1}, "opens other rows than those drawn"),
    "a row beyond 2^53": ({"row": (1 << 53) - 1}, "opens other rows than those drawn"),
    "a flag as row": ({"row": True}, "row is a bool"),
    "a text as row": ({"row": "1"}, "row is a str"),
    "no date": ({"last_inspected": "soon"}, "last_inspected is 'soon'"),
    "a field more": ({"more": 1}, "line 1 has keys"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_wrong_opening_of_a_row_fails(veiled: Record, name: str) -> None:
    changes, told = BAD_ROWS[name]
    check = found(with_line(veiled, "openings", 1, **changes))["selection"]
    assert check.verdict == "fails"
    assert told in check.note["en"]
    assert "Error: " not in check.note["en"]


def test_a_key_in_capitals_fails(veiled: Record) -> None:
    """The same 32 bytes spelt in a second way would be a second record."""
    key = opened(veiled)["key"]
    assert key != key.upper()
    check = found(with_line(veiled, "openings", 1, key=key.upper()))["selection"]
    assert "is not 64 hex digits" in check.note["en"]


def test_openings_left_out_or_in_another_order_fail(veiled: Record) -> None:
    lines = veiled["openings.jsonl"].splitlines(keepends=True)
    for kept in ([*lines[:1], *lines[2:]], [lines[0], lines[2], lines[1], *lines[3:]], lines[:1]):
        check = found(public.seal({**veiled, "openings.jsonl": b"".join(kept)}, SIGNER))[
            "selection"
        ]
        assert (check.verdict, "opens other rows" in check.note["en"]) == ("fails", True)


DIGESTS = {
    "upper case": str.upper,
    "short": lambda digest: digest[:-2],
    "none": lambda digest: "",
    "no hex": lambda digest: "x" * 64,
}


@pytest.mark.parametrize("name", DIGESTS)
def test_a_private_digest_has_one_spelling(veiled: Record, name: str) -> None:
    digest = json.loads(veiled["standings.jsonl"].splitlines()[5])["private"]
    wrong = with_line(veiled, "standings", 5, private=DIGESTS[name](digest))
    check = found(wrong)["registers"]
    assert (check.verdict, "is not 64 hex digits" in check.note["en"]) == ("fails", True)


def test_private_digests_that_share_their_digits_otherwise_fail(veiled: Record) -> None:
    """Two digests of 62 and 66 digits hold the same 64 bytes."""
    one, two = (json.loads(line)["private"] for line in veiled["standings.jsonl"].splitlines()[5:7])
    wrong = with_line(with_line(veiled, "standings", 5, private=one[:-2]), "standings", 6,
                      private=one[-2:] + two)  # fmt: skip
    assert verdicts(wrong)["registers"] == "fails"


def lied(record: Record, weight: str = "7") -> tuple[Record, int]:
    """A record whose authority committed to another weight of a site than follows, and the row."""
    drawn = {row["row"] for row in rows_of(record, "openings")}
    at = next(i for i, row in enumerate(rows_of(record, "standings"))
              if row["rule"] == "weighted" and i not in drawn)  # fmt: skip
    return recommitted(record, cell("standings", at, "weight", weight)), at


def test_a_lie_about_a_site_is_found_by_its_audit(full: dict[str, Record]) -> None:
    """Standings that do not follow pass what the public sees, until the site is drawn."""
    lying, _ = lied(full["pseudonymous"])
    check = found(lying, audit=True)["registers"]
    assert check.verdict == "fails"
    assert "is '7'; from its own columns follows" in check.note["en"]
    assert verdicts(shown(lying))["registers"] == "holds"
    with pytest.raises(FairlotError, match="weight of [A-Z2-7]{32} is '7'"):
        public.draw(lying, beacon.recorded(9367912), signer=SIGNER)


def test_a_lie_about_a_drawn_site_is_found_by_anyone(full: dict[str, Record]) -> None:
    """With that weight the site is drawn for sure; the authority draws with a program of its own."""
    lying, at = lied(full["pseudonymous"], "999999999")
    head = public.open_announced(shown(lying))
    assert head.tables is not None
    sites = pd.DataFrame(rows_of(lying, "sites"))
    opening = replace(head.opening, keys={name: names().key(name) for name in TABLES})
    whole = replace(head, tables=replace(head.tables, sites=sites), whole=True, opening=opening)
    drawn = public.replay(whole, head.beacon, beacon.recorded(9367912))
    assert at in drawn.sample.index
    check = found(public.seal({**shown(lying), **drawn.files}, SIGNER))["selection"]
    assert check.verdict == "fails"
    assert "weight of" in check.note["en"]
    assert "is '999999999'; from its own columns follows" in check.note["en"]


# The announcement itself.


BAD_BODIES: dict[str, tuple[dict[str, Any], str]] = {
    "sequence": ({"sequence": None}, "sequence is"),
    "negative": ({"sequence": -1}, "sequence is"),
    "a text for a number": ({"sequence": "1"}, "sequence is"),
    "a flag for a number": ({"sequence": True}, "sequence is"),
    "no zone": ({"announced_at": "2024-07-13T09:00:00"}, "announced_at is"),
    "no such day": ({"announced_at": "2024-02-30T09:00:00Z"}, "announced_at"),
    "key": ({"key": 5}, "vkey is"),
    "plan": ({"plan": {}}, "plan"),
    "no plan": ({"plan": []}, "plan"),
    "registers": ({"registers": []}, "registers is"),
    "no registers": ({"registers": {}}, "registers is"),
    "a register too many": (
        {"registers": {n: {"rows": 0, "root": "00" * 32} for n in (*REGISTERS, "moon")}},
        "registers is"),
    "registers of numbers": ({"registers": dict.fromkeys(REGISTERS, 5)}, "registers: absences is 5"),
    "a root in capitals": (
        {"registers": {n: {"rows": 0, "root": "AB" * 32} for n in REGISTERS}}, "registers: absences"),
    "rows as a flag": (
        {"registers": {n: {"rows": True, "root": "ab" * 32} for n in REGISTERS}},
        "registers: absences"),
    "beacon": ({"beacon": {"source": "stars"}}, "the beacon is announced as"),
    "foreseen": ({"foreseen": 5}, "foreseen is"),
    "foreseen of more": ({"foreseen": {"teams": "not tried", "more": 1}}, "foreseen is"),
    "foreseen otherwise": ({"foreseen": {"teams": "surely"}}, "foreseen is"),
    "human": ({"human": {}}, "human is"),
    "too many people": ({"human": [{}] * 17}, "human is"),
    "a person of nothing": ({"human": [{}]}, "human input is"),
    "custodian": ({"custodians": [5]}, "a custodian is 5"),
    "custodians of an open draw": (
        {"custodians": [each.encode() for each in custodians()]}, "this plan seals nothing"),
    "a custodian twice": (
        {"custodians": [custodians()[0].encode()] * 2}, "a custodian stands there twice"),
    "fallback": ({"fallbacks": [{"source": "stars"}]}, "the beacon is announced as"),
    "witness": ({"witnesses": ["me"]}, "vkey is 'me'"),
    "log": ({"log": "a b"}, "log is 'a b'"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_BODIES)
def test_announcement_of_odd_types_fails(record: Record, name: str) -> None:
    changes, told = BAD_BODIES[name]
    changed = rewritten(record, "announcement", **changes)
    check = found(changed)["announcement"]
    assert check.verdict == "fails"
    assert told in check.note["en"]
    assert "Error: " not in check.note["en"]
    with pytest.raises(InvalidInput):
        public.draw(changed, beacon.recorded(9367912), signer=SIGNER)


def test_a_sealed_draw_needs_two_custodians() -> None:
    plan = f'{PLAN}\nproof = {{ opens = "2024-12-15" }}\n'
    for held in ([], custodians()[:1]):
        with pytest.raises(InvalidInput, match="a sealed draw needs at least two custodians"):
            announced(plan, before={"custodians": held})
    with pytest.raises(InvalidInput, match="stands there twice"):
        announced(plan, before={"custodians": [custodians()[0], *custodians()]})
    with pytest.raises(InvalidInput, match="this plan seals nothing"):
        announced(before={"custodians": custodians()})
    files = rewritten(announced(plan), "announcement", custodians=[])
    with pytest.raises(InvalidInput, match="a sealed draw needs at least two custodians"):
        public.head_of(files)


def test_the_record_that_is_made_can_be_read(full: dict[str, Record]) -> None:
    for record in full.values():
        head = public.head_of(record)
        assert canonical.encode(head.plan.table()) == canonical.encode(head.body["plan"])
        assert Plan.of(head.body["plan"]) == head.plan
        assert head.body["announced_at"] == BEFORE.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_is_no_record_has_no_digest_of_its_own() -> None:
    assert public.digest_of({}) == h(b"").hex()
    with pytest.raises(InvalidInput, match=r"announcement\.json is missing"):
        public.head_of({})
    with pytest.raises((InvalidInput, VerificationError), match="cut short"):
        public.head_of({"announcement.json": b"{}"})
