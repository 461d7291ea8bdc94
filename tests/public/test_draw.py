"""Announce, draw, verify: the same bytes for everyone, and every change is found and named."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from answers import DRAWS, answer
from hypothesis import given
from hypothesis import strategies as st
from small_record import (
    BEFORE,
    NOW,
    PLAN,
    ROUND,
    SIGNER,
    VIEWS,
    announced,
    body,
    found,
    make,
    names,
    officers,
    rewritten,
    rosters,
    shown,
    sites,
    verdicts,
)

from fairlot import public
from fairlot._base.errors import Infeasible, InvalidInput, VerificationError
from fairlot.assignment import Problem
from fairlot.planning import Foreseen, Plan
from fairlot.public import beacon, canonical
from fairlot.public.folder import ANNOUNCED, BOUND, DIGESTS, OUTCOME, TABLES
from fairlot.public.lists import csv_rows
from fairlot.public.staffed import commitment, staff_chances
from fairlot.registers import REGISTERS

Record = dict[str, bytes]

OPEN = [name for name in (*ANNOUNCED, *OUTCOME) if name != "openings.jsonl"]


def test_honest_record(record: Record) -> None:
    unseen = {"time": "not shown", "unique": "not shown"}
    assert verdicts(record) == dict.fromkeys(public.STEPS, "holds") | unseen
    assert public.verify(record, now=NOW)


def test_same_input_same_bytes(record: Record) -> None:
    assert make() == record


GOLDEN = {
    ("open", "sha256"): "e2436b8f8d0cab3a6115e058a35a4229aba7208b688e6d1a128b181cd2dc2ac9",
    ("open", "sm3"): "bd449fa18dba05010932b51f86fef30e0099e2a371b32e2e09867d7ae359185b",
    ("pseudonymous", "sha256"): "1b3332b0c6adcdf345566321563f602f1dd944cac1002d45ad2dd48e90272e69",
    ("pseudonymous", "sm3"): "0e0e89463257b261ebafea25b77ddf0bc2ea2c2fc1cd71fe5da234ea1d1a589a",
    ("sealed", "sha256"): "e59ed764f9c7d02e32181200fc55eb177f3576d3f447e0d857f8b8e1573852f6",
    ("sealed", "sm3"): "75842a84d2c48718852f16b00f2628fe15fe3bb2216a449f167730734ea36a50",
}


@pytest.mark.parametrize(("view", "suite"), GOLDEN)
def test_bytes_are_kept(view: str, suite: str) -> None:
    """One digest of all that is decided: it moves only with the version of the format."""
    proof = (
        VIEWS[view].replace("}", f', suite = "{suite}" }}') or f'proof = {{ suite = "{suite}" }}'
    )
    full = make(f"{PLAN}\n{proof}\n")
    whole = b"".join(full[name] for name in (*ANNOUNCED, *OUTCOME) if name in full)
    assert sha256(whole).hexdigest() == GOLDEN[view, suite]


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


def assert_found(record: Record, name: str, at: int) -> None:
    """Without the key the signature fails; under the authority's own seal something else does."""
    after = verdicts({**record, name: mutate(record[name], at)})
    assert "fails" in (after["announcement"], after["signature"])
    assert_found_under_the_seal(record, name, at)


def assert_found_under_the_seal(record: Record, name: str, at: int) -> None:
    if name not in (*BOUND, DIGESTS) and binds(record, name, at):
        changed = public.seal({**record, name: mutate(record[name], at)}, SIGNER)
        assert "fails" in verdicts(changed).values()


def binds(record: Record, name: str, at: int) -> bool:
    """Whether a character decides anything: the key of a table without rows does not."""
    empty = [t for t in TABLES if record.get(f"{t}.jsonl", b"\n\n").count(b"\n") == 1]
    keys = [body(record, "opening")["keys"][table].encode() for table in empty]
    begins = [record[name].index(key) for key in keys if key in record[name]]
    return not any(begin <= at < begin + 64 for begin in begins)


