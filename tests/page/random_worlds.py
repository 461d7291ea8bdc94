"""Random registers and a plan for them, such that most can be carried out.

Every switch of the plan stands any way, and every column of a register matters somewhere.
"""

from typing import Any

import numpy as np
import pandas as pd
from page_worlds import code, one, some

from fairlot.planning import Plan
from fairlot.registers import gather

SECTORS = ("食品检验", "水质", "建筑材料", "计量校准", "机动车检验")
STATIONS = ("", "", "T1", "T2", "T3")
DEPARTMENTS = ("市场监管", "市场监管", "公安", "环保")
WEIGHTS = ("0.5", "1", "1", "2.50", "4", "0.333333333333", "17", "0")
SEATS = (
    ("specialist", "officer"), ("officer", "officer"), ("officer", "officer", "expert"),
    ("lead", "officer"), ("lead", "specialist", "officer"), ("specialist", "specialist", "officer"),
    ("officer", "officer", "officer", "lead"),
)  # fmt: skip


def world(rng: np.random.Generator, year: int, opens: str) -> tuple[Any, Plan]:
    """Registers of up to four bureaux, and a plan for them."""
    bureaux = "PQRS"[: rng.integers(1, 5)]
    sectors = SECTORS[: rng.integers(1, 6)]
    sites = [f"S{k:03d}" for k in range(rng.integers(20, 151))]
    officers = [f"P{k:03d}" for k in range(len(bureaux) * rng.integers(5, 16))]
    experts = [f"E{k}" for k in range(rng.integers(3, 7))]
    plan = plan_of(rng, year, opens, bureaux, sectors, len(sites))
    rows = {
        "sites": [site_of(rng, k, site, year, bureaux, sectors) for k, site in enumerate(sites)],
        "officers": [officer_of(rng, k, who, bureaux, sectors) for k, who in enumerate(officers)],
        "experts": [expert_of(rng, who, sectors) for who in experts],
        "conflicts": [conflict_of(rng, officers + experts, sites, year) for _ in range(12)],
        "absences": [absence_of(rng, officers, year) for _ in range(rng.integers(0, 9))],
        "history": [visit_of(rng, sites, officers, year) for _ in range(rng.integers(0, 15))],
        "items": [item_of(k, sectors) for k in range(rng.integers(0, 3))],
    }
    frames = {name: pd.DataFrame(table, dtype=str) for name, table in rows.items() if table}
    return gather(**frames), Plan.of(plan)


def site_of(rng, k, site, year, bureaux, sectors):
    days = ("", "", "", f"{year}-05-04", f"{year}-07-20", f"{year}-08-25", f"{year - 1}-02-28")
    return {
        "site_id": site, "uscc": code(rng), "name": f"=示例,“{k}”\u00e9",
        "bureau_id": one(rng, bureaux), "station_id": one(rng, STATIONS),
        "sector": one(rng, sectors), "sector2": one(rng, ("", "", *sectors)),
        "is_key": one(rng, ("否",) * 11 + ("是",)), "listed": one(rng, ("否",) * 14 + ("是",)),
        "credit_class": one(rng, ("", "A", "B", "C", "D")), "last_inspected": one(rng, days),
        "visits_ytd": str(one(rng, (0, 0, 0, 1, 2))), "status": one(rng, ("存续",) * 9 + ("注销",)),
    }  # fmt: skip


def officer_of(rng, k, who, bureaux, sectors):
    least = one(rng, (0,) * 9 + (1,))
    return {
        "officer_id": who, "bureau_id": bureaux[k % len(bureaux)], "station_id": one(rng, STATIONS),
        "department": one(rng, DEPARTMENTS),
        "license_expiry": one(rng, ("2030-01-01",) * 9 + ("2023-09-10",)),
        "skills": ";".join(sorted({one(rng, sectors), *some(rng, sectors, 4)})),
        "seniority": str(rng.integers(0, 4)), "max_tasks": str(rng.integers(max(1, least), 13)),
        "min_tasks": str(least), "active": one(rng, ("是",) * 9 + ("否",)),
    }  # fmt: skip


def expert_of(rng, who, sectors):
    skills = sorted({one(rng, sectors), *some(rng, sectors, 5)})
    return {"expert_id": who, "employer_uscc": code(rng), "skills": ";".join(skills)}


