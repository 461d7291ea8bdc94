"""The grammar of canonical lines: everything canonical fits, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot.public.canonical import SAFE, encode, table_lines
from fairlot.public.lines import matched

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
CELLS = {str: TEXT, int: st.integers(-SAFE, SAFE), bool: st.booleans()}
ONE = {"a": str}


@st.composite
def tables(draw):
    """A schema, the columns of some rows, and their lines."""
    schema = draw(st.dictionaries(TEXT, st.sampled_from([*CELLS]), min_size=1, max_size=4))
    rows = draw(st.integers(0, 4))
    columns = {
        name: draw(st.lists(CELLS[kind], min_size=rows, max_size=rows))
        for name, kind in schema.items()
    }
    return schema, columns, b"".join(line + b"\n" for line in table_lines(columns))


@given(tables())
def test_canonical_lines_fit(table):
    schema, columns, data = table
    assert matched(data, schema) == columns


@given(tables(), st.data())
def test_what_fits_is_canonical(table, data):
    schema, _, lines = table
    at = data.draw(st.integers(0, len(lines)))
    lost = data.draw(st.integers(0, 2))
    noise = data.draw(st.binary(max_size=3) | st.sampled_from([b"\\", b'"', b"0", b" ", b"\n"]))
    other = lines[:at] + noise + lines[at + lost :]
    found = matched(other, schema)
    if found is not None:
        assert b"".join(line + b"\n" for line in table_lines(found)) == other


def test_every_sign_has_one_spelling():
    for code in [*range(0x180), 0x2028, 0xFEFF, 0xFFFF, 0x1F600]:
        cell = chr(code)
        spellings = {json.dumps(cell), json.dumps(cell, ensure_ascii=False), f'"{cell}"'}
        spellings |= {f'"\\u{code:04x}"', f'"\\u{code:04X}"', f'"\\{cell}"'}
        fit = [s for s in spellings if matched(f'{{"a":{s}}}\n'.encode(), ONE) == {"a": [cell]}]
        assert fit == [encode(cell).decode()]


@pytest.mark.parametrize(
    "line",
    [
        '{"a":1.0}', '{"a":1e3}', '{"a":-0}', '{"a":01}', '{"a":+1}', '{"a":"1"}', '{"a":true}',
        '{"a":9007199254740992}', '{"a":-9007199254740992}', '{"a":12345678901234567}',
        '{"a":\u0661}', '{"a": 1}', ' {"a":1}', '{"a":1} ', '{"a":1,"a":1}', '{"b":1}', "{}", "",
        '{"a":1}{"a":1}', '{"a":1}\r', '{"a":1}\n{"a":1}x',
    ],
)  # fmt: skip
def test_a_line_that_does_not_fit(line):
    good = b'{"a":1}\n'
    assert matched(good + line.encode() + b"\n" + good, {"a": int}) is None


def test_no_lines_and_a_line_cut_short():
    assert matched(b"", {"a": int, "b": str}) == {"a": [], "b": []}
    assert matched(b'{"a":1}\n{"a":1}', {"a": int}) is None
    assert matched(b'{"a":"\xff"}\n', ONE) is None


def test_a_long_text_without_an_end_is_given_up_at_once():
    many = dict.fromkeys("abcdefgh", str)
    line = b"{" + b",".join(b'"%c":"' % name + b"x" * 10**6 + b'"' for name in b"abcdefgh")
    assert matched(line, many) is None
