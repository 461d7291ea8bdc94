"""How answers about material, outliers and precision are compared with those of pt.json."""

import re
from typing import Any

import numpy as np
from checks import close
from entries import Entry

from fairlot.proficiency import Batch


def homogeneity(function: Any, entry: Entry) -> None:
    found = function(entry.given["inputs"]["data"], sigma_pt=entry.given["inputs"]["sigma_pt"])
    _same(entry, {
        "mean": found.mean,
        "s_x": found.s_x,
        "s_w": found.s_w,
        "s_s": found.s_s,
        "s_s2_raw": found.s_s2_raw,
        "sigma_pt": entry.given["inputs"]["sigma_pt"],
        "crit": found.limit,
        "crit_expanded": found.limit_expanded,
        "F1": found.f1,
        "F2": found.f2,
        "MS_between": found.anova.ms_between,
        "MS_within": found.anova.ms_within,
        "F": found.anova.f,
        "p": found.anova.p_value,
        "F_crit_5pct": found.anova.f_critical,
        "cochran_C": found.cochran.c,
        "cochran_crit_5pct": found.cochran.critical_5,
        "cochran_crit_1pct": found.cochran.critical_1,
        "pass_basic": found.sufficient,
        "pass_expanded": found.sufficient_expanded,
    })  # fmt: skip


def expanded_factors(function: Any, entry: Entry) -> None:
    f1, f2 = function(**entry.given["inputs"])
    _same(entry, {"F1": f1, "F2": f2})


def stability(function: Any, entry: Entry) -> None:
    inputs = dict(entry.given["inputs"])
    y1, y2 = (inputs.pop(key) if (key := f"y{i}") in inputs else inputs.pop(f"y{i}_mean")
              for i in (1, 2))  # fmt: skip
    found = function(y1, y2, **inputs)
    _same(entry, {**vars(found)})


def grubbs(function: Any, entry: Entry) -> None:
    found = function(entry.given["inputs"]["x"])
    on_side = found.u_high if found.high else found.u_low
    _same(entry, {"G_max_dev": found.g, "U_two_on_max_dev_side": on_side})


def dixon(function: Any, entry: Entry) -> None:
    found = function(entry.given["inputs"]["x"])
    _same(entry, {"Q": found.q, "suspect": "high" if found.high else "low"})


def mandel(function: Any, entry: Entry) -> None:
    inputs = entry.given["inputs"]
    found = function(Batch.by(inputs["y"], inputs["lab"]))
    places = [found.labels.index(label) for label in entry.want["labs"]]
    _same(entry, {"labs": entry.want["labs"], "h": found.h[places], "k": found.k[places]})


def critical(function: Any, entry: Entry) -> None:
    """The level stands in the name of the answer: p95, two_sided_5pct, p99_two_sided."""
    sizes = entry.given["inputs"]
    given = [sizes[key] for key in ("k", "g", "n") if key in sizes]
    for name, want in entry.want.items():
        percent = float(re.search(r"(\d+(\.\d+)?)pct", name)[1]) if "pct" in name else (
            100 - float(name.split("_")[0].lstrip("p")))  # fmt: skip
        side = {"two_sided": False} if name.startswith("one_sided") else {}
        close(function(*given, percent / 100, **side), want, entry.given["tol"], name)


def _same(entry: Entry, answers: dict[str, Any]) -> None:
    for name, want in entry.want.items():
        got = answers[name]
        close(got.tolist() if isinstance(got, np.ndarray) else got, want, entry.given["tol"], name)