def files_of(view: str) -> list[str]:
    closed = {"pseudonymous": "sites.jsonl"}.get(view, "openings.jsonl")
    return [name for name in (*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS) if name != closed]


EVERY = [(view, name) for view in ("open", "pseudonymous") for name in files_of(view)]


@pytest.mark.parametrize(("view", "name"), EVERY)
def test_every_changed_character_is_found(full: dict[str, Record], view: str, name: str) -> None:
    record = shown(full[view])
    for at in positions(record[name], 12, seed=len(name)):
        assert_found(record, name, at)


@pytest.mark.slow
@pytest.mark.parametrize(("view", "name"), EVERY)
def test_every_character_of_every_file(full: dict[str, Record], view: str, name: str) -> None:
    record = shown(full[view])
    find = assert_found if name in (*BOUND, DIGESTS) else assert_found_under_the_seal
    for at in range(len(record[name])):
        find(record, name, at)


def test_changed_announcement_changes_the_list(record: Record) -> None:
    """The authority's name is in the seed: rewriting history redraws the list."""
    old = record["announcement.json"]
    changed = {**record, "announcement.json": old.replace("示例局".encode(), "另一局".encode())}
    digest = sha256(changed["announcement.json"]).hexdigest()
    changed = rewritten(rewritten(changed, "opening", announcement=digest), "outcome",
                        announcement=digest)  # fmt: skip
    after = verdicts(changed)
    assert (after["signature"], after["probabilities"]) == ("holds", "holds")
    assert after["selection"] == "fails"


@pytest.mark.parametrize("name", [*OPEN, *BOUND, DIGESTS])
def test_missing_file(record: Record, name: str) -> None:
    left = {n: data for n, data in record.items() if n != name}
    if name == "announcement.json":
        assert found(left)["announcement"].note["en"] == "announcement.json is missing"
    else:
        check = found(left)["files"]
        assert (check.verdict, check.note["en"]) == ("fails", f"{name} is missing")


def edited(record: Record, name: str, old: str, new: str) -> Record:
    """An authority's own edit: changed and sealed again with its key."""
    assert old.encode() in record[name]
    return public.seal(
        {**record, name: record[name].replace(old.encode(), new.encode(), 1)}, SIGNER
    )


def without_line(data: bytes, at: int) -> bytes:
    lines = data.split(b"\r\n")
    return b"\r\n".join(lines[:at] + lines[at + 1 :])


