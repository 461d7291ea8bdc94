"""Watching a log of draws: what is missing, twice, late, or not as it was signed before.

A cheating office signs valid bytes. What it cannot do is to take back an entry, and so a draw that
was repeated, dropped or announced late leaves a mark here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import combinations

from fairlot.public.calendar import Calendar
from fairlot.public.entries import Entry
from fairlot.public.flags import GRACE, Draw, Flag, View, fails, not_shown
from fairlot.public.log_read import ReadLog
from fairlot.public.moments import moment_text
from fairlot.public.sightings import Sighting
from fairlot.public.watch_time import TIME_RULES

__all__ = ["Flag", "watch"]

APART = 183 * 86400
"""Seconds: another try at the same sites comes sooner, next year's draw does not."""


def watch(
    log: ReadLog,
    *,
    now: datetime,
    calendars: Mapping[str, Calendar] | None = None,
    rosters: Mapping[str, frozenset[str] | None] | None = None,
    events: Mapping[str, Sequence[str]] | None = None,
    sightings: Sequence[Sighting] = (),
    margins: Mapping[str, int] | None = None,
    grace: int = GRACE,
) -> tuple[Flag, ...]:
    """Return every mark that the log bears at the moment ``now``, rule after rule.

    ==============  =================================================================
    kind            what it marks
    ==============  =================================================================
    unresolved      an announcement without an outcome after its round and ``grace``
    repeated        two announcements, or two outcomes, of one draw
    second          two tasks of one authority, scope and period that no calendar foresaw
    overlap         two draws over the same sites in half a year, outside the calendar (not shown
                    where a record at hand hides its sites)
    secret          two draws that hide their sites with one secret
    outside         a draw that its authority's calendar does not name (not shown)
    calendar        a calendar that is not at hand (not shown)
    missed          a draw of the calendar that was not announced by its date
    gap             a number left out among an authority's announcements
    sealed          a sealed draw past its opening date
    human, stray    human input after its announcement; anything else before it
    slipped         an event that was logged, and is not in the record that was published
    rollback, fork  another history than one that was signed
    backdated       an announcement that was not there yet when it had to be
    time            an announcement that no witness saw in time (not shown)
    switch          a switch of beacon after the outcome, or that nobody saw (not shown)
    ==============  =================================================================

    calendars  by digest, those that the log names (``read_calendars``)
    rosters    site ids of the records at hand, None where one hides them
    events     digests of the events of the records at hand
    margins    seconds before its round by which an announcement must be public, of the records at
               hand: 600 for all others. These three go by the digest of the announcement
    sightings  checkpoints seen, with the times of the witnesses that the reader trusts
    grace      seconds after its round by which a draw must have an outcome

    >>> from fairlot.public import merkle
    >>> from fairlot.public.checkpoint import Checkpoint
    >>> made = Entry("announcement", "示例局", "检验检测", "2026", "1", "0" * 64, 1, 10**9, "", "0" * 64)
    >>> leaves = (merkle.leaf_hash(made.encode()),)
    >>> log = ReadLog("", Checkpoint("log", 1, merkle.root(leaves)), (made,), leaves, ())
    >>> [flag.kind for flag in watch(log, now=datetime(2026, 1, 1, tzinfo=UTC))]
    ['unresolved', 'time']
    """
    seconds = int(now.timestamp())
    view = View(log, seconds, calendars or {}, rosters or {}, sightings, margins or {}, grace)
    marks = tuple(flag for rule in (*RULES, *TIME_RULES) for flag in rule(view))
    return (*marks, *_slipped(view, events or {}))


def _unresolved(view: View) -> Iterator[Flag]:
    for index, entry in view.announced:
        if view.now > entry.round_time + view.grace and not view.followed(index, "outcome"):
            when, name = moment_text(entry.round_time), _named(entry)
            yield fails("unresolved", [index],
                        f"{name} has no outcome; its randomness came out at {when}",
                        f"{name} 没有结果；其随机数已于 {when} 产生")  # fmt: skip


