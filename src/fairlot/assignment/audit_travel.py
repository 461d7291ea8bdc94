"""How far the officers have to travel."""

from dataclasses import dataclass

import pandas as pd

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput
from fairlot.assignment.teams import Teams

__all__ = ["Travel", "travel_of"]

WORDS = {
    "en": "the ways add up to {total:.1f} km, {mean:.1f} a place; the longest is {most:.1f} km,"
    " {pair}",
    "zh": "路程合计 {total:.1f} 公里，平均每个名额 {mean:.1f} 公里；最远 {most:.1f} 公里，{pair}",
}

PAIR = ["site_id", "officer_id"]


@dataclass(frozen=True, eq=False)
class Travel:
    """The way of every place.

    km        (places,) from the officer to the site
    total     all together; mean and most, a place
    furthest  the ids of the site and the officer with the longest way, the first of equals
    """

    km: Floats
    total: float
    mean: float
    most: float
    furthest: tuple[str, str]

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        return WORDS[lang].format(
            total=self.total, mean=self.mean, most=self.most, pair=" – ".join(self.furthest)
        )


def travel_of(teams: Teams, distance: pd.DataFrame) -> Travel:
    """Return the ways of ``teams``, from a table with columns site_id, officer_id, km.

    Raises InvalidInput for a pair of the teams that the table has not, or has twice.
    """
    pairs = teams.to_frame()[PAIR]
    twice = distance.duplicated(PAIR)
    if twice.any():
        raise _fault("is listed twice", "重复", distance[twice].iloc[0])
    found = pairs.merge(distance, how="left", on=PAIR)
    if found["km"].isna().any():
        raise _fault("has no distance", "缺少距离", found[found["km"].isna()].iloc[0])
    km = check.numbers("km", found["km"])
    at = int(km.argmax())
    return Travel(
        km=km,
        total=float(km.sum()),
        mean=float(km.mean()),
        most=float(km[at]),
        furthest=(str(pairs["site_id"].iloc[at]), str(pairs["officer_id"].iloc[at])),
    )


def _fault(en: str, zh: str, row: "pd.Series[str]") -> InvalidInput:
    return InvalidInput(
        "distance: site {site} and officer {officer} " + en,
        zh="distance：场所 {site} 与检查人员 {officer} " + zh,
        site=row["site_id"],
        officer=row["officer_id"],
    )
