"""Make the chicago example from the published table of canvass inspections.

    python examples/make_chicago.py chicago_canvass.parquet [FOLDER]

FOLDER is where the example is shipped unless another is given. The rules are stated in the
README.md of that folder; nothing here is drawn at random.
"""

import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pandas as pd

from fairlot.registers.examples import folder

AS_OF = "2014-11-01"
KEY_SECTOR = "Childcare"
SCHEME = "last-three-canvass-results"

CLUSTERS = ("blue", "brown", "green", "orange", "purple", "yellow")
TASKS = 20
"""Visits a year that a synthetic officer may be given."""
SLACK = 5, 4
"""Tasks in hand, as a multiple of two officers for every visit to prepare for."""
FLOOR_PERCENT = 15
OFFICER_COLUMNS = ("officer_id", "bureau_id", "department", "license_expiry", "skills", "max_tasks",
                   "active")  # fmt: skip
LICENSE_EXPIRY = "2019-12-31"


def main(source: Path, target: Path) -> None:
    """Read the source and write institutions, officers and history as Parquet."""
    visits = read_visits(source)
    institutions = roster(visits)
    tables = {
        "institutions": institutions,
        "officers": officers(visits, institutions),
        "history": visits[["site_id", "visited", "origin", "outcome", "officers"]],
    }
    for name, table in tables.items():
        path = target / f"{name}.parquet"
        table.to_parquet(path, index=False, compression="zstd", compression_level=19)
        print(f"{name}: {len(table)} rows, {path.stat().st_size} bytes")


def read_visits(source: Path) -> pd.DataFrame:
    """Return every inspection, oldest first, in the words of the registers."""
    raw = pd.read_parquet(source).sort_values(["Inspection_Date", "Inspection_ID"], kind="stable")
    ward = raw.groupby("License")["WARD"].transform("last")
    return pd.DataFrame(
        {
            "site_id": raw["License"].astype(str),
            "visited": raw["Inspection_Date"].dt.strftime("%Y-%m-%d"),
            "origin": "canvass",
            "outcome": raw["Results"],
            "officers": raw["sanitarian"].fillna(""),
            "sector": folded(raw["Facility_Type"].fillna("")),
            "bureau_id": ward.map(bureau_id),
        }
    ).astype(object)


def folded(types: pd.Series) -> pd.Series:
    """Return the sector of every facility type, by the table that is shipped."""
    table = pd.read_csv(folder("chicago") / "sectors.csv", dtype=str, keep_default_na=False)
    sector = types.map(dict(zip(table["facility_type"], table["sector"], strict=True)))
    unknown = sorted(set(types[sector.isna()]))
    if unknown:
        raise SystemExit(f"facility types without a sector in sectors.csv: {unknown}")
    return sector


def bureau_id(ward: float) -> str:
    """Return the id of a ward; licences without one go to "unknown"."""
    return "unknown" if pd.isna(ward) else f"ward-{int(ward):02d}"


def roster(visits: pd.DataFrame) -> pd.DataFrame:
    """Return one row a licence, as known on AS_OF; its latest inspection says what it is."""
    past = visits[visits["visited"] < AS_OF]
    latest = past.drop_duplicates("site_id", keep="last").set_index("site_id")
    classes = past.groupby("site_id")["outcome"].agg(lambda results: credit_class(list(results)))
    this_year = past[past["visited"] >= AS_OF[:4]]["site_id"].value_counts()
    ids = sorted(latest.index, key=int)
    latest = latest.loc[ids]
    rated = classes.loc[ids] != ""
    return pd.DataFrame(
        {
            "site_id": ids,
            "name": [f"licence {i}" for i in ids],
            "bureau_id": latest["bureau_id"].tolist(),
            "sector": latest["sector"].tolist(),
            "is_key": [_flag(sector == KEY_SECTOR) for sector in latest["sector"]],
            "credit_scheme": [SCHEME if mark else "" for mark in rated],
            "credit_class": classes.loc[ids].tolist(),
            "credit_as_of": [AS_OF if mark else "" for mark in rated],
            "last_inspected": latest["visited"].tolist(),
            "visits_ytd": [str(this_year.get(i, 0)) for i in ids],
            "status": "存续",
            "synthetic": "false",
        },
        dtype=object,
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"


def credit_class(results: Sequence[str]) -> str:
    """Return the class that the results, oldest first, give.

    Unrated after fewer than two; D when the last two failed; C when the last failed or two of
    the last three did; A when the last three (or both) passed; B otherwise.
    """
    last = list(results[-3:])
    if len(last) < 2:
        return ""
    if last[-2:] == ["Fail", "Fail"]:
        return "D"
    if last[-1] == "Fail" or last.count("Fail") == 2:
        return "C"
    return "A" if set(last) == {"Pass"} else "B"


def officers(visits: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return synthetic officers: in every bureau each cluster stands for the same number."""
    seen = visits.groupby("officers")["sector"].agg(lambda sectors: ";".join(sorted(set(sectors))))
    rows = [
        (f"{bureau}-{cluster}-{i + 1:02d}", bureau, "CDPH", LICENSE_EXPIRY, seen[cluster],
         str(TASKS), "true")
        for bureau, group in institutions.groupby("bureau_id")
        for cluster, i in product(CLUSTERS, range(officers_per_cluster(group)))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(OFFICER_COLUMNS), dtype=object)


def officers_per_cluster(group: pd.DataFrame) -> int:
    """Return how many officers a cluster stands for, so that the tasks reach with some SLACK."""
    key = int((group["is_key"] == "true").sum())
    visits = key + -(-(len(group) - key) * FLOOR_PERCENT // 100)
    return -(-2 * visits * SLACK[0] // (SLACK[1] * len(CLUSTERS) * TASKS))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else folder("chicago"))
