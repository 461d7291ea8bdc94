"""Bytes and JSON of the page: the same spellings as the library's, and the same refusals."""

import base64
import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_vectors import PROOF

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public import canonical, stream

CORE = "tests/core.js"
LIMIT = 1 << 16
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
INTEGER = st.integers(-canonical.SAFE, canonical.SAFE)
VALUE = st.recursive(
    st.none() | st.booleans() | INTEGER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
ALMOST_JSON = st.text(alphabet='{}[]",:0123456789.-+eEtruefalsn\\u \ud800d', max_size=40)
few = settings(max_examples=25)


def accepted(read, data):
    try:
        read(data)
    except FairlotError:
        return False
    return True


# Bytes


@given(st.binary(max_size=40))
def test_spellings_of_bytes(js, data):
    assert js("bytes.js", "hex", data) == data.hex()
    assert js("bytes.js", "unhex", data.hex()) == data
    assert js("bytes.js", "base64", data) == base64.b64encode(data).decode()
    assert js("bytes.js", "unbase64", base64.b64encode(data).decode()) == data


@pytest.mark.parametrize(
    "text", ["A", "AQI", "AQJ=", "AQI==", "A===", "AQ=I", "AQI=\n", "-_8=", "="]
)
def test_base64_has_one_spelling(js, text):
    with pytest.raises(InvalidInput, match="is not canonical base64"):
        js("bytes.js", "unbase64", text)


@pytest.mark.parametrize("text", ["0", "0A", "0g", "00\n", " 00", 7])
def test_hex_has_one_spelling(js, text):
    with pytest.raises(InvalidInput, match="is not .*lower-case hex digits"):
        js("bytes.js", "unhex", text)
    with pytest.raises(InvalidInput, match="is not 6 lower-case"):
        js("bytes.js", "unhex", "0011", 3)


@given(TEXT)
def test_text_and_back(js, text):
    assert js("bytes.js", "utf8", text) == text.encode()
    assert js("bytes.js", "text", text.encode()) == text


@pytest.mark.parametrize(
    "data", [b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe4"]
)
def test_what_is_not_utf8(js, data):
    with pytest.raises(InvalidInput, match="not UTF-8"):
        js("bytes.js", "text", data)


def test_half_a_surrogate_pair_has_no_bytes(js):
    with pytest.raises(InvalidInput, match="half a surrogate"):
        js("bytes.js", "utf8", "a\ud800")


def test_the_byte_order_mark_is_kept(js):
    assert js("bytes.js", "text", b"\xef\xbb\xbf1") == "\ufeff1"


@given(st.lists(st.binary(max_size=9), max_size=4))
def test_frames(js, parts):
    assert js("bytes.js", "framed", *parts) == stream.framed(*parts)


@given(st.binary(max_size=3), st.binary(max_size=3))
def test_bytes_in_order(js, a, b):
    sign = js("bytes.js", "compare", a, b)
    assert (sign > 0) - (sign < 0) == (a > b) - (a < b)


@pytest.mark.parametrize("number", [0, 1, 2**32 - 1])
def test_numbers_as_bytes(js, number):
    assert js("bytes.js", "u32", number) == number.to_bytes(4, "big")
    assert js("bytes.js", "u64", number << 32) == (number << 32).to_bytes(8, "big")


# JSON


@given(VALUE)
def test_json_is_written_and_read_as_in_python(js, value):
    data = canonical.encode(value)
    assert js("canonical.js", "encode", value) == data
    assert js("canonical.js", "decode", data, LIMIT) == value


HOSTILE = [
    b'{"a":1,"a":1}', b'{"a":{"b":1,"b":2}}', b"1.0", b"1.5", b"1e3", b"NaN", b"-Infinity", b"-0",
    b"9007199254740991", b"9007199254740992", b"-9007199254740993", b"9" * 5000, b"1e400",
    b'"\\ud800"', b'{"\\udfff":1}', b'"\\ud83d\\ude00"', b'"\xed\xa0\x80"', b"\xff",
    b"\xef\xbb\xbf1", b'{"b":1,"a":2}', b'{"a":2,"b":1}', b'"\\u0041"', b'"\\u000A"', b'"\\n"',
    b'"\\/"', b'"\x7f"', b'"\xe2\x80\xa8"', b"1 ", b"1\n2", b"", b'{"__proto__":1}',
    b'{"__proto__":{"toString":1}}', b'{"constructor":1,"toString":2}', b'{"10":1,"9":2}',
    b'{"9":1,"10":2}', b"[]", b"{}", b"[1,]", b'{"a":1,}', b"'a'", b"//1", b"+1", b"01", b".5",
    b"[" * 32 + b"]" * 32, b"[" * 33 + b"]" * 33, b"[" * 30_000, b'{"a":' * 9000, b"[" * 30_000 + b"]" * 30_000,
    '{"\ufffd":1,"\U0001f600":2}'.encode(), '{"\U0001f600":2,"\ufffd":1}'.encode(),
    b" " * (LIMIT + 1), b"[" + b"1," * 9000 + b"1]",
]  # fmt: skip


def agree_on_json(js, inputs):
    answers = js(CORE, "verdicts", "canonical.js", "decode", [[data, LIMIT] for data in inputs])
    got = ["value" in answer for answer in answers]
    want = [accepted(partial(canonical.decode, limit=LIMIT), data) for data in inputs]
    assert [data for data, a, b in zip(inputs, got, want, strict=True) if a != b] == []
    return got


def test_hostile_json_is_refused_as_in_python(js):
    got = agree_on_json(js, HOSTILE)
    assert 5 < sum(got) < len(HOSTILE) - 25


@few
@given(st.lists(st.binary(max_size=40) | TEXT.map(str.encode), min_size=40, max_size=40))
def test_noise_is_refused_as_in_python(js, inputs):
    agree_on_json(js, inputs)


@few
@given(st.lists(ALMOST_JSON, min_size=40, max_size=40))
def test_almost_json_is_refused_as_in_python(js, texts):
    agree_on_json(js, [text.encode("utf-8", "surrogatepass") for text in texts])


def test_published_json(js):
    files = {file["name"]: file for file in PROOF["jcs"]["files"]}
    values = [[json.loads(file["input"])] for file in files.values()]
    answers = js(CORE, "verdicts", "canonical.js", "encode", values)
    refused = [name for name, told in zip(files, answers, strict=True) if "value" not in told]
    assert refused == ["values"]  # it holds fractions
    got = {
        name: told["value"].hex()
        for name, told in zip(files, answers, strict=True)
        if told.get("value")
    }
    assert got == {name: files[name]["output_hex"] for name in got}


EDGES = '\x00\x1f !"#[\\]~\x7f\x80\u07ff\u0800\u2028\ud7ff\ue000\uffff\U00010000'


def test_a_character_of_a_cell_is_written_as_in_python(js):
    cells = [*EDGES, *(f"馆{c}x" for c in EDGES), "", EDGES, True, False, 0, -canonical.SAFE]
    assert js(CORE, "cells", cells) == b"".join(map(canonical.encode, cells))


@given(st.lists(TEXT | INTEGER | st.booleans()))
def test_cells_are_written_as_in_python(js, cells):
    assert js(CORE, "cells", cells) == b"".join(map(canonical.encode, cells))


@pytest.mark.parametrize("cell", ["\ud800", "馆\udc00", 1.5, 2**53])
def test_a_cell_that_cannot_be_written(js, cell):
    with pytest.raises(InvalidInput, match="whole number|surrogate|not JSON"):
        js(CORE, "cells", [cell])


@pytest.mark.parametrize("value", [1.5, [2**53], {"a": "\ud800"}, {"\udfff": 1}])
def test_what_cannot_be_written(js, value):
    with pytest.raises(InvalidInput, match="whole number|surrogate|not JSON"):
        js("canonical.js", "encode", value)


ROW = b'{"id":"S1","key":true,"weight":3}\n'
KINDS = {"id": "string", "key": "boolean", "weight": "number"}
SCHEMA = {"id": str, "key": bool, "weight": int}
TABLES = [
    b"", ROW, ROW * 3, ROW * 4, ROW[:-1], ROW + b"\n", ROW + ROW[:-1], ROW.replace(b"3", b"3.0"),
    ROW.replace(b"true", b"1"), ROW.replace(b"3", b"true"), ROW.replace(b"3", b"null"),
    ROW.replace(b'"id"', b'"ie"'), ROW.replace(b'{', b'{"a":1,'), ROW.replace(b"S1", b"\xff"),
    ROW.replace(b"S1", b"\\ud800"), b" " + ROW, ROW[:-1] + b" \n", ROW[:-1] + b"\r\n", b"1\n",
    b"[]\n", b"null\n", ROW.replace(b":3", b":3,\"weight\":3"), ROW[:-1] + b"{}\n",
    ROW.replace(b"S1", '馆\\n\\"😀\u2028\x7f'.encode()), ROW.replace(b"S1", b"\\u0041"),
    ROW.replace(b"S1", b"\\ud83d\\ude00"), ROW.replace(b"S1", b"\\u000A"), ROW.replace(b"S1", b"\\/"),
    ROW.replace(b"3", b"-0"), ROW.replace(b"3", b"9007199254740992"), ROW.replace(b"3", b"1e0"),
    b'{"key":true,"id":"S1","weight":3}\n', ROW + ROW.replace(b"{", b'{"id":"S2",'), b'"S1"\n',
    ROW.replace(b'"S1"', b'["S1"]'), ROW.replace(b"id", b"\\u0069d"), b'["S1",true,3]\n',
]  # fmt: skip


def test_tables_are_read_and_refused_as_in_python(js):
    read = partial(canonical.parse_lines, schema=SCHEMA, max_rows=3)
    calls = [[data, KINDS, 3] for data in TABLES]
    answers = js(CORE, "verdicts", "canonical.js", "parseLines", calls)
    for data, answer in zip(TABLES, answers, strict=True):
        assert answer.get("value") == (read(data) if accepted(read, data) else None)
    assert sum("value" in answer for answer in answers) == 4


def test_a_refused_line_is_named(js):
    with pytest.raises(InvalidInput, match="^line 2: weight is a boolean"):
        js("canonical.js", "parseLines", ROW + ROW.replace(b"3", b"true"), KINDS, 9)
