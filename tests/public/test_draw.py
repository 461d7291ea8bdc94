"""Announce, draw, verify: the same bytes for everyone, and every change is found and named."""

import random
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_record import BEFORE, NOW, PLAN, ROUND, SIGNER, make, names, officers, rosters, sites

from fairlot import public
from fairlot._base.errors import Infeasible, InvalidInput, VerificationError
from fairlot.assignment import Problem
from fairlot.planning import Foreseen, Plan
from fairlot.public import beacon, canonical, merkle
from fairlot.public.folder import ANNOUNCED, BOUND, DIGESTS, OUTCOME
from fairlot.public.lists import csv_rows
from fairlot.public.staffed import commitment, staff_chances
from fairlot.registers import REGISTERS

Record = dict[str, bytes]


def verdicts(record: Record, **more: object) -> dict[str, str]:
    return {c.step: c.verdict for c in public.checks(record, now=NOW, **more)}  # type: ignore[arg-type]


def notes(record: Record) -> str:
    return " | ".join(c.note["en"] for c in public.checks(record, now=NOW) if c.verdict == "fails")


def with_digests(record: Record) -> Record:
    """Rewrite the list of digests to match the files, as someone without the key can."""
    _, signature = record[DIGESTS].split(b"\n\n")
    others = sorted(set(record) - {DIGESTS})
    rows = [f"{name} {sha256(record[name]).hexdigest()}" for name in others]
    text = "\n".join(["fairlot.digests/v0", *rows]).encode()
    return {**record, DIGESTS: text + b"\n\n" + signature}


def test_honest_record(record: Record) -> None:
    found = verdicts(record)
    assert found == dict.fromkeys(public.STEPS, "holds") | {
        "time": "not shown",
        "unique": "not shown",
    }
    assert public.verify(record, now=NOW)


def test_same_input_same_bytes(record: Record) -> None:
    assert make() == record


def test_bytes_are_kept(record: Record) -> None:
    """One digest of all that is decided: it moves only with the version of the format."""
    whole = b"".join(record[name] for name in (*ANNOUNCED, *OUTCOME))
    assert sha256(whole).hexdigest() == GOLDEN


GOLDEN = "a97488ca039f5280abac456c35c92ad4fa83ebe1dfbecad7824ad02b908ac4b2"


def test_order_of_rows_and_columns_does_not_matter(record: Record) -> None:
    mixed = sites().sample(frac=1, random_state=3)
    mixed = mixed[sorted(mixed.columns)]
    assert make(sites=mixed, officers=officers().iloc[::-1]) == record


def test_one_character_of_one_row_does(record: Record) -> None:
    other = sites()
    other.loc[3, "name"] += "。"
    assert make(sites=other)["drawn.csv"] != record["drawn.csv"]


def mutate(data: bytes, at: int) -> bytes:
    """Change one byte into another printable one."""
    return data[:at] + (b"7" if data[at : at + 1] != b"7" else b"8") + data[at + 1 :]


def positions(data: bytes, n: int, seed: int) -> list[int]:
    return sorted(random.Random(seed).sample(range(len(data)), min(n, len(data))))


def assert_found(name: str, changed: Record) -> None:
    found = verdicts(changed)
    assert "fails" in found.values()
    assert name in notes(changed)


@pytest.mark.parametrize("name", [*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS])
def test_every_changed_character_is_found(record: Record, name: str) -> None:
    for at in positions(record[name], 12, seed=len(name)):
        changed = {**record, name: mutate(record[name], at)}
        assert_found(name, changed)
        if name != DIGESTS:
            assert_found(name, with_digests(changed))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS])
def test_every_character_of_every_file(record: Record, name: str) -> None:
    for at in range(len(record[name])):
        changed = {**record, name: mutate(record[name], at)}
        assert_found(name, changed if name == DIGESTS else with_digests(changed))


def test_changed_announcement_changes_the_list(record: Record) -> None:
    """The authority's name is in the seed: rewriting history redraws the list."""
    old = record["announcement.json"]
    changed = {**record, "announcement.json": old.replace("示例局".encode(), "另一局".encode())}
    found = verdicts(public.seal(changed, SIGNER))
    assert found["signature"] == "holds"
    assert (found["announcement"], found["selection"]) == ("fails", "fails")


@pytest.mark.parametrize("name", [*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS])
def test_missing_file(record: Record, name: str) -> None:
    left = {n: data for n, data in record.items() if n != name}
    found = {c.step: c for c in public.checks(left, now=NOW)}
    assert found["files"].verdict == "fails"
    assert name in found["files"].note["en"]


