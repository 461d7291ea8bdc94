"""After the draw: the event first, then one seat alone; nothing before it is ever rewritten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from small_record import NOW, ROUND, SIGNER, make, names, officers
from test_draw import verdicts, with_digests

from fairlot import public
from fairlot._base.errors import Infeasible, InvalidInput, VerificationError
from fairlot.public import beacon, canonical, note
from fairlot.public.lists import csv_rows
from fairlot.report import notice

Record = dict[str, bytes]

RECORDED = datetime(2024, 7, 20, 9, tzinfo=UTC)
DICE = {"dice": "0123456789" * 4}


def seat(record: Record, at: int = 1) -> tuple[str, str]:
    row = csv_rows(record["teams.csv"])[at]
    return row["site_id"], row["officer_id"]


def recused(record: Record, at: int = 1, **changes: Any) -> Record:
    site, officer = seat(record, at)
    given = {"site": site, "officer": officer, "reason": "申请回避", "recorded_at": RECORDED}
    source = changes.pop("source", beacon.Declared("dice"))
    grown = public.recuse(record, source, signer=SIGNER, **{**given, **changes})
    return public.seal({**grown, "notice.html": b"<p></p>\n"}, SIGNER)


def replaced(record: Record, value: beacon.Value = DICE) -> Record:
    grown = public.replace(record, value, signer=SIGNER)
    return public.seal({**grown, "notice.html": b"<p></p>\n"}, SIGNER)


def body(record: Record, name: str) -> dict[str, Any]:
    told = canonical.decode(record[f"{name}.json"][:-1], limit=1 << 20)
    assert isinstance(told, dict)
    return told


@pytest.fixture(scope="module")
def grown(record: Record) -> Record:
    return replaced(recused(record))


def test_an_event_waits_until_its_randomness_is_out(record: Record) -> None:
    found = {c.step: c for c in public.checks(recused(record), now=NOW)}
    assert found["replacements"].verdict == "not shown"
    assert "event-001 waits for its randomness" in found["replacements"].note["en"]
    assert verdicts(record)["replacements"] == "holds"


def test_everything_before_the_event_stays(record: Record, grown: Record) -> None:
    before = {
        name: data for name, data in record.items() if name not in ("notice.html", "digests.txt")
    }
    assert {name: grown[name] for name in before} == before
    assert sorted(grown.keys() - record.keys()) == ["event-001.json", "replacement-001.json"]


def test_the_event_says_what_why_and_what_comes(record: Record) -> None:
    told = body(recused(record, evidence=b"application"), "event-001")
    site, officer = seat(record)
    assert (told["site"], told["officer"], told["reason"]) == (site, officer, "申请回避")
    assert told["recorded_at"] == "2024-07-20T09:00:00Z"
    assert told["randomness"] == {"source": "dice", "declared_by": ""}
    assert len(told["evidence"]) == 64
    assert told["previous"] == ""


def test_one_seat_changes_and_its_candidates_are_told_exactly(grown: Record) -> None:
    told = body(grown, "replacement-001")
    site, officer = seat(grown)
    drawn, today = csv_rows(grown["teams.csv"]), public.standing(grown)
    changed = [(was, now) for was, now in zip(drawn, today, strict=True) if was != now]
    assert [(was["officer_id"], now["officer_id"]) for was, now in changed] == [
        (officer, told["officer"])
    ]
    assert changed[0][0]["site_id"] == told["site"] == site
    assert told["original"] == officer
    chances = {each["officer"]: Fraction(each["chance"]) for each in told["candidates"]}
    assert sum(chances.values()) == 1
    assert told["officer"] in chances
    team = {row["officer_id"] for row in drawn if row["site_id"] == site}
    assert not team & chances.keys()


def test_other_randomness_reaches_every_candidate(record: Record) -> None:
    waits = recused(record)
    answers = [body(replaced(waits, {"dice": f"{k:040d}"}), "replacement-001") for k in range(60)]
    candidates = {each["officer"] for each in answers[0]["candidates"]}
    assert len(candidates) > 1
    # With chances of 1/n each, n <= 6: one is missed in 60 tries with probability below 1.1e-4,
    # and the tries are the same each time.
    assert {answer["officer"] for answer in answers} == candidates


def test_declared_randomness_is_not_shown(grown: Record) -> None:
    found = {c.step: c for c in public.checks(grown, now=NOW)}
    assert found["replacements"].verdict == "not shown"
    assert "the digits are as the authority declares them" in found["replacements"].note["en"]
    assert "fails" not in {c.verdict for c in found.values()}


def test_a_beacon_round_holds(record: Record) -> None:
    """The draw is from dice here, so that the recorded round can be the event's."""
    drawn = make(source=beacon.Declared("dice"), value=DICE)
    early = datetime(2024, 7, 13, 20, tzinfo=UTC)
    waits = recused(drawn, source=beacon.Drand(ROUND), recorded_at=early)
    found = {c.step: c for c in public.checks(replaced(waits, beacon.recorded(ROUND)), now=NOW)}
    assert found["replacements"].verdict == "holds"
    assert "seats drawn anew: 1" in found["replacements"].note["en"]


