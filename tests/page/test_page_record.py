"""A whole record in the page: every step comes to the verdict that ``fairlot verify`` comes to."""

from collections import Counter
from datetime import timedelta
from functools import cache

import pytest
from page_records import (
    LOG,
    NOW,
    OPENS,
    ROUND,
    SALTS,
    SIGNER,
    WITNESS,
    announced,
    answer,
    body,
    closed,
    custodians,
    drawn,
    edited,
    key,
    later,
    logged,
    noticed,
    recused,
    rewritten,
    shown,
    small,
)  # fmt: skip

from fairlot import public
from fairlot._base.errors import InvalidInput
from fairlot.public import beacon, switch
from fairlot.public.custodians import Custodian
from fairlot.public.door_check import check_door
from fairlot.public.door_made import door_of
from fairlot.public.drand import Drand
from fairlot.public.lists import csv_rows
from fairlot.public.local_authority import LocalAuthority
from fairlot.public.seen import Pins
from fairlot.public.stamping import request

SEALED = {"opens": OPENS, "custodians": custodians()}
SHUT = NOW.replace(year=2024, month=8)


@cache
def record(view="open", suite="sha256", roster="small", after=False):
    files = drawn(announced(view, suite, roster=roster))
    return later(files) if after else files


@cache
def sealed(view="open"):
    return drawn(announced(view, **SEALED), salts=SALTS)


def same_verdicts(js, files, now=NOW, pins=None, key=None, audit=False):
    """Assert that the page and the library agree on every step; return the verdicts."""
    pins = pins or Pins()
    known = public.Known(key=key, pins=pins, audit=audit)
    want = public.checks(files, now=now, known=known)
    told = {
        "key": key or "",
        "logs": [pins.log] if pins.log else [],
        "witnesses": list(pins.witnesses),
        "stamps": pins.stamps.decode("ascii"),
        "audit": audit,
    }
    got = js("tests/record.js", "verdicts", files, int(now.timestamp()), told)
    pairs = zip(got, want, strict=True)
    for mine, check in pairs:
        assert (mine["number"], mine["step"]) == (check.number, check.step)
        assert mine["verdict"] == check.verdict, (check.step, mine["note"], check.note)
        assert mine["title"] == dict(zip(("en", "zh"), public.STEPS[check.step], strict=True))
        assert set(mine["note"]) == set(check.note)
    return {check.step: check.verdict for check in want}


def failing(found):
    return {step for step, verdict in found.items() if verdict == "fails"}


@pytest.mark.parametrize("view", ["open", "pseudonymous"])
@pytest.mark.parametrize("suite", ["sha256", "sm3"])
@pytest.mark.parametrize("after", [False, True])
def test_records(js, view, suite, after):
    """As auditors see them, and as the public does."""
    files = record(view, suite, after=after)
    for seen in (files, shown(files)):
        found = same_verdicts(js, seen)
        assert Counter(found.values()) == {"holds": 19, "not shown": 2}


@pytest.mark.parametrize("view", ["open", "pseudonymous"])
def test_the_example(js, view):
    files = record(view, "sha256", "shanghai", after=True)
    assert not failing(same_verdicts(js, shown(files)))


def test_human_input_stands_in_the_announcement(js):
    human = [public.Human("dice", "公证员", "3" * 41), public.Human("hex", "X", "0f" * 16)]
    assert same_verdicts(js, drawn(announced(human=human)))["human"] == "holds"


def test_an_announcement_before_its_draw(js):
    for files in (announced(), shown(announced("pseudonymous"))):
        found = same_verdicts(js, files)
        assert not failing(found)
        assert (found["registers"], found["selection"]) == ("holds", "not shown")
    found = same_verdicts(js, shown(announced(**SEALED), opened=False), now=SHUT)
    assert (failing(found), found["registers"]) == (set(), "not shown")


