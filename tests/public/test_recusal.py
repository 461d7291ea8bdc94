"""After the draw: the event first, then one seat alone; nothing before it is ever rewritten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from answers import DRAWS, RECORDED, answer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from small_record import (
    ROUND,
    SIGNER,
    body,
    found,
    make,
    names,
    noticed,
    officers,
    rewritten,
    shown,
    verdicts,
)

from fairlot import public
from fairlot._base.errors import Infeasible, InvalidInput, VerificationError
from fairlot.public import beacon, canonical, note
from fairlot.public.lists import csv_rows
from fairlot.public.published import Value

Record = dict[str, bytes]


def seat(record: Record, at: int = 1) -> tuple[str, str]:
    row = csv_rows(record["teams.csv"])[at]
    return row["site_id"], row["officer_id"]


def recused(record: Record, at: int = 1, **changes: Any) -> Record:
    site, officer = seat(record, at)
    given = {"site": site, "officer": officer, "reason": "申请回避", "recorded_at": RECORDED}
    source = changes.pop("source", DRAWS)
    return noticed(public.recuse(record, source, signer=SIGNER, **{**given, **changes}))


def replaced(record: Record, value: Value | None = None) -> Record:
    return noticed(public.replace(record, value or answer(1), signer=SIGNER))


@pytest.fixture(scope="module")
def grown(record: Record) -> Record:
    return replaced(recused(record))


def test_an_event_waits_until_its_randomness_is_out(record: Record) -> None:
    check = found(recused(record))["replacements"]
    assert check.verdict == "not shown"
    assert "event-001 waits for its randomness" in check.note["en"]
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
    assert (told["@spec"], told["event"]) == ("fairlot.draw/v1 event", "recusal")
    assert told["beacon"] == DRAWS.identity()
    assert told["evidence"] == sha256(b"application").hexdigest()
    assert told["outcome"] == sha256(record["outcome.json"]).hexdigest()
    assert (told["number"], told["previous"]) == (1, "")


def test_one_seat_changes_and_its_candidates_are_told_exactly(grown: Record) -> None:
    told = body(grown, "replacement-001")
    site, officer = seat(grown)
    drawn, today = csv_rows(grown["teams.csv"]), public.standing(grown)
    changed = [(was, now) for was, now in zip(drawn, today, strict=True) if was != now]
    assert told["algorithm"] == "replacement/1"
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
    answers = [body(replaced(waits, answer(k)), "replacement-001") for k in range(60)]
    candidates = {each["officer"] for each in answers[0]["candidates"]}
    assert len(candidates) > 1
    # With chances of 1/n each, n <= 6: one is missed in 60 tries with probability below 1.1e-4,
    # and the tries are the same each time.
    assert {answer["officer"] for answer in answers} == candidates


def test_what_witnesses_declare_is_not_shown(grown: Record) -> None:
    after = found(grown)
    assert after["replacements"].verdict == "not shown"
    assert (
        "event-001: the numbers are as 公证员, 记者 declare them"
        in after["replacements"].note["en"]
    )
    assert "fails" not in {check.verdict for check in after.values()}


AN_EARLIER_YEAR = datetime(2023, 8, 23, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def drawn_early() -> Record:
    """A draw from the recorded round 1000, so that the recorded round 9367912 is yet to come."""
    return make(source=beacon.Drand(1000), value=beacon.recorded(1000), at=AN_EARLIER_YEAR)


def test_a_beacon_round_holds(drawn_early: Record) -> None:
    early = datetime(2024, 7, 13, 20, tzinfo=UTC)
    waits = recused(drawn_early, source=beacon.Drand(ROUND), recorded_at=early)
    done = replaced(waits, beacon.recorded(ROUND))
    check = found(done)["replacements"]
    assert (check.verdict, check.note["en"]) == (
        "holds",
        "changes after the draw: 1 (recusals: 1, closures: 0)",
    )
    check = found(done, now=early)["replacements"]
    assert check.verdict == "fails"
    assert "drand:9367912 comes out only in" in check.note["en"]
    with pytest.raises(VerificationError, match="is not by the chain's key"):
        replaced(waits, {**beacon.recorded(1000), "round": ROUND})


def test_the_seed_is_that_of_the_event_and_its_beacon_alone(grown: Record) -> None:
    """Written out with HMAC; custodians have no part in it."""
    import hmac

    def framed(*parts: bytes) -> bytes:
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)

    text = "".join(
        "".join(f"{n}." for n in each["numbers"]) + "/"
        for each in body(grown, "replacement-001")["value"]["draws"]
    )
    identity = canonical.encode(DRAWS.identity())
    material = framed(b"fairlot.draw/v1 beacon", identity, text.encode())
    salt = sha256(grown["event-001.json"]).digest()
    want = hmac.new(salt, material, "sha256").hexdigest()
    assert body(grown, "replacement-001")["seed"] == want


def test_events_follow_each_other(grown: Record) -> None:
    """The newcomer steps back too, and then somebody of another site."""
    site, newcomer = seat(grown)[0], body(grown, "replacement-001")["officer"]
    twice = replaced(
        recused(grown, officer=newcomer, recorded_at=RECORDED + timedelta(days=1)),
        answer(9),
    )
    assert body(twice, "event-002")["previous"] != ""
    third = body(twice, "replacement-002")
    assert third["site"] == site
    assert third["officer"] not in (newcomer, seat(grown)[1])
    assert seat(grown)[1] not in {each["officer"] for each in third["candidates"]}
    more = replaced(recused(twice, at=5, recorded_at=RECORDED + timedelta(days=2)), answer(8))
    assert "fails" not in verdicts(more).values()
    assert [event.number for event in public.read_events(more)] == [1, 2, 3]


def test_two_events_may_wait_and_are_answered_in_order(record: Record) -> None:
    both = recused(recused(record), at=5)
    assert public.waiting(both).number == 1
    once = replaced(both)
    assert public.waiting(once).number == 2
    done = replaced(once, answer(7))
    assert "fails" not in verdicts(done).values()
    with pytest.raises(InvalidInput, match="no event of this record waits"):
        public.waiting(done)


REFUSED: dict[str, tuple[Callable[[Record], Any], str]] = {
    "officer of another site": (
        lambda r: recused(r, site=seat(r, 9)[0]), "is not in the team of site"),
    "id in clear": (lambda r: recused(r, officer="P000"), "officer P000 is not in the team"),
    "round that is out": (
        lambda r: recused(r, source=beacon.Drand(ROUND)), "drand:9367912 came out"),
    "twice the same": (lambda r: recused(recused(r)), "event 1 already says so"),
    "before the announcement": (
        lambda r: recused(r, recorded_at=datetime(2024, 7, 1, tzinfo=UTC)), "before what it follows"),
    "before the event it follows": (
        lambda r: recused(recused(r), at=5, recorded_at=RECORDED - timedelta(seconds=1)),
        "before what it follows"),
    "no reason": (lambda r: recused(r, reason=""), "reason is ''"),
    "reason of two lines": (lambda r: recused(r, reason="a\nb"), "reason is"),
    "nothing waits": (lambda r: public.replace(r, answer(1), signer=SIGNER), "no event of this record"),
    "too few witnesses": (
        lambda r: replaced(recused(r), {**answer(1), "witnesses": ["记者"]}), "two different names"),
    "another kind": (lambda r: replaced(recused(r), beacon.recorded(ROUND)), "has two draws"),
    "another key": (
        lambda r: public.recuse(
            r, DRAWS, site="S", officer="P", reason="r", recorded_at=RECORDED,
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
    twice = replaced(more, answer(9))
    assert body(twice, "replacement-002")["officer"]
    assert list(public.gone(twice)) == [(site, officer)]
    assert "fails" not in verdicts(twice).values()


def test_a_vacant_seat_is_redone_and_shown(short: tuple[Record, int]) -> None:
    record, at = short
    once = replaced(recused(record, at=at))
    team = {row["officer_id"] for row in csv_rows(record["teams.csv"])} - {seat(record, at)[1]}
    for changes in ({"kept_away": {}}, {"officer": min(team)}, {"seat": "expert"}):
        assert verdicts(rewritten(once, "replacement-001", **changes))["replacements"] == "fails"


def test_who_left_a_vacant_seat_gets_no_other_site(short: tuple[Record, int]) -> None:
    record, at = short
    site, officer = seat(record, at)
    more = replaced(recused(record, at=at))
    of_q = {row["site_id"] for row in csv_rows(record["teams.csv"]) if row["officer_id"] == officer}
    later = next(
        i for i, row in enumerate(csv_rows(record["teams.csv"]))
        if row["site_id"] in of_q - {site} and row["officer_id"] != officer
    )  # fmt: skip
    told = body(replaced(recused(more, at=later), answer(9)), "replacement-002")
    assert officer not in {each["officer"] for each in told["candidates"]}


# An authority that cheats: everything is sealed again with its own key.


CHEATS: dict[str, Callable[[Record], Record]] = {
    "another officer drawn": lambda r: rewritten(r, "replacement-001", officer=seat(r, 9)[1]),
    "a candidate left out": lambda r: rewritten(
        r, "replacement-001", candidates=body(r, "replacement-001")["candidates"][1:]),
    "other chances": lambda r: rewritten(
        r, "replacement-001",
        candidates=[{**c, "chance": "1"} for c in body(r, "replacement-001")["candidates"]]),
    "randomness of another kind": lambda r: rewritten(
        r, "replacement-001", value=beacon.recorded(ROUND)),
    "randomness of another draw": lambda r: rewritten(r, "replacement-001", value=answer(2)),
    "randomness gone": lambda r: rewritten(r, "replacement-001", value=[]),
    "another seed": lambda r: rewritten(r, "replacement-001", seed="00" * 32),
    "reason changed afterwards": lambda r: rewritten(r, "event-001", reason="另有安排"),
    "another officer recused": lambda r: rewritten(r, "event-001", officer=seat(r, 9)[1]),
    "randomness changed afterwards": lambda r: rewritten(
        r, "event-001", beacon=beacon.Drand(ROUND + 10**6).identity()),
    "recorded after the round": lambda r: rewritten(
        r, "event-001", beacon=beacon.Drand(ROUND).identity()),
    "no such beacon": lambda r: rewritten(r, "event-001", beacon={"source": "stars"}),
    "a closure instead": lambda r: rewritten(r, "event-001", event="closure", officer=""),
    "of no kind": lambda r: rewritten(r, "event-001", event="mercy"),
    "another version": lambda r: rewritten(r, "event-001", **{"@spec": "fairlot.draw/v0 event"}),
    "a flag for a number": lambda r: rewritten(r, "event-001", number=True),
    "event of another draw": lambda r: rewritten(r, "event-001", outcome="00" * 32),
    "event taken away": lambda r: public.seal(
        {n: d for n, d in r.items() if n != "event-001.json"}, SIGNER),
    "everything taken away but the last": lambda r: public.seal(
        {("event-002.json" if n == "event-001.json" else n): d for n, d in r.items()}, SIGNER),
    "an odd time": lambda r: rewritten(r, "event-001", recorded_at="2024-02-30T09:00:00Z"),
    "numbers for texts": lambda r: rewritten(r, "event-001", site=5),
    "a field more": lambda r: rewritten(r, "event-001", more="x"),
    "no object": lambda r: public.seal({**r, "event-001.json": b"[]\n"}, SIGNER),
    "no answer but nonsense": lambda r: public.seal({**r, "replacement-001.json": b"{}\n"}, SIGNER),
}  # fmt: skip


@pytest.mark.parametrize("name", CHEATS)
def test_every_cheat_fails_at_the_replacements(grown: Record, name: str) -> None:
    after = found(CHEATS[name](grown))
    assert (after["replacements"].verdict, after["teams"].verdict) == ("fails", "holds")
    assert "Error: " not in after["replacements"].note["en"]


@pytest.mark.parametrize("name", ["event-001.json", "replacement-001.json"])
def test_every_changed_character_is_found(grown: Record, name: str) -> None:
    data = grown[name]
    for at in range(0, len(data), 17):
        changed = data[:at] + (b"7" if data[at : at + 1] != b"7" else b"8") + data[at + 1 :]
        after = verdicts({**grown, name: changed})
        assert after["signature"] == after["replacements"] == "fails"
        assert verdicts(public.seal({**grown, name: changed}, SIGNER))["replacements"] == "fails"


@pytest.mark.parametrize("view", ["pseudonymous", "pseudonymous and sealed"])
def test_events_of_other_views_are_made_of_the_full_record(
    full: dict[str, Record], view: str
) -> None:
    """The pseudonyms are those of the view, and the published record replays them without more."""
    done = replaced(recused(full[view]))
    assert verdicts(shown(done))["replacements"] == "not shown"
    assert verdicts(done, audit=True)["disclosure"] == "holds"
    assert seat(done)[0] in names().site_pseudonyms.values()
    with pytest.raises(InvalidInput, match="the full record is needed"):
        public.replace(recused(shown(full[view])), answer(1), signer=SIGNER)


def test_hostile_answers_are_refused_where_they_are_read(grown: Record) -> None:
    """Today's teams are told without a replay: what is read must at least have the form."""
    for changes in ({"officer": None}, {"officer": ["x"]}, {"borrowed": 1}, {"officer": {}}):
        with pytest.raises(
            VerificationError, match=r"replacement-001\.json: is no answer to a recusal"
        ):
            public.standing(rewritten(grown, "replacement-001", **changes))


def test_two_histories_of_one_draw_are_seen(record: Record, grown: Record) -> None:
    waits = recused(record)
    assert verdicts(grown, others=[waits])["unique"] == "not shown"
    fork = recused(record, at=5)
    check = found(grown, others=[fork])["unique"]
    assert check.verdict == "fails"
    assert "two files event-001.json" in check.note["en"]


def test_the_replacement_is_made_of_its_event_alone(record: Record) -> None:
    """Seed and words follow the documentation: another reason, another stream."""
    one = body(replaced(recused(record)), "replacement-001")
    two = body(replaced(recused(record, reason="因病")), "replacement-001")
    assert one["candidates"] == two["candidates"]
    assert one["seed"] != two["seed"]
