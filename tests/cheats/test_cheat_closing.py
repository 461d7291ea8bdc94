"""It declares a drawn site closed, to reach its rival by the substitute, or to spare a friend."""

from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from world import (
    FIRST,
    LAST,
    LATER,
    LOG,
    NOW,
    OFFICE,
    PINS,
    SITES,
    Books,
    Row,
    announce,
    beacon,
    body_of,
    drawn,
    failing,
    list_of,
    moment,
    noticed,
    plan,
    public,
    rounds,
    share,
    stamped,
    tries,
    verdicts,
)

from fairlot._base.errors import InvalidInput
from fairlot.planning.substitute import candidates, substitute
from fairlot.public import canonical
from fairlot.public.announced import open_announced
from fairlot.public.log_read import read_log
from fairlot.public.outcome import decide
from fairlot.public.sightings import sightings
from fairlot.public.suite import SHA256
from fairlot.public.watch import watch

LEFT = len(SITES) - 4
"""Sites of the cell that were not drawn: each stands in with the chance 1/8."""
CHOICE = (LATER, LAST)
TRIES = 10


@cache
def record(substitutes: str = "0.1"):
    return stamped(drawn(announce(substitutes=substitutes)), moment(FIRST, -3600))


def closed(files, source, site=""):
    """Close a drawn site (the first, if none is named) and have ``source`` answer it."""
    told = {"site": site or min(list_of(files)), "reason": "现场无人", "signer": OFFICE}
    event = public.close(files, source, recorded_at=moment(FIRST, 60), **told)
    made = public.replace(event, beacon.recorded(source.round), signer=OFFICE)
    number = sum(name.startswith("event") and name.endswith("json") for name in made)
    return stamped(noticed(made), moment(FIRST, 61), f"event-{number:03d}")


def in_turn(steps: int) -> list[Fraction]:
    """The chance to have reached one certain site after 1, 2, … closures, one after the other."""
    quotas = decide(open_announced(announce()))
    chances, miss, out = [], Fraction(1), {0, 1, 2, 3}
    for closing in range(steps):
        found = candidates(quotas.frame, out, closing)
        miss *= 1 - found.chances[-1]
        out.add(found.index[0])
        chances.append(1 - miss)
    return chances


@cache
def reached():
    """How often one of ten events, each with its own round, has the rival stand in."""
    found = candidates(decide(open_announced(announce())).frame, {0, 1, 2, 3}, 0)
    words = [int.from_bytes(value[:8], "big") for value in rounds(300 * TRIES)]
    hits = np.array([substitute(found, word) == found.index[-1] for word in words])
    return share([*hits.reshape(300, TRIES).any(axis=1)])


def row(folder: Path) -> Row:
    before, error = reached()
    return Row("declares a site closed, and picks among ten stamped events with rounds of their own",
               "a chosen rival stands in", 1 / LEFT, before, 1 / LEFT,
               "`time` fails for an event that came after its round; `watch`, given the record's "
               "events: flag `slipped`, the others were logged and are not in it; stamps alone "
               "do not show them", error)  # fmt: skip


def row_in_turn(folder: Path) -> Row:
    reach = in_turn(4)
    return Row("declares one site closed after the other, until the substitute is the right one",
               "a chosen rival stands in (four closures)", 1 / LEFT, float(reach[-1]),
               float(reach[bound() - 1]),
               "beyond the plan's tenth of a bureau's drawn sites (here one) a closure brings no "
               "substitute; one that was written all the same: `replacements` fails")  # fmt: skip


def row_friend(folder: Path) -> Row:
    return Row("declares the drawn site of a friend closed", "a chosen friend is not visited",
               2 / 3, 1.0, 1.0,
               "not refused: the closure is public, and the friend must stay closed to be believed")  # fmt: skip


def test_ten_rounds_to_choose_from():
    before, error = reached()
    assert abs(before - tries(TRIES, 1 / LEFT)) <= error


def test_two_rounds_give_two_substitutes_and_both_records_hold():
    """A stamp of both beforehand does not tell which of them was to count."""
    pairs = ([closed(record(), source, site) for source in CHOICE] for site in list_of(record()))
    both = next(pair for pair in pairs if len(set(map(stands_in, pair))) == 2)
    for files in both:
        assert failing(files) == []
        assert verdicts(files)["time"].verdict == "holds"


def stands_in(files):
    return body_of(files, "replacement-001.json")["substitute"]


def test_laid_side_by_side_they_are_a_fork():
    one, two = (closed(record(), source) for source in CHOICE)
    assert failing(one, others=[two]) == ["unique"]


def test_the_event_that_the_log_has_and_the_record_has_not(tmp_path):
    one, two = (closed(record(), source) for source in CHOICE)
    books = Books.new(tmp_path).enter(one, ["announcement"], moment(FIRST, -3600))
    for files, names in ((one, ["outcome", "event-001"]), (two, ["event-001"])):
        books.enter(files, names, moment(FIRST, 61))
    assert slipped(books, one) == [(0, 3)]
    assert slipped(books, two) == [(0, 2)]


def test_an_honest_event_leaves_no_mark(tmp_path):
    files = closed(record(), LATER)
    books = Books.new(tmp_path).enter(files, ["announcement"], moment(FIRST, -3600))
    books.enter(files, ["outcome", "event-001"], moment(FIRST, 61))
    assert slipped(books, files) == []


