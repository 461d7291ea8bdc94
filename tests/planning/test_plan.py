"""A plan is read exactly, and a plan that contradicts itself is refused in words."""

import pytest

from fairlot._base.errors import InvalidInput
from fairlot.planning import Plan

HEAD = """
spec = "fairlot.plan/v1"
authority = "bureau"
scope = "testing"
period = "2024"
task = "2024-001"
as_of = 2024-07-01
visits = { first = 2024-08-01, last = 2024-11-30 }
"""


def plan(text: str = "") -> Plan:
    return Plan.parse(HEAD + text)


def test_numbers_stay_as_written() -> None:
    read = plan("[ratio]\nbureau_floor = 0.150000000001\n[weights]\nD = 4\nC = 2.50")
    assert read.ratio.bureau_floor == "0.150000000001"
    assert (read.weights.D, read.weights.C) == ("4", "2.50")


def test_table_makes_the_same_plan() -> None:
    read = plan('[team.support]\nX = ["Y", "Z"]\n[weights]\nunrated = "1.5"')
    assert Plan.of(read.table()) == read
    assert read.weights.of("") == "1.5"


def test_unrated_class() -> None:
    assert plan("[weights]\nC = 3\nunrated_as = 'C'").weights.of("") == "3"
    assert plan("[weights]\nB = 7").weights.of("") == "7"


REFUSED = {
    '[ratio]\nbureau_floor = "5"': '5 percent or 5 times everything? want a share between 0 and 1, such as "0.15"',
    '[ratio]\nbureau_floor = "15％"': 'got "15％"; want a plain decimal such as "0.15"',
    '[ratio]\nbureau_floor = "15%"': 'got "15%"; want a plain decimal such as "0.15"',
    "[ratio]\nbureau_floor = nan": 'got "nan"; want a plain decimal such as "0.15"',
    "[ratio]\nbureau_floor = 1e-1": 'got "1e-1"; want a plain decimal such as "0.15"',
    "[ratio]\nbureau_floor = -0.1": 'got "-0.1"; want a plain decimal such as "0.15"',
    "[ratio]\nbureau_floor = 0.3\nbureau_ceiling = 0.2": "ratio: bureau_floor 0.3 is above bureau_ceiling 0.2",
    "[ratio]\ncity_floor = 0.3\ncity_ceiling = 0.2": "ratio: city_floor 0.3 is above city_ceiling 0.2",
    '[ratio]\ndenominator_date = "plan"': "denominators go with denominator_date",
    '[ratio]\ndenominator_date = "plan"\ndenominators = { P = 1000000001 }': "denominator of P is 1000000001; want 0 to 1000000000",
    '[ratio]\ndenominator_date = "plan"\ndenominators = { P = -1 }': "denominator of P is -1",
    '[team.support]\nP = ["P"]': "P borrows of itself, or of one bureau twice",
    '[team.support]\nP = ["Q", "R", "Q"]': "P borrows of itself, or of one bureau twice",
    f"[team.support]\nP = {[f'Q{i}' for i in range(128)]}": "128 bureaux lend to P; want at most 127",
    "[weights]\nA = -1": 'weights.A: got "-1"',
    '[weights]\nunrated = 1\nunrated_as = "B"': "unrated and unrated_as contradict each other",
    "[bounds]\npi_floor = 0.5\npi_ceiling = 0.4": "bounds: pi_floor 0.5 is above pi_ceiling 0.4",
    '[team]\nseats = ["officer"]': "a visit has 1 seat for officers; the law asks for at least two",
    "[rules]\nmax_visits_per_year = 0": "rules.max_visits_per_year",
    "[rule]\nmin_gap_days = 1": "rule: not a name this plan knows",
    "[key]\ntake_all = false\n[ratio]\nkey_sectors_count_toward_ratio = false": "must count toward the ratio",
    "[proof]\nsuite = 'md5'": "proof.suite: Input should be 'sha256' or 'sm3'",
    "[proof]\nview = 'closed'": "proof.view: Input should be 'open' or 'pseudonymous'",
    "[proof]\nopens = 'soon'": 'proof.opens: got "soon"; want a date such as 2024-07-01',
    "[proof]\nopens = 2024-07-01": "proof.opens 2024-07-01 is not after as_of 2024-07-01",
    "[proof]\nmargin = 0": "proof.margin: Input should be greater than or equal to 1",
    "[proof]\nmargin = '600'": "proof.margin: Input should be a valid integer",
    "[ratio": "plan is not TOML",
}  # fmt: skip


def test_the_greatest_numbers_are_admitted() -> None:
    read = plan(
        '[ratio]\ndenominator_date = "plan"\ndenominators = { P = 1000000000 }\n'
        f"[team.support]\nP = {[f'Q{i}' for i in range(127)]}"
    )
    assert read.ratio.denominators == {"P": 10**9}
    assert len(read.team.support["P"]) == 127


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        plan(text)
    assert message in str(refused.value)


def test_all_faults_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        plan('[ratio]\nbureau_floor = "5"\ncity_floor = "x"\n[rules]\nmin_gap_days = -1')
    assert len(refused.value.faults) == 3


def test_dates_in_order() -> None:
    with pytest.raises(InvalidInput, match="last visit day 2024-01-01 is before the first"):
        Plan.parse(HEAD.replace("last = 2024-11-30", "last = 2024-01-01"))
    with pytest.raises(InvalidInput, match="is before as_of 2024-09-01"):
        Plan.parse(HEAD.replace("as_of = 2024-07-01", "as_of = 2024-09-01"))
    with pytest.raises(InvalidInput, match="as_of: day is out of range for month"):
        Plan.parse(HEAD.replace("as_of = 2024-07-01", 'as_of = "2024-02-30"'))


def test_a_window_is_a_few_years_at_most() -> None:
    """2024-08-01 and 1830 days are 2029-08-05."""
    last = "last = 2024-11-30"
    assert Plan.parse(HEAD.replace(last, "last = 2029-08-05")).visits.last == "2029-08-05"
    with pytest.raises(InvalidInput, match="2029-08-06 is more than 1830 days after the first"):
        Plan.parse(HEAD.replace(last, "last = 2029-08-06"))


def test_nothing_is_sealed_or_veiled_unless_the_plan_says_so() -> None:
    assert plan().table()["proof"] == {
        "suite": "sha256", "view": "open", "opens": "", "margin": 600,
    }  # fmt: skip
    text = "[proof]\nsuite = 'sm3'\nview = 'pseudonymous'\nopens = 2024-07-02\nmargin = 30"
    assert plan(text).proof.opens == "2024-07-02"
    assert Plan.of(plan(text).table()) == plan(text)


def test_one_task_has_one_spelling() -> None:
    wide = Plan.parse(HEAD.replace("2024-001", " ２０２４-001 "))
    assert wide.task == "2024-001"
    with pytest.raises(InvalidInput, match="want one line of visible text"):
        Plan.parse(HEAD.replace("2024-001", "2024\\n001"))


def test_visits_begin_in_the_year_that_is_counted() -> None:
    text = HEAD.replace(
        "first = 2024-08-01, last = 2024-11-30", "first = 2025-01-05, last = 2025-02-01"
    )
    with pytest.raises(InvalidInput, match="visits begin in 2025"):
        Plan.parse(text)


def test_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert Plan.read(path) == plan()
    path.write_bytes(HEAD.encode() + "# 方案".encode("gbk"))
    with pytest.raises(InvalidInput, match="plan.toml is not UTF-8"):
        Plan.read(path)
