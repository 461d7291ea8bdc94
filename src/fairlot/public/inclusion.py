"""Proof that one entry stands in the log: ``announcement.log.json`` and its like in a record.

It carries the checkpoint as the witnesses signed it, so their clocks tell by when the entry was
public, without the log at hand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical, merkle
from fairlot.public.checkpoint import cosignature_times, open_checkpoint
from fairlot.public.entries import check_keys
from fairlot.public.note import MAX_NOTE

__all__ = ["Inclusion"]

HEADING = "fairlot.draw/v1 inclusion"
HASH = re.compile(r"[0-9a-f]{64}")
MAX_INCLUSION = 2 * MAX_NOTE
LONGEST_PROOF = 63


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Where an entry stands, the hashes from it up to the root, and the signed checkpoint.

    >>> Inclusion.decode(Inclusion(7, (bytes(32),), "a note").encode()).index
    7
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def encode(self) -> bytes:
        """Return the file: one line of canonical JSON."""
        proof: list[canonical.Json] = [each.hex() for each in self.proof]
        return canonical.encode({
            "@spec": HEADING, "index": self.index, "proof": proof, "checkpoint": self.checkpoint,
        }) + b"\n"  # fmt: skip

    @classmethod
    def decode(cls, data: bytes) -> "Inclusion":
        """Read the file, unverified; any other spelling of it is refused."""
        value: Any = canonical.decode(data.removesuffix(b"\n"), limit=MAX_INCLUSION)
        check_keys(value, {"index", "proof", "checkpoint"}, HEADING)
        index, proof, checkpoint = value["index"], value["proof"], value["checkpoint"]
        line = data.endswith(b"\n")
        if not line or type(index) is not int or index < 0 or not isinstance(checkpoint, str):
            raise InvalidInput("want one line, a whole number as index and a text as checkpoint",
                               zh="应为一行，index 应为非负整数，checkpoint 应为文本")  # fmt: skip
        if (
            not isinstance(proof, list)
            or len(proof) > LONGEST_PROOF
            or not all(map(_is_hash, proof))
        ):
            raise InvalidInput("want a list of at most {want} hashes as proof",
                               zh="proof 应为不超过 {want} 个哈希的列表", want=LONGEST_PROOF)  # fmt: skip
        return cls(index, tuple(map(bytes.fromhex, proof)), checkpoint)

    def verify(self, entry: bytes, log: str, witnesses: Sequence[str]) -> list[int]:
        """Return when these witnesses saw the entry in the log, in Unix seconds, sorted.

        entry      the bytes that were logged
        log        the log's vkey
        witnesses  the vkeys of the witnesses that the reader trusts

        Nobody's time is shown by an empty list. Refused when the log did not sign the checkpoint,
        when the entry is not at its place in it, or when a witness's signature does not fit.
        """
        checkpoint = open_checkpoint(self.checkpoint, log)
        leaf = merkle.leaf_hash(entry)
        merkle.verify_inclusion(leaf, self.index, checkpoint.size, self.proof, checkpoint.root)
        return cosignature_times(self.checkpoint, witnesses)


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and HASH.fullmatch(value) is not None
