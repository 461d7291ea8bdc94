"""How anyone can check: announce, draw, verify, as files that replay to the same bytes."""

from fairlot.public.announced import Announced, head_of, open_announced
from fairlot.public.announcement import digest_of, plan_of, read_body
from fairlot.public.announcing import announce
from fairlot.public.before import Before
from fairlot.public.custodians import Custodian, commitment
from fairlot.public.disclosure import published, with_lock
from fairlot.public.entered import entries_of, with_places
from fairlot.public.events import Event, close, gone, read_events, recuse, standing, waiting
from fairlot.public.folder import SPEC, read_folder, replace_folder, write_folder, write_private
from fairlot.public.human import Human
from fairlot.public.ledger import Ledger
from fairlot.public.lists import csv_bytes
from fairlot.public.outcome import Replay, draw, replay, switched, value_of
from fairlot.public.pseudonym import SECRET, Names, Opening, open_pseudonym
from fairlot.public.replacing import nobody_for, replace
from fairlot.public.seal import open_seal, seal
from fairlot.public.seen import Pins, entry_of
from fairlot.public.steps import STEPS, Check
from fairlot.public.stream import Stream, Tickets
from fairlot.public.verify import Known, checks, verify

__all__ = [
    "SECRET",
    "SPEC",
    "STEPS",
    "Announced",
    "Before",
    "Check",
    "Custodian",
    "Event",
    "Human",
    "Known",
    "Ledger",
    "Names",
    "Opening",
    "Pins",
    "Replay",
    "Stream",
    "Tickets",
    "announce",
    "checks",
    "close",
    "commitment",
    "csv_bytes",
    "digest_of",
    "draw",
    "entries_of",
    "entry_of",
    "gone",
    "head_of",
    "nobody_for",
    "open_announced",
    "open_pseudonym",
    "open_seal",
    "plan_of",
    "published",
    "read_body",
    "read_events",
    "read_folder",
    "recuse",
    "replace",
    "replace_folder",
    "replay",
    "seal",
    "standing",
    "switched",
    "value_of",
    "verify",
    "waiting",
    "with_lock",
    "with_places",
    "write_folder",
    "write_private",
]
