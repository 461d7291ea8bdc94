"""``custodian``, ``open`` and ``attach``: who holds what back, and who else saw what."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairlot._base.errors import InvalidInput
from fairlot._base.visible import one_line
from fairlot.cli.app import Folder, KnownKeyOption, Lang, LangOption
from fairlot.cli.files import (
    beacon_to_come,
    known_signer,
    refuse_existing,
    unlocking,
    write_new,
)
from fairlot.cli.pins import log_named
from fairlot.cli.records import full_beside, grow, read_full
from fairlot.cli.terminal import say, speak, steps

if TYPE_CHECKING:
    from fairlot.planning import Plan
    from fairlot.public.note import Signer

__all__ = ["attach", "custodian", "open_record"]


class Hash(StrEnum):
    """What a plan may hash with."""

    sha256 = "sha256"
    sm3 = "sm3"


def custodian(
    name: Annotated[str, typer.Argument(help="the custodian's name")],
    out: Annotated[Path, typer.Option(help="a new file for the salt, to be kept private")],
    suite: Annotated[Hash, typer.Option(help="of the plan")] = Hash.sha256,
    until: Annotated[
        str, typer.Option(metavar="drand@TIME", help="when the salt opens even if nobody has it")
    ] = "",
    lang: LangOption = Lang.en,
) -> None:
    """Make a custodian's salt, and what the announcement says of it.

    The salt goes to OUT, which the custodian keeps until the beacon is out and then hands over for
    draw --salt; what may be published goes to OUT.public.json, for announce --custodian. --until is
    for a salt that gets lost: choose the opening date, after the beacon. A lock opens the salt
    alone, not the registers.

    Example: fairlot custodian 公证处 --out salt.json --until drand@2026-12-31T00:00:00Z
    """
    from fairlot.public import Custodian, canonical, commitment, write_private
    from fairlot.public.custodians import salt_file
    from fairlot.public.suite import suite as suite_of

    speak(lang.value)
    name = one_line(name)
    shown = out.with_name(f"{out.name}.public.json")
    refuse_existing(out, shown)
    salt = token_bytes(32)
    locked = _locked(salt, until) if until else {}
    told = Custodian(name, commitment(name, salt, suite_of(suite.value)), locked).encode()
    try:
        Custodian.decode(told)
    except InvalidInput:
        raise typer.BadParameter(say("want one visible line of at most 200 characters",
                                     "应为一行可显示文字，至多 200 字"),
                                 param_hint="NAME") from None  # fmt: skip
    write_private(out, salt_file(name, salt))
    write_new(shown, canonical.encode(told) + b"\n")
    typer.echo(say(f"publish {shown}; keep {out} until the beacon is out, and hand it over then",
                   f"请公布 {shown}；请妥善保管 {out}，信标公布后交出"))  # fmt: skip


def _locked(salt: bytes, until: str) -> dict[str, Any]:
    """Lock a salt to a round of drand; one that is out would open it at once."""
    from fairlot.public.tlock import lock

    source = beacon_to_come(until, "--until")
    number = source.identity().get("round")
    if not isinstance(number, int):
        raise typer.BadParameter(say(f"{until} is no round of drand", f"{until} 不是 drand 轮次"),
                                 param_hint="--until")  # fmt: skip
    if source.time <= datetime.now(UTC).timestamp():
        raise typer.BadParameter(say(f"{source} is out already: the salt would be open at once",
                                     f"{source} 已公布，盐值将立即开启"),
                                 param_hint="--until")  # fmt: skip
    return {"round": number, "ciphertext": lock(salt, number)}


def open_record(
    record: Annotated[Path, Folder],
    key: KnownKeyOption,
    lock: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="the round of the salts' locks (JSON)"),
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Show a sealed record on its opening date, and not before.

    With the round to which custodians locked their salts, everybody sees that these are the salts
    that were handed over; it may be given later.

    Example: fairlot open record --key office.key --lock round.json
    """
    from fairlot import public
    from fairlot.public.announcement import refuse_other_hand

    speak(lang.value)
    signer = known_signer(key)
    if not full_beside(record).is_dir():
        raise InvalidInput("{path} is missing: what is kept back of a sealed record stands there",
                           zh="缺少 {path}：封存内容应在其中", path=full_beside(record))  # fmt: skip
    with steps():
        files = read_full(record)
        refuse_other_hand(files, signer)
        plan = public.head_of(files).plan
        _refuse_early(plan)
        if lock:
            value = unlocking(public.head_of(files), lock)
            files = public.seal(public.with_lock(files, value), signer)
        grow(record, files, plan, signer, opened=True)
    typer.echo(say(f"opened {record}; publish it now", f"已开启 {record}；请立即公布"))


