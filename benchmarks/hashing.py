"""The hashing of a draw beside plain loops over hashlib, OpenSSL and rfc8785, in one run.

    python benchmarks/hashing.py            # prints the table
    python benchmarks/hashing.py --write    # and keeps it in benchmarks/results/

One thread; seconds are CPU time of the process, the fastest of the runs, after one that compiles.
A row has ten columns: seven of text, Chinese among it, two of whole numbers, one of flags. "Leaf
bytes" is everything from columns and key to the bytes that a leaf hashes (row keys, salts, JSON,
field digests, hex); "root" hashes them and the tree over them, ours out of the field digests, so
that the bytes are made once more, the rival out of the bytes. A rival does the same with one call a
message; where it was given fewer units, its time is scaled up to ours.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import rfc8785

from fairlot.public import merkle, rows
from fairlot.public.suite import SHA256, SUITES, Suite

HERE = Path(__file__).parent
KEY, PART_KEY = bytes(range(64)), bytes(range(32))
AT_ONCE = 1 << 14  # rows of which leaf bytes are made together

Call = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """One job of ours and the loop that does the same."""

    name: str
    units: int
    ours: Call
    rival: str
    theirs: Call
    their_units: int
    wanted: float | None = None
    runs: int = 3


def leaves_of(units: int) -> np.ndarray:
    return np.random.default_rng(units).integers(0, 256, (units, 32), dtype=np.uint8)


def columns_of(units: int) -> dict[str, list[Any]]:
    sectors = ("餐饮服务", "食品生产", "乳制品", "粮食加工", "特殊食品")
    each = range(units)
    return {
        "site": [f"9131{i:014d}" for i in each],
        "bureau_id": [f"3101{i % 18:02d}" for i in each],
        "sector": [sectors[i % 5] for i in each],
        "class": ["ABCD"[i % 4] for i in each],
        "rule": ["random"] * units,
        "key": [f"k{i % 7}" for i in each],
        "weight": [i % 1000 for i in each],
        "name": [f"上海某某食品有限公司{i}" for i in each],
        "since": [20200101 + i % 3000 for i in each],
        "fresh": [i % 2 == 0 for i in each],
    }


def portions(units: int) -> Any:
    return pairwise([*range(0, units, AT_ONCE), units])


def leaf_bytes(columns: dict[str, list[Any]], suite: Suite) -> None:
    digests = rows.field_digests(columns, PART_KEY, suite)
    for first, end in portions(len(digests)):
        rows.leaf_bytes(digests[first:end])


def leaf_bytes_by_loop(columns: dict[str, list[Any]], digest: Callable[[bytes], bytes]) -> None:
    names = list(columns)
    for i, row in enumerate(zip(*columns.values(), strict=True)):
        row_key = digest(PART_KEY + i.to_bytes(8, "big"))
        blocks = (len(names) + 1) // 2
        salts = b"".join(digest(row_key + k.to_bytes(4, "big")) for k in range(blocks))
        fields = (
            digest(salts[16 * j : 16 * j + 16] + rfc8785.dumps([name, value]))
            for j, (name, value) in enumerate(zip(names, row, strict=True))
        )
        rfc8785.dumps([field.hex() for field in fields])


def root(digests: np.ndarray, suite: Suite) -> bytes:
    return merkle.root(rows.leaves(digests, suite=suite), suite)


def root_by_loop(lines: list[bytes], digest: Callable[[bytes], bytes]) -> bytes:
    level = [digest(b"\x00" + line) for line in lines]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [digest(b"\x01" + a + b) for a, b in pairs] + level[len(level) & ~1 :]
    return level[0]


def one_sha256(data: bytes) -> bytes:
    return sha256(data).digest()


def tickets_by_loop(leaves: list[bytes], digest: Callable[[bytes], bytes]) -> None:
    for leaf in leaves:
        digest(KEY + leaf)


def ticket_rows(units: int) -> list[Row]:
    few = min(units, 10**6)
    array = leaves_of(units)
    some = [leaf.tobytes() for leaf in array[:few]]
    loops = {"sha256": ("hashlib", one_sha256), "sm3": ("cryptography", SUITES["sm3"].digest)}
    return [
        Row(f"tickets, {name}", units, lambda name=name: SUITES[name].tickets(KEY, array),
            rival, lambda one=one: tickets_by_loop(some, one), few,
            wanted=60e-9 * units if name == "sha256" else None)
        for name, (rival, one) in loops.items()
    ]  # fmt: skip


def table_rows(units: int) -> list[Row]:
    few = min(units, 20_000)
    columns = columns_of(units)
    some = {name: column[:few] for name, column in columns.items()}
    made = {name: rows.field_digests(columns, PART_KEY, suite) for name, suite in SUITES.items()}
    lines = [line.tobytes() for line in rows.leaf_bytes(made["sha256"][: 10 * few])]
    at_most = units / 1e6
    return [
        Row("leaf bytes, sha256", units, lambda: leaf_bytes(columns, SHA256), "rfc8785, hashlib",
            lambda: leaf_bytes_by_loop(some, one_sha256), few, wanted=4 * at_most),
        Row("leaf bytes, sm3", units, lambda: leaf_bytes(columns, SUITES["sm3"]),
            "rfc8785, cryptography", lambda: leaf_bytes_by_loop(some, SUITES["sm3"].digest), few),
        Row("root, sha256", units, lambda: root(made["sha256"], SHA256), "hashlib",
            lambda: root_by_loop(lines, one_sha256), len(lines), wanted=1.5 * at_most),
        Row("root, sm3", units, lambda: root(made["sm3"], SUITES["sm3"]), "cryptography",
            lambda: root_by_loop(lines, SUITES["sm3"].digest), len(lines)),
    ]  # fmt: skip


def fastest(call: Call, runs: int) -> float:
    times = []
    for _ in range(runs):
        began = time.process_time()
        call()
        times.append(time.process_time() - began)
    return min(times)


def line_of(row: Row) -> str:
    row.ours()  # compiled and warm
    ours = fastest(row.ours, row.runs)
    theirs = fastest(row.theirs, 1) * row.units / row.their_units
    goal = f"<= {row.wanted:.3g} s | {said(ours <= row.wanted)}" if row.wanted else "|"
    told = f"{row.name} | {row.units:.0e} | {ours:.3g} | {ours / row.units * 1e9:.3g}"
    print(told, file=sys.stderr, flush=True)
    return f"| {told} | {goal} | {row.rival} | {theirs:.3g} | {theirs / ours:.3g}x |"


def said(met: bool) -> str:
    return "yes" if met else "**no**"


def table(most: float, only: str) -> list[str]:
    head = "| job | N | seconds | ns a unit | wanted | met | rival | its seconds | ratio |"
    made: list[tuple[int, Callable[[int], list[Row]]]] = [
        (10**6, table_rows), (10**6, ticket_rows), (10**7, ticket_rows)
    ]  # fmt: skip
    wanted = (row for units, rows_of in made if units <= most for row in rows_of(units))
    return [head, "|---|---|---|---|---|---|---|---|---|",
            *(line_of(row) for row in wanted if only in row.name)]  # fmt: skip


def cold() -> str:
    """Seconds to the first tickets where nothing was compiled before, and where it was."""
    code = (
        "import sys, time, numpy as np\n"
        "from fairlot.public.suite import SUITES\n"
        "leaves = np.zeros((1 << 15, 32), np.uint8)\n"
        "began = time.perf_counter(); SUITES[sys.argv[1]].tickets(bytes(64), leaves)\n"
        "print(time.perf_counter() - began)"
    )
    told = []
    for name in SUITES:
        with tempfile.TemporaryDirectory() as cache:
            asked = {"args": [sys.executable, "-c", code, name], "text": True, "check": True,
                     "capture_output": True, "env": {**os.environ, "NUMBA_CACHE_DIR": cache}}  # fmt: skip
            first, second = (float(subprocess.run(**asked).stdout) for _ in range(2))
        told.append(f"{name} {first:.2g} s, then {second:.2g} s")
    return "First call with an empty cache of compiled code, and from the cache: " + "; ".join(told)


def machine() -> str:
    goods = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "cryptography"))
    return f"Python {platform.python_version()}, {goods}, {os.cpu_count()} cores"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="keep the table in benchmarks/results/")
    asked.add_argument("--only", default="", help="jobs whose name contains this")
    asked.add_argument("--most", type=float, default=1e7, help="leave out larger sizes")
    options = asked.parse_args()
    text = ["# Hashing beside plain loops", "", "`python benchmarks/hashing.py --write`", "",
            __doc__.split("\n\n")[2].replace("\n", " "), "", machine(), "",
            *table(options.most, options.only), "", cold(), ""]  # fmt: skip
    print("\n".join(text))
    if options.write:
        (HERE / "results/hashing.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
