"""From the registers to rows of eligible officers: who may go to which drawn site."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel

__all__ = ["Window", "qualified", "read_registers"]

Window = tuple[str, str]
"""First and last day on which a visit may fall, ISO."""

SEATS = ("officer", "specialist")
TEAM = 2
"""行政处罚法 (2021) §42: never fewer than two officers."""

PAIRS_MOST = 100_000_000
"""Half a gigabyte of rows; the whole country in 18 bureaux has 15 million pairs."""

NOWHERE = -1
"""The code of an officer whose station no drawn site has."""
FREE = -2
"""The code of a site whose station bars nobody: equal to no officer's."""


class _Sites(NamedTuple):
    """The drawn sites in codes: pool, station, both sectors, and who is in conflict with each."""

    pool: NDArray[np.int64]
    station: NDArray[np.int64]
    sectors: NDArray[np.int64]
    barred_ptr: NDArray[np.int64]
    barred: NDArray[np.int64]


class _Pools(NamedTuple):
    """By bureau: the officers who may serve it, ascending, and the tier of each."""

    ptr: NDArray[np.int64]
    officer: NDArray[np.int32]
    tier: NDArray[np.int8]


def read_registers(
    sites: pd.DataFrame,
    officers: pd.DataFrame,
    conflicts: pd.DataFrame,
    absences: pd.DataFrame,
    *,
    seats: tuple[str, ...],
    window: Window,
    own_station: bool,
    support: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Return the fields of a Problem; the rules are those of ``Problem.from_registers``."""
    _check_seats(seats)
    _check_support(support, set(officers["bureau_id"]))
    sites = sites.sort_values("site_id", kind="stable")
    officers = officers.sort_values("officer_id", kind="stable")
    able = qualified(officers, absences, window)
    bureaux = sorted(set(sites["bureau_id"]))
    sectors = sorted({*sites["sector"], *sites["sector2"]} - {""})
    stations = {} if own_station else _numbered(sorted(set(sites["station_id"]) - {""}))
    coded = _Sites(
        pool=_codes(sites["bureau_id"], _numbered(bureaux)),
        station=_codes(sites["station_id"], stations, other=FREE),
        sectors=_sector_codes(sites, sectors),
        **_barred(sites, officers, conflicts, _checked(window)),
    )
    rows = _rows(
        coded,
        _pools(bureaux, officers["bureau_id"], able, support),
        _codes(officers["station_id"], stations, other=NOWHERE),
        _skilled(officers["skills"], sectors),
        np.array([seat == "specialist" for seat in seats]),
    )
    return {
        "tasks": tuple(sites["site_id"]),
        "officers": tuple(officers["officer_id"]),
        "seat_task": np.repeat(np.arange(len(sites)), len(seats)),
        "seat_kind": np.tile(np.asarray(seats), len(sites)),
        "seat_skill": _asked(sites, seats),
        "cap": officers["max_tasks"].to_numpy(),
        "bureau": np.asarray(list(sites["bureau_id"]), dtype=np.str_),
        **rows,
    }


def qualified(officers: pd.DataFrame, absences: pd.DataFrame, window: Window) -> NDArray[np.bool_]:
    """Say of each officer: active, licensed to the window's last day, and not away throughout."""
    _, last = _checked(window)
    away = _away(absences, window)
    states = _each(officers, "officer_id", "license_expiry", "active")
    able = [active and expiry >= last and officer not in away for officer, expiry, active in states]
    return np.array(able, dtype=np.bool_)


def _checked(window: Window) -> Window:
    try:
        first, last = (date.fromisoformat(day).isoformat() for day in window)
    except ValueError:
        first, last = "", ""
    if (first, last) != tuple(window) or not "" < first <= last:
        raise InvalidInput(
            "window is {got}; want its first and last day, YYYY-MM-DD",
            zh="检查期间为 {got}，应为首日与末日（YYYY-MM-DD）",
            got=window,
        )
    return first, last


def _away(absences: pd.DataFrame, window: Window) -> set[str]:
    """Return who is absent on every day of the window; absences may join end to end."""
    first, last = (date.fromisoformat(day).toordinal() for day in window)
    present: dict[str, int] = {}  # the first day not yet known to be an absence
    for officer, start, end in sorted(_each(absences, "officer_id", "absent_from", "absent_to")):
        day = present.get(officer, first)
        if date.fromisoformat(start).toordinal() <= day:
            present[officer] = max(day, date.fromisoformat(end).toordinal() + 1)
    return {officer for officer, day in present.items() if day > last}


def _check_seats(seats: tuple[str, ...]) -> None:
    if len(seats) < TEAM or not set(seats) <= set(SEATS):
        raise InvalidInput(
            "seats are {got}; want at least {team} of {known} (行政处罚法 §42)",
            zh="席位为 {got}，应至少有 {team} 个，取自 {known}（行政处罚法第四十二条）",
            got=seats,
            team=TEAM,
            known=SEATS,
        )


def _check_support(support: Mapping[str, Sequence[str]], known: set[str]) -> None:
    for bureau, lenders in support.items():
        for lender in lenders:
            if lender == bureau or lender not in known or list(lenders).count(lender) > 1:
                raise InvalidInput(
                    "bureau {bureau} is to borrow officers from {lender};"
                    " want other bureaux with officers, each once",
                    zh="{bureau} 拟向 {lender} 借调，应为有检查人员的其他机关且不重复",
                    bureau=bureau,
                    lender=lender,
                )


def _each(frame: pd.DataFrame, *columns: str) -> "zip[tuple[str, ...]]":
    return zip(*(frame[column] for column in columns), strict=True)


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _codes(column: "pd.Series[str]", code: Mapping[str, int], other: int = -1) -> NDArray[np.int64]:
    return np.array([code.get(value, other) for value in column], dtype=np.int64)


def _sector_codes(sites: pd.DataFrame, sectors: Sequence[str]) -> NDArray[np.int64]:
    code = _numbered(sectors)
    unnamed = len(sectors)  # the column of `_skilled` in which nobody is skilled
    return np.column_stack([_codes(sites[s], code, other=unnamed) for s in ("sector", "sector2")])


def _skilled(skills: "pd.Series[str]", sectors: Sequence[str]) -> NDArray[np.bool_]:
    code = _numbered(sectors)
    skilled = np.zeros((len(skills), len(sectors) + 1), dtype=np.bool_)
    for position, fields in enumerate(skills):
        skilled[position, [code[field] for field in fields.split(";") if field in code]] = True
    return skilled


def _asked(sites: pd.DataFrame, seats: tuple[str, ...]) -> NDArray[np.str_]:
    fields = [";".join(filter(None, both)) for both in _each(sites, "sector", "sector2")]
    return np.array([f if seat == "specialist" else "" for f in fields for seat in seats], np.str_)


def _barred(
    sites: pd.DataFrame, officers: pd.DataFrame, conflicts: pd.DataFrame, window: Window
) -> dict[str, NDArray[np.int64]]:
    """List by site the officers in conflict with it, or with its code, on any day of the window."""
    first, last = window
    officer_at = _numbered(tuple(officers["officer_id"]))
    named: dict[str, list[int]] = defaultdict(list)
    for column in ("site_id", "uscc"):
        for position, name in enumerate(sites[column]):
            named[name].append(position)
    named.pop("", None)
    columns = ("person_id", "target", "valid_from", "valid_to")
    pairs = sorted(
        (site, officer_at[person])
        for person, target, start, end in _each(conflicts, *columns)
        if start <= last and (not end or end >= first) and person in officer_at
        for site in named.get(target, ())
    )
    site, officer = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    ptr = np.searchsorted(site, np.arange(len(sites) + 1)).astype(np.int64)
    return {"barred_ptr": ptr, "barred": np.ascontiguousarray(officer)}


def _pools(
    bureaux: Sequence[str],
    officer_bureau: "pd.Series[str]",
    able: NDArray[np.bool_],
    support: Mapping[str, Sequence[str]],
) -> _Pools:
    staff: dict[str, list[int]] = defaultdict(list)
    for position, (bureau, may) in enumerate(zip(officer_bureau, able, strict=True)):
        if may:
            staff[bureau].append(position)
    pools = [
        sorted((o, k) for k, b in enumerate((bureau, *support.get(bureau, ()))) for o in staff[b])
        for bureau in bureaux
    ]
    ptr = np.cumsum([0, *map(len, pools)], dtype=np.int64)
    flat = np.array([pair for pool in pools for pair in pool], dtype=np.int64).reshape(-1, 2)
    return _Pools(ptr, flat[:, 0].astype(np.int32), flat[:, 1].astype(np.int8))


def _rows(
    sites: _Sites,
    pools: _Pools,
    station: NDArray[np.int64],
    skilled: NDArray[np.bool_],
    special: NDArray[np.bool_],
) -> dict[str, NDArray[Any]]:
    seats = sites.pool.size * special.size
    most = int(np.diff(pools.ptr)[sites.pool].sum()) * special.size
    if most > PAIRS_MOST:
        raise InvalidInput(
            "{got} pairs of seat and officer; want at most {most}",
            zh="席位与检查人员的组合有 {got} 个，至多 {most} 个",
            got=most,
            most=PAIRS_MOST,
        )
    ptr = np.zeros(seats + 1, np.int64)
    idx, tier = np.empty(most, np.int32), np.empty(most, np.int8)
    _list_officers(sites, pools, station, skilled, special, ptr, idx, tier)
    return {"ptr": ptr, "idx": idx[: ptr[-1]].copy(), "tier": tier[: ptr[-1]].copy()}


@kernel
def _list_officers(
    sites: _Sites,
    pools: _Pools,
    station: NDArray[np.int64],
    skilled: NDArray[np.bool_],
    special: NDArray[np.bool_],
    ptr: NDArray[np.int64],
    idx: NDArray[np.int32],
    tier: NDArray[np.int8],
) -> None:
    """Write the row of every seat of every site into ``ptr``, ``idx`` and ``tier``."""
    shuns = np.full(station.size, -1)  # the last site each officer was found in conflict with
    found = 0
    for site in range(sites.pool.size):
        for c in range(sites.barred_ptr[site], sites.barred_ptr[site + 1]):
            shuns[sites.barred[c]] = site
        pool, field, field2 = sites.pool[site], sites.sectors[site, 0], sites.sectors[site, 1]
        for kind in range(special.size):
            for e in range(pools.ptr[pool], pools.ptr[pool + 1]):
                o = pools.officer[e]
                if shuns[o] == site or station[o] == sites.station[site]:
                    continue
                if special[kind] and not (skilled[o, field] or skilled[o, field2]):
                    continue
                idx[found], tier[found] = o, pools.tier[e]
                found += 1
            ptr[site * special.size + kind + 1] = found
