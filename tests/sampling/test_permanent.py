import hmac
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from counted_draws import FALSE_ALARM
from scipy.stats import kstest
from small_vectors import lognormal_pi

from fairlot._base.chance import as_chance
from fairlot._base.errors import InvalidInput
from fairlot.sampling.order import pareto
from fairlot.sampling.overlap import overlap
from fairlot.sampling.permanent import PermanentNumbers
from fairlot.sampling.poisson import poisson
from fairlot.sampling.srs import srs
from fairlot.sampling.stratified import stratified
from fairlot.sampling.systematic import random_systematic, systematic

KEY = b"0123456789abcdef"
IDS = [f"SH-{i:05}" for i in range(200)]


def first(numbers):
    return numbers.chance().random(len(numbers))


def test_the_numbers_are_what_the_text_says():
    for k in (0, 3, 5):
        block, word = divmod(k, 4)
        digest = hmac.digest(KEY, block.to_bytes(8, "big") + b"SH-00007", "sha256")
        want = int.from_bytes(digest[8 * word : 8 * word + 8], "big")
        assert int(PermanentNumbers(IDS, KEY).column(k)[7]) == want
        if k == 0:
            assert first(PermanentNumbers(IDS, KEY))[7] == (want >> 11) * 2.0**-53


def test_every_draw_begins_with_the_first_column():
    numbers = PermanentNumbers(IDS, KEY)
    pi = np.full(200, 0.25)
    assert (srs(pi, rng=numbers).index == srs(pi, rng=numbers).index).all()
    chance = as_chance(numbers)
    assert (chance.random(200) != chance.random(200)).all()


def test_order_of_rows_births_and_deaths_change_nothing():
    numbers = PermanentNumbers(IDS, KEY)
    other = PermanentNumbers([*IDS[:50:-1], "new"], KEY)
    assert (first(other)[:-1] == first(numbers)[:50:-1]).all()
    assert (first(PermanentNumbers(IDS, b"another key")) != first(numbers)).all()


def test_the_canonical_id_counts():
    assert first(PermanentNumbers(["ＳＨ－１"], KEY)) == first(PermanentNumbers(["SH-1"], KEY))


def test_they_look_uniform():
    for numbers in (PermanentNumbers(IDS, KEY), PermanentNumbers(IDS, KEY).flipped()):
        assert kstest(first(numbers), "uniform").pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a", "b", "a"], "ids[2] and ids[0] are both 'a'; want distinct ids"),
        (["a", "ａ"], "ids[1] and ids[0] are both 'a'; want distinct ids"),
        ([], "ids is empty; want at least one id"),
        (["a", "b c"], "ids[1]: id 'b c' is not 1 to 64 characters"),
        (["a", 7], "ids[1] is 7; want text"),
    ],
)
def test_bad_ids_are_refused(ids, message):
    with pytest.raises(InvalidInput) as refusal:
        PermanentNumbers(ids, KEY)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(("key", "got"), [(b"", "b''"), ("text", "str"), (None, "NoneType")])
def test_a_key_is_bytes(key, got):
    with pytest.raises(InvalidInput, match=f"key is {got}; want at least one byte"):
        PermanentNumbers(IDS, key)


def test_the_key_is_not_shown():
    assert repr(PermanentNumbers(IDS, KEY)) == "<PermanentNumbers of 200 ids>"


@pytest.mark.parametrize("units", [2, 199, 201, 400])
def test_another_frame_than_that_of_the_ids_is_refused(units):
    with pytest.raises(
        InvalidInput, match=f"asked for {units} numbers, .* there are 200 ids"
    ) as no:
        poisson(np.full(units, 0.5), rng=PermanentNumbers(IDS, KEY))
    assert "编号共 200 个" in no.value.text("zh")


def test_a_single_number_is_that_of_the_first_id():
    numbers = PermanentNumbers(IDS, KEY)
    assert numbers.chance().words(1).tolist() == [numbers.column(0)[0]]
    assert len(systematic(np.full(200, 0.25), rng=numbers)) == 50


