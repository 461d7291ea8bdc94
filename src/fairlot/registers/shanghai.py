"""The shanghai example: a made-up city of testing institutions, from one seed.

Every institution, person and visit is invented; the names say so. The bureaux, the mix of
sectors and the credit classes follow what is known of the real city, and the counts hold exactly.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from fairlot._base.errors import InvalidInput
from fairlot.registers._dice import Dice
from fairlot.registers._shanghai_conflicts import conflicts
from fairlot.registers._shanghai_dirty import dirty
from fairlot.registers._shanghai_facts import AS_OF, BUREAUX, KEY_SECTORS, Table
from fairlot.registers._shanghai_items import ITEMS
from fairlot.registers._shanghai_past import history, proficiency, recent, truth
from fairlot.registers._shanghai_people import (
    Officer,
    absences,
    experts,
    gather_sites,
    officer_table,
    officers,
)
from fairlot.registers._shanghai_sites import make_sites

__all__ = ["AS_OF", "SEED", "generate", "write"]

SEED = 20240701

BLOCKED = "310151"
"""The bureau of two officers, one of whom is family at a site that must be visited; it needs
help from its neighbour 310115."""

INSTITUTIONS = (
    "site_id", "uscc", "name", "legal_form", "site_address", "division_code", "bureau_id",
    "station_id", "registered_division", "cma_no", "cma_issue", "cma_expiry", "sector", "sector2", "is_key",
    "credit_scheme", "credit_class", "credit_as_of", "risk_score", "complaints_12m",
    "penalties_36m", "listed", "pt_last", "commitment_date", "commitment_kind", "staff",
    "reports_per_year", "last_inspected", "visits_ytd", "status", "synthetic",
)  # fmt: skip
MAX_SCALE = 49
"""More cities would run out of certificate serials."""


def generate(*, seed: int = SEED, scale: int = 1, officers_per: int = 6) -> dict[str, pd.DataFrame]:
    """Return the tables of the example by file name; every cell is text, "" where blank.

    scale         cities: each has 1,200 sites and 18 bureaux; from the second on their ids end
                  in -02, -03, ...
    officers_per  sites per officer; at scale 45, 12 gives 54,000 sites and about 5,000 officers

    The same arguments give the same tables on every platform. The tables are institutions,
    officers, experts, conflicts, absences, items, history, and beside the registers pt_results
    (two rounds of proficiency testing), truth (which sites break the rules) and
    institutions_dirty (60 rows, most of them broken, with what is wrong in ``expected_error``).

    >>> tables = generate()
    >>> {name: len(tables[name]) for name in ("institutions", "officers", "experts", "items")}
    {'institutions': 1200, 'officers': 260, 'experts': 90, 'items': 12}
    """
    if not 1 <= scale <= MAX_SCALE:
        raise InvalidInput("scale is {got}; want 1 to {most}", zh="scale 为 {got}，应在 1 至 {most} 之间",
                           got=scale, most=MAX_SCALE)  # fmt: skip
    if officers_per < 1:
        raise InvalidInput("officers_per is {got}; want at least 1",
                           zh="officers_per 为 {got}，应至少为 1", got=officers_per)  # fmt: skip
    cities = [_city(seed, copy, officers_per) for copy in range(scale)]
    tables = {name: _joined([city[name] for city in cities]) for name in cities[0]}
    tables["items"] = ITEMS
    tables["pt_results"] = proficiency(Dice(f"{seed}/pt"))
    tables["institutions_dirty"] = dirty(cities[0]["institutions"])
    return {name: pd.DataFrame(table, dtype=object) for name, table in tables.items()}


def write(folder: str | Path, tables: Mapping[str, pd.DataFrame] | None = None) -> None:
    """Write the tables (by default the shipped ones) as CSV: UTF-8, line feeds only."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, table in (tables or generate()).items():
        text = table.to_csv(index=False, lineterminator="\n")
        (Path(folder) / f"{name}.csv").write_bytes(text.encode("utf-8"))


def _joined(tables: list[Table]) -> Table:
    return {name: [cell for table in tables for cell in table[name]] for name in tables[0]}


def _city(seed: int, copy: int, officers_per: int) -> dict[str, Table]:
    """Make one city; each table has dice of its own, so that none moves another."""

    def dice(table: str) -> Dice:
        return Dice(f"{seed}/{copy}/{table}")

    suffix = f"-{copy + 1:02d}" if copy else ""
    bureaux = [replace(bureau, id=bureau.id + suffix) for bureau in BUREAUX]
    sites = make_sites(dice("sites"), bureaux, copy)
    places = gather_sites(sites)
    people = officers(dice("officers"), bureaux, places, per=officers_per, units=not copy)
    pool = experts(dice("experts"), sites, copy)
    facts = truth(dice("truth"), sites)
    past = history(dice("history"), sites, facts["violation"], _ids(people))
    sites |= recent(sites["site_id"], past)
    blocked = None if copy else _blocked(sites, people)
    return {
        "institutions": {name: sites[name] for name in INSTITUTIONS},
        "officers": officer_table(people),
        "experts": pool,
        "conflicts": conflicts(dice("conflicts"), people, places, pool["expert_id"], blocked),
        "absences": absences(dice("absences"), people),
        "history": past,
        "truth": facts,
    }


def _ids(people: list[Officer]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for officer in people:
        ids.setdefault(officer.bureau, []).append(officer.id)
    return ids


def _blocked(sites: Table, people: list[Officer]) -> tuple[str, str]:
    """Return the first officer of the bureau and its first key site not yet visited this year."""
    officer = next(officer.id for officer in people if officer.bureau == BLOCKED)
    columns = (sites[name] for name in ("site_id", "bureau_id", "sector", "visits_ytd"))
    site = next(
        site
        for site, bureau, sector, visits in zip(*columns, strict=True)
        if bureau == BLOCKED and sector in KEY_SECTORS and visits == "0"
    )
    return officer, site
