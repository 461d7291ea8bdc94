"""Announcing: plan and registers, people's input and the beacon to come, bound by one signature."""

from datetime import datetime
from math import ceil
from typing import Any

from fairlot._base.errors import InvalidInput, within
from fairlot._base.progress import Progress, silent
from fairlot.planning import Foreseen, Plan, Tables, deciding
from fairlot.planning.deciding import check_table, renamed
from fairlot.planning.quotas import quotas
from fairlot.planning.staffing import refuse_shortage
from fairlot.planning.views import veiled
from fairlot.public import canonical, note
from fairlot.public.announcement import ALGORITHMS, ANNOUNCEMENT, read_body
from fairlot.public.before import Before, refuse_lone_hand
from fairlot.public.committed import commit
from fairlot.public.disclosure import frames_of, opening_json, sheets
from fairlot.public.folder import TABLES
from fairlot.public.moments import moment_text
from fairlot.public.pseudonym import Names
from fairlot.public.published import Beacon
from fairlot.public.seal import seal
from fairlot.public.suite import suite
from fairlot.registers import Registers

__all__ = ["announce"]

UNTRIED: dict[str, canonical.Json] = {"teams": "not tried"}


def announce(
    plan: Plan,
    registers: Registers,
    source: Beacon,
    *,
    signer: note.Signer,
    announced_at: datetime,
    names: Names,
    before: Before | None = None,
    foreseen: Foreseen | None = None,
    sequence: int = 1,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the files of an announcement in full, by name, sealed with the authority's key.

    What they hold are the columns that decide (see ``planning.deciding``), the plan, what people
    put in beforehand, and the beacon to come; people stand under their pseudonyms in ``names``,
    whose secret nobody else may know. ``disclosure.published`` says which of it may be shown.
    ``foreseen`` (see ``planning.outlook``) is told as it is. Refused are a beacon that was out at
    ``announced_at`` or comes out within the plan's margin, a sealed plan without two custodians,
    and a plan that contradicts itself on this roster.
    """
    before = before or Before()
    _refuse_haste(plan, source, announced_at)
    refuse_lone_hand(plan, before)
    progress("announce", 0, 3)
    tables = _sound(plan, registers, names)
    progress("announce", 1, 3)
    chosen = suite(plan.proof.suite)
    keys = {name: names.key(name) for name in TABLES}
    commitments = commit(frames_of(tables), keys, chosen)
    progress("announce", 2, 3)
    body: dict[str, Any] = {
        "@spec": ANNOUNCEMENT,
        "sequence": sequence,
        "announced_at": moment_text(announced_at.timestamp()),
        "plan": plan.table(),
        "registers": {name: each.announced() for name, each in commitments.items()},
        "foreseen": _told(foreseen) if foreseen else UNTRIED,
        "beacon": source.identity(),
        "algorithms": ALGORITHMS,
        "key": signer.vkey,
        **before.encode(),
    }
    announcement = canonical.encode(body) + b"\n"
    read_body({"announcement.json": announcement})  # what nobody could read back is refused here
    opening = opening_json(announcement, keys)
    files = {"announcement.json": announcement, "opening.json": opening}
    return seal({**files, **sheets(plan, tables, keys, chosen)}, signer)


def _refuse_haste(plan: Plan, source: Beacon, announced_at: datetime) -> None:
    """Refuse randomness that is out, or about to be."""
    source.refuse_if_known(announced_at)
    ahead = source.time - int(announced_at.timestamp())
    if ahead < plan.proof.margin:
        raise InvalidInput(
            "{beacon} comes out {got} s after the announcement; the plan's margin is {want} s",
            zh="{beacon} 在公告后 {got} 秒公布，方案要求至少相隔 {want} 秒",
            beacon=str(source), got=ahead, want=plan.proof.margin,
        )  # fmt: skip


def _sound(plan: Plan, registers: Registers, names: Names) -> Tables:
    """Return what decides, as the view has it; refuse what must not become an announcement.

    A plan that contradicts itself on this roster, or one that nobody can carry out.
    """
    tables = deciding(plan, registers)
    for name in TABLES:
        with within(name):
            check_table(name, getattr(tables, name))
    refuse_shortage(plan, quotas(plan, tables.standings), tables)
    tables = renamed(tables, names.pseudonyms)
    return veiled(tables, names.site_pseudonyms) if plan.proof.view == "pseudonymous" else tables


def _told(foreseen: Foreseen) -> dict[str, canonical.Json]:
    """Return what the announcement says of the lists that could be drawn."""
    if foreseen.every:
        return {"teams": "for every list"}
    at_most = ceil(foreseen.most * 10**4)
    return {
        "teams": "tried",
        "trials": foreseen.trials,
        "failures": foreseen.failures,
        "at_most": f"{at_most // 10**4}.{at_most % 10**4:04d}",
    }
