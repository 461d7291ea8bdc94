"""A letter tells a laboratory all of its own and nothing that names another."""

import pytest
from notice_page import Page
from pt_worlds import EARLIER, LABS, ROUND

from fairlot._base.errors import InvalidInput
from fairlot.proficiency.choice import SENTENCES, WITHOUT_CODES
from fairlot.report import pt_letter, pt_letters

LANGS = ("en", "zh")


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_elses_code_or_name_is_in_the_bytes(lang):
    letters = dict(pt_letters(ROUND, lang=lang, earlier=[EARLIER]))
    assert list(letters) == list(LABS)
    for lab, letter in letters.items():
        data = letter.encode()
        assert lab.encode() in data
        assert f"机构{lab}名".encode() in data
        for other in set(LABS) - {lab}:
            assert other.encode() not in data, (lab, other)


def test_the_round_does_name_others_where_a_letter_must_not():
    """The blunder of Q11 and the experts Q02 and Q03 are told in choices of the round."""
    told = " ".join(choice.text() for choice in ROUND.choices)
    assert "Q11" in told
    assert "Q02, Q03" in told


@pytest.mark.parametrize("lang", LANGS)
def test_everything_of_the_laboratory_is_in_it(lang):
    words = Page(pt_letter(ROUND, "Q10", lang=lang)).words
    own = [one for one in ROUND.results if one.result.lab == "Q10"]
    assert {one.result.attempt for one in own} == {"初测", "补测"}
    for one in own:
        assert one.result.text in words
        assert one.score is None or f"{one.score:.2f}" in words
    orders = [one for one in ROUND.orders if one.lab == "Q10"]
    assert orders
    for order in orders:
        assert order.due.isoformat() in words
        assert order.why in words


def test_a_blunder_is_told_to_whom_it_concerns():
    blunder = next(choice for choice in ROUND.choices if choice.code == "blunder")
    assert blunder.text() in Page(pt_letter(ROUND, "Q11")).words
    assert "left out of the statistics" not in pt_letter(ROUND, "Q05")


def test_one_by_one_as_all_at_once():
    for lab, letter in pt_letters(ROUND):
        assert letter == pt_letter(ROUND, lab)


def test_the_laboratory_is_marked_in_every_picture_that_it_is_in():
    page = Page(pt_letter(ROUND, "Q05"))
    pictures = sum(tag == "figure" for tag, _ in page.tags)
    marks = sum(("class", "mark") in each and tag == "path" for tag, each in page.tags)
    assert marks == pictures + 1  # one stands in the legend
    kinds = [dict(each)["class"] for tag, each in page.tags if tag == "figure"]
    assert sorted(set(kinds)) == [
        "density", "h", "k", "repeatability", "results", "scores", "youden"]  # fmt: skip


def test_rounds_before_are_a_picture_more_a_measurand():
    plain, grown = (pt_letter(ROUND, "Q05", earlier=e).count("<figure") for e in ([], [EARLIER]))
    assert grown == plain + 2  # Pb and Cd; Hg has no score
    assert "PT-0" in pt_letter(ROUND, "Q05", earlier=[EARLIER])


def test_who_is_not_in_the_round_is_refused():
    with pytest.raises(InvalidInput, match="Q99 is not in round PT-1; want one of its 12"):
        pt_letter(ROUND, "Q99")


def test_a_level_without_a_value_says_why_without_naming_the_experts():
    """Cd and Hg are valued by experts, and those of Hg state no uncertainty."""
    told = next(one for one in ROUND.choices if one.code == "experts")
    assert told.measurand == "Hg"
    letter = Page(pt_letter(ROUND, "Q05")).words
    assert "0 expert results with uncertainty; want two or more." in letter
    assert "two or more of" not in letter


def test_every_sentence_that_lists_laboratories_has_one_that_does_not():
    for code, sentences in SENTENCES.items():
        for text, plain in zip(sentences, WITHOUT_CODES.get(code, sentences), strict=True):
            assert "{labs}" not in plain, code
            assert "{labs}" in text or plain == text, code
