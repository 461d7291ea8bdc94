"""Reads the reference files into entries: one question with its answer each."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("FAIRLOT_REFERENCES") or Path(__file__).parent / "data")
FILES = ("sampling", "pt", "proof", "assignment")

PARTS = {
    "sampling": {"schema_version", "versions", "pik", "sizes"},
    "proof": {
        "_about", "drand_chain_info", "drand_quicknet_rounds", "drand_default_rounds",
        "drand_other_rfc9380", "drand_must_reject", "consistent_sampler", "signed_note", "unicode",
        "nist_beacon_2_0", "rfc3797", "thomson_vrs", "cryptorandom", "rfc6962_roots",
        "merkle_proofs", "jcs", "digest_to_u",
    },
}  # fmt: skip
"""The parts of a file that are read, or are no entries; another part is an error."""


@dataclass(frozen=True)
class Entry:
    """One thing to compare: its file, its group in the table, its id, question and answer."""

    file: str
    group: str
    id: str
    given: Any
    want: Any


def entries(file: str, folder: Path = FOLDER) -> list[Entry]:
    """Return the entries of one file; a file that is not in the folder has none."""
    path = folder / f"{file}.json"
    read = {"sampling": _sampling, "pt": _pt, "proof": _proof, "assignment": _assignment}[file]
    return list(read(json.loads(path.read_bytes()))) if path.exists() else []


def _sampling(data: Any) -> Iterator[Entry]:
    for name, case in data.get("pik", {}).items():
        for design, matrix in case["joint"]["exact"].items():
            yield Entry("sampling", f"joint {design}", f"pik-{name}-{design}", case, matrix)
        odds = case["cps_odds_w_normalised_sum1_inner_units"]
        yield Entry("sampling", "cps odds", f"pik-{name}-odds", case, odds)
    for name, sizes in data.get("sizes", {}).items():
        for n, case in sizes["by_n"].items():
            yield from _by_size(f"sizes-{name}-{n}", sizes, case)


def _by_size(stem: str, sizes: Any, case: Any) -> Iterator[Entry]:
    given = {**sizes, **case}
    for key in ("inclusion_probabilities_exact", "take_all_units_1based"):
        yield Entry("sampling", key, f"{stem}-{key}", given, case[key])
    for key in ("joint", "joint_probe"):
        for design, matrix in (case.get(key) or {}).get("exact", {}).items():
            yield Entry("sampling", f"joint {design}", f"{stem}-{key}-{design}", given, matrix)
    for key, value in (case.get("estimates_exact") or {}).items():
        yield Entry("sampling", f"estimate {key.split('_')[0]}", f"{stem}-{key}", given, value)
    for key, value in case["R"].items():
        yield Entry("sampling", f"R {key}", f"{stem}-R-{key}", given, value)


def _pt(data: Any) -> Iterator[Entry]:
    for case in data["cases"]:
        yield Entry("pt", case["fn"], case["id"], case, case["expected"])


def _proof(data: Any) -> Iterator[Entry]:
    for name, chain in data.get("drand_chain_info", {}).get("chains", {}).items():
        yield Entry(
            "proof", "drand_chain_info", f"chain-{name}", {"name": name, **chain}, chain["hash"]
        )
    for group in ("drand_quicknet_rounds", "drand_default_rounds", "drand_other_rfc9380",
                  "drand_must_reject", "consistent_sampler", "signed_note", "unicode"):  # fmt: skip
        for i, row in enumerate(data.get(group, [])):
            yield Entry("proof", group, f"{group}-{i}", row, row)
    for i, pulse in enumerate(data.get("nist_beacon_2_0", {}).get("pulses", [])):
        yield Entry("proof", "nist_beacon_2_0", f"nist-{i}", data["nist_beacon_2_0"], pulse)
    for group in ("rfc3797", "thomson_vrs", "cryptorandom"):
        if group in data:
            yield Entry("proof", group, group, data[group], data[group])
    roots = data.get("rfc6962_roots", {"roots_by_size": []})
    for size, root in enumerate(roots["roots_by_size"]):
        yield Entry("proof", "rfc6962_roots", f"root-{size}", roots["leaf_inputs_hex"][:size], root)
    for kind in ("inclusion", "consistency"):
        for i, row in enumerate(data.get("merkle_proofs", {}).get(kind, [])):
            yield Entry("proof", f"merkle {kind}", f"{kind}-{i}", row, not row["wantErr"])
    for row in data.get("jcs", {}).get("files", []):
        yield Entry("proof", "jcs files", f"jcs-{row['name']}", row["input"], row["output_hex"])
    for i, (bits, text) in enumerate(data.get("jcs", {}).get("numbers", [])):
        yield Entry("proof", "jcs numbers", f"jcs-number-{i}", bits, text)
    for i, row in enumerate(data.get("digest_to_u", {}).get("rows", [])):
        yield Entry("proof", "digest_to_u", f"u-{i}", row.get("msg_hex"), row)


def _assignment(data: Any) -> Iterator[Entry]:
    for case in data["instances"]:
        for question in sorted(case["answer"]):
            group = f"{case['family']}{_needs(case)} {question}"
            yield Entry(
                "assignment", group, f"{case['id']}-{question}", case, case["answer"][question]
            )


def _needs(case: Any) -> str:
    """Name what an instance asks for beyond its family's plain teams."""
    least = "+min" if any(officer.get("min") for officer in case["officers"]) else ""
    return least + ("+pairs" if case["pair_exclusions"] else "")
