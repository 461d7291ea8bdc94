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
    assert "largest deviation" in str(audit)


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
        lambda pi, *, rng: poisson(PI, rng=rng), PI, 50, generator(), expected=[0.0, *PI[1:]]
    )
    assert audit.frequency[0] == 0 or audit.false_alarm == 0


def test_the_table_and_the_progress():
    told = []
    audit = audit_design(
        poisson, PI, 3, generator(), progress=lambda step, done, total: told.append((done, total))
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert audit.to_frame().columns.tolist() == ["pi", "frequency", "deviation"]


def test_refusals():
    with pytest.raises(InvalidInput, match="reps is 0; want at least 1"):
        audit_design(poisson, PI, 0, generator())
    with pytest.raises(InvalidInput, match="gives every draw the same numbers"):
        audit_design(poisson, PI, 10, PermanentNumbers([f"S{k}" for k in range(6)], b"key"))
    with pytest.raises(InvalidInput, match="expected has 2 entries for 6 units"):
        audit_design(poisson, PI, 10, generator(), expected=[0.5, 0.5])
    assert audit_design(poisson, [0.5], 2, Given([0, 0, 0])).frequency.tolist() == [1.0]
