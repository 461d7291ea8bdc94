"""Every reader of foreign bytes, with whole files to start from.

A reader takes bytes and may refuse them with a FairlotError; anything else that it raises is a
fault of ours.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import door_world
from complete_record import AUTHORITY, LOG, NOW, SECOND, VIEWS, WITNESS, authority, world

from fairlot import public
from fairlot.planning import Plan
from fairlot.public import beacon, canonical, note, switch, tlock
from fairlot.public.absence import Absence, check_absence
from fairlot.public.announcement import read_body
from fairlot.public.calendar import Calendar, Foretold
from fairlot.public.certificate import from_text
from fairlot.public.checkpoint import cosignature_times, open_checkpoint, read_checkpoint
from fairlot.public.committed import read_sheet
from fairlot.public.custodians import read_salt, salt_file
from fairlot.public.disclosure import OPENINGS, read_opening
from fairlot.public.door import Door
from fairlot.public.door_check import check_door, make_door
from fairlot.public.drand import Drand, recorded
from fairlot.public.entries import Entry
from fairlot.public.folder import TABLES
from fairlot.public.inclusion import Inclusion
from fairlot.public.lists import csv_rows
from fairlot.public.lottery import Kl8
from fairlot.public.nist import known
from fairlot.public.outcome import value_of
from fairlot.public.pseudonym import Names
from fairlot.public.seal import open_seal
from fairlot.public.stamp import read_stamp
from fairlot.public.tiles import bundle, hashes_of, unbundle

CRASH = re.compile(r"\w+(Error|Exception|Warning): ")
REFERENCE = Path(__file__).parents[1] / "reference" / "data" / "proof.json"


@dataclass(frozen=True)
class Reader:
    """What is called with the bytes, and whole files for it."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]


@cache
def readers() -> Mapping[str, Reader]:
    """All of them by name."""
    parts = (of_records, of_lists, of_logs, of_beacons, of_proofs, of_private)
    light = {name: reader for part in parts for name, reader in part().items()}
    return {**light, **{f"record {view}": whole_record(view) for view in VIEWS}}


def whole_record(view: str) -> Reader:
    """All steps on a re-sealed record one file of which is foreign: its name, a line end, its bytes.

    A step makes a verdict of whatever is raised in it, so a crash shows only in its note.
    """
    made = world(view)

    def read(data: bytes) -> object:
        name, _, rest = data.partition(b"\n")
        files = {**made.files, name.decode("utf-8", "replace"): rest}
        judged = public.checks(made.resealed(files), now=NOW, known=made.known)
        for check in judged:
            if CRASH.match(check.note.get("en", "")):
                raise RuntimeError(f"{check.step}: {check.note['en']}")
        return judged

    return Reader(read, [name.encode() + b"\n" + data for name, data in made.files.items()])


def of_records() -> dict[str, Reader]:
    made = {view: world(view).files for view in VIEWS}
    first, veiled = made["open"], made["pseudonymous"]

    def events(files: Mapping[str, bytes]) -> object:
        return [event.value for event in public.read_events(files) if event.answer is not None]

    def told(name: str, read: Callable[[Mapping[str, bytes]], object]) -> Reader:
        return Reader(lambda data: read({**first, name: data}), [first[name]])

    return {
        "announcement": Reader(lambda data: public.head_of({"announcement.json": data}),
                               [files["announcement.json"] for files in made.values()]),
        "opening": told("opening.json", read_opening),
        "outcome": told("outcome.json", value_of),
        "event": told("event-001.json", events),
        "replacement": told("replacement-001.json", events),
        "digests": told("digests.txt", lambda files: open_seal(files, AUTHORITY.vkey)),
        "openings": Reader(
            lambda data: read_sheet({"openings.jsonl": data}, "openings", OPENINGS),
            [veiled["openings.jsonl"]],
        ),
        "switch": Reader(read_switch, [made["sealed"]["switch.txt"]]),
    }  # fmt: skip


def read_switch(data: bytes) -> object:
    files = world("sealed").files
    return switch.check(data.decode("utf-8", "replace"), public.digest_of(files), Drand(2),
                        [Drand(1000)], [WITNESS.vkey, SECOND.vkey])  # fmt: skip


def of_lists() -> dict[str, Reader]:
    files = world("open").files
    lists = [data for name, data in files.items() if name.endswith(".csv")]

    def table(name: str) -> Reader:
        file = f"{name}.jsonl"
        return Reader(lambda data: read_sheet({file: data}, name), [files[file]])

    return {**{f"table {name}": table(name) for name in TABLES}, "csv": Reader(csv_rows, lists)}


