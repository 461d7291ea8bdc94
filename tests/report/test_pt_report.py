"""The report tells a round whole, in two languages, loads nothing and escapes everything."""

import re

import pytest
from notice_page import Page
from pt_worlds import LABS, ROUND, SCHEME, scored

from fairlot._base.errors import InvalidInput
from fairlot.report import pt_letter, pt_letters, pt_report

LANGS = ("en", "zh")
HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></td><b>",
    "\" onmouseover=alert(1) x='",
    "{{7*7}}{% raw %}${x}",
    "%s %(x)s {0} {detail}",
]


@pytest.mark.parametrize("lang", LANGS)
def test_every_result_score_and_choice_stands_in_it(lang):
    words = Page(pt_report(ROUND, lang=lang)).words
    for level in ROUND.levels:
        for one in level.results:
            assert one.result.text in words
            assert one.score is None or f"{one.score:.2f}" in words
    for choice in ROUND.choices:
        assert choice.text(lang) in words
    for order in ROUND.orders:
        assert order.due.isoformat() in words
    assert set(LABS) <= set(re.findall("Q[0-9]{2}", words))
    assert ROUND.digest in words


def test_names_of_laboratories_are_left_out():
    assert "机构" not in pt_report(ROUND, lang="en")


def test_the_same_round_gives_the_same_bytes():
    assert pt_report(ROUND) == pt_report(ROUND) == pt_report(scored())


@pytest.mark.parametrize("lang", LANGS)
def test_pages_load_and_run_nothing(lang):
    for text in (pt_report(ROUND, lang=lang), *(page for _, page in pt_letters(ROUND, lang=lang))):
        page = Page(text)
        assert "script" not in {tag for tag, _ in page.tags}
        for _, attributes in page.tags:
            for name, value in attributes:
                assert not name.startswith("on")
                assert name not in ("src", "srcset", "action", "data", "poster")
                assert name != "href" or value.startswith("#")
        assert set(re.findall(r"url\((.)", text)) == {"#"}
        assert "@import" not in text


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_and_pattern_has_its_target(lang):
    text = pt_report(ROUND, lang=lang)
    ids = re.findall(' id="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert {*re.findall('href="#([^"]*)"', text), *re.findall(r"url\(#([^)]*)\)", text)} <= set(ids)


def world(text):
    """Return a round in which everything that people write is ``text``."""
    scheme = SCHEME.replace("lead and cadmium", "TITLE").replace("example provider", "TITLE")
    scheme = scheme.replace("PT-1", "TITLE").replace("mg/kg", "TITLE").replace('"Pb"', '"TITLE"')
    toml = scheme.replace('"TITLE"', f"'''{text}'''")
    given = [[lab, text, text, text, "10.5", "", "1", "初测"] for lab in ("Q00", "Q01")]
    return scored(toml, given)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("make", [pt_report, lambda one: pt_letter(one, "Q00")])
def test_what_others_write_is_escaped(text, make):
    hostile, harmless = Page(make(world(text))), Page(make(world("plain")))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in harmless.tags]
    assert [[name for name, _ in each] for _, each in hostile.tags] == [
        [name for name, _ in each] for _, each in harmless.tags
    ]
    assert hostile.words.count(text) >= 5


def test_a_page_a_measurand_and_every_measurand_a_page():
    text = pt_report(ROUND)
    assert text.count('class="measurand"') == 3
    assert ".measurand{break-before:page}" in text


def test_a_level_without_a_value_says_why():
    words = Page(pt_report(ROUND, lang="zh")).words
    assert "带不确定度的专家实验室结果仅 0 个" in words
    assert "无指定值" in words


@pytest.mark.parametrize("make", [pt_report, lambda one, lang: pt_letter(one, "Q00", lang=lang)])
def test_another_language_is_refused(make):
    with pytest.raises(InvalidInput, match="lang is 'fr'; want en or zh"):
        make(ROUND, lang="fr")


def test_grades_at_a_verdict_by_laboratory():
    found = scored(
        SCHEME.replace("[[measurands]]", '[verdict]\nby = "laboratory"\n[[measurands]]', 1)
    )
    words = Page(pt_report(found)).words
    assert "over all measurands" in words
    assert words.count("不合格") >= 2
