"""How an entry is compared with the function under test."""

import base64
import json
import struct
from hashlib import md5, sha256
from typing import Any

import numpy as np
import pytest
from entries import Entry

from fairlot import assignment
from fairlot._base.errors import FairlotError, Infeasible, InvalidInput

EXACT = 1e-15  # a correctly rounded float against a printed one: one unit in the last place


def inclusion(function: Any, entry: Entry) -> None:
    got = function(entry.given["x"], entry.given["n"])
    np.testing.assert_allclose(got, np.array(entry.want, float), rtol=EXACT, atol=0)


def inclusion_loosely(function: Any, entry: Entry) -> None:
    """R's own numbers carry its rounding: 1e-12 is far below a changed unit."""
    if isinstance(entry.want, dict):  # {"error": ...}: R failed, there is nothing to compare
        assert "error" in entry.want
        return
    got = function(entry.given["x"], entry.given["n"])
    np.testing.assert_allclose(got, np.array(entry.want, float), rtol=1e-12, atol=1e-15)


def take_all(function: Any, entry: Entry) -> None:
    got = function(entry.given["x"], entry.given["n"])
    assert (np.flatnonzero(got == 1) + 1).tolist() == entry.want


def joint(function: Any, entry: Entry) -> None:
    design = entry.group.removeprefix("joint ")
    pi = entry.given.get("pik") or entry.given["inclusion_probabilities_exact"]
    got = function(pi, design=design)
    want = entry.want["block"] if isinstance(entry.want, dict) else entry.want
    np.testing.assert_allclose(got[: len(want), : len(want)], want, rtol=1e-10)


def odds(function: Any, entry: Entry) -> None:
    inner = [p for p in entry.given["pik"] if 0 < p < 1]
    got = np.asarray(function(inner))
    np.testing.assert_allclose(got / got.sum(), entry.want, rtol=1e-10)


def unsaid(function: Any, entry: Entry) -> None:
    """Whoever builds the function says here how it answers the entry."""
    raise AssertionError(f"say how {function} answers {entry.id}")


def proficiency(function: Any, entry: Entry) -> None:
    """Call with the inputs by name; every expected number is an attribute of the result."""
    got, tol = function(**entry.given["inputs"]), entry.given["tol"]
    scale = 1.0
    if tol["type"] == "rel_scale":
        scale = next(entry.want[key] for key in ("s_star", "s", "h") if key in entry.want)
    for name, want in entry.want.items():
        limit = tol["value"][name] if tol["type"] == "abs_per_key" else tol.get("value", 0)
        how = {"rel": limit} if tol["type"] == "rel" else {"abs": limit * scale}
        assert getattr(got, name) == (
            want if tol["type"] == "exact" else pytest.approx(want, **how)
        )


def chain(function: Any, entry: Entry) -> None:
    given = entry.given
    made = function(given["beaconID"], given["public_key"], given["period"], given["genesis_time"],
                    given["groupHash"])  # fmt: skip
    assert made.hash == entry.want


def quicknet(function: Any, entry: Entry) -> None:
    round_ = function(entry.given["round"])
    value = {key: entry.given[key] for key in ("round", "signature", "randomness")}
    assert round_.verify(value) == "verified"
    assert round_.identity()["round_time"] == entry.given["time_unix"]


def other_chain(function: Any, entry: Entry) -> None:
    key, signature = (bytes.fromhex(entry.given[name]) for name in ("public_key", "signature"))
    assert function(key, entry.given["round"], signature) == "verified"
    assert sha256(signature).hexdigest() == entry.given["randomness"]


def must_reject(function: Any, entry: Entry) -> None:
    from fairlot.public.beacon import QUICKNET

    key, signature = bytes.fromhex(QUICKNET.public_key), bytes.fromhex(entry.given["signature"])
    with pytest.raises(FairlotError):
        function(key, entry.given["round"], signature)


def chained(function: Any, entry: Entry) -> None:
    given = {key: bytes.fromhex(entry.given[key]) for key in ("previous_signature", "signature")}
    assert function(entry.given["round"], **given) == "verified"


def nist(function: Any, entry: Entry) -> None:
    assert function(entry.given["certificate_pem"]).verify(entry.want) == "verified"


def root(function: Any, entry: Entry) -> None:
    from fairlot.public.merkle import leaf_hash

    assert function([leaf_hash(bytes.fromhex(leaf)) for leaf in entry.given]).hex() == entry.want


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def inclusion_proof(function: Any, entry: Entry) -> None:
    row = entry.given
    proof = [_bytes(step) for step in row["proof"] or ()]
    _holds_or_raises(
        entry.want,
        function,
        _bytes(row["leafHash"]),
        row["leafIdx"],
        row["treeSize"],
        proof,
        _bytes(row["root"]),
    )


def consistency(function: Any, entry: Entry) -> None:
    row = entry.given
    proof = [_bytes(step) for step in row["proof"] or ()]
    roots = _bytes(row["root1"]), _bytes(row["root2"])
    _holds_or_raises(entry.want, function, row["size1"], row["size2"], proof, *roots)