def conflict_of(rng, people, sites, year):
    target = one(rng, sites) if rng.integers(3) else code(rng)
    return {"person_id": one(rng, people), "target": target, "kind": one(rng, ("近亲属", "曾任职")),
            **one(rng, ({"valid_from": f"{year}-01-01", "valid_to": f"{year}-09-15"},
                        {"valid_from": f"{year}-10-15"}, {"valid_from": "2030-01-01"},
                        {"valid_from": "2010-01-01", "valid_to": f"{year}-08-31"}))}  # fmt: skip


def absence_of(rng, officers, year):
    start = one(rng, (f"{year}-08-15", f"{year}-09-01", f"{year}-09-11", f"{year}-10-20"))
    end = one(rng, (f"{year}-10-20", f"{year}-10-25", f"{year}-12-01"))
    return {"officer_id": one(rng, officers), "absent_from": start, "absent_to": end}


def visit_of(rng, sites, officers, year):
    return {"site_id": one(rng, sites), "visited": one(rng, (f"{year}-03-01", f"{year - 1}-05-02")),
            "origin": one(rng, ("联合", "日常")), "officer_ids": ";".join(sorted(some(rng, officers)))}  # fmt: skip


def item_of(k, sectors):
    return {"item_id": f"I{k}", "name": "能力", "sector": sectors[0], "basis": "检验检测机构监督管理办法",
            "ratio_min": "0.1", "ratio_max": "0.5"}  # fmt: skip


def plan_of(rng, year, opens, bureaux, sectors, sites):
    last = one(rng, (f"{year}-09-01", f"{year}-09-25", f"{year}-11-30", f"{year + 1}-02-10"))
    whole = bool(rng.integers(2))
    return {
        "spec": "fairlot.plan/v1", "authority": "示例局", "scope": "检验检测", "period": str(year),
        "task": f"{year}-00{rng.integers(1, 10)}", "as_of": f"{year}-07-01",
        "visits": {"first": f"{year}-09-01", "last": last},
        "ratio": ratio_of(rng, whole, bureaux, sites),
        "key": {"sectors": some(rng, sectors, 1) if rng.integers(3) == 0 else [],
                "flagged": bool(rng.integers(2)), "take_all": not whole or bool(rng.integers(2))},
        "weights": {**{c: one(rng, WEIGHTS) for c in "ABCD"},
                    **one(rng, ({}, {}, {"unrated": "0.25"}, {"unrated_as": "D"}))},
        "bounds": one(rng, ({}, {}, {"pi_floor": "0.02"}, {"pi_floor": "0.1", "pi_ceiling": "0.7"})),
        "rules": {"min_gap_days": one(rng, (0, 30, 60)), "listed_take_all": bool(rng.integers(2)),
                  "max_visits_per_year": int(rng.integers(1, 4)),
                  "substitutes": one(rng, ("0.1", "0.3", "1", "0"))},
        "team": team_of(rng, bureaux),
        "proof": {"suite": one(rng, ("sha256", "sm3")), "view": one(rng, ("open", "pseudonymous")),
                  "opens": opens, "margin": one(rng, (60, 600, 3600))},
    }  # fmt: skip


def ratio_of(rng, whole, bureaux, sites):
    fixed = {
        "denominator_date": "plan",
        "denominators": dict.fromkeys(bureaux, sites // len(bureaux)),
    }
    return {
        "bureau_floor": one(rng, ("0.15", "0.07", "0.3", "0", "0.333333333333")),
        "city_floor": one(rng, ("0.15", "0.3", "0.01")),
        "district_draws_count_toward_city": bool(rng.integers(4)),
        "joint_visits_count_toward_ratio": bool(rng.integers(2)),
        "key_sectors_count_toward_ratio": whole or bool(rng.integers(2)),
        **(fixed if rng.integers(6) == 0 else {}),
    }


def team_of(rng, bureaux):
    limits = one(rng, ((), (), ({"bureau": "P", "most": 40},), ({"department": "公安", "least": 1},),
                       ({"bureau": "P", "department": "公安", "most": 12},)))  # fmt: skip
    helped = {b: [c for c in some(rng, bureaux, 3) if c != b] for b in some(rng, bureaux, 3)}
    return {
        "seats": one(rng, SEATS), "own_station": one(rng, ("allowed", "excluded")),
        "support": {b: lenders for b, lenders in helped.items() if lenders},
        "lead_seniority": int(rng.integers(1, 3)), "expert_cap": int(rng.integers(10, 60)),
        "rotation": one(rng, ("none", "officer")), "limits": limits,
        "loads": "free" if limits else one(rng, ("free", "leximin")),
        "effective_floor": one(rng, ("1", "3.5")),
    }  # fmt: skip
