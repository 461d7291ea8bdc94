"""Results as laboratories write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot.registers.measured import measured
from fairlot.registers.problems import SENTENCES


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("0.520", "number", "0.520"),
        ("０.５２", "number", "0.52"),
        ("−0.3", "number", "-0.3"),
        ("1.2×10⁻³", "number", "0.0012"),
        ("1.2x10^3 N", "number", "1200"),
        ("1.2e-3", "number", "0.0012"),
        ("0,52", "number", "0.52"),
        ("0,520", "number", "0.520"),
        ("1,234.5", "number", "1234.5"),
        ("<0.01", "below", "0.01"),
        ("＜0.01 mg/kg", "below", "0.01"),
        ("未检出(<0.01)", "below", "0.01"),
        ("<0.01(未检出)", "below", "0.01"),
        ("小于0.01", "below", "0.01"),
        ("ND", "not detected", ""),
        ("未检出", "not detected", ""),
        ("缺席", "absent", ""),
        ("", "absent", ""),
        ("/", "absent", ""),
    ],
)
def test_a_result_is_read_with_every_digit(text, form, value):
    assert measured(text)[:2] == (form, value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "result_comma"),
        (">100", "result_above"),
        ("<0", "result_limit"),
        ("<-1", "result_limit"),
        ("abc", "result"),
        ("2026-01-02", "result"),
        ("0.5 0.6", "result"),
        ("0.52±0.02", "result_interval"),
        ("0.52 +/- 0.02", "result_interval"),
        ("NaN", "result"),
        ("inf", "result"),
        ("1.2.3", "result"),
        ("1&2", "result"),
        ("0.5*", "result"),
    ],
)
def test_what_is_no_result_or_two_is_refused(text, code):
    read = measured(text)
    assert (read.form, read.code) == ("", code)
    assert SENTENCES[code][0] == "error"


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=6))
def test_plain_decimals_come_back_as_they_are(value):
    assert measured(f"{value:f}") == ("number", f"{value:f}", "", "", "")


@given(st.text(max_size=20))
def test_any_text_is_read_or_told_about(text):
    read = measured(text)
    assert read.form or SENTENCES[read.code][0] == "error"
