"""Hashes, streams, trees and leaves of the page: the same as OpenSSL's and the library's."""

import base64
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_vectors import PROOF, some_bytes, some_hashes

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public import canonical, merkle, rows, stream
from fairlot.public.suite import SUITES

CORE = "tests/core.js"
both_suites = pytest.mark.parametrize("name", SUITES)
few = settings(max_examples=25)

# Hashes


@both_suites
def test_messages_of_every_length(js, name):
    messages = [some_bytes(n, n) for n in range(200)]
    want = [SUITES[name].digest(message) for message in messages]
    assert js(CORE, "each", name, messages) == want
    offsets = np.cumsum([0, *map(len, messages)]).tolist()
    assert js(CORE, "of", name, "digests", b"".join(messages), offsets) == b"".join(want)


@both_suites
def test_after_a_prefix_of_whole_blocks(js, name):
    prefix, messages = some_bytes(1, 128), some_bytes(2, 10 * 37)
    want = [SUITES[name].digest(prefix + messages[i : i + 37]) for i in range(0, 370, 37)]
    assert js(CORE, "of", name, "digestsOfRows", messages, 37, prefix) == b"".join(want)
    with pytest.raises(InvalidInput, match="prefix has 63 bytes"):
        js(CORE, "of", name, "digest", b"", prefix[:63])


def test_the_standards_examples(js):
    # FIPS 180-4 (NIST's example values); GB/T 32905-2016, appendix A.
    assert js(CORE, "of", "sha256", "digest", b"abc").hex().startswith("ba7816bf8f01cfea")
    assert js(CORE, "of", "sm3", "digest", b"abc").hex().startswith("66c7f0f462eeedd9")
    assert js(CORE, "of", "sm3", "digest", b"abcd" * 16).hex().startswith("debe9ff92275b8a1")


@both_suites
@few
@given(key=st.binary(max_size=150), data=st.binary(max_size=150))
def test_hmac(js, name, key, data):
    assert js(CORE, "of", name, "hmac", key, data) == SUITES[name].hmac(key, data)


@both_suites
def test_seed_and_keys(js, name):
    suite = SUITES[name]
    digest, material = some_bytes(3, 32), some_bytes(4, 90)
    for label in ("select", "replace/1"):
        want = stream.subkey(stream.seed(digest, material, suite), label, suite)
        assert js(CORE, "keyOf", name, digest, material, label) == want
    with pytest.raises(InvalidInput, match="0 bytes; want 32"):
        js(CORE, "keyOf", name, b"", material, "select")
    with pytest.raises(InvalidInput, match="printable"):
        js(CORE, "keyOf", name, digest, material, "选")


def test_hkdf_of_thomson(js):
    vrs = PROOF["thomson_vrs"]
    seed = js(CORE, "of", "sha256", "extract", bytes.fromhex(vrs["otc"]), vrs["ikm"].encode())
    rows = {row: js(CORE, "of", "sha256", "expand", seed, row.encode(), 32) for row in vrs["rows"]}
    assert {row: got.hex() for row, got in rows.items()} == vrs["rows"]


def test_another_suite_is_refused(js):
    with pytest.raises(InvalidInput, match="suite is 'md5'; want one of sha256, sm3"):
        js("suite.js", "suite", "md5")


@pytest.mark.parametrize("name", SUITES)
def test_the_pace_of_many_short_messages(js, name):
    nanoseconds = js(CORE, "pace", name, 10_000)
    print(f"{name}: {nanoseconds:.0f} ns a compression")
    # 5.7 million stand behind a draw over 54,000 sites; a slow machine may take three times as long.
    assert nanoseconds < 1000


# Streams


@both_suites
def test_words_of_a_stream(js, name):
    key, counts = some_bytes(5, 64), [2, 3, 0, 9, 1]
    numbers = stream.Stream(key, SUITES[name])
    assert js(CORE, "streamed", name, key, counts) == [numbers.words(n).tolist() for n in counts]
    assert (
        js(CORE, "fractions", name, key, 9) == stream.Stream(key, SUITES[name]).random(9).tolist()
    )


@both_suites
def test_words_of_tickets(js, name):
    key, leaves = some_bytes(6, 64), some_hashes(7)
    tickets = stream.Tickets(key, leaves, SUITES[name])
    want = [tickets.words(7).tolist() for _ in range(9)]
    assert js(CORE, "ticketed", name, key, b"".join(leaves), 9) == want


def test_published_fractions(js):
    published = PROOF["digest_to_u"]["rows"]
    words = ["0x" + row.get("h64", row.get("sha256", ""))[:16] for row in published]
    want = [float.fromhex(row["u_hex"]) for row in published]
    assert js(CORE, "fractionsOf", words) == want


# Trees


def test_roots_of_rfc_6962(js):
    vectors = PROOF["rfc6962_roots"]
    leaves = [js("merkle.js", "leafHash", bytes.fromhex(x)) for x in vectors["leaf_inputs_hex"]]
    roots = [js("merkle.js", "root", b"".join(leaves[:n])).hex() for n in range(9)]
    assert roots == vectors["roots_by_size"]


