"""What each cheat of an authority that signs valid bytes gains, before and after, as one table.

    python benchmarks/cheats.py            # prints the table
    python benchmarks/cheats.py --write    # and keeps it in benchmarks/results/

Every line comes from the test that it names (``tests/cheats``), which also tries the cheat with
correctly signed bytes and asserts the verdict. Chances are of the cheat's goal: of an honest office,
of one that cheats where the countermeasure is missing, and of one that must leave none of the marks
named under "verdict". Simulated ones carry three standard errors, with fixed seeds; the others are
exact. Where "after" is the honest chance without an error, whatever goes beyond it bears the mark.
"""

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests" / "cheats"
HEAD = "| cheat | its goal | honest | before | after, unmarked | verdict | test |\n|---|---|---|---|---|---|---|"


def measured() -> Iterator[tuple[str, Any]]:
    """Yield the rows with the names of their tests."""
    sys.path.insert(0, str(TESTS))
    for path in sorted(TESTS.glob("test_cheat_*.py")):
        made = import_module(path.stem)
        own = [v for v in vars(made).values() if getattr(v, "__module__", "") == path.stem]
        for measure in [each for each in own if each.__name__.startswith("row")]:
            with TemporaryDirectory() as folder:
                yield path.name, measure(Path(folder))


def line(test: str, row: Any) -> str:
    """Return one line of the table."""
    before, after = (
        f"{getattr(row, name):.3f}" + f" ± {row.error:.3f}" * (row.of == name and row.error > 0)
        for name in ("before", "after")
    )
    told = f"{row.cheat} | {row.goal} | {row.honest:.3f} | {before} | {after}"
    return f"| {told} | {row.verdict} | `{test}` |"


def main() -> None:
    """Print the table, and keep it when asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    text = "\n".join([
        "# Cheats: what an authority gains that signs valid bytes",
        "",
        *__doc__.split("\n\n")[2].replace("``", "`").splitlines(),
        "",
        HEAD,
        *(line(test, row) for test, row in measured()),
        "",
    ])  # fmt: skip
    print(text)
    if parser.parse_args().write:
        (HERE / "results" / "cheats.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