BAD_RECORDS: dict[str, tuple[Callable[[Record], Record], str, str]] = {
    "truncated": (
        lambda r: public.seal({**r, "sites.jsonl": r["sites.jsonl"][:-40]}, SIGNER),
        "registers", "cut short"),
    "unknown algorithm": (
        lambda r: edited(r, "announcement.json", "nested_pivotal/1", "nested_pivotal/9"),
        "announcement", "this version replays"),
    "unknown spec": (
        lambda r: edited(r, "announcement.json", "fairlot.draw/v1", "fairlot.draw/v7"),
        "announcement", "@spec is fairlot.draw/v7"),
    "another announcement": (
        lambda r: edited(r, "announcement.json", '"rows":45', '"rows":46'),
        "randomness", "outcome.json: was drawn from the announcement"),
    "another size": (
        lambda r: reannounced(r, registers={
            **body(r, "announcement")["registers"],
            "sites": {**body(r, "announcement")["registers"]["sites"], "rows": 46}}),
        "registers", "sites is not the register that announcement.json commits to"),
    "tampered officer list": (
        lambda r: edited(r, "officers.jsonl", '"max_tasks":6', '"max_tasks":7'),
        "registers", "officers is not the register that announcement.json commits to"),
    "another beacon round": (
        lambda r: rewritten(r, "outcome", beacon=beacon.Drand(ROUND + 1).identity()),
        "randomness", "outcome.json: round is '9367912'; want 9367913"),
    "another beacon": (
        lambda r: rewritten(r, "outcome", beacon=beacon.Drand(1000).identity(),
                            value=beacon.recorded(1000)),
        "randomness", "the randomness is of drand:1000; want drand:9367912"),
    "forged randomness": (
        lambda r: rewritten(r, "outcome", value=forged(r)),
        "beacon", "the signature of round 9367912 is not by the chain's key"),
    "removed from the list": (
        lambda r: public.seal({**r, "drawn.csv": without_line(r["drawn.csv"], 1)}, SIGNER),
        "selection", "drawn.csv line 2"),
    "another officer": (
        lambda r: edited(r, "teams.csv", "specialist,", "specialist,A"),
        "teams", "teams.csv line 2"),
    "another week": (
        lambda r: public.seal({**r, "schedule.csv": without_line(r["schedule.csv"], 3)}, SIGNER),
        "schedule", "schedule.csv line 4"),
    "another coverage": (
        lambda r: public.seal({**r, "coverage.csv": r["coverage.csv"] + b"\r\n"}, SIGNER),
        "coverage", "coverage.csv line"),
    "another pi": (
        lambda r: edited(r, "probabilities.csv", "1.000000000", "0.999999999"),
        "probabilities", "probabilities.csv line"),
    "other results": (
        lambda r: rewritten(r, "outcome", results={"rows": 45, "root": "00" * 32}),
        "results", "outcome.json: results is"),
    "another number of sites": (
        lambda r: rewritten(r, "outcome", drawn=45), "outcome", "outcome.json line 1"),
}  # fmt: skip


def forged(record: Record) -> dict[str, canonical.Json]:
    """A value in the right form: another round's signature under this round's number."""
    return {**beacon.recorded(1000), "round": ROUND}


def reannounced(record: Record, **changes: object) -> Record:
    """A record whose authority rewrites the announcement, and every digest of it."""
    text = canonical.encode({**body(record, "announcement"), **changes}) + b"\n"  # type: ignore[dict-item]
    changed = {**record, "announcement.json": text}
    digest = sha256(text).hexdigest()
    for name in ("opening", "outcome"):
        changed = rewritten(changed, name, announcement=digest)
    return changed


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_bad_record_fails_at_its_step(record: Record, name: str) -> None:
    change, step, told = BAD_RECORDS[name]
    after = found(change(record))
    assert after[step].verdict == "fails"
    assert told in after[step].note["en"]
    with pytest.raises(VerificationError) as refused:
        public.verify(change(record), now=NOW)
    assert refused.value.checks == tuple(after.values())


def test_what_follows_a_failed_step_is_not_shown(record: Record) -> None:
    after = found(BAD_RECORDS["removed from the list"][0](record))
    for step in ("chances", "teams", "schedule", "results", "outcome", "replacements"):
        assert after[step].verdict == "not shown"
        assert after[step].note["en"] == "an earlier step does not hold"


def test_future_beacon(record: Record) -> None:
    early = datetime(2024, 7, 13, 21, 0, tzinfo=UTC)
    check = found(record, now=early)["beacon"]
    assert check.verdict == "fails"
    assert check.note["en"] == "drand:9367912 comes out only in 2700 s"


def test_another_key_than_the_readers(record: Record) -> None:
    other = public.Human  # any other text is no key of this record
    check = found(record, key=str(other))["signature"]
    assert (check.verdict, f"want {other}" in check.note["en"]) == ("fails", True)
    assert found(record, key=SIGNER.vkey)["signature"].note == {}


def test_second_draw_of_a_task_is_seen(record: Record) -> None:
    again = make(PLAN.replace("min_gap_days = 30", "min_gap_days = 31"))
    check = found(record, others=[again])["unique"]
    assert check.verdict == "fails"
    assert "task 2024-001 was announced twice" in check.note["en"]
    other = make(PLAN.replace("2024-001", "2024-002"), secret=b"\1" * 32)
    assert verdicts(record, others=[other])["unique"] == "not shown"


