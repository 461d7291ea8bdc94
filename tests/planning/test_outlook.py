"""What is known of the teams before anything is drawn: refused, counted, and said in words."""

import pandas as pd
import pytest

from fairlot._base.errors import Infeasible
from fairlot.planning import Plan, deciding, foreseen
from fairlot.planning.outlook import Outlook, _counted, outlook
from fairlot.planning.quotas import quotas
from fairlot.planning.visited import problem_of
from fairlot.registers import Registers, examples, gather

HEAD = """
spec = "fairlot.plan/v1"
authority = "bureau"
scope = "testing"
period = "2024"
task = "2024-001"
as_of = 2024-07-01
visits = { first = 2024-08-01, last = 2024-11-30 }
"""
TWO = '[team]\nseats = ["officer", "officer"]\n'
ALL = '[ratio]\nbureau_floor = "1"\n'
FIELD = ["水质", "噪声"]


def sites(count, **more):
    ids = [f"S{k:02d}" for k in range(count)]
    return pd.DataFrame({"site_id": ids, "bureau_id": "B", "sector": "水质"}).assign(**more)


def officers(count, **more):
    ids = [f"P{k:02d}" for k in range(count)]
    common = {"bureau_id": "B", "license_expiry": "2030-01-01", "skills": "水质", "max_tasks": 9}
    return pd.DataFrame({"officer_id": ids, **common}).assign(**more)


def barring(target, people):
    rows = {"person_id": [f"P{k:02d}" for k in people], "target": target, "kind": "近亲属"}
    return pd.DataFrame(rows).assign(valid_from="2020-01-01", valid_to="")


def look(text="", **registers):
    plan = Plan.parse(HEAD + text)
    tables = deciding(plan, gather(**registers))
    return outlook(plan, quotas(plan, tables.standings), tables)


def test_all_is_well():
    found = look(TWO, sites=sites(6), officers=officers(4))
    assert found.foreseen.every
    assert (len(found.declared), len(found.few)) == (0, 0)
    assert found.text() == ["every list of sites that could be drawn has teams"]
    assert found.text("zh") == ["凡可能抽中的名单都能组成检查组"]


def test_a_bureau_with_too_few_officers_is_refused():
    with pytest.raises(Infeasible, match=r"available < needed.*B \(6 < 12\)"):
        look(TWO + ALL, sites=sites(6), officers=officers(1))


def test_a_certain_site_without_a_team_is_refused_with_what_would_cure_it():
    world = {"sites": sites(3), "officers": officers(3), "conflicts": barring("S01", [0, 1])}
    with pytest.raises(Infeasible) as refusal:
        look(TWO + ALL, **world)
    english, chinese = refusal.value.text("en"), refusal.value.text("zh")
    assert english.startswith("sites that are certain to be drawn: no valid teams")
    assert "S01" in english
    assert chinese.startswith("必然抽中的场所：无法组成检查组")
    assert refusal.value.blocking[0].sites == ("S01",)
    assert refusal.value.cures


def test_certain_sites_that_fit_one_by_one_but_not_together_are_refused():
    world = {
        "sites": sites(3),
        "officers": officers(4, skills=["水质", "", "", ""], max_tasks=[2, 9, 9, 9]),
    }
    with pytest.raises(Infeasible, match="certain to be drawn") as refusal:
        look(ALL, **world)
    assert refusal.value.blocking[0].sites == ("S00", "S01", "S02")


def test_a_site_that_only_may_be_drawn_is_told():
    found = look(TWO, sites=sites(7), officers=officers(3), conflicts=barring("S01", [0, 1]))
    assert found.foreseen.hopeless == ("S01",)
    assert 0 < found.foreseen.failures < found.foreseen.trials
    assert found.few.to_numpy().tolist() == [["S01", "B", 2, 1]]
    proof, alone, few = found.text()
    assert proof.startswith("not proved that every list of sites has teams: ")
    assert f"{found.foreseen.failures} of 1000 lists tried have none" in proof
    assert alone == "no team fits, even alone: S01"
    assert few.endswith("the plan's 1 effective officers: S01 (1 for 2 places)")
    assert found.text("zh")[1:] == [
        "单独也无法组成检查组：S01", "可选人员少于席位数或方案要求的 1 名有效人员：S01（2 席 1 人）",
    ]  # fmt: skip


def test_lists_that_all_fail_are_refused():
    # No site is certain, but every site is a specialist's, and there is none.
    with pytest.raises(Infeasible, match="none of the 1000 lists") as refusal:
        look(sites=sites(6), officers=officers(4, skills=""))
    assert refusal.value.because == tuple(f"S{k:02d}" for k in range(6))


@pytest.mark.parametrize(("floor", "few"), [("3", 0), ("3.0", 0), ("3.01", 5), ("4", 5)])
def test_too_few_to_choose_from_by_the_floor_of_the_plan(floor, few):
    world = {"sites": sites(5), "officers": officers(4, skills=["水质", "", "", ""])}
    text = f'{TWO}effective_floor = "{floor}"\n'
    conflicts = pd.concat([barring(f"S{k:02d}", [k % 4]) for k in range(5)])
    found = look(text, **world, conflicts=conflicts)
    assert found.few["eligible"].tolist() == [3] * few
    assert bool(few) == (floor in " ".join(found.text()))


