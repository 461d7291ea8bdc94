"""Teams that are checked, and officers who drop out: the page answers as the library does."""

from contextlib import suppress

import numpy as np
from lottery_worlds import Heard, plain, world

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.assignment import Teams, check_teams, draw_teams, replace, replacement
from fairlot.assignment.teams import entries

WORLDS = 200


def drawn():
    """Teams of every world that has any, and its number."""
    for seed in range(WORLDS):
        with suppress(Infeasible):
            yield seed, draw_teams(world(seed), rng=np.random.default_rng(seed))


def test_teams_that_break_a_rule_are_refused(js):
    cases, kept = [], []
    for seed, teams in drawn():
        problem, rng = teams.problem, np.random.default_rng(seed)
        for some in (teams, _moved(problem, teams, rng), _lent(problem, teams, rng)):
            cases.append(asked(some))
            kept.append(_keeps(problem, some))
    got = js("tests/lottery.js", "kept", cases)
    assert [answer == "kept" for answer in got] == kept
    assert {answer["refused"] for answer in got if answer != "kept"} == {"InvalidInput"}
    assert 200 < sum(kept) < len(kept) - 200


def asked(teams):
    """Teams as JSON."""
    return {"problem": plain(teams.problem)} | places(teams)


def places(teams):
    """Who sits on every place, and whether they are borrowed."""
    borrowed = teams.borrowed.astype(int).tolist()
    return {"officer": teams.officer.tolist(), "borrowed": borrowed}


def _moved(problem, teams, rng):
    """Somebody else on one place."""
    officer = teams.officer.copy()
    officer[rng.integers(officer.size)] = rng.integers(len(problem.officers))
    return _marked(problem, officer)


def _lent(problem, teams, rng):
    """Somebody else of the row on one place, everybody in order."""
    officer = teams.officer.copy()
    place = rng.integers(officer.size)
    officer[place] = rng.choice(problem.row(problem.place_seat[place]))
    return _marked(problem, officer[np.lexsort((officer, problem.place_seat))])


def _marked(problem, officer):
    at = np.minimum(entries(problem, officer), problem.idx.size - 1)
    return Teams(problem, officer, problem.tier[at] > 0, "by hand")


def _keeps(problem, teams):
    try:
        check_teams(problem, teams)
    except InvalidInput:
        return False
    return True


def leave(teams, seed):
    """Two officers leave, one after the other, the first some places, the second all."""
    leaving, wanted, rng = [], [], np.random.default_rng(seed)
    for some in (True, False):
        problem = teams.problem
        who = int(rng.choice(teams.officer))
        task = problem.seat_task[problem.place_seat[teams.officer == who]]
        sites = [problem.tasks[t] for t in rng.permutation(task)[:2]] if some else None
        heard = Heard(seed)
        leaving.append({"officer": problem.officers[who], "sites": sites, "words": heard.given})
        try:
            found = replacement(problem, teams, problem.officers[who], tasks=sites)
        except Infeasible as error:
            away = error.facts.get("kept_away")
            wanted.append({"refused": "Infeasible", "keptAway": away})
            continue
        teams = replace(found, rng=heard)
        wanted.append({
            "candidates": [row.tolist() for row in found.candidates],
            "chances": [[str(chance) for chance in row] for row in found.chances],
            "method": found.method,
            "completions": found.completions,
            "left": 0,
            **places(teams),
        })  # fmt: skip
    return leaving, wanted


def test_replacements(js):
    cases, wanted = [], []
    for seed, teams in drawn():
        leaving, want = leave(teams, seed)
        cases.append(asked(teams) | {"leaving": leaving})
        wanted.append(want)
    assert js("tests/lottery.js", "replaced", cases) == wanted
    told = [each for want in wanted for each in want]
    assert {each.get("refused", each.get("method")) for each in told} == {
        "Infeasible", "joint", "in order"}  # fmt: skip
    assert sum(each.get("completions") or 0 for each in told) > len(told)
