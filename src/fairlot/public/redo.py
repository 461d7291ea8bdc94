"""Steps 9 to 17 of a verification: replay the draw and compare every file with the one published."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from fairlot._base.arrays import Ints
from fairlot._base.errors import VerificationError
from fairlot._base.progress import Progress
from fairlot.assignment import Chances, Problem, Teams, check_teams
from fairlot.planning import Quotas, choice, coverage
from fairlot.public.announced import Announced, with_openings
from fairlot.public.committed import Commitment
from fairlot.public.events import read_events
from fairlot.public.lists import list_bytes
from fairlot.public.outcome import (
    bound,
    chances_csv,
    decide,
    drawn_csv,
    outcome_json,
    read_outcome,
    refuse_difference,
    select,
)
from fairlot.public.published import Beacon, Value
from fairlot.public.replacing import answered
from fairlot.public.staffed import assign, commitment, dates, staff, staff_chances
from fairlot.public.stand import Stand
from fairlot.public.steps import Found, Steps, told
from fairlot.sampling import Sample

__all__ = ["redo"]

Files = Mapping[str, bytes]


def redo(
    steps: Steps,
    files: Files,
    announced: Announced,
    came: tuple[Beacon, Value],
    root: bytes,
    now: datetime,
    progress: Progress,
) -> None:
    """Judge the steps from the probabilities to the replacements."""
    progress("probabilities", 0, 5)
    decided = steps.do("probabilities", lambda: _quotas(files, announced))
    if decided is None:
        return
    progress("selection", 1, 5)
    chosen = steps.do("selection", lambda: _sample(files, announced, decided, root))
    if chosen is None:
        return
    sample, announced = chosen
    again = list_bytes("coverage", coverage(decided, sample))
    steps.do("coverage", lambda: refuse_difference("coverage.csv", files, again))
    progress("chances", 2, 5)
    staffed = steps.do("chances", lambda: _chances(files, announced, sample.index))
    if staffed is None:
        return
    progress("teams", 3, 5)
    problem, chances, committed = staffed
    teams = steps.do("teams", lambda: _teams(files, problem, chances, root, announced))
    if teams is None:
        return
    days = steps.do("schedule", lambda: _dates(files, announced, sample.index, teams, root))
    progress("files", 4, 5)
    if days is not None:
        results = bound(announced, decided, sample.index, days, teams)
        steps.do("results", lambda: _same_results(files, results))
        whole = outcome_json(announced, *came, len(sample), committed, results)
        steps.do("outcome", lambda: refuse_difference("outcome.json", files, whole))
    stand = Stand.first(announced, decided, sample, teams)
    steps.judge("replacements", lambda: _replacements(files, stand, now))


def _quotas(files: Files, announced: Announced) -> Quotas:
    decided = decide(announced)
    refuse_difference("probabilities.csv", files, chances_csv(decided))
    return decided


def _sample(
    files: Files, announced: Announced, decided: Quotas, root: bytes
) -> tuple[Sample, Announced]:
    sample = select(announced, decided, root)
    announced = with_openings(announced, files, sample.index)
    refuse_difference("drawn.csv", files, drawn_csv(announced, decided, sample.index))
    return sample, announced


def _chances(files: Files, announced: Announced, drawn: Ints) -> tuple[Problem, Chances, str]:
    problem = staff(announced, drawn)
    chances = staff_chances(announced, problem)
    refuse_difference("visits.csv", files, list_bytes("visits", choice(announced.plan, chances)))
    got, want = read_outcome(files).get("chances"), commitment(chances, announced.suite)
    if got != want:
        raise VerificationError("outcome.json: chances is {got}; want {want}",
                                zh="outcome.json：chances 为 {got}，应为 {want}",
                                got=got, want=want)  # fmt: skip
    return problem, chances, want


def _teams(
    files: Files, problem: Problem, chances: Chances, root: bytes, announced: Announced
) -> Teams:
    teams = assign(problem, chances, root, announced.suite)
    check_teams(problem, teams)
    refuse_difference("teams.csv", files, list_bytes("teams", teams.to_frame()))
    return teams


def _dates(
    files: Files, announced: Announced, drawn: Ints, teams: Teams, root: bytes
) -> pd.DataFrame:
    days = dates(announced, drawn, teams, root)
    refuse_difference("schedule.csv", files, list_bytes("schedule", days))
    return days


def _same_results(files: Files, results: Commitment) -> None:
    got, want = read_outcome(files)["results"], results.announced()
    if got != want:
        raise VerificationError("outcome.json: results is {got}; want {want}",
                                zh="outcome.json：results 为 {got}，应为 {want}",
                                got=got, want=want)  # fmt: skip


def _replacements(files: Files, stand: Stand, now: datetime) -> Found:
    """Redo every answer; one that waits, or whose randomness is not verified, is not shown."""
    events = read_events(files)
    answered(files, stand)
    waits = [event.name for event in events if event.answer is None]
    if waits:
        listed = ", ".join(waits)
        return "not shown", told(f"{listed} waits for its randomness", f"{listed} 等待随机数")
    for event in events:
        event.source.refuse_if_future(now)
        verdict, why = event.source.attest(event.value)
        if verdict != "holds":
            return verdict, told(f"{event.name}: {why['en']}", f"{event.name}：{why['zh']}")
    closed = sum(event.closure for event in events)
    stepped = len(events) - closed
    return "holds", told(
        f"changes after the draw: {len(events)} (recusals: {stepped}, closures: {closed})",
        f"事后变更 {len(events)} 项（回避 {stepped} 项，停业 {closed} 项）",
    )
