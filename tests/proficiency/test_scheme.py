"""The scheme: what contradicts itself is refused by name, and one digest stands for all of it."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_worlds import FIXED, HEAD, KNOWN, LEAD, frame, scheme

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Scheme, score_round

MEAN = 'value = { method = "mean" }\n'

WRONG = {
    "sigma_pt of 0": (LEAD + KNOWN + FIXED.replace("0.3", "0"), 'got "0"; want a number above 0'),
    "sigma_pt below 0": (LEAD + KNOWN + FIXED.replace("0.3", "-0.3"), 'got "-0.3"; want'),
    "no sigma": (LEAD + KNOWN, "铅: score auto wants sigma"),
    "two sigmas": (
        LEAD + KNOWN + 'sigma = { method = "fixed", sigma_pt = "1", percent = "2" }\n',
        "method fixed wants sigma_pt; missing [], too many ['percent']",
    ),
    "half a sigma": (
        LEAD + KNOWN + 'sigma = { method = "round", lower = "1" }\n', "missing ['upper']",
    ),
    "limits crossed": (
        LEAD + MEAN + 'sigma = { method = "round", lower = "2", upper = "1" }\n',
        "lower 2 is above upper 1",
    ),
    "a value and a consensus": (
        LEAD + FIXED + 'value = { method = "mean", x_pt = "1" }\n',
        "x_pt goes with formulation, crm and reference, and only with them",
    ),
    "experts unnamed": (LEAD + FIXED + 'value = { method = "experts" }\n', "labs go with method"),
    "U without k": (
        LEAD + FIXED + 'value = { method = "crm", x_pt = "1", U = "0.1" }\n',
        "want u, or U with its coverage factor k",
    ),
    "u of a consensus": (
        LEAD + FIXED + 'value = { method = "mean", u = "0.1" }\n', "u and U go with x_pt",
    ),
    "edition of another": (
        LEAD + FIXED + 'value = { method = "hampel", edition = "iso2022" }\n',
        'edition goes with method = "algorithm_a"',
    ),
    "z' without u": (
        LEAD + KNOWN + FIXED + 'score = "z_prime"\n', "score z_prime wants the uncertainty of x_pt",
    ),
    "pa without delta_e": (LEAD + KNOWN + 'score = "pa"\n', 'delta_e goes with score = "pa"'),
    "too small a consensus": (LEAD + MEAN + FIXED + "least = 2\n", "greater than or equal to 3"),
    "a name nobody knows": (LEAD + KNOWN + FIXED + "sigmas = 1\n", "not a name this scheme knows"),
    "a float": (LEAD + KNOWN + FIXED + 'u_hom = "1e-3"\n', "want a plain decimal"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_measurand_that_contradicts_itself_is_refused(name):
    text, sentence = WRONG[name]
    with pytest.raises(InvalidInput) as refused:
        scheme(text)
    assert sentence in str(refused.value)
    assert "measurands.0" in str(refused.value)


@pytest.mark.parametrize(
    ("top", "sentence"),
    [
        ('[verdict]\nfails = { "差" = 1 }\n', "差 is no grade of this scheme"),
        ('[followup]\ngrades = ["差"]\n', "差 is no grade of this scheme"),
        ('[grades]\nlimits = ["3", "2"]\n', "grades"),
        ('[grades]\nlabels = ["满意", "不满意"]\n', "grades"),
        ('[grades_e_n]\nlimits = ["1"]\nlabels = ["好", "坏"]\nat_limit = ["better"]\n',
         "labels of grades_e_n must be of"),
    ],
)  # fmt: skip
def test_grades_that_do_not_fit_are_refused(top, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        scheme(top=top)


def test_a_measurand_stands_once():
    with pytest.raises(InvalidInput, match="measurand 铅 stands twice"):
        scheme(LEAD + KNOWN + FIXED, LEAD + KNOWN + FIXED)


def test_every_fault_is_told_at_once():
    with pytest.raises(InvalidInput) as refused:
        Scheme.parse("[[measurands]]\nname = 1\n")
    assert {fault.split(":")[0] for fault in refused.value.facts["faults"]} >= {
        "spec", "provider", "round", "title", "issued", "measurands.0",
    }  # fmt: skip


def test_the_digest_is_of_the_terms_and_not_of_the_text():
    plain = scheme()
    assert scheme(LEAD + "# a remark\n" + FIXED + KNOWN).digest() == plain.digest()
    assert scheme(LEAD + KNOWN + FIXED + "least = 12\n").digest() == plain.digest()
    assert scheme(LEAD + KNOWN + FIXED + "least = 13\n").digest() != plain.digest()
    assert Scheme.of(plain.table()).digest() == plain.digest()


def test_whole_numbers_need_no_quotes_and_fractions_are_never_floats():
    sigma = "sigma = { method = 'percent', percent = 10 }\n"
    assert scheme(LEAD + KNOWN + sigma).measurands[0].sigma.percent == "10"
    tenth = "sigma = { method = 'fixed', sigma_pt = 0.1 }\n"
    assert scheme(LEAD + KNOWN + tenth).measurands[0].sigma.sigma_pt == "0.1"


def test_a_level_of_its_own_comes_before_the_terms_for_all():
    own = LEAD + 'level = "S2"\n' + KNOWN + FIXED.replace("0.3", "0.1")
    terms = scheme(LEAD + KNOWN + FIXED, own)
    table = pd.concat([frame(["0.6"], level="S1"), frame(["0.6"], level="S2")])
    assert [one.score for one in score_round(table, terms).results] == pytest.approx([1, 3])


def test_a_wide_table_is_scored_by_the_names_of_the_scheme():
    terms = scheme(LEAD + KNOWN + FIXED, 'name = "铜"\nlevel = "S1"\n' + KNOWN + FIXED)
    table = pd.DataFrame({"lab": ["A", "B"], "铅 S1": ["0.3", "ND"], "铜S1": ["1.2", "0.3"]})
    found = score_round(table, terms)
    assert [(r.result.lab, r.result.measurand, r.grade or r.reason) for r in found.results] == [
        ("A", "铅", "满意"), ("B", "铅", "not detected"),
        ("A", "铜", "不满意"), ("B", "铜", "满意"),
    ]  # fmt: skip


@given(st.text(max_size=40))
def test_any_text_is_a_scheme_or_is_refused(text):
    with pytest.raises(InvalidInput):
        Scheme.parse(HEAD + text)


def test_a_fault_is_told_once_and_where_it_is():
    with pytest.raises(InvalidInput) as zero:
        scheme(LEAD + KNOWN + FIXED.replace("0.3", "0"))
    assert zero.value.facts["faults"] == (
        'measurands.0.sigma.sigma_pt: got "0"; want a number above 0',
    )
    with pytest.raises(InvalidInput) as label:
        scheme(top='[followup]\ngrades = ["差"]\n')
    assert str(label.value).startswith("scheme: 差 is no grade of this scheme")
    with pytest.raises(InvalidInput, match="measurands: Tuple should have at least 1 item"):
        Scheme.parse(HEAD + "measurands = []\n")
