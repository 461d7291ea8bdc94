"""Canonical JSON: one value, one sequence of bytes, and readers that trust nothing.

The bytes are RFC 8785's. Allowed are text, whole numbers within ±(2^53 - 1), true, false, null,
lists and objects; a fraction travels as a decimal string. A reader parses, writes the value again
and compares: white space, another order of keys, a longer escape or ``-0`` cannot pass.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias, cast

import rfc8785

from fairlot._base.errors import InvalidInput
from fairlot._base.ids import canonical_id
from fairlot.public.lines import SAFE, in_order, matched

__all__ = [
    "SAFE",
    "Json",
    "canonical_id",
    "decode",
    "encode",
    "parse",
    "parse_lines",
    "table_lines",
]

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Cell: TypeAlias = str | int | bool
# Where a value stands, from the inside out, so that a path is spelt only when it is needed.
Path: TypeAlias = "tuple[Path, str | int] | None"

DEPTH = 32
SHOWN = 40  # characters of a hostile value that a message repeats


def encode(value: Json) -> bytes:
    """Return the RFC 8785 bytes of ``value``; refuse floats, big integers and lone surrogates.

    >>> encode({"seats": 2, "名称": "甲", "ok": True})
    b'{"ok":true,"seats":2,"\\xe5\\x90\\x8d\\xe7\\xa7\\xb0":"\\xe7\\x94\\xb2"}'
    """
    _admit(value, None, 0)
    return rfc8785.dumps(value)


def parse(data: bytes, *, limit: int) -> Json:
    """Return the value of any JSON that is at most ``limit`` bytes and could be canonical.

    Whoever wrote it may have ordered and spaced it freely; a repeated key is refused all the same.

    >>> parse(b'{"b": 1, "a": [2]}', limit=100)
    {'b': 1, 'a': [2]}
    """
    if len(data) > limit:
        raise InvalidInput("{got} bytes; want at most {want}", zh="共 {got} 字节，上限为 {want}",
                           got=len(data), want=limit)  # fmt: skip
    value: Json = _read(data, _STRICT.decode)
    _admit(value, None, 0)
    return value


def decode(data: bytes, *, limit: int) -> Json:
    """Return the value whose canonical bytes are exactly ``data``, at most ``limit`` bytes.

    >>> decode(b'{"a":[1,2]}', limit=100)
    {'a': [1, 2]}
    """
    value = parse(data, limit=limit)
    again = rfc8785.dumps(value)
    if again != data:
        at = _first_difference(data, again)
        raise InvalidInput(
            "byte {at} is not canonical: got {got!r}, want {want!r}",
            zh="第 {at} 字节不是规范形式：实为 {got!r}，应为 {want!r}",
            at=at, got=data[at : at + SHOWN], want=again[at : at + SHOWN],
        )  # fmt: skip
    return value


def table_lines(columns: Mapping[str, Sequence[Cell]]) -> list[bytes]:
    """Return one canonical object a row, for columns each all text, all whole numbers or all flags.

    The bytes are those of :func:`encode`, made column by column.

    >>> table_lines({"weight": [3, 1], "id": ["S1", "S2"]})
    [b'{"id":"S1","weight":3}', b'{"id":"S2","weight":1}']
    """
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InvalidInput("columns of unequal length: {lengths}", zh="各列长度不一致：{lengths}",
                           lengths=lengths)  # fmt: skip
    names = in_order(columns)
    keys = (_WRITE(name).replace("%", "%%") for name in names)
    row = "{" + ",".join(f"{key}:%s" for key in keys) + "}"
    cells = zip(*(_cells(name, columns[name]) for name in names), strict=True)
    return [_utf8(row % texts, line) for line, texts in enumerate(cells, 1)]


def parse_lines(data: bytes, schema: Mapping[str, type], *, max_rows: int) -> dict[str, list[Any]]:
    """Return the columns of a table of canonical lines, one object a line, each ended by LF.

    schema    the keys that every object has, no more and no fewer, each str, int or bool
    max_rows  more lines are refused unread

    Every refusal names the line, counted from 1.

    >>> parse_lines(b'{"id":"S1","weight":3}\\n', {"id": str, "weight": int}, max_rows=10)
    {'id': ['S1'], 'weight': [3]}
    """
    lines = _split(data, max_rows)
    found = matched(data, schema)
    if found is not None:
        return found
    rows = [_row(line, number, schema) for number, line in enumerate(lines, 1)]
    columns = {name: [row[name] for row in rows] for name in schema}
    for name, kind in schema.items():
        _admit_column(name, columns[name], kind)
    for number, (line, again) in enumerate(zip(lines, table_lines(columns), strict=True), 1):
        if line != again:
            raise InvalidInput(
                "line {line} is not canonical: got {got!r}, want {want!r}",
                zh="第 {line} 行不是规范形式：实为 {got!r}，应为 {want!r}",
                line=number, got=line[: 5 * SHOWN], want=again[: 5 * SHOWN],
            )  # fmt: skip
    return columns


def _admit(value: object, path: Path, depth: int) -> None:
    if depth == DEPTH and isinstance(value, list | dict):
        raise InvalidInput("{at} is nested deeper than {want}", zh="{at} 嵌套超过 {want} 层",
                           at=_spelt(path), want=DEPTH)  # fmt: skip
    match value:
        case bool() | None:
            pass
        case str():
            _admit_text(value, path)
        case int():
            _admit_integer(value, path)
        case list():
            for i, item in enumerate(value):
                _admit(item, (path, i), depth + 1)
        case dict():
            for key, item in value.items():
                _admit_text(key, (path, "a key"))
                _admit(item, (path, key), depth + 1)
        case _:
            raise InvalidInput(
                "{at} is a {got}; want text, a whole number, a flag, null, a list or an object",
                zh="{at} 的类型为 {got}，只接受文本、整数、真假值、空值、列表或对象",
                at=_spelt(path), got=type(value).__name__,
            )  # fmt: skip


def _admit_text(text: object, path: Path) -> None:
    if not isinstance(text, str):
        raise InvalidInput("{at} is a {got}; want text", zh="{at} 的类型为 {got}，应为文本",
                           at=_spelt(path), got=type(text).__name__)  # fmt: skip
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "{at} holds half a surrogate pair at character {i}",
            zh="{at} 的第 {i} 个字符为不完整的代理对", at=_spelt(path), i=error.start,
        ) from None  # fmt: skip


def _admit_integer(number: int, path: Path) -> None:
    if not -SAFE <= number <= SAFE:
        raise InvalidInput(
            "{at} is beyond ±(2^53 - 1); write it as text",
            zh="{at} 超出 ±(2^53 - 1)，请写成文本", at=_spelt(path),
        )  # fmt: skip


def _spelt(path: Path) -> str:
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step[:SHOWN]!r}")
    return "$" + "".join(reversed(steps))


def _read(data: bytes, decode: Callable[[str], Any]) -> Any:
    try:
        return decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput("byte {at} is not UTF-8", zh="第 {at} 字节不是 UTF-8 编码",
                           at=error.start) from None  # fmt: skip
    except json.JSONDecodeError as error:
        raise InvalidInput("not JSON at character {at}: {why}",
                           zh="第 {at} 个字符处不是 JSON：{why}",
                           at=error.pos, why=error.msg) from None  # fmt: skip
    except RecursionError:
        raise InvalidInput("nested deeper than {want}", zh="嵌套超过 {want} 层",
                           want=DEPTH) from None  # fmt: skip


def _first_difference(got: bytes, want: bytes) -> int:
    pairs = enumerate(zip(got, want, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(got), len(want)))


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        raise InvalidInput("key {got!r} stands twice in one object",
                           zh="键 {got!r} 在同一对象中重复", got=twice[:SHOWN])  # fmt: skip
    return found


def _integer(text: str) -> int:
    # Longer is refused before it is read: reading n digits takes time n^2.
    if len(text) > len(f"-{SAFE}"):
        _not_whole(text)
    return int(text)


def _not_whole(text: str) -> NoReturn:
    raise InvalidInput(
        "{got} is not a whole number within ±(2^53 - 1); write it as text",
        zh="{got} 不是 ±(2^53 - 1) 以内的整数，请写成文本", got=text[:SHOWN],
    )  # fmt: skip


_STRICT = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_not_whole, parse_constant=_not_whole
)
# A row may skip the look for repeated keys: written again it has lost them, and differs.
_ROW = json.JSONDecoder(parse_int=_integer, parse_float=_not_whole, parse_constant=_not_whole)
# For text and whole numbers json writes what RFC 8785 3.2.2 asks. A line end inside a text is
# escaped, so in a list it can stand between the cells.
_WRITE = json.JSONEncoder(ensure_ascii=False, separators=("\n", ":")).encode


def _cells(name: str, column: Sequence[Cell]) -> list[str]:
    kinds = set(map(type, column))
    if len(kinds) > 1 or not kinds <= {str, int, bool}:
        raise InvalidInput(
            "column {column} holds {got}; want all text, all whole numbers or all flags",
            zh="列 {column} 含有 {got}，应全为文本、全为整数或全为真假值",
            column=name, got=", ".join(sorted(kind.__name__ for kind in kinds)),
        )  # fmt: skip
    if kinds == {int}:
        numbers = cast(Sequence[int], column)
        for extreme in (min(numbers), max(numbers)):
            _admit_integer(extreme, ((None, name), numbers.index(extreme)))
    return _WRITE(list(column))[1:-1].split("\n") if column else []


def _utf8(text: str, line: int) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidInput("line {line} holds half a surrogate pair",
                           zh="第 {line} 行含有不完整的代理对", line=line) from None  # fmt: skip


def _split(data: bytes, max_rows: int) -> list[bytes]:
    rows = data.count(b"\n")
    if rows > max_rows:
        raise InvalidInput("{got} lines; want at most {want}", zh="共 {got} 行，上限为 {want}",
                           got=rows, want=max_rows, line=max_rows + 1)  # fmt: skip
    *lines, rest = data.split(b"\n")
    if rest:
        raise InvalidInput("line {line} is cut short: no line end",
                           zh="第 {line} 行不完整：缺少换行", line=rows + 1)  # fmt: skip
    return lines


def _row(line: bytes, number: int, schema: Mapping[str, type]) -> dict[str, Any]:
    try:
        # What stands before and after the object is not looked at: the comparison refuses it.
        row = _read(line.lstrip(), _ROW.raw_decode)[0]
    except InvalidInput as error:
        raise InvalidInput("line {line}: {why}", zh="第 {line} 行：{why_zh}", line=number,
                           why=error.text("en"), why_zh=error.text("zh")) from None  # fmt: skip
    if isinstance(row, dict) and row.keys() == schema.keys():
        return row
    got = f"keys {', '.join(row)}"[: 5 * SHOWN] if isinstance(row, dict) else type(row).__name__
    raise InvalidInput(
        "line {line} has {got}; want an object with the keys {want}",
        zh="第 {line} 行为 {got}，应为含有键 {want} 的对象",
        line=number, got=got, want=", ".join(schema),
    )  # fmt: skip


def _admit_column(name: str, column: list[Any], kind: type) -> None:
    if set(map(type, column)) <= {kind}:
        return
    line, got = next((i, type(cell)) for i, cell in enumerate(column, 1) if type(cell) is not kind)
    raise InvalidInput(
        "line {line}: {column} is a {got}; want {want}",
        zh="第 {line} 行：{column} 的类型为 {got}，应为 {want}",
        line=line, column=name, got=got.__name__, want=kind.__name__,
    )  # fmt: skip
