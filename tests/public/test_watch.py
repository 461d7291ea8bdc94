"""Every cheat leaves its mark on the log, and an honest log bears none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logged import (
    DAY,
    OFFICE,
    ROUND,
    STRANGER,
    WITNESS,
    announcement,
    digest,
    entry,
    key,
    new_log,
    witnessed,
)

from fairlot._base.errors import InvalidInput
from fairlot.public import merkle
from fairlot.public.calendar import Calendar, Foretold
from fairlot.public.checkpoint import Checkpoint, cosign, merge
from fairlot.public.flags import GRACE, MARGIN
from fairlot.public.log import Log, ReadLog
from fairlot.public.sightings import Clock, Sighting, sightings
from fairlot.public.watch import watch

VKEYS = [WITNESS.cosigner_vkey]
SOON = datetime.fromtimestamp(ROUND + 3600, UTC)
LATE = datetime.fromtimestamp(ROUND + GRACE + 1, UTC)
CALENDAR = Calendar(
    tuple(
        Foretold("示例局", scope, "2026", task, "2030-03-31")
        for scope, task in (("检验检测", "1"), ("检验检测", "2"), ("计量", "3"))
    )
)


@pytest.fixture
def marks(tmp_path):
    """The kinds of marks on a log that a witness saw in time, after every entry."""

    def look(*entries, now=SOON, seen=(), **more):
        log = new_log(tmp_path / "log", *entries)
        witnessed(log, ROUND - DAY)
        read = log.read()
        seen = sightings([read.note, *read.earlier, *seen], witnesses=VKEYS, vkey=OFFICE.vkey)
        calendars = {CALENDAR.entry().digest: CALENDAR}
        flags = watch(read, now=now, sightings=seen, calendars=calendars, **more)
        for flag in flags:
            assert flag.text("zh") != flag.text("en")
        return [(flag.kind, flag.verdict, flag.entries) for flag in flags]

    return look


def outcome(task="1", **more):
    return entry("outcome", task, number=500, **more)


def test_an_honest_log_bears_no_mark(marks):
    sealed = announcement("2", 2, opens="2030-03-20")
    other = announcement("3", 3, scope="计量")
    assert marks(
        CALENDAR.entry(), entry(), announcement(), entry("human", "2"), sealed, other,
        entry("switch", "2", number=9), outcome(), entry("event", number=7), outcome("2"),
        entry("replacement", number=8), outcome("3", scope="计量"), entry("opening", "2"), now=LATE,
    ) == []  # fmt: skip


def test_an_announcement_waits_for_its_outcome(marks):
    assert marks(announcement(), now=LATE - timedelta(seconds=1)) == []


def test_an_announcement_without_an_outcome(marks):
    assert marks(announcement(), now=LATE) == [("unresolved", "fails", (0,))]


def test_an_outcome_of_another_task_resolves_nothing(marks):
    assert marks(announcement(), outcome("2"), now=LATE) == [
        ("unresolved", "fails", (0,)), ("stray", "fails", (1,)),
    ]  # fmt: skip


def test_one_draw_announced_twice(marks):
    twice = marks(announcement(), announcement(sequence=2))
    assert twice == [("repeated", "fails", (0, 1))]


def test_one_draw_with_two_outcomes(marks):
    assert marks(announcement(), outcome(), outcome()) == [("repeated", "fails", (1, 2))]


def test_a_second_task_for_the_same_period(marks):
    assert marks(announcement(), announcement("2", 2)) == [("second", "fails", (0, 1))]


def test_the_calendar_allows_a_second_task(marks):
    assert marks(CALENDAR.entry(), announcement(), announcement("2", 2)) == []


def test_a_calendar_published_afterwards_allows_nothing(marks):
    assert marks(announcement(), CALENDAR.entry(), announcement("2", 2)) == [
        ("second", "fails", (0, 2))
    ]


def test_a_draw_that_no_calendar_names(marks):
    assert marks(CALENDAR.entry(), announcement("9")) == [("outside", "not shown", (1,))]


def test_a_calendar_that_is_not_at_hand(marks):
    unknown = entry("calendar", "", scope="", period="", number=77)
    assert marks(unknown, announcement()) == [
        ("calendar", "not shown", (0,)), ("outside", "not shown", (1,)),
    ]  # fmt: skip


def test_a_date_of_the_calendar_that_passed(marks):
    found = marks(CALENDAR.entry(), CALENDAR.entry(), announcement(), outcome(),
                  now=datetime(2030, 4, 1, tzinfo=UTC))  # fmt: skip
    assert found == [("missed", "fails", (0,))] * 2


def test_the_same_roster_in_another_scope(marks):
    again = announcement("2", 2, scope="计量", rosters=digest(1001))
    assert marks(announcement(), again) == [
        ("overlap", "fails", (0, 1)), ("secret", "fails", (0, 1)),
    ]  # fmt: skip


def test_overlapping_sites_in_another_scope(marks):
    rosters = {digest(1): frozenset({"S1", "S2"}), digest(2): frozenset({"S2", "S3"})}
    split = [announcement(), announcement("2", 2, scope="计量")]
    assert marks(*split, rosters=rosters) == [("overlap", "fails", (0, 1))]


@pytest.mark.parametrize("days", [182, 184])
def test_next_years_draw_is_another_draw(marks, days):
    later = announcement("2", 2, period="2027", rosters=digest(1001), round_time=ROUND + days * DAY)
    overlap = [("overlap", "fails", (0, 1))] * (days < 183)
    assert marks(announcement(), later) == [*overlap, ("secret", "fails", (0, 1))]


def test_the_calendar_allows_overlapping_rosters(marks):
    third = announcement("3", 2, scope="计量", rosters=digest(1001))
    assert marks(CALENDAR.entry(), announcement(), third) == [("secret", "fails", (1, 2))]


def test_a_number_that_was_left_out(marks):
    found = marks(
        announcement(), announcement("2", 3, period="2027"), announcement("3", 4, period="2028")
    )
    assert found == [("gap", "fails", (1,))]


def test_the_first_number_is_one(marks):
    assert marks(announcement(sequence=2)) == [("gap", "fails", (0,))]


def test_authorities_count_for_themselves(marks):
    assert marks(announcement(), announcement(number=2, authority="龙华局")) == []


def test_a_sealed_draw_past_its_opening(marks):
    day = SOON.date()
    today, yesterday = day.isoformat(), (day - timedelta(days=1)).isoformat()
    sealed = [announcement(opens=yesterday), announcement("2", 2, period="2027", opens=today)]
    assert marks(*sealed) == [("sealed", "fails", (0,))]


def test_human_input_after_the_announcement(marks):
    assert marks(entry(), announcement(), entry()) == [("human", "fails", (2,))]


@pytest.mark.parametrize("kind", ["outcome", "opening", "event", "replacement"])
def test_what_belongs_to_no_announcement(marks, kind):
    assert marks(entry(kind), announcement()) == [("stray", "fails", (0,))]


def test_a_switch_after_the_outcome(marks):
    assert marks(announcement(), outcome(), entry("switch")) == [("switch", "fails", (2,))]


def test_an_announcement_behind_an_outcome_of_a_later_round(marks):
    """No witness needed: the outcome before it could not exist yet."""
    early = announcement("2", 2, period="2027", round_time=ROUND - 10 * DAY)
    found = marks(announcement(), outcome(), early)
    assert ("backdated", "fails", (2, 1)) in found


def looked(log, *notes, now=SOON, witnesses=VKEYS):
    read = log.read()
    seen = sightings([read.note, *read.earlier, *notes], witnesses=witnesses)
    return [
        (flag.kind, flag.verdict, flag.entries) for flag in watch(read, now=now, sightings=seen)
    ]


@pytest.mark.parametrize(
    ("seconds", "want"),
    [(-MARGIN - 1, []), (-MARGIN, []), (1 - MARGIN, [("time", "not shown", (0,))]),
     (5, [("time", "not shown", (0,))])],
)  # fmt: skip
def test_the_margin_before_the_round(tmp_path, seconds, want):
    log = new_log(tmp_path / "log", announcement())
    witnessed(log, ROUND + seconds)
    assert looked(log) == want


def test_a_log_without_a_witness_shows_no_time(tmp_path):
    log = new_log(tmp_path / "log", announcement(), entry("switch"))
    assert looked(log) == [("time", "not shown", (0,)), ("switch", "not shown", (1,))]
    witnessed(log, ROUND - DAY, key(9, "unknown.example"))
    assert looked(log) == [("time", "not shown", (0,)), ("switch", "not shown", (1,))]
    assert looked(log, now=datetime.fromtimestamp(ROUND - MARGIN - 1, UTC))[0][0] == "switch"


def test_a_witness_that_saw_the_log_without_it(tmp_path):
    log = new_log(tmp_path / "log", entry())
    witnessed(log, ROUND - MARGIN)
    log.append([announcement()], OFFICE)
    witnessed(log, ROUND + 5)
    assert looked(log) == [("backdated", "fails", (1,))]


def test_a_slow_witness_accuses_nobody(tmp_path):
    """One saw the announcement in time; another still held an older copy later."""
    log = new_log(tmp_path / "log", entry())
    old = log.checkpoint()
    log.append([announcement()], OFFICE)
    witnessed(log, ROUND - DAY)
    slow = merge(old, cosign(old, WITNESS, ROUND + 5))
    assert looked(log, slow) == []


def test_a_fork_and_a_rollback(tmp_path):
    ours = new_log(tmp_path / "a", announcement())
    witnessed(ours, ROUND - DAY)
    fork = new_log(tmp_path / "b", entry()).checkpoint()
    longer = new_log(tmp_path / "c", announcement(), entry(), entry()).checkpoint()
    other = new_log(tmp_path / "d", entry(), entry(), entry()).checkpoint()
    assert looked(ours, fork) == [("fork", "fails", ())]
    assert looked(ours, longer) == [("rollback", "fails", ())]
    assert looked(ours, longer, other) == [("rollback", "fails", ()), ("fork", "fails", ())]


def test_an_older_checkpoint_that_is_no_prefix(tmp_path):
    longer = new_log(tmp_path / "a", announcement(), outcome())
    witnessed(longer, ROUND - DAY)
    assert looked(longer, new_log(tmp_path / "b", announcement()).checkpoint()) == []
    assert looked(longer, new_log(tmp_path / "c", entry()).checkpoint()) == [("fork", "fails", ())]


def test_what_a_stranger_signed_is_no_fork(tmp_path):
    log = new_log(tmp_path / "a", announcement())
    forged = Log.create(tmp_path / "b", STRANGER)
    with pytest.raises(InvalidInput, match="no signature by"):
        sightings([forged.checkpoint()], vkey=OFFICE.vkey)
    assert log.read().entries == (announcement(),)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.lists(st.integers(1, 99), max_size=3))),
    st.integers(0, 9),
)
def test_the_clock_is_the_literal_one(seen, index):
    clock = Clock([Sighting(Checkpoint("log", n, bytes(32)), tuple(sorted(t))) for n, t in seen])
    inside = [time for size, times in seen if size > index for time in times]
    before = [time for size, times in seen if size <= index for time in times]
    assert clock.first_seen(index) == min(inside, default=None)
    assert clock.last_absent(index) == max(before, default=None)


kinds = st.sampled_from(
    ["human", "announcement", "outcome", "opening", "event", "switch", "calendar"]
)
logs = st.lists(st.tuples(kinds, st.integers(1, 3), st.integers(1, 4), st.booleans()), max_size=12)


@given(logs)
def test_an_announcement_entered_again_is_always_marked(entries):
    made = [_made(*each) for each in entries]
    first = next((each for each in made if each.kind == "announcement"), None)
    if first:
        kinds = {flag.kind for flag in watch(read_of(*made, first), now=SOON)}
        assert "repeated" in kinds
        later = replace(first, task="later", digest=digest(99))
        assert {"second", "overlap"} <= {
            flag.kind for flag in watch(read_of(*made, later), now=SOON)
        }


def _made(kind, task, sequence, sealed):
    if kind == "announcement":
        return announcement(str(task), sequence, opens="2031-01-01" if sealed else "")
    return entry(kind, str(task), number=task)


def read_of(*entries):
    leaves = tuple(merkle.leaf_hash(each.encode()) for each in entries)
    return ReadLog("", Checkpoint("log", len(leaves), merkle.root(leaves)), entries, leaves, ())
