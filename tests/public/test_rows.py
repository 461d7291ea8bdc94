"""Rows as leaves, against the text of ``rows`` written out literally with rfc8785 and a plain hash."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import rfc8785
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public import rows
from fairlot.public import suite as hashing
from fairlot.public.suite import SUITES

KEY = bytes(range(32))
PROOF = Path(__file__).parents[1] / "reference/data/proof.json"


def literal_sm3(data):
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


HASHES = {"sha256": lambda data: sha256(data).digest(), "sm3": literal_sm3}
NAMES = sorted(HASHES)


def literal_salt(h, key, i, j):
    row_key = h(key + i.to_bytes(8, "big"))
    return h(row_key + (j // 2).to_bytes(4, "big"))[16 * (j % 2) :][:16]


def literal_digests(h, key, i, row):
    return [
        h(literal_salt(h, key, i, j) + rfc8785.dumps([column, value]))
        for j, (column, value) in enumerate(row.items())
    ]


def literal_leaf_bytes(digests, private):
    return rfc8785.dumps([digest.hex() for digest in [*digests, *private]])


def published_fields():
    """Name, value and canonical bytes of the fields in the test files of RFC 8785's author."""
    for file in json.loads(PROOF.read_text(encoding="utf-8"))["jcs"]["files"]:
        value, output = json.loads(file["input"]), bytes.fromhex(file["output_hex"])
        objects = [each for each in [value, *value] if isinstance(each, dict)]
        for name, cell in (field for each in objects for field in each.items()):
            if type(cell) in (str, bool):
                yield name, cell, output


def row_of(columns, i):
    return {name: column[i] for name, column in columns.items()}


# Quotes, escapes, control signs, line ends of every kind, signs beyond the first plane.
HOSTILE = (
    '"\\/\n\r\t\b\f\x00\x1f\x7f\x85\u2028\u2029\ufeff\uffff%,:[]{}\U0001f468\u200d\U0001f469甲é'
)
TEXT = st.text(st.sampled_from(HOSTILE) | st.characters(exclude_categories=["Cs"]), max_size=90)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)


@st.composite
def tables(draw):
    length = draw(st.integers(0, 5))
    kinds = st.sampled_from([TEXT, WHOLE, st.booleans()])
    column = kinds.flatmap(lambda kind: st.lists(kind, min_size=length, max_size=length))
    return draw(st.dictionaries(TEXT, column, min_size=1, max_size=5))


@pytest.mark.parametrize("name", NAMES)
@given(public=tables(), secret=tables())
def test_a_table_is_hashed_by_the_letter(name, public, secret):
    h, suite = HASHES[name], SUITES[name]
    digests = rows.field_digests(public, KEY, suite)
    leaf_bytes, leaves = rows.leaf_bytes(digests), rows.leaves(digests, suite=suite)
    for i in range(len(digests)):
        want = literal_digests(h, KEY, i, row_of(public, i))
        assert [d.tobytes() for d in digests[i]] == want
        assert leaf_bytes[i].tobytes() == literal_leaf_bytes(want, [])
        assert leaves[i].tobytes() == h(b"\x00" + literal_leaf_bytes(want, []))
    hidden = rows.private_digests(rows.field_digests(secret, KEY, suite), suite)
    for i in range(len(hidden)):
        want = literal_leaf_bytes(literal_digests(h, KEY, i, row_of(secret, i)), [])
        assert hidden[i].tobytes() == h(want)


@pytest.mark.parametrize(("name", "cell", "output"), list(published_fields()))
def test_published_canonical_bytes(name, cell, output):
    written = rfc8785.dumps(name), rfc8785.dumps(cell)
    assert b":".join(written) in output
    want = sha256(literal_salt(HASHES["sha256"], KEY, 0, 0) + b"[%s,%s]" % written).digest()
    assert rows.field_digests({name: [cell]}, KEY).tobytes() == want


