"""Slow readings of what others wrote down, for entries that no function of ours answers."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from hashlib import md5, sha256
from itertools import combinations
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from entries import Entry
from py_arkworks_bls12381 import GT, G1Point, G2Point

# Which exact design an R function is meant to give.
MEANT = {
    "UPmaxentropypi2": "cps",
    "sondage_cps": "cps",
    "UPsampfordpi2": "sampford",
    "sondage_sampford": "sampford",
    "UPtillepi2": "tille_elimination",
    "UPmidzunopi2": "midzuno",
    "UPsystematicpi2": "systematic_fixed_order",
    "sondage_systematic": "systematic_fixed_order",
    "sondage_brewer": "brewer",
    "he_jip": "brewer",
    "sondage_sps": "sequential_poisson",
    "sondage_pareto": "pareto",
}


def printed(function: None, entry: Entry) -> None:
    """Numbers, null where R gave none, or the words with which R failed."""
    if isinstance(entry.want, dict) and "error" in entry.want:
        assert entry.want["error"]
    else:
        value = entry.want["block"] if isinstance(entry.want, dict) else entry.want
        assert np.array(value, float).size


def rival_error(function: None, entry: Entry) -> None:
    """R's distance from the exact matrix is what the file says; of a block, at most that."""
    name = entry.group.split()[-1]
    theirs, exact = entry.given["joint"]["R"][name], entry.given["joint"]["exact"][MEANT[name]]
    whole = isinstance(exact, list)
    a, b = (np.array(m if whole else m["block"], float) for m in (theirs, exact))
    distance = np.nanmax(np.abs(a - b), initial=0.0)
    if whole:
        assert abs(distance - entry.want) <= 1e-15
    else:
        assert distance <= entry.want + 1e-15


def rfc3797(function: None, entry: Entry) -> None:
    """RFC 3797 section 4: MD5 of i || key || i, i in two bytes, modulo what is left."""
    pool = list(range(1, entry.given["pool"] + 1))
    for i, row in enumerate(entry.given["out"]):
        edge = i.to_bytes(2, "big")
        digest = md5(edge + entry.given["key"].encode() + edge, usedforsecurity=False).digest()
        assert digest.hex().upper() == row["md5"]
        assert len(pool) == row["div"]
        assert pool.pop(int.from_bytes(digest, "big") % len(pool)) == row["selected"]


def thomson_vrs(function: None, entry: Entry) -> None:
    """draft-thomson-elegy-vrs: HKDF of the randomness under a one-time code, one row a label."""
    salt, material = bytes.fromhex(entry.given["otc"]), entry.given["ikm"].encode()
    for label, want in entry.given["rows"].items():
        assert HKDF(SHA256(), 32, salt, label.encode()).derive(material).hex() == want


def consistent_sampler(function: None, entry: Entry) -> None:
    """Only ids of the list are taken, so many as asked, in the order of their ticket numbers."""
    row = entry.given
    tickets = row.get("tuples") or [["", taken, 1] for taken in row["output"]]
    assert len(tickets) == row["take"]
    assert {taken for _, taken, _ in tickets} <= set(row["ids"])
    assert tickets == sorted(tickets, key=lambda ticket: ticket[0])


def cryptorandom(function: None, entry: Entry) -> None:
    """Five numbers from 1 to 1000, twice."""
    for name in ("randint_1_1001_x5", "trunc_1_1001_x5"):
        assert len(entry.given[name]) == 5
        assert all(1 <= number <= 1000 for number in entry.given[name])


def chained_round(function: None, entry: Entry) -> None:
    """drand's default chain: the message holds the signature before; signatures lie in G2."""
    row, chain = entry.given, entry.context["drand_chain_info"]["chains"]["default"]
    before, signature = (bytes.fromhex(row[key]) for key in ("previous_signature", "signature"))
    message = sha256(before + row["round"].to_bytes(8, "big")).digest()
    hashed = G2Point.hash_to_curve(message, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_")
    key = G1Point.from_compressed_bytes(bytes.fromhex(chain["public_key"]))
    left = [-G1Point(), key]
    assert GT.pairing_check(left, [G2Point.from_compressed_bytes(signature), hashed])
    assert sha256(signature).hexdigest() == row["randomness"]
    assert row["time_unix"] == chain["genesis_time"] + (row["round"] - 1) * chain["period"]


def n_assignments(function: None, entry: Entry) -> None:
    assert sum(1 for _ in assignments(entry.given)) == entry.want


def uniform_marginals(function: None, entry: Entry) -> None:
    """Every valid assignment equally likely."""
    found = list(assignments(entry.given))
    for i, task in enumerate(entry.given["tasks"]):
        for officer, share in entry.want[task["id"]].items():
            drawn = sum(officer in teams[i] for teams in found)
            assert Fraction(share) == Fraction(drawn, len(found))


def kind(function: None, entry: Entry) -> None:
    """A certificate is listed exactly when a count proves the tasks impossible."""
    assert (entry.want == "hall") == bool(entry.given["answer"]["hall_certificates"])
    assert next(assignments(entry.given), None) is None


def assignments(case: Any) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield every valid assignment of a ``fairlot-assign/1`` instance, by trying all teams."""
    choices = [
        [team for team in combinations(case["eligible"][task["id"]], task["quota"])
         if is_team(case, task["id"], team)]
        for task in case["tasks"]
    ]  # fmt: skip
    left = {officer["id"]: officer["cap"] for officer in case["officers"]}
    least = {officer["id"]: officer["cap"] - officer.get("min", 0) for officer in case["officers"]}

    def fill(done: tuple[tuple[str, ...], ...]) -> Iterator[tuple[tuple[str, ...], ...]]:
        if len(done) == len(choices):
            if all(left[officer] <= least[officer] for officer in left):
                yield done
            return
        for team in choices[len(done)]:
            if all(left[officer] for officer in team):
                for officer in team:
                    left[officer] -= 1
                yield from fill((*done, team))
                for officer in team:
                    left[officer] += 1

    return fill(())


def is_team(case: Any, task_id: str, team: Iterable[str]) -> bool:
    """assignment_schema.md: when a team is valid."""
    task = next(task for task in case["tasks"] if task["id"] == task_id)
    people = [officer for officer in case["officers"] if officer["id"] in set(team)]
    ids = {officer["id"] for officer in people}
    apart = [set(pair) for pair in case["pair_exclusions"]]
    if case["rules"].get("no_same_last_pair"):
        apart += map(set, combinations(task.get("last_team", ()), 2))
    return (
        len(list(team)) == len(ids) == task["quota"]
        and ids <= set(case["eligible"][task_id])
        and sum(o.get("enforcement", True) for o in people) >= task.get("min_enforcement", 0)
        and ("field" not in task or any(task["field"] in o.get("fields", ()) for o in people))
        and set(task.get("departments", ())) <= {o.get("department") for o in people}
        and max(o.get("seniority", 0) for o in people) >= task.get("min_lead", 0)
        and not any(pair <= ids for pair in apart)
    )


def loads_hold(case: Any, teams: Iterable[Iterable[str]]) -> bool:
    """Every officer serves between their least and most."""
    taken = [officer for team in teams for officer in team]
    return all(
        officer.get("min", 0) <= taken.count(officer["id"]) <= officer["cap"]
        for officer in case["officers"]
    )
