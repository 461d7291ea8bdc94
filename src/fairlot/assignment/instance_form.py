"""What an instance of ``fairlot-assign/1`` is made of: objects, lists and texts in their places."""

import reprlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Fault", "form_faults"]

Fault = tuple[str, str]
"""In English and in Chinese."""


class _Form(NamedTuple):
    """Whether a value has the form, and what is wanted if not."""

    fits: Callable[[Any], bool]
    en: str
    zh: str


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _texts(value: Any) -> bool:
    return _listed(value) and all(isinstance(one, str) for one in value)


OBJECT = _Form(lambda value: isinstance(value, Mapping), "an object", "对象")
LIST = _Form(_listed, "a list", "列表")
TEXT = _Form(lambda value: isinstance(value, str), "a text", "文字")
NAME = _Form(lambda value: value is None or isinstance(value, str), "a text", "文字")
TEXTS = _Form(_texts, "a list of texts", "文字列表")
FLAG = _Form(lambda value: isinstance(value, bool), "true or false", "true 或 false")
RECUSAL = _Form(
    lambda value: _texts(value) and len(value) == 3,
    "the texts of a task, an officer and a reason",
    "任务、检查人员、事由三项文字",
)
PAIR = _Form(
    lambda value: _texts(value) and len(value) == 2, "two officers' ids", "两名检查人员的编号"
)

ROWS = {"tasks": OBJECT, "officers": OBJECT, "recusals": RECUSAL, "pair_exclusions": PAIR}
FIELDS = {
    "tasks": {
        "id": TEXT,
        "district": NAME,
        "field": NAME,
        "departments": TEXTS,
        "last_team": TEXTS,
    },
    "officers": {
        "id": TEXT,
        "department": NAME,
        "fields": TEXTS,
        "districts": TEXTS,
        "enforcement": FLAG,
    },
}


def form_faults(instance: Any) -> Iterator[Fault]:
    """Yield what has another form than it must; keys that are not there are not looked at."""
    if not OBJECT.fits(instance):
        yield _fault("instance", instance, OBJECT)
        return
    yield from _rules(instance.get("rules", {}))
    for name, form in ROWS.items():
        yield from _rows(name, instance.get(name, ()), form)


def _rules(rules: Any) -> Iterator[Fault]:
    if not OBJECT.fits(rules):
        yield _fault("rules", rules, OBJECT)
        return
    for name, value in rules.items():
        if not FLAG.fits(value):
            yield _fault(f"rules.{name}", value, FLAG)


def _rows(name: str, rows: Any, form: _Form) -> Iterator[Fault]:
    if not LIST.fits(rows):
        yield _fault(name, rows, LIST)
        return
    for i, row in enumerate(rows):
        if not form.fits(row):
            yield _fault(f"{name}[{i}]", row, form)
            continue
        for key, wanted in FIELDS.get(name, {}).items():
            if key in row and not wanted.fits(row[key]):
                yield _fault(f"{key} of {name}[{i}]", row[key], wanted)


def _fault(where: str, got: Any, form: _Form) -> Fault:
    said = reprlib.repr(got)
    return f"{where} is {said}; want {form.en}", f"{where} 为 {said}，应为{form.zh}"