def edited(record: Record, name: str, old: str, new: str) -> Record:
    """An authority's own edit: changed and sealed again with its key."""
    assert old.encode() in record[name]
    return public.seal(
        {**record, name: record[name].replace(old.encode(), new.encode(), 1)}, SIGNER
    )


BAD_RECORDS = {
    "truncated": (lambda r: {**r, "sites.jsonl": r["sites.jsonl"][:-40]}, "announcement", "cut short"),
    "unknown algorithm": (
        lambda r: edited(r, "announcement.json", "nested_pivotal/1", "nested_pivotal/9"),
        "announcement", "this version replays",
    ),
    "unknown spec": (
        lambda r: edited(r, "announcement.json", "fairlot.draw/v0", "fairlot.draw/v7"),
        "announcement", "spec is fairlot.draw/v7",
    ),
    "wrong hash": (
        lambda r: edited(r, "announcement.json", '"rows":45', '"rows":46'),
        "announcement", "sites.jsonl is not the register that announcement.json commits to",
    ),
    "tampered officer list": (
        lambda r: edited(r, "officers.jsonl", '"max_tasks":6', '"max_tasks":7'),
        "announcement", "officers.jsonl is not the register that announcement.json commits to",
    ),
    "another beacon round": (
        lambda r: edited(r, "outcome.json", '"round":9367912', '"round":9367913'),
        "randomness", "outcome.json: round is '9367913'; want 9367912",
    ),
    "removed from the list": (
        lambda r: public.seal({**r, "drawn.csv": b"\r\n".join(r["drawn.csv"].split(b"\r\n")[:1]
                               + r["drawn.csv"].split(b"\r\n")[2:])}, SIGNER),
        "selection", "drawn.csv line 2",
    ),
    "another officer": (
        lambda r: edited(r, "teams.csv", "specialist,", "specialist,A"), "teams", "teams.csv line 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_bad_record_fails_at_its_step(record: Record, name: str) -> None:
    change, step, told = BAD_RECORDS[name]
    found = {c.step: c for c in public.checks(change(record), now=NOW)}
    assert found[step].verdict == "fails"
    assert told in found[step].note["en"]
    with pytest.raises(VerificationError) as refused:
        public.verify(change(record), now=NOW)
    assert refused.value.checks == tuple(found.values())


def test_future_beacon(record: Record) -> None:
    early = datetime(2024, 7, 13, 21, 0, tzinfo=UTC)
    found = {c.step: c for c in public.checks(record, now=early)}
    assert found["beacon"].verdict == "fails"
    assert "round 9367912 comes out only in 2700 s" in found["beacon"].note["en"]


def test_second_draw_of_a_task_is_seen(record: Record) -> None:
    again = make(PLAN.replace("min_gap_days = 30", "min_gap_days = 31"))
    found = {c.step: c for c in public.checks(record, now=NOW, others=[again])}
    assert found["unique"].verdict == "fails"
    assert "task 2024-001 was announced twice" in found["unique"].note["en"]


def test_declared_randomness_used_twice_is_seen() -> None:
    digits = "0123456789" * 4
    one = make(source=beacon.Declared("dice"), value={"dice": digits})
    two = make(
        PLAN.replace("2024-001", "2024-002"), source=beacon.Declared("dice"), value={"dice": digits}
    )
    assert verdicts(one, others=[two])["unique"] == "fails"
    three = make(
        PLAN.replace("2024-001", "2024-002"),
        source=beacon.Declared("dice"),
        value={"dice": digits[1:] + "3"},
    )
    assert verdicts(one, others=[three])["unique"] == "not shown"


def test_two_outcomes_of_one_announcement_are_seen() -> None:
    one = make(source=beacon.Declared("dice"), value={"dice": "0123456789" * 4})
    two = make(source=beacon.Declared("dice"), value={"dice": "1234567890" * 4})
    assert one["drawn.csv"] != two["drawn.csv"]
    found = {c.step: c for c in public.checks(one, now=NOW, others=[two])}
    assert "the same announcement has two outcomes" in found["unique"].note["en"]


def test_declared_randomness_is_never_said_to_be_verified() -> None:
    found = {
        c.step: c
        for c in public.checks(
            make(source=beacon.Declared("hex", "me"), value={"hex": "ab" * 16}), now=NOW
        )
    }
    assert found["beacon"].verdict == "not shown"


def test_missing_extra_is_said_loudly(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "py_arkworks_bls12381", None)
    found = {c.step: c for c in public.checks(record, now=NOW)}
    assert found["beacon"].verdict == "not shown"
    assert "THE SIGNATURE OF ROUND 9367912 WAS NOT VERIFIED" in found["beacon"].note["en"]


FORESEEN = {
    "not tried": (None, {"teams": "not tried"}),
    "proved": (Foreseen(True, 0, 0, 0.0, ()), {"teams": "for every list"}),
    "tried": (
        Foreseen(False, 1000, 7, 0.01311, ("S0001",)),
        {"teams": "tried", "trials": 1000, "failures": 7, "at_most": "0.0132"},
    ),
}


@pytest.mark.parametrize("name", FORESEEN)
def test_what_was_foreseen_is_told(name: str) -> None:
    found, told = FORESEEN[name]
    files = public.announce(
        Plan.parse(PLAN), rosters(), beacon.Drand(ROUND), names=names(), signer=SIGNER,
        announced_at=BEFORE, foreseen=found,
    )  # fmt: skip
    assert public.read_body(files)["foreseen"] == told


def test_the_matrix_of_chances_is_published_as_a_digest_alone(record: Record) -> None:
    """Which chance is 0 shows who is kept from where; the digest follows from the registers."""
    drawn = public.replay(public.open_announced(record), beacon.recorded(ROUND))
    assert sorted(drawn.files) == sorted(OUTCOME)
    told = canonical.decode(record["outcome.json"][:-1], limit=1 << 20)
    assert isinstance(told, dict)
    assert told["chances"] == commitment(drawn.chances)
    problem, numerators = drawn.chances.problem, drawn.chances.numerator.tolist()
    seats = [
        f"{problem.tasks[task]} {kind} {quota}\n"
        for task, kind, quota in zip(
            problem.seat_task, problem.seat_kind, problem.quota, strict=True
        )
    ]
    rows = [(s, o) for s in range(len(seats)) for o in problem.row(s).tolist()]
    pairs = b"".join(
        n.to_bytes(4, "big") for (s, o), a in zip(rows, numerators, strict=True) for n in (s, o, a)
    )
    parts = (b"fairlot.draw/v0 chances", "".join(f"{t}\n" for t in problem.tasks).encode(),
             "".join(seats).encode(), "".join(f"{o}\n" for o in problem.officers).encode(), pairs)  # fmt: skip
    whole = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert told["chances"] == sha256(whole).hexdigest()


def test_visits_tell_how_much_is_left_to_chance(record: Record) -> None:
    drawn, visits = csv_rows(record["drawn.csv"]), csv_rows(record["visits.csv"])
    assert [row["site_id"] for row in visits] == [row["site_id"] for row in drawn]
    for row in visits:
        assert int(row["places"]) <= float(row["effective"]) <= int(row["eligible"])


def test_other_chances_fail_at_their_step(record: Record) -> None:
    told = canonical.decode(record["outcome.json"][:-1], limit=1 << 20)
    assert isinstance(told, dict)
    text = canonical.encode({**told, "chances": "00" * 32}) + b"\n"
    found = verdicts(public.seal({**record, "outcome.json": text}, SIGNER))
    assert (found["chances"], found["teams"]) == ("fails", "not shown")
    visits = record["visits.csv"].replace(b",False", b",True", 1)
    found = verdicts(public.seal({**record, "visits.csv": visits}, SIGNER))
    assert found["chances"] == "fails"


def test_round_already_out_is_refused() -> None:
    late = datetime(2024, 7, 13, 21, 45, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="came out 0 s before the announcement"):
        public.announce(
            Plan.parse(PLAN), rosters(), beacon.Drand(ROUND), names=names(), signer=SIGNER,
            announced_at=late,
        )  # fmt: skip


def test_backdated_round_fails_in_a_record(record: Record) -> None:
    changed = edited(record, "announcement.json", "2024-07-13T09:00:00Z", "2024-07-13T23:00:00Z")
    assert verdicts(changed)["time"] == "fails"


def test_officers_in_the_way_are_named() -> None:
    few = officers()
    few.loc[few["bureau_id"] == "Q", "license_expiry"] = "2024-09-01"
    with pytest.raises(Infeasible):
        make(officers=few)


def test_conflict_is_respected(record: Record) -> None:
    """S0000 is taken whole, and P000 is kin to it."""
    teams = [line.split(",") for line in record["teams.csv"].decode("utf-8-sig").split("\r\n")]
    assert {row[0] for row in teams} > {"S0000"}
    kin = names().pseudonyms["P000"]
    assert ["S0000", kin] not in [[row[0], row[2]] for row in teams if len(row) > 2]


def test_why_two_people_are_in_conflict_is_not_published(record: Record) -> None:
    assert "近亲属".encode() not in b"".join(record.values())
    assert canonical.decode(record["conflicts.jsonl"][:-1], limit=1000) == {
        "person_id": names().pseudonyms["P000"], "target": "S0000",
        "valid_from": "2020-01-01", "valid_to": "",
    }  # fmt: skip


def test_formulas_are_defused_in_lists() -> None:
    other = sites()
    other["name"] = "=HYPERLINK(1)"
    assert b",'=HYPERLINK(1)," in make(sites=other)["drawn.csv"]


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from([*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS]), data=st.binary(max_size=300))
def test_hostile_bytes_only_fail(record: Record, name: str, data: bytes) -> None:
    if data != record[name]:
        assert "fails" in verdicts({**record, name: data}).values()


HOSTILE_ROWS = {
    "date": ('"last_inspected":""', '"last_inspected":"soon"'),
    "count": ('"visits_ytd":0', '"visits_ytd":-5'),
    "id": ('"site_id":"S0001"', '"site_id":"S0001 "'),
    "order": ('"site_id":"S0001"', '"site_id":"S9001"'),
    "repeated": ('"site_id":"S0001"', '"site_id":"S0002"'),
    "class": ('"credit_class":"B"', '"credit_class":"__class__"'),
}


@pytest.mark.parametrize("name", HOSTILE_ROWS)
def test_rows_no_register_would_hold_fail(record: Record, name: str) -> None:
    """Sealed and committed by its authority, a table that cleaning would refuse still fails."""
    old, new = HOSTILE_ROWS[name]
    changed = {
        **record,
        "sites.jsonl": record["sites.jsonl"].replace(old.encode(), new.encode(), 1),
    }
    assert changed != record
    lines = changed["sites.jsonl"].split(b"\n")[:-1]
    root = merkle.root([merkle.leaf_hash(line) for line in lines]).hex()
    body = canonical.decode(record["announcement.json"][:-1], limit=1 << 20)
    assert isinstance(body, dict)
    body["registers"]["sites"]["root"] = root  # type: ignore[index,call-overload]
    changed["announcement.json"] = canonical.encode(body) + b"\n"
    found = {c.step: c for c in public.checks(public.seal(changed, SIGNER), now=NOW)}
    assert found["announcement"].verdict == "fails"
    assert "sites.jsonl" in found["announcement"].note["en"]


BAD_BODIES = {
    "number": {"sequence": None},
    "negative": {"sequence": -1},
    "no zone": {"announced_at": "2024-07-13T09:00:00"},
    "no such day": {"announced_at": "2024-02-30T09:00:00Z"},
    "key": {"key": 5},
    "plan": {"plan": {}},
    "registers": {"registers": []},
    "randomness": {"randomness": {"source": "stars"}},
    "foreseen": {"foreseen": 5},
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_announcement_of_odd_types_fails(record: Record, name: str) -> None:
    body = canonical.decode(record["announcement.json"][:-1], limit=1 << 20)
    assert isinstance(body, dict)
    text = canonical.encode({**body, **BAD_BODIES[name]}) + b"\n"  # type: ignore[dict-item]
    changed = public.seal({**record, "announcement.json": text}, SIGNER)
    assert "fails" in verdicts(changed).values()
    with pytest.raises(InvalidInput):
        public.draw(changed, beacon.recorded(ROUND), signer=SIGNER)


def test_plan_that_leaves_defaults_open_is_not_an_announcement(record: Record) -> None:
    body = canonical.decode(record["announcement.json"][:-1], limit=1 << 20)
    assert isinstance(body, dict)
    assert isinstance(body["plan"], dict)
    del body["plan"]["team"]
    text = canonical.encode(body) + b"\n"
    found = {c.step: c for c in public.checks({**record, "announcement.json": text}, now=NOW)}
    assert "the plan is not written out in full" in found["announcement"].note["en"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encoding_and_language_of_a_table_do_not_matter(
    record: Record, encoding: str, tmp_path: Path
) -> None:
    zh = {c.name: c.zh[0] for c in REGISTERS["sites"]}
    path = tmp_path / "sites.csv"
    text = sites().rename(columns=zh).to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(text.encode(encoding))
    assert make(sites=path) == record  # type: ignore[arg-type]


def test_a_problem_for_an_integer_programme_is_refused():
    whole = {"tasks": ("S1",), "officers": ("P1", "P2"), "cap": [1, 1], "ptr": [0, 2]}
    seats = {"seat_task": [0], "seat_kind": ["officer"], "idx": [0, 1]}
    ruled = Problem(**whole, **seats, apart=[(-1, 0, 1)])
    with pytest.raises(InvalidInput, match="pairs kept apart and needs are for private use") as no:
        staff_chances(None, ruled)
    assert "公开抽取不得含有" in no.value.text("zh")
