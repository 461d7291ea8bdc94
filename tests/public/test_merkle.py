"""Merkle trees against the definitions of RFC 9162, written out literally."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public import merkle


def literal_root(leaves):
    """RFC 9162 2.1.1, of leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = split(len(leaves))
    return sha256(b"\x01" + literal_root(leaves[:k]) + literal_root(leaves[k:])).digest()


def literal_inclusion(m, leaves):
    """RFC 9162 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*literal_inclusion(m, leaves[:k]), literal_root(leaves[k:])]
    return [*literal_inclusion(m - k, leaves[k:]), literal_root(leaves[:k])]


def literal_consistency(m, leaves, whole=True):
    """RFC 9162 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [literal_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*literal_consistency(m, leaves[:k], whole), literal_root(leaves[k:])]
    return [*literal_consistency(m - k, leaves[k:], False), literal_root(leaves[:k])]


def split(n):
    return 1 << (n - 1).bit_length() - 1


def leaves_of(n):
    return [merkle.leaf_hash(bytes([i])) for i in range(n)]


@pytest.mark.parametrize("n", range(34))
def test_roots_and_proofs_are_the_literal_ones(n):
    leaves = leaves_of(n)
    root = merkle.root(leaves)
    assert root == literal_root(leaves)
    for m in range(n):
        proof = merkle.inclusion_proof(leaves, m)
        assert proof == literal_inclusion(m, leaves)
        merkle.verify_inclusion(leaves[m], m, n, proof, root)
        old, step = literal_root(leaves[: m + 1]), literal_consistency(m + 1, leaves)
        merkle.verify_consistency(m + 1, n, step, old, root)


@given(st.integers(1, 40), st.data())
def test_a_changed_proof_is_refused(n, data):
    leaves = leaves_of(n)
    index = data.draw(st.integers(0, n - 1))
    other = data.draw(st.integers(-1, n + 1).filter(lambda i: i != index))
    proof, root = merkle.inclusion_proof(leaves, index), merkle.root(leaves)
    cheats = [
        (leaves[index], other, n, proof),
        (leaves[index], index, n, [*proof, root]),
        (leaves[index], index, n, [root, *proof]),
        (sha256(b"").digest(), index, n, proof),
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
    old, new, proof = literal_root(leaves[:m]), literal_root(leaves), literal_consistency(m, leaves)
    wrong = sha256(b"").digest()
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


def test_errors_carry_both_sides():
    leaves = leaves_of(5)
    proof = merkle.inclusion_proof(leaves, 3)
    with pytest.raises(InvalidInput, match="leaf 5 in a tree of 5"):
        merkle.inclusion_proof(leaves, 5)
    with pytest.raises(InvalidInput, match="inclusion proof has 2 hashes; want 3"):
        merkle.root_from_inclusion_proof(leaves[3], 3, 5, proof[:2])
    with pytest.raises(InvalidInput) as caught:
        merkle.verify_inclusion(leaves[2], 3, 5, proof, merkle.root(leaves))
    assert caught.value.want == merkle.root(leaves).hex()
    assert caught.value.got != caught.value.want
