"""What the made-up Shanghai is made of: bureaux, sectors, classes, rates and the calendar.

The shares marked "anchor" come from public figures; every other number is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = [
    "AS_OF", "BUREAUX", "CLASSES", "KEY_SECTORS", "RATED_REST", "SECTORS", "VEHICLE_CLASSES",
    "WINDOW", "Bureau", "Table", "weekdays",
]  # fmt: skip

Table = dict[str, list[str]]
"""A table by columns; every cell is the text that stands in the file."""

AS_OF = "2024-07-01"
WINDOW = ("2024-08-01", "2024-11-30")


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau: sites and officers it has; None where officers follow from the sites.

    In a ``staged`` bureau all sites are open and the first is of a key sector, so that what the
    example shows there does not hang on the seed.
    """

    id: str
    place: str
    sites: int
    divisions: tuple[str, ...]
    officers: int | None = None
    staged: bool = False


def _district(code: str, place: str, sites: int) -> Bureau:
    return Bureau(code, place, sites, (code,))


BUREAUX = (
    _district("310115", "浦东", 210),  # anchor: about 18 % of the city
    _district("310112", "闵行", 165),
    _district("310114", "嘉定", 120),
    _district("310117", "松江", 110),
    _district("310113", "宝山", 105),
    _district("310104", "徐汇", 90),
    _district("310120", "奉贤", 75),
    _district("310106", "静安", 70),
    _district("310110", "杨浦", 55),
    _district("310107", "普陀", 50),
    _district("310118", "青浦", 50),
    _district("310116", "金山", 35),
    _district("310105", "长宁", 20),
    _district("310109", "虹口", 15),
    _district("310101", "黄浦", 10),
    Bureau("310151", "崇明", 10, ("310151",), staged=True),
    # A bureau is not an administrative division: these two have no code of their own.
    Bureau("LGXPQ", "临港", 8, ("310115", "310120"), officers=4),
    Bureau("JCFJ", "机场", 2, ("310115", "310105"), officers=2, staged=True),
)

SECTORS: Mapping[str, int] = {
    "生态环境监测": 190, "建筑工程": 150, "食品检验": 130, "建筑材料": 130, "机动车检验": 110,
    "材料测试": 90, "其他": 90, "电子电器": 80, "卫生疾控": 55, "医疗器械": 45, "计量校准": 40,
    "水质": 35, "防疫物资检测": 20, "农林牧渔": 20, "司法鉴定": 15,
}  # fmt: skip
KEY_SECTORS = frozenset({"生态环境监测", "食品检验", "机动车检验", "防疫物资检测"})

RATED_REST = 188
"""Rated sites outside the key sectors (a quarter of 750); all key sites are rated."""
CLASSES: Mapping[str, int] = {"A": 105, "B": 333, "C": 69, "D": 21}
"""20, 63, 13 and 4 % of the 528 rated sites other than vehicle stations."""
VEHICLE_CLASSES: Mapping[str, int] = {"A": 15, "B": 81, "C": 14}
"""Anchor: vehicle stations in 2014, 14.0, 73.2, 12.8 and 0 %, here of 110."""


def weekdays(first: str, last: str) -> list[str]:
    """Return every Monday to Friday from first to last, as ISO dates."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + timedelta(days=i) for i in range((end - start).days + 1))
    return [day.isoformat() for day in days if day.weekday() < 5]
