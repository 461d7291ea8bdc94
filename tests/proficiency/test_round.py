"""A whole round: order of rows, kinds of files, retests, absences, few laboratories, every method."""

from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from round_worlds import FIXED, KNOWN, LEAD, TWELVE, figures, frame, scheme

from fairlot._base.errors import InvalidInput
from fairlot._base.workdays import Workdays
from fairlot.proficiency import (
    algorithm_a,
    censored_normal,
    expert_consensus,
    hampel,
    horwitz_thompson,
    mad_e,
    mean_sd,
    score_round,
    sigma_from_precision,
)

Z = 'score = "z"\n'
METHODS = {
    "mean": ('{ method = "mean" }', mean_sd),
    "median": ('{ method = "median" }', mad_e),
    "algorithm_a": ('{ method = "algorithm_a" }', algorithm_a),
    "printed": (
        '{ method = "algorithm_a", edition = "iso2022" }',
        lambda x: algorithm_a(x, edition="iso2022"),
    ),
    "hampel": ('{ method = "hampel" }', hampel),
}
SIGMAS = {
    "fixed": ('{ method = "fixed", sigma_pt = "0.02" }', lambda x, s: 0.02),
    "percent": ('{ method = "percent", percent = "8" }', lambda x, s: 0.08 * x),
    "delta_e": ('{ method = "delta_e", delta_e = "0.09" }', lambda x, s: 0.03),
    "horwitz": (
        '{ method = "horwitz", per_unit = "0.000001" }',
        lambda x, s: horwitz_thompson(x, per_unit="0.000001").sigma_pt,
    ),
    "precision": (
        '{ method = "precision", sigma_R = "0.03", sigma_r = "0.01", replicates = 2 }',
        lambda x, s: sigma_from_precision("0.03", "0.01", 2).sigma_pt,
    ),
    "earlier": (
        '{ method = "earlier", intercept = "0.005", slope = "0.05" }',
        lambda x, s: 0.005 + 0.05 * x,
    ),
    "round": ('{ method = "round", lower = "0.001", upper = "1" }', lambda x, s: s),
    "round, at most": ('{ method = "round", lower = "0.001", upper = "0.01" }', lambda x, s: 0.01),
    "round, at least": ('{ method = "round", lower = "0.2", upper = "0.4" }', lambda x, s: 0.2),
}


def terms(value: str, sigma: str, more: str = Z) -> str:
    return f"{LEAD}value = {value}\nsigma = {sigma}\n{more}"


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_value_and_sigma_scores_as_its_function_does(method, sigma):
    value, estimate = METHODS[method]
    text, spread = SIGMAS[sigma]
    found = score_round(frame(TWELVE), scheme(terms(value, text)))
    (level,) = found.levels
    wanted = estimate([float(x) for x in TWELVE])
    sigma_pt = spread(wanted.x_star, wanted.s_star)
    assert float(level.ruler.value.x_pt) == pytest.approx(wanted.x_star, rel=1e-14)
    assert float(level.ruler.value.u_xpt) == pytest.approx(wanted.u_xpt, rel=1e-14)
    assert float(level.ruler.sigma_pt) == pytest.approx(sigma_pt, rel=1e-14)
    scores = [one.score for one in found.results]
    assert scores == pytest.approx(
        [(float(x) - wanted.x_star) / sigma_pt for x in TWELVE], rel=1e-9
    )


@pytest.mark.parametrize("method", ["formulation", "crm", "reference"])
@pytest.mark.parametrize("u", ['u = "0.01"', 'U = "0.02", k = "2"'])
def test_a_known_value_is_used_as_written(method, u):
    value = f'{{ method = "{method}", x_pt = "0.310", {u} }}'
    (level,) = score_round(frame(["0.3"]), scheme(terms(value, SIGMAS["fixed"][0]))).levels
    assert (level.ruler.value.x_pt, level.ruler.value.u_xpt) == (
        Fraction(31, 100),
        Fraction(1, 100),
    )


