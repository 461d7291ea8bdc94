"""Salts locked until a round of quicknet: nobody's goodwill is needed to open a sealed draw.

A custodian encrypts a salt of 32 bytes to the round of the opening date; the round's signature,
which is public from its second on, decrypts it. The scheme is drand's tlock: the identity-based
encryption of Boneh and Franklin with the transform of Fujisaki and Okamoto, key in G2, rounds
hashed to G1 (drand/kyber, encrypt/ibe, EncryptCCAonG2).

A ciphertext is U (96 bytes) || V (32) || W (32), in hex. Whoever makes an invalid one gains
nothing: it opens to zeros for everybody alike.
"""

import re
from hashlib import sha256
from secrets import token_bytes
from types import ModuleType
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.public.drand import DST, QUICKNET, Drand
from fairlot.public.published import Value

__all__ = ["SALT", "lock", "unlock"]

SALT = 32  # bytes of a salt: one block of the scheme
POINT = 96  # bytes of a compressed point of G2
GROUP_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001  # RFC 9380, 8.8
GT = 576  # bytes of an element of the target group: twelve of its field


def lock(salt: bytes, round: int) -> str:
    """Return the ciphertext of a salt that this round of quicknet will open.

    >>> from fairlot.public.drand import recorded
    >>> unlock(lock(bytes(range(32)), 1000), recorded(1000)).hex()[-8:]
    '1c1d1e1f'
    """
    if len(salt) != SALT:
        raise InvalidInput("salt has {got} bytes; want {want}", zh="盐值为 {got} 字节，应为 {want}",
                           got=len(salt), want=SALT)  # fmt: skip
    return _encrypt(salt, Drand(round), token_bytes(SALT)).hex()


def unlock(ciphertext: str, value: Value) -> bytes:
    """Return the salt that a round opens, or 32 zero bytes for an invalid ciphertext.

    value  the round, as the record of a draw keeps it; its signature is verified first
    """
    bls = _bls()
    beacon = Drand(value.get("round", 0))
    signature = str(beacon.canonical(value)["signature"])
    beacon.verify(value)
    if not re.fullmatch(f"[0-9a-f]{{{2 * (POINT + 2 * SALT)}}}", ciphertext):
        return bytes(SALT)
    key = bls.G1Point.from_compressed_bytes(bytes.fromhex(signature))
    return _decrypt(bytes.fromhex(ciphertext), key) or bytes(SALT)


def _encrypt(salt: bytes, round: Drand, sigma: bytes) -> bytes:
    bls = _bls()
    identity = sha256(round.round.to_bytes(8, "big")).digest()
    master = bls.G2Point.from_compressed_bytes(bytes.fromhex(QUICKNET.public_key))
    r = _scalar(sigma, salt)
    point = bytes((bls.G2Point() * r).to_compressed_bytes())
    # e(Q, key)^r = e(rQ, key), and the library has no powers in GT.
    shared = bls.GT.pairing(bls.G1Point.hash_to_curve(identity, DST) * r, master)
    mask = _hash(b"IBE-H2", _target_bytes(shared))
    return point + _xor(sigma, mask) + _xor(salt, _hash(b"IBE-H4", sigma))


def _decrypt(ciphertext: bytes, key: Any) -> bytes | None:
    """Return the block, or nothing when U is not a point or not the one that block and mask give.

    The two halves after U may be shorter than 32 bytes; the scheme truncates its masks to them.
    """
    bls = _bls()
    point, rest = ciphertext[:POINT], ciphertext[POINT:]
    half = len(rest) // 2
    try:
        u = bls.G2Point.from_compressed_bytes(point)
    except ValueError:
        return None
    sigma = _xor(rest[:half], _hash(b"IBE-H2", _target_bytes(bls.GT.pairing(key, u))))
    block = _xor(rest[half:], _hash(b"IBE-H4", sigma))
    again = bytes((bls.G2Point() * _scalar(sigma, block)).to_compressed_bytes())
    return block if again == point else None


def _scalar(sigma: bytes, block: bytes) -> Any:
    """Return r: of SHA-256(i || seed), its first byte halved, the first below the group's order."""
    seed, i, r = _hash(b"IBE-H3", sigma, block), 0, GROUP_ORDER
    while r >= GROUP_ORDER:
        i += 1
        first, *others = _hash(i.to_bytes(2, "little"), seed)
        r = int.from_bytes([first >> 1, *others], "big")
    return _bls().Scalar.from_be_bytes(r.to_bytes(32, "big"))


def _target_bytes(element: Any) -> bytes:
    """Return an element of GT as kyber writes it: arkworks' little-endian bytes from the end."""
    data = bytes.fromhex(str(element))
    if len(data) != GT:
        raise RuntimeError(f"py-arkworks-bls12381 writes {len(data)} bytes of GT; want {GT}")
    return data[::-1]


def _hash(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def _xor(data: bytes, mask: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(data, mask, strict=False))


def _bls() -> ModuleType:
    try:
        import py_arkworks_bls12381
    except ModuleNotFoundError:
        raise InvalidInput("time locks need the extra: pip install 'fairlot[beacon]'",
                           zh="时间锁需要安装 fairlot[beacon]") from None  # fmt: skip
    return py_arkworks_bls12381
