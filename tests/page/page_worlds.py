"""Random plans and registers, made to meet every rule: what the page must decide as we do."""

import numpy as np
import pandas as pd

from fairlot.planning import Plan
from fairlot.registers import gather
from fairlot.registers.uscc import check_digit

BUREAUX = ("P", "Q", "R")
SECTORS = ("水质", "食品检验", "机动车检验")
DAYS = ("", "2023-05-04", "2024-06-02", "2024-06-03", "2024-07-30", "2024-08-01", "2024-09-15")
WEIGHTS = ("0.5", "1", "2.50", "4", "0.333333333333", "17", "0")
SEATS = (
    ("specialist", "officer"), ("officer", "officer"), ("lead", "specialist", "officer", "officer"),
    ("officer", "expert", "lead"), ("expert", "specialist", "specialist"),
)  # fmt: skip


def one(rng, choices):
    return choices[int(rng.integers(len(choices)))]


def some(rng, choices, most=2):
    return [choices[k] for k in rng.permutation(len(choices))[: rng.integers(0, most + 1)]]


def plan_of(seed):
    """A plan whose switches stand any way; it may contradict a roster."""
    rng = np.random.default_rng(seed)
    whole = bool(rng.integers(2))
    fixed = rng.integers(5) == 0
    return Plan.of(
        {
            "spec": "fairlot.plan/v1", "authority": "局", "scope": "检验", "period": "2024",
            "task": "2024-001", "as_of": "2024-07-01",
            "visits": {"first": "2024-08-01", "last": one(rng, ("2024-08-01", "2024-11-30"))},
            "ratio": {
                "bureau_floor": one(rng, ("0.15", "0.07", "0", "0.333333333333")),
                "bureau_ceiling": one(rng, ("1", "0.9")),
                "city_floor": one(rng, ("0.15", "0.3", "0.01")),
                "district_draws_count_toward_city": bool(rng.integers(4)),
                "key_sectors_count_toward_ratio": whole or bool(rng.integers(2)),
                **(
                    {"denominator_date": "plan", "denominators": dict.fromkeys(BUREAUX, 20)}
                    if fixed
                    else {}
                ),
            },
            "key": {"sectors": some(rng, SECTORS, 1), "flagged": bool(rng.integers(2)),
                    "take_all": not whole or bool(rng.integers(2))},
            "weights": {**{c: one(rng, WEIGHTS) for c in "ABCD"},
                        **one(rng, ({}, {"unrated": "0.25"}, {"unrated_as": "D"}))},
            "bounds": one(rng, ({}, {"pi_floor": "0.02"}, {"pi_floor": "0.1", "pi_ceiling": "0.7"})),
            "rules": {"min_gap_days": one(rng, (0, 60)), "listed_take_all": bool(rng.integers(2)),
                      "max_visits_per_year": int(rng.integers(1, 4))},
            "team": team_of(rng),
        }
    )  # fmt: skip


def team_of(rng):
    limits = one(rng, ((), ({"bureau": "P", "most": 9},), ({"department": "公安", "least": 1},)))
    return {
        "seats": one(rng, SEATS),
        "own_station": one(rng, ("allowed", "excluded")),
        "support": {b: [c for c in some(rng, BUREAUX) if c != b] for b in some(rng, BUREAUX)},
        "lead_seniority": int(rng.integers(1, 4)),
        "rotation": one(rng, ("none", "officer")),
        "limits": limits,
    }


def registers_of(seed, sites=90, officers=30):
    """Registers of up to three bureaux, with sites, people, recusals and absences of every kind."""
    rng = np.random.default_rng(seed)
    ids = [f"S{k:03d}" for k in range(rng.integers(20, sites))]
    people = [f"P{k:02d}" for k in range(rng.integers(3, officers))]
    experts = [f"E{k}" for k in range(rng.integers(0, 4))]
    rows = {
        "sites": [_site(rng, site) for site in ids],
        "officers": [_officer(rng, officer) for officer in people],
        "experts": [{"expert_id": e, "employer_uscc": code(rng), "skills": _skills(rng)} for e in experts],
        "conflicts": [
            {"person_id": one(rng, people + experts), "target": one(rng, ids),
             "kind": "近亲属", **_period(rng)}
            for _ in range(10)
        ],
        "absences": [
            {"officer_id": one(rng, people[:3]), "absent_from": one(rng, DAYS[1:]),
             "absent_to": one(rng, ("2024-09-20", "2024-11-30"))}
            for _ in range(5)
        ],
        "history": [
            {"site_id": one(rng, ids), "visited": one(rng, DAYS[1:5]),
             "origin": one(rng, ("联合", "日常")), "officers": ";".join(sorted(some(rng, people)))}
            for _ in range(9)
        ],
    }  # fmt: skip
    return gather(**{name: pd.DataFrame(some, dtype=str) for name, some in rows.items() if some})


def code(rng):
    """One of nine codes: an organisation has several sites."""
    stem = f"91310000MA1FL000{rng.integers(9)}"
    return stem + check_digit(stem)


def _period(rng):
    start = one(rng, DAYS)
    return {"valid_from": start, "valid_to": one(rng, ("", "2024-09-15", "2025-01-01"))}


def _site(rng, site):
    return {
        "site_id": site, "uscc": code(rng), "bureau_id": one(rng, BUREAUX),
        "station_id": one(rng, ("", "T1", "T2")), "sector": one(rng, SECTORS),
        "sector2": one(rng, ("", *SECTORS)), "is_key": one(rng, ("否", "否", "是")),
        "listed": one(rng, ("否",) * 9 + ("是",)), "credit_class": one(rng, ("", "A", "B", "C", "D")),
        "last_inspected": one(rng, DAYS), "visits_ytd": str(rng.integers(0, 3)),
        "status": one(rng, ("存续",) * 5 + ("注销",)),
    }  # fmt: skip


def _officer(rng, officer):
    return {
        "officer_id": officer, "bureau_id": one(rng, BUREAUX),
        "station_id": one(rng, ("", "T1", "T2")), "department": one(rng, ("市场监管", "公安")),
        "license_expiry": one(rng, ("2030-01-01", "2024-11-30", "2024-08-31")),
        "skills": _skills(rng), "seniority": str(rng.integers(0, 4)),
        "max_tasks": str(rng.integers(1, 9)), "min_tasks": str(rng.integers(0, 2)),
        "active": one(rng, ("是", "是", "是", "否")),
    }  # fmt: skip


def _skills(rng):
    return ";".join(some(rng, SECTORS, 3))