def test_while_a_draw_is_sealed_its_logged_events_are_no_mark(tmp_path):
    """They are compared when it is opened."""
    salts = {"甲": bytes(32), "乙": bytes([1]) * 32}
    held = [public.Custodian(n, public.commitment(n, s, SHA256), {}) for n, s in salts.items()]
    files = announce(opens="2024-06-01", before=public.Before(custodians=held, log=LOG.name))
    full = closed(stamped(drawn(files, salts=salts), moment(FIRST, -3600)), LATER)
    books = Books.new(tmp_path).enter(full, ["announcement"], moment(FIRST, -3600))
    books.enter(full, ["outcome", "event-001"], moment(FIRST, 61)).seen(moment(LATER, 60))
    sealed, opened = (
        public.published(full, plan(opens="2024-06-01"), OFFICE, opened=each) for each in (0, 1)
    )
    assert "event-001.json" not in sealed
    early = datetime(2024, 1, 1, tzinfo=UTC)
    assert verdicts(sealed, books.folder, now=early)["unique"].verdict == "holds"
    assert verdicts(opened, books.folder, now=early)["unique"].verdict == "holds"
    less = {name: data for name, data in opened.items() if "-001" not in name}
    found = verdicts(noticed(less), books.folder, now=early)["unique"]
    assert (found.verdict, "are not in the record" in found.note["en"]) == ("fails", True)


def slipped(books, files):
    log = read_log(books.folder)
    seen = sightings([log.note, *log.earlier], witnesses=PINS.witnesses, vkey=PINS.log)
    told = {public.digest_of(files): [each.digest.hex() for each in public.read_events(files)]}
    return [flag.entries for flag in watch(log, now=NOW, events=told, sightings=seen)
            if flag.kind == "slipped"]  # fmt: skip


def test_an_event_that_is_written_when_its_round_is_out():
    made = public.close(record(), LATER, site=min(list_of(record())), reason="现场无人",
                        recorded_at=moment(FIRST, 60), signer=OFFICE)  # fmt: skip
    late = noticed(public.replace(made, beacon.recorded(LATER.round), signer=OFFICE))
    assert verdicts(late)["time"].verdict == "not shown"
    assert failing(stamped(late, moment(LATER, 60), "event-001")) == ["time"]


def test_what_nobody_saw_does_not_hide_what_was_seen_late():
    bare = {name: data for name, data in record().items() if name != "announcement.tsr"}
    late = stamped(closed(public.seal(bare, OFFICE), LATER), moment(LATER, 60), "event-001")
    assert failing(late) == ["time"]


def test_a_substitute_that_was_not_drawn():
    files = closed(record(), LATER)
    body = body_of(files, "replacement-001.json")
    other = next(each["site"] for each in body["candidates"] if each["site"] != body["substitute"])
    said, liked = (f'"substitute":"{one}"'.encode() for one in (body["substitute"], other))
    forged = files["replacement-001.json"].replace(said, liked)
    assert failing(public.seal({**files, "replacement-001.json": forged}, OFFICE)) == [
        "replacements"
    ]


def test_an_answer_under_another_round_than_the_event_names():
    files, other = (closed(record(), source) for source in CHOICE)
    mixed = {**files, "replacement-001.json": other["replacement-001.json"]}
    assert "replacements" in failing(public.seal(mixed, OFFICE))


def bound() -> int:
    """How many closures of this world bring a substitute."""
    return int(body_of(closed(record(), LATER), "replacement-001.json")["allowed"])


def two_in_turn(substitutes: str = "0.1"):
    """The first drawn site is closed, and then whoever stands in for it."""
    files = closed(record(substitutes), LATER)
    return closed(files, LAST, stands_in(files))


def test_one_closure_after_the_other_brings_no_second_substitute():
    assert in_turn(4) == [Fraction(k, LEFT) for k in (1, 2, 3, 4)]
    files = two_in_turn()
    told = body_of(files, "replacement-002.json")
    assert (told["allowed"], told["made"], told["substitute"], told["team"]) == (1, 1, "", [])
    assert failing(files) == []
    note = verdicts(files)["replacements"].note["en"]
    assert note == "changes after the draw: 2 (recusals: 0, closures: 2)"


def test_a_plan_that_allows_more_says_so_before():
    told = body_of(two_in_turn("0.5"), "replacement-002.json")
    assert (told["allowed"], told["made"]) == (2, 1)
    assert told["substitute"]


@pytest.mark.parametrize("claim", [{"allowed": 2}, {"made": 0}])
def test_a_substitute_beyond_the_bound(claim):
    """The authority writes down what a plan with more room would have given."""
    wide, files = two_in_turn("0.5"), two_in_turn()
    theirs, ours = (body_of(each, "replacement-002.json") for each in (wide, files))
    body = {
        **ours,
        **{name: theirs[name] for name in ("substitute", "level", "candidates", "team")},
    }
    forged = canonical.encode({**body, **claim}) + b"\n"
    made = public.seal({**files, "replacement-002.json": forged}, OFFICE)
    assert failing(made) == ["replacements"]


@pytest.mark.parametrize("site", [site for site in SITES if site not in list_of(record())][:2])
def test_nobody_goes_there_so_it_cannot_close(site):
    with pytest.raises(InvalidInput, match="nobody goes to site"):
        closed(record(), LATER, site)