@pytest.mark.parametrize("combine", ["weighted_mean", "dersimonian_laird", "mandel_paule", "reml"])
def test_experts_are_the_laboratories_that_are_named(combine):
    value = f'{{ method = "experts", labs = ["L1", "L3", "L4", "L9"], combine = "{combine}" }}'
    u = ["0.01", "0.5", "0.02", "0.01", ""]
    found = score_round(
        frame(TWELVE[:5], u=u), scheme(terms(value, SIGMAS["fixed"][0]))
    )  # L9 sent nothing
    wanted = expert_consensus([0.28, 0.31, 0.29], [0.01, 0.02, 0.01], method=combine)
    (level,) = found.levels
    assert float(level.ruler.value.x_pt) == pytest.approx(wanted.x_pt, rel=1e-14)
    alone = score_round(frame(TWELVE[:2], u=u[:2]), scheme(terms(value, SIGMAS["fixed"][0])))
    assert [choice.code for choice in alone.choices] == ["experts"]


def test_results_below_a_limit_take_part_in_the_likelihood():
    values = [*TWELVE, "<0.27", "<0.25"]
    value = '{ method = "likelihood" }'
    (level,) = score_round(frame(values), scheme(terms(value, SIGMAS["fixed"][0]))).levels
    x = np.array([float(text.strip("<")) for text in values])
    wanted = censored_normal(x, [text.startswith("<") for text in values])
    assert float(level.ruler.value.x_pt) == pytest.approx(wanted.mu, rel=1e-12)


def test_the_parts_of_the_budget_add_in_squares():
    value = '{ method = "reference", x_pt = "0.3", u = "0.02" }'
    parts = 'u_hom = "0.04"\nu_stab = "0.04"\nu_trans = "0.08"\nscore = "z_prime"\n'
    (level,) = score_round(frame(["0.3"]), scheme(terms(value, SIGMAS["fixed"][0], parts))).levels
    assert level.ruler.value.u_xpt == Fraction(1, 10)


@pytest.mark.parametrize(
    ("u", "negligible", "name"),
    [("0.006", "below", "z_prime"), ("0.006", "at_most", "z"), ("0.0059", "below", "z")],
)
def test_z_or_z_prime_by_a_criterion_whose_edge_the_scheme_sets(u, negligible, name):
    value = f'{{ method = "reference", x_pt = "0.3", u = "{u}" }}'
    found = score_round(
        frame(["0.3"]),
        scheme(terms(value, SIGMAS["fixed"][0], ""), top=f'negligible = "{negligible}"\n'),
    )
    assert (found.levels[0].ruler.name, found.choices[0].code) == (name, name)


# The order of rows.


def every_method() -> str:
    parts = []
    for name, (value, _) in METHODS.items():
        parts.append(f'name = "{name}"\nvalue = {value}\nsigma = {SIGMAS["round"][0]}\n')
    parts.append(f'name = "likelihood"\nvalue = {{ method = "likelihood" }}\n{FIXED}')
    labs = '["L1", "L2", "L3", "L4"]'
    parts.append(f'name = "experts"\nvalue = {{ method = "experts", labs = {labs} }}\n{FIXED}')
    return parts


def rows_of_every_method(rng) -> list[dict]:
    names = [*METHODS, "likelihood", "experts"]
    rows = []
    for name in names:
        for level in ("S1", "S2", "S10"):
            for lab in range(1, 16):
                for replicate in (1, 2)[: 1 + lab % 2]:
                    text = f"{1 + 0.1 * rng.standard_normal():.2f}"
                    text = {(14, "S1"): "<0.9", (15, "S2"): "12.1"}.get((lab, level), text)
                    u = f"{0.01 * replicate * (1 + lab % 3):.2f}"
                    rows.append({"lab": f"L{lab}", "measurand": name, "level": level,
                                 "value": text, "u": u, "replicate": replicate})  # fmt: skip
    return rows


