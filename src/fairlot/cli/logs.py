"""``fairlot log …`` and ``fairlot witness …``: the public log of draws and who watches over it."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairlot._base.errors import within
from fairlot.cli.app import File, Folder, Lang, LangOption
from fairlot.cli.files import refuse_existing, write_new
from fairlot.cli.pins import VKEY, keys_named
from fairlot.cli.terminal import language, leave, print_table, say, speak, steps

if TYPE_CHECKING:
    from fairlot.public.flags import Flag
    from fairlot.public.log import Log
    from fairlot.public.note import Signer

__all__ = ["log", "witness"]

LogKey = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="the log's key (PEM)")]
NewKey = Annotated[Path, typer.Option(help="an Ed25519 key (PEM); made when missing")]

log = typer.Typer(no_args_is_help=True, help="The public log of draws: static files, append-only.")
witness = typer.Typer(no_args_is_help=True, help="A witness: signs a log's growth, and the time.")


@log.command("init")
def log_init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder that a web server hosts")],
    origin: Annotated[str, typer.Option(help="the log's name, as draws.example/shanghai")],
    key: NewKey,
    lang: LangOption = Lang.en,
) -> None:
    """Begin an empty log.

    Example: fairlot log init log --origin draws.example/shanghai --key log.key
    """
    from fairlot.public.log import Log

    speak(lang.value)
    signer = _signer(key, origin)
    Log.create(folder, signer)
    typer.echo(say(f"began the log {folder}; publish its key: {signer.vkey}",
                   f"已建立日志 {folder}；请公布其公钥：{signer.vkey}"))  # fmt: skip


@log.command("show")
def log_show(folder: Annotated[Path, Folder], lang: LangOption = Lang.en) -> None:
    """Print the entries of a log and its checkpoint.

    Example: fairlot log show log
    """
    from fairlot.public.log import Log

    speak(lang.value)
    log = Log(folder)
    with steps():
        found = log.read()
    header = ["index", "kind", "authority", "scope", "period", "task", "digest"]
    print_table(say("entries", "条目"), header, (
        [str(i), entry.kind, *entry.draw, entry.digest] for i, entry in enumerate(found.entries)
    ))  # fmt: skip
    typer.echo(found.note, nl=False)
    _say_unsigned(log)


@log.command("check")
def log_check(
    folder: Annotated[Path, Folder],
    older: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="a checkpoint of it that you kept"),
    ] = None,
    vkey: Annotated[
        str | None, typer.Option("--log-key", help=f"the log's public key, {VKEY}, as you know it")
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help=f"public key, {VKEY}, of a witness that you trust")
    ] = None,
    record: Annotated[
        list[Path] | None,
        typer.Option(exists=True, file_okay=False, help="a record of the log; repeatable"),
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Make every hash of a log again and print the marks it bears.

    With the records of its draws at hand their rosters are compared, their margins hold, an event
    that slipped out of one is marked, and, under --log-key, their proofs are of this log's history.

    Exit code 0: none; 1: something fails; 3: nothing fails, but something is not shown.

    Example: fairlot log check log --older checkpoint.2026-01 --witness witness.example+1a2b3c4d+BA…
    """
    from fairlot.public import open_announced, read_folder
    from fairlot.public.at_hand import at_hand, proofs_in
    from fairlot.public.calendar import read_calendars
    from fairlot.public.log import read_log
    from fairlot.public.sightings import sightings
    from fairlot.public.watch import watch

    speak(lang.value)
    keys_named("--log-key", [vkey] if vkey else [])
    believed = keys_named("--witness", witness or [])
    with steps():
        found = read_log(folder, vkey)
        kept = [_kept(path) for path in older or ()]
        seen = sightings([found.note, *found.earlier, *kept], witnesses=believed, vkey=vkey)
        read = [read_folder(path) for path in record or ()]
        beside = at_hand([(files, open_announced(files)) for files in read])
        proved = [each for files in read if vkey for each in proofs_in(files, vkey, believed)]
        flags = watch(
            found, now=datetime.now(UTC), calendars=read_calendars(folder, found.entries),
            sightings=[*seen, *proved], rosters=beside.rosters, events=beside.events,
            margins=beside.margins,
        )  # fmt: skip
    _print_flags(flags)
    leave(flag.verdict for flag in flags)


