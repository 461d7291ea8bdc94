"""Our roster against a public list: who is missing, who is extra, who came late, and why.

A row of the list and a site of ours are paired by the first of these keys that names exactly one
unpaired row on each side (full-width forms and spaces do not count):

1. ``site_id``                                 3. ``uscc`` and name    5. name and address
2. ``uscc`` and address                        4. ``uscc``             6. name

5 and 6 only where one side has no code. 1 and 2 settle it. A pair by a weaker key whose addresses
or names contradict each other may be one site that moved or was renamed, or two sites: it is
reported as such and left to a person. A code may stand for several sites, so a code that names
several is not guessed at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from fairlot._base.errors import InvalidInput
from fairlot.registers.bundle import gather
from fairlot.registers.columns import REGISTERS, Column
from fairlot.registers.plain import plain
from fairlot.registers.problems import Problem, refuse, report
from fairlot.registers.reading import name_of
from fairlot.registers.register import read_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REASONS", "RosterComparison", "compare_roster"]

ACTIVE = "存续"

SHARED = ("site_id", "uscc", "name", "site_address")

PUBLIC_LIST = (
    *(replace(c, required=False) for c in REGISTERS["sites"] if c.name in SHARED),
    Column("listed_on", ("列入日期", "登记日期", "批准日期", "发证日期", "cma_issue"), "date"),
)

REASONS: dict[str, tuple[str, str]] = {
    "not_in_roster": (
        "our roster has no site of this id, code or name",
        "名录库中没有该编号、代码或名称的场所",
    ),
    "other_site": (
        "the code stands on both sides, but for other sites",
        "双方均有该代码，但对应其他场所",
    ),
    "moved": (
        "same code or name at another address: it moved, or it is another site",
        "代码或名称相同而地址不同：已搬迁，或为另一场所",
    ),
    "renamed": (
        "same code under another name, and no address to tell by",
        "代码相同而名称不同，且缺少可供核对的地址",
    ),
    "inactive": (
        "our roster has it with a status that is not drawn",
        "名录库中有该场所，但其登记状态不参加抽取",
    ),
    "not_on_list": (
        "the public list has no such site",
        "公开名单中没有该场所",
    ),
    "after_as_of": (
        "it came onto the list after our roster was closed",
        "该场所在名录库截止日之后才列入名单",
    ),
    "dated_later": (
        "our roster dates its certificate later than the list: renewed, or entered late",
        "名录库中的发证日期晚于名单：换证，或录入迟延",
    ),
}
"""Code of a reason -> English and Chinese text."""

_KEYS = (
    ("site_id",),
    ("uscc", "site_address"),
    ("uscc", "name"),
    ("uscc",),
    ("name", "site_address"),
    ("name",),
)
_SETTLED = _KEYS[:2]

Site = dict[str, Any]
"""One row of either side: field name -> value."""

Key = tuple[str, ...]


class _Verdict(NamedTuple):
    """A row of the list, the site of ours it was paired with, by which key, and what is wrong."""

    row: Site
    ours: Site | None
    by: Key
    reason: str


@dataclass(frozen=True, eq=False)
class RosterComparison:
    """What a public list and our roster hold of each other.

    Every row of the list is in ``matched`` or ``missing`` or, when it came after ``as_of``, in
    ``late``; every site of ours is paired with a row, in ``extra``, or not active.

    matched   list_row, site_id (ours), by (the key), changed (fields that differ, with ";")
    missing   list_row, site_id, uscc, name, listed_on (of the list), reason, ours (the site meant)
    extra     site_id, uscc, name, reason
    late      list_row, site_id, uscc, name, listed_on, ours_on, days, reason: rows that came after
              ``as_of`` (then ours_on is as_of), and matched sites whose certificate our roster
              dates later; a row without a date is never late
    problems  what was repaired or doubtful in the list
    """

    matched: pd.DataFrame
    missing: pd.DataFrame
    extra: pd.DataFrame
    late: pd.DataFrame
    problems: tuple[Problem, ...]

    def summary(self, lang: str = "en") -> pd.DataFrame:
        """Return how many there are of each reason: part, reason, count, text."""
        import pandas as pd

        parts = {"missing": self.missing, "extra": self.extra, "late": self.late}
        counts = [
            (part, reason, count, REASONS[reason][lang == "zh"])
            for part, frame in parts.items()
            for reason, count in sorted(Counter(frame["reason"]).items())
        ]
        return pd.DataFrame(counts, columns=["part", "reason", "count", "text"])


def compare_roster(ours: Any, public_list: Any, *, as_of: str = "") -> RosterComparison:
    """Compare the roster of sites with a public list of licensed institutions.

    ours         Register of sites, or a path or frame that :func:`read` takes
    public_list  path or frame with any of site_id, uscc, name, and where known site_address and
                 listed_on (列入日期, 登记日期, 批准日期 or 发证日期)
    as_of        day our roster was closed, YYYY-MM-DD; rows listed later are late, not missing

    The keys and their order stand at the top of the module. Raises InvalidInput with all
    ``problems`` when the list is in error.

    >>> import pandas as pd
    >>> ours = pd.DataFrame({"site_id": ["S1"], "bureau_id": ["B1"], "sector": ["水质"],
    ...                      "name": ["甲检测"]})
    >>> found = compare_roster(ours, pd.DataFrame({"name": ["甲检测", "乙检测"]}))
    >>> found.missing[["list_row", "name", "reason"]].values.tolist()
    [[2, '乙检测', 'not_in_roster']]
    """
    closed = _checked_day(as_of)
    roster = gather(sites=ours).sites.frame
    theirs, problems = _public_list(public_list)
    sites = _sites(roster[[*SHARED, "cma_issue", "status"]])
    pairs = _paired(theirs, sites)
    verdicts = list(_verdicts(theirs, sites, pairs))
    return RosterComparison(
        _matched(verdicts),
        _missing([v for v in verdicts if v.reason and not _is_after(v, closed)]),
        _extra(theirs, sites, {at for at, _ in pairs.values()}),
        _late(verdicts, closed),
        problems,
    )


def _checked_day(as_of: str) -> str:
    try:
        return date.fromisoformat(as_of).isoformat() if as_of else ""
    except ValueError:
        raise InvalidInput(
            "as_of is {got!r}; want YYYY-MM-DD", zh="as_of 为 {got!r}，应为 YYYY-MM-DD", got=as_of
        ) from None


def _sites(frame: pd.DataFrame) -> list[Site]:
    names = list(map(str, frame.columns))
    return [dict(zip(names, row, strict=True)) for row in frame.itertuples(index=False)]


def _public_list(source: Any) -> tuple[list[Site], tuple[Problem, ...]]:
    """Return the rows of the list, each once, and its problems; refuse it when there is an error."""
    frame, numbers, found = read_columns(source, PUBLIC_LIST)
    rows: dict[Key, list[int]] = {}
    for number, cells in zip(numbers, frame.itertuples(index=False, name=None), strict=True):
        rows.setdefault(cells, []).append(number)
    once = _sites(frame.drop_duplicates())
    sites = [site | {"list_row": at[0]} for site, at in zip(once, rows.values(), strict=True)]
    file = name_of(source)
    nameless = [report("nameless", file, row=s["list_row"]) for s in sites if not _named(s)]
    repeated = [
        report("row_repeated", file, row=at[1], got=", ".join(map(str, at)))
        for at in rows.values()
        if len(at) > 1
    ]
    problems = (*found, *nameless, *repeated)
    refuse(problems)
    return sites, problems


def _named(site: Site) -> bool:
    return any(site[name] for name in ("site_id", "uscc", "name"))


def _mark(site: Site, key: Key) -> Key:
    """Return what is compared of ``site`` under ``key``."""
    return tuple("".join(plain(site[name]).split()).casefold() for name in key)


def _paired(theirs: list[Site], ours: list[Site]) -> dict[int, tuple[int, Key]]:
    """Return position in the list -> position in our roster and the key that paired them."""
    pairs: dict[int, tuple[int, Key]] = {}
    for key in _KEYS:
        left = _by_mark(theirs, key, set(pairs))
        right = _by_mark(ours, key, {at for at, _ in pairs.values()})
        for mark, at in left.items():
            other = right.get(mark, [])
            if len(at) == len(other) == 1 and _may_pair(theirs[at[0]], ours[other[0]], key):
                pairs[at[0]] = other[0], key
    return pairs


def _by_mark(sites: list[Site], key: Key, taken: set[int]) -> dict[Key, list[int]]:
    places: defaultdict[Key, list[int]] = defaultdict(list)
    for at, site in enumerate(sites):
        if at not in taken and all(site[name] for name in key):
            places[_mark(site, key)].append(at)
    return places


def _may_pair(their: Site, our: Site, key: Key) -> bool:
    # Two different codes are two legal persons, whatever their names.
    return key == ("site_id",) or "uscc" in key or not (their["uscc"] and our["uscc"])


def _verdicts(
    theirs: list[Site], ours: list[Site], pairs: dict[int, tuple[int, Key]]
) -> Iterator[_Verdict]:
    codes = {site["uscc"] for site in ours} - {""}
    for at, row in enumerate(theirs):
        if at in pairs:
            site, by = ours[pairs[at][0]], pairs[at][1]
            yield _Verdict(row, site, by, _doubt(row, site, by))
        else:
            yield _Verdict(row, None, (), "other_site" if row["uscc"] in codes else "not_in_roster")


def _doubt(their: Site, our: Site, by: Key) -> str:
    if our["status"] != ACTIVE:
        return "inactive"
    changed = () if by in _SETTLED else _changed(their, our)
    if "site_address" in changed:
        return "moved"
    return "renamed" if "name" in changed else ""


def _changed(their: Site, our: Site) -> Key:
    """Return the fields that both sides fill in differently."""
    return tuple(
        name for name in SHARED if their[name] and our[name] and not _agree(their, our, name)
    )


def _agree(their: Site, our: Site, name: str) -> bool:
    return bool(their[name] == our[name]) or _mark(their, (name,)) == _mark(our, (name,))


def _is_after(verdict: _Verdict, as_of: str) -> bool:
    return bool(as_of) and verdict.row["listed_on"] > as_of


def _frame(columns: str, records: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    names = columns.split()
    frame = pd.DataFrame(list(records), columns=names, dtype="object")
    return frame.astype({name: "int64" for name in names if name in ("list_row", "days")})


def _matched(verdicts: list[_Verdict]) -> pd.DataFrame:
    return _frame(
        "list_row site_id by changed",
        (
            (row["list_row"], site["site_id"], "+".join(by), ";".join(_changed(row, site)))
            for row, site, by, reason in verdicts
            if site and not reason
        ),
    )


def _missing(verdicts: list[_Verdict]) -> pd.DataFrame:
    return _frame(
        "list_row site_id uscc name listed_on reason ours",
        ((*_listed(v.row), v.reason, v.ours["site_id"] if v.ours else "") for v in verdicts),
    )


def _listed(row: Site) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("list_row", "site_id", "uscc", "name", "listed_on"))


def _extra(theirs: list[Site], ours: list[Site], paired: set[int]) -> pd.DataFrame:
    codes = {row["uscc"] for row in theirs} - {""}
    left = (site for at, site in enumerate(ours) if at not in paired and site["status"] == ACTIVE)
    reason = {True: "other_site", False: "not_on_list"}
    return _frame(
        "site_id uscc name reason",
        ((s["site_id"], s["uscc"], s["name"], reason[s["uscc"] in codes]) for s in left),
    )


def _late(verdicts: list[_Verdict], as_of: str) -> pd.DataFrame:
    return _frame(
        "list_row site_id uscc name listed_on ours_on days reason",
        (
            (*_listed(v.row), day, abs(_days(v.row["listed_on"], day)), reason)
            for v in verdicts
            for day, reason in _lateness(v, as_of)
        ),
    )


def _lateness(verdict: _Verdict, as_of: str) -> Iterator[tuple[str, str]]:
    row, site, _, reason = verdict
    if reason and _is_after(verdict, as_of):
        yield as_of, "after_as_of"
    if site and not reason and row["listed_on"] and site["cma_issue"] > row["listed_on"]:
        yield site["cma_issue"], "dated_later"


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
