"""The methods of value and sigma_pt, what is refused of them, and what is told of them."""

from fractions import Fraction

import numpy as np
import pytest
from round_worlds import FIXED, KNOWN, LEAD, TWELVE, frame, scheme

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    algorithm_a,
    huber,
    mad_e,
    n_iqr,
    q_method,
    qn,
    score_round,
)

CRM = 'value = { method = "crm", x_pt = "0.3", u = "0.001" }\n'
WITHIN = 'lower = "0.001", upper = "1"'


def level(text, values=TWELVE, **columns):
    return score_round(frame(values, **columns), scheme(LEAD + text)).levels[0]


def refused(text):
    with pytest.raises(InvalidInput) as found:
        scheme(LEAD + text)
    return str(found.value)


X = [float(x) for x in TWELVE]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('method = "n_iqr", quartiles = "type6"', n_iqr(X, quartiles="type6")),
        ('method = "n_iqr", quartiles = "type7"', n_iqr(X, quartiles="type7")),
        ('method = "huber"', huber(X)),
    ],
)
def test_more_consensus_values(value, wanted):
    found = level(f'value = {{ {value} }}\nsigma = {{ method = "round", {WITHIN} }}\nscore = "z"\n')
    assert float(found.ruler.value.x_pt) == pytest.approx(wanted.x_star, rel=1e-14)
    assert float(found.ruler.value.u_xpt) == pytest.approx(wanted.u_xpt, rel=1e-14)
    assert float(found.ruler.sigma_pt) == pytest.approx(wanted.s_star, rel=1e-14)
    assert found.ruler.value.method == wanted.algorithm


@pytest.mark.parametrize(
    ("estimator", "wanted"),
    [
        ('"algorithm_a"', algorithm_a(X)),
        ('"mad_e"', mad_e(X)),
        ('"qn"', qn(X)),
        ('"q_method"', q_method(X)),
        ('"n_iqr", quartiles = "type6"', n_iqr(X, quartiles="type6")),
        ('"n_iqr", quartiles = "type7"', n_iqr(X, quartiles="type7")),
    ],
)
@pytest.mark.parametrize("value", [CRM, 'value = { method = "mean" }\n'])
def test_a_scale_of_the_round_by_an_estimator_of_ones_own(value, estimator, wanted):
    sigma = f'sigma = {{ method = "round", {WITHIN}, estimator = {estimator} }}\n'
    assert float(level(value + sigma).ruler.sigma_pt) == pytest.approx(wanted.s_star, rel=1e-14)


def test_a_scale_of_the_round_has_its_limits_and_wants_results():
    sigma = 'sigma = { method = "round", lower = "0.2", upper = "0.4", estimator = "mad_e" }\n'
    assert level(CRM + sigma).ruler.sigma_pt == Fraction(1, 5)
    few = level(CRM + sigma, TWELVE[:5])
    assert [c.code for c in few.choices] == ["too_few"]
    assert [c.code for c in level(CRM + sigma, ["0.3"] * 12).choices] == ["no_scale"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('value = { method = "n_iqr" }\n' + FIXED, "quartiles, type6 or type7, go with"),
        ('value = { method = "median", quartiles = "type6" }\n' + FIXED, "quartiles"),
        (f'sigma = {{ method = "round", {WITHIN}, estimator = "n_iqr" }}\n', "missing ['quartiles']"),
        (f'sigma = {{ method = "round", {WITHIN}, quartiles = "type6" }}\n', "many ['quartiles']"),
        ('sigma = { method = "fixed", sigma_pt = "1", estimator = "qn" }\n', "many ['estimator']"),
        (CRM + f'sigma = {{ method = "round", {WITHIN} }}\n', "sigma of the round wants an estimator"),
        (KNOWN + FIXED + 'u_hom = "0.1"\n', "u_hom, u_stab and u_trans go with a stated u or U"),
        (KNOWN + FIXED + 'u_trans = "0.1"\n', "parts alone are no uncertainty"),
    ],
)  # fmt: skip
def test_half_a_method_is_refused(text, sentence):
    assert sentence in refused(text)


def test_parts_of_zero_are_none():
    assert level(KNOWN + FIXED + 'u_hom = "0.0"\n', ["0.3"]).ruler.value.u_xpt is None


LIMITS = [*TWELVE, "<0.29", "<0.28", "<0.9"]


@pytest.mark.parametrize("method", ["mean", "median", "algorithm_a", "huber", "hampel"])
def test_limits_left_out_of_a_consensus_are_told_and_not_counted(method):
    found = level(f'value = {{ method = "{method}" }}\n' + FIXED, LIMITS)
    told = {c.code: c.facts for c in found.choices}
    assert told["left_below"] == {"n": 3}
    assert len(found.used) == found.robust.p == 12


def test_the_likelihood_uses_limits_and_a_known_value_needs_none():
    found = level('value = { method = "likelihood" }\n' + FIXED, LIMITS)
    assert (len(found.used), found.robust.p) == (15, 12)
    assert "left_below" not in {c.code for c in found.choices}
    assert "left_below" not in {c.code for c in level(CRM + FIXED, LIMITS).choices}


def test_limits_do_not_raise_the_ceiling_of_ones_own_spread():
    own = f'value = {{ method = "mean" }}\nsigma = {{ method = "round", {WITHIN} }}\nleast = 3\n'
    found = level(own, [*TWELVE[:10], "<0.3", "<0.4"])
    assert {c.code: c.facts for c in found.choices}["own_spread"]["n"] == 10


E_N = 'value = { method = "reference", x_pt = "0.3", u = "0.4" }\nscore = "e_n"\n'


def test_e_n_takes_every_uncertainty_at_a_coverage_factor_of_two():
    reported = {"u": ["0.3", "", "", "", ""], "U": ["", "0.6", "0.9", "0.59", ""],
                "k": ["", "2", "3", "1.96", ""]}  # fmt: skip
    found = level(E_N, ["1.3"] * 5, **reported)
    assert [one.score for one in found.results[:3]] == pytest.approx([1, 1, 1])
    assert [one.grade for one in found.results[:3]] == ["满意"] * 3
    assert found.results[3].score == pytest.approx(1 / np.hypot(0.59, 0.8))
    assert found.results[4].reason == "no uncertainty"
    assert {c.code: c.facts for c in found.choices}["coverage"] == {"n": 2}
    assert "coverage" not in {c.code for c in level(E_N, ["1.3"], U="0.6", k="2").choices}
