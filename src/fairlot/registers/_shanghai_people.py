"""The made-up officers and experts: enough hands and skills for the default plan, no more."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

from fairlot.registers._dice import Dice
from fairlot.registers._shanghai_facts import KEY_SECTORS, SECTORS, WINDOW, Bureau, Table, weekdays
from fairlot.registers._shanghai_sites import OWNERS, flag, invented_uscc

__all__ = ["Officer", "Site", "absences", "experts", "gather_sites", "officer_table", "officers"]

UNITS = (
    ("ZFZD", "市场监管", 20), ("SHHJ", "生态环境", 10), ("SHGA", "公安", 6), ("SHNY", "农业农村", 5),
    ("SHSF", "司法行政", 5), ("SHJT", "道路运输", 5), ("SHYJ", "药品监管", 5),
)  # fmt: skip
"""City units that lend officers to joint draws (沪市监认检〔2021〕529号 二(三)1)."""

SMALL = 4
"""A bureau of so few officers has them all at its seat, able to do everything, none away."""
SPECIALISTS = 3
"""Officers of each sector, other than of the site's own station, that every site can count on."""
MOST_TASKS = 12
SLACK = 2.3
"""Officer-visits in hand per visit to make; two are needed."""

EXPIRED, INACTIVE, AWAY = 0.04, 0.03, 0.10
PAST_ABSENCES = 16
PAST_DAYS = weekdays("2023-01-02", "2024-06-14")
AWAY_FROM = weekdays("2024-08-05", "2024-10-31")
VALID_UNTIL = weekdays("2024-12-02", "2029-06-29")
EXPIRED_ON = weekdays("2023-07-03", "2024-06-28")
REASONS = ("病假", "年休假", "培训", "借调")

EXPERTS = 90
EMPLOYED = 54
REGIONS = {"沪": 60, "苏": 12, "浙": 12, "皖": 6}


@dataclass(slots=True)
class Officer:
    """One officer while the example is being made."""

    id: str
    bureau: str
    station: str
    level: str
    department: str = "市场监管"
    expiry: str = ""
    skills: list[str] = field(default_factory=list)
    tasks: int = 0
    active: bool = True
    away: bool = False

    @property
    def available(self) -> bool:
        """Whether the officer can go on every day of the visits."""
        return self.active and not self.away and self.expiry > WINDOW[1]


@dataclass(frozen=True, slots=True)
class Site:
    """What of a site matters to those who visit it."""

    id: str
    uscc: str
    station: str
    sector: str


def gather_sites(table: Table) -> dict[str, list[Site]]:
    """Return the sites of every bureau."""
    columns = (table[name] for name in ("bureau_id", "site_id", "uscc", "station_id", "sector"))
    sites: dict[str, list[Site]] = {}
    for bureau, *rest in zip(*columns, strict=True):
        sites.setdefault(bureau, []).append(Site(*rest))
    return sites


def officers(
    dice: Dice, bureaux: Sequence[Bureau], sites: dict[str, list[Site]], *, per: int, units: bool
) -> list[Officer]:
    """Return the officers of one city, about one for every ``per`` sites, and of its units."""
    staff = {bureau.id: _staff(dice, bureau, per) for bureau in bureaux}
    city = _unit_officers(dice) if units else []
    _lose_some(dice, list(staff.values()), city)
    for bureau in bureaux:
        _give_tasks(staff[bureau.id], visits(bureau, sites[bureau.id]), tight=bureau.sites == 2)
        _give_skills(dice, staff[bureau.id], sites[bureau.id])
    return [officer for group in staff.values() for officer in group] + city


