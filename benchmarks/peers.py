"""Times Python peers on a frame: PYTHON peers.py FOLDER, where PYTHON has samplics and svy.

FOLDER holds size.bin, raw doubles, and tasks.tsv with one "name <tab> runs <tab> call" a line.
Prints name and the seconds of the fastest run, or the error. It is run by benchmarks/sampling.py.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")


def samplics(method: str, size: np.ndarray, n: int) -> None:
    from samplics import SelectMethod
    from samplics.sampling import SampleSelection

    chosen = SampleSelection(method=getattr(SelectMethod, method), wr=False)
    chosen.select(samp_unit=np.arange(size.size), samp_size=n, mos=size)


def svy(method: str, size: np.ndarray, n: int) -> None:
    import polars as pl
    from svy import Design, Sample

    frame = pl.DataFrame({"unit": np.arange(size.size), "size": size})
    sample = Sample(frame, Design(mos="size"))
    getattr(sample.sampling, method)(n, certainty_threshold=1.0, rstate=1)


def fastest(call: str, runs: int, size: np.ndarray, n: int) -> str:
    package, method = call.split()
    times = []
    try:
        for _ in range(runs):
            began = time.perf_counter()
            {"samplics": samplics, "svy": svy}[package](method, size, n)
            times.append(time.perf_counter() - began)
    except Exception as error:  # whatever a peer refuses with is its answer
        return f"error: {' '.join(str(error).split())[:80]}"
    return f"{min(times):.6f}"


def main(folder: Path) -> None:
    size = np.fromfile(folder / "size.bin")
    n = round(np.fromfile(folder / "pi.bin").sum())
    for line in (folder / "tasks.tsv").read_text(encoding="utf-8").splitlines():
        name, runs, call = line.split("\t")
        print(name, fastest(call, int(runs), size, n), sep="\t", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
