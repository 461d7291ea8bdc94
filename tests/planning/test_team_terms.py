"""The team of a plan: defaults that change nothing, and what no plan may ask."""

import pytest
from test_plan import plan

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Limit, TeamRules
from fairlot.planning import Plan


def test_a_plan_that_says_nothing_has_the_teams_of_always():
    assert plan().team.rules() == TeamRules(("specialist", "officer"))
    assert (plan().team.effective_floor, plan().team.loads) == ("1", "free")


FULL = """
[team]
seats = ["lead", "officer", "officer", "expert"]
own_station = "allowed"
support = { B = ["C", "D"] }
department = "生态环境"
per_department = 2
partners = "bureau"
lead_seniority = 3
expert_cap = 6
rotation = "officer"
limits = [{ bureau = "B", least = 2 }, { bureau = "B", department = "公安", most = 5 }]
effective_floor = 2.5
"""


def test_every_rule_reaches_the_lottery():
    assert plan(FULL).team.rules() == TeamRules(
        seats=("lead", "officer", "officer", "expert"),
        own_station=True,
        support={"B": ("C", "D")},
        department="生态环境",
        per_department=2,
        partners="bureau",
        lead_seniority=3,
        expert_cap=6,
        rotation="officer",
        limits=(Limit("B", least=2), Limit("B", "公安", most=5)),
    )
    assert plan(FULL).team.effective_floor == "2.5"
    assert Plan.of(plan(FULL).table()) == plan(FULL)


def test_loads_may_be_made_even():
    assert plan('[team]\nloads = "leximin"').team.loads == "leximin"


REFUSED = {
    'loads = "leximin"\nlimits = [{ bureau = "B", most = 5 }]': "and the two are not weighed against each other; want one of them",
    'seats = ["officer", "expert"]': "a visit has 1 seat for officers; the law asks for at least two",
    'seats = ["expert", "expert"]': "a visit has 0 seats for officers; the law asks for at least two",
    f"seats = {['officer'] * 9}": "a visit has 9 seats; want at most 8",
    'seats = ["officer", "driver"]': "team.seats.1: Input should be",
    'rotation = "pair"': 'rotation "pair" takes an integer programme, which a public draw does not',
    "limits = [{ least = 1 }]": "team.limits.0: a limit names neither a bureau nor a department",
    'limits = [{ bureau = "B", most = 2147483648 }]': "team.limits.0.most",
    'limits = [{ bureau = "B", least = 3, most = 2 }]': "team.limits.0: least 3 is above most 2",
    'limits = [{ bureau = "B" }, { bureau = "B", most = 2 }]': "two limits are of the same officers",
    "lead_seniority = 0": "team.lead_seniority",
    "effective_floor = -1": "team.effective_floor",
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_refused(text, message):
    with pytest.raises(InvalidInput) as refused:
        plan("[team]\n" + text)
    assert message in str(refused.value)