def test_a_certain_site_that_cannot_reach_the_floor_is_refused():
    world = {"sites": sites(3), "officers": officers(4), "conflicts": barring("S01", [0])}
    look(f'{TWO}effective_floor = "3"\n{ALL}', **world)
    with pytest.raises(Infeasible) as refusal:
        look(f'{TWO}effective_floor = "3.01"\n{ALL}', **world)
    assert refusal.value.text("en") == (
        "sites that are certain to be drawn have fewer officers to choose from than the plan's 3.01 "
        "effective officers: S01 (3)"
    )
    assert refusal.value.text("zh") == (
        "必然抽中的场所可选人员少于方案要求的 3.01 名有效人员：S01 (3)"
    )
    assert refusal.value.because == ("S01",)


def test_loads_of_the_plan_are_those_of_the_lists_tried(monkeypatch):
    asked = []
    monkeypatch.setattr(foreseen, "probabilities", lambda _, loads: asked.append(loads))
    look(TWO + 'loads = "leximin"\n', sites=sites(6), officers=officers(4))
    assert asked == ["leximin"] * foreseen.BALANCED


def test_an_officer_counts_once_and_an_expert_never():
    text = '[team]\nseats = ["specialist", "officer", "expert"]\n'
    experts = pd.DataFrame({"expert_id": ["E1", "E2"], "employer_uscc": "", "skills": "水质"})
    world = {
        "sites": sites(4, sector=FIELD * 2),
        "officers": officers(3, skills=["水质;噪声", "水质", ""]),
    }
    plan = Plan.parse(HEAD + text)
    tables = deciding(plan, gather(**world, experts=experts))
    places, eligible = _counted(problem_of(plan, tables, range(len(tables.sites))))
    assert (places.tolist(), eligible.tolist()) == ([2] * 4, [3] * 4)


@pytest.mark.parametrize("name", ["shanghai", "chicago"])
def test_examples(name):
    folder = examples.folder(name)
    plan = Plan.read(folder / "plan.toml")
    tables = deciding(plan, Registers.read(folder))
    found = outlook(plan, quotas(plan, tables.standings), tables)
    assert found.text() == ["every list of sites that could be drawn has teams"]
    problem = problem_of(plan, tables, range(len(tables.sites)))
    places, eligible = _counted(problem)
    teams = [set() for _ in problem.tasks]
    for seat, task in enumerate(problem.seat_task):
        teams[task].update(problem.row(seat).tolist())
    assert eligible.tolist() == [len(team) for team in teams]
    assert set(places.tolist()) == {len(plan.team.seats)}


def test_conflicts_worth_a_look_are_told():
    conflicts = pd.concat([barring("S03", range(11)), barring("S04", [2]), barring("S05", [3])])
    world = {"sites": sites(40), "officers": officers(12)}
    found = look(TWO, **world, conflicts=conflicts)
    assert found.declared[["what", "id", "conflicts", "of"]].to_numpy().tolist() == [
        ["site", "S03", 11, 12]
    ]
    assert found.text()[-1] == "site S03 has 11 conflicts of 12 possible; 0.3 were to be expected"
    assert (
        found.text("zh")[-1] == "场所 S03 有回避关系 11 项（共 12 项可能），按全库比例应为 0.3 项"
    )
    new = look(TWO, **world, conflicts=conflicts.assign(valid_from="2024-06-30"))
    assert new.text()[-1] == "site S03 has 11 new conflicts of 12 possible; 0.3 were to be expected"
    assert "有新登记回避关系 11 项" in new.text("zh")[-1]


def test_who_left_and_what_cannot_be_drawn_are_not_counted():
    conflicts = pd.concat([barring("S03", range(11)), barring("S04", [2]), barring("S05", [3])])
    closed = sites(40, status=["停业" if k == 3 else "在业" for k in range(40)])
    assert look(TWO, sites=closed, officers=officers(14), conflicts=conflicts).declared.empty
    gone = officers(14, active=[k not in range(2, 8) for k in range(14)])
    found = look(TWO, sites=sites(40), officers=gone, conflicts=conflicts)
    assert found.declared[["conflicts", "of"]].to_numpy().tolist() == [[5, 8]]


@pytest.mark.parametrize(
    ("most", "said"), [(0.0, "0.00"), (0.00301, "0.31"), (0.0030, "0.30"), (1.0, "100.00")]
)
def test_the_bound_is_rounded_up(most, said):
    found = Outlook(foreseen.Foreseen(False, 20, 0, most, ()), pd.DataFrame(), pd.DataFrame(), "1")
    assert f"at most {said} %" in found.text()[0]
    assert f"至多 {said}%" in found.text("zh")[0]