def test_the_lists_of_a_draw_without_its_outcome(js):
    files = public.seal({n: d for n, d in record().items() if n != "outcome.json"}, SIGNER)
    assert failing(same_verdicts(js, files)) == {"files"}


def test_an_event_that_waits(js):
    rows = csv_rows(record()["teams.csv"])
    files = noticed(recused(record(), rows[0]["site_id"], rows[0]["officer_id"]))
    assert same_verdicts(js, files)["replacements"] == "not shown"


def test_a_seat_that_nobody_can_take(js):
    """Everybody of one bureau steps back, one after the other, until nobody is left."""
    files = record()
    site = csv_rows(files["teams.csv"])[0]["site_id"]
    for _ in range(12):
        officer = next(
            row["officer_id"] for row in public.standing(files) if row["site_id"] == site
        )
        files = answer(recused(files, site, officer))
        if not body(files, f"replacement-{len(public.read_events(files)):03d}")["officer"]:
            break
    else:
        raise AssertionError("somebody could always go")
    assert same_verdicts(js, noticed(files))["replacements"] == "holds"


@pytest.mark.parametrize("share", ["1", "0.3", "0"])
def test_closed_until_as_many_stand_in_as_the_plan_allows(js, share):
    files = drawn(announced(substitutes=share))
    rows = [row for row in csv_rows(files["drawn.csv"]) if row["bureau_id"] == "P"]
    for row in rows:
        files = answer(closed(files, row["site_id"]))
    told = [body(files, f"replacement-{k:03d}") for k in range(1, len(rows) + 1)]
    assert bool(told[0]["substitute"]) == (share != "0")
    assert (told[-1]["substitute"] == "") == (share != "1")
    assert same_verdicts(js, noticed(files))["replacements"] == "holds"


def test_nobody_goes_to_a_site_that_is_closed_or_was_not_drawn(js):
    """Otherwise an authority could have a site of its choice stood in for, and one more drawn."""
    files = later(record())
    gone = body(files, "event-002")["site"]
    away = next(
        row["site_id"] for row in csv_rows(files["probabilities.csv"])
        if row["site_id"] not in {one["site_id"] for one in csv_rows(files["drawn.csv"])}
    )  # fmt: skip
    for site in (gone, away, "S9999"):
        changes = {"officer": ""} if site == gone else {}
        kind = {"event": "closure"} if site == gone else {}
        wrong = rewritten(files, "event-003", site=site, **kind, **changes)
        answered = body(files, "replacement-002" if site == gone else "replacement-003")
        wrong = rewritten(wrong, "replacement-003", **{**answered, "site": site, "number": 3})
        assert "replacements" in failing(same_verdicts(js, wrong))


@pytest.mark.parametrize("view", ["open", "pseudonymous"])
def test_sealed_records(js, view):
    files = sealed(view)
    before, after = shown(files, opened=False), shown(files)
    assert same_verdicts(js, before, SHUT)["disclosure"] == "not shown"
    assert failing(same_verdicts(js, before)) == {"disclosure"}
    assert not failing(same_verdicts(js, after))
    lost = body(after, "opening")["salts"]
    lost.popitem()
    assert failing(same_verdicts(js, rewritten(after, "opening", salts=lost))) == {"custodians"}
    other = dict.fromkeys(lost, "00" * 32) | dict.fromkeys(SALTS, "00" * 32)
    assert failing(same_verdicts(js, rewritten(after, "opening", salts=other))) == {"custodians"}


def test_salts_under_a_time_lock(js):
    """What decrypts is the salt; a ciphertext that does not decrypt counts as zeros."""
    one, two = custodians(locks=["公证处"])
    bad = Custodian(two.name, two.commitment, {"round": ROUND, "ciphertext": "00" * 160})
    files = announced(opens=OPENS, round=1000, custodians=[one, bad])
    files = drawn(files, salts={}, lock=beacon.recorded(ROUND))
    assert not failing(same_verdicts(js, files))
    salts = body(files, "opening")["salts"]
    assert salts == {one.name: SALTS[one.name].hex(), two.name: "00" * 32}
    other = rewritten(files, "opening", salts={**salts, two.name: "01" * 32})
    assert failing(same_verdicts(js, other)) == {"custodians"}


