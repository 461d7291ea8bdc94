import literal_differences as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of_results import KINDS, hundredths, sample

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, sn

# R 4.2.2, robustbase 0.95-0: 1:p squared, Sn(x) / Sn(x, finite.corr = FALSE)
R_FACTORS = {2: 0.743, 3: 1.851, 4: 0.954, 5: 1.351, 6: 0.993, 7: 1.198, 8: 1.005, 9: 1.131,
             10: 1.0, 11: 1.0891089108910892, 12: 1.0, 13: 1.0743801652892562}  # fmt: skip


def test_corners():
    got = sn([1.0, 3.0])
    assert (got.difference, got.s_star) == (2.0, 1.1926 * 0.743 * 2.0)
    flat = sn([5.0, 5.0, 5.0, 1.0, 9.0])
    assert (flat.s_star, flat.no_scale, flat.algorithm) == (0.0, True, "sn/1")


@pytest.mark.parametrize("p", R_FACTORS)
def test_the_factors_are_those_of_r(p):
    assert sn(np.arange(1.0, p + 1)).factor / 1.1926 == pytest.approx(R_FACTORS[p], rel=1e-15)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("p", [2, 3, 12, 31, 64])
def test_it_is_the_median_of_medians(kind, p):
    x = sample(kind, p, 0)
    want = float(literal.typical_distance(x))
    assert sn(x).difference == pytest.approx(want, rel=1e-15, abs=0)


@given(hundredths(2), st.randoms(), st.sampled_from([2.0**-30, 1.0, 2.0**40]))
def test_rows_origin_and_unit_do_not_matter(x, random, unit):
    whole = np.round(100 * np.array(x))
    assert sn(whole).difference == literal.typical_distance(whole)
    random.shuffle(shuffled := whole.tolist())
    assert sn((np.array(shuffled) + 2.0**30) * unit).s_star == sn(whole).s_star * unit


def test_a_batch_is_its_samples():
    samples = [sample("tenths", p, 1) for p in (2, 9, 10, 41)]
    assert sn(Batch.of(samples)).s_star.tolist() == [sn(x).s_star for x in samples]


def test_one_result_is_refused():
    with pytest.raises(InvalidInput, match="x has 1 results; sn wants at least 2"):
        sn([1.0])