@log.command("calendar")
def log_calendar(
    folder: Annotated[Path, Folder],
    file: Annotated[Path, File],
    key: LogKey,
    lang: LangOption = Lang.en,
) -> None:
    """Publish a calendar of draws in a log: calendar.json, before the draws it names.

    Example: fairlot log calendar log calendar.json --key log.key
    """
    from fairlot.public.calendar import MAX_CALENDAR, Calendar, publish
    from fairlot.public.disk import read_plain
    from fairlot.public.log import Log

    speak(lang.value)
    calendar = Calendar.decode(read_plain(file, MAX_CALENDAR))
    log = Log(folder)
    index = publish(log, calendar, _signer(key, log.origin))
    typer.echo(say(f"entered {len(calendar.rows)} draws as entry {index}",
                   f"已登记 {len(calendar.rows)} 次抽取，条目 {index}"))  # fmt: skip


@witness.command("init")
def witness_init(
    state: Annotated[Path, typer.Argument(help="a new file: what the witness remembers")],
    name: Annotated[str, typer.Option(help="the witness's name, as witness.example")],
    key: NewKey,
    log_key: Annotated[list[str] | None, typer.Option(help=f"public key, {VKEY}, of a log")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Begin a witness of these logs.

    Example: fairlot witness init witness.json --name witness.example --key witness.key --log-key draws.example+1a2b3c4d+AZ…
    """
    from fairlot.public.witness import Witness

    speak(lang.value)
    refuse_existing(state)
    logs = keys_named("--log-key", log_key or [])
    begun = Witness.create(state, _signer(key, name))
    for vkey in logs:
        begun.trust(vkey)
    typer.echo(say(f"began the witness {state}; publish its key: {begun.vkey}",
                   f"已建立见证人 {state}；请公布其公钥：{begun.vkey}"))  # fmt: skip


@witness.command("cosign")
def witness_cosign(
    state: Annotated[Path, File],
    folder: Annotated[Path, Folder],
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="the witness's key (PEM)")],
    out: Annotated[
        Path | None, typer.Option(help="write the cosigned checkpoint here, not into the log")
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Sign a log's checkpoint, if the log only grew since the last time.

    Example: fairlot witness cosign witness.json log --key witness.key
    """
    from fairlot.public.log import Log
    from fairlot.public.witness import Witness

    speak(lang.value)
    if out:
        refuse_existing(out)
    ours = Witness.load(state, key)
    with steps():
        text = ours.cosign_log(folder, now=int(time.time()))
    if out:
        write_new(out, text.encode())
    else:
        Log(folder).add_cosignature(text, ours.vkey)
    size = text.split("\n")[1]
    typer.echo(say(f"signed {size} entries of {folder}", f"已签署 {folder} 的 {size} 个条目"))


def _signer(key: Path, name: str) -> "Signer":
    """Return the key in this file under a name, or a new one, kept there."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from fairlot.public import note

    if key.exists():
        return note.load_key(key, name)
    signer = note.Signer(name, Ed25519PrivateKey.generate())
    note.save_key(signer, key)
    return signer


def _kept(path: Path) -> str:
    """Return a checkpoint that somebody kept; refuse by its name what is none."""
    from fairlot.public.checkpoint import read_checkpoint
    from fairlot.public.stored import read_note

    text = read_note(path.parent, path.name)
    with within(path.name):
        read_checkpoint(text)
    return text


def _say_unsigned(log: "Log") -> None:
    for entry in log.unsigned():
        name = " / ".join(entry.draw)
        typer.echo(say(f"written but never signed, append it again: {entry.kind} of {name}",
                       f"已写入但未签署，请重新追加：{name} 的 {entry.kind}"), err=True)  # fmt: skip


def _print_flags(flags: "tuple[Flag, ...]") -> None:
    header = [
        say("mark", "标记"),
        say("verdict", "结论"),
        say("entries", "条目"),
        say("what", "内容"),
    ]
    words = {"fails": say("fails", "不成立"), "not shown": say("not shown", "未证明")}
    print_table(say("marks on the log", "日志标记"), header, (
        [flag.kind, words[flag.verdict], " ".join(map(str, flag.entries)), flag.text(language())]
        for flag in flags
    ))  # fmt: skip
