"""Plan, roster and people in, the same numbers out: the page against the library."""

import json
from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest
from page_worlds import one, plan_of, registers_of

from fairlot._base.errors import InvalidInput
from fairlot.assignment import probabilities
from fairlot.planning import RULES, Plan, choice, coverage, deciding, problem_of
from fairlot.planning.deciding import SCHEMAS, check_table
from fairlot.planning.quotas import quotas
from fairlot.planning.standings import standings
from fairlot.registers import example, examples
from fairlot.sampling import D, Sample, clip_probabilities, numerators

WORLDS = range(150)


def rows(frame):
    """A table as the page reads it: a list of objects."""
    return frame.to_dict(orient="records")


def refusal(work, *args, **more):
    """What ``work`` refuses, or None; and else what it gives."""
    try:
        return None, work(*args, **more)
    except InvalidInput as error:
        return error, None


def assert_same_quotas(js, plan, tables):
    told = tables.standings
    error, want = refusal(quotas, plan, told)
    refused, got = refusal(js, "plan/quotas.js", "quotas", plan.table(), rows(told))
    assert (error is None) == (refused is None), error or refused
    if error is None:
        for column in ("rule", "detail", "numerator"):
            assert got[column] == want.frame[column].tolist()
        assert got["bureaux"] == rows(want.bureaux)
        assert got["city"] == want.city
        return want
    assert refused.text("en") == error.text("en") or "weight above 0" in refused.text("en")
    return None


@pytest.mark.parametrize("seed", WORLDS)
def test_rules_and_quotas(js, seed):
    plan, registers = plan_of(seed), registers_of(seed)
    tables = deciding(plan, registers)
    told = js("plan/standings.js", "standings", plan.table(), rows(tables.sites))
    assert told == rows(tables.standings)
    assert_same_quotas(js, plan, tables)


@pytest.mark.parametrize("name", ["shanghai", "chicago"])
def test_examples(js, name):
    plan, tables = example_of(name)
    told = js("plan/standings.js", "standings", plan.table(), rows(tables.sites))
    assert told == rows(tables.standings)
    decided = assert_same_quotas(js, plan, tables)
    drawn = np.arange(0, len(tables.sites), 3)
    want = coverage(decided, Sample(drawn, np.full(len(tables.sites), 0.5), "test"))
    told = [{"bureaux": rows(decided.bureaux), "city": decided.city}, told, drawn.tolist()]
    assert js("plan/coverage.js", "coverage", *told) == rows(want)


def example_of(name):
    plan = Plan.read(examples.folder(name) / "plan.toml")
    return plan, deciding(plan, example(name))


def test_coverage_of_few_and_of_none(js):
    """Bureaux of no site in operation, of one, of three: a share of nothing is blank."""
    plan = plan_of(0)
    sites = deciding(plan, registers_of(0)).sites.iloc[:5].assign(
        bureau_id=["P", "Q", "R", "R", "R"], status=["注销", *["存续"] * 4], listed=False, counted="",
        last_inspected="", visits_ytd=0, is_key=False, sector="水质", credit_class="B",
    )  # fmt: skip
    parts = {"ratio": {"bureau_floor": "0.5"}, "key": {}, "weights": {}, "rules": {}, "bounds": {}}
    plan = Plan.of({**plan.table(), **parts})
    told = standings(plan, sites)
    decided = quotas(plan, told)
    want = coverage(decided, Sample(np.array([1, 3]), np.full(5, 0.5), "test"))
    assert want["share"].tolist() == ["", "1.0000", "0.3333", "0.5000"]
    given = {"bureaux": rows(decided.bureaux), "city": decided.city}, rows(told), [1, 3]
    assert js("plan/coverage.js", "coverage", *given) == rows(want)


NUMBERS = ("0", "0.1", "1", "2.5", "3", "4", "0.333333333333", "999999999", "0.000000000001")
BOUNDS = (("0", "1"), ("0.02", "1"), ("0.1", "0.7"), ("0.333333333333", "0.333333333334"))


@pytest.mark.parametrize("seed", range(100))
def test_probabilities_of_any_weights(js, seed):
    """Also where rounding would make a chance of none: both refuse."""
    rng = np.random.default_rng(seed)
    weights = [NUMBERS[k] for k in rng.integers(seed % 2, len(NUMBERS), rng.integers(1, 40))]
    floor, ceiling = BOUNDS[seed % len(BOUNDS)]
    n = int(rng.integers(0, len(weights) + 1))
    error, pi = refusal(clip_probabilities, weights, n, floor=floor, ceiling=ceiling)
    refused, got = refusal(
        js, "sample/probabilities.js", "clipProbabilities", weights, n, floor, ceiling
    )
    assert (error is None) == (refused is None), error or refused
    if error is None:
        assert [Fraction(top, got["bottom"]) for top in got["top"]] == pi
        assert_same_numerators(js, got, pi, n)


