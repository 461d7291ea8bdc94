"""What must hold between the cells of one register: ids once, periods in order, ratios in bounds."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from fairlot.registers.cleaning import Value
from fairlot.registers.columns import key
from fairlot.registers.plain import plain
from fairlot.registers.problems import Finding
from fairlot.registers.recusals import KINDS, known

__all__ = ["ADVISED", "check_rows", "lost_zeros"]

ADVISED: dict[str, tuple[str, ...]] = {"sites": ("uscc", "division_code")}
"""Columns that may be empty, but not unnoticed."""

GREATEST = 1_000_000
"""More tasks, or ranks, than anyone has: a number above it is a slip or the wrong column."""

Columns = dict[str, list[Value]]
"""Field name -> cleaned values, one a row."""

Check = Callable[[Columns, Sequence[int]], Iterable[Finding]]


def check_rows(kind: str, columns: Columns, rows: Sequence[int]) -> list[Finding]:
    """Return what is wrong between the cleaned ``columns`` of a register; ``rows`` are its lines."""
    found = [] if rows else [Finding("rows_none", None, "")]
    found += _ids_once(kind, columns, rows)
    for check in _CHECKS.get(kind, ()):
        found += check(columns, rows)
    return found


def lost_zeros(name: str, ids: Sequence[Value]) -> list[Finding]:
    """Return the ids of digits that are shorter than the width their column is padded to.

    >>> [finding.want for finding in lost_zeros("officer_id", ["0012", "0345", "678", "A1"])]
    ['0678']
    """
    digits = {str(value) for value in ids if str(value).isdigit()}
    widths = {len(text) for text in digits if len(text) > 1 and text[0] == "0"}
    if len(widths) != 1:
        return []
    width = widths.pop()
    short = {text for text in digits if len(text) < width}
    return [
        Finding("id_zero_lost", at, name, str(value), str(value).zfill(width))
        for at, value in enumerate(ids)
        if value in short
    ]


def _ids_once(kind: str, columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    name = key(kind)
    if name:
        for at in _repeated((value,) for value in columns[name]):
            yield Finding("id_twice", at[1], name, _numbered(at, rows))


def _repeated(keys: Iterable[tuple[Value, ...]]) -> list[list[int]]:
    """Return the positions of every key that stands more than once and has no empty part."""
    every = list(keys)
    twice = {parts for parts, count in Counter(every).items() if count > 1 and all(parts)}
    places: defaultdict[tuple[Value, ...], list[int]] = defaultdict(list)
    for at, parts in enumerate(every):
        if parts in twice:
            places[parts].append(at)
    return list(places.values())


def _numbered(at: Iterable[int], rows: Sequence[int]) -> str:
    return ", ".join(str(rows[i]) for i in at)


def _probable_duplicates(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    """Sites of one code at one address; where an address is missing the name stands for it."""
    shared = {i for at in _repeated(zip(columns["uscc"], strict=True)) for i in at}
    places = enumerate(zip(columns["site_address"], columns["name"], strict=True))
    marks = [_unspaced(str(place or name)) if i in shared else "" for i, (place, name) in places]
    yield from _pairs("probable_duplicate", "site_id", columns, (columns["uscc"], marks), rows)


def _unspaced(text: str) -> str:
    return "".join(plain(text).split())


def _licenses(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    yield from _pairs("license_twice", "officer_id", columns, (columns["license_no"],), rows)


def _pairs(
    code: str,
    name: str,
    columns: Columns,
    marks: Sequence[Sequence[Value]],
    rows: Sequence[int],
) -> Iterator[Finding]:
    for at in _repeated(zip(*marks, strict=True)):
        if len({columns[name][i] for i in at}) > 1:
            yield Finding(code, at[1], name, _numbered(at, rows))


def _max_tasks(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    for at, value in enumerate(columns["max_tasks"]):
        if value == 0 or int(value) > GREATEST:
            yield Finding("max_tasks", at, "max_tasks", str(value), f"1 - {GREATEST}")


def _seniority(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    for at, value in enumerate(columns["seniority"]):
        if int(value) > GREATEST:
            yield Finding("too_great", at, "seniority", str(value), f"0 - {GREATEST}")


def _min_tasks(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    for at, (least, most) in enumerate(
        zip(columns["min_tasks"], columns["max_tasks"], strict=True)
    ):
        if int(least) > int(most) >= 0:
            yield Finding("min_tasks", at, "min_tasks", str(least), f"0 - {most}")


def _period(begin: str, end: str) -> Check:
    def check(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
        for at, (first, last) in enumerate(zip(columns[begin], columns[end], strict=True)):
            if first and last and str(first) > str(last):
                yield Finding("order", at, end, f"{first} - {last}", f"{begin} <= {end}")

    return check


def _recusal_kinds(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    """Name every unknown kind once; a misspelt one must not be read as none."""
    for kind in dict.fromkeys(columns["kind"]):
        if kind and not known(str(kind)):
            at = columns["kind"].index(kind)
            yield Finding("recusal_kind", at, "kind", str(kind), "、".join(KINDS))


def _itself(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    for at, (person, target) in enumerate(
        zip(columns["person_id"], columns["target"], strict=True)
    ):
        if person and person == target:
            yield Finding("conflict_self", at, "target", str(target))


def _ratios(columns: Columns, rows: Sequence[int]) -> Iterator[Finding]:
    for name in ("ratio_min", "ratio_max"):
        for at, value in enumerate(columns[name]):
            if value and Decimal(str(value)) > 1:
                yield Finding("ratio", at, name, str(value), "0, 0.15, ..., 1")
    for at, (low, high) in enumerate(zip(columns["ratio_min"], columns["ratio_max"], strict=True)):
        if low and high and Decimal(str(low)) > Decimal(str(high)):
            yield Finding(
                "ratio_order", at, "ratio_min", f"{low} > {high}", "ratio_min <= ratio_max"
            )


_CHECKS: dict[str, tuple[Check, ...]] = {
    "sites": (_probable_duplicates,),
    "officers": (_max_tasks, _min_tasks, _seniority, _licenses),
    "conflicts": (_period("valid_from", "valid_to"), _recusal_kinds, _itself),
    "absences": (_period("absent_from", "absent_to"),),
    "items": (_ratios,),
}
