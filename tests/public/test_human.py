"""Human input: one form for digits, who gave them, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical
from fairlot.public.human import Human

HEX = "00112233445566778899aabbccddeeff"


def test_digits_have_one_form():
    spaced = "00112233 44556677\t8899AABB\n ＣＣＤＤＥＥＦＦ"
    assert Human.read("hex", "w", spaced).digits == HEX
    assert Human.read("dice", "w", "３" + " 1" * 38).digits == "3" + "1" * 38


@given(st.text("0123456789", min_size=39, max_size=80), st.sampled_from(["甲", "notary public"]))
def test_it_reads_back_from_the_announcement(digits, by):
    human = Human.read("dice", by, " ".join(digits))
    data = canonical.encode(human.encode())
    assert Human.decode(canonical.decode(data, limit=1 << 12)) == human
    assert human.digits == digits


@pytest.mark.parametrize(
    ("kind", "count", "bits"), [("dice", 39, 129), ("dice", 40, 132), ("hex", 32, 128)]
)
def test_the_least_is_128_bits(kind, count, bits):
    human = Human(kind, "w", "1" * count)
    assert human.bits == bits
    base = 10 if kind == "dice" else 16
    assert 2**bits <= base**count < 2 ** (bits + 1)
    assert base ** (count - 1) < 2**128 or count == 40


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("hex", HEX[:31], "got 31 digits and 0 other characters; want 32"),
        ("hex", HEX + "g", "got 32 digits and 1 other characters"),
        ("hex", "0x" + HEX, "got 33 digits and 1 other"),
        ("hex", "0" * 4097, "4097 characters; want at most 4096"),
        ("dice", "1" * 38, "got 38 digits and 0 other characters; want 39"),
        ("dice", "1" * 39 + "a", "got 39 digits and 1 other"),
        ("dice", "1" * 39 + "\u0663", "got 39 digits and 1 other"),
        ("coin", "1" * 39, "want dice or hex"),
    ],
)
def test_digits_refused(kind, text, why):
    with pytest.raises(InvalidInput, match=why):
        Human.read(kind, "w", text)


@pytest.mark.parametrize("by", ["", " ", " w", "w ", "two\nlines", "x" * 201, "\u200e"])
def test_names_refused(by):
    with pytest.raises(InvalidInput, match="want a name of one line"):
        Human("hex", by, HEX)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        "dice",
        {"kind": "dice", "by": "w"},
        {"kind": "hex", "by": "w", "digits": HEX, "more": 1},
        {"kind": "hex", "by": "w", "digits": HEX.upper()},
        {"kind": "hex", "by": "w", "digits": " " + HEX},
        {"kind": "hex", "by": 1, "digits": HEX},
        {"kind": "hex", "by": "w", "digits": int("1" * 40)},
        {"kind": ["hex"], "by": "w", "digits": HEX},
    ],
)
def test_other_forms_are_refused(value):
    with pytest.raises(InvalidInput):
        Human.decode(value)
