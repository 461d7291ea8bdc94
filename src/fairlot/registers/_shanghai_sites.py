"""The made-up sites of one city: every count of the specification holds exactly."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from math import exp

from fairlot.registers import uscc
from fairlot.registers._dice import Dice
from fairlot.registers._shanghai_facts import (
    CLASSES,
    KEY_SECTORS,
    RATED_REST,
    SECTORS,
    VEHICLE_CLASSES,
    Bureau,
    Table,
    weekdays,
)

__all__ = ["OWNERS", "flag", "invented_uscc", "make_sites"]

N = sum(SECTORS.values())

OWNER_SIZES = {1: 1035, 2: 18, 3: 19, 4: 18}
"""Sites per owner: 55 of 1,090 owners (5 %) have two to four."""
OWNERS = sum(OWNER_SIZES.values())
FAR_OWNED = 20
"""Sites whose owner has its other sites in another bureau."""
REGISTERED_ELSEWHERE = 72

LEGAL_FORMS = {"企业": 850, "事业单位": 131, "社会组织": 33, "内设实验室": 76}
USCC_HEADS = {"企业": "91", "事业单位": "12", "社会组织": "52", "内设实验室": "91"}
RETIRED = {"310101": "310103", "310106": "310108", "310115": "310119", "310151": "310230"}
"""Codes of divisions merged away; they live on inside old numbers (share: one in ten)."""
DIVISIONS = ("310101", "310104", "310105", "310106", "310107", "310109", "310110", "310112",
             "310113", "310114", "310115", "310116", "310117", "310118", "310120", "310151")  # fmt: skip

CMA_FIELDS = {
    "食品检验": "00", "建筑工程": "01", "建筑材料": "02", "卫生疾控": "03", "农林牧渔": "04",
    "机动车检验": "05", "司法鉴定": "07", "电子电器": "09", "生态环境监测": "12", "水质": "13",
    "医疗器械": "15",
}  # fmt: skip
UNCERTIFIED, EXPIRED = 96, 36
VALID_ISSUES = weekdays("2018-08-01", "2024-05-31")
EXPIRED_ISSUES = weekdays("2017-09-01", "2018-05-31")

SCHEMES = {"生态环境监测": "SH-HJ-2023", "食品检验": "SH-SP-2023", "机动车检验": "SH-JDC-2022",
           "防疫物资检测": "SH-FY-2022"}  # fmt: skip
RATING_DAYS = weekdays("2024-01-02", "2024-03-29")
COMMITMENT_DAYS = weekdays("2023-07-03", "2024-06-28")

# By class; the unrated are like class B where the specification does not say.
RISK_SCORE = {"A": 200, "B": 400, "C": 620, "D": 820, "": 420}
COMPLAINTS = {"A": 0.3, "B": 0.6, "C": 1.5, "D": 4.0, "": 0.6}
PENALTIES = {"A": 0.02, "B": 0.08, "C": 0.4, "D": 1.2, "": 0.08}
PT_WEIGHTS = {
    "A": {"满意": 97, "可疑": 2, "不满意": 1},
    "B": {"满意": 93, "可疑": 4, "不满意": 3},
    "C": {"满意": 85, "可疑": 8, "不满意": 7},
    "D": {"满意": 60, "可疑": 15, "不满意": 25},
    "": {"满意": 93, "可疑": 4, "不满意": 3},
}
PT_JOINED = 0.45
LISTED = 5
COMMITTED = 96
GONE = {"注销": 12, "迁出": 12, "停业": 12}


def make_sites(dice: Dice, bureaux: Sequence[Bureau], copy: int) -> Table:
    """Return the sites of one city; ``copy`` (from 0) keeps numbers of several cities apart."""
    table = _places(bureaux)
    table["sector"] = _sectors(dice, bureaux)
    table["sector2"] = _second_sectors(dice, table["sector"])
    table["is_key"] = [flag(sector in KEY_SECTORS) for sector in table["sector"]]
    table |= _credit(dice, table["sector"])
    table |= _owners(dice, table, copy)
    table |= _certificates(dice, table["sector"], copy)
    table |= _conduct(dice, table["credit_class"])
    table |= _business(dice)
    table["status"] = _statuses(dice, bureaux)
    return table | {"synthetic": ["true"] * N}


def flag(value: bool) -> str:
    """Return true or false as it is written in a file."""
    return "true" if value else "false"


def _places(bureaux: Sequence[Bureau]) -> Table:
    names = ("site_id", "bureau_id", "division_code", "station_id", "place", "site_address")
    rows = [_place(bureau, i) for bureau in bureaux for i in range(bureau.sites)]
    return {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}


def _place(bureau: Bureau, i: int) -> tuple[str, ...]:
    """Return where site i of a bureau lies; there are two stations or more."""
    stations = max(2, bureau.sites // 15)
    return (
        f"S{bureau.id}-{i + 1:04d}",
        bureau.id,
        bureau.divisions[i % len(bureau.divisions)],
        f"{bureau.id}-{i % stations + 1:02d}",
        bureau.place,
        f"示例路{i + 1}号（{bureau.place}，虚构）",
    )


def _sectors(dice: Dice, bureaux: Sequence[Bureau]) -> list[str]:
    """Deal the sectors; the first site of a staged bureau swaps with a key one if it must."""
    sectors = dice.deal(SECTORS)
    start = 0
    for bureau in bureaux:
        if bureau.staged and sectors[start] not in KEY_SECTORS:
            key = next(i for i, sector in enumerate(sectors) if sector in KEY_SECTORS)
            sectors[start], sectors[key] = sectors[key], sectors[start]
        start += bureau.sites
    return sectors


def _second_sectors(dice: Dice, sectors: Sequence[str]) -> list[str]:
    """Give 18 % of the sites a second sector, other than their first."""
    marks = dice.marks(N, N * 18 // 100)
    names = list(SECTORS)
    return [
        dice.pick([name for name in names if name != sector]) if mark else ""
        for sector, mark in zip(sectors, marks, strict=True)
    ]


def _credit(dice: Dice, sectors: Sequence[str]) -> Table:
    """Rate every key site and a quarter of the rest, each class exactly as often as it should."""
    rest = sum(sector not in KEY_SECTORS for sector in sectors)
    chosen = iter(dice.marks(rest, RATED_REST))
    decks = {True: iter(dice.deal(VEHICLE_CLASSES)), False: iter(dice.deal(CLASSES))}
    rated = [sector in KEY_SECTORS or next(chosen) for sector in sectors]
    return {
        "credit_scheme": [
            SCHEMES.get(sector, "SH-QT-2023") if mark else ""
            for sector, mark in zip(sectors, rated, strict=True)
        ],
        "credit_class": [
            next(decks[sector == "机动车检验"]) if mark else ""
            for sector, mark in zip(sectors, rated, strict=True)
        ],
        "credit_as_of": [dice.pick(RATING_DAYS) if mark else "" for mark in rated],
    }


def _owners(dice: Dice, table: Table, copy: int) -> Table:
    owner = _owner_of(dice)
    registered = _registered(dice, owner, table["division_code"])
    forms = dice.deal(LEGAL_FORMS)
    home = {o: registered[i] for i, o in reversed(list(enumerate(owner)))}
    codes = {o: _owner_uscc(dice, copy * OWNERS + o, forms[o], home[o]) for o in range(OWNERS)}
    return {
        "uscc": [codes[o] for o in owner],
        "name": [
            f"示例检测第{o + 1:04d}号（{place}）"
            for o, place in zip(owner, table["place"], strict=True)
        ],
        "legal_form": [forms[o] for o in owner],
        "registered_division": registered,
    }


def _owner_of(dice: Dice) -> list[int]:
    """Return the owner of every site: neighbours in the roster, but for a few far ones."""
    sizes = dice.deal(OWNER_SIZES)
    owner = [o for o, size in enumerate(sizes) for _ in range(size)]
    several = dice.shuffled(i for i in range(1, N) if owner[i] == owner[i - 1])
    single = dice.shuffled(i for i in range(N) if sizes[owner[i]] == 1)
    for i, j in zip(several[:FAR_OWNED], single, strict=False):
        owner[i], owner[j] = owner[j], owner[i]
    return owner


def _registered(dice: Dice, owner: Sequence[int], divisions: Sequence[str]) -> list[str]:
    """Return where each owner is registered; exactly 72 sites lie elsewhere."""
    home: dict[int, str] = {}
    for o, division in zip(owner, divisions, strict=True):
        home.setdefault(o, division)
    away = sum(home[o] != division for o, division in zip(owner, divisions, strict=True))
    sites = Counter(owner)
    single = dice.shuffled(i for i in range(N) if sites[owner[i]] == 1)
    for i in single[: REGISTERED_ELSEWHERE - away]:
        home[owner[i]] = dice.pick([d for d in DIVISIONS if d != divisions[i]])
    return [home[o] for o in owner]


def _owner_uscc(dice: Dice, serial: int, form: str, division: str) -> str:
    code = RETIRED.get(division, division) if dice.chance(0.1) else division
    return invented_uscc(USCC_HEADS[form] + code, serial)


def invented_uscc(head: str, serial: int) -> str:
    """Return a number with both check digits right, in a block that no one is known to use."""
    tail = ""
    for _ in range(4):
        serial, digit = divmod(serial, len(uscc.ALPHABET))
        tail = uscc.ALPHABET[digit] + tail
    organisation = "MA9Y" + tail
    body = head + organisation + _organisation_check(organisation)
    return body + uscc.check_digit(body)


def _organisation_check(code: str) -> str:
    """Return the check digit of GB 11714: letters count from A = 10, ten is written X."""
    values = (int(c, 36) for c in code)
    total = sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return "0123456789X"[-total % 11]


def _certificates(dice: Dice, sectors: Sequence[str], copy: int) -> Table:
    """Give 12-digit numbers: year, 09 for Shanghai, field, 11 for the line ministry, serial."""
    state = dice.deal({"none": UNCERTIFIED, "old": EXPIRED, "valid": N - UNCERTIFIED - EXPIRED})
    days = {"none": [""], "old": EXPIRED_ISSUES, "valid": VALID_ISSUES}
    issued = [dice.pick(days[s]) for s in state]
    serial: Counter[str] = Counter()
    numbers = []
    for sector, day in zip(sectors, issued, strict=True):
        head = f"{day[2:4]}09{CMA_FIELDS.get(sector, '21')}11"
        serial[head] += 1
        numbers.append(f"{head}{copy * 200 + serial[head]:04d}" if day else "")
    return {
        "cma_no": numbers,
        "cma_issue": issued,
        "cma_expiry": [_six_years(day) if day else "" for day in issued],
    }


def _six_years(day: str) -> str:
    """Return the last day of the six years for which a certificate is valid."""
    issue = date.fromisoformat(day)
    return (date(issue.year + 6, issue.month, 1) + timedelta(days=issue.day - 2)).isoformat()


def _conduct(dice: Dice, classes: Sequence[str]) -> Table:
    worst = dice.shuffled(i for i, c in enumerate(classes) if c == "D")[:LISTED]
    listed = [i in worst for i in range(N)]
    return {
        "risk_score": [_risk_score(dice, c) for c in classes],
        "complaints_12m": [str(dice.poisson(COMPLAINTS[c])) for c in classes],
        "penalties_36m": [
            str(dice.poisson(PENALTIES[c]) + mark) for c, mark in zip(classes, listed, strict=True)
        ],
        "listed": [flag(mark) for mark in listed],
        "pt_last": [
            dice.weighted(PT_WEIGHTS[c]) if dice.chance(PT_JOINED) else "未参加" for c in classes
        ],
    }


def _risk_score(dice: Dice, credit: str) -> str:
    tenths = RISK_SCORE[credit] + dice.below(151) - dice.below(151)
    return f"{tenths // 10}.{tenths % 10}"


def _business(dice: Dice) -> Table:
    committed = dice.marks(N, COMMITTED)
    # Log-normal with median 35, in whole persons: the last bit of exp cannot show.
    staff = [max(3, round(35 * exp(0.9 * dice.normal()))) for _ in range(N)]
    return {
        "commitment_date": [dice.pick(COMMITMENT_DAYS) if mark else "" for mark in committed],
        "commitment_kind": [dice.pick(("文件", "现场")) if mark else "" for mark in committed],
        "staff": [str(people) for people in staff],
        # Anchor: 28 million reports by 70,000 people, 400 a head.
        "reports_per_year": [str(people * (100 + dice.below(601))) for people in staff],
    }


def _statuses(dice: Dice, bureaux: Sequence[Bureau]) -> list[str]:
    """Close 3 % of the sites, none of them in a staged bureau."""
    staged = [bureau.staged for bureau in bureaux for _ in range(bureau.sites)]
    rest = iter(dice.deal({**GONE, "存续": N - sum(staged) - sum(GONE.values())}))
    return ["存续" if mark else next(rest) for mark in staged]
