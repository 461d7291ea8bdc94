"""Quotas in whole numbers, probabilities that add up to them exactly, every zero with its rule."""

from fractions import Fraction
from itertools import pairwise
from math import ceil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.planning import RULES, Plan, Quotas, coverage, deciding
from fairlot.planning.quotas import quotas
from fairlot.planning.standings import standings
from fairlot.registers import example, examples
from fairlot.sampling import D, Sample

HEAD = """
spec = "fairlot.plan/v1"
authority = "bureau"
scope = "testing"
period = "2024"
task = "2024-001"
as_of = 2024-07-01
visits = { first = 2024-08-01, last = 2024-11-30 }
weights = { A = 0.5, B = 1, C = 2, D = 4 }
"""
PLAIN = {
    "bureau_id": "P", "sector": "水质", "credit_class": "B", "is_key": False, "listed": False,
    "last_inspected": "", "visits_ytd": 0, "status": "存续", "counted": "",
}  # fmt: skip


def roster(*groups: dict, n: int = 1) -> pd.DataFrame:  # type: ignore[type-arg]
    """Return sites: each group is a change to a plain site, with how many of it."""
    rows = [{**PLAIN, **group} for group in groups for _ in range(group.get("n", n))]
    frame = pd.DataFrame(rows)[list(PLAIN)]
    frame.insert(0, "site_id", [f"S{i:05d}" for i in range(len(frame))])
    return frame


def decide(text: str, *groups: dict) -> Quotas:  # type: ignore[type-arg]
    return of_roster(Plan.parse(HEAD + text), roster(*groups))


def of_roster(plan: Plan, sites: pd.DataFrame) -> Quotas:
    return quotas(plan, standings(plan, sites))


def quota(decided: Quotas, bureau: str = "P") -> int:
    return int(decided.bureaux.set_index("bureau_id").at[bureau, "quota"])


@pytest.mark.parametrize("n", [1, 2, 6, 7, 8, 10, 20, 35, 105, 210])
def test_floor_is_rounded_up(n: int) -> None:
    decided = decide("", {"n": n})
    assert quota(decided) == ceil(Fraction(15, 100) * n)
    assert sum(decided.frame["numerator"].tolist()) == quota(decided) * D


def test_floor_of_seven_percent_is_not_a_float() -> None:
    """ceil(0.07 * 100) is 8 in binary floating point."""
    assert ceil(0.07 * 100) == 8
    text = "[ratio]\nbureau_floor = 0.07\ncity_floor = 0.07"
    assert quota(decide(text, {"n": 100})) == 7


def test_classes_get_their_multiples() -> None:
    decided = decide("", *({"credit_class": c, "n": 25} for c in "ABCD"))
    pi = decided.frame.groupby("credit_class")["numerator"].first().to_dict()
    assert abs(pi["B"] - 2 * pi["A"]) <= 2
    assert abs(pi["D"] - 4 * pi["B"]) <= 4
    assert set(decided.frame["detail"]) == {"A x0.5", "B x1", "C x2", "D x4"}


def test_unrated_counts_as_class_b() -> None:
    decided = decide("", {"credit_class": "", "n": 10}, {"n": 10})
    assert decided.frame["numerator"].nunique() <= 2
    assert decided.frame["detail"].iloc[0] == "unrated x1"


KEY = {"sector": "食品检验", "is_key": True}


def test_key_sector_counts_or_not() -> None:
    sites = ({**KEY, "n": 38}, {"n": 62})
    assert quota(decide("", *sites)) == 38
    assert quota(decide("[ratio]\nkey_sectors_count_toward_ratio = false", *sites)) == 38 + 10


def test_key_sector_by_name_or_by_flag() -> None:
    by_name = decide("[key]\nflagged = false\nsectors = ['食品检验']", {**KEY, "n": 2}, {"n": 18})
    by_flag = decide("", {**KEY, "n": 2}, {"n": 18})
    neither = decide("[key]\nflagged = false", {**KEY, "n": 2}, {"n": 18})
    assert [sum(d.frame["rule"] == "key") for d in (by_name, by_flag, neither)] == [2, 2, 0]


def test_quota_met_by_full_coverage_leaves_listed_zeros() -> None:
    decided = decide("", {**KEY, "n": 10}, {"n": 10})
    rest = decided.frame[decided.frame["rule"] == "quota_met"]
    assert len(rest) == 10
    assert set(rest["pi"]) == {0.0}


def test_smallest_chance_keeps_everyone_in() -> None:
    decided = decide("[bounds]\npi_floor = 0.05", {**KEY, "n": 10}, {"n": 30})
    rest = decided.frame[decided.frame["rule"] == "weighted"]
    assert quota(decided) == 10 + 2
    assert rest["pi"].min() >= 0.05


