"""How anyone can check: announce, draw, verify, as files that replay to the same bytes."""

from fairlot.public.announcement import SPEC, Announced, announce, open_announced
from fairlot.public.folder import read_folder, write_folder
from fairlot.public.ledger import Ledger
from fairlot.public.outcome import Replay, draw, replay
from fairlot.public.seal import open_seal, seal
from fairlot.public.stream import Stream, Tickets
from fairlot.public.verify import STEPS, Check, checks, verify

__all__ = [
    "SPEC",
    "STEPS",
    "Announced",
    "Check",
    "Ledger",
    "Replay",
    "Stream",
    "Tickets",
    "announce",
    "checks",
    "draw",
    "open_announced",
    "open_seal",
    "read_folder",
    "replay",
    "seal",
    "verify",
    "write_folder",
]
