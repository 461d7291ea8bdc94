"""What a record shows, and when: every view is a redaction of one full record under one root.

open          everything that decides is shown with the announcement; anyone replays everything
pseudonymous  sites stand under pseudonyms with what the selection uses (``standings``); why a site
              stands where it does is shown for drawn sites only, and to auditors for all
sealed        until the opening date only the announcement and the outcome's digests are shown

``opening.json`` holds what opens the rest: the key of every table, and the custodians' salts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

import pandas as pd

from fairlot._base.errors import VerificationError, within
from fairlot.planning import Plan, Tables
from fairlot.planning.deciding import SCHEMAS
from fairlot.public import canonical, note
from fairlot.public.committed import private_of, read_sheet, sheet
from fairlot.public.folder import DIGESTS, PROOFS, SPEC, SWITCH, TABLES, subject
from fairlot.public.rows import row_key
from fairlot.public.seal import seal
from fairlot.public.suite import Suite

__all__ = [
    "OPENINGS",
    "Opening",
    "frames_of",
    "opened_row",
    "opening_json",
    "openings",
    "opens_at",
    "published",
    "read_opening",
    "read_tables",
    "sheets",
    "with_lock",
]

OPENING = f"{SPEC} opening"
OPENINGS: Mapping[str, type] = {"row": int, "key": str, **SCHEMAS["sites"]}
"""The columns of openings.jsonl: which row of standings, its row key, and its private columns."""
MAX_OPENING = 1 << 16
BEFORE = ("announcement.json", "outcome.json", SWITCH)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a record: keys by table, custodians' salts by name, the value of their lock."""

    keys: Mapping[str, bytes]
    salts: Mapping[str, bytes]
    lock: Mapping[str, Any]


def opens_at(plan: Plan) -> datetime | None:
    """Return when a sealed record is opened at the latest: the start of that day, UTC."""
    day = plan.proof.opens
    return datetime.combine(date.fromisoformat(day), time(), UTC) if day else None


def frames_of(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the tables by name."""
    return {name: getattr(tables, name) for name in TABLES}


def sheets(plan: Plan, tables: Tables, keys: Mapping[str, bytes], suite: Suite) -> dict[str, bytes]:
    """Return every table as a file; pseudonymous standings carry the private digests."""
    frames = frames_of(tables)
    if plan.proof.view == "pseudonymous":
        closed = [row.tobytes().hex() for row in private_of(tables.sites, keys["sites"], suite)]
        frames["standings"] = tables.standings.assign(private=pd.Series(closed, dtype=object))
    return {f"{name}.jsonl": sheet(name, frame) for name, frame in frames.items()}


def opening_json(
    announcement: bytes,
    keys: Mapping[str, bytes],
    salts: Mapping[str, bytes] | None = None,
    lock: Mapping[str, Any] | None = None,
) -> bytes:
    """Return opening.json."""
    told: dict[str, canonical.Json] = {
        "@spec": OPENING,
        "announcement": sha256(announcement).hexdigest(),
        "keys": {name: key.hex() for name, key in keys.items()},
        "salts": {name: salt.hex() for name, salt in (salts or {}).items()},
        "lock": dict(lock or {}),
    }
    return canonical.encode(told) + b"\n"


def read_opening(files: Mapping[str, bytes]) -> Opening:
    """Read opening.json back; refuse one of another announcement, or of another form."""
    with within("opening.json"):
        told = canonical.decode(files["opening.json"].removesuffix(b"\n"), limit=MAX_OPENING)
        match told:
            case {"keys": dict(keys), "salts": dict(salts), "lock": dict(lock)}:
                found = Opening(_hexed(keys), _hexed(salts), lock)
                again = opening_json(
                    files["announcement.json"], found.keys, found.salts, found.lock
                )
                if again == files["opening.json"]:
                    return found
        raise VerificationError("is not the opening of this announcement",
                                zh="不是本公告的开启文件")  # fmt: skip


def read_tables(files: Mapping[str, bytes], plan: Plan) -> dict[str, pd.DataFrame]:
    """Return the tables that a record shows; in a pseudonymous one ``sites`` may be missing."""
    veiled = plan.proof.view == "pseudonymous"
    frames = {}
    for name in TABLES:
        if name == "sites" and veiled and "sites.jsonl" not in files:
            continue
        schema = {**SCHEMAS[name], "private": str} if name == "standings" and veiled else None
        frames[name] = read_sheet(files, name, schema)
    return frames


def openings(drawn: pd.DataFrame, rows: list[int], key: bytes, suite: Suite) -> bytes:
    """Return openings.jsonl: the private columns of these rows and the keys that prove them.

    drawn  the rows of ``sites``, in the order of ``rows``, their positions in standings
    """
    keys = [row_key(key, row, suite).hex() for row in rows]
    columns = drawn.reset_index(drop=True)[list(SCHEMAS["sites"])]
    columns.insert(0, "row", pd.Series(rows, dtype="int64"))
    columns.insert(1, "key", pd.Series(keys, dtype=object))
    return sheet("openings", columns)


def opened_row(tables: Tables, opening: Opening, row: int, suite: Suite) -> dict[str, Any]:
    """Return what opens one row of ``sites``: the columns of ``OPENINGS``."""
    key = row_key(opening.keys["sites"], row, suite).hex()
    cells = {name: kind(tables.sites[name].iloc[row]) for name, kind in SCHEMAS["sites"].items()}
    return {"row": row, "key": key, **cells}


def published(
    files: Mapping[str, bytes], plan: Plan, signer: note.Signer, *, opened: bool
) -> dict[str, bytes]:
    """Return what of a full record may be shown, sealed anew.

    opened  whether a sealed record is to be shown: on its opening date, and not before
    """
    if plan.proof.opens and not opened:
        proofs = {name for name in files if PROOFS.fullmatch(name) and subject(name) in BEFORE}
        shown = {n: d for n, d in files.items() if n in {*BEFORE, *proofs}}
        return seal(shown, signer)
    if plan.proof.view == "open":
        return dict(files)
    found = read_opening(files)
    keys = {name: key for name, key in found.keys.items() if name != "sites"}
    shown = {n: d for n, d in files.items() if n not in ("sites.jsonl", DIGESTS)}
    shown["opening.json"] = opening_json(files["announcement.json"], keys, found.salts, found.lock)
    return seal(shown, signer)


def with_lock(files: Mapping[str, bytes], lock: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files, unsealed, with the value of the round that opened the time locks."""
    found = read_opening(files)
    opening = opening_json(files["announcement.json"], found.keys, found.salts, lock)
    return {**files, "opening.json": opening}


def _hexed(texts: Mapping[str, Any]) -> dict[str, bytes]:
    try:
        return {name: bytes.fromhex(text) for name, text in texts.items()}
    except (TypeError, ValueError):
        raise VerificationError("holds what is no hex digits", zh="含有非十六进制内容") from None