@pytest.mark.parametrize(
    ("site", "rule", "detail"),
    [
        ({"status": "注销", "listed": True}, "excluded", "注销"),
        ({"counted": "2024-03-01", "listed": True}, "counted", "2024-03-01"),
        ({"visits_ytd": 2, "listed": True, **KEY}, "yearly_cap", "2"),
        ({"listed": True, **KEY}, "listed", ""),
        ({**KEY, "last_inspected": "2024-07-30"}, "key", "食品检验"),
        ({"last_inspected": "2024-07-30"}, "gap", "2024-07-30"),
        ({"last_inspected": "2024-06-02"}, "weighted", "B x1"),
    ],
)
def test_first_rule_that_applies(site: dict, rule: str, detail: str) -> None:  # type: ignore[type-arg]
    decided = decide("[rules]\nmin_gap_days = 60", site, {"n": 20})
    first = decided.frame.iloc[0]
    assert (first["rule"], first["detail"]) == (rule, detail)
    effect = {"zero": {0}, "one": {D}}.get(RULES[rule].effect)
    assert effect is None or first["numerator"] in effect


def test_gap_ends_on_its_day() -> None:
    """60 days before 2024-08-01 is 2024-06-02; a visit on 06-03 is 59 days old."""
    decided = decide("[rules]\nmin_gap_days = 60", {"last_inspected": "2024-06-03"}, {"n": 20})
    assert decided.frame["rule"].iloc[0] == "gap"


def test_joint_visits_reduce_the_floor() -> None:
    sites = ({"counted": "2024-02-02", "n": 5}, {"n": 95})
    assert quota(decide("", *sites)) == 15 - 5


NO_KEY = "[ratio]\nkey_sectors_count_toward_ratio = false"


def test_joint_visits_to_key_sites_do_not_stand_for_the_others() -> None:
    seen = {"counted": "2024-02-02"}
    assert quota(decide(NO_KEY, {**KEY, **seen, "n": 38}, {"n": 62})) == 10
    assert quota(decide(NO_KEY, {**KEY, "n": 38}, {**seen, "n": 4}, {"n": 58})) == 38 + 10 - 4


def test_listed_sites_outside_key_sectors_count_in_the_rest() -> None:
    decided = decide(NO_KEY, {**KEY, "n": 20}, {"listed": True, "n": 3}, {"n": 77})
    assert quota(decided) == 20 + 12


def test_example_city_draws_its_share_of_the_rest_everywhere() -> None:
    """15 % of the sites outside key sectors in every bureau, joint visits to them included."""
    plan = Plan.read(examples.folder("shanghai") / "plan.toml")
    tables = deciding(plan, example("shanghai"))
    decided = plan.probabilities(example("shanghai"))
    sites = tables.sites.assign(n=decided.frame["numerator"])
    rest = sites[~sites["sector"].isin(plan.key.sectors) & ~sites["is_key"]]
    for bureau, rows in rest[rest["status"] == "存续"].groupby("bureau_id"):
        expected = Fraction(sum(rows["n"].tolist()), D) + (rows["counted"] != "").sum()
        assert expected >= ceil(Fraction(15, 100) * len(rows)), bureau


def test_never_per_cell() -> None:
    """The 38.3 % trap: a ceiling per (bureau, sector, class) against one per bureau."""
    plan = Plan.parse(HEAD + "[key]\ntake_all = false\nflagged = false")
    sites = deciding(plan, example("shanghai")).sites.assign(status="存续", visits_ytd=0, counted="",
                                                              listed=False)  # fmt: skip
    cells = sites.groupby(["bureau_id", "sector", "credit_class"]).size()
    per_cell = sum(ceil(Fraction(15, 100) * int(n)) for n in cells)
    drawn = of_roster(plan, sites).n
    assert drawn == sum(ceil(Fraction(15, 100) * int(n)) for n in sites["bureau_id"].value_counts())
    assert drawn * 2 < per_cell


def test_city_row_shows_the_floor_that_binds() -> None:
    decided = decide("[ratio]\ncity_floor = 0.5", {"n": 60}, {"bureau_id": "Q", "n": 40})
    sample = Sample(np.arange(50), np.full(100, 0.5), "test")
    city = coverage(decided, sample).iloc[-1]
    assert (city["bureau_id"], city["floor"], city["drawn"], city["share"]) == (
        "*",
        50,
        50,
        "0.5000",
    )


def test_city_floor_uses_room_where_there_is_room() -> None:
    """Of P's hundred only ten have a weight, so what the city asks for comes from Q."""
    text = HEAD.replace("A = 0.5", "A = 0") + "[ratio]\nbureau_floor = 0.05\ncity_floor = 0.5"
    sites = roster({"credit_class": "A", "n": 90}, {"n": 10}, {"bureau_id": "Q", "n": 100})
    decided = of_roster(Plan.parse(text), sites)
    assert decided.n == 100
    assert 5 <= quota(decided) <= 10


def test_excluded_sites_leave_the_denominator() -> None:
    assert quota(decide("", {"status": "停业", "n": 50}, {"n": 20})) == 3


def test_denominator_fixed_by_the_plan() -> None:
    text = '[ratio]\ndenominator_date = "plan"\ndenominators = { P = 40 }'
    assert quota(decide(text, {"n": 20})) == 6
    with pytest.raises(InvalidInput, match="gives none for bureau Q; its roster has 3"):
        decide(text, {"n": 20}, {"bureau_id": "Q", "n": 3})
    with pytest.raises(InvalidInput, match="a denominator for Z, which the roster does not know"):
        decide(text.replace("P = 40", "P = 40, Z = 3"), {"n": 20})


