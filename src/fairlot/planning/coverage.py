"""What was drawn, against what had to be: one row a bureau and one for the city."""

import pandas as pd

from fairlot.planning.quotas import Quotas
from fairlot.sampling import Sample

__all__ = ["coverage"]

COLUMNS = ("roster", "base", "counted", "take_all", "floor", "ceiling", "quota", "drawn")


def coverage(quotas: Quotas, sample: Sample) -> pd.DataFrame:
    """Return per bureau, and last for the city: sites, floor, quota, drawn, and the share.

    ``share`` is (drawn + counted) / base to four decimals, cut and never rounded up, as text.
    """
    drawn = quotas.frame["bureau_id"].iloc[sample.index].value_counts()
    table = quotas.bureaux.assign(
        drawn=quotas.bureaux["bureau_id"].map(drawn).fillna(0).astype("int64")
    )
    city = {name: sum(table[name].tolist()) for name in COLUMNS}
    city["floor"] = max(city["floor"], quotas.city)
    table = pd.concat([table, pd.DataFrame([{"bureau_id": "*", **city}])], ignore_index=True)
    done = (table["drawn"] + table["counted"]).tolist()
    share = [_cut(n, of) for n, of in zip(done, table["base"].tolist(), strict=True)]
    return table[["bureau_id", *COLUMNS]].assign(share=share)


def _cut(n: int, of: int) -> str:
    """Return n/of with four decimals, in whole numbers; a share of nothing is blank."""
    return f"{n // of}.{n % of * 10_000 // of:04d}" if of else ""
