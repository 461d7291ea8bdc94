"""What changes after the draw: the event was written down first, its randomness came later.

The seed of event n is that of a draw with ``event-00n.json`` in the place of the announcement and
without custodians; the numbers come from the stream ``replace/n`` of it. Nothing else changes.

A *recusal* leaves one seat to ``replacement/1`` (see ``fairlot.assignment``): all others stay, and
everyone who can take the seat has the chance that ``replacement-00n.json`` publishes. Where nobody
can, the file says what keeps everyone away, and the seat stays vacant under its old name.

A *closure* takes one site off the list: ``substitute/1`` (see ``planning.substitute``) draws who
stands in, and the lottery of that one visit draws its team, among the room that is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot._base.errors import Infeasible, InvalidInput, VerificationError
from fairlot._base.progress import Progress, silent
from fairlot.assignment import Problem, Replacement, Teams, draw_teams, replacement
from fairlot.assignment import replace as drawn_anew
from fairlot.assignment.replacement import DESIGN
from fairlot.planning import Quotas
from fairlot.planning.substitute import SUBSTITUTE, candidates, substitute
from fairlot.public import beacon, canonical, note
from fairlot.public.announced import Announced, open_announced, with_rows
from fairlot.public.announcement import refuse_other_hand
from fairlot.public.committed import DTYPES
from fairlot.public.disclosure import OPENINGS, opened_row
from fairlot.public.events import Event, read_events, waiting
from fairlot.public.folder import OUTCOME, SPEC, numbered
from fairlot.public.outcome import refuse_difference, replay, value_of
from fairlot.public.published import Value
from fairlot.public.seal import seal
from fairlot.public.staffed import staff, staff_chances
from fairlot.public.stream import Stream, seed, subkey
from fairlot.sampling import Sample

__all__ = ["Stand", "answered", "nobody_for", "replace"]

Told = dict[str, canonical.Json]


@dataclass(frozen=True)
class Stand:
    """The draw as it stands after some events.

    teams   of the drawn sites; those of a closed site keep their places, so nobody gains by it
    added   of every site that stands in for another
    out     rows of the roster that cannot be taken any more
    closed  sites to which nobody goes any more
    """

    announced: Announced
    quotas: Quotas
    teams: Teams
    out: frozenset[int]
    added: Mapping[str, Teams] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()

    @classmethod
    def first(cls, announced: Announced, quotas: Quotas, sample: Sample, teams: Teams) -> "Stand":
        """Return the draw as it was made."""
        return cls(announced, quotas, teams, frozenset(sample.index.tolist()))

    def visiting(self, site: str) -> Teams:
        """Return the teams that the team of this site is one of."""
        return self.added.get(site, self.teams)

    def refuse_nobody(self, site: str) -> None:
        """Refuse a site to which nobody goes: it was not drawn, or is closed."""
        if site in self.closed or site not in {*self.teams.problem.tasks, *self.added}:
            raise VerificationError("nobody goes to site {site}", zh="没有检查组前往 {site}",
                                    site=site)  # fmt: skip

    def loads(self) -> dict[str, int]:
        """Return how many places everybody has."""
        found: dict[str, int] = {}
        for teams in (self.teams, *self.added.values()):
            for officer, load in zip(teams.problem.officers, teams.loads.tolist(), strict=True):
                found[officer] = found.get(officer, 0) + load
        return found


def replace(
    files: Mapping[str, bytes],
    value: Value,
    *,
    signer: note.Signer,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the full record with the first waiting event answered, sealed.

    ``value`` is the randomness that the event named. The draw and every earlier answer are redone,
    and refused unless they come out as published. The notice is left out: whoever writes the
    record makes it anew.
    """
    refuse_other_hand(files, signer)
    event = waiting(files)
    data, _ = _answer(_stand(files, progress), event, value)
    added = {**files, numbered("replacement", event.number): data}
    added.pop("notice.html", None)
    return seal(added, signer)


