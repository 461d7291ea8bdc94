"""What an official reads: one site, three sites, two hundred; English and Chinese."""

import pytest
from staffed_worlds import build, officer, site

from fairlot._base.errors import Infeasible
from fairlot.assignment import Blocking, feasible

SITES = tuple(f"S{k:03d}" for k in range(200))
OFFICERS = tuple(f"P{k:03d}" for k in range(80))


def read(block):
    return block.text(), block.text("zh")


def test_one_site():
    block = Blocking(
        sites=("S1",),
        officers=(),
        need=2,
        available=0,
        seats=(("expert", "水质;计量", 1), ("lead", "", 1)),
    )
    assert read(block) == (
        "site S1 needs 1 expert in 水质 or 计量 and 1 lead officer; no officer remains: 2 short",
        "场所 S1 需要专家（水质或计量） 1 名、带队人员 1 名；没有可派的检查人员：缺 2 名",
    )


def test_three_sites_and_a_department():
    block = Blocking(
        sites=("S1", "S2", "S3"),
        officers=("P12", "P40"),
        need=3,
        available=2,
        seats=(("department:公安", "", 3),),
        counts=(("P12", 1), ("P40", 1)),
    )
    assert read(block) == (
        "sites S1, S2 and S3 need 3 officers of department 公安; only officers P12 and P40 remain"
        " (2 places, 1 each): 1 short (no smaller set of sites is in the way here)",
        "场所 S1、S2、S3 需要公安部门人员 3 名；仅余 P12、P40（共 2 个名额，每人 1 个）：缺 1 名"
        "（此处没有更少的场所构成障碍）",
    )


def test_two_hundred_sites_in_shortened_lists():
    block = Blocking(
        sites=SITES,
        officers=OFFICERS,
        need=400,
        available=398,
        seats=(("officer", "", 400),),
        counts=tuple((name, 4 + (k >= 1) + (k < 0)) for k, name in enumerate(OFFICERS)),
        smallest=False,
        rivals=1200,
        short_of_all=260,
    )
    assert read(block) == (
        "sites S000, S001, S002, S003, S004 and 195 more need 400 officers; only officers P000,"
        " P001, P002, P003, P004 and 75 more remain (398 places): 2 short (none of these sites can"
        " be left out; 260 short among all 1200 sites that compete for them)",
        "场所 S000、S001、S002、S003、S004 等 200 个场所 需要检查人员 400 名；"
        "仅余 P000、P001、P002、P003、P004 等 80 人（共 398 个名额）：缺 2 名"
        "（去掉其中任一场所，其余即可安排；争用这些人员的 1200 个场所合计缺 260 名）",
    )


def test_a_group_is_counted_as_one():
    block = Blocking(
        sites=("S1", "S2"),
        officers=("P1", "P2", "P3"),
        need=3,
        available=2,
        seats=(("officer", "", 3),),
        counts=(("P3", 1), ("食品科", 1)),
    )
    assert "remain (2 places: P3 1 and 食品科 1): 1 short" in block.text()
    assert "（共 2 个名额：P3 1 个、食品科 1 个）" in block.text("zh")


def test_rules_that_no_choice_keeps():
    block = Blocking(
        sites=("S1", "S2"),
        officers=("P1", "P2", "P3"),
        need=4,
        available=4,
        kind="combinatorial",
        apart=(("P1", "P2"), ("P1", "P3")),
        needs=(("S1", "lead>=3", 1), ("S2", "field:食品", 2)),
        limits=(("P2", 1),),
    )
    assert read(block) == (
        "no teams fit sites S1 and S2 together: every choice breaks a rule or a cap (not together:"
        " P1 with P2 and P1 with P3; required: 1 officer of seniority 3 or more at S1 and"
        " 2 officers with field 食品 at S2; at least: P2 1 place)"
        " (no smaller set of sites is in the way here)",
        "场所 S1、S2 无法同时组成检查组：任何人选都违反规则或超出任务上限（不得同组：P1 与 P2、"
        "P1 与 P3；组成要求：S1 须有资历不低于 3 级的人员 1 名、S2 须有具备食品专业的人员 2 名；"
        "任务下限：P2 1 个）（此处没有更少的场所构成障碍）",
    )


def test_many_fields_are_summed_in_words():
    fields = ["水质", "食品检验", "司法鉴定", "计量校准", "建筑材料", "材料测试"]
    sites = [site(f"S{k}", sector=f) for k, f in enumerate(fields)]
    officers = [officer(f"P{cap}", skills=";".join(fields), max_tasks=cap) for cap in (5, 6)]
    with pytest.raises(Infeasible) as caught:
        feasible(build(sites, officers, seats=("specialist", "officer")))
    block = caught.value.blocking[0]
    assert block.text().startswith(
        "sites S0, S1, S2, S3, S4 and 1 more need 6 officers and 6 specialists;"
        " only officers P5 and P6 remain (11 places: P5 5 and P6 6): 1 short"
    )
    assert len(block.seats) == 1 + len(fields)
