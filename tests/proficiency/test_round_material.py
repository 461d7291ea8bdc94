"""What a round says of its items, of groups among its results, and of its calendar."""

import numpy as np
import pandas as pd
import pytest
from round_worlds import FIXED, KNOWN, LEAD, TWELVE, frame, scheme

from fairlot._base.errors import InvalidInput
from fairlot._base.workdays import Workdays
from fairlot.proficiency import homogeneity, score_round, stability

Z = 'score = "z"\n'
ITEMS = [[0.30, 0.31], [0.29, 0.30], [0.32, 0.31], [0.33, 0.33], [0.28, 0.28]]
CRM = 'value = { method = "crm", x_pt = "0.3", u = "0.01" }\n'


def material(items, **columns):
    rows = [(i, j, f"{x}") for i, item in enumerate(items, 1) for j, x in enumerate(item, 1)]
    table = pd.DataFrame(rows, columns=["item", "replicate", "value"])
    return table.assign(measurand="铅", level="1", **columns)


def sigma(text):
    return f'sigma = {{ method = "fixed", sigma_pt = "{text}" }}\n'


def told(terms, values=("0.3",), columns=None, **tables):
    found = score_round(frame(list(values), **(columns or {})), scheme(terms), **tables)
    return {choice.code: choice for choice in found.choices}


@pytest.mark.parametrize(
    ("limit", "code"),
    [("0.3", "homogeneous"), ("0.05", "homogeneous_expanded"), ("0.02", "inhomogeneous")],
)
def test_homogeneity_is_a_choice(limit, code):
    found = told(LEAD + CRM + sigma(limit), homogeneity=material(ITEMS))
    wanted = homogeneity(ITEMS, sigma_pt=limit)
    assert (code == "homogeneous") == wanted.sufficient
    assert (code == "inhomogeneous") == (not wanted.sufficient and not wanted.sufficient_expanded)
    assert found[code].facts["s_s"] == f"{wanted.s_s:.3g}"
    assert {"homogeneous", "homogeneous_expanded", "inhomogeneous"} & found.keys() == {code}


@pytest.mark.parametrize(
    ("move", "code"), [("0.00", "stable"), ("0.04", "stable_expanded"), ("0.50", "unstable")]
)
def test_stability_is_a_choice(move, code):
    after = [[round(x + float(move), 3) for x in item] for item in ITEMS]
    found = told(LEAD + CRM + sigma("0.1"), homogeneity=material(ITEMS), stability=material(after))
    wanted = stability(ITEMS, after, sigma_pt="0.1")
    assert (wanted.stable, wanted.stable_expanded) == {
        "stable": (True, True), "stable_expanded": (False, True), "unstable": (False, False),
    }[code]  # fmt: skip
    assert {"stable", "stable_expanded", "unstable"} & found.keys() == {code}
    assert found[code].facts["d"] == f"{wanted.difference:.3g}"


def test_u_hom_may_be_that_of_the_items():
    terms = LEAD + CRM + FIXED + 'u_hom = "homogeneity"\nscore = "z_prime"\n'
    found = score_round(frame(["0.3"]), scheme(terms), homogeneity=material(ITEMS))
    s_s = homogeneity(ITEMS, sigma_pt=1).s_s
    assert float(found.levels[0].ruler.value.u_xpt) == pytest.approx(np.hypot(0.01, s_s), rel=1e-14)
    with pytest.raises(InvalidInput, match="u_hom of 铅 1 is taken from the homogeneity data"):
        score_round(frame(["0.3"]), scheme(terms))


