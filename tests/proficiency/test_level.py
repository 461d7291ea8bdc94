"""One level: what is said of it, and what its tables show."""

import numpy as np
import pytest
from round_worlds import FIXED, LEAD, TWELVE, frame, scheme

from fairlot.proficiency import algorithm_a, score_round, tables
from fairlot.proficiency.choice import SENTENCES

SMALL = FIXED.replace("0.3", "0.03")


def codes(values, value, sigma=SMALL, more="", **columns):
    found = score_round(frame(values, **columns), scheme(f"{LEAD}value = {value}\n{sigma}{more}"))
    return [choice.code for level in found.levels for choice in level.choices]


@pytest.mark.parametrize(
    ("x_pt", "code"), [("0.30", "agrees"), ("0.31", "agrees"), ("0.33", "differs")]
)
def test_participants_are_compared_with_a_stated_value(x_pt, code):
    value = f'{{ method = "reference", x_pt = "{x_pt}", u = "0.005" }}'
    assert codes(TWELVE, value) == ["z", code]
    robust = algorithm_a([float(x) for x in TWELVE])
    limit = 2 * np.hypot(robust.u_xpt, 0.005)
    assert (abs(robust.x_star - float(x_pt)) > limit) == (code == "differs")


def test_nothing_is_compared_with_itself_or_with_a_value_of_unknown_uncertainty():
    assert codes(TWELVE, '{ method = "median" }', FIXED) == ["z"]
    assert codes(TWELVE, '{ method = "reference", x_pt = "0.5" }') == ["unstated"]
    assert codes(TWELVE[:2], '{ method = "crm", x_pt = "0.5", u = "0.01" }', FIXED) == ["z"]


def test_the_ceiling_of_scores_by_their_own_spread_is_told():
    own = 'sigma = { method = "round", lower = "0.001", upper = "1" }\n'
    few = "least = 3\nscore = 'z'\n"
    assert codes(TWELVE[:10], '{ method = "mean" }', own, few) == ["own_spread"]
    assert codes(TWELVE[:11], '{ method = "mean" }', own, few) == []
    assert codes(TWELVE[:10], '{ method = "median" }', own, few) == []


def test_replicates_and_limits_are_told_once_a_level():
    values = [*TWELVE, "<0.2", "<0.3"]
    assert codes(values, '{ method = "reference", x_pt = "0.3" }')[0] == "below"


def test_every_choice_is_said_in_both_languages_with_the_same_facts():
    for en, zh in SENTENCES.values():
        names = {
            name for name in ("{got}", "{want}", "{n}", "{u}", "{limit}", "{lab}") if name in en
        }
        assert {name for name in names if name not in zh} == set()


def test_the_tables_have_a_row_for_everything():
    found = score_round(frame([*TWELVE, "ND", "缺席", "<0.01", "0.9"]), scheme())
    sheets = tables(found)
    assert {name: len(sheet) for name, sheet in sheets.items()} == {
        "levels": 1, "scores": 16, "verdicts": 16, "orders": 2,
        "choices": len(found.choices), "problems": len(found.problems),
    }  # fmt: skip
    last = sheets["scores"].set_index("lab").loc["L15"]
    assert (last["value"], last["grade"], last["score_low"]) == ("<0.01", "满意", -1.0)
    assert sheets["levels"].loc[0, ["x_pt", "sigma_pt", "p"]].tolist() == [0.3, 0.3, 13]
    chinese = tables(found, "zh")
    assert [list(sheet.columns) for sheet in chinese.values()] != [
        list(sheet.columns) for sheet in sheets.values()
    ]
    assert chinese["scores"].set_index("实验室编号").loc["L13", "未评原因"] == "未检出，未给检出限"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_without_rows_has_its_headers(lang):
    good = tables(score_round(frame(["0.3"]), scheme()), lang)
    bad = tables(score_round(frame(["1.2"]), scheme()), lang)
    assert good["orders"].empty
    assert list(good["orders"].columns) == list(bad["orders"].columns)