def test_city_floor_counts_district_draws() -> None:
    sites = ({"n": 20}, {"bureau_id": "Q", "n": 80})
    text = "[ratio]\ncity_floor = 0.2\ndistrict_draws_count_toward_city = "
    together, apart = decide(text + "true", *sites), decide(text + "false", *sites)
    assert (together.n, apart.n) == (20, 15 + 20)
    assert quota(together) >= 3
    assert quota(together, "Q") >= 12


def test_zero_weight_is_told() -> None:
    text = HEAD.replace("A = 0.5", "A = 0")
    decided = of_roster(Plan.parse(text), roster({"credit_class": "A", "n": 3}, {"n": 20}))
    assert decided.frame["rule"].tolist()[:3] == ["no_weight"] * 3


CONTRADICTIONS = {
    "cap below take-all": (
        "[ratio]\nbureau_floor = 0\ncity_floor = 0\nbureau_ceiling = 0.2",
        ({**KEY, "n": 5}, {"n": 5}),
        "bureau P: 5 sites must be taken whole, but the ceiling allows 2 of 10",
    ),
    "no whole number between floor and ceiling": (
        "[ratio]\nbureau_ceiling = 0.5",
        ({"n": 1},),
        "bureau P: at least 1 of 1 sites must be drawn, at most 0 may",
    ),
    "quota above roster": (
        "[ratio]\nbureau_floor = 0.8",
        ({"visits_ytd": 2, "n": 6}, {"n": 4}),
        "bureau P: 8 sites must be drawn, but only 0 taken whole and 4 others can be",
    ),
    "city ceiling": (
        "[ratio]\nbureau_floor = 0.3\ncity_ceiling = 0.2",
        ({"n": 10},),
        "the city: 3 of 10 sites must be drawn (districts 3, city floor 2), but at most 2 may",
    ),
    "no one may be drawn": (
        "weights = { A = 0, B = 0, C = 0, D = 0 }",
        ({"n": 10},),
        "bureau P: ",
    ),
    "empty": ("", (), "the roster has no sites"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictory_plan_is_refused_with_its_numbers(name: str) -> None:
    text, sites, message = CONTRADICTIONS[name]
    head = "\n".join(
        line for line in HEAD.splitlines() if not ("weights" in line and "weights" in text)
    )
    with pytest.raises(InvalidInput) as refused:
        of_roster(Plan.parse(f"{head}\n{text}"), roster(*sites) if sites else roster({}).iloc[:0])
    assert message in str(refused.value)


SITE = st.fixed_dictionaries(
    {
        "bureau_id": st.sampled_from("PQR"),
        "sector": st.sampled_from(["食品检验", "水质"]),
        "credit_class": st.sampled_from(["", "A", "B", "C", "D"]),
        "is_key": st.booleans(),
        "listed": st.sampled_from([False] * 9 + [True]),
        "last_inspected": st.sampled_from(["", "2024-06-30", "2023-01-01"]),
        "visits_ytd": st.integers(0, 2),
        "status": st.sampled_from(["存续"] * 5 + ["注销"]),
    }
)
TEXTS = st.sampled_from(
    ["", "[bounds]\npi_floor = 0.02\npi_ceiling = 0.7", "[rules]\nmin_gap_days = 90",
     "[ratio]\nkey_sectors_count_toward_ratio = false",
     "[ratio]\ncity_floor = 0.25"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(SITE, min_size=1, max_size=60), TEXTS)
def test_promises_hold_or_the_plan_is_refused(sites: list[dict], text: str) -> None:  # type: ignore[type-arg]
    try:
        decided = decide(text, *sites)
    except InvalidInput:
        return
    frame, bureaux = decided.frame, decided.bureaux.set_index("bureau_id")
    for bureau, rows in frame.groupby("bureau_id"):
        got = bureaux.loc[bureau]
        assert sum(rows["numerator"].tolist()) == int(got["quota"]) * D
        assert got["floor"] <= got["quota"] <= got["ceiling"]
    effect = frame["rule"].map(lambda rule: RULES[rule].effect)
    assert ((frame["numerator"] == 0) == (effect == "zero")).all()
    assert ((effect != "one") | (frame["numerator"] == D)).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("ABCD"), min_size=5, max_size=60))
def test_a_worse_class_never_has_the_smaller_chance(classes: list[str]) -> None:
    decided = decide("[bounds]\npi_floor = 0.02\npi_ceiling = 0.9",
                     *({"credit_class": c} for c in classes))  # fmt: skip
    mean = decided.frame.groupby("credit_class")["numerator"].agg(["min", "max"])
    ordered = [mean.loc[c] for c in "ABCD" if c in mean.index]
    # Largest remainders differ by one unit of 2^-40 inside a class.
    assert all(b["min"] + 1 >= a["max"] for a, b in pairwise(ordered))