def test_events_follow_each_other(grown: Record) -> None:
    """The newcomer steps back too, and then somebody of another site."""
    site, newcomer = seat(grown)[0], body(grown, "replacement-001")["officer"]
    twice = replaced(
        recused(grown, officer=newcomer, recorded_at=RECORDED + timedelta(days=1)),
        {"dice": "9" * 40},
    )
    assert body(twice, "event-002")["previous"] != ""
    third = body(twice, "replacement-002")
    assert third["site"] == site
    assert third["officer"] not in (newcomer, seat(grown)[1])
    assert seat(grown)[1] not in {each["officer"] for each in third["candidates"]}
    more = replaced(
        recused(twice, at=5, recorded_at=RECORDED + timedelta(days=2)), {"dice": "8" * 40}
    )
    found = verdicts(more)
    assert "fails" not in found.values()
    assert [event.number for event in public.read_events(more)] == [1, 2, 3]


def test_two_events_may_wait_and_are_answered_in_order(record: Record) -> None:
    both = recused(recused(record), at=5)
    assert public.waiting(both).number == 1
    once = replaced(both)
    assert public.waiting(once).number == 2
    done = replaced(once, {"dice": "7" * 40})
    assert "fails" not in verdicts(done).values()
    with pytest.raises(InvalidInput, match="no event of this record waits"):
        public.waiting(done)


def test_the_notice_tells_both_names_and_the_reason(grown: Record) -> None:
    page = notice(grown)
    told = body(grown, "replacement-001")
    row = page[page.index(f">{told['officer']}<") :][:600]
    assert told["original"] in row
    assert "申请回避" in row
    assert "原抽中" in row
    waits = notice(recused(grown, at=5))
    assert "待重抽" in waits
    assert "to be drawn anew" in waits


