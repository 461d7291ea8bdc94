"""``announce``, ``draw`` and ``verify``: a public draw from its commitment to its check."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Annotated

import typer

from fairlot.cli.app import File, Folder, KeyOption, KnownKeyOption, Lang, LangOption
from fairlot.cli.clear import in_clear, names_in
from fairlot.cli.files import (
    beacon_to_come,
    known_signer,
    read_salts,
    refuse_existing,
    secret_beside,
    signer_of,
    unlocking,
    value_in,
)
from fairlot.cli.given import before_of
from fairlot.cli.pins import VKEY, keys_named, log_named, roots_named
from fairlot.cli.records import full_beside, read_full, with_notice, write_record
from fairlot.cli.tables import print_checks, print_counts, print_outlook, print_quotas
from fairlot.cli.terminal import leave, say, speak, steps

if TYPE_CHECKING:
    from fairlot.public.note import Signer

__all__ = ["announce", "draw", "verify"]


def announce(
    plan_file: Annotated[Path, File],
    rosters: Annotated[Path, Folder],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="a new folder for the announcement")],
    beacon: Annotated[
        str,
        typer.Option(
            help="what comes last: drand:ROUND, drand@TIME, nist@TIME,CHAIN,ID or kl8:A,B"
        ),
    ],
    human: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND:WHO:DIGITS", help="input of people: dice or hex; repeatable"),
    ] = None,
    custodian: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="what a custodian published; repeatable"),
    ] = None,
    fallback: Annotated[
        list[str] | None, typer.Option(help="a beacon to switch to, in order; repeatable")
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option(metavar=VKEY, help="who may witness a switch of beacon; repeatable"),
    ] = None,
    log_origin: Annotated[
        str,
        typer.Option(help="name of the public log that will hold it, as draws.example/shanghai"),
    ] = "",
    sequence: Annotated[int, typer.Option(min=1, help="number of this announcement")] = 1,
    lang: LangOption = Lang.en,
) -> None:
    """Fix the plan, the registers, people's input and the beacon to come; sign and write them.

    Who stands behind the published pseudonyms is written beside the folder, into OUT.secret.json:
    keep it, and keep it private. Where the plan shows less than everything, or seals it, the full
    announcement is written to OUT.full: keep that private too, draw needs it.

    Example: fairlot announce plan.toml registers/ --key office.key --beacon drand@2030-01-08T02:00:00Z --out announced
    """
    from fairlot import public
    from fairlot.planning import Plan
    from fairlot.public.suite import suite
    from fairlot.registers import Registers

    speak(lang.value)
    secret = secret_beside(out)
    refuse_existing(out, full_beside(out), secret)
    keys_named("--witness", witness or [])
    source = beacon_to_come(beacon)
    before = before_of(
        source, human or [], custodian or [], fallback or [], witness or [], log_origin
    )
    with steps():
        plan_, found = Plan.read(plan_file), Registers.read(rosters)
        ledger = public.Ledger(f"{key}.ledger")
        ledger.refuse("announced", plan_)
    print_counts(found.problems, rosters)
    print_quotas(plan_, found)
    foreseen = print_outlook(plan_, found)
    with steps() as progress:
        signer = signer_of(key)
        names = public.Names.of(found, token_bytes(public.SECRET), suite=suite(plan_.proof.suite))
        files = public.announce(
            plan_, found, source, names=names, foreseen=foreseen, signer=signer, before=before,
            announced_at=datetime.now(UTC), sequence=sequence, progress=progress,
        )  # fmt: skip
        _keep(signer, key, names.to_bytes(public.digest_of(files)), secret)
        write_record(out, files, plan_, signer)
        ledger.add("announced", plan_, public.digest_of(files))
    due = datetime.fromtimestamp(source.time - plan_.proof.margin, UTC)
    typer.echo(_announced(public.digest_of(files), signer.vkey, out, f"{due:%Y-%m-%dT%H:%M:%SZ}"))


def _keep(signer: "Signer", key: Path, people: bytes, secret: Path) -> None:
    """Write what stays with the authority before anything that needs it: a new key, who is who."""
    from fairlot.public import note, write_private

    if not key.exists():
        note.save_key(signer, key)
    secret.parent.mkdir(parents=True, exist_ok=True)
    write_private(secret, people)


def _announced(digest: str, vkey: str, out: Path, due: str) -> str:
    """Say what to publish, what to keep, and by when who else should see it."""
    kept = [secret_beside(out), *([full_beside(out)] if full_beside(out).is_dir() else [])]
    listed, listed_zh = " and ".join(map(str, kept)), "与 ".join(map(str, kept))
    return say(f"announced {digest} under {vkey}, written to {out}; publish all three now, "
               f"and have somebody else stamp or log it by {due}\n"
               f"keep {listed} private: the secret opens the officers' pseudonyms on the day of service",
               f"公告摘要 {digest}，公钥 {vkey}，已写入 {out}；请立即一并公布，"
               f"并在 {due} 前由他人加盖时间戳或载入日志\n"
               f"请妥善保管 {listed_zh}，不得公开：检查当日凭秘密文件揭示人员化名")  # fmt: skip


def draw(
    announced: Annotated[Path, Folder],
    value: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="what the beacon gave (JSON)")
    ],
    key: KnownKeyOption,
    out: Annotated[Path, typer.Option(help="a new folder for the record")],
    salt: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="a custodian's salt file; repeatable"),
    ] = None,
    lock: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="the round that unlocks salts that were not handed over (JSON)",
        ),
    ] = None,
    switch: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="the witnessed note of a fallback"),
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Draw what was announced, from the randomness that came out since.

    Example: fairlot draw announced --value round.json --key office.key --out record
    """
    from fairlot import public

    speak(lang.value)
    refuse_existing(out, full_beside(out))
    signer = known_signer(key)
    with steps() as progress:
        files = read_full(announced)
        head = public.head_of(files)
        ledger = public.Ledger(f"{key}.ledger")
        files, source = public.switched(files, switch.read_bytes() if switch else None, signer)
        given = value_in(value, source)
        secret = secret_beside(announced)
        with in_clear(names_in(secret, files) if secret.exists() else None):
            drawn = public.draw(
                files, given, signer=signer, source=source, salts=read_salts(salt or []),
                lock=unlocking(head, lock) if lock else None, progress=progress,
            )  # fmt: skip
        drawn = with_notice(drawn, signer)
        digest = sha256(drawn["outcome.json"]).hexdigest()
        ledger.refuse("drawn", head.plan, digest)
        # Written down first: a crash in between may repeat this very draw, but no other.
        ledger.add("drawn", head.plan, digest)
        write_record(out, drawn, head.plan, signer)
    typer.echo(say(f"wrote {out}", f"已写入 {out}"))


