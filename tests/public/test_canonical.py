"""Canonical JSON: equal to rfc8785, and readers that only ever refuse."""

import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public.canonical import (
    DEPTH,
    SAFE,
    canonical_id,
    decode,
    encode,
    parse,
    parse_lines,
    table_lines,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
INTEGER = st.integers(-SAFE, SAFE)
VALUE = st.recursive(
    st.none() | st.booleans() | INTEGER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
LIMIT = 1 << 16
DEEPEST = b"[" * DEPTH + b"]" * DEPTH
TOO_DEEP = f"nested deeper than {DEPTH}"


@given(VALUE)
def test_what_is_written_is_rfc_8785_and_reads_back(value):
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert decode(data, limit=LIMIT) == value


@given(VALUE)
def test_other_spellings_parse_but_are_not_canonical(value):
    spaced = json.dumps(value, indent=1, ensure_ascii=True).encode() + b"\n"
    assert parse(spaced, limit=LIMIT) == value
    with pytest.raises(InvalidInput, match="is not canonical"):
        decode(spaced, limit=LIMIT)


@given(st.binary(max_size=60) | TEXT.map(str.encode))
def test_hostile_bytes_are_refused_or_canonical(data):
    try:
        value = decode(data, limit=LIMIT)
    except InvalidInput:
        return
    assert encode(value) == data


@given(st.text(alphabet='{}[]",:0123456789.-+eEtruefalsn\\u \ud800d', max_size=40))
def test_almost_json_is_refused_or_canonical(text):
    data = text.encode("utf-8", "surrogatepass")
    try:
        value = decode(data, limit=LIMIT)
    except InvalidInput:
        return
    assert encode(value) == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1,"a":1}', "key 'a' stands twice"),
        (b'{"a":{"b":1,"b":2}}', "key 'b' stands twice"),
        (b"1.0", "1.0 is not a whole number"),
        (b"1e3", "1e3 is not a whole number"),
        (b"NaN", "NaN is not a whole number"),
        (b"-Infinity", "-Infinity is not a whole number"),
        (b"9007199254740992", r"\$ is beyond"),
        (b'{"a":[-9007199254740992]}', r"\$\.'a'\[0\] is beyond"),
        pytest.param(b"9" * 5000, "is not a whole number within", id="long"),
        (b"-0", "byte 0 is not canonical: got b'-0', want b'0'"),
        (b'"\\ud800"', "half a surrogate pair at character 0"),
        (b'{"\\udfff":1}', "half a surrogate pair"),
        (b'"\xed\xa0\x80"', "byte 1 is not UTF-8"),
        (b"\xff", "byte 0 is not UTF-8"),
        (b"\xef\xbb\xbf1", "not JSON at character 0"),
        (b'{"b":1,"a":2}', "byte 2 is not canonical"),
        (b'"\\u0041"', "byte 1 is not canonical"),
        (b"1 ", "byte 1 is not canonical"),
        (b"1\n2", "not JSON at character 2: Extra data"),
        (b"", "not JSON at character 0"),
        pytest.param(DEEPEST.replace(b"[]", b"[[]]"), TOO_DEEP, id="one too deep"),
        pytest.param(DEEPEST.replace(b"[]", b'[{"a":1}]'), TOO_DEEP, id="one object too deep"),
        pytest.param(b"[" * 30_000, TOO_DEEP, id="deep lists"),
        pytest.param(b'{"a":' * 12_000, TOO_DEEP, id="deep objects"),
        pytest.param(b" " * (LIMIT + 1), f"{LIMIT + 1} bytes; want at most {LIMIT}", id="large"),
    ],
)
def test_what_cannot_be_read(data, why):
    with pytest.raises(InvalidInput, match=why):
        decode(data, limit=LIMIT)


def test_the_deepest_that_is_read():
    data = DEEPEST.replace(b"[]", b'[1,"a",null]')
    assert encode(decode(data, limit=LIMIT)) == data


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"a": [1, 1.5]}, r"\$\.'a'\[1\] is a float"),
        (SAFE + 1, r"\$ is beyond"),
        ((1, 2), r"\$ is a tuple"),
        ({1: 2}, r"\$\.'a key' is a int; want text"),
        ({"a": b""}, r"\$\.'a' is a bytes"),
        (["\ud800"], r"\$\[0\] holds half a surrogate"),
    ],
)
def test_what_cannot_be_written(value, why):
    with pytest.raises(InvalidInput, match=why):
        encode(value)


CELL = {str: TEXT, int: INTEGER, bool: st.booleans()}


@st.composite
def tables(draw):
    names = draw(st.lists(TEXT, min_size=1, max_size=5, unique=True))
    schema = {name: draw(st.sampled_from([str, int, bool])) for name in names}
    rows = draw(st.integers(0, 5))
    return schema, {
        name: draw(st.lists(CELL[kind], min_size=rows, max_size=rows))
        for name, kind in schema.items()
    }


