"""How answers about assigned value, sigma_pt, scores and grades are compared with those of pt.json."""

from collections.abc import Collection
from typing import Any

import numpy as np
from checks import close
from entries import Entry

from fairlot.proficiency import (
    E_N_GRADING,
    Z_GRADING,
    e_n,
    grade,
    grade_e_z,
    mean_sd,
    z,
    z_prime,
    zeta,
)

IN_CHINESE = Z_GRADING.labelled("满意", "可疑", "不满意")

METHODS = {
    "weighted_mean": "weighted_mean",
    "metRology_dsl": "dersimonian_laird",
    "metafor_DL": "dersimonian_laird",
    "metRology_mpaule": "mandel_paule",
    "metafor_PM": "mandel_paule",
    "metafor_EB": "mandel_paule",
    "metRology_reml": "reml",
    "metafor_REML": "reml",
}
"""Estimator of the file -> our method; empirical Bayes is Mandel-Paule (Viechtbauer 2005)."""

NOT_OFFERED = {
    "metRology_MM": "a robust location with stated uncertainties; outlying experts are looked into",
    "metRology_huber": "a robust location with stated uncertainties; outlying experts are looked into",
    "metafor_ML": "its tau^2 is too small for few laboratories, which REML mends (Viechtbauer 2005)",
    "metafor_HE": "Hedges-Olkin wants equal uncertainties to be efficient; Mandel-Paule does not",
    "metafor_HS": "Hunter-Schmidt's tau^2 is too small for few laboratories (Viechtbauer 2005)",
    "metafor_SJ": "Sidik-Jonkman's tau^2 is above 0 also where the uncertainties explain the spread",
    "metafor_DL_knha": "Knapp-Hartung's uncertainty may be below that of the stated uncertainties",
    "msd": "median scaled differences are of each laboratory, not of a consensus",
    "pmsd_upper": "median scaled differences are of each laboratory, not of a consensus",
    "I2": "a share of variance, not used for a value or its uncertainty",
}
"""Estimators and figures of the file that we do not have, and why."""


def consensus(function: Any, entry: Entry) -> None:
    inputs, tol = entry.given["inputs"], entry.given["tol"]
    asked = _offered(entry.want, METHODS)
    for estimator in asked:
        found = function(inputs["x"], inputs["u"], method=METHODS[estimator])
        ours = {"mu": found.x_pt, "u": found.u_char, "chi2": found.q, "Q": found.q,
                "tau2": found.tau**2, "Qp": found.p_value}  # fmt: skip
        width = tol.get("loose", {}).get(estimator, tol["value"])
        figures = entry.want[estimator]
        for key in _offered(figures, ours):
            close(ours[key], figures[key], {**tol, "value": width}, f"{estimator} {key}")


def _offered(asked: Collection[str], ours: Collection[str]) -> list[str]:
    """Return what is asked of that which we have; refuse what is in neither of our lists."""
    assert set(asked) <= {*ours, *NOT_OFFERED}, f"unknown: {set(asked) - {*ours, *NOT_OFFERED}}"
    found = [name for name in asked if name in ours]
    assert found
    return found


def u_negligible(function: Any, entry: Entry) -> None:
    inputs = entry.given["inputs"]
    for rule, want in entry.want.items():
        strict = {"iso2022_strict_lt": True, "iso2005_le": False}[rule]
        found = function(inputs["u_xpt"], sigma_pt=inputs["sigma_pt"], strict=strict)
        assert found.tolist() == want, rule


def scores(function: Any, entry: Entry) -> None:
    it = entry.given["inputs"]
    ours = {
        "z": function([it["x"]], it["x_pt"], it["sigma_pt"]),
        "z_prime": z_prime([it["x"]], it["x_pt"], it["sigma_pt"], it["u_xpt"]),
        "zeta": zeta([it["x"]], it["x_pt"], [it["u_x"]], it["u_xpt"]),
        "En": e_n([it["x"]], it["x_pt"], [it["U_x"]], it["U_xpt"]),
    }
    found = {name: score.value[0] for name, score in ours.items()}
    for name, score in ours.items():
        found[f"{name}_grade"] = grade(score, E_N_GRADING if name == "En" else Z_GRADING).labels[0]
    _same(entry, found)


def ez_score(function: Any, entry: Entry) -> None:
    it = entry.given["inputs"]
    both = function([it["x"]], it["x_pt"], [it["U_x"]], it["U_xpt"])
    _same(entry, {
        "Ez_minus": both.minus.value[0],
        "Ez_plus": both.plus.value[0],
        "grade": grade_e_z(both).labels[0],
    })  # fmt: skip


def niqr_z_grade(function: Any, entry: Entry) -> None:
    """Scores of a value that the expected names hold: z_of_6.2 and grade_of_6.2."""
    inputs = entry.given["inputs"]
    found = function(
        inputs["x"],
        quartiles="type6" if "type 6" in inputs["quartile"] else "type7",
        edition="iso2022" if "0.7413" in inputs["scale"] else "exact",
    )
    ours = {"median": found.x_star, "nIQR": found.s_star}
    quartiles = np.quantile(
        inputs["x"], [0.25, 0.75], method="weibull" if "type 6" in inputs["quartile"] else "linear"
    )
    ours |= {"Q1": quartiles[0], "Q3": quartiles[1], "IQR": quartiles[1] - quartiles[0]}
    for name in entry.want:
        kind, _, value = name.partition("_of_")
        if value:
            score = z([value], found.x_star, found.s_star)
            ours[name] = score.value[0] if kind == "z" else grade(score, IN_CHINESE).labels[0]
    _same(entry, ours)


def classical_peer(function: Any, entry: Entry) -> None:
    x = entry.given["inputs"]["x"]
    found = mean_sd(x)
    _same(entry, {"z": function(x, found.x_star, found.s_star).value})


def combined(function: Any, entry: Entry) -> None:
    found = function(entry.given["inputs"]["z"])
    _same(entry, {
        "RSZ": found.rsz, "SSZ": found.ssz, "SSZ_p_chi2": found.ssz_p, "RLP": found.rlp,
        "mean_abs": found.mean_abs,
    })  # fmt: skip


def j(function: Any, entry: Entry) -> None:
    _same(entry, {"j": function(entry.given["inputs"]["z"])})


def grades(function: Any, entry: Entry) -> None:
    _same(entry, {"grade": function(entry.given["inputs"]["z"], IN_CHINESE).labels})


def horwitz(function: Any, entry: Entry) -> None:
    c = np.array(entry.given["inputs"]["c_mass_fraction"])
    sigma = function(c).sigma_pt
    in_mg = function(c * 1e6, per_unit="1e-6").sigma_pt
    _same(entry, {"sigma": sigma, "sigma_mg_per_kg": in_mg, "rsd_percent": 100 * sigma / c})


def precision(function: Any, entry: Entry) -> None:
    """sigma_L is what is left of the reproducibility when replicates without number are averaged."""
    it = entry.given["inputs"]
    found = function(it["sigma_R"], it["sigma_r"], it["m"])
    many = function(it["sigma_R"], it["sigma_r"], 10**9)
    _same(entry, {"sigma_pt": found.sigma_pt, "sigma_L": many.sigma_pt})


def _same(entry: Entry, ours: dict[str, Any]) -> None:
    assert entry.want
    for name, want in entry.want.items():
        close(ours[name], want, entry.given["tol"], name)
