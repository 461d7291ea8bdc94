"""The door proof: what the officers of a visit carry, and anyone at the door can check.

One line of canonical JSON (RFC 8785), some five thousand bytes::

    {"@spec":"fairlot.draw/v1 door",
     "authority":…,"scope":…,"period":…,"task":…,"suite":"sha256","view":"open",
     "announcement":"<SHA-256 of announcement.json>","sites":{"rows":1200,"root":"…"},
     "outcome":"<SHA-256 of outcome.json>","results":"<root of the results>",
     "site":<row of the roster>,"result":<row of the results>,
     "team":[{"id":…,"pseudonym":…,"salt":…},…],
     "changes":[{"digest":…,"file":"replacement-001.json","in":…,"out":…},…],
     "log":null or {"announcement":{…},"outcome":{…},"checkpoint":"…"},
     "provisional":false}

Both trees cover the whole roster, row for row, so the proof of a site that was drawn looks like
that of one that was not. ``provisional`` stands while the draw is sealed. ``door_check`` checks it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fairlot._base.errors import VerificationError
from fairlot.planning.deciding import SCHEMAS
from fairlot.public import canonical
from fairlot.public.bound import BOUND, Bound
from fairlot.public.canonical import Json
from fairlot.public.entries import Entry
from fairlot.public.folder import SPEC
from fairlot.public.inclusion import HEADING as INCLUSION
from fairlot.public.inclusion import Inclusion
from fairlot.public.opened_row import Row, hexed, refuse_other_keys
from fairlot.public.pseudonym import SALT, Opening
from fairlot.public.results import RESULTS
from fairlot.public.suite import HASH

__all__ = ["MAX_DOOR", "Change", "Door", "Logged"]

DOOR = f"{SPEC} door"
MAX_DOOR = 1 << 18
MOST = 99  # people of a team, or changes of a visit
ANSWER = re.compile(r"replacement-(?!000)[0-9]{3}\.json")
OWN = {"@spec", "outcome", "results", "site", "result", "team", "changes", "log", "provisional"}


@dataclass(frozen=True, slots=True)
class Change:
    """Who goes, or where, instead of what was drawn, by a file of the record.

    file    replacement-00n.json, and ``digest`` its SHA-256
    out     the pseudonym that leaves, or the site that could not be visited
    into    who, or which site, takes the place; "" where nobody can
    """

    file: str
    digest: bytes
    out: str
    into: str


@dataclass(frozen=True, slots=True)
class Logged:
    """Where announcement and outcome stand in the log, both under the latest checkpoint.

    sequence, round_time, opens  what the announcement's entry says besides (see ``entries``)
    """

    sequence: int
    round_time: int
    opens: str
    announcement: Inclusion
    outcome: Inclusion

    def entries(self, bound: Bound, outcome: bytes) -> tuple[Entry, Entry]:
        """Return the two entries, announcement and outcome, that this draw must have in the log."""
        names = (bound.authority, bound.scope, bound.period, bound.task)
        more = (self.sequence, self.round_time, self.opens, bound.root.hex())
        return (
            Entry("announcement", *names, bound.announcement.hex(), *more),
            Entry("outcome", *names, outcome.hex()),
        )


@dataclass(frozen=True, slots=True)
class Door:
    """The proof of one site.

    outcome  SHA-256 of outcome.json
    results  root of the results, over as many rows as the roster has
    site     row of the roster: at least ``site`` is open
    result   row of the results: at least ``site`` and ``outcome`` are open
    team     the pseudonyms that are opened, of officers and experts
    """

    bound: Bound
    outcome: bytes
    results: bytes
    site: Row
    result: Row
    team: tuple[Opening, ...] = ()
    changes: tuple[Change, ...] = ()
    log: Logged | None = None
    provisional: bool = False

    def encode(self) -> bytes:
        """Return the file."""
        told: dict[str, Json] = {
            "@spec": DOOR,
            **self.bound.encode(),
            "outcome": self.outcome.hex(),
            "results": self.results.hex(),
            "site": self.site.encode(),
            "result": self.result.encode(),
            "team": [{"id": o.id, "pseudonym": o.pseudonym, "salt": o.salt} for o in self.team],
            "changes": [
                {"file": c.file, "digest": c.digest.hex(), "out": c.out, "in": c.into}
                for c in self.changes
            ],
            "log": _told_log(self.log),
            "provisional": self.provisional,
        }
        return canonical.encode(told) + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> "Door":
        """Read the file, unverified; any other spelling of it is refused."""
        told: Any = canonical.decode(data.removesuffix(b"\n"), limit=MAX_DOOR)
        refuse_other_keys(told, BOUND | OWN)
        _refuse_unless(told["@spec"] == DOOR and data.endswith(b"\n"), "@spec")
        _refuse_unless(type(told["provisional"]) is bool, "provisional")
        site = Row.decode(told["site"], SCHEMAS["standings"], SCHEMAS["sites"])
        result = Row.decode(told["result"], RESULTS)
        _refuse_unless("site" in site.shown, "site")
        _refuse_unless({"site", "outcome"} <= result.shown.keys(), "result")
        bound, outcome = Bound.decode({n: told[n] for n in BOUND}), hexed(told["outcome"], HASH)
        log = _read_log(told["log"])
        if log:
            log.entries(bound, outcome)  # an entry that could not be is refused here
        return cls(
            bound,
            outcome,
            hexed(told["results"], HASH),
            site,
            result,
            tuple(map(_read_opening, _listed("team", told["team"]))),
            tuple(map(_read_change, _listed("changes", told["changes"]))),
            log,
            told["provisional"],
        )


def _told_log(log: Logged | None) -> Json:
    if log is None:
        return None
    return {
        "announcement": {
            **_told_place(log.announcement),
            "sequence": log.sequence, "round_time": log.round_time, "opens": log.opens,
        },
        "outcome": _told_place(log.outcome),
        "checkpoint": log.outcome.checkpoint,
    }  # fmt: skip


def _told_place(place: Inclusion) -> dict[str, Json]:
    return {"index": place.index, "proof": [each.hex() for each in place.proof]}


def _read_log(told: Any) -> Logged | None:
    if told is None:
        return None
    refuse_other_keys(told, {"announcement", "outcome", "checkpoint"})
    announced, outcome = told["announcement"], told["outcome"]
    refuse_other_keys(announced, {"index", "proof", "sequence", "round_time", "opens"})
    refuse_other_keys(outcome, {"index", "proof"})
    return Logged(
        announced["sequence"],
        announced["round_time"],
        announced["opens"],
        _read_place(announced, told["checkpoint"]),
        _read_place(outcome, told["checkpoint"]),
    )


def _read_place(told: Any, checkpoint: Json) -> Inclusion:
    place = {"index": told["index"], "proof": told["proof"]}
    again = {"@spec": INCLUSION, "checkpoint": checkpoint, **place}
    return Inclusion.decode(canonical.encode(again) + b"\n")


def _read_opening(told: Any) -> Opening:
    refuse_other_keys(told, {"id", "pseudonym", "salt"})
    hexed(told["salt"], SALT)
    _refuse_unless(all(isinstance(each, str) for each in told.values()), "team")
    return Opening(told["id"], told["pseudonym"], told["salt"])


def _read_change(told: Any) -> Change:
    refuse_other_keys(told, {"file", "digest", "out", "in"})
    texts = (told["file"], told["out"], told["in"])
    _refuse_unless(all(isinstance(each, str) for each in texts), "changes")
    _refuse_unless(ANSWER.fullmatch(told["file"]) is not None, "changes")
    return Change(told["file"], hexed(told["digest"], HASH), told["out"], told["in"])


def _listed(field: str, value: Any) -> Sequence[Any]:
    _refuse_unless(isinstance(value, list) and len(value) <= MOST, field)
    return list(value)


def _refuse_unless(held: bool, field: str) -> None:
    if not held:
        raise VerificationError("{field} is not as a door proof has it",
                                zh="{field} 不符合现场证明的格式", field=field)  # fmt: skip
