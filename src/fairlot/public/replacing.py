"""A seat drawn anew: the event was written down first, its randomness came later.

The seed of event n is that of a draw with ``event-00n.json`` in the place of the announcement; the
numbers come from the stream ``replace/n`` of it. The rule is ``replacement/1`` (see
``fairlot.assignment``): all others stay where they are, and everyone who can take the seat has the
chance that ``replacement-00n.json`` publishes as a fraction. Where nobody can, the file says so and
what keeps everyone away; the seat stays vacant under its old name, and the next event can go on.
"""

from collections.abc import Mapping
from dataclasses import replace as changed

import numpy as np

from fairlot._base.errors import Infeasible
from fairlot._base.progress import Progress, silent
from fairlot.assignment import Replacement, Teams, replacement
from fairlot.assignment import replace as drawn_anew
from fairlot.assignment.replacement import DESIGN
from fairlot.public import beacon, canonical, note
from fairlot.public.announcement import SPEC, open_announced, refuse_other_hand
from fairlot.public.events import Event, read_events, waiting
from fairlot.public.folder import OUTCOME, numbered
from fairlot.public.outcome import randomness_of, refuse_difference, replay
from fairlot.public.seal import seal
from fairlot.public.stream import Stream, seed, subkey

__all__ = ["answered", "nobody_for", "replace"]

Told = dict[str, canonical.Json]


def replace(
    files: Mapping[str, bytes],
    value: beacon.Value,
    *,
    signer: note.Signer,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the record with the seat of the first waiting event drawn anew, sealed.

    ``value`` is the randomness that the event named. The draw and every earlier replacement are
    redone, and refused unless they come out as published. The notice is left out: whoever writes
    the record makes it anew. Where nobody can take the seat the answer has no ``officer`` and
    tells in ``kept_away`` why.
    """
    refuse_other_hand(files, signer)
    event = waiting(files)
    again = replay(open_announced(files), randomness_of(files), progress=progress)
    for name in OUTCOME:
        refuse_difference(name, files, again.files[name])
    data, _ = _answer(answered(files, again.teams), event, value)
    added = {**files, numbered("replacement", event.number): data}
    added.pop("notice.html", None)
    return seal(added, signer)


def nobody_for(
    files: Mapping[str, bytes], event: Event, *, progress: Progress = silent
) -> Infeasible | None:
    """Return why nobody could take the seat of ``event`` as the teams stand; None if somebody can.

    Costs a replay of the draw.
    """
    again = replay(open_announced(files), randomness_of(files), progress=progress)
    teams = answered(files, again.teams)
    try:
        replacement(teams.problem, teams, event.officer, tasks=[event.site])
    except Infeasible as error:
        return error
    return None


def answered(files: Mapping[str, bytes], teams: Teams) -> Teams:
    """Redo every replacement on the teams as drawn; refuse one that was published otherwise."""
    for event in read_events(files):
        if event.answer is not None:
            data, teams = _answer(teams, event, event.value)
            refuse_difference(numbered("replacement", event.number), files, data)
    return teams


def _answer(teams: Teams, event: Event, value: beacon.Value) -> tuple[bytes, Teams]:
    """Draw the seat; return the file that says so, and the teams as they stand then."""
    root = seed(event.digest, event.source.material(value))
    try:
        vacant = replacement(teams.problem, teams, event.officer, tasks=[event.site])
    except Infeasible as error:
        found, after = _vacant(teams, event, error)
    else:
        found, after = _drawn(vacant, Stream(subkey(root, f"replace/{event.number}")))
    told: Told = {
        "spec": SPEC,
        "number": event.number,
        "event": event.digest.hex(),
        "algorithm": DESIGN,
        "randomness": event.source.canonical(value),
        "seed": root.hex(),
        "site": event.site,
        "original": event.officer,
        **found,
    }
    return canonical.encode(told) + b"\n", after


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
