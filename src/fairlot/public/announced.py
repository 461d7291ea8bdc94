"""An announcement that was read and found whole: what a replay starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.arrays import Ints
from fairlot._base.errors import VerificationError, within
from fairlot.planning import Plan, Tables, standings
from fairlot.planning.deciding import SCHEMAS, check_table
from fairlot.planning.views import check_shown, merged
from fairlot.public import beacon, rows
from fairlot.public.announcement import plan_of, read_body, refuse_other_roots
from fairlot.public.before import Before, refuse_lone_hand
from fairlot.public.committed import (
    DTYPES,
    REGISTERS,
    columns_of,
    commit,
    private_of,
    read_sheet,
)
from fairlot.public.custodians import opened
from fairlot.public.disclosure import OPENINGS, Opening, read_opening, read_tables
from fairlot.public.opened_row import hexed
from fairlot.public.published import Beacon, Value
from fairlot.public.stream import seed
from fairlot.public.suite import Suite, suite

__all__ = ["Announced", "head_of", "open_announced", "with_openings", "with_rows"]

Bytes = NDArray[np.uint8]

KEY = 32  # bytes of a row key


@dataclass(frozen=True, slots=True)
class Announced:
    """What an announcement says, and what was opened of it.

    digest   SHA-256 of announcement.json, by which records and logs name it
    salt     the hash of the same bytes under the draw's suite: it salts the seed
    tables   the registers, None while the record is sealed; in a pseudonymous record ``sites`` is
             blank but for rows that are opened
    whole    whether every row of ``sites`` is known
    leaves   the leaf of every row, by register
    closed   in a pseudonymous record, the private digest of every site
    """

    digest: bytes
    salt: bytes
    body: Mapping[str, Any]
    plan: Plan
    before: Before
    suite: Suite
    opening: Opening
    tables: Tables | None = None
    whole: bool = False
    leaves: Mapping[str, Bytes] | None = None
    closed: Sequence[str] = ()

    @property
    def beacon(self) -> Beacon:
        """The beacon that was announced."""
        return beacon.source(self.body["beacon"])

    def seed(self, source: Beacon, value: Value) -> bytes:
        """Return the seed of the draw: beacon and custodians' salts, salted by the announcement."""
        salts = opened(self.before.custodians, self.opening.salts, self.opening.lock, self.suite)
        material = beacon.material(source.identity(), source.randomness(value), salts)
        return seed(self.salt, material, self.suite)


def head_of(files: Mapping[str, bytes]) -> Announced:
    """Read the announcement alone, without its registers."""
    body = read_body(files)
    plan, before, data = plan_of(body), Before.decode(body), files["announcement.json"]
    refuse_lone_hand(plan, before)
    chosen = suite(plan.proof.suite)
    return Announced(
        digest=sha256(data).digest(),
        salt=chosen.digest(data),
        body=body,
        plan=plan,
        before=before,
        suite=chosen,
        opening=Opening({}, {}, {}),
    )


def open_announced(files: Mapping[str, bytes]) -> Announced:
    """Read an announcement and its registers; refuse them unless roots and sizes agree.

    A record that its plan seals may lack opening.json: then ``tables`` is None.
    """
    head = head_of(files)
    if "opening.json" not in files:
        if head.plan.proof.opens:
            return head
        raise VerificationError("opening.json is missing", zh="缺少 opening.json")
    opening = read_opening(files)
    frames = read_tables(files, head.plan)
    _refuse_other_opening(opening, frames, head.before)
    commitments = commit(frames, opening.keys, head.suite)
    refuse_other_roots(commitments, head.body)
    announced = replace(
        head,
        opening=opening,
        tables=_tables(head.plan, frames),
        whole="sites" in frames,
        closed=tuple(frames["standings"].get("private", ())),
        leaves={name: each.leaves for name, each in commitments.items()},
    )
    if announced.whole:
        _refuse_other_standings(announced, frames)
    return announced


def with_openings(announced: Announced, files: Mapping[str, bytes], drawn: Ints) -> Announced:
    """Return the announcement with the private columns of the drawn rows filled in.

    Refuses openings of other rows, and rows that are not those bound by the root. An announcement
    that is whole is returned as it is.
    """
    if announced.whole or announced.tables is None:
        return announced
    found = read_sheet(files, "openings", OPENINGS)
    with within("openings.jsonl"):
        if found["row"].tolist() != drawn.tolist():
            raise VerificationError("opens other rows than those drawn",
                                    zh="开启的行并非抽中的行")  # fmt: skip
        return with_rows(announced, found)


