"""``announce``, ``draw`` and ``verify``: a public draw from its commitment to its check."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Annotated

import typer

from fairlot.cli.app import File, Folder, KeyOption, KnownKeyOption, Lang, LangOption
from fairlot.cli.clear import in_clear, names_in
from fairlot.cli.files import (
    known_signer,
    randomness_to_come,
    refuse_existing,
    refuse_missing_round,
    secret_beside,
    signer_of,
    with_notice,
)
from fairlot.cli.tables import print_checks, print_counts, print_outlook, print_quotas
from fairlot.cli.terminal import say, speak, steps

__all__ = ["announce", "draw", "verify"]

NOT_SHOWN = 3


def announce(
    plan_file: Annotated[Path, File],
    rosters: Annotated[Path, Folder],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="a new folder for the announcement")],
    randomness: Annotated[
        str, typer.Option(help="drand:ROUND (quicknet, a round to come), dice, or hex:WHO")
    ],
    sequence: Annotated[int, typer.Option(min=1, help="number of this announcement")] = 1,
    lang: LangOption = Lang.en,
) -> None:
    """Fix the plan, the registers and the randomness to come; sign and write them.

    Who stands behind the published pseudonyms is written beside the folder, into OUT.secret.json:
    keep it, and keep it private.

    Example: fairlot announce plan.toml registers/ --key office.key --randomness drand:20000000 --out announced
    """
    from fairlot import public
    from fairlot.planning import Plan
    from fairlot.public import note
    from fairlot.registers import Registers

    speak(lang.value)
    secret = secret_beside(out)
    refuse_existing(out, secret)
    source = randomness_to_come(randomness)
    with steps():
        plan_, found = Plan.read(plan_file), Registers.read(rosters)
        ledger = public.Ledger(f"{key}.ledger")
        ledger.refuse("announced", plan_)
    print_counts(found.problems, rosters)
    print_quotas(plan_, found)
    foreseen = print_outlook(plan_, found)
    with steps() as progress:
        signer = signer_of(key)
        names = public.Names.of(found, token_bytes(public.SECRET))
        files = public.announce(
            plan_, found, source, names=names, foreseen=foreseen, signer=signer,
            announced_at=datetime.now(UTC), sequence=sequence, progress=progress,
        )  # fmt: skip
        digest = public.digest_of(files)
        if not key.exists():
            note.save_key(signer, key)
        out.parent.mkdir(parents=True, exist_ok=True)
        public.write_private(secret, names.to_bytes(digest))
        public.write_folder(out, files)
        ledger.add("announced", plan_, digest)
    typer.echo(say(f"announced {digest} under {signer.vkey}, written to {out}; publish all three now\n"
                   f"keep {secret} private: it opens the officers' pseudonyms on the day of service",
                   f"公告摘要 {digest}，公钥 {signer.vkey}，已写入 {out}；请立即一并公布\n"
                   f"请妥善保管 {secret}，不得公开：检查当日凭它揭示人员化名"))  # fmt: skip


def draw(
    announced: Annotated[Path, Folder],
    value: Annotated[
        str,
        typer.Option(help="the randomness: a drand round's JSON file, the dice, or the hex text"),
    ],
    key: KnownKeyOption,
    out: Annotated[Path, typer.Option(help="a new folder for the record")],
    lang: LangOption = Lang.en,
) -> None:
    """Draw what was announced, from the randomness that came out since.

    Example: fairlot draw announced --value round-20000000.json --key office.key --out record
    """
    from fairlot import public
    from fairlot.public import beacon

    speak(lang.value)
    refuse_existing(out)
    signer = known_signer(key)
    refuse_missing_round(value)
    with steps() as progress:
        files = public.read_folder(announced)
        opened = public.open_announced(files)
        ledger = public.Ledger(f"{key}.ledger")
        given = beacon.source(opened.body["randomness"]).read(value)
        secret = secret_beside(announced)
        with in_clear(names_in(secret, files) if secret.exists() else None):
            drawn = public.draw(files, given, signer=signer, progress=progress)
        drawn = with_notice(drawn, signer)
        digest = sha256(drawn["outcome.json"]).hexdigest()
        ledger.refuse("drawn", opened.plan, digest)
        # Written down first: a crash in between may repeat this very draw, but no other.
        ledger.add("drawn", opened.plan, digest)
        public.write_folder(out, drawn)
    typer.echo(say(f"wrote {out}", f"已写入 {out}"))


def verify(
    record: Annotated[Path, Folder],
    others: Annotated[list[Path] | None, Folder] = None,
    key: Annotated[
        str | None, typer.Option(help="the authority's public key, name+hash+key, as you know it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the steps as JSON")] = False,
    lang: LangOption = Lang.en,
) -> None:
    """Redo the whole draw from a record and print every step's verdict.

    Further records are searched for a repeated draw. Exit code 0: all holds; 1: something fails;
    3: nothing fails, but something is not shown.

    Example: fairlot verify record
    """
    from fairlot import public

    speak(lang.value)
    with steps() as progress:
        files = [public.read_folder(folder) for folder in (record, *(others or ()))]
        found = public.checks(
            files[0], now=datetime.now(UTC), others=files[1:], key=key, progress=progress
        )
    print_checks(found, as_json=as_json)
    verdicts = {each.verdict for each in found}
    if verdicts != {"holds"}:
        raise typer.Exit(1 if "fails" in verdicts else NOT_SHOWN)
