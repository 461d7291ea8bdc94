"""``fairlot beacon``: which round comes out when, fetching it, and checking a file of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fairlot._base.errors import InvalidInput, within
from fairlot.cli.app import File, Lang, LangOption
from fairlot.cli.files import refuse_existing, write_new
from fairlot.cli.terminal import language, leave, say, speak

__all__ = ["beacons"]

MAX_FILE = 1 << 16

beacons = typer.Typer(
    name="beacon", no_args_is_help=True, help="Public randomness: find, fetch, check."
)


@beacons.command("round")
def round_(
    time: Annotated[str, typer.Argument(help="a time such as 2026-07-13T18:00:00+08:00")],
    lang: LangOption = Lang.en,
) -> None:
    """Print the first quicknet round that comes out at a time or after it.

    Example: fairlot beacon round 2026-07-13T18:00:00+08:00
    """
    speak(lang.value)
    found = _named(f"drand@{time}", "TIME")
    at = datetime.fromtimestamp(found.time, UTC).isoformat()
    typer.echo(say(f"{found} comes out at {at}", f"{found} 于 {at} 公布"))


@beacons.command()
def fetch(
    source: Annotated[str, typer.Argument(help="drand:ROUND, drand@TIME or nist@TIME,CHAIN,ID")],
    out: Annotated[Path, typer.Option(help="a new file for the value")],
    relay: Annotated[
        list[str] | None, typer.Option(help="a relay's address; may be given again")
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Fetch what a beacon gave, verify its signature and write it.

    Example: fairlot beacon fetch drand:9367912 --out round.json
    """
    from fairlot.public import canonical
    from fairlot.public import relay as relays

    speak(lang.value)
    refuse_existing(out)
    fetched = relays.fetch(_named(source, "SOURCE"), relay or ())
    write_new(out, canonical.encode(fetched.value) + b"\n")
    for name, error in fetched.passed_over:
        typer.echo(
            say(f"passed over {name}: {error}", f"跳过 {name}：{error.text('zh')}"), err=True
        )
    typer.echo(say(f"wrote {out}, from {fetched.relay}", f"已写入 {out}，来自 {fetched.relay}"))


@beacons.command()
def declare(
    source: Annotated[str, typer.Argument(help="kl8:A,B, the two issues that were announced")],
    numbers: Annotated[
        list[str],
        typer.Option("--draw", metavar="ISSUE:NUMBERS", help="an issue and its 20 numbers"),
    ],
    witness: Annotated[list[str], typer.Option(help="who saw the numbers come out; two or more")],
    out: Annotated[Path, typer.Option(help="a new file for the value")],
    lang: LangOption = Lang.en,
) -> None:
    """Write two draws of 快乐8 as witnesses saw them: nobody signs them, so it is never verified.

    docs/ceremony.md tells who reads what and when.

    Example: fairlot beacon declare kl8:2026187,2026188 --draw 2026187:01,05,09,… --draw 2026188:02,03,11,… --witness 公证员 --witness 纪检员 --out value.json
    """
    from fairlot.public import canonical
    from fairlot.public.lottery import Kl8, declared

    speak(lang.value)
    refuse_existing(out)
    found = _named(source, "SOURCE")
    if not isinstance(found, Kl8):
        raise typer.BadParameter(say(f"{found} is fetched, not declared", f"{found} 应取得而非声明"),
                                 param_hint="SOURCE")  # fmt: skip
    try:
        value = found.canonical(declared(numbers, witness))
    except InvalidInput as error:
        raise typer.BadParameter(error.text(language())) from None
    write_new(out, canonical.encode(value) + b"\n")
    typer.echo(say(f"wrote {out}", f"已写入 {out}"))


@beacons.command()
def check(file: Annotated[Path, File], lang: LangOption = Lang.en) -> None:
    """Check a file that a beacon gave; exit code 3 when its origin is not shown.

    Example: fairlot beacon check round.json
    """
    from fairlot.public import beacon, canonical

    speak(lang.value)
    with within(str(file)), file.open("rb") as opened:
        value: Any = canonical.parse(opened.read(MAX_FILE + 1), limit=MAX_FILE)
        found = beacon.of_value(value)
        verdict, why = found.attest(value)
    typer.echo(say(f"{found}: {verdict}: {why['en']}", f"{found}：{why['zh']}"))
    leave([verdict])


def _named(text: str, hint: str) -> Any:
    """Return the beacon that was named; what names none is wrong usage."""
    from fairlot.public import beacon

    try:
        return beacon.parse(text)
    except InvalidInput as error:
        raise typer.BadParameter(error.text(language()), param_hint=hint) from None