def _holds_or_raises(holds: bool, function: Any, *given: Any) -> None:
    if holds:
        function(*given)
        return
    with pytest.raises(FairlotError):
        function(*given)


def _has_floats(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_floats, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)


def jcs_file(function: Any, entry: Entry) -> None:
    """Records hold no floats, so a file that does is refused; the others come out to the byte."""
    value = json.loads(entry.given)
    if _has_floats(value):
        with pytest.raises(InvalidInput):
            function(value)
    else:
        assert function(value).hex() == entry.want


def jcs_number(function: Any, entry: Entry) -> None:
    """Whole numbers of the vectors within 2^53 - 1 come out as printed; all else is refused."""
    number = struct.unpack(">d", bytes.fromhex(entry.given.rjust(16, "0")))[0]
    with pytest.raises(InvalidInput):
        function(number)
    if number == number and number.is_integer() and abs(number) < 2**53:
        assert function(int(number)).decode() == entry.want


def signed_note(function: Any, entry: Entry) -> None:
    text = function(entry.given["note"], entry.given["vkey"])
    assert entry.given["note"].startswith(text)
    with pytest.raises(FairlotError):
        function("x" + entry.given["note"], entry.given["vkey"])


def digest_to_u(function: Any, entry: Entry) -> None:
    head = entry.want.get("h64")
    if entry.given is not None:
        digest = sha256(bytes.fromhex(entry.given)).hexdigest()
        assert digest == entry.want["sha256"]
        head = digest[:16]
    u = function(np.array([int(head, 16)], dtype=np.uint64))[0]
    assert u == float.fromhex(entry.want["u_hex"])


def unicode(function: Any, entry: Entry) -> None:
    text = bytes.fromhex(entry.given["in_utf8"]).decode()
    if entry.given["ascii_after_NFKC"]:
        assert function(text).encode().hex() == entry.given["NFKC"]
    else:
        with pytest.raises(InvalidInput):
            function(text)


def read_only(function: Any, entry: Entry) -> None:
    assert entry.want["output" if "output" in entry.want else "tuples"]


def rfc3797(function: Any, entry: Entry) -> None:
    """RFC 3797 section 4, read literally."""
    pool = list(range(1, entry.given["pool"] + 1))
    for i, row in enumerate(entry.given["out"]):
        edge = i.to_bytes(2, "big")
        digest = md5(edge + entry.given["key"].encode() + edge).digest()
        assert digest.hex().upper() == row["md5"]
        assert len(pool) == row["div"]
        assert pool.pop(int.from_bytes(digest, "big") % len(pool)) == row["selected"]


def thomson(function: Any, entry: Entry) -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    salt, ikm = bytes.fromhex(entry.given["otc"]), entry.given["ikm"].encode()
    for label, want in entry.given["rows"].items():
        assert HKDF(SHA256(), 32, salt, label.encode()).derive(ikm).hex() == want


def cryptorandom(function: Any, entry: Entry) -> None:
    assert len(entry.given["randint_1_1001_x5"]) == len(entry.given["trunc_1_1001_x5"]) == 5


def _problem(entry: Entry) -> assignment.Problem:
    return assignment.Problem.from_instance(entry.given)


def feasible(function: Any, entry: Entry) -> None:
    problem = _problem(entry)
    if not entry.want:
        with pytest.raises(Infeasible):
            function(problem)
        return
    function(problem)
    for seed in range(20):
        teams = assignment.draw_teams(problem, rng=np.random.default_rng(seed))
        _refuse_bad_teams(entry.given, teams.to_frame())


def _refuse_bad_teams(case: Any, frame: Any) -> None:
    """The rules of fairlot-assign/1 for plain teams, read from the instance itself."""
    caps = {officer["id"]: officer["cap"] for officer in case["officers"]}
    for task in case["tasks"]:
        team = frame[frame["site_id"] == task["id"]]["officer_id"].tolist()
        assert len(team) == len(set(team)) == task["quota"]
        assert set(team) <= set(case["eligible"][task["id"]])
    assert all(n <= caps[officer] for officer, n in frame["officer_id"].value_counts().items())


def _blocked(function: Any, entry: Entry) -> Any:
    with pytest.raises(Infeasible) as refused:
        function(_problem(entry))
    return refused.value.blocking[0]


def certificate(function: Any, entry: Entry) -> None:
    """What is said can be counted by hand from the instance."""
    block = _blocked(function, entry)
    tasks = {task["id"]: task for task in entry.given["tasks"]}
    open_to = entry.given["eligible"]
    may = {
        o["id"]: sum(o["id"] in open_to[t] for t in block.sites) for o in entry.given["officers"]
    }
    caps = {o["id"]: o["cap"] for o in entry.given["officers"]}
    assert block.need == sum(tasks[t]["quota"] for t in block.sites)
    assert block.available == sum(min(caps[o], may[o]) for o in may)
    assert block.need > block.available