def of_logs() -> dict[str, Reader]:
    files = world("open").files
    entries = list(public.entries_of(files).values())
    places, entry = [files["announcement.log.json"]], entries[0].encode()
    texts = [Inclusion.decode(data).checkpoint.encode() for data in places]
    rows = tuple(Foretold("局", "检验", "2026", f"{i}", "2026-03-31") for i in range(3))
    hashes = [bytes([i]) * 32 for i in range(5)]

    def read_checkpoints(data: bytes) -> object:
        text = data.decode("utf-8", "replace")
        cosignature_times(text, [WITNESS.cosigner_vkey])
        return read_checkpoint(text), open_checkpoint(text, LOG.vkey)

    def placed(data: bytes) -> object:
        return Inclusion.decode(data).verify(entry, LOG.vkey, [WITNESS.cosigner_vkey])

    return {
        "checkpoint": Reader(read_checkpoints, texts),
        "inclusion": Reader(placed, places),
        "entry": Reader(Entry.decode, [entry.encode() for entry in entries]),
        "calendar": Reader(Calendar.decode, [Calendar(rows).encode()]),
        "tile": Reader(lambda data: hashes_of(data, 5), [b"".join(hashes)]),
        "bundle": Reader(lambda data: unbundle(data, 5), [bundle(hashes)]),
    }


def of_beacons() -> dict[str, Reader]:
    pulses = json.loads(REFERENCE.read_text(encoding="utf-8"))["nist_beacon_2_0"]["pulses"]
    pulse = next(iter(pulses.values())) if isinstance(pulses, dict) else pulses[0]
    nist = beacon.of_value({"pulse": pulse})
    kl8 = Kl8(("2024187", "2024188"))
    draws = [{"issue": issue, "numbers": [*range(1, 21)]} for issue in kl8.issues]
    values = {
        "drand": (Drand(1000), recorded(1000)),
        "nist": (nist, {"pulse": pulse}),
        "kl8": (kl8, {"draws": draws, "witnesses": ["甲", "乙"]}),
    }
    three = [nist, kl8, Drand(2)]
    ciphertext = tlock.lock(bytes(32), 1000).encode()

    def value(source: beacon.Beacon) -> Callable[[bytes], object]:
        return lambda data: source.attest(source.parse_value(data))

    return {
        **{name: Reader(value(source), [json.dumps(told).encode()])
           for name, (source, told) in values.items()},
        "value": Reader(lambda data: beacon.of_value(canonical.parse(data, limit=1 << 16)),
                        [json.dumps(told).encode() for _, told in values.values()]),
        "identity": Reader(lambda data: beacon.source(canonical.parse(data, limit=1 << 16)),
                           [canonical.encode(each.identity()) for each in three]),
        "beacon name": Reader(lambda data: beacon.parse(data.decode("utf-8", "replace")),
                              [str(each).encode() for each in three]),
        "tlock": Reader(lambda data: tlock.unlock(data.decode("latin-1"), recorded(1000)), [ciphertext]),
    }  # fmt: skip


def of_proofs() -> dict[str, Reader]:
    made = door_world.World()
    shown = {"site", "bureau_id", "rule"}
    places = [made.site(i, shown) for i in (2, 3)]
    with TemporaryDirectory() as folder:
        log = door_world.Public.of(made, Path(folder)).logged
    door = make_door(made.announcement, made.outcome, places[0], made.result(2), now=NOW,
                     team=made.openings("P1"), log=log)  # fmt: skip
    absence = Absence(Door.decode(door).bound, "S2x", tuple(places)).encode()
    files = world("open").files
    stamps, pinned = [files["announcement.tsr"]], authority().pinned
    pem = [certificate.to_text().encode() for certificate in known().values()]
    return {
        "door": Reader(lambda data: (check_door(data, now=NOW), Door.decode(data)), [door]),
        "absence": Reader(lambda data: (check_absence(data), Absence.decode(data)), [absence]),
        "stamp": Reader(lambda data: read_stamp(data, files["announcement.json"], pinned), stamps),
        "certificate": Reader(lambda data: from_text(data.decode("utf-8", "replace")), pem),
    }


def of_private() -> dict[str, Reader]:
    names = Names(bytes(32), ("P1", "P2"), ("S1",))
    plans = [canonical.encode(read_body(world(view).files)["plan"]) for view in VIEWS]
    vkeys = [AUTHORITY.vkey.encode(), WITNESS.cosigner_vkey.encode()]
    return {
        "plan": Reader(lambda data: Plan.of(canonical.parse(data, limit=1 << 20)), plans),
        "secret": Reader(lambda data: Names.read(data, "0" * 64), [names.to_bytes("0" * 64)]),
        "salt": Reader(read_salt, [salt_file("甲", bytes(32))]),
        "vkey": Reader(lambda data: note.Vkey.parse(data.decode("utf-8", "replace")), vkeys),
    }
