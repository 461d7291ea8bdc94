"""The long run of the fuzzer: ``python tests/fuzz/long_run.py SECONDS SEED`` prints a table.

SECONDS are of CPU, for each reader; the same SEED gives the same edits in the same order.
"""

import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from edits import edited, some

from fairlot._base.errors import FairlotError


@dataclass
class Run:
    """What a reader was given: how many inputs, those read, the slowest second, faults by place."""

    inputs: int = 0
    read: int = 0
    cpu: float = 0.0
    slowest: float = 0.0
    faults: dict[str, bytes] = field(default_factory=dict)


def fuzzed(reader: Any, whole: Sequence[bytes], *, seconds: float, seed: int) -> Run:
    """Give a reader edited files for so many seconds of CPU."""
    rng, run, begun = Random(seed), Run(), time.process_time()
    while run.cpu < seconds:
        data = edited(reader.seeds[rng.randrange(len(reader.seeds))], some(rng), whole)
        before = time.process_time()
        try:
            reader.read(data)
            run.read += 1
        except FairlotError:
            pass
        except Exception as error:
            run.faults.setdefault(place_of(error), data)
        run.inputs += 1
        run.slowest = max(run.slowest, time.process_time() - before)
        run.cpu = time.process_time() - begun
    return run


def place_of(error: Exception) -> str:
    """Name the line of ours that was last on the way to a fault."""
    ours = [
        each for each in traceback.extract_tb(error.__traceback__) if "fairlot" in each.filename
    ]
    return f"{type(error).__name__} in {Path(ours[-1].filename).name}:{ours[-1].lineno}"


def main(seconds: float, seed: int) -> None:
    for beside in ("tampering", "public"):
        sys.path.append(str(Path(__file__).parents[1] / beside))
    from readers import readers

    found = readers()
    whole = [seed for reader in found.values() for seed in reader.seeds]
    print("| reader | inputs | read | CPU s | slowest ms | faults |\n|---|--:|--:|--:|--:|---|")
    for name, reader in found.items():
        run = fuzzed(reader, whole, seconds=seconds, seed=seed)
        faults = (
            ", ".join(f"{place}: {data[:80]!r}" for place, data in run.faults.items()) or "none"
        )
        print(f"| {name} | {run.inputs} | {run.read} | {run.cpu:.1f} | {run.slowest * 1000:.0f} "
              f"| {faults} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
