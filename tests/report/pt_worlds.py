"""Rounds of invented laboratories for tests of reports and letters."""

import pandas as pd

from fairlot.proficiency import Scheme, score_round

SCHEME = """
spec = "fairlot.pt/v1"
provider = "example provider"
round = "PT-1"
title = "lead and cadmium"
issued = 2026-06-30
[[measurands]]
name = "Pb"
unit = "mg/kg"
least = 5
value = { method = "algorithm_a" }
sigma = { method = "fixed", sigma_pt = "0.4" }
[[measurands]]
name = "Cd"
unit = "mg/kg"
value = { method = "experts", labs = ["Q00", "Q01"] }
sigma = { method = "fixed", sigma_pt = "0.4" }
[[measurands]]
name = "Hg"
unit = "mg/kg"
value = { method = "experts", labs = ["Q02", "Q03"] }
sigma = { method = "fixed", sigma_pt = "0.4" }
"""

LABS = tuple(f"Q{i:02d}" for i in range(12))
OFF = (-0.9, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 1.5, 0.05)
"""Q00 is questionable, Q10 unsatisfactory; Q11 also writes a thousandfold result of Pb at S2."""

COLUMNS = ["lab", "name", "measurand", "level", "value", "u", "replicate", "attempt"]


def row(lab, measurand, level, value, replicate=1, attempt="初测", u="0.1"):
    return [lab, f"机构{lab}名", measurand, level, value, u, replicate, attempt]


def rows():
    """Two levels of Pb, S1 in duplicate; Cd by experts; Hg, which has no value."""
    found = []
    for i, (lab, off) in enumerate(zip(LABS, OFF, strict=True)):
        pair = [f"{10 + off:.2f}", f"{10 + off + 0.02 * (i % 4):.2f}"]
        found += [row(lab, "Pb", "S1", text, n) for n, text in enumerate(pair, start=1)]
        found.append(row(lab, "Pb", "S2", f"{(20 + off) * (1000 if lab == 'Q11' else 1):.2f}"))
        found.append(row(lab, "Cd", "S1", "<0.5" if lab == "Q09" else f"{5 + off:.2f}"))
        found.append(row(lab, "Hg", "S1", "ND" if lab == "Q08" else f"{1 + off:.2f}", u=""))
    found += [row(lab, "Pb", "S2", "20.1", attempt="补测") for lab in ("Q10",)]
    return found


def table(given=None):
    return pd.DataFrame(rows() if given is None else given, columns=COLUMNS)


def scored(scheme=SCHEME, given=None):
    return score_round(table(given), Scheme.parse(scheme))


ROUND = scored()
EARLIER = scored(SCHEME.replace("PT-1", "PT-0").replace("2026", "2025"))

E_N = SCHEME.replace(
    'value = { method = "algorithm_a" }',
    """score = "e_n"
value = { method = "reference", x_pt = "10", u = "0.1" }""",
    1,
)
PA = """
[[measurands]]
name = "Pb"
unit = "mg/kg"
score = "pa"
value = { method = "reference", x_pt = "10" }
delta_e = "1"
"""
PA = SCHEME[: SCHEME.index("[[")] + PA


def uncertain(x, expanded="0.5"):
    """Return a round of one laboratory far from x_pt = 10 with an expanded uncertainty."""
    given = pd.DataFrame(
        {"lab": ["Q00"], "measurand": "Pb", "value": [x], "U": [expanded], "k": "2"}
    )
    return score_round(given, Scheme.parse(E_N))
