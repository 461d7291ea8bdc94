"""A draw small enough to write down: seven sites under pseudonyms, one team, a log and a witness."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot.planning.deciding import SCHEMAS
from fairlot.public import canonical, merkle, rows
from fairlot.public.door import Logged
from fairlot.public.entries import Entry
from fairlot.public.inclusion import Inclusion
from fairlot.public.log import Log
from fairlot.public.note import Signer
from fairlot.public.opened_row import Part, Row, open_row
from fairlot.public.pseudonym import Names, Opening
from fairlot.public.results import RESULTS
from fairlot.public.suite import SHA256, Suite
from fairlot.public.witness import Witness

SITES = tuple(f"S{i}" for i in range(7))
PEOPLE = ("P1", "P2", "P3")
NAMES = {"authority": "示例局", "scope": "检验检测", "period": "2026", "task": "2026-001"}
ROUND, SEEN = 1_780_000_000, 1_780_000_300
KEYS = {name: bytes([i]) * 32 for i, name in enumerate(("standings", "sites", "results"))}


def cells_of(name: str, **columns: list[Any]) -> dict[str, list[Any]]:
    """A table of seven rows: the columns given, and something of the right kind in the others."""
    plain: dict[type, Any] = {str: "-", int: 0, bool: False}
    schema = RESULTS if name == "results" else SCHEMAS[name]
    return {c: columns.get(c, [plain[kind]] * len(SITES)) for c, kind in schema.items()}


@dataclass(frozen=True)
class World:
    """One draw in both views; ``drawn`` is the site that is visited, in week 3, by P1 and P2."""

    view: str = "open"
    suite: Suite = SHA256
    drawn: int = 2
    opens: str = ""
    tables: dict[str, dict[str, list[Any]]] = field(init=False)
    trees: dict[str, Any] = field(init=False)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        names = Names(bytes(32), PEOPLE, SITES, self.suite)
        shown = [names.site_pseudonyms[s] if self.view == "pseudonymous" else s for s in SITES]
        order = sorted(range(len(SITES)), key=lambda i: shown[i])
        site = [shown[i] for i in order]
        team = ";".join(sorted(names.pseudonyms[p] for p in ("P1", "P2")))
        came = ["drawn" if i == self.drawn else "not drawn" for i in range(len(SITES))]
        tables = {
            "standings": cells_of("standings", site=site, rule=["weighted"] * 7, weight=["1"] * 7),
            "sites": cells_of("sites", site_id=[SITES[i] for i in order]),
            "results": cells_of(
                "results", site=site, outcome=came, rule=["weighted"] * 7, numerator=[2**39] * 7,
                week=[3 * (one == "drawn") for one in came],
                team=[team * (one == "drawn") for one in came],
            ),
        }  # fmt: skip
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "tables", tables)
        object.__setattr__(self, "trees", self._trees())

    def _trees(self) -> dict[str, Any]:
        digests = {
            name: rows.field_digests(self.tables[name], KEYS[name], self.suite) for name in KEYS
        }
        private = rows.private_digests(digests["sites"], self.suite)
        leaves = {
            "sites": rows.leaves(digests["standings"], private, self.suite),
            "results": rows.leaves(digests["results"], None, self.suite),
        }
        return {name: merkle.levels(each, self.suite) for name, each in leaves.items()}

    def root(self, name: str) -> bytes:
        return np.asarray(self.trees[name][-1][0]).tobytes()

    @property
    def announcement(self) -> bytes:
        proof = {"suite": self.suite.name, "view": self.view, "opens": self.opens}
        told: dict[str, Any] = {
            "plan": {**NAMES, "proof": proof},
            "registers": {"sites": {"rows": len(SITES), "root": self.root("sites").hex()}},
        }
        return canonical.encode(told) + b"\n"

    @property
    def outcome(self) -> bytes:
        told: dict[str, Any] = {
            "announcement": sha256(self.announcement).hexdigest(),
            "results": {"rows": len(SITES), "root": self.root("results").hex()},
        }
        return canonical.encode(told) + b"\n"

    def part(self, name: str, index: int, shown: set[str]) -> Part:
        cells = {column: values[index] for column, values in self.tables[name].items()}
        return Part(cells, rows.row_key(KEYS[name], index, self.suite), shown)

    def site(self, index: int, shown: set[str], private: set[str] = frozenset()) -> Row:  # type: ignore[assignment]
        parts = self.part("standings", index, shown), self.part("sites", index, private)
        return open_row(self.trees["sites"], index, *parts, self.suite)

    def result(self, index: int, shown: set[str] = frozenset(RESULTS)) -> Row:  # type: ignore[assignment]
        return open_row(
            self.trees["results"], index, self.part("results", index, shown), suite=self.suite
        )

    def openings(self, *people: str) -> tuple[Opening, ...]:
        return tuple(self.names.openings[one] for one in people)


@dataclass(frozen=True)
class Public:
    """The log with the draw's two entries and some others, and who signed for it."""

    log: Signer
    witness: Signer
    logged: Logged

    @classmethod
    def of(cls, world: World, folder: Path) -> "Public":
        signer, seer = (
            Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([i]) * 32))
            for i, name in enumerate(("draws.example", "witness.example"), 1)
        )
        log, witness = Log.create(folder / "log", signer), Witness.create(folder / "w", seer)
        announced = Entry(
            "announcement", *NAMES.values(), sha256(world.announcement).hexdigest(),
            1, ROUND, world.opens, world.root("sites").hex(),
        )  # fmt: skip
        outcome = Entry("outcome", *NAMES.values(), sha256(world.outcome).hexdigest())
        other = Entry("human", *NAMES.values(), "0" * 64)
        entries = [other, announced, other, outcome, other]
        log.append(entries, signer)
        witness.trust(signer.vkey)
        log.add_cosignature(witness.cosign_log(log.folder, now=SEEN), seer.cosigner_vkey)
        tree = merkle.levels([merkle.leaf_hash(entry.encode()) for entry in entries])
        places = (
            Inclusion(i, tuple(merkle.inclusion_proof(tree, i)), log.checkpoint()) for i in (1, 3)
        )
        return cls(signer, seer, Logged(1, ROUND, world.opens, *places))