@both_suites
@pytest.mark.parametrize("size", [0, 1, 2, 3, 8, 13])
def test_roots_and_proofs_are_the_librarys(js, name, size):
    suite, leaves = SUITES[name], some_hashes(size)
    tree, joined = merkle.levels(leaves, suite), b"".join(leaves)
    assert js(CORE, "inTree", name, "root", joined) == merkle.root(leaves, suite)
    assert js(CORE, "proofs", name, joined) == {
        "inclusion": [merkle.inclusion_proof(tree, i) for i in range(size)],
        "consistency": [merkle.consistency_proof(tree, i + 1) for i in range(size)],
    }


def proof_of(case, name="proof"):
    return [base64.b64decode(hash) for hash in case[name] or []]


@pytest.mark.parametrize("case", PROOF["merkle_proofs"]["inclusion"], ids=lambda case: case["file"])
def test_inclusion(js, case):
    leaf, root = (base64.b64decode(case[name] or "") for name in ("leafHash", "root"))
    args = [leaf, case["leafIdx"], case["treeSize"], proof_of(case), root]
    if case["wantErr"]:
        with pytest.raises(FairlotError):
            js("merkle.js", "verifyInclusion", *args)
    else:
        js("merkle.js", "verifyInclusion", *args)


@pytest.mark.parametrize(
    "case", PROOF["merkle_proofs"]["consistency"], ids=lambda case: case["file"]
)
def test_consistency(js, case):
    root1, root2 = (base64.b64decode(case[name] or "") for name in ("root1", "root2"))
    args = [case["size1"], case["size2"], proof_of(case), root1, root2]
    if case["wantErr"] or not case["size1"]:
        with pytest.raises(FairlotError):
            js("merkle.js", "verifyConsistency", *args)
    else:
        js("merkle.js", "verifyConsistency", *args)


# Rows


COLUMNS = {
    "site": ["S1", "餐\n馆", "", '"\\'],
    "weight": [3, 0, -canonical.SAFE, canonical.SAFE],
    "key": [True, False, True, False],
}


@both_suites
@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_leaves_of_a_register(js, name, count):
    suite, key = SUITES[name], some_bytes(7, 32)
    columns = dict(list(COLUMNS.items())[:count])
    fields = rows.field_digests(columns, key, suite)
    hidden = rows.private_digests(fields, suite)
    inside = partial(js, CORE, "inRows", name)
    assert inside("fieldDigests", columns, key) == fields.tobytes()
    assert inside("privateDigests", fields.tobytes(), count) == hidden.tobytes()
    shut = inside("leaves", fields.tobytes(), count, hidden.tobytes())
    assert shut == rows.leaves(fields, hidden, suite).tobytes()
    assert (
        inside("leaves", fields.tobytes(), count, None)
        == rows.leaves(fields, None, suite).tobytes()
    )


@both_suites
def test_one_row_alone(js, name):
    suite, key = SUITES[name], some_bytes(8, 32)
    inside = partial(js, CORE, "inRows", name)
    of_row = rows.row_key(key, 5, suite)
    assert inside("rowKey", key, 5) == of_row
    salts = [rows.salt(of_row, j, suite) for j in range(3)]
    assert [inside("salt", of_row, j) for j in range(3)] == salts
    digest = rows.field_digest(salts[0], "名称", "甲", suite)
    assert inside("fieldDigest", salts[0], "名称", "甲") == digest
    hidden = rows.private_digest([digest, digest], suite)
    assert inside("privateDigest", [digest, digest]) == hidden
    assert inside("leafOf", [digest], hidden) == rows.leaf_of([digest], hidden, suite)
    assert inside("leafOf", [digest], None) == rows.leaf_of([digest], b"", suite)


def test_a_register_of_more_than_one_portion(js):
    columns = {"id": [f"S{i}" for i in range(9000)], "n": list(range(9000))}
    fields = rows.field_digests(columns, bytes(32))
    assert js(CORE, "inRows", "sha256", "fieldDigests", columns, bytes(32)) == fields.tobytes()
    got = js(CORE, "inRows", "sha256", "leaves", fields.tobytes(), 2, None)
    assert got == rows.leaves(fields).tobytes()


@pytest.mark.parametrize(
    ("columns", "key", "why"),
    [
        ({"a": ["x"], "b": []}, bytes(32), "columns of lengths 1, 0"),
        ({}, bytes(32), "columns of lengths"),
        ({"a": [1.5]}, bytes(32), "not a whole number"),
        ({"a": ["x"]}, bytes(31), "key has 31 bytes; want 32"),
    ],
)
def test_registers_that_have_no_leaves(js, columns, key, why):
    with pytest.raises(InvalidInput, match=why):
        js("rows.js", "fieldDigests", columns, key)