@pytest.mark.parametrize("view", VIEWS)
def test_one_secret_for_two_tasks_is_seen(full: dict[str, dict[str, bytes]], view: str) -> None:
    """Whoever opens a person in one record opens them in the other; a seal is no hiding place."""
    again = make(f"{PLAN}\n{VIEWS[view]}\n".replace("2024-001", "2024-002"))
    for other in (shown(again), shown(again, opened=False)):
        check = found(shown(full[view], opened=False), others=[other])["unique"]
        assert check.verdict == "fails"
        assert (
            check.note["en"].startswith("absences, conflicts, ") or "officers" in check.note["en"]
        )
        assert "of tasks 2024-001 and 2024-002 were hidden with one secret" in check.note["en"]
        assert "使用了同一秘密值" in check.note["zh"]


def test_one_secret_for_two_rosters_is_seen(record: Record) -> None:
    """The keys tell, though no register has the same root."""
    shorter = {"sites": sites().iloc[:40], "officers": officers().assign(max_tasks=7)}
    again = make(PLAN.replace("2024-001", "2024-002"), **shorter)
    check = found(record, others=[again])["unique"]
    assert check.note["en"].startswith(
        "absences, conflicts, experts, items, officers, sites, stand"
    )


def test_two_outcomes_of_one_announcement_are_seen() -> None:
    one, two = (make(source=DRAWS, value=answer(seed)) for seed in (1, 2))
    assert one["drawn.csv"] != two["drawn.csv"]
    check = found(one, others=[two])["unique"]
    assert "the same announcement has two outcomes" in check.note["en"]


def test_what_witnesses_declare_is_never_said_to_be_verified() -> None:
    after = found(make(source=DRAWS, value=answer(1)))
    assert after["beacon"].verdict == "not shown"
    assert "as 公证员, 记者 declare them" in after["beacon"].note["en"]
    assert "fails" not in {check.verdict for check in after.values()}


def test_human_input_salts_the_draw(record: Record) -> None:
    dice = [public.Human.read("dice", "公证员", "7" * 39)]
    rolled = make(before={"human": dice})
    check = found(rolled)["human"]
    assert check.note["en"].startswith("129 bits by 公证员 stand in the announcement")
    assert rolled["drawn.csv"] != record["drawn.csv"]
    assert found(record)["human"].note["en"] == "none was given"


def test_missing_extra_is_said_loudly(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "py_arkworks_bls12381", None)
    check = found(record)["beacon"]
    assert check.verdict == "not shown"
    assert "THE SIGNATURE OF ROUND 9367912 WAS NOT VERIFIED" in check.note["en"]


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
    foreseen, told = FORESEEN[name]
    files = public.announce(
        Plan.parse(PLAN), rosters(), beacon.Drand(ROUND), names=names(), signer=SIGNER,
        announced_at=BEFORE, foreseen=foreseen,
    )  # fmt: skip
    assert public.read_body(files)["foreseen"] == told


def test_the_matrix_of_chances_is_published_as_a_digest_alone(record: Record) -> None:
    """Whom it lacks shows who is kept from where; the digest follows from the registers."""
    drawn = public.replay(
        public.open_announced(record), beacon.Drand(ROUND), beacon.recorded(ROUND)
    )
    assert sorted(drawn.files) == sorted(name for name in OUTCOME if name != "openings.jsonl")
    told = body(record, "outcome")["chances"]
    assert told == commitment(drawn.chances)
    problem, numerators = drawn.chances.problem, drawn.chances.numerator.tolist()
    seats = [
        f"{problem.tasks[task]} {kind} {quota}\n"
        for task, kind, quota in zip(
            problem.seat_task, problem.seat_kind, problem.quota, strict=True
        )
    ]
    rows = [(s, o) for s in range(len(seats)) for o in problem.row(s).tolist()]
    pairs = b"".join(
        n.to_bytes(4, "big")
        for (s, o), a in zip(rows, numerators, strict=True)
        for n in (s, o, a)
        if a > 0
    )
    assert 0 in numerators
    parts = (b"fairlot.draw/v1 chances", "".join(f"{t}\n" for t in problem.tasks).encode(),
             "".join(seats).encode(), "".join(f"{o}\n" for o in problem.officers).encode(), pairs)  # fmt: skip
    whole = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert told == sha256(whole).hexdigest()