def _repeated(view: View) -> Iterator[Flag]:
    """A draw, told by all four names, is announced once and has one outcome."""
    for (draw, kind), found in view.places.items():
        if kind in ("announcement", "outcome") and len(found) > 1:
            name, zh = " / ".join(draw), "公告" if kind == "announcement" else "结果"
            yield fails("repeated", found, f"{name} has {len(found)} entries of kind {kind}",
                        f"{name} 有 {len(found)} 份{zh}")  # fmt: skip


def _second(view: View) -> Iterator[Flag]:
    """One (authority, scope, period) has one draw: a task's name is the office's own choice.

    A calendar that was published before may foresee more.
    """
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, entry in view.announced:
        groups[entry.authority, entry.scope, entry.period].append(index)
    for key, found in groups.items():
        tasks = {view.entries[index].task for index in found}
        unforeseen = [index for index in found if not view.foretold(index)]
        if len(tasks) > 1 and unforeseen:
            name = " / ".join(key)
            yield fails("second", found,
                        f"{name} was drawn as {len(tasks)} tasks; no calendar before foresaw {_listed(unforeseen)}",
                        f"{name} 以 {len(tasks)} 个任务抽取；事前日程未列 {_listed(unforeseen)}")  # fmt: skip


def _overlapping(view: View) -> Iterator[Flag]:
    """Two draws over the same sites within half a year, unless the calendar foresaw both."""
    last: dict[str, int] = {}
    for index, entry in sorted(view.announced, key=lambda pair: pair[1].round_time):
        sites = (view.rosters.get(entry.digest) or frozenset()) | {entry.rosters}
        others = sorted({last[site] for site in sites if site in last})
        last.update(dict.fromkeys(sites, index))
        bad = [other for other in others if _too_near(view, other, index)]
        if bad:
            name = _named(entry)
            yield fails("overlap", [*bad, index],
                        f"{name} draws from sites that {_listed(bad)} drew from, outside the calendar",
                        f"{name} 与 {_listed(bad)} 的名录重叠，且未列入日程")  # fmt: skip


def _hidden(view: View) -> Iterator[Flag]:
    """Two records at hand that may overlap, of which one hides its sites."""
    near = [i for i, entry in view.announced if entry.digest in view.rosters]
    near.sort(key=lambda i: view.entries[i].round_time)
    for pair in combinations(near, 2):
        closed = [i for i in pair if view.rosters[view.entries[i].digest] is None]
        if closed and _too_near(view, *pair):
            name, (other,) = _named(view.entries[closed[0]]), {*pair} - {closed[0]}
            yield not_shown("overlap", pair,
                            f"{name} hides its sites; two full records would show whether {other} drew from them too",
                            f"{name} 未公开其场所；需两份完整记录证明条目 {other} 的名录是否与之重叠")  # fmt: skip


def _shared(view: View) -> Iterator[Flag]:
    """Two draws whose rosters have one root: salted anew, even the same sites would have another."""
    first: dict[str, int] = {}
    for index, entry in view.announced:
        other = first.setdefault(entry.rosters, index)
        if view.entries[other].draw != entry.draw:
            yield fails("secret", [other, index],
                        f"{_named(entry)} hides its sites with the secret of {_listed([other])}",
                        f"{_named(entry)} 与 {_listed([other])} 使用了同一秘密值")  # fmt: skip


def _too_near(view: View, earlier: int, later: int) -> bool:
    one, two = view.entries[earlier], view.entries[later]
    near = two.round_time - one.round_time < APART
    return near and one.draw != two.draw and not (view.foretold(earlier) and view.foretold(later))


