"""How anyone can check: announce, draw, verify, as files that replay to the same bytes."""

from fairlot.public.announcement import (
    SPEC,
    Announced,
    announce,
    digest_of,
    open_announced,
    read_body,
)
from fairlot.public.events import Event, gone, read_events, recuse, standing, waiting
from fairlot.public.folder import read_folder, replace_folder, write_folder, write_private
from fairlot.public.ledger import Ledger
from fairlot.public.lists import csv_bytes
from fairlot.public.outcome import Replay, draw, replay
from fairlot.public.pseudonym import SECRET, Names, Opening, open_officer
from fairlot.public.replacing import nobody_for, replace
from fairlot.public.seal import open_seal, seal
from fairlot.public.steps import STEPS, Check
from fairlot.public.stream import Stream, Tickets
from fairlot.public.verify import checks, verify

__all__ = [
    "SECRET",
    "SPEC",
    "STEPS",
    "Announced",
    "Check",
    "Event",
    "Ledger",
    "Names",
    "Opening",
    "Replay",
    "Stream",
    "Tickets",
    "announce",
    "checks",
    "csv_bytes",
    "digest_of",
    "draw",
    "gone",
    "nobody_for",
    "open_announced",
    "open_officer",
    "open_seal",
    "read_body",
    "read_events",
    "read_folder",
    "recuse",
    "replace",
    "replace_folder",
    "replay",
    "seal",
    "standing",
    "verify",
    "waiting",
    "write_folder",
    "write_private",
]
