"""How a cell is read: one small function for each way a column is read.

A reader takes the text of a cell and gives its value, together with the name of the repair, warning
or error when there is one. Every distinct text of a column is read once.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from fairlot.registers import uscc
from fairlot.registers.columns import Column
from fairlot.registers.plain import plain, unpadded

__all__ = ["SECTORS", "SYNONYMS", "Cell", "Value", "clean", "empty_value", "read_cells"]

Value = str | int | bool

SYNONYMS: dict[str, tuple[str, ...]] = {
    "生态环境监测": (
        "环境监测",
        "环境检测",
        "生态环境检测",
        "环保检测",
        "环境与环保",
        "环境和环保",
    ),
    "建筑工程": ("建设工程", "建筑工程检测", "建设工程检测", "工程检测"),
    "食品检验": ("食品", "食品检测", "食品检验检测", "食品及食品接触材料"),
    "建筑材料": ("建材", "建材检测", "建筑材料检测"),
    "机动车检验": (
        "机动车",
        "机动车检测",
        "机动车检验检测",
        "机动车安检",
        "机动车安全技术检验",
    ),
    "材料测试": ("材料检测",),
    "其他": ("其它",),
    "电子电器": ("电子电气",),
    "卫生疾控": ("疾控", "疾病控制", "卫生疾病控制"),
    "医疗器械": ("医疗器械检验", "医疗器械检测"),
    "计量校准": ("计量", "校准"),
    "水质": ("水质监测", "水质检测", "水质检验"),
    "防疫物资检测": ("防疫物资", "防疫物资检验"),
    "农林牧渔": ("农林牧渔检测",),
    "司法鉴定": (),
}
"""Canonical sector -> other names it is repaired from; names found nowhere here are kept."""

SECTORS = tuple(SYNONYMS)

STATUSES: dict[str, tuple[str, ...]] = {
    # The long form is what the national publicity system prints.
    "存续": ("存续(在营、开业、在册)", "在营", "开业", "在业"),
    "注销": ("已注销",),
    "迁出": ("已迁出",),
    "停业": ("已停业",),
}

BLANKS = {"", "/", "-", "--", "—", "——", "无", "null", "none", "n/a"}
UNRATED = {"未评级", "未评", "未评价", "未分级", "暂未评级"}
YES = {"是", "true", "1", "yes", "y", "在岗", "在职"}
NO = {"否", "false", "0", "no", "n", "离岗", "离职"}

_EMPTY: dict[str, Value] = {"integer": -1, "flag": False}

_ID = re.compile(r"[A-Za-z0-9._:/-]{1,64}")
_ID_NUMERIC = re.compile(r"\d+(\.\d*)?[Ee]\+\d+")
_CREDIT = re.compile(r"([A-D])(?:级|等级|级别|类|类别|等)?")
_INTEGER = re.compile(r"(\d{1,15})(?:\.0*)?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,15}(?:\.\d{1,30})?", re.ASCII)
_NEGATIVE = re.compile(r"-\d+(?:\.\d+)?")
_CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DATES = (
    re.compile(r"(?P<y>\d{4})([-./])(?P<m>\d{1,2})\2(?P<d>\d{1,2})" + _CLOCK),
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日?" + _CLOCK),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
# Day 0 of the 1900 date system, moved by the 29 February 1900 that never was.
_SERIAL_START = date(1899, 12, 30)
_FIRST_YEAR = 1900
_LIST_MARKS = re.compile(r"[;；、，,|]")

LONGEST_CODE = 64

DATE_WANTED = "YYYY-MM-DD"


def _by_synonym(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {other: name for name, others in table.items() for other in (name, *others)}


_SECTOR_OF = _by_synonym(SYNONYMS)
_STATUS_OF = _by_synonym(STATUSES)


class Cell(NamedTuple):
    """What a text was read as; ``code`` names the problem, "" when there is none."""

    value: Value
    code: str = ""
    want: str = ""


def _kept(raw: str, value: str, code: str) -> Cell:
    """Return ``value``, with the smallest repair that leads from ``raw`` to it, else ``code``."""
    if raw == value:
        return Cell(value)
    if unpadded(raw) == value:
        code = "padding"
    elif plain(raw) == value:
        code = "full_width"
    return Cell(value, code, value)


def _text(raw: str, text: str) -> Cell:
    # Full-width brackets are right in a Chinese name, so a text keeps its characters.
    return _kept(raw, unpadded(raw), "padding")


def _id(raw: str, text: str) -> Cell:
    if _ID_NUMERIC.fullmatch(text):
        return Cell(text, "id_numeric")
    if not _ID.fullmatch(text):
        return Cell(text, "id_alphabet")
    return _kept(raw, text, "full_width")


def _code(raw: str, text: str) -> Cell:
    if _ID_NUMERIC.fullmatch(text):
        return Cell(text, "id_numeric")
    if len(text) > LONGEST_CODE or not text.isprintable():
        return Cell(text, "code_alphabet")
    return _kept(raw, text, "full_width")


def _uscc(raw: str, text: str) -> Cell:
    code = uscc.normalise(text)
    if uscc.looks_numeric(code):
        return Cell(code, "uscc_numeric")
    if len(code) != uscc.LENGTH:
        return Cell(code, "uscc_length", str(uscc.LENGTH))
    return _checked_uscc(raw, code) if uscc.spelt(code) else _mended_uscc(code)


def _mended_uscc(code: str) -> Cell:
    mended = uscc.mended(code)
    if mended == code:
        return Cell(code, "uscc_alphabet", uscc.ALPHABET)
    return Cell(mended, "uscc_lookalike", mended)


def _checked_uscc(raw: str, code: str) -> Cell:
    if uscc.passes(code):
        return _kept(raw, code, "uscc_form")
    # A spreadsheet keeps fifteen digits of a number and writes zeros for the rest.
    if code.isdigit() and code.endswith("000"):
        return Cell(code, "uscc_rounded")
    return Cell(code, "uscc_check", uscc.check_digit(code[:-1]))


def _sector(raw: str, text: str) -> Cell:
    if ";" in text:
        return Cell(text, "sector_many")
    return _kept(raw, _SECTOR_OF.get(text, text), "sector_synonym")


def _list(raw: str, text: str) -> Cell:
    names = filter(None, (name.strip() for name in _LIST_MARKS.split(text)))
    return _kept(raw, ";".join(dict.fromkeys(names)), "list_form")


def _sectors(raw: str, text: str) -> Cell:
    names = [name.strip() for name in _LIST_MARKS.split(text)]
    known = dict.fromkeys(_SECTOR_OF.get(name, name) for name in names if name)
    renamed = any(name in _SECTOR_OF and name not in SYNONYMS for name in names)
    return _kept(raw, ";".join(known), "sector_synonym" if renamed else "list_form")


def _credit(raw: str, text: str) -> Cell:
    if text in UNRATED:
        return Cell("", "class_form")
    found = _CREDIT.fullmatch(text.upper())
    return _kept(raw, found[1], "class_form") if found else Cell("", "class", "A/B/C/D")


def _status(raw: str, text: str) -> Cell:
    status = _STATUS_OF.get(text)
    return (
        _kept(raw, status, "status_synonym") if status else Cell("", "status", "/".join(STATUSES))
    )


def _date(raw: str, text: str) -> Cell:
    serial = _SERIAL.fullmatch(text)
    if serial:
        day = _SERIAL_START + timedelta(days=int(serial[1]))
        return Cell(day.isoformat(), "date_serial", day.isoformat())
    found = next(filter(None, (form.fullmatch(text) for form in _DATES)), None)
    return _day(raw, found) if found else Cell("", "date", DATE_WANTED)


def _day(raw: str, found: re.Match[str]) -> Cell:
    year, month, day = (int(found[part]) for part in "ymd")
    try:
        written = date(year, month, day).isoformat()
    except ValueError:
        return Cell("", "date_impossible", DATE_WANTED)
    return (
        _kept(raw, written, "date_form") if year >= _FIRST_YEAR else Cell("", "date", DATE_WANTED)
    )


def _integer(raw: str, text: str) -> Cell:
    found = _INTEGER.fullmatch(text)
    if found:
        value = int(found[1])
        return _kept(raw, str(value), "number_form")._replace(value=value)
    code = "negative" if _NEGATIVE.fullmatch(text) else "integer"
    return Cell(_EMPTY["integer"], code, "0, 1, 2, ...")


def _decimal(raw: str, text: str) -> Cell:
    if _DECIMAL.fullmatch(text):
        return _kept(raw, text, "full_width")
    return Cell("", "negative" if _NEGATIVE.fullmatch(text) else "decimal", "0, 0.5, 12.5, ...")


def _flag(raw: str, text: str) -> Cell:
    word = text.lower()
    if word in YES or word in NO:
        return Cell(word in YES)
    return Cell(_EMPTY["flag"], "flag", "是/否, true/false, 1/0")


_READERS: dict[str, Callable[[str, str], Cell]] = {
    "id": _id,
    "code": _code,
    "uscc": _uscc,
    "text": _text,
    "list": _list,
    "sector": _sector,
    "sectors": _sectors,
    "credit": _credit,
    "status": _status,
    "date": _date,
    "integer": _integer,
    "decimal": _decimal,
    "flag": _flag,
}


def empty_value(column: Column) -> Value:
    """Return what an empty cell of ``column`` is read as: its default, else "", -1 or False."""
    if column.default:
        return _READERS[column.read](column.default, column.default).value
    return _EMPTY.get(column.read, "")


def _empty(column: Column, raw: str) -> Cell:
    if column.required:
        return Cell(empty_value(column), "missing")
    code = "blank_mark" if raw else "default_used" if column.default else ""
    return Cell(empty_value(column), code, column.default)


def clean(column: Column, raw: str) -> Cell:
    """Return what ``raw`` means in ``column``; an empty cell takes the default of the column.

    >>> from fairlot.registers.columns import Column
    >>> clean(Column("credit_class", ("信用等级",), "credit"), "Ｂ级")
    Cell(value='B', code='class_form', want='B')
    """
    text = plain(raw)
    return _empty(column, raw) if text.lower() in BLANKS else _READERS[column.read](raw, text)


def read_cells(column: Column, cells: Sequence[str]) -> tuple[list[Value], dict[str, Cell]]:
    """Return the value of every cell, and the texts that had a problem with what was made of them.

    >>> from fairlot.registers.columns import Column
    >>> values, problems = read_cells(Column("staff", ("人员数",), "integer"), ["12", "-3"])
    >>> values, problems["-3"].code
    ([12, -1], 'negative')
    """
    cell = {raw: clean(column, raw) for raw in dict.fromkeys(cells)}
    return [cell[raw].value for raw in cells], {raw: c for raw, c in cell.items() if c.code}
