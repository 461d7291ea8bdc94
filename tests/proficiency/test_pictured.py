"""What pictures are drawn of: Youden's ellipse, densities, repeatability, and trends."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    Scheme,
    algorithm_a,
    algorithm_s,
    density_curve,
    kde_modes,
    repeatability,
    score_round,
    trend,
    youden,
)

RNG = np.random.default_rng(10)


def test_the_ellipse_holds_the_share_that_it_promises():
    held, p = 0, 50
    for _ in range(40):
        x, y = RNG.multivariate_normal([10, 20], [[4, 3], [3, 9]], p).T
        found = youden(x, y)
        held += int(np.count_nonzero(_distance(found, x, y) <= found.radius))
    # 95 % of 2,000 (standard deviation 10); the radius is a little wide as it knows only 50
    assert 1880 <= held <= 1950


def _distance(found, x, y):
    """Return the distance from the centre in standard deviations of the correlated pair."""
    u, v = (x - found.centre[0]) / found.spread[0], (y - found.centre[1]) / found.spread[1]
    return np.sqrt((u**2 - 2 * found.rho * u * v + v**2) / (1 - found.rho**2))


def test_every_point_of_the_ellipse_is_as_far_from_the_centre():
    found = youden(*RNG.normal(size=(2, 30)) * [[1e-6], [1e6]])
    assert _distance(found, *found.ellipse()) == pytest.approx(found.radius)


def test_radius_as_by_the_distribution_of_f():
    for p in (4, 9, 38):
        found = youden(np.arange(p), np.arange(p)[::-1], share=0.99)
        assert found.radius**2 == pytest.approx(2 * (p - 1) / (p - 2) * stats.f.ppf(0.99, 2, p - 2))


@pytest.mark.parametrize("sign", [1, -1])
def test_points_on_a_line_are_correlated_wholly(sign):
    x = RNG.normal(size=20)
    found = youden(x, sign * 3 * x + 1)
    assert found.rho == pytest.approx(sign)


def test_a_wild_laboratory_does_not_turn_the_ellipse():
    x, y = RNG.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 60).T
    wild = youden([*x, 50], [*y, -50])
    assert wild.rho == pytest.approx(youden(x, y).rho, abs=0.1)


def test_equal_results_have_no_ellipse():
    assert youden([1, 1, 1, 1], [1, 2, 3, 4]).no_scale
    with pytest.raises(InvalidInput, match="p is 3"):
        youden([1, 2, 3], [1, 2, 3])


def test_the_density_is_one_in_all_and_highest_at_its_mode():
    x = RNG.normal(5, 2, 25)
    whole, _ = integrate.quad(lambda t: float(density_curve(x, [t], h=0.5)[0]), -10, 20)
    assert whole == pytest.approx(1, abs=1e-7)
    found = kde_modes(x, h=0.5)
    assert density_curve(x, found.modes, h=0.5) == pytest.approx(found.densities)


def test_repeatability_by_its_formula():
    cells = [list(RNG.normal(10, 0.3, 3)) for _ in range(8)]
    found = repeatability(cells)
    mean, s = np.mean(cells, axis=1), np.std(cells, axis=1, ddof=1)
    x_star, w_star = algorithm_a(mean).x_star, algorithm_s(s, 2).w_star
    assert found.distance == pytest.approx(
        3 * ((mean - x_star) / w_star) ** 2 + 4 * np.log(s / w_star) ** 2
    )
    assert found.beyond(0.05).tolist() == (found.distance > stats.chi2.isf(0.05, 2)).tolist()


def test_a_laboratory_on_the_limit_is_as_far_as_the_quantile():
    found = repeatability([[1.0, 1.2], [1.1, 1.2], [1.0, 1.1], [1.1, 1.3]])
    mean, s = found.limit(0.01)
    away = 2 * ((mean - found.x_star) / found.w_star) ** 2 + 2 * np.log(s / found.w_star) ** 2
    assert away == pytest.approx(stats.chi2.isf(0.01, 2))


def test_who_does_not_scatter_is_beyond_every_limit_and_without_scale_nobody_is():
    found = repeatability([[1.0, 1.2], [1.1, 1.2], [1.0, 1.1], [1.1, 1.1]])
    assert found.beyond(1e-9).tolist() == [False, False, False, True]
    flat = repeatability([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    assert flat.no_scale
    assert not flat.beyond().any()


def test_numbers_of_replicates_that_differ_are_refused():
    with pytest.raises(InvalidInput, match="1 to 2 replicates"):
        repeatability([[1.0, 1.2], [1.1], [1.0, 1.1]])


def test_a_trend_is_in_the_order_of_issue_with_gaps_where_nothing_was_scored():
    scheme = """
spec = "fairlot.pt/v1"
provider = "p"
round = "PT-NUMBER"
title = "t"
issued = 202NUMBER-06-30
[[measurands]]
name = "Pb"
value = { method = "reference", x_pt = "0.3" }
sigma = { method = "fixed", sigma_pt = "0.3" }
"""
    rounds = []
    for number, value in ((3, "0.9"), (1, "0.6"), (2, "")):
        table = pd.DataFrame({"lab": ["A", "B"], "measurand": "Pb", "value": [value, "0.3"]})
        rounds.append(score_round(table, Scheme.parse(scheme.replace("NUMBER", str(number)))))
    found = trend(rounds, "A", "Pb")
    assert found.rounds == ("PT-1", "PT-2", "PT-3")
    assert [[one.score for one in each] for each in found.results] == [[1.0], [], [2.0]]
