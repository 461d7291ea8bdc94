"""Small rounds for tests: a scheme of a few lines and results as a frame."""

import pandas as pd

from fairlot.proficiency import Scheme, score_round

HEAD = """
spec = "fairlot.pt/v1"
provider = "示例"
round = "PT-1"
title = "示例"
issued = 2026-06-30
"""

LEAD = 'name = "铅"\nunit = "mg/kg"\n'
KNOWN = 'value = { method = "reference", x_pt = "0.3" }\n'
FIXED = 'sigma = { method = "fixed", sigma_pt = "0.3" }\n'

TWELVE = [
    "0.28", "0.30", "0.31", "0.29", "0.33", "0.27", "0.30", "0.32", "0.26", "0.35", "0.31", "0.30",
]  # fmt: skip


def scheme(*measurands: str, top: str = "") -> Scheme:
    """Parse a scheme of TOML fragments, one a measurand; the default is lead of known value."""
    parts = measurands or (LEAD + KNOWN + FIXED,)
    return Scheme.parse(HEAD + top + "".join(f"\n[[measurands]]\n{part}" for part in parts))


def frame(values, **columns) -> pd.DataFrame:
    """Return results of lead, one a laboratory L1, L2, ..."""
    labs = [f"L{i}" for i in range(1, len(values) + 1)]
    return pd.DataFrame({"lab": labs, "measurand": "铅", "value": values, **columns})


def grades(values, terms: Scheme, **columns) -> list[str]:
    """Return the grade of each result, or the reason why it has none."""
    found = score_round(frame(values, **columns), terms)
    return [one.grade or one.reason for one in found.results]


def figures(found) -> dict:
    """Return everything a round decides, in an order of its own."""
    return {
        "levels": {
            (level.measurand, level.level): (
                level.ruler and (level.ruler.value, level.ruler.sigma_pt, level.ruler.name),
                sorted((c.code, c.text()) for c in level.choices),
            )
            for level in found.levels
        },
        "results": {
            (r.measurand, r.level, r.lab, r.attempt): (
                r.x, r.u, r.U, r.form, one.score, one.low, one.high, one.grade, one.reason,
            )
            for one in found.results
            for r in [one.result]
        },
        "verdicts": sorted((v.lab, v.measurand, v.first, v.retest, v.counts) for v in found.verdicts),
        "orders": sorted((o.lab, o.measurand, o.why, o.due, o.state) for o in found.orders),
        "order of levels": [(level.measurand, level.level) for level in found.levels],
    }  # fmt: skip
