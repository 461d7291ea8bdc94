"""What a door proof shows: at the door with nothing but the file, at a desk with more.

From the file alone follow the row of the roster, the row of the results and the names behind the
pseudonyms, all of them up to two roots. That these roots are the published ones is shown by
announcement.json and outcome.json, which anyone can fetch, or for the roster by the log's key.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import canonical
from fairlot.public.bound import Bound
from fairlot.public.canonical import Json
from fairlot.public.door import Change, Door, Logged
from fairlot.public.opened_row import Row, hexed
from fairlot.public.pseudonym import Opening, open_pseudonym
from fairlot.public.steps import Check, Found, Steps, told
from fairlot.public.suite import HASH

__all__ = ["DOOR_STEPS", "check_door", "make_door"]

DOOR_STEPS = {
    "file": ("the file is whole", "文件完整"),
    "roster": ("the site stands in the roster", "该场所在名录中"),
    "result": ("the result is this site's", "抽取结果属于该场所"),
    "team": ("those at the door are those drawn", "到场人员即抽中人员"),
    "announced": ("the roster is the announced one", "名录与公告一致"),
    "outcome": ("the results are the published ones", "结果与公布一致"),
    "log": ("announcement and outcome stand in the public log", "公告与结果均在公开日志中"),
    "witnesses": ("others saw the log so", "日志经他人见证"),
    "final": ("the draw is open to check", "抽取已开启，可全面核验"),
}
"""Every step by its key, in order, in English and Chinese."""

MAX_ANNOUNCEMENT = MAX_OUTCOME = 1 << 20
RESULT_WORDS = {
    "rule": ("by the rule", "规则"),
    "numerator": ("chance of 2^40:", "概率（以 2^40 为分母）"),
    "week": ("week", "周次"),
}
YES_NO = {True: ("yes", "是"), False: ("no", "否")}
OUTCOMES = {"drawn": "抽中", "not drawn": "未抽中", "excluded": "依规则排除"}


def check_door(
    data: bytes,
    *,
    now: datetime,
    announcement: bytes | None = None,
    outcome: bytes | None = None,
    log: str = "",
    witnesses: Sequence[str] = (),
) -> tuple[Check, ...]:
    """Return every step with its verdict; never raises for what the file contains.

    now                    the reader's clock
    announcement, outcome  announcement.json and outcome.json as the reader got them elsewhere
    log, witnesses         vkeys that the reader knows

    >>> [check.verdict for check in check_door(b"", now=datetime(2026, 1, 1, tzinfo=UTC))][:2]
    ['fails', 'not shown']
    """
    steps = Steps(DOOR_STEPS)
    door = steps.do("file", lambda: Door.decode(data))
    if door:
        work: dict[str, Callable[[], Found]] = {
            "roster": lambda: _roster(door),
            "result": lambda: _result(door),
            "team": lambda: _team(door),
            "announced": lambda: _announced(door, announcement, log),
            "outcome": lambda: _outcome(door, outcome),
            "log": lambda: _logged(door, log),
            "witnesses": lambda: _witnessed(door, log, witnesses),
            "final": lambda: (
                _final(door, announcement, now)
                if steps.holds("announced")
                else ("not shown", _missing("announcement.json", " announcement.json "))
            ),
        }
        for step, judged in work.items():
            steps.judge(step, judged)
    return steps.in_order()


def make_door(
    announcement: bytes,
    outcome: bytes,
    site: Row,
    result: Row,
    *,
    now: datetime,
    team: Sequence[Opening] = (),
    changes: Sequence[Change] = (),
    log: Logged | None = None,
    provisional: bool = False,
) -> bytes:
    """Return the door file of one site; refuse to make one in which any step fails.

    announcement, outcome  announcement.json and outcome.json
    site, result           the site's rows of the roster and of the results, see ``opened_row``
    now                    when it is made
    """
    results: Any = _results_of(outcome)["results"]
    door = Door(
        Bound.of(announcement),
        sha256(outcome).digest(),
        hexed(results.get("root"), HASH),
        site,
        result,
        tuple(team),
        tuple(changes),
        log,
        provisional,
    )
    data = door.encode()
    for check in check_door(data, now=now, announcement=announcement, outcome=outcome):
        if check.verdict == "fails":
            raise InvalidInput("no door proof can be made: {step}: {why}",
                               zh="无法生成现场证明：{step_zh}：{why_zh}",
                               step=DOOR_STEPS[check.step][0], step_zh=DOOR_STEPS[check.step][1],
                               why=check.note["en"], why_zh=check.note["zh"])  # fmt: skip
    return data


def _results_of(outcome: bytes) -> dict[str, Json]:
    """Return what outcome.json says of announcement and results; refuse one that says nothing."""
    said: Any = canonical.decode(outcome.removesuffix(b"\n"), limit=MAX_OUTCOME)
    if not isinstance(said, dict) or not isinstance(said.get("results"), dict):
        raise VerificationError("outcome.json names no results", zh="outcome.json 中没有结果的根")
    return said


def _roster(door: Door) -> Found:
    door.bound.verify(door.site)
    shown = {**door.site.shown, **door.site.shown_private}
    listed, listed_zh = (
        mark.join(f"{column} {_word(value, lang)}" for column, value in shown.items())
        for lang, mark in ((0, ", "), (1, "，"))
    )
    place = f"{door.site.index + 1}/{door.bound.rows}"
    return "holds", told(f"row {place}: {listed}", f"第 {place} 行：{listed_zh}")


def _word(value: Json, lang: int) -> Json:
    """Return a cell as people read it, in English (0) or Chinese (1)."""
    return YES_NO[value][lang] if isinstance(value, bool) else value


def _result(door: Door) -> Found:
    """The results follow the roster row for row: same index, same site, same rule."""
    door.result.verify(door.bound.rows, door.results, door.bound.hash)
    _same("index", door.result.index, door.site.index)
    for column in ("site", "rule"):
        if {column} <= door.site.shown.keys() & door.result.shown.keys():
            _same(column, door.result.shown[column], door.site.shown[column])
    shown = door.result.shown
    came = str(shown["outcome"])
    listed = [(*RESULT_WORDS[c], v) for c, v in shown.items() if c in RESULT_WORDS]
    return "holds", told(
        "; ".join([came, *(f"{en} {value}" for en, _, value in listed)]),
        "；".join([OUTCOMES.get(came, came), *(f"{zh} {value}" for _, zh, value in listed)]),
    )


def _team(door: Door) -> Found:
    """Open every pseudonym, and find each among those drawn, or those who came in their place."""
    for one in door.team:
        open_pseudonym(one.pseudonym, one.id, one.salt, suite=door.bound.hash)
    if not door.team or "team" not in door.result.shown:
        return "not shown", told("the file opens no team", "文件未揭示检查组")
    team, people = _team_now(door), {one.pseudonym for one in door.team}
    substitute = door.result.shown["site"] in {change.into for change in door.changes}
    strangers = ", ".join(sorted(people - team))
    if strangers and not substitute:
        raise VerificationError("{got} is not of the team, which is {want}",
                                zh="{got} 不在检查组内，检查组为 {want}",
                                got=strangers, want=", ".join(sorted(team)) or "-")  # fmt: skip
    if door.changes:
        files = ", ".join(f"{c.file} (SHA-256 {c.digest.hex()})" for c in door.changes)
        return "not shown", told(f"changed since the draw; the record shows it in {files}",
                                 f"抽取后有变更，见记录中的 {files}")  # fmt: skip
    named = ", ".join(f"{one.id} = {one.pseudonym}" for one in door.team)
    count = f"{len(people)}/{len(team)}"
    return "holds", told(f"{count} opened: {named}", f"已揭示 {count}：{named}")


def _team_now(door: Door) -> set[str]:
    """Return the team as drawn, and then as each change left it; a vacant seat adds nobody."""
    team = set(str(door.result.shown["team"]).split(";"))
    for change in door.changes:
        if change.out in team:
            team = team - {change.out} | {change.into}
    return team - {""}


def _announced(door: Door, announcement: bytes | None, log: str) -> Found:
    if announcement is not None:
        door.bound.refuse_other(announcement)
        return "holds", {}
    if log and door.log:
        entry, _ = door.log.entries(door.bound, door.outcome)
        door.log.announcement.verify(entry.encode(), log, ())
        return "holds", told("by its entry in the log", "由日志条目证明")
    want = door.bound.announcement.hex()
    return "not shown", told(f"announcement.json with the SHA-256 {want} would show it",
                             f"需 SHA-256 为 {want} 的 announcement.json 证明")  # fmt: skip


def _outcome(door: Door, outcome: bytes | None) -> Found:
    want = door.outcome.hex()
    if outcome is None:
        return "not shown", told(f"outcome.json with the SHA-256 {want} would show it",
                                 f"需 SHA-256 为 {want} 的 outcome.json 证明")  # fmt: skip
    _same("SHA-256 of outcome.json", sha256(outcome).hexdigest(), want)
    said = _results_of(outcome)
    _same("results", {"rows": door.bound.rows, "root": door.results.hex()}, said["results"])
    _same("announcement", door.bound.announcement.hex(), said.get("announcement"))
    return "holds", {}


def _logged(door: Door, log: str) -> Found:
    if not (log and door.log):
        return "not shown", _missing("a proof from the log and the log's key", "日志证明及日志公钥")
    entries = door.log.entries(door.bound, door.outcome)
    for place, entry in zip((door.log.announcement, door.log.outcome), entries, strict=True):
        place.verify(entry.encode(), log, ())
    if door.log.announcement.index >= door.log.outcome.index:
        raise VerificationError("the outcome was logged before its announcement",
                                zh="结果的登记早于公告")  # fmt: skip
    return "holds", told(f"number {door.log.sequence}", f"第 {door.log.sequence} 号公告")


def _witnessed(door: Door, log: str, witnesses: Sequence[str]) -> Found:
    if not (log and door.log and witnesses):
        return "not shown", _missing("the keys of witnesses", "见证人公钥")
    _, entry = door.log.entries(door.bound, door.outcome)
    times = door.log.outcome.verify(entry.encode(), log, witnesses)
    if not times:
        return "not shown", _missing("a cosignature by a witness known here", "已知见证人的签名")
    last = datetime.fromtimestamp(times[-1], UTC).isoformat()
    return "holds", told(f"last at {last}", f"最近一次为 {last}")


def _final(door: Door, announcement: bytes | None, now: datetime) -> Found:
    """Whether a draw is sealed says its announcement; the file may not say otherwise."""
    day = _opens(door, announcement)
    sealed = day != "" and now < datetime.fromisoformat(day).replace(tzinfo=UTC)
    if sealed and not door.provisional:
        raise VerificationError("the file says that the draw is open; it is sealed until {day}",
                                zh="文件称抽取已开启，而其封存至 {day}", day=day)  # fmt: skip
    if door.provisional and not day:
        raise VerificationError("the file says that the draw is sealed; the announcement seals nothing",
                                zh="文件称抽取已封存，而公告未约定封存")  # fmt: skip
    if door.provisional:
        return "not shown", told(f"sealed until {day}; then the whole record shows it",
                                 f"封存至 {day}，届时由完整记录证明")  # fmt: skip
    return "holds", {}


def _opens(door: Door, announcement: bytes | None) -> str:
    """Return the day of opening, "" without one, as the announcement or its entry says it."""
    if announcement is not None:
        said: Any = canonical.decode(announcement.removesuffix(b"\n"), limit=MAX_ANNOUNCEMENT)
        return str(said["plan"]["proof"]["opens"])
    return door.log.opens if door.log else ""


def _missing(en: str, zh: str) -> Any:
    return told(f"{en} would show it", f"需{zh}证明")


def _same(name: str, got: Json, want: Json) -> None:
    if got != want:
        raise VerificationError("{name} is {got}; want {want}", zh="{name} 为 {got}，应为 {want}",
                                name=name, got=got, want=want)  # fmt: skip