def nobody_for(
    files: Mapping[str, bytes], event: Event, *, progress: Progress = silent
) -> Infeasible | None:
    """Return why nobody could answer ``event`` as the draw stands; None if somebody can.

    Costs a replay of the draw.
    """
    stand = _stand(files, progress)
    try:
        if event.closure:
            candidates(stand.quotas.frame, stand.out, _row(stand, event.site))
        else:
            teams = stand.visiting(event.site)
            replacement(teams.problem, teams, event.officer, tasks=[event.site])
    except Infeasible as error:
        return error
    return None


def answered(files: Mapping[str, bytes], stand: Stand) -> Stand:
    """Redo every answer on the draw as made; refuse one that was published otherwise."""
    for event in read_events(files):
        if event.answer is not None:
            data, stand = _answer(stand, event, event.value)
            refuse_difference(numbered("replacement", event.number), files, data)
    return stand


def _stand(files: Mapping[str, bytes], progress: Progress) -> Stand:
    """Return the draw as it stands, redone."""
    announced = open_announced(files)
    again = replay(announced, *value_of(files), progress=progress)
    for name in OUTCOME:
        if name in again.files:
            refuse_difference(name, files, again.files[name])
    return answered(files, Stand.first(announced, again.quotas, again.sample, again.teams))


def _answer(stand: Stand, event: Event, value: Value) -> tuple[bytes, Stand]:
    """Answer an event; return the file that says so, and the draw as it stands then."""
    stand.refuse_nobody(event.site)
    suite, source = stand.announced.suite, event.source
    salt = suite.digest(canonical.encode(dict(event.body)) + b"\n")
    root = seed(salt, beacon.material(source.identity(), source.randomness(value)), suite)
    stream = Stream(subkey(root, f"replace/{event.number}", suite), suite)
    found, after = (_stand_in if event.closure else _reseated)(stand, event, stream)
    told: Told = {
        "@spec": f"{SPEC} replacement",
        "number": event.number,
        "event": event.digest.hex(),
        "algorithm": SUBSTITUTE if event.closure else DESIGN,
        "value": source.canonical(value),
        "seed": root.hex(),
        "site": event.site,
        **found,
    }
    return canonical.encode(told) + b"\n", after


def _reseated(stand: Stand, event: Event, stream: Stream) -> tuple[Told, Stand]:
    """Draw the seat of a recusal anew."""
    teams = stand.visiting(event.site)
    try:
        vacant = replacement(teams.problem, teams, event.officer, tasks=[event.site])
    except Infeasible as error:
        found, after = _vacant(teams, event, error)
    else:
        found, after = _drawn(vacant, stream)
    if event.site in stand.added:
        stand = changed(stand, added={**stand.added, event.site: after})
    else:
        stand = changed(stand, teams=after)
    return {"original": event.officer, **found}, stand


def _drawn(vacant: Replacement, stream: Stream) -> tuple[Told, Teams]:
    after = drawn_anew(vacant, rng=stream)
    seat = after.problem.place_seat == after.problem.place_seat[vacant.places[0]]
    (place,) = np.flatnonzero(seat & ~np.isin(after.officer, vacant.teams.officer[seat]))
    open_to = vacant.to_frame()
    told: Told = {
        "seat": str(after.problem.seat_kind[after.problem.place_seat[place]]),
        "officer": after.problem.officers[after.officer[place]],
        "borrowed": bool(after.borrowed[place]),
        "candidates": [
            {"officer": officer, "chance": chance}
            for officer, chance in zip(open_to["officer_id"], open_to["chance"], strict=True)
        ],
    }
    return told, after


