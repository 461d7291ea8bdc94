"""A result as laboratories write it: a number, "<0.01", 未检出, or nothing at all.

Numbers stay decimal text with the digits that were reported: 0.520 is not 0.52, and a grade at a
limit is decided in decimals.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from fairlot.registers.cleaning import BLANKS
from fairlot.registers.plain import plain

__all__ = ["Measured", "measured"]

_POWER = re.compile(r"\s*[x×*·]\s*10\s*(?:(?:\^|\*\*)\s*([+-]?\d{1,2})|([+-]\d{1,2}))", re.I)
_ND = r"(?:nd|n\.d\.|未检出|not detected)"
_BELOW = re.compile(r"(?:<=?|≤|小于|低于|less than|below)\s*(.+)", re.I)
_ABOVE = re.compile(r"(?:>=?|≥|大于|高于|more than|above)\s*(.+)", re.I)
_INTERVAL = re.compile(r"([+-]?[\d.].*?)\s*(?:±|\+/-)\s*\d.*")
_BRACKETED = re.compile(rf"{_ND}\s*\((?P<a>.+)\)|(?P<b>.+?)\s*\({_ND}\)", re.I)
_RESULT = re.compile(
    r"([+-]?[\d.,]*\d[\d.,]*(?:e[+-]?\d{1,2})?)\s*((?:[^\W\d_]|[%‰°′″/]).*)?", re.I
)
_PLAIN = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,2})?", re.I)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{0,30})?")
_COMMA = re.compile(r"[+-]?\d{1,15},\d{1,30}(?:e[+-]?\d{1,2})?", re.I)

_NOTHING_FOUND = {"ND", "N.D.", "未检出", "NOT DETECTED", "BDL", "<LOD", "<LOQ", "<MDL"}
_ABSENT = {
    "缺席",
    "未参加",
    "未报",
    "未报送",
    "未提交",
    "未上报",
    "弃权",
    "ABSENT",
    "NOT SUBMITTED",
}

WANTED = "0.52, <0.01, 未检出 / ND"


class Measured(NamedTuple):
    """What a result was read as.

    form   "number"; "below" (the value is the limit L of "<L"); "not detected"; "absent"; "" when
           it cannot be read
    value  decimal text, "" where there is no number
    unit   the unit written behind the number, "" if none
    code   the repair or error to report, "" when there is none; ``want`` goes with it
    """

    form: str
    value: str = ""
    unit: str = ""
    code: str = ""
    want: str = ""


def measured(raw: str) -> Measured:
    """Return what the text of a result means.

    >>> measured("０.５２０")
    Measured(form='number', value='0.520', unit='', code='result_form', want='0.520')
    >>> measured("<0.01").form, measured("0,52 mg/kg").value, measured("1,234").code
    ('below', '0.52', 'result_comma')
    """
    text = plain(raw).replace("−", "-")  # a minus sign that was typed as one
    if text.upper() in _ABSENT or text.lower() in BLANKS:
        return Measured("absent")
    if text.upper() in _NOTHING_FOUND:
        return Measured("not detected")
    if _ABOVE.fullmatch(text):
        return Measured("", code="result_above", want=WANTED)
    interval = _INTERVAL.fullmatch(text)
    if interval:
        return Measured("", code="result_interval", want=interval[1])
    bracketed = _BRACKETED.fullmatch(text)
    below = _BELOW.fullmatch((bracketed["a"] or bracketed["b"]) if bracketed else text)
    return _below(below[1]) if below else _number(raw, text)


def _below(text: str) -> Measured:
    limit = _number(text, text)
    if limit.form and Decimal(limit.value) <= 0:
        return Measured("", code="result_limit", want="< 0.01")
    return limit._replace(form="below") if limit.form else limit


def _number(raw: str, text: str) -> Measured:
    found = _RESULT.fullmatch(_POWER.sub(r"e\1\2", text))
    if not found:
        return Measured("", code="result", want=WANTED)
    read = _decimal(found[1])
    read = read._replace(unit=found[2] or "")
    if not read.form or read.code or "".join(raw.split()) == read.value + read.unit:
        return read
    return read._replace(code="result_form", want=read.value + (f" {read.unit}" * bool(read.unit)))


def _decimal(body: str) -> Measured:
    """Read the figures of a number, where a comma may part thousands or decimals.

    >>> _decimal("0,520").value, _decimal("12,345,678").value, _decimal("1,234").code
    ('0.520', '12345678', 'result_comma')
    """
    if _PLAIN.fullmatch(body):
        return Measured("number", f"{Decimal(body):f}")
    if _GROUPED.fullmatch(body) and (body.count(",") > 1 or "." in body):
        return Measured("number", body.replace(",", ""))
    if _COMMA.fullmatch(body) and not _GROUPED.fullmatch(body):
        point = body.replace(",", ".")
        return Measured("number", f"{Decimal(point):f}", "", "result_decimal_comma", point)
    if "," in body:
        return Measured("", code="result_comma", want="1.234 / 1234")
    return Measured("", code="result", want=WANTED)