@given(st.integers(0, 10**9))
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])  # to shrink a seed says nothing
def test_the_order_of_rows_decides_nothing(seed):
    rows = rows_of_every_method(np.random.default_rng(5))
    every = scheme(*every_method())
    wanted = figures(score_round(pd.DataFrame(rows), every))
    Random(seed).shuffle(rows)
    assert figures(score_round(pd.DataFrame(rows), every)) == wanted


def test_levels_come_in_the_order_of_the_scheme_then_by_number():
    copper = 'name = "铜"\n' + KNOWN + FIXED
    lead = [LEAD + f'level = "{level}"\n' + KNOWN + FIXED for level in ("低", "高")]
    table = pd.DataFrame(
        [("L1", "铅", "高"), ("L1", "铜", "S10"), ("L1", "铅", "低"), ("L1", "铜", "S2")],
        columns=["lab", "measurand", "level"],
    ).assign(value="0.3")
    found = score_round(table, scheme(copper, *lead))
    assert figures(found)["order of levels"] == [
        ("铜", "S2"), ("铜", "S10"), ("铅", "低"), ("铅", "高"),
    ]  # fmt: skip


# Kinds of files.


def test_every_kind_of_file_gives_the_same_figures(tmp_path):
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {"实验室编号": [f"L{i:02d}" for i in range(1, 21)], "检测参数": "铅",
         "结果": [f"{0.3 + 0.02 * z:.3f}" for z in rng.standard_normal(20)],
         "标准不确定度": "0.010"}
    )  # fmt: skip
    table.loc[3, "结果"] = "<0.20"
    terms_of = scheme(terms('{ method = "algorithm_a" }', SIGMAS["percent"][0]))
    table.to_csv(tmp_path / "bom.csv", index=False, encoding="utf-8-sig")
    table.to_csv(tmp_path / "gbk.csv", index=False, encoding="gb18030")
    table.to_csv(tmp_path / "r.tsv", index=False, sep="\t")
    table.to_excel(tmp_path / "text.xlsx", index=False, engine="xlsxwriter")
    as_numbers = table.assign(结果=[x if "<" in x else float(x) for x in table["结果"]])
    as_numbers.to_excel(tmp_path / "numbers.xlsx", index=False, engine="xlsxwriter")
    table.to_parquet(tmp_path / "r.parquet")
    wanted = figures(score_round(table, terms_of))
    for path in sorted(tmp_path.iterdir()):
        assert figures(score_round(path, terms_of)) == wanted, path.name
    assert figures(score_round(pl.from_pandas(table), terms_of)) == wanted
    english = table.set_axis(["lab", "measurand", "value", "u"], axis=1)
    assert figures(score_round(english, terms_of)) == wanted


# Retests, calendars, few laboratories.


def test_a_retest_has_no_part_in_the_consensus():
    plain = scheme(terms('{ method = "mean" }', SIGMAS["fixed"][0]))
    first = frame(TWELVE, attempt="初测")
    again = pd.concat([first, frame(["9.9"], attempt="补测")])
    (before,), (after,) = score_round(first, plain).levels, score_round(again, plain).levels
    assert before.ruler.value == after.ruler.value
    assert after.results[-1].grade == "不满意"


def test_the_deadline_counts_working_days_of_the_calendar_that_is_handed_in():
    top = "[followup]\nworking_days = 3\n"
    table, terms_of = frame(["1.2"]), scheme(top=top)  # issued on Tuesday 30 June 2026
    assert score_round(table, terms_of).orders[0].due == date(2026, 7, 3)
    calendar = Workdays.parse(["2026-07-01 休", "2026-07-04 班"])
    assert score_round(table, terms_of, calendar=calendar).orders[0].due == date(2026, 7, 4)