def test_a_lock_that_nobody_opened(js):
    """The salts were handed over; any other would let the one who opens choose the draw."""
    files = announced(opens=OPENS, round=1000, custodians=custodians(locks=SALTS))
    files = drawn(files, salts=SALTS)
    assert same_verdicts(js, files)["custodians"] == "not shown"
    late = rewritten(files, "opening", lock=dict(beacon.recorded(ROUND)))
    assert same_verdicts(js, late)["custodians"] == "holds"
    for more in ({"lock": dict(beacon.recorded(2))}, {"salts": dict.fromkeys(SALTS, "00" * 32)}):
        other = rewritten(files, "opening", **more)
        assert failing(same_verdicts(js, other)) == {"custodians"}


def test_a_lock_around_another_salt_than_the_one_handed_over(js):
    one, two = custodians()
    lock = custodians(locks=SALTS)[0].lock
    files = announced(
        opens=OPENS, round=1000, custodians=[one, Custodian(two.name, two.commitment, lock)]
    )
    files = drawn(files, salts=SALTS)
    assert same_verdicts(js, files)["custodians"] == "not shown"
    late = rewritten(files, "opening", lock=dict(beacon.recorded(ROUND)))
    assert failing(same_verdicts(js, late)) == {"custodians"}


def test_a_lock_that_was_open_already(js):
    files = announced(opens=OPENS, round=1000, custodians=custodians(locks=SALTS))
    held = body(files, "announcement")["custodians"]
    early = [{**each, "lock": {**each["lock"], "round": 1000}} for each in held]
    other = rewritten(drawn(files, salts=SALTS), "announcement", custodians=early)
    assert "announcement" in failing(same_verdicts(js, other))


def test_a_switch_to_a_fallback(js):
    """The announced round did not come out; two witnesses say so."""
    seers = [key(7, "one.example"), key(8, "two.example")]
    files = announced(fallbacks=[Drand(ROUND_AFTER)], witnesses=[each.vkey for each in seers])
    head = public.head_of(files)
    at = NOW.fromtimestamp(head.beacon.time + 1, NOW.tzinfo)
    text = switch.make(
        head.digest.hex(), head.beacon, head.before.fallbacks, at=at, because="no relay gave it"
    ).text()
    for each in seers:
        text = switch.cosign(text, each)
    record = {**drawn(files), "switch.txt": text.encode()}
    record = rewritten(public.seal(record, SIGNER), "outcome", beacon=Drand(ROUND_AFTER).identity())
    assert same_verdicts(js, record)["randomness"] == "fails"
    assert same_verdicts(js, drop(record, "switch.txt"))["randomness"] == "fails"
    alone = edited(record, "switch.txt", "two.example", "six.example")
    assert same_verdicts(js, alone)["randomness"] == "fails"


