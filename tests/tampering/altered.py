"""Every way to change one thing: a value of JSON, a cell or a row of a table, a byte of a file."""

import re
from collections.abc import Iterator
from copy import deepcopy

from fairlot.public import canonical

Step = str | int
Path = tuple[Step, ...]

TYPES = {"text": "7", "number": 7, "flag": True, "null": None, "list": [], "object": {}}
CLASSES = {
    "NUL": b"\x00", "control": b"\x07", "CR": b"\r", "LF": b"\n", "DEL": b"\x7f", "high bit": b"\x80",
    "no UTF-8": b"\xff", "BOM": b"\xef\xbb\xbf", "zero width": "​".encode(), "space": b" ",
    "quote": b'"', "digit": b"7",
}  # fmt: skip


def other_values(value: object) -> Iterator[tuple[str, object]]:
    """Other values of the same type."""
    if isinstance(value, bool):
        yield "the other flag", not value
    elif isinstance(value, int):
        yield from (("one more", value + 1), ("one less", value - 1), ("negative", -value - 7))
    elif isinstance(value, str):
        yield from other_texts(value)
    elif isinstance(value, list) and value:
        yield from (("last item dropped", value[:-1]), ("an item twice", [*value, value[0]]))
        if value != value[::-1]:
            yield "reversed", value[::-1]


def other_texts(text: str) -> Iterator[tuple[str, str]]:
    if re.fullmatch("[0-9a-f]{32,}", text):
        yield "one hex digit", f"{int(text[0], 16) ^ 1:x}{text[1:]}"
        yield "upper case", text.upper() if text.upper() != text else text + "0"
        yield "shorter", text[2:]
    elif re.fullmatch(r"\d{4}-\d\d-\d\d.*", text):
        yield "another year", f"{int(text[:4]) - 1}{text[4:]}"
        yield "no date", text.replace("-", "/")
    elif re.fullmatch(r"[0-9.]+", text):
        yield from (("a digit more", f"{text}1"), ("a sign", f"-{text}"), ("a space", f" {text}"))
    else:
        yield "one sign more", f"{text}x"
    if text:
        yield "empty", ""


def of_other_type(value: object) -> Iterator[tuple[str, object]]:
    """Values of every other type."""
    for name, other in TYPES.items():
        if type(other) is not type(value):
            yield name, other


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """Where every field and every item of a JSON value stands."""
    pairs: Iterator[tuple[Step, object]] = iter(())
    if isinstance(value, dict):
        pairs = iter(value.items())
    elif isinstance(value, list):
        pairs = enumerate(value)
    for step, item in pairs:
        yield (*path, step)
        yield from places(item, (*path, step))


def fields(value: object) -> Iterator[tuple[str, Path, object]]:
    """Every mutation of one field: what was done, where, and the whole value."""
    for path in places(value):
        old = at(value, path)
        for name, new in other_values(old):
            yield name, path, put(value, path, new)
        for name, new in of_other_type(old):
            yield f"as {name}", path, put(value, path, new)
        if isinstance(path[-1], str):
            yield "removed", path, without(value, path)
            yield "renamed", path, put(without(value, path), (*path[:-1], f"{path[-1]}_"), old)
        if isinstance(old, dict):
            yield "field added", (*path, "zzz"), put(value, (*path, "zzz"), 0)
    yield "field added", ("zzz",), put(value, ("zzz",), 0)


def at(value: object, path: Path) -> object:
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


def put(value: object, path: Path, new: object) -> object:
    """A copy with another value in one place."""
    copy = deepcopy(value)
    at(copy, path[:-1])[path[-1]] = new  # type: ignore[index]
    return copy


def without(value: object, path: Path) -> object:
    copy = deepcopy(value)
    del at(copy, path[:-1])[path[-1]]  # type: ignore[attr-defined]
    return copy


def json_bytes(value: object) -> bytes:
    return canonical.encode(value) + b"\n"  # type: ignore[arg-type]


def rows(lines: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Rows dropped, doubled and moved; the first line is the head."""
    head, *body = lines
    last = len(body) - 1
    for i in sorted({0, len(body) // 2, last}):
        yield f"row {i + 1} dropped", [head, *body[:i], *body[i + 1 :]]
        yield f"row {i + 1} twice", [head, *body[: i + 1], *body[i:]]
    if last:
        yield "first and last row swapped", [head, body[last], *body[1:last], body[0]]
        yield "all rows reversed", [head, *body[::-1]]
    yield "no rows", [head]
    yield "no head", body


def bytes_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Bytes put in, flipped and cut off, at the beginning, in the middle and at the end."""
    spots = {"first": 0, "a third": len(data) // 3, "half": len(data) // 2, "last": len(data) - 1}
    for where, spot in spots.items():
        for name, sign in CLASSES.items():
            yield f"{name} put in before the {where} byte", data[:spot] + sign + data[spot:]
        for bit in (0, 3, 5, 7):
            flipped = bytes([data[spot] ^ 1 << bit])
            yield f"bit {bit} of the {where} byte", data[:spot] + flipped + data[spot + 1 :]
    for cut in sorted({0, 1, len(data) // 2, len(data) - 1}):
        yield f"cut after {cut} bytes", data[:cut]
    for name, tail in (("LF", b"\n"), ("text", b"x"), ("itself", data)):
        yield f"{name} appended", data + tail