def assert_same_numerators(js, got, pi, n):
    error, whole = refusal(numerators, pi, n)
    refused, found = refusal(js, "tests/words.js", "numerators", got["top"], got["bottom"], n)
    assert (error is None) == (refused is None), error or refused
    if error is None:
        assert found == whole.tolist()


def test_sums_beyond_2_to_53(js):
    n = 9000
    pi = {"top": [1] * 3 * n, "bottom": 3}
    found = js("tests/words.js", "numerators", pi["top"], pi["bottom"], n)
    assert sum(found) == n * D
    assert found == numerators([Fraction(1, 3)] * 3 * n, n).tolist()


@pytest.mark.parametrize("rule", RULES)
def test_reasons(js, rule):
    told = {"en": RULES[rule].en.format(detail="$& x"), "zh": RULES[rule].zh.format(detail="$& x")}
    assert js("plan/rules.js", "reason", rule, "$& x") == told


# The plan itself

ODD = (
    None, True, 0, 1, 2, 9, 367, -1, 0.5, 1 << 40, "", "x", " x", "ｘ", "a\u200bb", "a b", "0", "0.15",
    "00.1", "1.0", "1.1", "１", "1e-1", "999999999.999999999999", "2024-02-30", "2024-08-01",
    "2024-07-01", "2023-12-31", "2025-01-01", "2031-01-01", "0000-01-01", "0099-12-31", "plan", "draw",
    "expert", "officer", "B", "pair", "sealed", "leximin", "x" * 201, "𝒳" * 150, [], ["officer"], ["x", ""],
    ["officer"] * 8, ["officer"] * 9, {}, {"P": 3}, {"P": ["Q"]}, {"first": "2024-08-01"},
    [{"least": 0, "most": 3}], [{"least": 4, "most": 3, "bureau": "P"}],
    [{"least": 0, "most": 3, "bureau": "P"}, {"least": 1, "most": 2, "bureau": "P"}],
    [{"least": 0, "most": 3, "department": "公安"}, {"least": 1, "most": 2, "bureau": "P"}],
)  # fmt: skip


def changed(table, rng):
    """The plan with one of its fields, at any depth, set to something odd or left out; and which."""
    inner = [part for part in table.values() if isinstance(part, dict)]
    part = one(rng, [table, *inner])
    name = one(rng, [*part, "unrated", "constructor"])
    if rng.integers(6) == 0:
        part.pop(name, None)
    else:
        part[name] = one(rng, ODD)
    return name, part.get(name), table


def is_plan(table):
    """Whether an announcement may hold this plan: it is one, and written out in full."""
    error, plan = refusal(Plan.of, table)
    return error is None and json.dumps(plan.table(), sort_keys=True) == json.dumps(
        table, sort_keys=True
    )


@pytest.mark.parametrize("seed", range(40))
def test_what_is_no_plan_is_refused(js, seed):
    rng = np.random.default_rng(seed)
    assert js("plan/terms.js", "checkedPlan", plan_of(seed).table()) == plan_of(seed).table()
    for _ in range(25):
        *change, table = changed(plan_of(seed).table(), rng)
        refused, _ = refusal(js, "plan/terms.js", "checkedPlan", table)
        assert (refused is None) == is_plan(table), (change, refused)


ENDS = {
    ("visits", "last"): ("2024-07-31", "2024-08-01", "2029-08-05", "2029-08-06"),
    ("rules", "max_visits_per_year"): (0, 1, 366, 367),
    ("rules", "substitutes"): ("-0.1", "0", "1", "1.1", 0.1),
    ("rules", "min_gap_days"): (-1, 0, 3660, 3661),
    ("team", "per_department"): (0, 1, 4, 5),
    ("team", "lead_seniority"): (0, 1, 100, 101),
    ("team", "expert_cap"): (0, 1, 1000, 1001),
    ("team", "seats"): (["officer"], ["officer"] * 2, ["officer"] * 8, ["officer"] * 9),
    ("proof", "margin"): (0, 1, 366 * 86_400, 366 * 86_400 + 1),
    ("proof", "opens"): ("", "2024-07-01", "2024-07-02"),
    ("bounds", "pi_ceiling"): ("0", "1", "1.000000000001", "0.0000000000001"),
}


@pytest.mark.parametrize("where", ENDS, ids=".".join)
def test_ends_of_what_a_plan_may_say(js, where):
    part, name = where
    for value in ENDS[where]:
        table = plan_of(0).table()
        table[part][name] = value
        refused, _ = refusal(js, "plan/terms.js", "checkedPlan", table)
        assert (refused is None) == is_plan(table), (value, refused)