@pytest.fixture
def many_switches():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("many_switches")
def test_threads_that_share_numbers_get_the_right_columns():
    """Turned copies share what is hashed; columns 0, 4 and 8 are of different blocks."""
    want = [PermanentNumbers(IDS, KEY).column(k) for k in (0, 4, 8)]
    for _ in range(40):
        numbers = PermanentNumbers(IDS, KEY)
        start = Barrier(3)

        def column(k, numbers=numbers, start=start):
            start.wait()
            return numbers.shifted(np.ones(200)).column(k)

        with ThreadPoolExecutor(3) as threads:
            np.testing.assert_array_equal(list(threads.map(column, (0, 4, 8))), want)


def test_turning_changes_a_copy_only():
    numbers, pi = PermanentNumbers(IDS, KEY), np.full(200, 0.25)
    before = numbers.column(0)
    for other in (numbers.shifted(pi), numbers.flipped(), numbers.for_ids(IDS).shifted(pi)):
        assert (other.column(0) != before).all()
    np.testing.assert_array_equal(numbers.column(0), before)


def test_a_shift_turns_the_circle():
    numbers, pi = PermanentNumbers(IDS, KEY), np.linspace(0, 1, 200)
    shifted = (first(numbers) - pi) % 1
    distance = np.abs(first(numbers.shifted(pi)) - shifted)
    assert np.minimum(distance, 1 - distance).max() < 2**-52
    assert first(numbers.shifted(pi))[-1] == first(numbers)[-1]
    back = numbers.shifted(pi).shifted(1 - pi)
    distance = np.abs(first(back) - first(numbers))
    assert np.minimum(distance, 1 - distance).max() < 2**-52


def test_a_flip_mirrors_and_a_second_one_undoes_it():
    numbers, pi = PermanentNumbers(IDS, KEY), np.full(200, 0.25)
    assert (first(numbers.flipped()) == 1 - 2**-53 - first(numbers)).all()
    for one in (numbers, numbers.shifted(pi)):
        assert (one.flipped().flipped().column(0) == one.column(0)).all()
        assert (one.flipped().column(2) == ~one.column(2)).all()


def test_another_frame_keeps_shifts():
    pi = np.full(200, 0.25)
    numbers = PermanentNumbers(IDS, KEY).shifted(pi).flipped()
    other = numbers.for_ids(["new", *IDS[:49:-1]])
    assert (other.column(1)[1:] == numbers.column(1)[:49:-1]).all()
    assert other.column(1)[0] == ~PermanentNumbers(["new"], KEY).column(1)[0]


def test_a_shift_needs_one_probability_per_id():
    with pytest.raises(InvalidInput, match="pi has 3 entries for 200 units"):
        PermanentNumbers(IDS, KEY).shifted([0.5] * 3)


def test_strata_use_the_numbers_of_their_own_units():
    numbers, pi = PermanentNumbers(IDS, KEY), np.full(200, 0.2)
    strata = np.arange(200) % 4
    lifted = stratified(srs, strata)(pi, rng=numbers)
    own = PermanentNumbers([id for id, k in zip(IDS, strata, strict=True) if k == 2], KEY)
    assert (lifted.index[lifted.index % 4 == 2] == 4 * srs(pi[:50], rng=own).index + 2).all()
    assert len(stratified(random_systematic, strata)(pi, rng=numbers)) == 40


def test_seven_years_of_unit_shifts():
    """N = 20,000, n = 3,000: who has 7 pi <= 1 is not drawn twice, or hardly ever; overlap falls."""
    units, n, years = 20_000, 3_000, 7
    pi = lognormal_pi(units, n)
    small = years * pi <= 1
    twice, shares = {}, {}
    for name, design, kept in [
        ("fresh", poisson, False),
        ("poisson", poisson, True),
        ("pareto", pareto, True),
    ]:
        numbers = PermanentNumbers(map(str, range(units)), KEY)
        generator = np.random.default_rng(1)
        samples = []
        for _ in range(years):
            samples.append(design(pi, rng=numbers if kept else generator))
            numbers = numbers.shifted(pi)
        times = np.bincount(np.concatenate([sample.index for sample in samples]), minlength=units)
        twice[name] = int((times[small] > 1).sum())
        shares[name] = overlap(*samples[-2:]).share
    assert twice["poisson"] == 0
    assert twice["pareto"] < 100 < 1000 < twice["fresh"]
    together = overlap(*samples[-2:])
    assert shares["fresh"] == pytest.approx(together.independent / n, abs=0.04)
    assert shares["poisson"] == pytest.approx(together.negative / n, abs=0.02)
    assert shares["pareto"] == pytest.approx(together.negative / n, abs=0.02)