def verify(
    record: Annotated[Path, Folder],
    others: Annotated[list[Path] | None, Folder] = None,
    key: Annotated[
        str | None, typer.Option(metavar=VKEY, help="the authority's public key, as you know it")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="a copy of the public log")
    ] = None,
    log_key: Annotated[str, typer.Option(metavar=VKEY, help="the log's key, as you know it")] = "",
    witness: Annotated[
        list[str] | None,
        typer.Option(metavar=VKEY, help="a witness whose clock you believe; repeatable"),
    ] = None,
    tsa: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="certificates of time-stamp authorities"),
    ] = None,
    audit: Annotated[bool, typer.Option("--audit", help="the full record: every row")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the steps as JSON")] = False,
    lang: LangOption = Lang.en,
) -> None:
    """Redo the whole draw from a record and print every step's verdict.

    Further records are searched for a repeated draw. Exit code 0: all holds; 1: something fails;
    3: nothing fails, but something is not shown.

    Example: fairlot verify record --log log --log-key draws.example+1a2b3c4d+AZ… --witness witness.example+5e6f7a8b+BA…
    """
    from fairlot import public

    speak(lang.value)
    keys_named("--key", [key] if key else [])
    keys_named("--log-key", [log_key] if log_key else [])
    believed = keys_named("--witness", witness or [])
    pins, log = public.Pins(roots_named("--tsa", tsa), log_key, believed), log_named(log)
    with steps() as progress:
        files = [public.read_folder(folder) for folder in (record, *(others or ()))]
        known = public.Known(key, pins, files[1:], audit, log)
        found = public.checks(files[0], now=datetime.now(UTC), known=known, progress=progress)
    print_checks(found, as_json=as_json)
    leave(each.verdict for each in found)
