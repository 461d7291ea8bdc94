"""A small log of draws that many tests look at: its keys, its entries, and a folder of it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot.public.checkpoint import cosign, merge
from fairlot.public.entries import Entry
from fairlot.public.log import Log
from fairlot.public.note import Signer


def key(number, name):
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


OFFICE = key(1, "draws.example/shanghai")
WITNESS = key(2, "witness.example")
STRANGER = key(3, "draws.example/shanghai")

DAY = 86400
ROUND = 1_900_000_000


def digest(number):
    return f"{number:064x}"


def announcement(task="1", sequence=1, *, scope="检验检测", period="2026", authority="示例局",
                 round_time=ROUND, opens="", rosters=None, number=None):  # fmt: skip
    number = sequence if number is None else number
    return Entry("announcement", authority, scope, period, task, digest(number), sequence,
                 round_time, opens, digest(1000 + number) if rosters is None else rosters)  # fmt: skip


def entry(kind="human", task="1", *, scope="检验检测", period="2026", authority="示例局", number=0):
    return Entry(kind, authority, scope, period, task, digest(number))


def new_log(folder, *entries):
    log = Log.create(folder, OFFICE)
    if entries:
        log.append(entries, OFFICE)
    return log


def witnessed(log, time, witness=WITNESS):
    """Have the log seen at a time, whatever it is."""
    text = merge(log.checkpoint(), cosign(log.checkpoint(), witness, time))
    log.add_cosignature(text, witness.cosigner_vkey)
    return text
