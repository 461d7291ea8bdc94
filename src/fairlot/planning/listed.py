"""A list of sites that is given and not drawn: joint visits, complaints, tasks handed down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike

import pandas as pd

from fairlot.registers import Column, Problem
from fairlot.registers.problems import SENTENCES, refuse, report
from fairlot.registers.reading import name_of
from fairlot.registers.register import read_columns

__all__ = ["Listed", "read_list"]

COLUMNS = (
    Column("site_id", ("场所编号", "机构编号"), "id", True),
    Column("departments", ("参与部门", "检查主体"), "list"),
    Column("appointed", ("指定人员", "指派人员"), "list"),
)

NAMED = 5
"""How many sites of one code a refusal names."""


@dataclass(frozen=True, eq=False)
class Listed:
    """The sites of a list, rows of the roster with its index, and what the list says of each.

    departments  by site, the departments that take part in a joint visit; of sites that name any
    appointed    by site, the people who go there whatever is drawn; of sites that name any
    problems     what was repaired while reading
    """

    sites: pd.DataFrame
    departments: Mapping[str, tuple[str, ...]]
    appointed: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]


def read_list(source: str | PathLike[str] | pd.DataFrame, roster: pd.DataFrame) -> Listed:
    """Return the sites that ``source`` lists, in the order of ``roster``.

    source  path or frame as for registers: site_id (场所编号), and where there are any departments
            (参与部门) and appointed (指定人员), each a list joined by ";"

    Raises InvalidInput, with every row at fault, for sites that the roster does not have, sites
    listed twice and a list of none.

    >>> roster = pd.DataFrame({"site_id": ["S1", "S2"], "name": ["one", "two"]})
    >>> joint = pd.DataFrame({"场所编号": ["S2"], "参与部门": ["生态环境、公安"]})
    >>> read_list(joint, roster).departments
    {'S2': ('生态环境', '公安')}
    """
    frame, rows, problems = read_columns(source, COLUMNS)
    ids = frame["site_id"].tolist()
    if ids or not any(problem.severity == "error" for problem in problems):
        problems = (*problems, *_at_fault(ids, rows, name_of(source), roster))
    refuse(problems)
    sites = roster[roster["site_id"].isin(set(frame["site_id"]))]
    return Listed(sites, _lists(frame, "departments"), _lists(frame, "appointed"), problems)


def _at_fault(
    ids: list[str], rows: Sequence[int], file: str, roster: pd.DataFrame
) -> Iterator[Problem]:
    """Yield an error for a list without rows, for every site unknown and every site repeated."""
    if not ids:
        yield replace(report("rows_none", file), severity="error")
    known = set(roster["site_id"])
    lines: dict[str, list[int]] = {}
    for site, row in zip(ids, rows or range(1, len(ids) + 1), strict=True):
        lines.setdefault(site, []).append(row)
    for site, at in lines.items():
        if site and site not in known:
            yield _stranger(file, at[0], site, roster)
        if site and len(at) > 1:
            yield _problem("id_twice", file, at[1], site, ", ".join(map(str, at)))


def _stranger(file: str, row: int, site: str, roster: pd.DataFrame) -> Problem:
    """Return the error for who is no site: where it is the code of some, with their ids."""
    meant = roster["site_id"][roster["uscc"] == site.upper()] if "uscc" in roster else ()
    if len(meant):
        named = ", ".join(meant[:NAMED]) + " ..." * (len(meant) > NAMED)
        return _problem("site_by_code", file, row, site, site, named)
    return _problem("target_unknown", file, row, site, site, "site_id")


def _problem(code: str, file: str, row: int, site: str, got: str, want: str = "") -> Problem:
    return Problem(SENTENCES[code][0], code, file, row, "site_id", site, got, want)


def _lists(frame: pd.DataFrame, column: str) -> dict[str, tuple[str, ...]]:
    cells = zip(frame["site_id"], frame[column], strict=True)
    return {site: tuple(cell.split(";")) for site, cell in cells if cell}
