"""Announce, draw and verify 54,000 sites and about 5,000 officers; import and start-up times.

    python benchmarks/national_draw.py            # prints the table
    python benchmarks/national_draw.py --write    # and keeps it in benchmarks/results/

Every row is a process of its own: the median of the runs, and the largest peak of memory. "cold"
runs have an empty kernel cache. The roster is the example's generator at 45 times its size.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

SCALE, OFFICERS_PER = 45, 12
LIMITS = {
    "import fairlot (beyond a bare python)": (0.05, None),
    "fairlot --help": (0.4, None),
    "announce + draw + verify, warm": (10.0, 1024),
    "first draw, cold kernel cache": (15.0, None),
}


def draw_once(roster: Path) -> None:
    """Do the whole draw in this process and print its timings as JSON."""
    began = time.perf_counter()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from fairlot import public
    from fairlot.planning import Plan
    from fairlot.public import beacon, note
    from fairlot.registers import Registers

    imported = time.perf_counter()
    registers = Registers.read(roster)
    read = time.perf_counter()
    plan = Plan.read(roster.parent / "plan.toml")
    signer = note.Signer("benchmark", Ed25519PrivateKey.generate())
    value = beacon.recorded(9367912)
    announced = public.announce(
        plan, registers, beacon.parse("drand:9367912"), signer=signer,
        names=public.Names.of(registers, bytes(32)),
        announced_at=datetime(2024, 7, 13, 9, tzinfo=UTC),
    )  # fmt: skip
    spoken = time.perf_counter()
    record = public.draw(announced, value, signer=signer)
    drawn = time.perf_counter()
    public.checks(record, now=datetime.now(UTC))
    done = time.perf_counter()
    opened = json.loads(record["outcome.json"])
    print(json.dumps({
        "import": imported - began, "read": read - imported, "announce": spoken - read,
        "draw": drawn - spoken, "verify": done - drawn, "total": done - read,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "sites": len(registers.sites.frame), "officers": len(registers.officers.frame),
        "drawn": opened["drawn"],
    }))  # fmt: skip


def timed(command: list[str], env: dict[str, str]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stdout


def wall(runs: int, command: list[str], env: dict[str, str]) -> float:
    timed(command, env)
    return statistics.median(timed(command, env)[0] for _ in range(runs))


def measure(runs: int) -> list[str]:
    python, me = sys.executable, str(Path(__file__).resolve())
    env = dict(os.environ)
    fairlot = str(Path(python).parent / "fairlot")
    bare = wall(runs, [python, "-c", "pass"], env)
    rows = [
        (
            "import fairlot (beyond a bare python)",
            wall(runs, [python, "-c", "import fairlot"], env) - bare,
            None,
        )
    ]
    rows.append(("fairlot --help", wall(runs, [fairlot, "--help"], env), None))
    with tempfile.TemporaryDirectory() as tmp:
        roster = write_roster(Path(tmp))
        cold = []
        for i in range(2):
            seconds, _ = timed(
                [python, me, "--once", str(roster)], {**env, "NUMBA_CACHE_DIR": f"{tmp}/cold{i}"}
            )
            cold.append(seconds)
        warm_env = {**env, "NUMBA_CACHE_DIR": f"{tmp}/cold0"}
        warm = [
            json.loads(timed([python, me, "--once", str(roster)], warm_env)[1]) for _ in range(runs)
        ]
    middle = {key: statistics.median(run[key] for run in warm) for key in warm[0]}
    peak = max(run["peak_mb"] for run in warm)
    rows.append(("announce + draw + verify, warm", middle["total"], peak))
    rows += [(f"  {part}", middle[part], None) for part in ("announce", "draw", "verify")]
    rows.append(("reading and cleaning the registers", middle["read"], None))
    rows.append(("first draw, cold kernel cache", statistics.median(cold), None))
    return [*head(middle), *(line(*row) for row in rows)]


def write_roster(folder: Path) -> Path:
    from fairlot.registers import examples
    from fairlot.registers.shanghai import generate

    roster = folder / "registers"
    roster.mkdir()
    for name, frame in generate(scale=SCALE, officers_per=OFFICERS_PER).items():
        frame.to_csv(roster / f"{name}.csv", index=False)
    plan = (examples.folder("shanghai") / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(
        plan.split("[team.support]")[0] + support(roster), encoding="utf-8"
    )
    return roster


def support(roster: Path) -> str:
    """The example's plan lets small bureaux borrow; here each copy borrows from its own neighbour."""
    import pandas as pd

    bureaux = sorted(set(pd.read_csv(roster / "officers.csv", dtype=str)["bureau_id"]))
    lines = ["[team.support]"]
    for name in bureaux:
        stem, _, copy = name.partition("-")
        lender = f"310115-{copy}" if copy else "310115"
        if stem in ("310151", "JCFJ", "LGXPQ") and lender in bureaux:
            lines.append(f'"{name}" = ["{lender}"]')
    return "\n".join(lines) + "\n"


def head(run: dict[str, float]) -> list[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "numba"))
    return [
        f"{run['sites']:.0f} sites, {run['officers']:.0f} officers, {run['drawn']:.0f} sites drawn",
        f"Python {platform.python_version()}, {packages}, {os.cpu_count()} cores",
        "",
        "| what | seconds | wanted | peak MB | wanted |",
        "|---|---|---|---|---|",
    ]


def line(name: str, seconds: float, peak: float | None) -> str:
    most, memory = LIMITS.get(name, (None, None))
    cells = [name, f"{seconds:.3f}", f"< {most:g}" if most else "",
             f"{peak:.0f}" if peak else "", f"< {memory}" if memory else ""]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.once:
        draw_once(given.once)
        return
    told = "\n".join(["# Foundation: the whole draw at national size", "",
                      f"`python benchmarks/national_draw.py --runs {given.runs}`", "",
                      *measure(given.runs)]) + "\n"  # fmt: skip
    print(told)
    if given.write:
        (Path(__file__).parent / "results" / "national_draw.md").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
