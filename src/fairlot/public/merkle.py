"""Merkle trees after RFC 9162 (and 6962): many rows, one hash, short proofs.

Leaves and nodes are hashed under different prefixes, and an odd node is carried up, never paired
with itself: no two lists share a root. To verify is to compute again and compare.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot.public.suite import HASH, SHA256, Suite, as_rows, side_by_side

__all__ = [
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "levels",
    "root",
    "root_from_inclusion_proof",
    "verify_consistency",
    "verify_inclusion",
]

Hashes = NDArray[np.uint8]

LEAF, NODE = b"\x00", b"\x01"  # RFC 9162 2.1.1


def leaf_hash(data: bytes, suite: Suite = SHA256) -> bytes:
    """Return the hash of one row's bytes.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return suite.digest(LEAF + data)


def root(leaves: Sequence[bytes] | Hashes, suite: Suite = SHA256) -> bytes:
    """Return the root over leaf hashes in their order; of no leaves, the hash of nothing.

    leaves  each 32 bytes, or all of them as one (n, 32) array

    >>> root([leaf_hash(b"a"), leaf_hash(b"b")]).hex()[:16]
    'b137985ff484fb60'
    """
    top = levels(leaves, suite)[-1]
    return top[0].tobytes() if len(top) else suite.digest(b"")


def levels(leaves: Sequence[bytes] | Hashes, suite: Suite = SHA256) -> list[Hashes]:
    """Return the tree from its leaves up, each level an (m, 32) array; of it proofs are cut.

    >>> [len(level) for level in levels([leaf_hash(b"")] * 5)]
    [5, 3, 2, 1]
    """
    tree = [as_rows(leaves)]
    while len(tree[-1]) > 1:
        tree.append(_parents(tree[-1], suite))
    return tree


def inclusion_proof(tree: Sequence[Hashes], index: int) -> list[bytes]:
    """Return the sibling hashes from leaf ``index`` of :func:`levels` up (RFC 9162 2.1.3.1).

    >>> [hash.hex()[:8] for hash in inclusion_proof(levels([leaf_hash(b"a"), leaf_hash(b"b")]), 0)]
    ['57eb3561']
    """
    _check_index(index, len(tree[0]))
    return list(_siblings_above(tree, index))


def consistency_proof(tree: Sequence[Hashes], size: int) -> list[bytes]:
    """Return what shows that the tree began with its first ``size`` leaves (RFC 9162 2.1.4.1).

    >>> tree = levels([leaf_hash(bytes([i])) for i in range(7)])
    >>> [len(consistency_proof(tree, size)) for size in (1, 3, 4, 7)]
    [3, 4, 1, 0]
    """
    _check_sizes(size, len(tree[0]))
    if size == len(tree[0]):
        return []
    low, index = _last_full_subtree(size)
    # Whoever asks holds the old root; where that is the subtree, it need not be sent.
    start = [tree[low][index].tobytes()] if index else []
    return start + list(_siblings_above(tree[low:], index))


def root_from_inclusion_proof(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], suite: Suite = SHA256
) -> bytes:
    """Return the root of the tree of ``size`` leaves that has ``leaf`` at ``index`` (2.1.3.2)."""
    _check_index(index, size)
    _check_length("inclusion", len(proof), _count_siblings(index, size))
    hashes, last = iter(proof), size - 1
    while last:
        if index & 1:
            leaf = _node(next(hashes), leaf, suite)
        elif index < last:
            leaf = _node(leaf, next(hashes), suite)
        index, last = index >> 1, last >> 1
    return leaf


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], want: bytes, suite: Suite = SHA256
) -> None:
    """Refuse unless the tree with root ``want`` has ``leaf`` at ``index``."""
    _same_root(root_from_inclusion_proof(leaf, index, size, proof, suite), want)


def verify_consistency(
    size1: int,
    size2: int,
    proof: Sequence[bytes],
    root1: bytes,
    root2: bytes,
    suite: Suite = SHA256,
) -> None:
    """Refuse unless the tree of ``size2`` leaves begins with the one of ``size1`` (2.1.4.2).

    Requires 1 <= size1 <= size2; about an empty tree nothing can be shown.
    """
    _check_sizes(size1, size2)
    if size1 == size2:
        _check_length("consistency", len(proof), 0)
        return _same_root(root1, root2)
    low, index = _last_full_subtree(size1)
    last = (size2 - 1) >> low
    path = [*([] if index else [root1]), *proof]
    _check_length("consistency", len(path), 1 + _count_siblings(index, last + 1))
    old = new = path[0]
    for sibling in path[1:]:
        while not index & 1 and index == last:
            index, last = index >> 1, last >> 1
        if index & 1:
            old, new = _node(sibling, old, suite), _node(sibling, new, suite)
        else:
            new = _node(new, sibling, suite)
        index, last = index >> 1, last >> 1
    _same_root(old, root1)
    return _same_root(new, root2)


def _node(left: bytes, right: bytes, suite: Suite) -> bytes:
    return suite.digest(NODE + left + right)


def _parents(level: Hashes, suite: Suite) -> Hashes:
    paired = len(level) & ~1
    messages = side_by_side(NODE, level[:paired].reshape(-1, 2 * HASH))
    return np.concatenate([suite.digests_of_rows(messages), level[paired:]])


def _siblings_above(tree: Sequence[Hashes], index: int) -> Iterator[bytes]:
    for level in tree[:-1]:
        if index ^ 1 < len(level):
            yield level[index ^ 1].tobytes()
        index >>= 1


def _last_full_subtree(size: int) -> tuple[int, int]:
    """Return level and index of the largest full subtree that ends with leaf ``size`` - 1."""
    low = (size & -size).bit_length() - 1
    return low, (size - 1) >> low


def _count_siblings(index: int, size: int) -> int:
    """Count the levels at which ``index`` has a sibling in a tree of ``size`` leaves."""
    count, last = 0, size - 1
    while last:
        count += (index & 1) or index < last
        index, last = index >> 1, last >> 1
    return count


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise InvalidInput("leaf {got} in a tree of {size}; want 0 <= leaf < {size}",
                           zh="叶序号为 {got}，树共 {size} 个叶，应在 0 与 {size} 之间",
                           got=index, size=size)  # fmt: skip


def _check_sizes(size1: int, size2: int) -> None:
    if not 1 <= size1 <= size2:
        raise InvalidInput("sizes are {size1} and {size2}; want 1 <= first <= second",
                           zh="两次大小为 {size1} 与 {size2}，应满足 1 <= 前者 <= 后者",
                           size1=size1, size2=size2)  # fmt: skip


def _check_length(kind: str, got: int, want: int) -> None:
    if got != want:
        raise InvalidInput("{kind} proof has {got} hashes; want {want}",
                           zh="{kind} 证明含 {got} 个哈希，应为 {want} 个",
                           kind=kind, got=got, want=want)  # fmt: skip


def _same_root(got: bytes, want: bytes) -> None:
    if got != want:
        raise InvalidInput("root is {got}; want {want}", zh="根为 {got}，应为 {want}",
                                got=got.hex(), want=want.hex())  # fmt: skip