def _vacant(teams: Teams, event: Event, error: Infeasible) -> tuple[Told, Teams]:
    """Tell who is kept away and by what; whoever stepped back gets no other site instead."""
    told: Told = {
        "seat": error.facts["seat"],
        "officer": "",
        "borrowed": False,
        "candidates": [],
        "kept_away": error.facts["kept_away"],
    }
    problem = teams.problem
    cap, who = problem.cap.copy(), problem.officers.index(event.officer)
    cap[who] = teams.loads[who]
    least = np.minimum(problem.least, cap)
    return told, changed(teams, problem=changed(problem, cap=cap, least=least))


def _stand_in(stand: Stand, event: Event, stream: Stream) -> tuple[Told, Stand]:
    """Draw who stands in for a closed site, and the team of that visit."""
    stand = changed(stand, closed=stand.closed | {event.site})
    nobody: Told = {"substitute": "", "level": "", "candidates": [], "team": []}
    try:
        found = candidates(stand.quotas.frame, stand.out, _row(stand, event.site))
    except Infeasible:
        return nobody, stand
    row = substitute(found, int(stream.words(1)[0]))
    stand, opened = _opened(stand, event, row)
    site = found.sites[found.index.index(row)]
    team = _team(stand, row, stream)
    told: Told = {
        "substitute": site,
        "level": found.level,
        "candidates": [
            {"site": one, "numerator": numerator}
            for one, numerator in zip(found.sites, found.numerators, strict=True)
        ],
        "team": _seats(team),
        **opened,
    }
    added = {**stand.added, site: team} if team else stand.added
    return told, changed(stand, out=stand.out | {row}, added=added)


def _opened(stand: Stand, event: Event, row: int) -> tuple[Stand, Told]:
    """Return what opens the row of a stand-in; in a pseudonymous record its file shows it."""
    announced = stand.announced
    assert announced.tables is not None
    if announced.plan.proof.view != "pseudonymous":
        return stand, {}
    if announced.whole:
        return stand, {
            "opened": opened_row(announced.tables, announced.opening, row, announced.suite)
        }
    told = (event.answer or {}).get("opened")
    if not _is_opening(told) or told["row"] != row:
        raise InvalidInput("the row of the stand-in is not opened", zh="替补场所的数据未开启")
    cells = {name: pd.Series([told[name]], dtype=DTYPES[kind]) for name, kind in OPENINGS.items()}
    return changed(stand, announced=with_rows(announced, pd.DataFrame(cells))), {"opened": told}


def _is_opening(told: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(told, dict)
        and set(told) == set(OPENINGS)
        and all(type(told[name]) is kind for name, kind in OPENINGS.items())
    )


def _team(stand: Stand, row: int, stream: Stream) -> Teams | None:
    """Draw the team of one more visit among the room that is left; None where there is none."""
    try:
        problem = _with_room(staff(stand.announced, np.array([row])), stand.loads())
        chances = staff_chances(stand.announced, problem)
    except (Infeasible, InvalidInput):
        return None
    return draw_teams(problem, chances=chances, rng=stream)


def _with_room(problem: Problem, loads: Mapping[str, int]) -> Problem:
    """Return a problem whose officers, and groups of them, have only the room that is left."""
    load: Ints = np.array([loads.get(officer, 0) for officer in problem.officers], np.int64)
    groups = tuple(
        changed(group, least=0, most=max(0, group.most - int(load[list(group.officers)].sum())))
        for group in problem.groups
    )
    room = np.maximum(problem.cap - load, 0)
    return changed(problem, cap=room, least=np.zeros_like(room), groups=groups)


def _seats(team: Teams | None) -> list[canonical.Json]:
    rows = team.to_frame().to_dict("records") if team else []
    return [
        {
            "seat": str(row["seat"]),
            "officer": str(row["officer_id"]),
            "borrowed": bool(row["borrowed"]),
        }
        for row in rows
    ]


def _row(stand: Stand, site: str) -> int:
    sites = stand.quotas.frame["site_id"].tolist()
    if site not in sites:
        raise InvalidInput("site {site} is not in the roster", zh="名录中没有 {site}", site=site)
    return sites.index(site)
