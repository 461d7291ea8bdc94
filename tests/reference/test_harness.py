"""The harness itself: it leaves nothing out, believes no stale mark, and reads any such folder."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import argued
import checks
import numpy as np
import pt_scores
import pytest
import sampling_checks as sampled
import table
from entries import FILES, FOLDER, Entry, entries

ANY = Entry("pt", "qn", "some.case", {"origin": "own_reading"}, {}, None)


def read(file):
    return json.loads((FOLDER / f"{file}.json").read_bytes())


def write(folder, file, data):
    (folder / f"{file}.json").write_text(json.dumps(data), encoding="utf-8")


def trimmed(file):
    """One entry of each kind, under another name."""
    data = read(file)
    if file == "sampling":
        return {**data, **{part: {"another": next(iter(data[part].values()))}
                           for part in ("pik", "sizes")}}  # fmt: skip
    if file == "pt":
        return {**data, "cases": [{**data["cases"][-1], "id": "another"}]}
    if file == "assignment":
        return {**data, "instances": [{**case, "id": "another"} for case in data["instances"][-1:]]}
    return {key: value[-1:] if isinstance(value, list) else value for key, value in data.items()}


def test_another_folder_runs_unchanged(tmp_path):
    for file in FILES:
        write(tmp_path, file, trimmed(file))
    here = Path(__file__).with_name("test_references.py")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", str(here)],
        env={**os.environ, "FAIRLOT_REFERENCES": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    want = sum(len(entries(file, tmp_path)) for file in FILES)
    assert run.stdout.count("test_entry[") == want
    assert "sampling-another-1-inclusion_probabilities_exact" in run.stdout


def planted(file):
    """A file with one group that the table has not heard of, deep in it."""
    data = trimmed(file)
    if file == "sampling":
        case = next(iter(data["sizes"]["another"]["by_n"].values()))
        case["joint"] = {"exact": {"astrology": [[1]]}}
    elif file == "pt":
        data["cases"][0]["fn"] = "astrology"
    elif file == "proof":
        data["merkle_proofs"]["astrology"] = [{}]
    else:
        data["instances"][0]["answer"]["astrology"] = 7
    return data


@pytest.mark.parametrize("file", FILES)
def test_a_group_without_a_row_is_an_error(file, tmp_path):
    write(tmp_path, file, planted(file))
    unknown = []
    for entry in entries(file, tmp_path):
        try:
            table.row_of(entry.file, entry.group)
        except LookupError as error:
            unknown.append(str(error))
    assert len(unknown) == 1
    assert "astrology" in unknown[0]


def test_a_rule_without_a_row_is_an_error(tmp_path):
    data = trimmed("assignment")
    data["instances"][0]["rules"]["astrology"] = True
    write(tmp_path, "assignment", data)
    with pytest.raises(LookupError, match="no row for the group 'astrology'"):
        [table.missing(entry) for entry in entries("assignment", tmp_path)]


def test_a_file_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        entries("pt", tmp_path)


@pytest.mark.parametrize("function", sorted({row.function for row in table.TABLE.values()} - {""}))
def test_a_mark_says_what_is(function):
    """What is marked unbuilt does not exist, what is not marked does."""
    marks = {
        row.unbuilt
        for (file, _), row in table.TABLE.items()
        if row.function == function and file != "needs"
    }
    assert marks == {not table.exists(function)}


def test_a_stale_mark_is_found(monkeypatch):
    stale = replace(table.TABLE["proof", "unicode"], unbuilt=True)
    monkeypatch.setitem(table.TABLE, ("proof", "unicode"), stale)
    with pytest.raises(AssertionError):
        test_a_mark_says_what_is(stale.function)


def test_what_is_not_built_is_named(monkeypatch):
    wish = table.Row("fairlot.proficiency.wish", checks.unwritten, unbuilt=True)
    monkeypatch.setitem(table.TABLE, ("pt", "wish"), wish)
    assert table.missing(replace(ANY, group="wish")) == "fairlot.proficiency.wish"
    built = Entry("sampling", "joint exact cps", "", {}, [], None)
    assert table.missing(built) == ""
    with pytest.raises(table.NotBuilt):
        table.resolve("fairlot.sampling.inclusion_probabilities(wishes)")
    with pytest.raises(table.NotBuilt):
        table.resolve("fairlot.sampling.codes")  # a module


def test_a_broken_import_is_not_taken_for_unbuilt(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError("no numba", name="numba")

    monkeypatch.setattr(table, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="no numba"):
        table.exists("fairlot.sampling.pareto")


GOOD = '["some.case"]\nreason = "resets on zero"\nsource = "ISO 13528, 11.4"'


def test_an_argument_names_reason_and_source():
    told = argued.read_argued(GOOD)
    assert argued.argument(ANY, told) == "resets on zero (ISO 13528, 11.4)"
    assert argued.argument(replace(ANY, name="other"), told) == ""
    with pytest.raises(ValueError, match="want reason and source"):
        argued.read_argued('["some.case"]\nreason = "because"')
    with pytest.raises(ValueError, match="is not an own_reading"):
        argued.argument(replace(ANY, given={"origin": "published_number"}), told)


@pytest.mark.parametrize(
    ("got", "want", "kind", "value", "holds"),
    [
        (1.0 + 9e-7, 1.0, "rel", 1e-6, True),
        (1.0 + 2e-6, 1.0, "rel", 1e-6, False),
        (-2.0, 2.0, "rel", 1e-6, False),
        (float("nan"), 1.0, "rel", 1e-6, False),
        (0.49, 0.5, "abs", 0.011, True),
        (0.48, 0.5, "abs", 0.011, False),
        (1.0 + 1.5e-6, 1.0, "rel_scale", 1e-6, True),
        (0.5, 0.4, "abs_per_key", {"k": 0.2}, True),
        (0.5, 0.2, "abs_per_key", {"k": 0.2}, False),
        (float("inf"), None, "rel", 1e-6, True),
        (1.0, None, "rel", 1e-6, False),
        ([1, 2], [1, 2], "exact", 0, True),
        ([1, 2, 3], [1, 2], "exact", 0, False),
        ("满意", "可疑", "abs", 9, False),
        ({"a": 1.0}, {"a": 2.0}, "abs", 0.5, False),
    ],
)
def test_tolerances(got, want, kind, value, holds):
    def compare():
        checks.close(got, want, {"type": kind, "value": value}, "k", scale=2.0)

    if holds:
        compare()
    else:
        with pytest.raises(AssertionError):
            compare()


def test_named_results_are_compared():
    entry = replace(
        ANY,
        given={"inputs": {"x": [1.0, 3.0]}, "tol": {"type": "rel", "value": 1e-9}},
        want={"mean": 2.0},
    )
    checks.by_name(lambda x: SimpleNamespace(mean=sum(x) / 2), entry)
    with pytest.raises(AssertionError, match="mean"):
        checks.by_name(lambda x: SimpleNamespace(mean=sum(x)), entry)


# Order sampling and Poisson sampling read literally: the checks of designs that are to come ask
# for the right thing.
KEYS = {
    "sps": lambda u, p: u / p,
    "pareto": lambda u, p: u / (1 - u) / (p / (1 - p)),
    "successive": lambda u, p: np.log1p(-u) / np.log1p(-p),
}


def order_sample(key):
    def design(pi, *, rng):
        u, n = rng.random(len(pi)), round(sum(pi))
        with np.errstate(divide="ignore", invalid="ignore"):
            keys = np.where(pi == 1, -np.inf, np.where(pi == 0, np.inf, key(u, pi)))
        return SimpleNamespace(index=np.sort(np.argsort(keys, kind="stable")[:n]))

    return design


def poisson_sample(pi, *, rng):
    return SimpleNamespace(index=np.flatnonzero(rng.random(len(pi)) < pi))


DRAWS = [e for e in entries("sampling") if e.group.startswith("R draw_")]


@pytest.mark.parametrize("entry", DRAWS, ids=lambda entry: entry.id)
def test_the_drawn_units_of_r_are_the_literal_ones(entry):
    method = entry.group.split("_")[1]
    design = poisson_sample if method == "ps" else order_sample(KEYS[method])
    sampled.draw(design, entry)


def highest_averages(sizes, n, *, method, lower, upper):
    """Seat after seat to the stratum with the largest quotient (D'Hondt, Webster)."""
    step = {"dhondt": lambda seats: seats + 1, "webster": lambda seats: 2 * seats + 1}[method]
    seats = [min(lower, most) for most in upper]
    while sum(seats) < n:
        quotient = [
            size / step(had) if had < most else -1
            for size, had, most in zip(sizes, seats, upper, strict=True)
        ]
        seats[quotient.index(max(quotient))] += 1
    return seats


ALLOCATIONS = [e for e in entries("sampling") if e.group.startswith("R prop_allocation")]


@pytest.mark.parametrize("entry", ALLOCATIONS, ids=lambda entry: entry.id)
def test_the_allocations_of_r_are_the_literal_ones(entry):
    sampled.allocation(highest_averages, entry)


def test_an_estimator_that_no_list_knows_fails():
    want = {"weighted_mean": {"mu": 1.0}, "metafor_ML": {"mu": 2.0}}
    assert pt_scores._offered(want, pt_scores.METHODS) == ["weighted_mean"]
    with pytest.raises(AssertionError, match="unknown: {'metafor_new'}"):
        pt_scores._offered({**want, "metafor_new": {}}, pt_scores.METHODS)
    with pytest.raises(AssertionError):
        pt_scores._offered({"metafor_ML": {}}, pt_scores.METHODS)
