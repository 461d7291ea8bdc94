"""What is shown, and when: every view is a redaction of one full record, and replays as it is."""

import json
from datetime import timedelta

import pytest
from small_record import DUE, NOW, PLAN, SIGNER, VIEWS, body, found, make, noticed, shown, verdicts

from fairlot import public
from fairlot._base.errors import VerificationError
from fairlot.public.disclosure import opens_at
from fairlot.public.folder import ANNOUNCED, DIGESTS, OUTCOME

Record = dict[str, bytes]

BEFORE_DUE = DUE - timedelta(seconds=1)
UNSEEN = {"time": "not shown", "unique": "not shown"}
SEALED = [view for view in VIEWS if "sealed" in view]


@pytest.mark.parametrize("suite", ["sha256", "sm3"])
@pytest.mark.parametrize("view", VIEWS)
def test_what_the_public_sees_verifies(view: str, suite: str) -> None:
    proof = VIEWS[view] or 'proof = { view = "open" }'
    full = make(PLAN + "\n" + proof.replace("}", f', suite = "{suite}" }}') + "\n")
    want = dict.fromkeys(public.STEPS, "holds") | UNSEEN
    assert verdicts(shown(full)) == want
    assert verdicts(full, audit=True) == want


def test_an_open_record_is_shown_as_it_is(full: dict[str, Record]) -> None:
    assert shown(full["open"]) == full["open"]
    check = found(full["open"], audit=True)["disclosure"]
    assert (check.verdict, check.note["en"]) == ("holds", "every row is shown")


@pytest.mark.parametrize("view", ["pseudonymous", "pseudonymous and sealed"])
def test_a_pseudonymous_record_shows_the_drawn_rows_alone(
    full: dict[str, Record], view: str
) -> None:
    record = shown(full[view])
    assert sorted(set(full[view]) - set(record)) == ["sites.jsonl"]
    assert "sites" not in body(record, "opening")["keys"]
    drawn = json.loads(record["outcome.json"])["drawn"]
    assert len(record["openings.jsonl"].splitlines()) == 1 + drawn
    check = found(record)["disclosure"]
    assert check.verdict == "holds"
    assert check.note["en"].startswith("the drawn rows are opened")


def test_an_audit_needs_every_row(full: dict[str, Record]) -> None:
    check = found(shown(full["pseudonymous"]), audit=True)["disclosure"]
    assert check.verdict == "fails"
    assert "an audit needs the full record" in check.note["en"]
    with pytest.raises(VerificationError, match="an audit needs the full record"):
        public.verify(shown(full["pseudonymous"]), now=NOW, known=public.Known(audit=True))


def test_the_closed_rows_are_under_the_same_root(full: dict[str, Record]) -> None:
    """Who audits holds the full record; what was published cannot have been of another one."""
    whole, part = full["pseudonymous"], shown(full["pseudonymous"])
    same = set(part) - {"opening.json", DIGESTS}
    assert all(whole[name] == part[name] for name in same)
    changed = whole["sites.jsonl"].replace("示例检测第0001号".encode(), "另一家".encode())
    after = found(public.seal({**whole, "sites.jsonl": changed}, SIGNER), audit=True)
    assert after["registers"].verdict == "fails"
    assert "private is" in after["registers"].note["en"]


# Sealed records: before, at and after the opening date.


@pytest.fixture(params=SEALED)
def sealed(request: pytest.FixtureRequest, full: dict[str, Record]) -> tuple[Record, Record]:
    """The full record, and what is shown before the date."""
    record = full[request.param]
    return record, shown(record, opened=False)


def test_before_the_date_only_announcement_and_outcome_are_shown(
    sealed: tuple[Record, Record],
) -> None:
    _, record = sealed
    assert sorted(record) == ["announcement.json", DIGESTS, "outcome.json"]
    told = b"".join(record.values())
    assert [f"S{i:04d}" for i in range(45) if f"S{i:04d}".encode() in told] == []


def test_before_the_date_what_can_be_checked_holds(sealed: tuple[Record, Record]) -> None:
    _, record = sealed
    after = found(record, now=BEFORE_DUE)
    holds = {"files", "announcement", "signature", "human", "randomness", "beacon"}
    assert {step for step, check in after.items() if check.verdict == "holds"} == holds
    assert "fails" not in {check.verdict for check in after.values()}
    for step in ("registers", "custodians", "selection", "replacements", "disclosure"):
        assert after[step].note["en"] == "sealed until 2024-12-15"


@pytest.mark.parametrize("late", [0, 1, 86_400])
def test_from_the_date_on_a_closed_record_fails_with_the_names(
    sealed: tuple[Record, Record], late: int
) -> None:
    _, record = sealed
    check = found(record, now=DUE + timedelta(seconds=late))["disclosure"]
    assert check.verdict == "fails"
    assert (
        "was to be opened on 2024-12-15, and is not; custodians: 公证处, 纪检组" in check.note["en"]
    )
    assert "公证处、纪检组" in check.note["zh"]


def test_an_opened_record_holds_before_and_after_its_date(sealed: tuple[Record, Record]) -> None:
    """To show earlier than promised breaks nothing that a verification could judge."""
    full, _ = sealed
    for moment in (BEFORE_DUE, DUE, NOW):
        after = verdicts(shown(full), now=moment)
        assert (after["disclosure"], "fails" in after.values()) == ("holds", False)


def test_what_was_sealed_binds_what_is_opened(sealed: tuple[Record, Record]) -> None:
    full, record = sealed
    assert all(shown(full)[name] == record[name] for name in ("announcement.json", "outcome.json"))


def test_another_outcome_than_the_sealed_one_is_seen(sealed: tuple[Record, Record]) -> None:
    """The outcome binds every list before anybody sees one."""
    full, record = sealed
    told = json.loads(record["outcome.json"])
    for field, wrong in (("drawn", 5), ("chances", "00" * 32)):
        text = record["outcome.json"].replace(
            json.dumps(told[field]).encode(), json.dumps(wrong).encode()
        )
        lying = public.seal({**shown(full), "outcome.json": text}, SIGNER)
        assert "fails" in verdicts(lying).values()


def test_the_opening_left_out_of_an_open_record_is_a_missing_file(full: dict[str, Record]) -> None:
    record = noticed({n: d for n, d in full["open"].items() if n != "opening.json"})
    after = found(record)
    assert after["files"].note["en"] == "opening.json is missing"
    assert after["registers"].verdict == "fails"
    assert "fails" in verdicts(record).values()


@pytest.mark.parametrize("view", VIEWS)
def test_files_that_are_missing_are_named(full: dict[str, Record], view: str) -> None:
    record = shown(full[view])
    names = set(record) & {*ANNOUNCED, *OUTCOME} - {"announcement.json", "outcome.json"}
    for name in sorted(names - ({"opening.json"} if "sealed" in view else set())):
        left = {n: d for n, d in record.items() if n != name}
        assert found(left)["files"].note["en"] == f"{name} is missing"


def test_the_date_is_the_start_of_its_day(full: dict[str, Record]) -> None:
    assert opens_at(public.head_of(full["sealed"]).plan) == DUE
    assert opens_at(public.head_of(full["open"]).plan) is None