@given(tables())
def test_table_lines_are_encode_row_by_row_and_parse_back(table):
    schema, columns = table
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    lines = table_lines(columns)
    assert lines == [encode(row) for row in rows]
    data = b"".join(line + b"\n" for line in lines)
    assert parse_lines(data, schema, max_rows=5) == columns


def test_keys_are_ordered_by_utf_16():
    # As code points U+FFFD comes before U+1F600; as UTF-16 (D83D DE00) after it.
    (line,) = table_lines({"\ufffd": [1], "\U0001f600": [2]})
    assert line == rfc8785.dumps({"\ufffd": 1, "\U0001f600": 2})
    assert line.index("\U0001f600".encode()) < line.index("\ufffd".encode())


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"a": [1], "b": []}, "unequal length: {'a': 1, 'b': 0}"),
        ({"a": [1, "1"]}, "column a holds int, str"),
        ({"a": [1, True]}, "column a holds bool, int"),
        ({"a": [1.0]}, "column a holds float"),
        ({"a": [0, -SAFE - 1]}, r"\$\.'a'\[1\] is beyond"),
        ({"a": ["x", "\ud800"]}, "line 2 holds half a surrogate"),
    ],
)
def test_tables_that_cannot_be_written(columns, why):
    with pytest.raises(InvalidInput, match=why):
        table_lines(columns)


SCHEMA = {"id": str, "key": bool, "weight": int}
ROW = b'{"id":"S1","key":true,"weight":3}\n'


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (b'{"id":"S1","key":true}', "has keys id, key; want .* id, key, weight"),
        (b'{"a":1,"id":"S1","key":true,"weight":3}', "has keys a, id, key, weight"),
        (b'{"id":"S1","key":1,"weight":3}', "key is a int; want bool"),
        (b'{"id":"S1","key":true,"weight":true}', "weight is a bool; want int"),
        (b'{"id":"S1","key":true,"weight":null}', "weight is a NoneType; want int"),
        (b'{"id":"S1","key":true,"weight":[3]}', "weight is a list; want int"),
        (b'{"id":"S1","key":true,"weight":3.0}', "3.0 is not a whole number"),
        (b'{"id":"S1","key":true,"weight":9007199254740992}', "beyond"),
        (b'{"id":"S1","key":true,"weight":3,"weight":3}', "is not canonical"),
        (b'{"id":"S1","weight":3,"key":true}', "is not canonical"),
        (b'{"id":"S1","key":true,"weight":3}\r', "is not canonical"),
        (b'{"id":"S1","key":true,"weight":3} {}', "is not canonical"),
        (b' {"id":"S1","key":true,"weight":3}', "line 3 is not canonical"),
        (b'{"id":"\\ud800","key":true,"weight":3}', "half a surrogate"),
        (b'{"id":"\xff","key":true,"weight":3}', "byte 7 is not UTF-8"),
        pytest.param(b"[" * 30_000, "nested deeper", id="deep"),
        (b"1", "has int; want an object"),
        (b"", "not JSON"),
    ],
)
def test_a_row_that_is_not_canonical_is_named(row, why):
    with pytest.raises(InvalidInput, match=why) as caught:
        parse_lines(2 * ROW + row + b"\n" + ROW, SCHEMA, max_rows=9)
    # An integer out of range is told by its column and place in it.
    assert "beyond" in why or caught.value.line == 3


def test_a_table_cut_short_or_too_long():
    with pytest.raises(InvalidInput, match="line 2 is cut short"):
        parse_lines(ROW + ROW[:-1], SCHEMA, max_rows=9)
    with pytest.raises(InvalidInput, match="3 lines; want at most 2"):
        parse_lines(3 * ROW, SCHEMA, max_rows=2)
    assert parse_lines(b"", SCHEMA, max_rows=2) == {"id": [], "key": [], "weight": []}


@settings(max_examples=50)
@given(st.binary(max_size=80), st.integers(0, 40))
def test_hostile_tables_are_refused_or_canonical(noise, at):
    data = ROW[:at] + noise + ROW[at:]
    try:
        columns = parse_lines(data, SCHEMA, max_rows=9)
    except InvalidInput:
        return
    assert b"".join(line + b"\n" for line in table_lines(columns)) == data


@pytest.mark.parametrize("text", ["SH-0001", "a.b_c:d/e-9", "x" * 64, "ＳＨ－０００１"])
def test_ids(text):
    assert canonical_id(text).isascii()


@pytest.mark.parametrize(
    "text", ["", " S1", "S1\n", "甲", "Å", "x" * 65, "S 1", "\ud800", "①⑩\u2044"]
)
def test_ids_refused(text):
    with pytest.raises(InvalidInput, match="is not 1 to 64 characters"):
        canonical_id(text)
