"""Merkle trees against the definitions of RFC 9162, written out literally, under both hashes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public import merkle
from fairlot.public import suite as hashing
from fairlot.public.suite import SHA256, SUITES

BOTH = pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)


def literal_root(leaves, suite=SHA256):
    """RFC 9162 2.1.1, of leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else suite.digest(b"")
    k = split(len(leaves))
    left, right = literal_root(leaves[:k], suite), literal_root(leaves[k:], suite)
    return suite.digest(b"\x01" + left + right)


def literal_inclusion(m, leaves, suite):
    """RFC 9162 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*literal_inclusion(m, leaves[:k], suite), literal_root(leaves[k:], suite)]
    return [*literal_inclusion(m - k, leaves[k:], suite), literal_root(leaves[:k], suite)]


def literal_consistency(m, leaves, suite, whole=True):
    """RFC 9162 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [literal_root(leaves, suite)]
    k = split(len(leaves))
    if m <= k:
        return [
            *literal_consistency(m, leaves[:k], suite, whole),
            literal_root(leaves[k:], suite),
        ]
    return [*literal_consistency(m - k, leaves[k:], suite, False), literal_root(leaves[:k], suite)]


def split(n):
    return 1 << (n - 1).bit_length() - 1


def leaves_of(n, suite=SHA256):
    return [merkle.leaf_hash(bytes([i]), suite) for i in range(n)]


@BOTH
@pytest.mark.parametrize("n", range(34))
def test_roots_and_proofs_are_the_literal_ones(suite, n):
    leaves = leaves_of(n, suite)
    root, tree = merkle.root(leaves, suite), merkle.levels(leaves, suite)
    assert root == literal_root(leaves, suite)
    for m in range(n):
        proof = merkle.inclusion_proof(tree, m)
        assert proof == literal_inclusion(m, leaves, suite)
        merkle.verify_inclusion(leaves[m], m, n, proof, root, suite)
        old, step = literal_root(leaves[: m + 1], suite), merkle.consistency_proof(tree, m + 1)
        assert step == literal_consistency(m + 1, leaves, suite)
        merkle.verify_consistency(m + 1, n, step, old, root, suite)


@BOTH
def test_an_array_of_many_leaves_has_the_same_tree(suite, monkeypatch):
    leaves = leaves_of(77, suite)
    root, tree = merkle.root(leaves, suite), merkle.levels(leaves, suite)
    monkeypatch.setattr(hashing, "FEW", 8)
    array = np.frombuffer(b"".join(leaves), np.uint8).reshape(77, 32)
    assert merkle.root(array, suite) == root
    assert all((a == b).all() for a, b in zip(merkle.levels(array, suite), tree, strict=True))


@given(st.integers(1, 40), st.data())
def test_a_changed_proof_is_refused(n, data):
    leaves = leaves_of(n)
    index = data.draw(st.integers(0, n - 1))
    other = data.draw(st.integers(-1, n + 1).filter(lambda i: i != index))
    proof, root = merkle.inclusion_proof(merkle.levels(leaves), index), merkle.root(leaves)
    cheats = [
        (leaves[index], other, n, proof),
        (leaves[index], index, n, [*proof, root]),
        (leaves[index], index, n, [root, *proof]),
        (SHA256.digest(b""), index, n, proof),
        *((leaves[index], index, n, proof[:i] + proof[i + 1 :]) for i in range(len(proof))),
        *(
            (leaves[index], index, n, [*proof[:i], root, *proof[i + 1 :]])
            for i in range(len(proof))
        ),
    ]
    for cheat in cheats:
        with pytest.raises(InvalidInput):
            merkle.verify_inclusion(*cheat, root)


@given(st.integers(2, 40), st.data())
def test_a_changed_history_is_refused(n, data):
    leaves = leaves_of(n)
    m = data.draw(st.integers(1, n - 1))
    old, new = literal_root(leaves[:m]), literal_root(leaves)
    proof, wrong = merkle.consistency_proof(merkle.levels(leaves), m), SHA256.digest(b"")
    cheats = [
        (m, n, proof, wrong, new),
        (m, n, proof, old, wrong),
        (m, n, proof, new, old),
        (m, n, [*proof, wrong], old, new),
        (m, n, [wrong, *proof], old, new),
        (0, n, proof, old, new),
        (n, m, proof, old, new),
        *((m, n, proof[:i] + proof[i + 1 :], old, new) for i in range(len(proof))),
        *((m, n, [*proof[:i], wrong, *proof[i + 1 :]], old, new) for i in range(len(proof))),
    ]
    for cheat in cheats:
        with pytest.raises(InvalidInput):
            merkle.verify_consistency(*cheat)


def test_an_odd_node_is_never_paired_with_itself():
    a, b, c = leaves_of(3)
    assert merkle.root([a, b, c]) != merkle.root([a, b, c, c])


def test_a_tree_of_another_hash_is_another_tree():
    leaves = leaves_of(5)
    with pytest.raises(InvalidInput, match="root is"):
        merkle.verify_inclusion(
            leaves[3],
            3,
            5,
            merkle.inclusion_proof(merkle.levels(leaves), 3),
            merkle.root(leaves),
            SUITES["sm3"],
        )


def test_errors_carry_both_sides():
    leaves, tree = leaves_of(5), merkle.levels(leaves_of(5))
    proof = merkle.inclusion_proof(tree, 3)
    with pytest.raises(InvalidInput, match="leaf 5 in a tree of 5"):
        merkle.inclusion_proof(tree, 5)
    with pytest.raises(InvalidInput, match="sizes are 0 and 5; want 1 <= first <= second"):
        merkle.consistency_proof(tree, 0)
    with pytest.raises(InvalidInput, match="sizes are 6 and 5"):
        merkle.consistency_proof(tree, 6)
    with pytest.raises(InvalidInput, match="leaf hash has 5 bytes; want 32"):
        merkle.root([*leaves, b"short"])
    with pytest.raises(InvalidInput, match="inclusion proof has 2 hashes; want 3"):
        merkle.root_from_inclusion_proof(leaves[3], 3, 5, proof[:2])
    with pytest.raises(InvalidInput) as caught:
        merkle.verify_inclusion(leaves[2], 3, 5, proof, merkle.root(leaves))
    assert caught.value.want == merkle.root(leaves).hex()
    assert caught.value.got != caught.value.want
