"""The report tells a round whole, in two languages, loads nothing and escapes everything."""

import re
from datetime import date

import pytest
from notice_page import Page
from pt_worlds import LABS, ROUND, SCHEME, scored, table

from fairlot._base.errors import InvalidInput
from fairlot._base.workdays import Workdays
from fairlot.proficiency import Scheme, score_round
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


CALENDAR = Workdays(
    frozenset({date(2026, 7, 1), date(2026, 7, 4), date(2026, 10, 1)}),
    frozenset({date(2026, 7, 5)}),
)
"""A weekday and a Saturday off, a Sunday worked, and a holiday after the deadline."""


@pytest.mark.parametrize("make", [pt_report, lambda one, lang: pt_letter(one, "Q00", lang=lang)])
def test_deadline_and_calendar_stand_in_report_and_letters(make):
    """Of 2026-06-30 and 30 working days: a day off and one worked come to the same day as none."""
    found = score_round(table(), Scheme.parse(SCHEME), calendar=CALENDAR)
    english, chinese = (Page(make(found, lang=lang)).words for lang in ("en", "zh"))
    assert "30 working days, to 2026-08-11" in english
    assert "holidays in it: 2026-07-01; weekend days worked: 2026-07-05" in english
    assert "30 个工作日，至 2026-08-11；其间节假日：2026-07-01；调休上班：2026-07-05" in chinese
    assert "to 2026-08-11; no holidays were handed in" in Page(make(ROUND, lang="en")).words
    assert "2026-10-01" not in english


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "1 or more 不满意 or worse"), ("zh", "缺席达 1 项")]
)
def test_what_fails_a_laboratory_is_told_each_kind_in_its_own_words(lang, words):
    page = Page(pt_report(ROUND, lang=lang)).words
    assert words in page
    assert "缺席及以下" not in page
    assert "缺席 or worse" not in page