def test_items_are_read_as_results_are():
    terms = scheme(LEAD + CRM + FIXED)
    chinese = pd.DataFrame(
        {"瓶号": ["1", "1", "2", "2"], "检测参数": "铅", "样品": "1", "平行样": ["1", "2"] * 2,
         "结果": ["300", "310", "290", "300"], "单位": "μg/kg"}
    )  # fmt: skip
    found = score_round(frame(["0.3"]), terms, homogeneity=chinese)
    wanted = homogeneity([["0.3", "0.31"], ["0.29", "0.3"]], sigma_pt="0.3").s_s
    assert next(c for c in found.choices if c.code == "homogeneous").facts["s_s"] == f"{wanted:.3g}"


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"homogeneity": material([["<0.3", "0.3"], ["0.3", "0.3"]])}, "item 1: want a number"),
        ({"homogeneity": material([["x", "0.3"], ["0.3", "0.3"]])}, "items row 1"),
        ({"homogeneity": material(ITEMS).assign(level="S9")}, "nobody reported such a level"),
        ({"stability": material(ITEMS)}, "wants the homogeneity data of the same level"),
        ({"homogeneity": material([[0.3], [0.3, 0.3]])}, "items has 2 rows, row 1 of 2 results"),
        ({"homogeneity": material(ITEMS).drop(columns="item")}, "lab"),
    ],
)
def test_items_that_cannot_be_used_are_refused(tables, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        score_round(frame(["0.3"]), scheme(), **tables)


def test_a_file_of_items_is_named_with_its_row(tmp_path):
    material([["0.3", "x"], ["0.3", "0.3"]]).to_csv(tmp_path / "hom.csv", index=False)
    with pytest.raises(InvalidInput, match=r"hom\.csv row 3"):
        score_round(frame(["0.3"]), scheme(), homogeneity=tmp_path / "hom.csv")


def test_an_item_that_scatters_is_told():
    odd = [[0.3, 0.3], [0.30, 0.31], [0.29, 0.30], [0.1, 0.9], [0.3, 0.3], [0.31, 0.3]]
    found = told(LEAD + CRM + FIXED, homogeneity=material(odd))
    assert found["odd_item"].facts == {"n": 4}


def test_without_sigma_nothing_is_judged_and_that_is_told():
    zeta = LEAD + CRM + 'score = "zeta"\n'
    assert "unchecked" in told(zeta, columns={"u": "0.1"}, homogeneity=material(ITEMS))


MEAN = 'value = { method = "mean" }\n' + Z
LOW = [f"{0.28 + 0.005 * i:.3f}" for i in range(9)]
HIGH = [f"{0.48 + 0.005 * i:.3f}" for i in range(9)]


def test_methods_that_differ_are_told_with_their_medians():
    both, apart = [*LOW, *HIGH], {"method": ["AAS"] * 9 + ["ICP"] * 9}
    found = told(LEAD + MEAN + FIXED, both, apart)
    assert found["methods"].facts["each"] == "AAS 0.3 (n = 9); ICP 0.5 (n = 9)"
    assert "methods" not in told(LEAD + MEAN + FIXED, [*LOW, *LOW], apart)
    assert "methods" not in told(LEAD + MEAN + FIXED, both, {"method": "AAS"})


def test_modes_and_a_value_between_them_are_told():
    both = [*LOW, *HIGH]
    found = told(LEAD + MEAN + sigma("0.04"), both)
    assert found["modes"].facts["each"] == "0.3, 0.5"
    assert "gap" in found
    assert {"modes", "gap"} & told(LEAD + MEAN + sigma("0.04"), LOW + LOW).keys() == set()
    known = told(LEAD + KNOWN.replace("0.3", "0.4") + sigma("0.04"), both)
    assert {"modes", "gap"} & known.keys() == {"modes"}


def test_one_far_result_is_no_group():
    assert "modes" not in told(LEAD + MEAN + sigma("0.02"), [*TWELVE, "0.9"])


def test_deadlines_without_holidays_are_told():
    assert "weekdays" in told(LEAD + KNOWN + FIXED, ["1.2"])
    assert "weekdays" not in told(LEAD + KNOWN + FIXED, ["0.3"])
    given = score_round(frame(["1.2"]), scheme(), calendar=Workdays())
    assert given.calendar == Workdays()
    assert [c.code for c in given.choices] == ["unstated"]
