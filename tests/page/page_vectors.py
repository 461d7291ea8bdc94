"""Published vectors, and bytes that look like any, for the tests of the page."""

import hashlib
import json
from pathlib import Path

import numpy as np

PROOF = json.loads(
    (Path(__file__).parents[1] / "reference/data/proof.json").read_text(encoding="utf-8")
)


def some_bytes(seed: int, count: int) -> bytes:
    return np.random.default_rng(seed).bytes(count)


def some_hashes(count: int) -> list[bytes]:
    return [hashlib.sha256(bytes([i])).digest() for i in range(count)]
