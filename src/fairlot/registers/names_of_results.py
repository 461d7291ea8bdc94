"""Who reports what: measurands, levels and stages in one spelling, and nobody twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from fairlot.registers.plain import plain
from fairlot.registers.sheet_of_results import Key, Sheet

__all__ = ["ATTEMPTS", "read_names", "results_of"]

ATTEMPTS = ("初测", "补测")
"""The first test, and the retest of those who failed or could not take part."""

_ATTEMPTS = {"first": "初测", "retest": "补测", "1": "初测", "2": "补测", "复测": "补测"}

RESULT = ("round", "lab", "measurand", "level", "attempt")
"""What the replicates of a result have in common."""


def read_names(sheet: Sheet, keys: Iterable[Key]) -> None:
    """Read measurands, levels and stages; notice what is named in two ways, refuse what stands twice.

    keys  the measurands and levels that the scheme has
    """
    for name in ("measurand", "level"):
        sheet.columns[name] = [plain(text) for text in sheet.columns[name]]
    _read_attempts(sheet)
    _notice_names(sheet)
    _refuse_alike(sheet, set(keys))
    _refuse_repeated(sheet)


def _read_attempts(sheet: Sheet) -> None:
    read = [_ATTEMPTS.get(text.lower(), text) for text in sheet.columns["attempt"]]
    for i, attempt in enumerate(read):
        if attempt not in ATTEMPTS:
            sheet.tell(i, "attempt", "attempt", attempt, " / ".join(ATTEMPTS))
    sheet.columns["attempt"] = read


def _notice_names(sheet: Sheet) -> None:
    """Notice a laboratory that has two names."""
    names: dict[str, list[str]] = {}
    for i, lab in enumerate(sheet.columns["lab"]):
        told, name = names.setdefault(lab, []), sheet.columns["name"][i]
        if name and name not in told:
            told.append(name)
            if len(told) > 1:
                sheet.tell(i, "name", "laboratory_named_twice", ", ".join(told))


def _refuse_alike(sheet: Sheet, known: set[Key]) -> None:
    """Refuse S1 and s1 of one measurand, unless the scheme has both."""
    written = Counter(sheet.keys)
    alike: defaultdict[Key, set[Key]] = defaultdict(set)
    for key in {*written, *known}:
        alike[key[0], _folded(key[1])].add(key)
    for (_, level), meant in alike.items():
        strangers = meant - known if meant & known else meant
        if level and len(meant) > 1 and strangers:
            right = min(meant & known or meant, key=lambda key: (-written[key], key))
            for key in sorted(strangers - {right}):
                sheet.tell(sheet.keys.index(key), "level", "level_alike", key[1], right[1])


def _folded(level: str) -> str:
    return "".join(level.casefold().split())


def _refuse_repeated(sheet: Sheet) -> None:
    """Refuse a replicate that is reported twice."""
    places: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, key in enumerate(results_of(sheet, "replicate")):
        places[key].append(i)
    for at in places.values():
        if len(at) > 1:
            lines = ", ".join(str(sheet.row(i)) for i in at)
            sheet.tell(at[1], "value", "result_repeated", lines)


def results_of(sheet: Sheet, *more: str) -> Iterator[tuple[object, ...]]:
    """Yield what says which result a row belongs to, and the cells of ``more`` columns."""
    return zip(*(sheet.columns[name] for name in (*RESULT, *more)), strict=True)