def test_a_blind_sample_of_few_laboratories_wants_a_reference_value():
    values, spread = ["0.28", "0.30", "0.9"], {"U": ["0.04"] * 3, "k": "2"}
    alone = score_round(
        frame(values, **spread),
        scheme(terms('{ method = "median" }', "{ method = 'fixed', sigma_pt = '0.02' }")),
    )
    assert [c.text() for c in alone.choices] == [
        "only 3 numeric results; a consensus wants at least 12: use a reference value"
    ]
    assert {v.final for v in alone.verdicts} == {"未评"}
    assert alone.orders == ()
    known = 'value = { method = "reference", x_pt = "0.3", U = "0.03", k = "2" }\n'
    e_n = score_round(frame(values, **spread), scheme(LEAD + known + 'score = "e_n"\n'))
    assert [one.score for one in e_n.results] == pytest.approx([-0.4, 0, 12])
    assert [one.grade for one in e_n.results] == ["满意", "满意", "不满意"]
    zeta = score_round(frame(values, **spread), scheme(LEAD + known + 'score = "zeta"\n'))
    assert [one.score for one in zeta.results] == pytest.approx([-0.8, 0, 24])
    silent = score_round(frame(values), scheme(LEAD + known + 'score = "zeta"\n'))
    assert {one.reason for one in silent.results} == {"no uncertainty"}


def test_two_questionable_fail_and_the_laboratory_may_be_judged_as_a_whole():
    copper = 'name = "铜"\n' + KNOWN + FIXED
    table = pd.DataFrame(
        [("A", "铅", "1.1"), ("A", "铜", "1.1"), ("B", "铅", "1.1"), ("B", "铜", "0.3")],
        columns=["lab", "measurand", "value"],
    )
    apart = score_round(table, scheme(LEAD + KNOWN + FIXED, copper))
    assert [v.final for v in apart.verdicts] == ["合格"] * 4
    whole = scheme(LEAD + KNOWN + FIXED, copper, top='[verdict]\nby = "laboratory"\n')
    assert [(v.lab, v.measurand, v.final) for v in score_round(table, whole).verdicts] == [
        ("A", "", "不合格"), ("B", "", "合格"),
    ]  # fmt: skip


def test_replicates_are_one_result():
    table = pd.DataFrame(
        {
            "lab": "A",
            "measurand": "铅",
            "replicate": ["1", "2", "3"],
            "value": ["0.8", "0.8", "1.1"],
        }
    )
    assert [one.grade for one in score_round(table, scheme()).results] == ["满意"]
    found = score_round(table, scheme(LEAD + KNOWN + FIXED + 'replicates = "median"\n'))
    assert found.results[0].result.x == Fraction(8, 10)
    mixed = table.assign(value=["0.8", "<0.1", "0.8"])
    assert [one.reason for one in score_round(mixed, scheme()).results] == ["mixed"]


def test_the_scheme_wears_its_digest():
    found = score_round(frame(["0.3"]), scheme())
    assert found.digest == scheme().digest() != scheme(top='blunders = "kept"\n').digest()


def test_an_expert_s_blunder_is_no_part_of_the_value():
    value = '{ method = "experts", labs = ["L1", "L2", "L12"] }'
    values = [*TWELVE[:11], "3.0"]
    found = score_round(frame(values, u="0.01"), scheme(terms(value, SIGMAS["fixed"][0])))
    assert found.levels[0].set_aside[0].laboratory == "L12"
    assert float(found.levels[0].ruler.value.x_pt) == pytest.approx(0.29)


def test_results_of_another_round_are_left_out_and_counted():
    table = frame(["0.3", "0.9", "9.9"]).assign(round_id=["PT-1", "", "PT-2"])
    found = score_round(table, scheme())
    assert [one.grade for one in found.results] == ["满意", "满意"]
    left = next(p for p in found.problems if p.code == "other_rounds")
    assert (left.severity, left.got, left.want) == ("warning", "1", "PT-1")


def test_a_laboratory_may_take_part_in_two_rounds_of_one_file():
    table = pd.concat([frame(["0.3"], round="PT-1"), frame(["0.4"], round="PT-2")])
    assert len(score_round(table.reset_index(drop=True), scheme()).results) == 1


def test_a_file_of_another_round_is_refused_by_its_name():
    table = frame(["0.3", "0.9"]).assign(round_id="PT-2")
    with pytest.raises(
        InvalidInput, match="2 results are left out, being of another round; want PT-1"
    ):
        score_round(table, scheme())