def visits(bureau: Bureau, sites: Sequence[Site]) -> int:
    """Return the visits to prepare for: every key site, a fifth of the others, one to spare."""
    key = sum(site.sector in KEY_SECTORS for site in sites)
    return min(bureau.sites, key + -(-(bureau.sites - key) // 5) + 1)


def _staff(dice: Dice, bureau: Bureau, per: int) -> list[Officer]:
    count = bureau.officers or max(2, round(bureau.sites / per))
    stations = cycle(range(1, max(2, bureau.sites // 15) + 1))
    out = []
    for i in range(count):
        local = count > SMALL and dice.chance(0.4)
        # Spread over the stations: who sits at one may not visit its sites.
        station = f"{bureau.id}-{next(stations):02d}" if local else ""
        officer = Officer(f"P{bureau.id}-{i + 1:03d}", bureau.id, station, "所" if local else "区")
        officer.expiry = dice.pick(VALID_UNTIL)
        officer.tasks = 2 + dice.below(MOST_TASKS - 1)
        out.append(officer)
    return out


def _unit_officers(dice: Dice) -> list[Officer]:
    out = []
    for unit, department, count in UNITS:
        for i in range(count):
            officer = Officer(f"P{unit}-{i + 1:03d}", unit, "", "市", department)
            officer.expiry = dice.pick(VALID_UNTIL)
            officer.tasks = 2 + dice.below(MOST_TASKS - 1)
            officer.skills = dice.shuffled(SECTORS)[: 3 + dice.below(4)]
            out.append(officer)
    return out


def _lose_some(dice: Dice, staff: Sequence[list[Officer]], city: Sequence[Officer]) -> None:
    """Let licences run out, people leave and be away; at most a quarter of any larger bureau."""
    share = [dice.shuffled(group)[: len(group) // 4] for group in staff if len(group) > SMALL]
    pool = dice.shuffled(officer for group in share for officer in group)
    total = sum(map(len, staff))
    expired, inactive = round(EXPIRED * total), round(INACTIVE * total)
    last = expired + inactive + round(AWAY * total)
    for officer in [*pool[:expired], *city[: round(EXPIRED * len(city))]]:
        officer.expiry = dice.pick(EXPIRED_ON)
    for officer in pool[expired : expired + inactive]:
        officer.active = False
    for officer in pool[expired + inactive : last]:
        officer.away = True


def _give_tasks(staff: Sequence[Officer], needed: int, *, tight: bool) -> None:
    """Raise the lowest limit until the available officers have SLACK tasks for every visit.

    More than one task a visit is of no use to one officer. In the tight bureau there are just
    as many tasks as seats.
    """
    hands = [officer for officer in staff if officer.available]
    if tight:
        for officer in hands:
            officer.tasks = needed
    goal = min(SLACK * needed, len(hands) * needed)
    while sum(min(officer.tasks, needed) for officer in hands) < goal:
        min(hands, key=lambda officer: officer.tasks).tasks += 1


def _give_skills(dice: Dice, staff: Sequence[Officer], sites: Sequence[Site]) -> None:
    """Give sectors as they are common in the bureau, then fill up where specialists are few."""
    present = list(dict.fromkeys(site.sector for site in sites))
    small = len(staff) <= SMALL
    for officer in staff:
        some = {dice.pick(sites).sector for _ in range(3 + dice.below(4))}
        officer.skills = [sector for sector in present if small or sector in some]
    for station, sector in dict.fromkeys((site.station, site.sector) for site in sites):
        _fill_up(dice, staff, station, sector)
    for sector, count in Counter(site.sector for site in sites).items():
        _widen(dice, staff, sector, count if sector in KEY_SECTORS else -(-count // 5) + 1)


def _fill_up(dice: Dice, staff: Sequence[Officer], station: str, sector: str) -> None:
    hands = [o for o in staff if o.available and (not o.station or o.station != station)]
    lacking = dice.shuffled(officer for officer in hands if sector not in officer.skills)
    missing = min(SPECIALISTS - (len(hands) - len(lacking)), len(lacking))
    for officer in lacking[: max(0, missing)]:
        officer.skills.append(sector)


def _widen(dice: Dice, staff: Sequence[Officer], sector: str, needed: int) -> None:
    """Add specialists until they have twice the tasks that visits to the sector ask for."""
    hands = [officer for officer in staff if officer.available]
    lacking = dice.shuffled(officer for officer in hands if sector not in officer.skills)
    tasks = sum(officer.tasks for officer in hands if sector in officer.skills)
    for officer in lacking:
        if tasks >= 2 * needed:
            return
        officer.skills.append(sector)
        tasks += officer.tasks


def officer_table(people: Sequence[Officer]) -> Table:
    """Return officers.csv."""
    return {
        "officer_id": [o.id for o in people],
        "bureau_id": [o.bureau for o in people],
        "station_id": [o.station for o in people],
        "level": [o.level for o in people],
        "department": [o.department for o in people],
        "license_no": [f"示例{o.id[1:]}" for o in people],
        "license_expiry": [o.expiry for o in people],
        "skills": [";".join(s for s in SECTORS if s in o.skills) for o in people],
        "max_tasks": [str(o.tasks) for o in people],
        "active": [flag(o.active) for o in people],
    }


def absences(dice: Dice, people: Sequence[Officer]) -> Table:
    """Return absences.csv: those away during the visits, and some that are long over."""
    rows = [(o.id, *_spell(dice, AWAY_FROM, 5 + dice.below(16))) for o in people if o.away]
    staff = [officer for officer in people if officer.level != "市"]
    for _ in range(PAST_ABSENCES):
        rows.append((dice.pick(staff).id, *_spell(dice, PAST_DAYS, 2 + dice.below(9))))
    names = ("officer_id", "absent_from", "absent_to", "reason")
    return {name: [row[i] for row in sorted(rows)] for i, name in enumerate(names)}


def _spell(dice: Dice, days: Sequence[str], length: int) -> tuple[str, str, str]:
    first = dice.below(len(days) - length)
    return days[first], days[first + length], dice.pick(REASONS)


def experts(dice: Dice, sites: Table, copy: int) -> Table:
    """Return experts.csv: three in five work for an institution of the roster."""
    employed = dice.marks(EXPERTS, EMPLOYED)
    skills = [dice.shuffled(SECTORS)[: 1 + dice.below(3)] for _ in employed]
    suffix = f"-{copy + 1:02d}" if copy else ""
    # Serials counted down from the top of the block are nobody on the roster.
    outside = (invented_uscc("91310000", 31**4 - 1 - copy * OWNERS - i) for i in range(EXPERTS))
    return {
        "expert_id": [f"E{i + 1:03d}{suffix}" for i in range(EXPERTS)],
        "employer_uscc": [dice.pick(sites["uscc"]) if mark else next(outside) for mark in employed],
        "skills": [";".join(some) for some in skills],
        "region": dice.deal(REGIONS),
    }
