"""How our estimators from differences, Hampel's location and the modes are compared with pt.json."""

from typing import Any

import numpy as np
from checks import close
from entries import Entry

from fairlot.proficiency.qn import CONSTANTS

EDITIONS = {
    "exact": "robustbase",
    "robustbase": "robustbase",
    "iso": "amd1_2026",
    "iso_amd1": "amd1_2026",
    "iso_2022": "iso2022",
}


def qn(function: Any, entry: Entry) -> None:
    """R's qn0 truncates the differences it tries to single precision, and answers with one of them
    where it happens to stop there: then ours is truncated too."""
    given, tol = entry.given["inputs"], entry.given["tol"]
    edition = EDITIONS[given["constants"]]
    got = function(given["x"], edition=edition)
    constant = CONSTANTS[edition].factor
    ours = {"qn": got.factor, "qn_no_finite_sample_correction": constant}
    truncated = float(np.float32(got.difference)) if edition == "robustbase" else got.difference
    for name, want in entry.want.items():
        tried = (ours[name] * got.difference, ours[name] * truncated)
        close(min(tried, key=lambda value: abs(value - want)), want, tol, name)


def sn(function: Any, entry: Entry) -> None:
    got = function(entry.given["inputs"]["x"])
    for name, want in entry.want.items():
        close({"sn": got.s_star}[name], want, entry.given["tol"], name)


def hampel(function: Any, entry: Entry) -> None:
    got = function(entry.given["inputs"]["x"])
    ours = {"x_star": got.x_star, "s_star": got.s_star, "u_xpt_1.25": got.u_xpt}
    for name, want in entry.want.items():
        close(ours[name], want, entry.given["tol"], name, abs(entry.want["s_star"]))


def kde_modes(function: Any, entry: Entry) -> None:
    given = entry.given["inputs"]
    assert given["kernel"] == "gaussian"
    got = function(given["x"], h=given["h"])
    ours = {"n_modes": got.n_modes, "modes": got.modes, "density_at_modes": got.densities,
            "global_mode": got.mode}  # fmt: skip
    for name, want in entry.want.items():
        scale = max(want) if name == "density_at_modes" else given["h"]
        close(ours[name], want, entry.given["tol"], name, scale)
