"""From a record to the proof that a site is not in its roster."""

from collections.abc import Mapping, Sequence
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot._base.ids import canonical_id
from fairlot.public import merkle
from fairlot.public.absence import Absence, check_absence, neighbours
from fairlot.public.announced import Announced, open_announced
from fairlot.public.bound import Bound
from fairlot.public.committed import columns_of
from fairlot.public.opened_row import Part, Row, open_row
from fairlot.public.rows import row_key

__all__ = ["absence_of"]


def absence_of(files: Mapping[str, bytes], site: str) -> bytes:
    """Return the file that proves that no row of an open roster is this site.

    files  the record, drawn or not; of a sealed one the full record, of which nothing but the ids
           of the two neighbours is opened

    Raises InvalidInput for a site that is there, for one whose id no register could hold, and where
    sites stand under pseudonyms: there every id would be absent.
    """
    announced, own = open_announced(files), canonical_id(site)
    if announced.tables is None or announced.plan.proof.view != "open":
        raise InvalidInput("sites stand under pseudonyms here, or are sealed: no id is in this roster",
                           zh="场所以化名列示或已封存：名录中没有编号")  # fmt: skip
    sites = announced.tables.standings["site"].tolist()
    rows = _rows(announced, neighbours(sites, own))
    data = Absence(Bound.of(files["announcement.json"]), own, rows).encode()
    for check in check_absence(data, announcement=files["announcement.json"]):
        if check.verdict == "fails":
            raise InvalidInput("no proof can be made: {why}", zh="无法生成证明：{why_zh}",
                               why=check.note["en"], why_zh=check.note["zh"])  # fmt: skip
    return data


def _rows(announced: Announced, at: Sequence[int]) -> tuple[Row, ...]:
    """Open the ids of these rows of the roster, and nothing else."""
    assert announced.tables is not None
    assert announced.leaves is not None
    suite, keys = announced.suite, announced.opening.keys
    tree = merkle.levels(announced.leaves["sites"], suite)
    tables = [("standings", announced.tables.standings), ("sites", announced.tables.sites)]
    public, private = (columns_of(frame.iloc[[*at]], name) for name, frame in tables)

    def part(name: str, columns: Mapping[str, list[Any]], k: int, shown: set[str]) -> Part:
        cells = {column: cells[k] for column, cells in columns.items()}
        return Part(cells, row_key(keys[name], at[k], suite), shown)

    return tuple(
        open_row(tree, row, part("standings", public, k, {"site"}),
                 part("sites", private, k, set()), suite)
        for k, row in enumerate(at)
    )  # fmt: skip
