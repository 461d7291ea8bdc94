"""统一社会信用代码: the check digit of GB 32100-2015, and the ways a code comes out of a sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot.registers import uscc
from fairlot.registers.cleaning import clean
from fairlot.registers.columns import Column

CODE = Column("uscc", ("统一社会信用代码",), "uscc")

VALID = (
    "91110108551385082Q",
    "91350100M000100Y43",
    "91110000600037341L",
    # The sum is a multiple of 31: the check is 0, where 31 - 0 would fall off the alphabet.
    "913101178683873800",
)

# Given out by early pilots: legal, and not as the standard has it.
LEGAL_BUT_FAILING = {
    "91350100M0001TGQXM": "1",
    "91350211M0000XUF46": "R",
    "91350203M0001FUE2P": "J",
}

bodies = st.text(uscc.ALPHABET, min_size=17, max_size=17)


def read(text):
    cell = clean(CODE, text)
    return cell.value, cell.code, cell.want


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_passes_and_is_left_as_it_is(code):
    assert uscc.passes(code)
    assert read(code) == (code, "", "")


def test_the_alphabet_and_weights_are_those_of_the_standard():
    assert uscc.ALPHABET == "0123456789ABCDEFGHJKLMNPQRTUWXY"
    assert uscc._WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@given(bodies)
def test_exactly_one_check_digit_passes(body):
    passing = [letter for letter in uscc.ALPHABET if uscc.passes(body + letter)]
    assert passing == [uscc.check_digit(body)]


@given(bodies, st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_always_noticed(body, at, letter):
    code = body + uscc.check_digit(body)
    other = code[:at] + letter + code[at + 1 :]
    assert uscc.passes(other) == (other == code)


def test_a_wrong_check_digit_names_the_right_one():
    assert not uscc.passes("91350100M000100Y4A")
    assert read("91350100M000100Y4A") == ("91350100M000100Y4A", "uscc_check", "3")


@pytest.mark.parametrize(("code", "check"), LEGAL_BUT_FAILING.items())
def test_a_legal_code_that_fails_is_kept_with_a_warning(code, check):
    assert read(code) == (code, "uscc_check", check)


def test_a_first_letter_is_no_fault():
    code = "A1350100M000100Y4"
    assert uscc.passes(code + uscc.check_digit(code))


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("91350100m000100y43", "uscc_form"),
        ("91350100 M000 100Y43", "uscc_form"),
        ("９１３５０１００Ｍ０００１００Ｙ４３", "full_width"),
        ("  91350100M000100Y43 ", "padding"),
        ("\ufeff91350100M000100Y43", "padding"),
        ("9I35O1OOM0001OOY43", "uscc_lookalike"),
        ("9i35o1oom0001ooy43", "uscc_lookalike"),
    ],
)
def test_a_code_written_otherwise_is_repaired(text, repair):
    assert read(text) == ("91350100M000100Y43", repair, "91350100M000100Y43")


def test_a_lookalike_is_not_guessed_at_when_the_check_fails_all_the_same():
    assert read("9I350100M000100Y4A") == ("9I350100M000100Y4A", "uscc_alphabet", uscc.ALPHABET)


@pytest.mark.parametrize("text", ["9.13101E+17", "9.13101e+17", "9E+17", "９.13101E+17", "9.13E17"])
def test_a_number_made_by_a_spreadsheet_is_refused(text):
    assert clean(CODE, text).code == "uscc_numeric"


def test_an_e_within_a_whole_code_is_no_exponent():
    body = "91310101E12345678"
    assert read(body + uscc.check_digit(body))[1] == ""


def test_fifteen_digits_and_three_zeros_are_told_apart_from_a_wrong_check():
    assert clean(CODE, "913101178683873000").code == "uscc_rounded"


@pytest.mark.parametrize("text", ["91350100M000100Y4", "91350100M000100Y433", "310115000123456"])
def test_a_code_of_another_length_is_refused(text):
    assert read(text) == (text, "uscc_length", "18")


@pytest.mark.parametrize("letter", "SVZ")
def test_a_letter_outside_the_alphabet_is_refused(letter):
    code = f"91350100{letter}000100Y43"
    assert read(code) == (code, "uscc_alphabet", uscc.ALPHABET)
