import literal_differences as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of_results import KINDS, hundredths, sample

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, qn
from fairlot.proficiency.differences import Cut, _guess, shortest_span
from fairlot.proficiency.qn import CONSTANTS

# R 4.2.2, robustbase 0.95-0: 1:p squared, Qn(x) / Qn(x, finite.corr = FALSE)
R_FACTORS = {2: 0.399356, 3: 0.99365, 4: 0.51321, 5: 0.84401, 6: 0.6122, 7: 0.85877, 8: 0.66993,
             9: 0.87344, 10: 0.72014, 11: 0.88906, 12: 0.75743, 13: 0.90230448318586609,
             14: 0.78547621052475369}  # fmt: skip


def test_two_results():
    got = qn([1.0, 3.0])
    assert (got.difference, got.s_star, got.p) == (2.0, 2.2191 * 0.3994 * 2.0, 2)
    assert (got.algorithm, got.edition, got.iterations) == ("qn/1", "amd1_2026", 0)
    assert got.converged is True
    assert got.no_scale is False


def test_more_than_half_equal_has_no_scale():
    got = qn([5.0, 5.0, 5.0, 1.0, 9.0])
    assert (got.s_star, got.no_scale) == (0.0, True)


def test_half_the_results_may_be_anything():
    x = np.r_[np.linspace(9, 11, 11), np.geomspace(1e3, 1e300, 10)]
    assert qn(x).s_star < 10


@pytest.mark.parametrize("p", R_FACTORS)
def test_the_factors_are_those_of_r(p):
    got = qn(np.arange(1.0, p + 1) ** 2, edition="robustbase")
    assert got.factor / 2.21914 == pytest.approx(R_FACTORS[p], rel=1e-15)


@pytest.mark.parametrize("p", [4, 12, 13, 14, 101, 1000])
def test_the_printed_factors_are_the_same_rounded(p):
    x = np.arange(1.0, p + 1)
    iso, r = qn(x), qn(x, edition="robustbase")
    assert iso.factor == pytest.approx(r.factor, rel=1e-4)
    assert iso.factor != r.factor


def test_the_edition_of_2022_takes_a_smaller_difference_and_a_larger_constant():
    x = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    printed, amended = qn(x, edition="iso2022"), qn(x)
    assert printed.difference == literal.kth_difference(x, 3) == 3
    assert amended.difference == literal.kth_difference(x, 4) == 7
    assert printed.factor / amended.factor == pytest.approx(2.2219 / 2.2191, rel=1e-15)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("p", [4, 5, 12, 31, 64])
def test_it_is_the_kth_difference(kind, p):
    x = sample(kind, p, 0)
    for edition, constants in CONSTANTS.items():
        want = literal.kth_difference(x, p // 2 + constants.more)
        assert qn(x, edition=edition).difference == pytest.approx(float(want), rel=1e-15, abs=0)


@given(hundredths(4), st.sampled_from(sorted(CONSTANTS)))
def test_it_is_the_kth_difference_among_ties(x, edition):
    want = literal.kth_difference(x, len(x) // 2 + CONSTANTS[edition].more)
    assert qn(x, edition=edition).difference == float(want) or want < 1e-13 * max(map(abs, x))


@given(hundredths(2), st.randoms(), st.sampled_from([2.0**-30, 1.0, 2.0**40]))
def test_rows_origin_and_unit_do_not_matter(x, random, unit):
    whole = np.round(100 * np.array(x))  # so that shifts and powers of 2 are exact
    before = qn(whole).s_star
    random.shuffle(shuffled := whole.tolist())
    assert qn((np.array(shuffled) + 2.0**30) * unit).s_star == before * unit


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_its_samples(kind):
    samples = {p: sample(kind, p, 1) for p in (2, 3, 12, 13, 40)}
    got = qn(Batch.of(samples))
    assert got.s_star.tolist() == [qn(x).s_star for x in samples.values()]
    assert got.p.tolist() == list(samples)
    assert not got.s_star.flags.writeable


def test_the_search_ends_with_the_narrowest_bracket():
    """When straight guesses are over, the bracket is halved in units of rounding."""
    low, high = Cut(1.0, 0.0, 0.0), Cut(9.0, 0.0, 0.0)
    neighbours = np.array([1.0, np.nextafter(1.0, 2.0), 0.0])
    assert _guess(low, high, 5.0, neighbours, 8) == 1.0
    wide = np.array([1.0, 4.0, 0.0])
    assert _guess(low, high, 5.0, wide, 8) == 2.0
    assert _guess(low, high, 5.0, wide, 0) == 2.5


def test_geometric_results_need_the_halving():
    x = 2.0 ** np.arange(-500, 500, 8)
    assert qn(x).difference == float(literal.kth_difference(x, x.size // 2 + 1))


def test_the_shortest_span():
    x = np.array([0.0, 5.0, 6.0, 8.0, 20.0])
    assert [shortest_span(x, m) for m in (1, 2, 3, 5)] == [0.0, 1.0, 3.0, 20.0]


def test_refusals():
    with pytest.raises(InvalidInput, match="Pb has 1 results; qn wants at least 2") as refusal:
        qn(Batch.of({"Cd": [1.0, 2.0], "Pb": [1.0]}))
    assert refusal.value.text("zh") == "Pb 的结果只有 1 个，qn 至少需要 2 个"
    with pytest.raises(InvalidInput, match="x has 3 results; qn wants at least 4"):
        qn([1.0, 2.0, 3.0], edition="iso2022")
    with pytest.raises(InvalidInput, match="edition is '2022'; want one of amd1_2026, iso2022"):
        qn([1.0, 2.0], edition="2022")
    with pytest.raises(InvalidInput, match="finite"):
        qn([1.0, np.nan])
