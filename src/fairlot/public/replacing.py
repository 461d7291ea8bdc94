"""What changes after the draw: the event was written down first, its randomness came later.

The seed of event n is that of a draw with ``event-00n.json`` in the place of the announcement and
without custodians; the numbers come from the stream ``replace/n`` of it. Nothing else changes.

A *recusal* leaves one seat to ``replacement/1`` (see ``fairlot.assignment``): all others stay, and
everyone who can take the seat has the chance that ``replacement-00n.json`` publishes. Where nobody
can, the file says what keeps everyone away, and the seat stays vacant under its old name.

A *closure* takes one site off the list: see ``standing_in``.
"""

from collections.abc import Mapping
from dataclasses import replace as changed

import numpy as np

from fairlot._base.errors import Infeasible
from fairlot._base.progress import Progress, silent
from fairlot.assignment import Replacement, Teams, replacement
from fairlot.assignment import replace as drawn_anew
from fairlot.assignment.replacement import DESIGN
from fairlot.planning.substitute import SUBSTITUTE
from fairlot.public import beacon, canonical, note
from fairlot.public.announced import open_announced
from fairlot.public.announcement import refuse_other_hand
from fairlot.public.events import Event, read_events, waiting
from fairlot.public.folder import OUTCOME, SPEC, numbered
from fairlot.public.outcome import refuse_difference, replay, value_of
from fairlot.public.published import Value
from fairlot.public.seal import seal
from fairlot.public.stand import Stand
from fairlot.public.standing_in import candidates_for, stand_in
from fairlot.public.stream import Stream, seed, subkey

__all__ = ["answered", "nobody_for", "replace"]

Told = dict[str, canonical.Json]


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
            candidates_for(stand, event.site)
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
    found, after = (stand_in if event.closure else _reseated)(stand, event, stream)
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
