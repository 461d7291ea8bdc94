"""Which text can be seen, and what a name is: alike under the tables of every interpreter."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.unassigned import EDGES, is_unassigned
from fairlot._base.visible import is_line, is_visible, one_line

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
IDEOGRAPHS = {*range(0x20000, 0x2F800), *range(0x30000, 0x40000)}


@pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="the table is of Unicode 14.0")
def test_unassigned_is_what_unicode_14_says() -> None:
    due = {s for s in EVERY if unicodedata.category(s) == "Cn" and ord(s) not in IDEOGRAPHS}
    assert set(filter(is_unassigned, EVERY)) == due


def test_what_this_interpreter_leaves_unassigned_is_refused_or_a_coming_ideograph() -> None:
    """True of every table since 14.0: what is assigned stays so."""
    now = {s for s in EVERY if unicodedata.category(s) == "Cn"}
    assert all(is_unassigned(sign) or ord(sign) in IDEOGRAPHS for sign in now)
    assert EDGES[-1] <= sys.maxunicode + 1


@pytest.mark.parametrize(
    "code",
    [0x00, 0x0A, 0x1F, 0x7F, 0x85, 0xA0, 0xAD, 0x61C, 0x1680, 0x180E, 0x2000, 0x200B, 0x200F, 0x2028,
     0x2029, 0x202E, 0x202F, 0x205F, 0x2066, 0x206F, 0x3000, 0xD800, 0xDFFF, 0xE000, 0xF8FF, 0xFDD0,
     0xFDEF, 0xFEFF, 0xFFF9, 0xFFFB, 0xFFFE, 0xFFFF, 0x1FFFE, 0xEFFFF, 0xE0001, 0xE007F, 0xF0000,
     0x10FFFF],
)  # fmt: skip
def test_what_cannot_be_seen(code: int) -> None:
    assert not is_visible(f"a{chr(code)}b")
    assert not is_line(f"a{chr(code)}b")


def test_an_ideograph_of_unicode_15_is_text_and_a_name() -> None:
    """U+31350 prints under Python 3.12 and not under 3.11; a record must not ask."""
    assert is_visible("\U00031350")
    assert is_line("\U00031350")


def test_what_unicode_15_decomposes_is_no_name() -> None:
    """U+1E030 is a modifier letter under Unicode 15.0, NFKC U+0430, and nothing before."""
    assert is_visible("\U0001e030")
    assert not is_line("\U0001e030")


def test_what_else_can_be_seen_is_what_python_prints() -> None:
    """But for ligating marks and numbers of other scripts, which are seen, and what 14.0 lacks."""
    seen = {s for s in EVERY if is_visible(s) and not is_unassigned(s) and ord(s) not in IDEOGRAPHS}
    odd = {s for s in seen if not s.isprintable()}
    assert {unicodedata.category(s) for s in odd} <= {"Cf"}
    assert not {s for s in EVERY if s.isprintable() and not is_visible(s)}


@given(st.text(max_size=8))
def test_a_name_stands_in_its_one_spelling(text: str) -> None:
    line = one_line(text)
    if is_line(text):
        assert line == text
    assert one_line(line) == line


@pytest.mark.parametrize("text", ["", " a", "a ", "ａ", "a\n", "x" * 201, "e\u0301"])
def test_what_no_name_is(text: str) -> None:
    assert not is_line(text)
    assert is_line("x" * 200)
