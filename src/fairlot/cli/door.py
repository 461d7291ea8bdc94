"""``fairlot stamp`` and ``fairlot door …``: when a file was there, and what a door proof shows."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairlot.cli.app import File, Folder, Lang, LangOption
from fairlot.cli.files import refuse_existing, write_new
from fairlot.cli.pins import VKEY, keys_named, log_named, roots_named
from fairlot.cli.records import read_drawn, read_full
from fairlot.cli.tables import print_checks
from fairlot.cli.terminal import leave, say, speak, steps

if TYPE_CHECKING:
    from fairlot.public import Check

__all__ = ["door", "stamp"]

MAX_FILE = 1 << 20

Given = typer.Option(exists=True, dir_okay=False)

door = typer.Typer(no_args_is_help=True, help="Proofs that people carry: of one site, or of none.")


def stamp(
    file: Annotated[Path, File],
    tsa: Annotated[str, typer.Option(metavar="URL", help="the authority's address (RFC 3161)")],
    pinned: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="its root certificate (PEM or DER)"),
    ],
    out: Annotated[Path, typer.Option(help="a new file for the stamp, as announcement.tsr")],
    lang: LangOption = Lang.en,
) -> None:
    """Have somebody else confirm that a file exists now.

    The stamp is verified before it is written: one that its asker cannot verify shows nothing.

    Example: fairlot stamp announced/announcement.json --tsa https://tsa.example --pinned tsa.pem --out announcement.tsr
    """
    from fairlot.public.stamp import read_stamp
    from fairlot.public.stamping import ask

    speak(lang.value)
    refuse_existing(out)
    data, trusted = file.read_bytes(), roots_named("--pinned", pinned)
    with steps():
        response = ask(tsa, data, trusted)
    found = read_stamp(response, data, trusted)
    write_new(out, response)
    moment = found.moment.isoformat()
    typer.echo(say(f"{file.name} existed by {moment}, says {found.authority}; written to {out}",
                   f"{found.authority} 证明 {file.name} 不晚于 {moment} 已存在；已写入 {out}"))  # fmt: skip


@door.command("make")
def door_make(
    record: Annotated[Path, Folder],
    site: Annotated[str, typer.Option(help="the site, by its id in the record")],
    out: Annotated[Path, typer.Option(help="a new file; its code goes to OUT.svg")],
    secret: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="OUT.secret.json: opens the team's names"),
    ] = None,
    log: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="the public log")
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Make the proof that the officers of a visit carry, and its QR code.

    Example: fairlot door make record --site S310104-0012 --secret announced.secret.json --out S310104-0012.door.json
    """
    from fairlot.cli.clear import names_in
    from fairlot.public.door_code import door_svg
    from fairlot.public.door_made import door_of
    from fairlot.public.log import Log

    speak(lang.value)
    code, log = out.with_name(f"{out.name}.svg"), log_named(log)
    refuse_existing(out, code)
    with steps():
        files = read_drawn(record)
        names = names_in(secret, files) if secret else None
        sealed = not (record / "opening.json").exists()
        data = door_of(files, site, now=datetime.now(UTC), names=names,
                       log=Log(log).read() if log else None, provisional=sealed)  # fmt: skip
        drawn = door_svg(data)
    write_new(out, data)
    write_new(code, drawn if isinstance(drawn, bytes) else drawn.encode())
    typer.echo(say(f"wrote {out} and {code}", f"已写入 {out} 与 {code}"))


@door.command("check")
def door_check(
    file: Annotated[Path, File],
    announcement: Annotated[Path | None, Given] = None,
    outcome: Annotated[Path | None, Given] = None,
    log_key: Annotated[str, typer.Option(metavar=VKEY, help="the log's key as you know it")] = "",
    witness: Annotated[
        list[str] | None, typer.Option(metavar=VKEY, help="a witness's key; may be repeated")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the steps as JSON")] = False,
    lang: LangOption = Lang.en,
) -> None:
    """Check what the officers of a visit carry.

    The file alone shows the site, its result and the team; announcement.json and outcome.json from
    the public page show that these are the published ones. Exit code 0: all holds; 1: something
    fails; 3: nothing fails, but something is not shown.

    Example: fairlot door check S0042.door.json --announcement announcement.json --outcome outcome.json
    """
    from fairlot.public.door_check import DOOR_STEPS, check_door
    from fairlot.public.door_code import door_digest

    speak(lang.value)
    keys_named("--log-key", [log_key] if log_key else [])
    believed, data = keys_named("--witness", witness or []), _read(file)
    found = check_door(
        data, now=datetime.now(UTC), announcement=_given(announcement), outcome=_given(outcome),
        log=log_key, witnesses=believed,
    )  # fmt: skip
    if not as_json:
        typer.echo(say(f"the code shows {door_digest(data)}", f"二维码应为 {door_digest(data)}"))
    _tell(found, DOOR_STEPS, as_json=as_json)


@door.command("absent")
def door_absent(
    record: Annotated[Path, Folder],
    site: Annotated[str, typer.Option(help="the id that is not in the roster")],
    out: Annotated[Path, typer.Option(help="a new file")],
    lang: LangOption = Lang.en,
) -> None:
    """Make the proof that a site is not in the roster of an open draw, announced or drawn.

    While the draw is sealed it is made from the full record, and tells the ids of two neighbours.

    Example: fairlot door absent record --site S0043 --out S0043.absence.json
    """
    from fairlot.public.absence_made import absence_of

    speak(lang.value)
    refuse_existing(out)
    with steps():
        data = absence_of(read_full(record), site)
    write_new(out, data)
    typer.echo(say(f"wrote {out}: {site} is not in the roster",
                   f"已写入 {out}：{site} 不在名录中"))  # fmt: skip


@door.command("absence")
def door_absence(
    file: Annotated[Path, File],
    announcement: Annotated[Path | None, Given] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the steps as JSON")] = False,
    lang: LangOption = Lang.en,
) -> None:
    """Check a proof that a site is not in the roster; exit codes as of ``door check``.

    Example: fairlot door absence S0043.absence.json --announcement announcement.json
    """
    from fairlot.public.absence import ABSENCE_STEPS, check_absence

    speak(lang.value)
    found = check_absence(_read(file), announcement=_given(announcement))
    _tell(found, ABSENCE_STEPS, as_json=as_json)


def _given(path: Path | None) -> bytes | None:
    return _read(path) if path else None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)


def _tell(
    found: "tuple[Check, ...]", table: Mapping[str, tuple[str, str]], *, as_json: bool
) -> None:
    """Print every step and leave with the exit code that the verdicts ask for."""
    print_checks(found, table, as_json=as_json)
    leave(each.verdict for each in found)
