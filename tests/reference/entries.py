"""Reads the reference files into entries: one question with its answer each.

Nothing here knows an id. A key that is not an input of its case is a question, so a new kind of
answer becomes a group that the table must name, and is never left out in silence.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("FAIRLOT_REFERENCES") or Path(__file__).parent / "data")
FILES = ("sampling", "pt", "proof", "assignment")

# What is given rather than asked, in sampling.json at any depth.
GIVEN = {"pik", "n", "x", "prn", "prn2", "y", "z", "stratum", "units", "sample"}
# The groups of proof.json that hold several lists of entries, or one beside its context.
LISTS = {"drand_chain_info", "nist_beacon_2_0", "merkle_proofs", "jcs", "digest_to_u"}


@dataclass(frozen=True)
class Entry:
    """One thing to compare: its group in the table, its name, what is given and what is wanted.

    ``context`` is the whole of proof.json, whose groups share constants; ``needs`` names the rules
    of an assignment beyond plain teams.
    """

    file: str
    group: str
    name: str
    given: Any
    want: Any
    context: Any
    needs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.file}-{self.name}-{self.group}".replace(" ", ".")


def entries(file: str, folder: Path = FOLDER) -> list[Entry]:
    """Return the entries of one file."""
    read = {"sampling": _sampling, "pt": _pt, "proof": _proof, "assignment": _assignment}[file]
    return list(read(json.loads((folder / f"{file}.json").read_bytes())))


def _sampling(data: Any) -> Iterator[Entry]:
    for name, case in data.get("pik", {}).items():
        yield from _asked(name, case, case)
    for name, sizes in data.get("sizes", {}).items():
        given = {key: value for key, value in sizes.items() if key in GIVEN}
        rest = {key: value for key, value in sizes.items() if key != "by_n"}
        yield from _asked(name, given, rest)
        for n, case in sizes["by_n"].items():
            yield from _asked(f"{name}-{n}", {**given, **case}, case)
    for key, value in data.items():
        if key not in ("schema_version", "versions", "pik", "sizes"):
            yield Entry("sampling", key, "file", data, value, None)


def _asked(name: str, given: Any, answers: Mapping[str, Any], path: str = "") -> Iterator[Entry]:
    for key, value in answers.items():
        group = f"{path} {key}".strip()
        if key in GIVEN:
            continue
        if isinstance(value, dict) and not value.keys() & {"block", "error"}:
            yield from _asked(name, given, value, group)
        else:
            yield Entry("sampling", group, name, given, value, None)


def _pt(data: Any) -> Iterator[Entry]:
    for case in data["cases"]:
        yield Entry("pt", case["fn"], case["id"], case, case["expected"], None)


def _proof(data: Any) -> Iterator[Entry]:
    for group, value in data.items():
        if group == "rfc6962_roots":
            for size, root in enumerate(value["roots_by_size"]):
                leaves = value["leaf_inputs_hex"][:size]
                yield Entry("proof", group, str(size), leaves, root, data)
        elif group in LISTS:
            for key, part in value.items():
                if isinstance(part, list | dict):
                    yield from _rows(f"{group} {key}", part, data)
        elif not group.startswith("_"):
            yield from _rows(group, value if isinstance(value, list) else [value], data)


def _rows(group: str, part: Any, data: Any) -> Iterator[Entry]:
    for name, row in part.items() if isinstance(part, dict) else enumerate(part):
        yield Entry("proof", group, str(name), row, row, data)


def _assignment(data: Any) -> Iterator[Entry]:
    for case in data["instances"]:
        needs = tuple(_needs(case))
        yield Entry("assignment", "eligible", case["id"], case, case["eligible"], None, needs)
        for question, want in case["answer"].items():
            if question != "maxent_residual":  # how far the marginals may be off
                yield Entry("assignment", question, case["id"], case, want, None, needs)


def _needs(case: Any) -> Iterator[str]:
    for rule in ("field", "departments", "min_enforcement", "min_lead"):
        if any(task.get(rule) for task in case["tasks"]):
            yield rule
    if any(officer.get("min") for officer in case["officers"]):
        yield "minimum loads"
    if case["pair_exclusions"]:
        yield "pair_exclusions"
    yield from (rule for rule, on in case["rules"].items() if on)
