"""Records that the page replays: of a small roster or an example, in every view, and what came after."""

from datetime import UTC, datetime, timedelta

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairlot import public
from fairlot.planning import Plan
from fairlot.public import beacon, canonical, note, tlock
from fairlot.public.drand import Drand
from fairlot.public.entered import with_places
from fairlot.public.lists import csv_rows
from fairlot.public.log import Log
from fairlot.public.log_read import read_log
from fairlot.public.suite import suite as suite_of
from fairlot.public.witness import Witness
from fairlot.registers import example, examples, gather

ROUND = 9367912
AHEAD = timedelta(hours=12, minutes=45)
RECORDED = datetime(2024, 7, 13, 12, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OPENS = "2024-12-15"
SEEN = datetime.fromtimestamp(Drand(ROUND).time, UTC) - timedelta(hours=12, minutes=40)
SALTS = {"公证处": bytes([1]) * 32, "纪检组": bytes([2]) * 32}
NOTICE = {"notice.html": "<p>公示</p>\n".encode()}
SMALL = {
    "spec": "fairlot.plan/v1", "authority": "示例局", "scope": "检验检测", "period": "2024",
    "task": "2024-001", "as_of": "2024-07-01",
    "visits": {"first": "2024-08-01", "last": "2024-09-11"},
    "weights": {"A": "0.5", "C": "2", "D": "4"}, "bounds": {"pi_floor": "0.02"},
    "ratio": {"bureau_floor": "0.3", "key_sectors_count_toward_ratio": False},
    "key": {"sectors": ["食品检验"]}, "rules": {"min_gap_days": 30},
}  # fmt: skip
SECTORS = ("食品检验", "水质", "建筑材料", "计量校准", "水质")


def key(number, name):
    return note.Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


SIGNER, LOG, WITNESS = key(1, "example"), key(2, "draws.example"), key(3, "witness.example")


def small():
    """45 sites of three bureaux, 18 officers of whom some are away, and a conflict."""
    k = range(45)
    sites = pd.DataFrame({
        "site_id": [f"S{i:04d}" for i in k], "name": [f"=示例,“{i}”" for i in k],
        "bureau_id": ["PQR"[i % 3] for i in k], "station_id": [f"{'PQR'[i % 3]}{i % 2}" for i in k],
        "sector": [SECTORS[i % 5] for i in k], "credit_class": [("A", "B", "", "C", "D")[i % 5] for i in k],
        "last_inspected": ["2024-07-20" if i == 7 else "" for i in k],
        "status": ["注销" if i == 11 else "存续" for i in k],
    })  # fmt: skip
    k = range(18)
    officers = pd.DataFrame({
        "officer_id": [f"P{i:03d}" for i in k], "bureau_id": ["PQR"[i % 3] for i in k],
        "license_expiry": "2026-12-31", "skills": [";".join(sorted(set(SECTORS)))] * 18,
        "max_tasks": 6,
    })  # fmt: skip
    away = pd.DataFrame({"officer_id": [f"P{i:03d}" for i in range(4)],
                         "absent_from": "2024-08-01", "absent_to": "2024-08-21"})  # fmt: skip
    kin = pd.DataFrame({"person_id": ["P000"], "target": ["S0000"], "kind": ["近亲属"],
                        "valid_from": ["2020-01-01"]})  # fmt: skip
    return gather(sites=sites, officers=officers, absences=away, conflicts=kin)


def announced(
    view="open", suite="sha256", opens="", roster="small", substitutes="", round=ROUND, **before
):
    """The full announcement of a roster, three quarters of a day before the round."""
    if roster == "small":
        plan, registers = {**SMALL, "proof": {}}, small()
    else:
        plan = Plan.read(examples.folder(roster) / "plan.toml").table()
        registers = example(roster)
    if substitutes:
        plan["rules"] = {**plan["rules"], "substitutes": substitutes}
    plan["proof"] = {**plan["proof"], "view": view, "suite": suite, "opens": opens}
    names = public.Names.of(registers, bytes(32), suite=suite_of(suite))
    return public.announce(
        Plan.of(plan), registers, Drand(round), signer=SIGNER,
        announced_at=announced_before(round), names=names, before=public.Before(**before),
    )  # fmt: skip


def announced_before(round):
    """The moment of the announcement of this round."""
    return datetime.fromtimestamp(Drand(round).time, UTC) - AHEAD


def custodians(suite="sha256", locks=()):
    """Two of them; those that lock their salt are named in ``locks``."""
    held = {name: public.commitment(name, salt, suite_of(suite)) for name, salt in SALTS.items()}
    return [
        public.Custodian(
            name, digest,
            {"round": ROUND, "ciphertext": tlock.lock(SALTS[name], ROUND)} if name in locks else {},
        )
        for name, digest in held.items()
    ]  # fmt: skip


def drawn(files, **more):
    """The record of the announced round."""
    value = beacon.recorded(public.head_of(files).beacon.round)
    return noticed(public.draw(files, value, signer=SIGNER, **more))


def noticed(files):
    return public.seal({**files, **NOTICE}, SIGNER)


def shown(files, *, opened=True):
    """What of a full record may be shown."""
    plan = public.plan_of(public.read_body(files))
    return public.published(files, plan, SIGNER, opened=opened)


def later(files):
    """A seat drawn anew, a site closed and another in its place, and a seat there drawn anew."""
    rows = csv_rows(files["teams.csv"])
    files = answer(recused(files, rows[1]["site_id"], rows[1]["officer_id"]))
    files = answer(closed(files, rows[-1]["site_id"]))
    told = body(files, "replacement-002")
    return noticed(answer(recused(files, told["substitute"], told["team"][0]["officer"])))


def recused(files, site, officer):
    return public.recuse(
        files, beacon.parse(f"drand:{ROUND}"), site=site, officer=officer, reason="申请回避",
        recorded_at=RECORDED, signer=SIGNER,
    )  # fmt: skip


def closed(files, site):
    return public.close(
        files, beacon.parse(f"drand:{ROUND}"), site=site, reason="已注销", recorded_at=RECORDED,
        signer=SIGNER,
    )  # fmt: skip


def answer(files):
    return public.replace(files, beacon.recorded(ROUND), signer=SIGNER)


def logged(files, folder, seen=SEEN):
    """The record with proofs from a log that a witness saw, and the log."""
    log = Log.create(folder / "log", LOG)
    log.append(list(public.entries_of(files).values()), LOG)
    witness = Witness.create(folder / "witness", WITNESS)
    witness.trust(LOG.vkey)
    at = int(seen.timestamp())
    log.add_cosignature(witness.cosign_log(log.folder, now=at), WITNESS.cosigner_vkey)
    read = read_log(log.folder, LOG.vkey)
    return with_places(files, read, SIGNER), read


def body(files, name):
    """The object in a file of a record, by its name without the suffix."""
    return canonical.decode(files[f"{name}.json"][:-1], limit=1 << 20)


def rewritten(files, name, **changes):
    """A record in which the authority changed fields of one file and sealed it again."""
    text = canonical.encode({**body(files, name), **changes}) + b"\n"
    return public.seal({**files, f"{name}.json": text}, SIGNER)


def edited(files, name, old, new):
    """A record in which the authority changed a text in one file, once, and sealed it again."""
    assert old.encode() in files[name]
    data = files[name].replace(old.encode(), new.encode(), 1)
    return public.seal({**files, name: data}, SIGNER)
