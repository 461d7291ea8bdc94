"""Small edits of bytes and of JSON: what a fuzzer does to a file that was whole.

An edit is three whole numbers, so hypothesis can shrink it and a long run can draw it cheaply.
"""

import json
from collections.abc import Sequence
from random import Random

Edit = tuple[int, int, int]
KINDS = 12
REACH = 1 << 20

SCRAPS = [
    b"", b"\x00", b"\xff", b"\r", b"\n", b"\n\n", b" ", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b"+",
    b"-1", b"0", b"1e9", b"9" * 20, b"9" * 5000, b"null", b"true", b"NaN", b"\xef\xbb\xbf",
    "— ".encode(), "\u202e".encode(), b"\\ud800", b"\xed\xa0\x80", b"A" * 300, b"=", b"..", b"%s{0}",
]  # fmt: skip
VALUES = [
    None, True, False, 0, -1, 1, 2**31, 2**53 - 1, 2**53, 2**64, "", "0", "x", "x" * 300, "\x00", "{0}",
    "𐀀", "-0", "9999-12-31", "0000-00-00T00:00:00Z", [], {}, [[]], [None], {"": 0}, {"@spec": 1},
    "f" * 64, "F" * 64, "0" * 96, ["x"] * 40, 1.5,
]  # fmt: skip


def edited(data: bytes, edits: Sequence[Edit], others: Sequence[bytes]) -> bytes:
    """Return the bytes after these edits; ``others`` are whole files to take pieces from."""
    for kind, where, what in edits:
        if kind < 5:
            data = of_bytes(data, kind, where, what, others)
        else:
            data = of_json(data, kind, where, what)
    return data


def of_bytes(data: bytes, kind: int, where: int, what: int, others: Sequence[bytes]) -> bytes:
    at = where % (len(data) + 1)
    scrap = SCRAPS[what % len(SCRAPS)]
    if kind == 0:
        return data[:at] + scrap + data[at:]
    if kind == 1:
        return data[:at] + scrap + data[at + len(scrap) :]
    if kind == 2:
        return data[:at] + data[at + what % 64 :]
    if kind == 3:
        return data[:at] + bytes([what % 256]) + data[at + 1 :]
    other = others[what % len(others)]
    return data[:at] + other[where % (len(other) + 1) :]


def of_json(data: bytes, kind: int, where: int, what: int) -> bytes:
    """Change one value of the JSON on one line, as whole canonical bytes; other bytes pass."""
    lines = data.split(b"\n")
    line = (where >> 10) % len(lines)
    try:
        value = json.loads(lines[line])
    except (ValueError, RecursionError):
        return data
    holders = [holder for holder in every(value) if holder]
    if holders:
        holder = holders[where % len(holders)]
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        change(holder, keys, kind, what)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return b"\n".join([*lines[:line], text.encode("utf-8", "surrogatepass"), *lines[line + 1 :]])


def every(value: object) -> list[dict | list]:
    """Return a JSON value's objects and lists, itself among them."""
    if not isinstance(value, dict | list):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [value, *(found for item in inner for found in every(item))]


def change(holder: dict | list, keys: list, kind: int, what: int) -> None:
    key, other = keys[what % len(keys)], keys[what // 7 % len(keys)]
    if kind == 5:
        del holder[key]
    elif kind == 6:
        holder[key] = holder[other]
    elif kind == 7 and isinstance(holder, dict):
        holder[f"{key}{what % 3}"] = holder.pop(key)
    elif kind == 8 and isinstance(holder[key], int):
        holder[key] += what % 5 - 2
    elif kind == 9 and isinstance(holder[key], str):
        text = holder[key]
        holder[key] = (
            text[: what % (len(text) + 1)] + "0f-x"[what % 4] + text[what % (len(text) + 1) + 1 :]
        )
    else:
        holder[key] = VALUES[what // 11 % len(VALUES)]


def some(rng: Random) -> list[Edit]:
    """Draw one to four edits."""
    count = 1 + int(rng.random() * rng.random() * 4)
    return [
        (rng.randrange(KINDS), rng.randrange(REACH), rng.randrange(REACH)) for _ in range(count)
    ]
