"""Before announcing: what can be known of the teams while nobody knows which sites will be drawn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot._base.errors import Infeasible, within
from fairlot._base.progress import Progress, silent
from fairlot.assignment.declared import declared
from fairlot.assignment.effective import EXPERT
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem
from fairlot.assignment.staffable import staffable
from fairlot.assignment.wording import listed, listed_zh
from fairlot.planning.deciding import Tables
from fairlot.planning.foreseen import Foreseen, foreseen
from fairlot.planning.plan import Plan
from fairlot.planning.quotas import Quotas
from fairlot.planning.staffing import refuse_shortage
from fairlot.planning.visited import named_sites, problem_of
from fairlot.sampling import D

__all__ = ["Outlook", "outlook"]


@dataclass(frozen=True, eq=False)
class Outlook:
    """What an authority should know, and publish in part, before it announces.

    foreseen  whether every list that could be drawn has teams
    declared  sites and officers with more conflicts, or more new ones, than chance explains, see
              ``assignment.declared``; names officers, so it is not for publication
    few       sites with a chance to be drawn that have fewer officers to choose from than places
              for them, or than the plan's floor of effective officers: site_id, bureau_id, places,
              eligible. No site has more effective officers than eligible ones
    floor     the plan's floor, as it is written there
    """

    foreseen: Foreseen
    declared: pd.DataFrame
    few: pd.DataFrame
    floor: str

    def text(self, lang: str = "en") -> list[str]:
        """Say it line by line, ``lang`` "en" or "zh"; long lists are shortened."""
        return [*(_lines_zh if lang == "zh" else _lines)(self)]


def outlook(plan: Plan, decided: Quotas, tables: Tables, *, progress: Progress = silent) -> Outlook:
    """Look ahead at the teams of every list that the plan could draw; nothing is drawn.

    Raises Infeasible for what must not be announced: a bureau with fewer officer-visits than its
    quota needs, sites that are certain to be drawn and cannot be staffed together, with what is in
    the way and what would cure it, one of them that has fewer officers to choose from than the
    plan's floor of effective officers, or a thousand lists without teams. Raises NotConverged when
    a list that was tried has teams and its chances are not found.

    Some 1.5 s for 52,000 sites and 5,000 officers; where nothing is proved, a minute of trials.
    """
    refuse_shortage(plan, decided, tables)
    possible = np.flatnonzero(decided.frame["numerator"].to_numpy() > 0)
    chances, problem = decided.frame.iloc[possible], problem_of(plan, tables, possible)
    certain = np.flatnonzero(chances["numerator"].to_numpy() == D)
    _refuse_certain(problem, certain)
    _refuse_below(problem, certain, plan.team.effective_floor)
    found = foreseen(problem, chances, loads=plan.team.loads, progress=progress)
    _refuse_hopeless(found)
    active = tables.officers[tables.officers["active"].to_numpy()]
    return Outlook(
        foreseen=found,
        declared=declared(
            tables.conflicts, named_sites(tables, possible), active, as_of=plan.as_of
        ),
        few=_few(problem, plan.team.effective_floor),
        floor=plan.team.effective_floor,
    )


def _refuse_certain(problem: Problem, certain: Ints) -> None:
    """Refuse sites that every list holds and no teams can be found for."""
    if not staffable(part(replace(problem, barred=()), certain)):
        with within("sites that are certain to be drawn", "必然抽中的场所"):
            feasible(part(problem, certain))


def _refuse_below(problem: Problem, certain: Ints, floor: str) -> None:
    """Refuse sites that every list holds and that cannot have the effective officers asked for."""
    _, eligible = _counted(problem)
    below = certain[eligible[certain] < ceil(Fraction(floor))]
    if below.size:
        names = [f"{problem.tasks[task]} ({eligible[task]})" for task in below]
        raise Infeasible(
            "sites that are certain to be drawn have fewer officers to choose from than the plan's "
            "{floor} effective officers: {sites}",
            zh="必然抽中的场所可选人员少于方案要求的 {floor} 名有效人员：{sites_zh}",
            floor=floor,
            sites=listed(names),
            sites_zh=listed_zh(names, "家"),
            because=tuple(problem.tasks[task] for task in below),
        )


def _refuse_hopeless(found: Foreseen) -> None:
    if found.failures == found.trials > 0:
        raise Infeasible(
            "none of the {trials} lists of sites that were tried has teams",
            zh="试抽的 {trials} 份名单均无法组成检查组",
            trials=found.trials,
            because=found.hopeless,
        )


def _few(problem: Problem, floor: str) -> pd.DataFrame:
    places, eligible = _counted(problem)
    few = np.flatnonzero(eligible < np.maximum(places, ceil(Fraction(floor))))
    return pd.DataFrame(
        {
            "site_id": pd.Series([problem.tasks[task] for task in few], dtype=object),
            "bureau_id": problem.bureau[few].astype(object),
            "places": places[few],
            "eligible": eligible[few],
        }
    )


def _counted(problem: Problem) -> tuple[Ints, Ints]:
    """Return the places for officers of each site, and the officers who may take any of them."""
    network, counted, tasks = network_of(problem), problem.seat_kind != EXPERT, len(problem.tasks)
    places = np.zeros(tasks, np.int64)
    np.add.at(places, problem.seat_task[counted], problem.quota[counted])
    sizes = np.diff(problem.ptr)
    task = np.where(np.repeat(counted, sizes), np.repeat(problem.seat_task, sizes), tasks)
    once = network.bundle < 0
    bundled = np.full(network.full.size, tasks)  # the task of who may take several of its seats
    bundled[network.bundle[~once & (task < tasks)]] = task[~once & (task < tasks)]
    eligible = np.bincount(np.concatenate([task[once], bundled]), minlength=tasks + 1)
    return places, eligible[:tasks].astype(np.int64)


def _lines(found: Outlook) -> Iterator[str]:
    seen = found.foreseen
    if seen.every:
        yield "every list of sites that could be drawn has teams"
    else:
        yield (
            f"not proved that every list of sites has teams: {seen.failures} of {seen.trials} lists "
            f"tried have none; the list drawn has none with a chance of at most {_percent(seen)} % "
            f"(95 % confidence)"
        )
    if seen.hopeless:
        yield f"no team fits, even alone: {listed(seen.hopeless)}"
    if len(found.few):
        names = [
            f"{k.site_id} ({k.eligible} for {k.places} places)" for k in found.few.itertuples()
        ]
        yield (
            f"fewer officers to choose from than places, or than the plan's {found.floor} effective "
            f"officers: {listed(names)}"
        )
    for line in found.declared.itertuples():
        new = " new" if line.new else ""
        yield (
            f"{line.what} {line.id} has {line.conflicts}{new} conflicts of {line.of} possible; "
            f"{line.expected:.1f} were to be expected"
        )


def _lines_zh(found: Outlook) -> Iterator[str]:
    seen = found.foreseen
    if seen.every:
        yield "凡可能抽中的名单都能组成检查组"
    else:
        yield (
            f"未能证明凡可能抽中的名单都能组成检查组：试抽 {seen.trials} 份名单，{seen.failures} 份"
            f"无法组成；实际抽中名单无法组成的概率至多 {_percent(seen)}%（置信度 95%）"
        )
    if seen.hopeless:
        yield f"单独也无法组成检查组：{listed_zh(seen.hopeless, '家')}"
    if len(found.few):
        names = [f"{k.site_id}（{k.places} 席 {k.eligible} 人）" for k in found.few.itertuples()]
        yield f"可选人员少于席位数或方案要求的 {found.floor} 名有效人员：{listed_zh(names, '家')}"
    for line in found.declared.itertuples():
        what = "场所" if line.what == "site" else "人员"
        new = "新登记" if line.new else ""
        yield (
            f"{what} {line.id} 有{new}回避关系 {line.conflicts} 项（共 {line.of} 项可能），"
            f"按全库比例应为 {line.expected:.1f} 项"
        )


def _percent(seen: Foreseen) -> str:
    """Return the bound in percent, rounded up."""
    return f"{ceil(seen.most * 10**4) / 100:.2f}"
