"""An audit finds the designs that do not keep their promise, and lets the others pass."""

import numpy as np
import pytest

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import PermanentNumbers, Sample, audit_design, pareto, poisson

PI = np.array([0.07, 0.17, 0.41, 0.61, 0.83, 0.91])


def generator():
    return np.random.default_rng(4)


def weighted_choice(pi, *, rng):
    """What many use: NumPy's weighted choice without replacement."""
    index = np.sort(rng.choice(pi.size, 3, replace=False, p=pi / pi.sum()))
    return Sample(index, pi, "choice/0")


def test_a_right_design_passes():
    audit = audit_design(poisson, PI, 2000, generator())
    assert audit.false_alarm > 1e-3
    assert audit.frequency == pytest.approx(PI, abs=0.06)
    assert (audit.design, audit.reps) == ("poisson/1", 2000)


def test_a_weighted_choice_is_found_out():
    """It misses the stated probabilities by .12."""
    audit = audit_design(weighted_choice, PI, 2000, generator())
    assert audit.false_alarm < 1e-20
    assert abs(audit.deviation) > 0.09
    assert f"largest deviation is that of unit {audit.unit}" in str(audit)
    assert f"偏差最大的是单位 {audit.unit}" in audit.text("zh")


def test_an_approximate_design_passes_against_its_exact_probabilities_only():
    from fairlot.sampling import order_inclusion_probabilities

    exact = order_inclusion_probabilities(PI, design="pareto")
    draws = 40_000 if audit_is_quick() else 4000
    assert audit_design(pareto, PI, draws, generator(), expected=exact).false_alarm > 1e-4
    if audit_is_quick():
        assert audit_design(pareto, PI, draws, generator()).false_alarm < 1e-6


def audit_is_quick():
    import numba

    return not numba.config.DISABLE_JIT


def test_a_unit_that_must_not_come_makes_certain_alarm():
    audit = audit_design(
        lambda pi, *, rng: poisson(PI, rng=rng),
        PI,
        500,
        generator(),
        expected=[*PI[:3], 0, *PI[4:]],
    )
    assert audit.unit == 3
    assert audit.false_alarm == 0


def test_the_largest_deviation_is_the_least_likely_one():
    """+.009 at one half is nothing, +.004 at a thousandth is a lot."""
    hits = np.array([5, 509, 491])

    def counted(pi, *, rng):
        chosen = np.flatnonzero(hits > counted.draw)
        counted.draw += 1
        return Sample(chosen, pi, "counted/0")

    counted.draw = 0
    audit = audit_design(counted, [0.001, 0.5, 0.499], 1000, generator())
    assert (audit.unit, audit.deviation) == (0, pytest.approx(0.004))


def test_the_table_and_the_progress():
    told = []
    audit = audit_design(
        poisson, PI, 3, generator(), progress=lambda step, done, total: told.append((done, total))
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert audit.to_frame().columns.tolist() == ["pi", "frequency", "deviation"]


def test_refusals():
    with pytest.raises(InvalidInput, match="reps is 0; want a whole number of at least 1"):
        audit_design(poisson, PI, 0, generator())
    with pytest.raises(InvalidInput, match="reps is 10.5; want a whole number of at least 1"):
        audit_design(poisson, PI, 10.5, generator())
    with pytest.raises(InvalidInput, match="design is str; want a function"):
        audit_design("pareto", PI, 10, generator())
    with pytest.raises(InvalidInput, match="design returned ndarray; want a Sample") as caught:
        audit_design(lambda pi, *, rng: np.arange(2), PI, 10, generator())
    assert caught.value.text("zh") == "design 返回 ndarray，应为 Sample"
    with pytest.raises(InvalidInput, match=r"sample.pi has 2 entries for 6 units"):
        audit_design(lambda pi, *, rng: poisson([0.5, 0.5], rng=rng), PI, 10, generator())
    with pytest.raises(InvalidInput, match="gives every draw the same numbers"):
        audit_design(poisson, PI, 10, PermanentNumbers([f"S{k}" for k in range(6)], b"key"))
    with pytest.raises(InvalidInput, match="expected has 2 entries for 6 units"):
        audit_design(poisson, PI, 10, generator(), expected=[0.5, 0.5])
    assert audit_design(poisson, [0.5], 2, Given([0, 0, 0])).frequency.tolist() == [1.0]
