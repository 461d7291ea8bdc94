"""``demo``: the whole way from an example roster to a verified record."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Annotated

import typer

from fairlot._base.progress import Progress
from fairlot.cli.app import Lang, LangOption
from fairlot.cli.files import refuse_existing, secret_beside, with_notice
from fairlot.cli.tables import print_checks, print_counts, print_outlook, print_quotas
from fairlot.cli.terminal import say, speak, steps

if TYPE_CHECKING:
    from fairlot.planning import Foreseen, Plan
    from fairlot.public import Names
    from fairlot.registers import Registers

__all__ = ["demo"]

# The recorded round of the demonstration, and when its announcement says that it was made.
DEMO_ROUND = 9367912
DEMO_ANNOUNCED = datetime(2024, 7, 13, 9, tzinfo=UTC)


class Roster(StrEnum):
    """The rosters that ship with fairlot."""

    shanghai = "shanghai"
    chicago = "chicago"


def demo(
    roster: Annotated[Roster, typer.Option(help="which example roster")] = Roster.shanghai,
    out: Annotated[Path | None, typer.Option(help="a new folder for the record")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Check, plan, announce, draw and verify an example, and write its record.

    Example: fairlot demo --roster shanghai --out demo-shanghai
    """
    from fairlot import public, registers
    from fairlot.planning import Plan
    from fairlot.registers import examples

    speak(lang.value)
    out = out or Path(f"demo-{roster.value}")
    refuse_existing(out, secret_beside(out))
    with steps():
        rosters = registers.example(roster.value)
        plan = Plan.read(examples.folder(roster.value) / "plan.toml")
    print_counts(rosters.problems, examples.folder(roster.value))
    print_quotas(plan, rosters)
    foreseen = print_outlook(plan, rosters)
    with steps() as progress:
        files, names = _drawn(plan, rosters, foreseen, progress)
        public.write_private(secret_beside(out), names.to_bytes(public.digest_of(files)))
        public.write_folder(out, files)
        found = public.verify(public.read_folder(out), now=datetime.now(UTC), progress=progress)
    print_checks(found)
    typer.echo(say(
        f"\nwrote {out}: open {out / 'notice.html'}, or run: fairlot verify {out}\n"
        f"who is who stands in {secret_beside(out)}, which stays with the authority",
        f"\n已写入 {out}：请打开 {out / 'notice.html'}，或运行 fairlot verify {out}\n"
        f"化名对照见 {secret_beside(out)}，由主管机关自行保管",
    ))  # fmt: skip


def _drawn(
    plan: "Plan", rosters: "Registers", foreseen: "Foreseen", progress: Progress
) -> tuple[dict[str, bytes], "Names"]:
    """Announce and draw under a key and a secret of the moment."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from fairlot import public
    from fairlot.public import beacon, note

    # The key of a demonstration lives only as long as this command.
    signer = note.Signer("fairlot-demo", Ed25519PrivateKey.generate())
    names = public.Names.of(rosters, token_bytes(public.SECRET))
    announced = public.announce(
        plan, rosters, beacon.Drand(DEMO_ROUND), names=names, signer=signer,
        foreseen=foreseen, announced_at=DEMO_ANNOUNCED, progress=progress,
    )  # fmt: skip
    value = beacon.recorded(DEMO_ROUND)
    drawn = public.draw(announced, value, signer=signer, progress=progress)
    return with_notice(drawn, signer), names