def test_a_switch_stands_on_witnesses_whom_the_reader_knows(js):
    """Those whom only the announcement names may be the authority; and it was seen in time."""
    seers = [key(n, f"w{n}.example") for n in (7, 8, 9)]
    first, fallback = Drand(1000), Drand(9367912)
    files = announced(round=1000, fallbacks=[fallback], witnesses=[each.vkey for each in seers])
    text = switch.make(
        public.digest_of(files), first, [fallback], at=NOW.fromtimestamp(first.time, NOW.tzinfo),
        because="没有中继给出该轮",
    ).text()  # fmt: skip
    for each in seers[:2]:
        text = switch.cosign(text, each)
    files, source = public.switched(files, text.encode(), SIGNER)
    files = public.draw(files, beacon.recorded(9367912), signer=SIGNER, source=source)
    files = public.seal({**files, "notice.html": b"<p></p>"}, SIGNER)
    known = [each.vkey for each in seers]
    for pinned, verdict in ((known[:2], "holds"), (known[1:], "not shown"), ([], "not shown")):
        assert same_verdicts(js, files, pins=Pins(witnesses=pinned))["randomness"] == verdict
    cosigning = [each.cosigner_vkey for each in seers[:2]]
    assert same_verdicts(js, files, pins=Pins(witnesses=cosigning))["randomness"] == "holds"
    authority = LocalAuthority.make("here", NOW.fromtimestamp(first.time - 86400, NOW.tzinfo))
    early = NOW.fromtimestamp(first.time - 7200, NOW.tzinfo)
    for late, verdict in ((-2, "holds"), (-1.5, "fails"), (-1, "fails")):
        at = NOW.fromtimestamp(fallback.time + late, NOW.tzinfo)
        proofs = {"announcement.tsr": authority.answer(request(files["announcement.json"]), early),
                  "switch.tsr": authority.answer(request(files["switch.txt"]), at)}  # fmt: skip
        seen = public.seal({**files, **proofs}, SIGNER)
        assert same_verdicts(js, seen, pins=Pins(authority.pinned))["time"] == verdict


ROUND_AFTER = 9367912 + 100


def drop(files, name):
    return public.seal({n: d for n, d in files.items() if n != name}, SIGNER)


def first_cell(name, files):
    return files[name].decode().split("\r\n")[1].split(",")[1]