def test_visits_tell_how_much_is_left_to_chance(record: Record) -> None:
    drawn, visits = csv_rows(record["drawn.csv"]), csv_rows(record["visits.csv"])
    assert [row["site_id"] for row in visits] == [row["site_id"] for row in drawn]
    for row in visits:
        assert int(row["places"]) <= float(row["effective"]) <= int(row["eligible"])


def test_every_list_says_what_it_is_and_numbers_its_rows(record: Record) -> None:
    lists = [name for name in OUTCOME if name.endswith(".csv")]
    for name in lists:
        rows = csv_rows(record[name])
        column = f"fairlot.draw/v1 {name.removesuffix('.csv')}"
        assert [row[column] for row in rows] == [str(i) for i in range(1, len(rows) + 1)]
        assert next(iter(rows[0])) == column


def test_other_chances_fail_at_their_step(record: Record) -> None:
    after = verdicts(rewritten(record, "outcome", chances="00" * 32))
    assert (after["chances"], after["teams"]) == ("fails", "not shown")
    visits = record["visits.csv"].replace(b",False", b",True", 1)
    after = verdicts(public.seal({**record, "visits.csv": visits}, SIGNER))
    assert after["chances"] == "fails"


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ((21, 45, 0), "drand:9367912 came out 0 s before the announcement"),
        ((21, 35, 1), "comes out 599 s after the announcement; the plan's margin is 600 s"),
    ],
)
def test_a_round_already_out_or_about_to_be_is_refused(time: tuple[int, ...], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        announced(at=datetime(2024, 7, 13, *time, tzinfo=UTC))
    assert announced(at=datetime(2024, 7, 13, 21, 35, 0, tzinfo=UTC))


def test_backdated_round_fails_in_a_record(record: Record) -> None:
    assert verdicts(reannounced(record, announced_at="2024-07-13T23:00:00Z"))["time"] == "fails"


def test_officers_in_the_way_are_named() -> None:
    few = officers()
    few.loc[few["bureau_id"] == "Q", "license_expiry"] = "2024-09-01"
    with pytest.raises(Infeasible):
        make(officers=few)


def test_conflict_is_respected(record: Record) -> None:
    """S0000 is taken whole, and P000 is kin to it."""
    teams = csv_rows(record["teams.csv"])
    kin = names().pseudonyms["P000"]
    assert {row["site_id"] for row in teams} > {"S0000"}
    assert kin in {row["officer_id"] for row in teams}
    assert kin not in {row["officer_id"] for row in teams if row["site_id"] == "S0000"}


def test_why_two_people_are_in_conflict_is_not_published(record: Record) -> None:
    assert "近亲属".encode() not in b"".join(record.values())
    assert canonical.decode(record["conflicts.jsonl"].splitlines()[1], limit=1000) == {
        "person_id": names().pseudonyms["P000"], "target": "S0000",
        "valid_from": "2020-01-01", "valid_to": "",
    }  # fmt: skip


def test_formulas_are_defused_in_lists() -> None:
    other = sites()
    other["name"] = "=HYPERLINK(1)"
    assert b",'=HYPERLINK(1)," in make(sites=other)["drawn.csv"]


CRASH = re.compile(r"(^|: )[A-Z]\w*(Error|Exception|Warning): ")
"""A note that is not a refusal of ours, but what went wrong in Python."""


def crashed(after: dict[str, public.Check]) -> list[public.Check]:
    return [check for check in after.values() if CRASH.search(check.note.get("en", ""))]


@given(name=st.sampled_from([*OPEN, *BOUND, DIGESTS]), data=st.binary(max_size=300))
def test_hostile_bytes_only_fail(record: Record, name: str, data: bytes) -> None:
    if data != record[name]:
        after = found({**record, name: data})
        assert "fails" in {check.verdict for check in after.values()}
        assert not crashed(after)


STRANGE: list[canonical.Json] = [
    None, True, -1, 5, (1 << 53) - 1, "", "0", "x" * 300, "\u202e", [], [5], {}, {"a": 1},
]  # fmt: skip


def places(value: canonical.Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return where something stands in a JSON value."""
    inside = value.items() if isinstance(value, dict) else []
    inside = enumerate(value) if isinstance(value, list) else inside
    return [path] * bool(path) + [p for key, each in inside for p in places(each, (*path, key))]


def put(value: canonical.Json, path: tuple[str | int, ...], new: canonical.Json) -> canonical.Json:
    if not path:
        return new
    first, *rest = path
    if isinstance(value, dict):
        return {**value, first: put(value[first], tuple(rest), new)}  # type: ignore[dict-item,index]
    assert isinstance(value, list)
    return [put(each, tuple(rest), new) if i == first else each for i, each in enumerate(value)]


@pytest.mark.parametrize("name", ["announcement", "opening", "outcome"])
def test_strange_values_only_fail(record: Record, name: str) -> None:
    """An authority may write anything and sign it: each place, in turn, holds something strange."""
    honest, pick = body(record, name), random.Random(1)
    for path in places(honest):
        for strange in pick.sample(STRANGE, 4):
            text = canonical.encode(put(honest, path, strange)) + b"\n"
            if text != record[f"{name}.json"]:
                after = found(public.seal({**record, f"{name}.json": text}, SIGNER))
                assert "fails" in {check.verdict for check in after.values()}, (path, strange)
                assert not crashed(after), (path, strange)


def test_plan_that_leaves_defaults_open_is_not_an_announcement(record: Record) -> None:
    plan = dict(body(record, "announcement")["plan"])
    del plan["team"]
    after = found(rewritten(record, "announcement", plan=plan))
    assert "the plan is not written out in full" in after["announcement"].note["en"]
    with pytest.raises(InvalidInput, match="not written out in full"):
        public.draw(rewritten(record, "announcement", plan=plan), {}, signer=SIGNER)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encoding_and_language_of_a_table_do_not_matter(
    record: Record, encoding: str, tmp_path: Path
) -> None:
    zh = {c.name: c.zh[0] for c in REGISTERS["sites"]}
    path = tmp_path / "sites.csv"
    text = sites().rename(columns=zh).to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(text.encode(encoding))
    assert make(sites=path) == record


def test_a_problem_for_an_integer_programme_is_refused() -> None:
    whole = {"tasks": ("S1",), "officers": ("P1", "P2"), "cap": [1, 1], "ptr": [0, 2]}
    seats = {"seat_task": [0], "seat_kind": ["officer"], "idx": [0, 1]}
    ruled = Problem(**whole, **seats, apart=[(-1, 0, 1)])
    with pytest.raises(InvalidInput, match="pairs kept apart and needs are for private use") as no:
        staff_chances(None, ruled)  # type: ignore[arg-type]
    assert "公开抽取不得含有" in no.value.text("zh")


def test_only_the_announced_hand_draws(record: Record) -> None:
    files = {n: d for n, d in record.items() if n in ANNOUNCED}
    with pytest.raises(InvalidInput, match=r"digests\.txt is missing"):
        public.draw(files, beacon.recorded(ROUND), signer=SIGNER)
    other = public.seal(files, SIGNER)
    stranger = type(SIGNER)("stranger", SIGNER.private_key)
    with pytest.raises(InvalidInput, match="the signing key is stranger"):
        public.draw(other, beacon.recorded(ROUND), signer=stranger)
    with pytest.raises(VerificationError, match="is not by the chain's key"):
        public.draw(other, forged(record), signer=SIGNER)
