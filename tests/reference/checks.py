"""How an answer of ours is compared with the one in the file: ``check(function, entry)``."""

import base64
import json
import struct
from hashlib import sha256
from typing import Any

import literal_readings as literal
import numpy as np
import pytest
import rfc8785
from entries import Entry

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public.beacon import instant
from fairlot.public.drand import QUICKNET, Chain
from fairlot.public.merkle import leaf_hash
from fairlot.public.nist import known


def unwritten(function: Any, entry: Entry) -> None:
    """Whoever builds the function says here how it answers the question of the file."""
    pytest.fail(f"write the check that asks {function} for {entry.group}")


# pt.json


def by_name(function: Any, entry: Entry) -> None:
    """Call with the inputs by name; the expected numbers are attributes of the result."""
    result = function(**entry.given["inputs"])
    for name, want in entry.want.items():
        close(getattr(result, name), want, entry.given["tol"], name, _scale(entry))


def _scale(entry: Entry) -> float:
    known = {**entry.given["inputs"], **entry.want}
    return next((abs(known[key]) for key in ("s_star", "s", "h") if key in known), 1.0)


def close(got: Any, want: Any, tol: Any, name: str, scale: float = 1.0) -> None:
    """Compare as pt_schema.md says; text, flags and counts are equal, null is no number."""
    if isinstance(want, dict):
        for key in want:
            close(got[key] if isinstance(got, dict) else getattr(got, key), want[key], tol, key,
                  scale)  # fmt: skip
    elif isinstance(want, list):
        assert len(got) == len(want), name
        for ours, theirs in zip(got, want, strict=True):
            close(ours, theirs, tol, name, scale)
    elif want is None:
        assert got is None or not np.isfinite(got), name
    elif isinstance(want, str | bool) or tol["type"] == "exact":
        assert got == want, name
    else:
        assert abs(got - want) <= _limit(want, tol, name, scale), name


def _limit(want: float, tol: Any, name: str, scale: float) -> float:
    value = tol["value"][name] if tol["type"] == "abs_per_key" else tol["value"]
    factor = {"rel": abs(want), "rel_scale": scale, "abs": 1.0, "abs_per_key": 1.0}[tol["type"]]
    return float(value * factor)


# proof.json


def chain(function: Any, entry: Entry) -> None:
    assert _chain(function, entry.given).hash == entry.given["hash"]


def _chain(function: Any, given: Any) -> Chain:
    made: Chain = function(
        beacon_id=given["beaconID"], public_key=given["public_key"], period=given["period"],
        genesis_time=given["genesis_time"], group_hash=given["groupHash"],
    )  # fmt: skip
    return made


def quicknet(function: Any, entry: Entry) -> None:
    value = {key: entry.given[key] for key in ("round", "signature", "randomness")}
    source = function(entry.given["round"])
    assert source.verify(value) == "verified"
    assert QUICKNET.round_time(source.round) == entry.given["time_unix"]
    assert QUICKNET.round_at(entry.given["time_unix"]) == source.round


def other_chain(function: Any, entry: Entry) -> None:
    key, signature = (bytes.fromhex(entry.given[name]) for name in ("public_key", "signature"))
    assert function(key, entry.given["round"], signature) == "verified"
    assert sha256(signature).hexdigest() == entry.given["randomness"]


def must_reject(function: Any, entry: Entry) -> None:
    key, signature = bytes.fromhex(QUICKNET.public_key), bytes.fromhex(entry.given["signature"])
    with pytest.raises(FairlotError):
        function(key, entry.given["round"], signature)


def pulse(function: Any, entry: Entry) -> None:
    """A pulse verifies under its certificate, gives its output value, and no changed one does."""
    row, context = entry.given, entry.context["nist_beacon_2_0"]
    at = instant(row["timeStamp"].replace(".000Z", "Z"))
    source = function(at, row["chainIndex"], row["certificateId"].lower())
    value = {"pulse": row, "certificate": context["certificate_pem"]}
    assert source.randomness(value).hex().upper() == row["outputValue"]
    vouched = row["certificateId"].lower() in known()
    assert source.attest(value)[0] == ("holds" if vouched else "not shown")
    changed = {**row, "pulseIndex": row["pulseIndex"] + 1}
    with pytest.raises(FairlotError):
        source.randomness({**value, "pulse": changed})


def key_string(function: Any, entry: Entry) -> None:
    """Ours is the text of the seeds; what RFC 3797 does with it is redone literally."""
    assert function(entry.given["seeds"]) == entry.given["key"]
    literal.rfc3797(None, entry)


def root(function: Any, entry: Entry) -> None:
    assert function([leaf_hash(bytes.fromhex(leaf)) for leaf in entry.given]).hex() == entry.want


def inclusion(function: Any, entry: Entry) -> None:
    row = entry.given
    given = _bytes(row["leafHash"]), row["leafIdx"], row["treeSize"], _proof(row)
    _holds_or_raises(row["wantErr"], function, *given, _bytes(row["root"]))


def consistency(function: Any, entry: Entry) -> None:
    row = entry.given
    roots = _bytes(row["root1"]), _bytes(row["root2"])
    _holds_or_raises(row["wantErr"], function, row["size1"], row["size2"], _proof(row), *roots)


def _proof(row: Any) -> list[bytes]:
    return [_bytes(step) for step in row["proof"] or ()]


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _holds_or_raises(want_error: bool, function: Any, *given: Any) -> None:
    if want_error:
        with pytest.raises(FairlotError):
            function(*given)
    else:
        function(*given)


def jcs_file(function: Any, entry: Entry) -> None:
    """Records hold no floats: a file that does is refused, the others come out to the byte."""
    value = json.loads(entry.given["input"])
    assert rfc8785.dumps(value).hex() == entry.given["output_hex"]
    if _has_floats(value):
        with pytest.raises(InvalidInput):
            function(value)
    else:
        assert function(value).hex() == entry.given["output_hex"]


def _has_floats(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_floats, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)


def jcs_number(function: Any, entry: Entry) -> None:
    """A double is refused; where it is a whole number that JSON carries, the number comes out."""
    bits, text = entry.given
    number = struct.unpack(">d", bytes.fromhex(bits.rjust(16, "0")))[0]
    assert rfc8785.dumps(number).decode() == text
    with pytest.raises(InvalidInput):
        function(number)
    if number.is_integer() and abs(number) < 2**53:
        assert function(int(number)).decode() == text


def signed_note(function: Any, entry: Entry) -> None:
    note, vkey = entry.given["note"], entry.given["vkey"]
    assert function(note, vkey) == note[: note.rindex("\n\n— ") + 1]
    with pytest.raises(FairlotError):
        function("x" + note, vkey)


def digest_to_u(function: Any, entry: Entry) -> None:
    row = entry.given
    if "msg_hex" in row:
        assert sha256(bytes.fromhex(row["msg_hex"])).hexdigest() == row["sha256"]
    head = row.get("h64") or row["sha256"][:16]
    assert function(np.array([int(head, 16)], np.uint64))[0] == float.fromhex(row["u_hex"])


def unicode(function: Any, entry: Entry) -> None:
    """What NFKC makes ASCII is an id, if it keeps to the alphabet of ids; nothing else is."""
    text = bytes.fromhex(entry.given["in_utf8"]).decode()
    clean = bytes.fromhex(entry.given["NFKC"]).decode()
    if entry.given["ascii_after_NFKC"] and " " not in clean:
        assert function(text) == clean
    else:
        with pytest.raises(InvalidInput):
            function(text)
