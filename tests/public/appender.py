"""A process that appends to a log, one entry at a time, and says which index each was given.

``python appender.py folder name count``; with a fourth argument it keeps, for every change that it
makes to the disk, a copy of the folder as it was just before: what a crash there would leave.
"""

import shutil
import sys
from pathlib import Path

from logged import OFFICE, entry

from fairlot.public.log import Log

CHANGES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir")


def keep_copies(folder: Path, shelf: Path) -> None:
    busy = False

    def keep(event: str, _: object) -> None:
        nonlocal busy
        if busy or event not in CHANGES:
            return
        busy = True
        shutil.copytree(folder, shelf / f"{len(list(shelf.iterdir())):04d}")
        busy = False

    shelf.mkdir()
    sys.addaudithook(keep)


def main(folder: str, name: str, count: str, shelf: str = "") -> None:
    log = Log(folder)
    if shelf:
        keep_copies(Path(folder), Path(shelf))
        log.append([entry(task=f"{name}-{i}") for i in range(int(count))], OFFICE)
        return
    for i in range(int(count)):
        (index,) = log.append([entry(task=f"{name}-{i}")], OFFICE)
        print(index, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
