"""Units that differ by a power of ten, and units that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot.registers.units import power_of_ten, scaled


@pytest.mark.parametrize(
    ("unit", "into", "power"),
    [
        ("mg/kg", "ug/kg", 3),
        ("mg/kg", "μg/g", 0),
        ("%", "g/kg", 1),
        ("μg/m3", "mg/m³", -3),
        ("毫克/升", "mg/L", 0),
        ("mg/l", "ug/mL", 0),
        ("kN", "N", 3),
        ("MPa", "kPa", 3),
        ("CFU/g", "CFU/kg", 3),
        ("mmol/L", "μmol/L", 3),
        ("℃", "℃", 0),
        ("mg/L", "mg/kg", None),
        ("ppm", "mg/kg", None),
        ("℃", "K", None),
        ("mg/100g", "mg/kg", None),
        ("a/b/c", "mg/kg", None),
        ("N/mm²", "MPa", 0),
        ("N/mm^2", "MPa", 0),
        ("kN/m2", "kPa", 0),
        ("mg/dm²", "mg/m2", 2),
        ("mm2", "mm3", None),
    ],
)
def test_a_power_of_ten_is_known_or_none(unit, into, power):
    assert power_of_ten(unit, into) == power
    assert power_of_ten(into, unit) == (power if power is None else -power)


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=9), st.integers(-12, 12))
def test_scaling_there_and_back_keeps_every_digit(value, power):
    there = scaled(f"{value:f}", power)
    assert scaled(there, -power).rstrip("0").rstrip(".") == f"{value:f}".rstrip("0").rstrip(".")
