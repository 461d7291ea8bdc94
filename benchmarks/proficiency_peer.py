"""Times expressions of pt13528: PYTHON proficiency_peer.py FOLDER, where PYTHON has the package.

FOLDER is that of proficiency.R. Prints name and seconds a measurand, or the error. It is run by
benchmarks/proficiency.py.
"""

import sys
import time
from pathlib import Path

import numpy as np


def seconds(call: str, rows: np.ndarray) -> str:
    try:
        from pt13528 import robust

        asked = {"robust": robust}
        code = compile(call, "tasks.tsv", "eval")
        eval(code, {**asked, "x": rows[0]})
        began = time.process_time()
        for x in rows:
            eval(code, {**asked, "x": x})
        return f"{(time.process_time() - began) / len(rows):.9f}"
    except Exception as error:  # whatever a peer refuses with is its answer
        return f"error: {' '.join(str(error).split())[:80]}"


def main(folder: Path) -> None:
    size = int(np.fromfile(folder / "size.bin")[0])
    rows = np.fromfile(folder / "x.bin").reshape(-1, size)
    for line in (folder / "tasks.tsv").read_text(encoding="utf-8").splitlines():
        name, measurands, call = line.split("\t")
        print(name, seconds(call, rows[: int(measurands)]), sep="\t", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