@pytest.mark.parametrize("value", [None, [], "plan", 3])
def test_what_is_no_object_is_no_plan(js, value):
    with pytest.raises(InvalidInput, match="want an object"):
        js("plan/terms.js", "checkedPlan", value)


# Who may take which seat

FIELDS = (
    "tasks", "officers", "seat_task", "seat_kind", "seat_skill", "quota", "ptr", "idx", "tier", "cap",
    "least", "bureau", "home",
)  # fmt: skip


def assert_same_problem(js, plan, tables, index):
    error, want = refusal(problem_of, plan, tables, index)
    names = ("standings", "sites", "officers", "experts", "conflicts", "absences")
    told = {name: rows(getattr(tables, name)) for name in names}
    refused, got = refusal(js, "plan/visited.js", "problemOf", plan.table(), told, index.tolist())
    assert (error is None) == (refused is None), error or refused
    if error is None:
        assert {name: got[name] for name in FIELDS} == {
            name: np.asarray(getattr(want, name)).tolist() for name in FIELDS
        }
        assert got["groups"] == [{**asdict(k), "officers": [*k.officers]} for k in want.groups]
        return want.idx.size
    return 0


@pytest.mark.parametrize("seed", WORLDS)
def test_who_may_take_which_seat(js, seed):
    plan = plan_of(seed)
    tables = deciding(plan, registers_of(seed))
    index = np.arange(seed % 2, len(tables.sites), 1 + seed % 3)
    assert_same_problem(js, plan, tables, index)


@pytest.mark.parametrize("name", ["shanghai", "chicago"])
def test_seats_of_examples(js, name):
    plan, tables = example_of(name)
    index = np.arange(0, len(tables.sites), 6)
    assert assert_same_problem(js, plan, tables, index) > 4000


@pytest.mark.parametrize("floor", ["1", "2.6", "250"])
def test_what_is_left_to_chance(js, floor):
    plan, tables = example_of("shanghai")
    team = {**plan.table()["team"], "effective_floor": floor}
    plan = Plan.of({**plan.table(), "team": team})
    problem = problem_of(plan, tables, np.arange(0, len(tables.sites), 9))
    chances = probabilities(problem)
    told = {name: np.asarray(getattr(chances.problem, name)).tolist() for name in FIELDS}
    given = plan.table(), told, {"problem": told, "numerator": chances.numerator.tolist()}
    assert js("plan/choice.js", "choice", *given) == rows(choice(plan, chances))


# The tables

CELLS = (
    "", "x", "-", "A", "E", "a b", "a\tb", "Ａ", "S1;S2", "S2;S1", "S1;S1", ";", "2024-02-29", "2023-02-29",
    "9999-12-31", "0.5", "listed", "quota_met", "x" * 65, "字" * 2001, "𝒳" * 1200, -1, 0, 3, True,
)  # fmt: skip


@pytest.fixture(scope="module")
def full():
    """The tables of the example with experts and last teams."""
    table = example_of("shanghai")[0].table()
    team = {**table["team"], "seats": ["officer", "officer", "expert"], "rotation": "officer"}
    return deciding(Plan.of({**table, "team": team}), example("shanghai"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_tables_as_we_make_them_pass(js, full, name):
    frame = getattr(full, name)[[*SCHEMAS[name]]]
    assert js("plan/tables.js", "checkedRows", name, frame.to_dict(orient="list")) == rows(frame)


@pytest.mark.parametrize("name", SCHEMAS)
def test_one_odd_cell(js, full, name):
    """Cells that no register holds, and rows out of their order, are refused by both."""
    rng = np.random.default_rng(len(name))
    some = getattr(full, name)[[*SCHEMAS[name]]].iloc[:4].reset_index(drop=True)
    for _ in range(60):
        frame, column = some.copy(), one(rng, [*SCHEMAS[name]])
        fitting = [cell for cell in CELLS if type(cell) is SCHEMAS[name][column]]
        frame.loc[int(rng.integers(len(frame))), column] = one(rng, [*fitting, frame[column][0]])
        error, _ = refusal(check_table, name, frame)
        columns = frame.to_dict(orient="list")
        refused, _ = refusal(js, "plan/tables.js", "checkedRows", name, columns)
        assert (error is None) == (refused is None), (error or refused, frame)


def test_rows_alike_pass_only_where_nothing_is_named(js):
    twice = {"person_id": ["P1"] * 2, "target": ["S1"] * 2, "valid_from": [""] * 2,
             "valid_to": [""] * 2}  # fmt: skip
    assert len(js("plan/tables.js", "checkedRows", "conflicts", twice)) == 2
    experts = {"expert_id": ["E1"] * 2, "employer_uscc": [""] * 2, "skills": [""] * 2}
    with pytest.raises(InvalidInput, match="E1 stands after E1"):
        js("plan/tables.js", "checkedRows", "experts", experts)