def _refuse_early(plan: "Plan") -> None:
    """Refuse to open what is not sealed, or not yet to be seen."""
    from fairlot.public.disclosure import opens_at

    due = opens_at(plan)
    if due is None:
        raise InvalidInput("the plan seals nothing", zh="方案未约定封存")
    if datetime.now(UTC) < due:
        raise InvalidInput("sealed until {day}", zh="封存至 {day}", day=plan.proof.opens)


def attach(
    record: Annotated[Path, Folder],
    key: KnownKeyOption,
    log: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="the public log")
    ] = None,
    log_signer: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="the log's key: enter what is missing"),
    ] = None,
    stamp: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="announcement.tsr and the like; repeatable"),
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Put the proofs of others into a record: time stamps, and places in the public log.

    With the log's own key what the log lacks is entered first; have witnesses cosign it, and
    attach again.

    Example: fairlot attach announced --key office.key --log log --log-signer log.key
    """
    from fairlot import public
    from fairlot.public.announcement import refuse_other_hand

    speak(lang.value)
    signer, log = known_signer(key), log_named(log)
    if log_signer and not log:
        raise typer.BadParameter(say("want --log, to enter it there", "须同时给出 --log"),
                                 param_hint="--log-signer")  # fmt: skip
    with steps():
        files = dict(read_full(record))
        refuse_other_hand(files, signer)
        files |= {path.name: _stamp_of(files, path) for path in stamp or ()}
        if log:
            files = _logged(files, log, log_signer, signer)
        grow(record, public.seal(files, signer), public.head_of(files).plan, signer)
    proofs = sorted(name for name in files if name.endswith((".tsr", ".log.json")))
    typer.echo(say(f"{record} holds {', '.join(proofs) or 'no proofs yet'}",
                   f"{record} 已有证明：{'、'.join(proofs) or '无'}"))  # fmt: skip


def _stamp_of(files: Mapping[str, bytes], path: Path) -> bytes:
    """Return a stamp; refuse any other file, which would be published with the record."""
    from fairlot.public.folder import PROOFS, subject
    from fairlot.public.stamp import MAX_STAMP

    of = subject(path.name) if PROOFS.fullmatch(path.name) and path.suffix == ".tsr" else ""
    if of not in files:
        raise typer.BadParameter(say(f"{path.name} is the stamp of no file here; want announcement.tsr and the like",
                                     f"{path.name} 不是本记录任一文件的时间戳，应如 announcement.tsr"),
                                 param_hint="--stamp")  # fmt: skip
    with path.open("rb") as file:
        data = file.read(MAX_STAMP + 1)
    # In DER the digest stands as it is; whose signature it bears is for every reader to judge.
    if len(data) > MAX_STAMP or sha256(files[of]).digest() not in data:
        raise InvalidInput("{file} is no time stamp of {of}", zh="{file} 不是 {of} 的时间戳",
                           file=path.name, of=of)  # fmt: skip
    return data


def _logged(
    files: dict[str, bytes], folder: Path, log_key: Path | None, signer: "Signer"
) -> dict[str, bytes]:
    """Enter what the log lacks, if its key is at hand, and return the files with their proofs."""
    from fairlot import public
    from fairlot.public.log import Log
    from fairlot.public.note import load_key

    log = Log(folder)
    if log_key:
        known = log.read().entries
        lacking = [entry for entry in public.entries_of(files).values() if entry not in known]
        if lacking:
            log.append(lacking, load_key(log_key, log.origin))
    return public.with_places(files, log.read(), signer)
