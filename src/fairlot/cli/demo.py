"""``demo``: the whole way from an example roster to a verified record."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairlot._base.progress import Progress
from fairlot.cli.app import Lang, LangOption
from fairlot.cli.files import refuse_existing, secret_beside, write_new
from fairlot.cli.records import with_notice
from fairlot.cli.tables import print_checks, print_counts, print_outlook, print_quotas
from fairlot.cli.terminal import say, speak, steps

if TYPE_CHECKING:
    from fairlot.planning import Foreseen, Plan
    from fairlot.public import Names, Pins
    from fairlot.registers import Registers

__all__ = ["demo"]

# The recorded round of the demonstration, when its announcement says that it was made, and what
# the hand-set clocks of the local authority and the local witness showed.
DEMO_ROUND = 9367912
DEMO_ANNOUNCED = datetime(2024, 7, 13, 9, tzinfo=UTC)
DEMO_SEEN = DEMO_ANNOUNCED + timedelta(minutes=5)
DEMO_SEEN_DRAWN = datetime(2024, 7, 13, 21, 50, tzinfo=UTC)
DEMO_DICE = "314159265358979323846264338327950288419"


class Roster(StrEnum):
    """The rosters that ship with fairlot."""

    shanghai = "shanghai"
    chicago = "chicago"


def demo(
    roster: Annotated[Roster, typer.Option(help="which example roster")] = Roster.shanghai,
    out: Annotated[Path | None, typer.Option(help="a new folder for the record")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Check, plan, announce, draw and verify an example, and write its record and its page.

    Beside the record stand OUT.html, on which anyone checks it in a browser, OUT.secret.json, which
    an authority would keep, and OUT.local with a log, a witness and a time-stamping authority of
    this machine: they show how the proofs look, and prove nothing to anybody else.

    Example: fairlot demo --roster shanghai --out demo-shanghai
    """
    from fairlot import public, registers
    from fairlot.planning import Plan
    from fairlot.public.publish import page
    from fairlot.registers import examples

    speak(lang.value)
    out = out or Path(f"demo-{roster.value}")
    local, html = out.with_name(f"{out.name}.local"), out.with_name(f"{out.name}.html")
    refuse_existing(out, secret_beside(out), local, html)
    with steps():
        rosters = registers.example(roster.value)
        plan = Plan.read(examples.folder(roster.value) / "plan.toml")
    print_counts(rosters.problems, examples.folder(roster.value))
    print_quotas(plan, rosters)
    foreseen = print_outlook(plan, rosters)
    with steps() as progress:
        local.mkdir(parents=True)
        files, names, known = _drawn(plan, rosters, foreseen, local, progress)
        public.write_private(secret_beside(out), names.to_bytes(public.digest_of(files)))
        public.write_folder(out, files)
        read = public.read_folder(out)
        found = public.verify(read, now=datetime.now(UTC), known=known, progress=progress)
        write_new(html, page(read, now=datetime.now(UTC), lang=lang.value))
    print_checks(found)
    typer.echo(_told(out, local, html, known.pins))


def _told(out: Path, local: Path, html: Path, pins: "Pins") -> str:
    """Say what was written, and that nobody but this machine vouches for it."""
    return say(
        f"\nThe time stamp, the log and its witness are of this machine, their clocks set by hand to "
        f"{DEMO_SEEN:%Y-%m-%d %H:%M} UTC, after the draw to {DEMO_SEEN_DRAWN:%H:%M}:\nthey show how proofs look and prove nothing to others.\n"
        f"wrote {out}: open {out / 'notice.html'}, check it in a browser with {html}, or run\n"
        f"  fairlot verify {out} --log {local / 'log'} --log-key {pins.log} "
        f"--witness {pins.witnesses[0]} --tsa {local / 'tsa.pem'}\n"
        f"who is who stands in {secret_beside(out)}, which stays with the authority",
        f"\n时间戳、日志与见证人均为本机临时生成，时钟人为设定为 {DEMO_SEEN:%Y-%m-%d %H:%M} UTC，抽取后为 {DEMO_SEEN_DRAWN:%H:%M}：\n"
        f"仅演示证明的样式，对他人不具证明力。\n"
        f"已写入 {out}：请打开 {out / 'notice.html'}，在浏览器中用 {html} 核验，或运行\n"
        f"  fairlot verify {out} --log {local / 'log'} --log-key {pins.log} "
        f"--witness {pins.witnesses[0]} --tsa {local / 'tsa.pem'}\n"
        f"化名对照见 {secret_beside(out)}，由主管机关自行保管",
    )  # fmt: skip


def _drawn(
    plan: "Plan", rosters: "Registers", foreseen: "Foreseen", local: Path, progress: Progress
) -> tuple[dict[str, bytes], "Names", Any]:
    """Announce, have it stamped and logged, and draw, under keys and a secret of the moment."""
    from fairlot import public
    from fairlot.public import beacon
    from fairlot.public.log import Log

    signer, log_signer = _signer("fairlot-demo"), _signer("local.demo/log")
    names = public.Names.of(rosters, token_bytes(public.SECRET))
    log = Log.create(local / "log", log_signer)
    before = public.Before(
        human=[public.Human("dice", "demonstration, not rolled", DEMO_DICE)], log=log.origin
    )
    files = public.announce(
        plan, rosters, beacon.parse(f"drand:{DEMO_ROUND}"), names=names, signer=signer,
        foreseen=foreseen, before=before, announced_at=DEMO_ANNOUNCED, progress=progress,
    )  # fmt: skip
    log.append([*public.entries_of(files).values()], log_signer)
    witness = _witness(local, log_signer.vkey)
    _cosigned(log, witness, DEMO_SEEN)
    files["announcement.tsr"], trusted = _stamped(files["announcement.json"], local)
    files = public.with_places(files, log.read(), signer)
    value = beacon.recorded(DEMO_ROUND)
    files = public.draw(files, value, signer=signer, progress=progress)
    log.append([public.entries_of(files)["outcome"]], log_signer)
    _cosigned(log, witness, DEMO_SEEN_DRAWN)
    files = public.with_places(files, log.read(), signer)
    pins = public.Pins(trusted, log_signer.vkey, (witness.vkey,))
    return with_notice(files, signer), names, public.Known(signer.vkey, pins, log=log.folder)


def _signer(name: str) -> Any:
    """Return a key that lives only as long as this command."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from fairlot.public import note

    return note.Signer(name, Ed25519PrivateKey.generate())


def _witness(local: Path, vkey: str) -> Any:
    """Return a witness of this machine who watches over the log with this key."""
    from fairlot.public.witness import Witness

    witness = Witness.create(local / "witness.json", _signer("local.demo/witness"))
    witness.trust(vkey)
    return witness


def _cosigned(log: Any, witness: Any, at: datetime) -> None:
    """Have the log cosigned by a clock that is set by hand."""
    log.add_cosignature(witness.cosign_log(log.folder, now=int(at.timestamp())), witness.vkey)


def _stamped(data: bytes, local: Path) -> tuple[bytes, bytes]:
    """Have an authority of this machine stamp the announcement; return stamp and certificate."""
    from fairlot.public.local_authority import LocalAuthority
    from fairlot.public.stamping import request

    authority = LocalAuthority.make("local demonstration", DEMO_ANNOUNCED)
    write_new(local / "tsa.pem", authority.pinned)
    return authority.answer(request(data), DEMO_SEEN), authority.pinned
