"""Merkle trees after RFC 9162 (and 6962): many rows, one hash, short proofs.

Leaves and nodes are hashed under different prefixes, and an odd node is carried up, never paired
with itself: no two lists share a root. To verify is to compute again and compare.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from fairlot._base.errors import InvalidInput

__all__ = [
    "inclusion_proof",
    "leaf_hash",
    "root",
    "root_from_inclusion_proof",
    "verify_consistency",
    "verify_inclusion",
]

LEAF, NODE = b"\x00", b"\x01"  # RFC 9162 2.1.1


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one row's bytes.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(LEAF + data).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes in their order; of no leaves, the hash of nothing.

    >>> root([leaf_hash(b"a"), leaf_hash(b"b")]).hex()[:16]
    'b137985ff484fb60'
    """
    top = list(_levels(leaf_hashes))[-1]
    return top[0] if top else sha256(b"").digest()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes from leaf ``index`` up to the root (RFC 9162 2.1.3.1)."""
    _check_index(index, len(leaf_hashes))
    proof: list[bytes] = []
    for level in _levels(leaf_hashes):
        proof += level[index ^ 1 : (index ^ 1) + 1]
        index >>= 1
    return proof


def root_from_inclusion_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root of the tree of ``size`` leaves that has ``leaf`` at ``index`` (2.1.3.2)."""
    _check_index(index, size)
    _check_length("inclusion", len(proof), _siblings(index, size))
    hashes, last = iter(proof), size - 1
    while last:
        if index & 1:
            leaf = _node(next(hashes), leaf)
        elif index < last:
            leaf = _node(leaf, next(hashes))
        index, last = index >> 1, last >> 1
    return leaf


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], want: bytes
) -> None:
    """Refuse unless the tree with root ``want`` has ``leaf`` at ``index``."""
    _same_root(root_from_inclusion_proof(leaf, index, size, proof), want)


def verify_consistency(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes
) -> None:
    """Refuse unless the tree of ``size2`` leaves begins with the one of ``size1`` (2.1.4.2).

    Requires 1 <= size1 <= size2; about an empty tree nothing can be shown.
    """
    if not 1 <= size1 <= size2:
        raise InvalidInput("sizes are {size1} and {size2}; want 1 <= first <= second",
                           zh="两次大小为 {size1} 与 {size2}，应满足 1 <= 前者 <= 后者",
                           size1=size1, size2=size2)  # fmt: skip
    if size1 == size2:
        _check_length("consistency", len(proof), 0)
        return _same_root(root1, root2)
    # The proof starts at the largest full subtree that ends with the old tree.
    low = (size1 & -size1).bit_length() - 1
    index, last = (size1 - 1) >> low, (size2 - 1) >> low
    path = [*([root1] if index == 0 else []), *proof]
    _check_length("consistency", len(path), 1 + _siblings(index, last + 1))
    old = new = path[0]
    for sibling in path[1:]:
        while not index & 1 and index == last:
            index, last = index >> 1, last >> 1
        if index & 1:
            old, new = _node(sibling, old), _node(sibling, new)
        else:
            new = _node(new, sibling)
        index, last = index >> 1, last >> 1
    _same_root(old, root1)
    return _same_root(new, root2)


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


def _levels(level: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    yield level
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [_node(a, b) for a, b in pairs] + list(level[len(level) & ~1 :])
        yield level


def _siblings(index: int, size: int) -> int:
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


def _check_length(kind: str, got: int, want: int) -> None:
    if got != want:
        raise InvalidInput("{kind} proof has {got} hashes; want {want}",
                           zh="{kind} 证明含 {got} 个哈希，应为 {want} 个",
                           kind=kind, got=got, want=want)  # fmt: skip


def _same_root(got: bytes, want: bytes) -> None:
    if got != want:
        raise InvalidInput("root is {got}; want {want}", zh="根为 {got}，应为 {want}",
                                got=got.hex(), want=want.hex())  # fmt: skip
