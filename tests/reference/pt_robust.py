"""How our simple and Huber-type estimators are compared with pt.json."""

from functools import partial
from typing import Any

from checks import close
from entries import Entry

from fairlot.proficiency import mad_e
from fairlot.proficiency.mad_e import MAD_FACTOR
from fairlot.proficiency.n_iqr import IQR_FACTOR

EDITIONS = {"exact": "exact", "iso": "iso2022", "iso_table_C1": "iso2022"}
STOPS = {"converged": "converged", "iso2022_third_significant_figure": "third_figure"}


def simple(function: Any, entry: Entry) -> None:
    """A key of a scale names its constant, which may be one that no edition has: 1.4826."""
    got = function(entry.given["inputs"]["x"])
    for name, want in entry.want.items():
        close(_simple(got, name), want, entry.given["tol"], name)


def _simple(got: Any, name: str) -> float:
    kind, _, constant = name.partition("_")
    if kind == "MADe":
        return float(got.mad_e / MAD_FACTOR["exact"] * float(constant))
    if kind == "nIQR":
        constant, _, rule = constant.partition("_quartile_")
        return float(getattr(got, f"n_iqr_{rule}") / IQR_FACTOR["exact"] * float(constant))
    return float(getattr(got, {"n": "p", "sd_ddof1": "sd"}.get(name, name)))


def algorithm_a(function: Any, entry: Entry) -> None:
    inputs, tol = entry.given["inputs"], entry.given["tol"]
    edition, stop = EDITIONS[inputs["constants"]], STOPS[inputs["stop"]]
    got = function(inputs["x"], edition=edition, stop=stop)
    ours = {"u_xpt_1.25": "u_xpt", "degenerate": "no_scale"}
    assert got.converged
    for name, want in entry.want.items():
        if name == "iterations":
            assert got.iterations == want
        else:
            close(getattr(got, ours.get(name, name)), want, tol, name, abs(entry.want["s_star"]))


def algorithm_s(function: Any, entry: Entry) -> None:
    """The file gives the repeatability deviation as w_star."""
    given, tol = entry.given["inputs"], entry.given["tol"]
    edition = EDITIONS[given["constants"]]
    got = function(given["w"], given["nu"], ranges=given["is_range_of_2"], edition=edition)
    for name, want in entry.want.items():
        close(getattr(got, "s_r" if name == "w_star" else name), want, tol, name)


def huber(function: Any, entry: Entry) -> None:
    """The scale is R's: MAD with 1.4826."""
    x, k = entry.given["inputs"]["x"], entry.given["inputs"]["k"]
    constant = float(entry.given["inputs"]["scale"].removeprefix("MAD*").split()[0])
    got = function(x, k=k, scale=mad_e(x).s_star / MAD_FACTOR["exact"] * constant)
    check = partial(close, tol=entry.given["tol"], scale=entry.want["s"])
    check(got.x_star, entry.want["mu"], name="mu")
    check(got.s_star, entry.want["s"], name="s")


def censored(function: Any, entry: Entry) -> None:
    inputs = entry.given["inputs"]
    assert inputs["censoring"] == "left"
    got = function(inputs["value_or_limit"], [not seen for seen in inputs["observed"]])
    assert got.converged
    for name, want in entry.want.items():
        close(getattr(got, name), want, entry.given["tol"], name)
