"""What people add to an announcement beyond plan and registers, all of it before the beacon."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.planning import Plan
from fairlot.public import beacon, canonical, note
from fairlot.public.custodians import LEAST, Custodian, read_custodians
from fairlot.public.human import Human
from fairlot.public.published import Beacon

__all__ = ["Before", "refuse_lone_hand", "refuse_own_witness"]

ORIGIN = r"[^\s+\x00-\x1f\x7f]{1,200}"
MOST = 16
"""Human inputs, custodians, fallbacks or witnesses of one announcement."""


@dataclass(frozen=True, slots=True)
class Before:
    """What people add to an announcement beyond plan and registers, all of it before the beacon.

    human       digits that somebody rolled or declared
    custodians  who holds a salt of a sealed draw: at least two when the plan seals it
    fallbacks   beacons to switch to, in order, if the announced one fails
    witnesses   keys (vkeys) of those who may witness such a switch
    log         origin of the public log that holds the announcement, "" without one
    """

    human: Sequence[Human] = ()
    custodians: Sequence[Custodian] = ()
    fallbacks: Sequence[Beacon] = ()
    witnesses: Sequence[str] = ()
    log: str = ""

    def encode(self) -> dict[str, canonical.Json]:
        """Return these fields of the announcement."""
        return {
            "human": [each.encode() for each in self.human],
            "custodians": [each.encode() for each in self.custodians],
            "fallbacks": [each.identity() for each in self.fallbacks],
            "witnesses": list(self.witnesses),
            "log": self.log,
        }

    @classmethod
    def decode(cls, body: Mapping[str, Any]) -> "Before":
        """Return the fields of an announcement; refuse any that :meth:`encode` does not write."""
        for name in ("human", "custodians", "fallbacks", "witnesses"):
            if not isinstance(body[name], list) or len(body[name]) > MOST:
                raise InvalidInput("{name} is {got}; want a list of at most {most}",
                                   zh="{name} 为 {got}，应为至多 {most} 项的列表",
                                   name=name, got=str(body[name])[:100], most=MOST)  # fmt: skip
        if not isinstance(body["log"], str) or not re.fullmatch(f"({ORIGIN})?", body["log"]):
            raise InvalidInput("log is {got!r}; want the origin of a log",
                               zh="log 为 {got!r}，应为日志来源名",
                               got=str(body["log"])[:100])  # fmt: skip
        return cls(
            human=tuple(map(Human.decode, body["human"])),
            custodians=read_custodians(body["custodians"]),
            fallbacks=tuple(map(beacon.source, body["fallbacks"])),
            witnesses=tuple(str(note.Vkey.parse(str(each))) for each in body["witnesses"]),
            log=body["log"],
        )


def refuse_lone_hand(plan: Plan, before: Before) -> None:
    """Refuse a sealed draw that one hand can open, and custodians of one that is not sealed."""
    names = {each.name for each in before.custodians}
    if plan.proof.opens and len(names) < LEAST:
        raise InvalidInput("a sealed draw needs at least two custodians; got {got}",
                           zh="封存抽取至少需要两名保管人，实有 {got} 名",
                           got=len(names))  # fmt: skip
    if before.custodians and not plan.proof.opens:
        raise InvalidInput("custodians hold the salts of a sealed draw; this plan seals nothing",
                           zh="保管人仅用于封存抽取，本方案未封存")  # fmt: skip


def refuse_own_witness(own: note.Vkey, witnesses: Sequence[str]) -> None:
    """Refuse one key under two names, the authority's own among them: that is one witness."""
    keys = [note.Vkey.parse(each).public_key for each in witnesses]
    if len({*keys, own.public_key}) <= len(keys):
        raise InvalidInput("witnesses: one key stands there twice, or is the authority's own",
                           zh="witnesses：同一公钥重复，或为主管机关自身的公钥")  # fmt: skip