def with_rows(announced: Announced, found: pd.DataFrame) -> Announced:
    """Return the announcement with these opened rows filled in; refuse what does not fit.

    found  the columns of ``OPENINGS``
    """
    assert announced.tables is not None
    check_table("sites", found)
    _refuse_other_rows(announced, found)
    rows, sites = found["row"].to_numpy(), announced.tables.sites.copy()
    for column in SCHEMAS["sites"]:
        sites.loc[rows, column] = found[column].to_numpy()
    tables = replace(announced.tables, sites=sites)
    check_shown(announced.plan, tables, rows)
    return replace(announced, tables=tables)


def _refuse_other_opening(
    opening: Opening, frames: Mapping[str, pd.DataFrame], before: Before
) -> None:
    """Refuse an opening that lacks the key of a table, or opens what nobody announced."""
    lost, custodians = sorted(set(frames) - set(opening.keys)), before.custodians
    if lost:
        raise VerificationError("opening.json: the key of {list} is missing",
                                zh="opening.json：缺少 {list} 的密钥", list=", ".join(lost))  # fmt: skip
    more = {*opening.keys} - {*frames} | {*opening.salts} - {each.name for each in custodians}
    if opening.lock and not any(each.lock for each in custodians):
        more |= {"lock"}
    if more:
        raise VerificationError("opening.json opens {list}, which is not in this record",
                                zh="opening.json 开启了本记录没有的 {list}",
                                list=", ".join(sorted(more))[:200])  # fmt: skip


def _tables(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables of a replay; what is not shown of ``sites`` stands blank."""
    shown = frames["standings"]
    sites = frames.get("sites", _blank(shown))
    told = standings(plan, sites)["detail"] if plan.proof.view == "open" else ""
    tables = {name: frames[name] for name in REGISTERS if name != "sites"}
    return Tables(standings=shown.assign(detail=told), sites=sites, **tables)


def _blank(shown: pd.DataFrame) -> pd.DataFrame:
    blanks = {
        c: pd.Series([k()] * len(shown), dtype=DTYPES[k]) for c, k in SCHEMAS["sites"].items()
    }
    return pd.DataFrame(blanks).assign(site_id=shown["site"], bureau_id=shown["bureau_id"])


def _refuse_other_standings(announced: Announced, frames: Mapping[str, pd.DataFrame]) -> None:
    """Refuse standings that do not follow from the private columns beside them."""
    assert announced.tables is not None
    shown, made = frames["standings"], announced.tables
    check_shown(announced.plan, made, np.arange(len(shown)))
    if announced.plan.proof.view == "pseudonymous":
        due = merged(standings(announced.plan, made.sites))
        _refuse_column(shown, "sector", due["sector"].tolist())
        _refuse_column(shown, "class", due["class"].tolist())
        closed = private_of(made.sites, announced.opening.keys["sites"], announced.suite)
        _refuse_column(shown, "private", [row.tobytes().hex() for row in closed])


def _refuse_other_rows(announced: Announced, found: pd.DataFrame) -> None:
    """Refuse opened rows whose private digest is not the one that was bound."""
    columns = columns_of(found, "sites")
    due = [
        _private(hexed(key, KEY), dict(zip(columns, cells, strict=True)), announced.suite).hex()
        for key, *cells in zip(found["key"].tolist(), *columns.values(), strict=True)
    ]
    bound = [announced.closed[row] for row in found["row"].tolist()]
    _refuse_column(pd.DataFrame({"private": bound}), "private", due)


def _private(key: bytes, row: Mapping[str, Any], suite: Suite) -> bytes:
    """Return the private digest of one row from its row key."""
    digests = [
        rows.field_digest(rows.salt(key, j, suite), column, value, suite)
        for j, (column, value) in enumerate(row.items())
    ]
    return rows.private_digest(digests, suite)


def _refuse_column(shown: pd.DataFrame, column: str, due: list[str]) -> None:
    for at, (got, want) in enumerate(zip(shown[column].tolist(), due, strict=True), 1):
        if got != want:
            raise VerificationError(
                "row {row}: {column} is {got!r}; from the site's own columns follows {want!r}",
                zh="第 {row} 行：{column} 为 {got!r}，由该场所自身数据应为 {want!r}",
                row=at, column=column, got=got, want=want,
            )  # fmt: skip