REFUSED: dict[str, tuple[Callable[[Record], Any], str]] = {
    "officer of another site": (
        lambda r: recused(r, site=seat(r, 9)[0]), "is not in the team of site"),
    "id in clear": (lambda r: recused(r, officer="P000"), "officer P000 is not in the team"),
    "round that is out": (
        lambda r: recused(r, source=beacon.Drand(ROUND)), "round 9367912 came out"),
    "twice the same": (lambda r: recused(recused(r)), "event 1 already says so"),
    "before the announcement": (
        lambda r: recused(r, recorded_at=datetime(2024, 7, 1, tzinfo=UTC)), "before what it follows"),
    "before the event it follows": (
        lambda r: recused(recused(r), at=5, recorded_at=RECORDED - timedelta(seconds=1)),
        "before what it follows"),
    "no reason": (lambda r: recused(r, reason=""), "reason is ''"),
    "reason of two lines": (lambda r: recused(r, reason="a\nb"), "reason is"),
    "nothing waits": (lambda r: public.replace(r, DICE, signer=SIGNER), "no event of this record"),
    "too few dice": (lambda r: replaced(recused(r), {"dice": "12"}), "dice: got 2 digits"),
    "another kind": (lambda r: replaced(recused(r), {"hex": "ab" * 16}), "one text named dice"),
    "another key": (
        lambda r: public.recuse(
            r, beacon.Declared("dice"), site="S", officer="P", reason="r", recorded_at=RECORDED,
            signer=note.Signer("example", Ed25519PrivateKey.from_private_bytes(bytes(32)))),
        "the signing key is"),
    "a record that was changed": (
        lambda r: recused({**r, "drawn.csv": b"x"}), "drawn.csv differs from the digest"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(record: Record, name: str) -> None:
    work, told = REFUSED[name]
    with pytest.raises((InvalidInput, VerificationError), match=told):
        work(record)


@pytest.fixture(scope="module")
def short() -> tuple[Record, int]:
    """With two officers in bureau Q nobody can step in; and the row of one of them."""
    few = officers()
    few = few[(few["bureau_id"] != "Q") | few["officer_id"].isin(["P001", "P004"])].assign(
        max_tasks=40, skills="食品检验;水质;建筑材料;计量校准"
    )
    record = make(officers=few)
    at = next(i for i, row in enumerate(csv_rows(record["teams.csv"]))
              if names().clear[row["officer_id"]].id in ("P001", "P004"))  # fmt: skip
    return record, at


def test_nobody_is_an_outcome_and_the_next_event_goes_on(short: tuple[Record, int]) -> None:
    record, at = short
    waits = recused(record, at=at)
    site, officer = seat(record, at)
    assert list(public.gone(waits)) == [(site, officer)]
    error = public.nobody_for(waits, public.waiting(waits))
    assert isinstance(error, Infeasible)
    once = replaced(waits)
    told = body(once, "replacement-001")
    assert (told["officer"], told["candidates"], told["original"]) == ("", [], officer)
    assert told["kept_away"] == error.facts["kept_away"]
    assert [len(who) for who in told["kept_away"].values()] == [1]
    assert public.standing(once) == csv_rows(record["teams.csv"])
    assert list(public.gone(once)) == [(site, officer)]
    other = next(
        i for i, row in enumerate(csv_rows(record["teams.csv"])) if row["site_id"] != site
        and names().clear[row["officer_id"]].id not in ("P001", "P004")
    )  # fmt: skip
    more = recused(once, at=other)
    assert public.nobody_for(more, public.waiting(more)) is None
    twice = replaced(more, {"dice": "9" * 40})
    assert body(twice, "replacement-002")["officer"]
    assert list(public.gone(twice)) == [(site, officer)]
    assert "fails" not in verdicts(twice).values()


def test_a_vacant_seat_is_redone_and_shown(short: tuple[Record, int]) -> None:
    record, at = short
    once = replaced(recused(record, at=at))
    page = notice(once)
    assert "席位空缺" in page
    assert "待重抽" not in page
    team = {row["officer_id"] for row in csv_rows(record["teams.csv"])} - {seat(record, at)[1]}
    for changes in ({"kept_away": {}}, {"officer": min(team)}, {"seat": "expert"}):
        assert verdicts(resealed(once, "replacement-001", **changes))["replacements"] == "fails"


def test_who_left_a_vacant_seat_gets_no_other_site(short: tuple[Record, int]) -> None:
    record, at = short
    site, officer = seat(record, at)
    more = replaced(recused(record, at=at))
    of_q = {row["site_id"] for row in csv_rows(record["teams.csv"]) if row["officer_id"] == officer}
    later = next(
        i for i, row in enumerate(csv_rows(record["teams.csv"]))
        if row["site_id"] in of_q - {site} and row["officer_id"] != officer
    )  # fmt: skip
    told = body(replaced(recused(more, at=later), {"dice": "9" * 40}), "replacement-002")
    assert officer not in {each["officer"] for each in told["candidates"]}


# An authority that cheats: everything is sealed again with its own key.


def resealed(record: Record, name: str, **changes: Any) -> Record:
    told = {**body(record, name), **changes}
    return public.seal({**record, f"{name}.json": canonical.encode(told) + b"\n"}, SIGNER)


CHEATS: dict[str, Callable[[Record], Record]] = {
    "another officer drawn": lambda r: resealed(r, "replacement-001", officer=seat(r, 9)[1]),
    "a candidate left out": lambda r: resealed(
        r, "replacement-001", candidates=body(r, "replacement-001")["candidates"][1:]),
    "other chances": lambda r: resealed(
        r, "replacement-001",
        candidates=[{**c, "chance": "1"} for c in body(r, "replacement-001")["candidates"]]),
    "randomness of another kind": lambda r: resealed(
        r, "replacement-001", randomness={"hex": "ab" * 16}),
    "randomness gone": lambda r: resealed(r, "replacement-001", randomness=[]),
    "reason changed afterwards": lambda r: resealed(r, "event-001", reason="另有安排"),
    "another officer recused": lambda r: resealed(r, "event-001", officer=seat(r, 9)[1]),
    "randomness changed afterwards": lambda r: resealed(
        r, "event-001", randomness=beacon.Declared("hex", "me").identity()),
    "recorded after the round": lambda r: resealed(
        r, "event-001", randomness=beacon.Drand(ROUND).identity()),
    "event of another draw": lambda r: resealed(r, "event-001", outcome="00" * 32),
    "event taken away": lambda r: public.seal(
        {n: d for n, d in r.items() if n != "event-001.json"}, SIGNER),
    "everything taken away but the last": lambda r: public.seal(
        {("event-002.json" if n == "event-001.json" else n): d for n, d in r.items()}, SIGNER),
    "an odd time": lambda r: resealed(r, "event-001", recorded_at="2024-02-30T09:00:00Z"),
    "numbers for texts": lambda r: resealed(r, "event-001", site=5),
    "a field more": lambda r: resealed(r, "event-001", more="x"),
    "no object": lambda r: public.seal({**r, "event-001.json": b"[]\n"}, SIGNER),
    "no answer but nonsense": lambda r: public.seal({**r, "replacement-001.json": b"{}\n"}, SIGNER),
}  # fmt: skip


@pytest.mark.parametrize("name", CHEATS)
def test_every_cheat_fails_at_the_replacements(grown: Record, name: str) -> None:
    found = verdicts(CHEATS[name](grown))
    assert found["replacements"] == "fails"
    assert found["teams"] == "holds"


@pytest.mark.parametrize("name", ["event-001.json", "replacement-001.json"])
def test_every_changed_character_is_found_without_the_key(grown: Record, name: str) -> None:
    data = grown[name]
    for at in range(0, len(data), 17):
        changed = data[:at] + (b"7" if data[at : at + 1] != b"7" else b"8") + data[at + 1 :]
        found = verdicts(with_digests({**grown, name: changed}))
        assert found["signature"] == found["replacements"] == "fails"


def test_two_histories_of_one_draw_are_seen(record: Record, grown: Record) -> None:
    waits = recused(record)
    assert verdicts(grown, others=[waits])["unique"] == "not shown"
    fork = recused(record, at=5)
    found = {c.step: c for c in public.checks(grown, now=NOW, others=[fork])}
    assert found["unique"].verdict == "fails"
    assert "two files event-001.json" in found["unique"].note["en"]


def test_the_replacement_is_made_of_its_event_alone(record: Record) -> None:
    """Seed and words follow the documentation: another reason, another stream."""
    one = body(replaced(recused(record)), "replacement-001")
    two = body(replaced(recused(record, reason="因病")), "replacement-001")
    assert one["candidates"] == two["candidates"]
    assert one["seed"] != two["seed"]
