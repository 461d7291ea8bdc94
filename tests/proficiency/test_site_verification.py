"""The method page: its code runs, its fields are all of them, its draw is what it says."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot.proficiency.terms import (
    Followup,
    GradeTerms,
    Measurand,
    Sigma,
    Terms,
    Value,
    VerdictTerms,
)
from fairlot.public.stream import Stream
from fairlot.registers.results import COLUMNS
from fairlot.sampling import srs, stratified

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/proficiency.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """What the examples of the page leave behind."""
    scope: dict[str, Any] = {}
    for part in PAGE.split("```python\n")[1:]:
        code = part.split("```")[0].replace('"examples/', f'"{ROOT.as_posix()}/examples/')
        exec(code, scope)
    return scope


def test_the_examples_run(page):
    assert len(page["sheets"]["scores"]) == len(page["found"].results) == 38 * 26 + 8
    assert len(page["visited"]) == 10


@pytest.mark.parametrize(
    "part", [Followup, GradeTerms, Measurand, Sigma, Terms, Value, VerdictTerms]
)
def test_every_field_of_a_scheme_is_explained(part):
    named = set(re.findall(r"[a-z_A-Z]+", " ".join(re.findall(r"`+([^`]+)`+", PAGE))))
    assert set(part.model_fields) - named == set()


def test_every_column_and_header_of_the_results_is_listed():
    headers = [name for column in COLUMNS for name in (f"`{column.name}`", *column.zh)]
    latin = re.compile(r"[A-Za-z_() 0-9]+")
    assert [h for h in headers if h not in PAGE and not latin.fullmatch(h)] == []


def test_the_stated_probabilities_are_those_of_the_draw(page):
    frame, pi, n = page["frame"], page["pi"], page["n"]
    assert pi.sum() == pytest.approx(10)
    assert (pi > 0).all()
    assert dict(pi.groupby(frame["stratum"]).sum().round(9)) == dict(
        zip(page["sizes"].index, n, strict=True)
    )
    # The share of draws that take each of 38 laboratories: 4.5 standard errors, one false alarm in
    # some 3,800 such tests.
    draw, rng, reps = stratified(srs, frame["stratum"]), np.random.default_rng(7), 5_000
    taken = np.zeros(len(frame))
    for _ in range(reps):
        taken[draw(pi, rng=rng).index] += 1
    error = np.sqrt(pi * (1 - pi) / reps)
    assert (np.abs(taken / reps - pi) <= 4.5 * error + 1e-12).all()


@given(st.binary(min_size=64, max_size=64))
def test_the_public_stream_draws_as_many_of_each_stratum(page, key):
    frame, pi = page["frame"], page["pi"]
    draw = stratified(srs, frame["stratum"])
    sample = draw(pi, rng=Stream(key))
    drawn = frame["stratum"].iloc[sample.index].value_counts().sort_index()
    assert drawn.to_dict() == {
        k: v for k, v in zip(page["sizes"].index, page["n"], strict=True) if v
    }
    assert (draw(pi, rng=Stream(key)).index == sample.index).all()
