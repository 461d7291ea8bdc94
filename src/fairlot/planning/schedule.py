"""Week and order of the visits, by chance: of a site that is certain, the date is all that is drawn.

The sites of a bureau stand in a row drawn by lot, those of a station side by side, and are dealt
out to the weeks one after the other, from a week drawn by lot on. Whole numbers only.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from fairlot._base.arrays import Words
from fairlot.assignment.presence import Window, checked_window

__all__ = ["WEEKS", "schedule"]

WEEKS = "weeks/1"
DAYS = 7

Lot = tuple[int, str]
"""Where a site stands among others: its word; its id, should two words ever be equal."""


class _Week(NamedTuple):
    """First and last day, ISO, and both as a set of days: bit d is the d-th day of the window."""

    first: str
    last: str
    days: int


def schedule(
    sites: pd.DataFrame,
    order: Words,
    start: Words,
    *,
    teams: pd.DataFrame,
    absences: pd.DataFrame,
    window: Window,
) -> pd.DataFrame:
    """Return the week of every drawn site and its place among its bureau's visits of that week.

    sites     site_id, bureau_id and station_id ("": all such sites are of one station)
    order     (sites,) word 0 of each site's ticket
    start     (sites,) word 1 of each site's ticket
    teams     who goes: site_id and officer_id, a row a person
    absences  officer_id, absent_from, absent_to
    window    first and last day of the visits, ISO; its W weeks are blocks of seven days from the
              first on, and the last week may be shorter

    1. Within a bureau, stations stand in the order of the smallest ``order`` word of their sites,
       and the sites of a station in the order of theirs; equal words by site_id, as bytes.
    2. The k-th site of the bureau, from 0, gets week ``(s + k) mod W``, weeks counted from 0, where
       s is the high 64 bits of W times the ``start`` word of the bureau's first site.
    3. A site whose team has no day of its week on which nobody is absent goes to the next week that
       has one; after the last week comes the first. Where no week has one, it stays, and clashes.
    4. The visits of a bureau in one week take place in the order of their ``order`` words.

    Promised in every draw, before step 3: the visits of a bureau in any two weeks differ by at most
    one in number, and so do those of a station. Promised over draws: every week is equally likely
    for each site, up to W / 2^64. Step 3 moves what cannot take place, and nothing else.

    Returns a row a site, as ``sites`` stand: site_id, bureau_id, station_id, week (1 to W), first
    and last (its days, ISO), place (from 1), moved, clash. The order of the rows decides nothing.

    >>> sites = pd.DataFrame({"site_id": ["S1", "S2", "S3"], "bureau_id": "P", "station_id": ""})
    >>> absences = pd.DataFrame({"officer_id": ["A"], "absent_from": "2024-08-01",
    ...                          "absent_to": "2024-08-07"})
    >>> words = np.array([5, 9, 7], np.uint64), np.full(3, 1 << 63, np.uint64)
    >>> found = schedule(sites, *words, teams=sites[:1].assign(officer_id="A"), absences=absences,
    ...                  window=("2024-08-01", "2024-08-12"))
    >>> found[["site_id", "week", "first", "last", "place"]]
      site_id  week       first        last  place
    0      S1     2  2024-08-08  2024-08-12      1
    1      S2     2  2024-08-08  2024-08-12      2
    2      S3     1  2024-08-01  2024-08-07      1
    """
    weeks = _weeks(checked_window(window))
    lots: list[Lot] = [*zip(order.tolist(), sites["site_id"], strict=True)]
    dealt = _dealt(_rows(sites, lots), start.tolist(), len(weeks))
    away = _away(teams, absences, window)
    days = [week.days for week in weeks]
    free = [_free(week, away[site], days) for week, (_, site) in zip(dealt, lots, strict=True)]
    held = [week if to is None else to for week, to in zip(dealt, free, strict=True)]
    return sites[["site_id", "bureau_id", "station_id"]].assign(
        week=np.array(held, np.int64) + 1,
        first=pd.Series([weeks[week].first for week in held], sites.index, dtype=object),
        last=pd.Series([weeks[week].last for week in held], sites.index, dtype=object),
        place=np.array(_places(sites["bureau_id"].tolist(), held, lots), np.int64),
        moved=np.array(held, np.int64) != dealt,
        clash=np.array([to is None for to in free], np.bool_),
    )


def _weeks(window: Window) -> list[_Week]:
    first, last = map(date.fromisoformat, window)
    span = (last - first).days + 1
    return [
        _Week(
            (first + timedelta(at)).isoformat(),
            (first + timedelta(min(at + DAYS, span) - 1)).isoformat(),
            _days(at, min(at + DAYS, span)),
        )
        for at in range(0, span, DAYS)
    ]


def _days(first: int, end: int) -> int:
    """Return the days from ``first`` up to, and without, ``end``."""
    return (1 << max(first, end)) - (1 << first)


def _rows(sites: pd.DataFrame, lots: Sequence[Lot]) -> Iterator[list[int]]:
    """Yield the sites of every bureau in the order drawn, as positions."""
    units = [*zip(sites["bureau_id"], sites["station_id"], strict=True)]
    earliest: dict[tuple[str, str], Lot] = {}
    for unit, lot in zip(units, lots, strict=True):
        earliest[unit] = min(lot, earliest.get(unit, lot))
    drawn = sorted(range(len(lots)), key=lambda at: (units[at][0], earliest[units[at]], lots[at]))
    for _, row in groupby(drawn, key=lambda at: units[at][0]):
        yield [*row]


def _dealt(rows: Iterator[list[int]], start: Sequence[int], weeks: int) -> list[int]:
    """Return the week of every site, before anybody's absence."""
    week = [0] * len(start)
    for row in rows:
        first = start[row[0]] * weeks >> 64
        for k, at in enumerate(row):
            week[at] = (first + k) % weeks
    return week


def _away(teams: pd.DataFrame, absences: pd.DataFrame, window: Window) -> defaultdict[str, int]:
    """Return, by site, the days of the window on which somebody of its team is absent."""
    first, last = (date.fromisoformat(day).toordinal() for day in window)
    absent: dict[str, int] = defaultdict(int)
    columns = (absences[name] for name in ("officer_id", "absent_from", "absent_to"))
    for person, *days in zip(*columns, strict=True):
        begin, end = (date.fromisoformat(day).toordinal() for day in days)
        inside = max(first, min(begin, last + 1)), min(end, last) + 1
        absent[person] |= _days(inside[0] - first, inside[1] - first)
    away: defaultdict[str, int] = defaultdict(int)
    who = (teams[name].to_numpy(object) for name in ("site_id", "officer_id"))
    for site, person in zip(*who, strict=True):
        away[site] |= absent[person]
    return away


def _free(week: int, away: int, weeks: Sequence[int]) -> int | None:
    """Return the first week, from ``week`` on and round again, with a day that nobody is away."""
    round_again = chain(range(week, len(weeks)), range(week))
    return next((at for at in round_again if weeks[at] & ~away), None)


def _places(bureaux: Sequence[str], weeks: Sequence[int], lots: Sequence[Lot]) -> list[int]:
    """Number the visits of every bureau in every week, by lot."""
    place = [0] * len(lots)
    drawn = sorted(range(len(lots)), key=lambda at: (bureaux[at], weeks[at], lots[at]))
    for _, visits in groupby(drawn, key=lambda at: (bureaux[at], weeks[at])):
        for number, at in enumerate(visits, 1):
            place[at] = number
    return place