@pytest.mark.parametrize("name", NAMES)
def test_the_private_digest_stands_last_in_the_leaf(name):
    h, suite = HASHES[name], SUITES[name]
    digests = rows.field_digests({"id": ["S1", "S2"], "weight": [3, 1]}, KEY, suite)
    hidden = rows.private_digests(
        rows.field_digests({"name": ["甲", "乙"]}, bytes(32), suite), suite
    )
    for i, leaf in enumerate(rows.leaves(digests, hidden, suite)):
        parts = [*(d.tobytes() for d in digests[i]), hidden[i].tobytes()]
        assert leaf.tobytes() == h(b"\x00" + literal_leaf_bytes(parts, []))
        assert leaf.tobytes() == rows.leaf_of(parts[:-1], parts[-1], suite)
        assert rows.leaf_bytes(digests, hidden)[i].tobytes() == literal_leaf_bytes(parts, [])


@pytest.mark.parametrize("name", NAMES)
def test_one_row_opens_as_the_table_was_closed(name):
    suite = SUITES[name]
    table = {"id": ["S1", "S2"], "weight": [3, 1], "fresh": [True, False]}
    digests = rows.field_digests(table, KEY, suite)
    hidden = rows.private_digests(digests, suite)
    for i in range(2):
        key = rows.row_key(KEY, i, suite)
        opened = [
            rows.field_digest(rows.salt(key, j, suite), column, value, suite)
            for j, (column, value) in enumerate(row_of(table, i).items())
        ]
        assert opened == [d.tobytes() for d in digests[i]]
        assert rows.private_digest(opened, suite) == hidden[i].tobytes()
        assert rows.leaf_of(opened, suite=suite) == rows.leaves(digests, suite=suite)[i].tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_many_rows_are_hashed_as_few_are(name, monkeypatch):
    table = {"id": [f"S{i}甲" for i in range(70)], "weight": list(range(70))}
    digests = rows.field_digests(table, KEY, SUITES[name])
    leaves = rows.leaves(digests, suite=SUITES[name])
    monkeypatch.setattr(hashing, "FEW", 0)
    assert (rows.field_digests(table, KEY, SUITES[name]) == digests).all()
    assert (rows.leaves(digests, suite=SUITES[name]) == leaves).all()


def test_portions_do_not_show(monkeypatch):
    table = {"id": [f"S{i}" * (i % 7) for i in range(101)], "weight": list(range(101))}
    whole = rows.field_digests(table, KEY)
    leaves, hidden = rows.leaves(whole, whole[:, 0]), rows.private_digests(whole)
    monkeypatch.setattr(rows, "AT_ONCE", 7)
    assert (rows.field_digests(table, KEY) == whole).all()
    assert (rows.leaves(whole, whole[:, 0]) == leaves).all()
    assert (rows.private_digests(whole) == hidden).all()


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"a": ["x", "\ud800"]}, "line 2 holds half a surrogate pair"),
        ({"a": ["\udc00"]}, "line 1 holds half a surrogate pair"),
        ({"\udfff": ["x"]}, "half a surrogate pair"),
        ({"a": [1, 2**53]}, "beyond ±"),
        ({"a": [-(2**53), 1]}, "beyond ±"),
        ({"a": [1.0]}, "column a holds float"),
        ({"a": [None]}, "column a holds NoneType"),
        ({"a": [np.int64(1)]}, "column a holds int64"),
        ({"a": [1, True]}, "column a holds bool, int"),
        ({"a": ["1", 1]}, "column a holds int, str"),
        ({"a": [1], "b": []}, "columns of lengths {'a': 1, 'b': 0}"),
        ({}, "want one length, of one column or more"),
    ],
)
def test_a_table_that_is_refused(columns, why):
    with pytest.raises(InvalidInput, match=why):
        rows.field_digests(columns, KEY)


def test_a_short_key_is_refused():
    with pytest.raises(InvalidInput, match="key has 31 bytes; want 32"):
        rows.field_digests({"a": [1]}, bytes(31))
    with pytest.raises(InvalidInput, match="key has 33 bytes; want 32"):
        rows.row_key(bytes(33), 0)


def test_every_field_has_a_salt_of_its_own():
    table = {name: [0] * 50 for name in "abcde"}
    salts = {rows.salt(rows.row_key(KEY, i), j) for i in range(50) for j in range(5)}
    assert len(salts) == 250
    assert len({d.tobytes() for row in rows.field_digests(table, KEY) for d in row}) == 250