TAMPERED = {
    "a chance": lambda f: edited(f, "probabilities.csv", "weighted", "listed"),
    "a drawn site": lambda f: edited(f, "drawn.csv", first_cell("drawn.csv", f), "S9999"),
    "a choice": lambda f: edited(f, "visits.csv", "False", "True"),
    "a seat": lambda f: edited(f, "teams.csv", "specialist", "officer"),
    "a week": lambda f: edited(f, "schedule.csv", "2024-08-", "2024-09-"),
    "a share": lambda f: edited(f, "coverage.csv", "0.", "1."),
    "a line end": lambda f: edited(f, "coverage.csv", "\r\n", "\n"),
    "no list of teams": lambda f: drop(f, "teams.csv"),
    "no officers": lambda f: drop(f, "officers.jsonl"),
    "no notice": lambda f: drop(f, "notice.html"),
    "no seal": lambda f: {n: d for n, d in f.items() if n != "digests.txt"},
    "a notice after the seal": lambda f: {**f, "notice.html": b"<p></p>\n"},
    "another hand": lambda f: public.seal(f, key(9, "example")),
    "a cell of a site": lambda f: edited(f, "sites.jsonl", '"status":"存续"', '"status":"注销"'),
    "a cell of a person": lambda f: edited(f, "officers.jsonl", '"max_tasks":6', '"max_tasks":7'),
    "a spelling": lambda f: edited(f, "officers.jsonl", '"max_tasks":6', '"max_tasks": 6'),
    "a strange cell": lambda f: edited(f, "officers.jsonl", '"active":true', '"active":"yes"'),
    "a heading": lambda f: edited(f, "officers.jsonl", "v1 officers", "v1 experts"),
    "a row less": lambda f: public.seal(
        {**f, "standings.jsonl": f["standings.jsonl"].rpartition(b"{")[0]}, SIGNER),
    "a table cut short": lambda f: public.seal({**f, "items.jsonl": f["items.jsonl"][:-1]}, SIGNER),
    "an announcement of other bytes": lambda f: edited(f, "announcement.json", '"sequence":1', '"sequence":2'),
    "a plan": lambda f: edited(f, "announcement.json", '"bureau_floor":"0.3"', '"bureau_floor":"0.4"'),
    "a plan that says too much": lambda f: edited(f, "announcement.json", '"margin":', '"marge":1,"margin":'),
    "an older version": lambda f: edited(f, "announcement.json", "v1 announcement", "v0 announcement"),
    "another algorithm": lambda f: edited(f, "announcement.json", "dyadic/1", "dyadic/2"),
    "an announcement after its round": lambda f: rewritten(
        f, "announcement", announced_at="2024-07-14T00:00:00Z"),
    "a day of no calendar": lambda f: rewritten(f, "announcement", announced_at="2024-02-30T00:00:00Z"),
    "no announcement": lambda f: drop(f, "announcement.json"),
    "an announcement of no JSON": lambda f: public.seal({**f, "announcement.json": b"{\n"}, SIGNER),
    "another opening": lambda f: rewritten(f, "opening", announcement="00" * 32),
    "a key": lambda f: rewritten(
        f, "opening", keys={**body(f, "opening")["keys"], "officers": "00" * 32}),
    "a key less": lambda f: rewritten(
        f, "opening", keys={n: k for n, k in body(f, "opening")["keys"].items() if n != "items"}),
    "an outcome of another draw": lambda f: rewritten(f, "outcome", announcement="00" * 32),
    "a round's hash": lambda f: edited(f, "outcome.json", '"randomness":"a6', '"randomness":"b6'),
    "another round": lambda f: rewritten(
        f, "outcome", beacon=Drand(1000).identity(), value=beacon.recorded(1000)),
    "an outcome of no version": lambda f: rewritten(f, "outcome", **{"@spec": ["fairlot.draw/v1 outcome"]}),
    "a count": lambda f: rewritten(f, "outcome", drawn=body(f, "outcome")["drawn"] + 1),
    "chances": lambda f: rewritten(f, "outcome", chances="00" * 32),
    "results": lambda f: rewritten(
        f, "outcome", results={**body(f, "outcome")["results"], "root": "00" * 32}),
    "a field more": lambda f: rewritten(f, "outcome", note=""),
    "an event's reason": lambda f: rewritten(f, "event-002", reason="x"),
    "an event of another draw": lambda f: rewritten(f, "event-001", outcome="00" * 32),
    "an event too late": lambda f: rewritten(f, "event-003", recorded_at="2024-07-14T00:00:00Z"),
    "an event of no kind": lambda f: rewritten(f, "event-003", event="holiday"),
    "an event less": lambda f: drop(f, "event-002.json"),
    "an answer less": lambda f: drop(f, "replacement-002.json"),
    "the last answer less": lambda f: drop(f, "replacement-003.json"),
    "another replacement": lambda f: rewritten(f, "replacement-001", officer="X"),
    "another substitute": lambda f: rewritten(f, "replacement-002", substitute="X"),
    "a hidden candidate": lambda f: rewritten(f, "replacement-003", candidates=[]),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering(js, name):
    """The same steps fail in the page."""
    files = TAMPERED[name](record(after=True))
    found = same_verdicts(js, files)
    assert failing(found) or name in ("no notice", "the last answer less")


OPENED = {
    "a cell": lambda f: edited(f, "openings.jsonl", '"status":"存续"', '"status":"注销"'),
    "a key": lambda f: edited(f, "openings.jsonl", '"key":"', '"key":"00'),
    "a row": lambda f: edited(f, "openings.jsonl", '"row":', '"row":1'),
    "none": lambda f: drop(f, "openings.jsonl"),
    "a private digest": lambda f: edited(f, "standings.jsonl", '"private":"', '"private":"00'),
    "a stand-in's key": lambda f: rewritten(f, "replacement-002", opened={
        **body(f, "replacement-002")["opened"], "key": "00" * 32}),
    "a stand-in unopened": lambda f: rewritten(f, "replacement-002", opened={}),
}  # fmt: skip


@pytest.mark.parametrize("name", OPENED)
def test_tampering_with_what_is_opened(js, name):
    files = OPENED[name](shown(record("pseudonymous", after=True)))
    assert failing(same_verdicts(js, files))


def test_a_forged_signature_of_the_round(js):
    """In its form, with its own hash, but no point of the curve, or not by the chain's key."""
    from hashlib import sha256

    for round in (1000, 1):
        signature = beacon.recorded(round)["signature"]
        value = {
            "round": 9367912, "signature": signature,
            "randomness": sha256(bytes.fromhex(signature)).hexdigest(),
        }  # fmt: skip
        found = same_verdicts(js, rewritten(record(), "outcome", value=value))
        assert failing(found) == {"beacon", "custodians"}


def test_what_the_reader_knows(js):
    """A key, and a clock."""
    assert same_verdicts(js, record(), key=SIGNER.vkey)["signature"] == "holds"
    assert failing(same_verdicts(js, record(), key=LOG.vkey)) == {"signature", "notice"}
    early = public.head_of(record()).beacon.time - 1
    found = same_verdicts(js, record(), NOW.fromtimestamp(early, NOW.tzinfo))
    assert failing(found) == {"beacon"}


def test_an_audit_wants_every_row(js):
    full = record("pseudonymous")
    assert not failing(same_verdicts(js, full, audit=True))
    assert failing(same_verdicts(js, shown(full), audit=True)) == {"disclosure"}
    assert not failing(same_verdicts(js, record(), audit=True))


def test_a_place_in_the_log_shows_the_time(js, tmp_path):
    files, _ = logged(record(after=True), tmp_path)
    pins = Pins(log=LOG.vkey, witnesses=[WITNESS.cosigner_vkey])
    assert same_verdicts(js, files, pins=pins)["time"] == "holds"
    assert same_verdicts(js, files)["time"] == "not shown"
    assert same_verdicts(js, files, pins=Pins(log=LOG.vkey))["time"] == "not shown"
    told = body(files, "announcement.log")
    for change in ({"index": told["index"] + 1}, {"proof": told["proof"][1:]}, {"more": 1}):
        other = rewritten(files, "announcement.log", **change)
        assert same_verdicts(js, other, pins=pins)["time"] == "fails"
    assert same_verdicts(js, drop(files, "event-002.log.json"), pins=pins)["time"] == "not shown"


def test_a_witness_who_came_too_late(js, tmp_path):
    time = public.head_of(record()).beacon.time
    late = NOW.fromtimestamp(time, NOW.tzinfo) - timedelta(minutes=1)
    files, _ = logged(record(), tmp_path, late)
    pins = Pins(log=LOG.vkey, witnesses=[WITNESS.cosigner_vkey])
    assert same_verdicts(js, files, pins=pins)["time"] == "fails"


def test_files_that_no_record_has(js):
    for name in ("notes.txt", "event-000.json", "event-0001.json", "../announcement.json"):
        with pytest.raises(InvalidInput, match="does not belong to a record"):
            js("tests/record.js", "verdicts", {**record(), name: b""}, 0, {})


# One site, one door proof, two checkpoints


@pytest.mark.parametrize("view", ["open", "pseudonymous"])
def test_one_site(js, view):
    """Its leaf and its result lead to the roots that the record publishes."""
    files = shown(record(view, after=True))
    teams = public.standing(files)
    chances = {row["site_id"]: row for row in csv_rows(files["probabilities.csv"])}
    drawn = {row["site_id"]: row for row in csv_rows(files["drawn.csv"])}
    weeks = {row["site_id"]: row for row in csv_rows(files["schedule.csv"])}
    away, back = (body(files, "event-002")["site"], body(files, "replacement-002")["substitute"])
    ids = [*sorted(drawn)[:2], away, back, *sorted(set(chances) - set(drawn))[:2]]
    for site, got in zip(
        ids, js("tests/record.js", "sites", files, 1_800_000_000, ids), strict=True
    ):
        assert (got["found"], got["site"]) == (True, site)
        assert got["chance"]["numerator"] == chances[site]["numerator"]
        assert got["chance"]["pi"] == chances[site]["pi"]
        assert got["outcome"] == outcome(site, drawn, chances)
        assert got["week"] == (week_of(weeks[site]) if site in weeks else None)
        assert got["team"] == [
            {"seat": t["seat"], "officer": t["officer_id"], "borrowed": t["borrowed"] == "True"}
            for t in teams if t["site_id"] == site
        ]  # fmt: skip
        assert (got["private"] is None) == (view == "pseudonymous" and site not in {*drawn, back})
        in_tree(got["leaf"], got["roster"], body(files, "announcement")["registers"]["sites"])
        in_tree(got["result"]["leaf"], got["result"], body(files, "outcome")["results"])
    assert got["changes"] == []


def outcome(site, drawn, chances):
    if site in drawn:
        return "drawn"
    return "not drawn" if chances[site]["numerator"] != "0" else "excluded"


def week_of(row):
    return {name: row[name] if name in ("first", "last") else int(row[name])
            for name in ("week", "first", "last", "place")}  # fmt: skip


def in_tree(leaf, place, told):
    from fairlot.public import merkle

    assert (place["size"], place["root"]) == (told["rows"], told["root"])
    proof = [bytes.fromhex(each) for each in place["proof"]]
    merkle.verify_inclusion(
        bytes.fromhex(leaf), place["index"], place["size"], proof, bytes.fromhex(place["root"])
    )


def test_the_tickets_of_a_site_are_what_the_draw_consumed(js):
    files = record()
    head = public.open_announced(files)
    root = head.seed(*public.value_of(files))
    from fairlot.public.stream import subkey

    leaves = head.leaves["sites"]
    tickets = public.Tickets(subkey(root, "select"), leaves)
    words = [tickets.words(len(leaves)) for _ in range(5)]
    (got,) = js("tests/record.js", "sites", files, 1_800_000_000, ["S0003"])
    assert got["tickets"] == [f"{int(column[3]):016x}" for column in words]


def test_a_site_that_is_not_there(js):
    assert (
        js("tests/record.js", "sites", record(), 1_800_000_000, ["S9999", ""])
        == [{"found": False}] * 2
    )


def same_door(js, data, announcement=None, outcome=None, pins=None, now=NOW):
    """Assert that both check a door proof alike, word for word where it holds."""
    pins = pins or Pins()
    want = check_door(
        data, announcement=announcement, outcome=outcome, log=pins.log, witnesses=pins.witnesses,
        now=now,
    )  # fmt: skip
    known = {"announcement": announcement, "outcome": outcome, "now": int(now.timestamp()),
             "logs": [pins.log] if pins.log else [], "witnesses": list(pins.witnesses)}  # fmt: skip
    got = js("record/door_check.js", "checkDoor", data, known)["steps"]
    for mine, check in zip(got, want, strict=True):
        assert (mine["number"], mine["step"], mine["verdict"]) == (
            check.number, check.step, check.verdict
        ), (mine, check)  # fmt: skip
        if check.verdict == "holds" and check.step != "witnesses":
            assert str(mine["note"]).lower() == str(check.note).lower()  # True here, true there
    return {check.step: check.verdict for check in want}


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """The proof of a visited site whose team was changed, its record and its log."""
    files, log = logged(record("pseudonymous", after=True), tmp_path_factory.mktemp("door"))
    names = public.Names.of(small(), bytes(32))
    site = csv_rows(files["teams.csv"])[2]["site_id"]
    return door_of(files, site, names=names, log=log, now=NOW), files


def test_door_proofs(js, door):
    data, files = door
    pins = Pins(log=LOG.vkey, witnesses=[WITNESS.cosigner_vkey])
    told = files["announcement.json"], files["outcome.json"]
    assert "fails" not in same_door(js, data).values()
    assert "fails" not in same_door(js, data, *told, pins).values()
    assert same_door(js, data, pins=pins)["witnesses"] == "holds"
    other = record("open")
    found = same_door(js, data, other["announcement.json"], other["outcome.json"])
    assert failing(found) == {"announced", "outcome"}


def test_a_door_proof_of_a_draw_that_is_sealed(js):
    """Whether it is open says the announcement, and the reader's clock."""
    files, due = sealed(), NOW.fromisoformat(f"{OPENS}T00:00:00+00:00")
    told, site = files["announcement.json"], csv_rows(files["drawn.csv"])[0]["site_id"]
    called_open = door_of(files, site, now=due)
    called_sealed = door_of(files, site, now=SHUT, provisional=True)
    for data, early, late in ((called_open, "fails", "holds"),
                              (called_sealed, "not shown", "not shown")):  # fmt: skip
        assert same_door(js, data, now=due)["final"] == "not shown"
        assert same_door(js, data, told, now=due - timedelta(seconds=1))["final"] == early
        assert same_door(js, data, told, now=due)["final"] == late
    honest = door_of(record(), csv_rows(record()["drawn.csv"])[0]["site_id"], now=NOW)
    lying = honest.replace(b'"provisional":false', b'"provisional":true')
    assert same_door(js, lying, record()["announcement.json"])["final"] == "fails"


DOORS = (
    (b'"drawn"', b'"not drawn"'), (b'"week":', b'"week":1'), (b'"index":', b'"index":1'),
    (b'"salt":"', b'"salt":"0'), (b'"pseudonym":"', b'"pseudonym":"A'), (b'"suite":"sha256"', b'"suite":"sm3"'),
    (b'"view":"pseudonymous"', b'"view":"other"'), (b'"rows":45', b'"rows":46'),
    (b'"provisional":false', b'"provisional":true'), (b'"provisional":false', b'"provisional":0'),
    (b'"sequence":1', b'"sequence":2'), (b'"results":"', b'"results":"0'), (b"}\n", b"}"),
    (b'"team":[', b'"team":[{},'), (b'"task":"', b'"task":" '), (b'"round_time":', b'"round_time":1'),
    (b'"public":["', b'"public":["0'), (b'"private":"', b'"private":"0'), (b'"log":{', b'"log":{"a":1,'),
    (b'"changes":[', b'"changes":[1'),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new"), DOORS)
def test_door_proofs_that_were_altered(js, door, old, new):
    data, files = door
    pins = Pins(log=LOG.vkey, witnesses=[WITNESS.cosigner_vkey])
    same_door(js, data.replace(old, new), pins=pins)
    same_door(js, data.replace(old, new, 1), files["announcement.json"], files["outcome.json"])


def test_checkpoints(js):
    """One log that grew, the same one twice, two stories, another log, and nobody's word."""
    from fairlot.public import merkle
    from fairlot.public.checkpoint import Checkpoint, sign_checkpoint

    leaves = [merkle.leaf_hash(bytes([k])) for k in range(7)]
    roots = {n: merkle.root(leaves[:n]) for n in (3, 7)}

    def noted(size, root, signer=LOG):
        return sign_checkpoint(Checkpoint(signer.name, size, root), signer)

    def compared(one, two, proof=None, keys=(LOG.vkey, WITNESS.cosigner_vkey)):
        hashes = proof and [each.hex() for each in proof]
        given = {"one": one, "two": two, "proof": hashes, "keys": list(keys)}
        return js("record/compare.js", "compare", given)["verdict"]

    small, large = noted(3, roots[3]), noted(7, roots[7])
    proof = merkle.consistency_proof(merkle.levels(leaves), 3)
    assert compared(small, large, proof) == compared(large, small, proof) == "holds"
    assert compared(small, large) == "not shown"
    assert compared(small, small) == "holds"
    assert compared(small, noted(3, roots[7])) == "fails"
    assert compared(small, large, proof[1:]) == "fails"
    assert compared(small, noted(7, roots[3]), proof) == "fails"
    assert compared(small, large, proof, keys=[]) == "not shown"
    with pytest.raises(InvalidInput, match="two logs"):
        compared(small, noted(7, roots[7], WITNESS))
