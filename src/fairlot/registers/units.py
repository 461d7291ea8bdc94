"""Units of measurement results that differ by a power of ten, and how one turns into another.

What cannot be turned by its powers of ten alone is refused: a degree, a ppm of unknown base, a
mass fraction into a concentration.
"""

import re
from decimal import Context, Decimal

from fairlot.registers.plain import plain

__all__ = ["known", "power_of_ten", "same_unit", "scaled"]

_PREFIXES = {"G": 9, "M": 6, "k": 3, "": 0, "d": -1, "c": -2, "m": -3, "μ": -6, "n": -9, "p": -12}
_BASES = ("mol", "Pa", "Bq", "Hz", "CFU", "g", "L", "m", "N", "V", "A", "W", "J", "S", "s")
_OTHERS = {
    "t": ("g", 6), "m³": ("L", 3), "dm³": ("L", 0), "cm³": ("L", -3), "mm³": ("L", -6),
    "m2": ("m2", 0), "dm2": ("m2", -2), "cm2": ("m2", -4), "mm2": ("m2", -6),
    "%": ("1", -2), "‰": ("1", -3), "1": ("1", 0),
}  # fmt: skip
_DERIVED = {"N/m2": "Pa/1"}
_NAMES = {
    "千克": "kg", "公斤": "kg", "毫克": "mg", "微克": "μg", "克": "g", "立方米": "m³", "毫升": "mL",
    "升": "L", "毫米": "mm", "米": "m", "千牛": "kN", "牛": "N", "兆帕": "MPa",
}  # fmt: skip
_EVERY_DIGIT = Context(prec=99)
_CUBE = re.compile(r"m\^?3")
_SQUARE = re.compile(r"m\^2")
_MICRO = re.compile(r"\bu(?=(?:g|L|l|m|mol|N|V|A|S|s)(?:/|$))")
_LITRE = re.compile(r"\b([numkμdc]?)l(?=/|$)")


def power_of_ten(unit: str, into: str) -> int | None:
    """Return n where one ``unit`` is 10^n of ``into``, None where that is not known.

    >>> power_of_ten("mg/kg", "ug/kg"), power_of_ten("N/mm²", "MPa"), power_of_ten("℃", "mg/kg")
    (3, 0, None)
    """
    if same_unit(unit, into):
        return 0
    known, wanted = _read(unit), _read(into)
    return known[1] - wanted[1] if known and wanted and known[0] == wanted[0] else None


def known(unit: str) -> bool:
    """Say whether a unit is one of those that are read.

    >>> known("μg/kg"), known("ppm")
    (True, False)
    """
    return _read(unit) is not None


def same_unit(unit: str, other: str) -> bool:
    """Say whether two units are one, written in two ways.

    >>> same_unit("µg/kg", "ug／kg"), same_unit("mg", "Mg")
    (True, False)
    """
    return _spelt(unit) == _spelt(other)


def scaled(value: str, power: int) -> str:
    """Return a decimal times a power of ten, every digit kept.

    >>> scaled("0.520", 3), scaled("520", -3)
    ('520', '0.520')
    """
    return f"{_EVERY_DIGIT.scaleb(Decimal(value), power):f}"


def _spelt(unit: str) -> str:
    text = "".join(plain(unit).split())
    for name, sign in _NAMES.items():
        text = text.replace(name, sign)
    return _LITRE.sub(r"\1L", _MICRO.sub("μ", _SQUARE.sub("m2", _CUBE.sub("m³", text))))


def _read(unit: str) -> tuple[str, int] | None:
    """Return the dimension of a unit, such as "g/L", and its power of ten; None if unknown."""
    parts = [_part(part) for part in _spelt(unit).split("/")]
    if None in parts or len(parts) > 2:
        return None
    (base, power), (under, by) = ([*filter(None, parts), ("1", 0)])[:2]
    quotient = "1" if base == under else f"{base}/{under}"
    return _DERIVED.get(quotient, quotient), power - by


def _part(text: str) -> tuple[str, int] | None:
    """Return the base unit and power of a unit without a slash.

    >>> _part("μmol"), _part("cm³"), _part("ppm")
    (('mol', -6), ('L', -3), None)
    """
    if text in _OTHERS:
        return _OTHERS[text]
    for base in _BASES:
        prefix = text.removesuffix(base)
        if prefix != text and prefix in _PREFIXES:
            return base, _PREFIXES[prefix]
    return None