def _outside(view: View) -> Iterator[Flag]:
    """A draw that its authority's calendar does not name."""
    first: dict[str, int] = {}
    for index, entry in view.of("calendar"):
        first.setdefault(entry.authority, index)
        if entry.digest not in view.calendars:
            yield not_shown("calendar", [index], f"the calendar of entry {index} is not at hand",
                            f"条目 {index} 的日程文件未提供")  # fmt: skip
    for index, entry in view.announced:
        if first.get(entry.authority, index) < index and not view.foretold(index):
            name = _named(entry)
            yield not_shown("outside", [index], f"{name} is in no calendar that was logged before",
                            f"{name} 未列入此前公布的日程")  # fmt: skip


def _missed(view: View) -> Iterator[Flag]:
    today = datetime.fromtimestamp(view.now, UTC).date()
    for index, entry in view.of("calendar"):
        for row in view.rows(entry):
            late = date.fromisoformat(row.announce_by) < today
            announced = (row.draw, "announcement") in view.places
            if late and not announced and view.foretold_at(row.draw) == index:
                name = " / ".join(row.draw)
                yield fails("missed", [index],
                            f"{name} was to be announced by {row.announce_by}, and was not",
                            f"{name} 应于 {row.announce_by} 前公告，但没有公告")  # fmt: skip


def _gaps(view: View) -> Iterator[Flag]:
    """An authority numbers its announcements 1, 2, 3: a number left out was announced elsewhere."""
    last: dict[str, int] = {}
    for index, entry in view.announced:
        want = last.get(entry.authority, 0) + 1
        last[entry.authority] = entry.sequence
        if entry.sequence != want:
            yield fails("gap", [index],
                        f"{_named(entry)} has the sequence number {entry.sequence}; want {want}",
                        f"{_named(entry)} 的序号为 {entry.sequence}，应为 {want}")  # fmt: skip


def _sealed(view: View) -> Iterator[Flag]:
    today = datetime.fromtimestamp(view.now, UTC).date()
    for index, entry in view.announced:
        past = entry.opens != "" and date.fromisoformat(entry.opens) < today
        if past and not view.followed(index, "opening"):
            yield fails("sealed", [index], f"{_named(entry)} was to be opened by {entry.opens}, and was not",
                        f"{_named(entry)} 应于 {entry.opens} 前公开，但没有公开")  # fmt: skip


def _out_of_order(view: View) -> Iterator[Flag]:
    """What belongs to a draw follows its announcement; human input stands before it."""
    announced: set[Draw] = set()
    for index, entry in enumerate(view.entries):
        if entry.kind == "announcement":
            announced.add(entry.draw)
        known, name = entry.draw in announced, _named(entry)
        if entry.kind == "human" and known:
            yield fails("human", [index], f"{name}: human input after the announcement",
                        f"{name}：人工输入晚于公告")  # fmt: skip
        elif entry.kind not in ("human", "calendar") and not known:
            yield fails("stray", [index], f"{name}: {entry.kind} without an announcement before it",
                        f"{name}：{entry.kind} 之前没有公告")  # fmt: skip


def _slipped(view: View, events: Mapping[str, Sequence[str]]) -> Iterator[Flag]:
    """Of several events that were all logged in time, one could be chosen when its answer is known."""
    for index, entry in view.announced:
        if entry.digest in events:
            logged = view.places.get((entry.draw, "event"), [])
            lost = [at for at in logged if view.entries[at].digest not in events[entry.digest]]
            if lost:
                yield fails("slipped", [index, *lost],
                            f"{_named(entry)}: events {_listed(lost)} are not in the record",
                            f"{_named(entry)}：记录中没有事件条目 {_listed(lost)}")  # fmt: skip


def _named(entry: Entry) -> str:
    return " / ".join(entry.draw)


def _listed(indices: Sequence[int]) -> str:
    return ", ".join(map(str, indices))


RULES = (
    _unresolved, _repeated, _second, _overlapping, _hidden, _shared, _outside, _missed, _gaps, _sealed, _out_of_order,
)  # fmt: skip
