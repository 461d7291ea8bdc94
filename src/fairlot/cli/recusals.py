"""``reveal``, ``recuse`` and ``replace``: the day of service, and a late recusal before it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairlot._base.errors import InvalidInput
from fairlot.cli.app import Folder, KeyOption, Lang, LangOption
from fairlot.cli.clear import PSEUDONYM, in_clear, names_in
from fairlot.cli.files import (
    known_signer,
    refuse_existing,
    refuse_missing_round,
    with_notice,
    write_new,
)
from fairlot.cli.terminal import print_table, say, speak, steps

if TYPE_CHECKING:
    from fairlot.public import Names

__all__ = ["recuse", "replace", "reveal"]

SecretOption = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="the announcement's OUT.secret.json"),
]

REVEALED = ["site_id", "seat", "officer_id", "pseudonym", "salt", "borrowed"]


def reveal(
    record: Annotated[Path, Folder],
    secret: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="the announcement's OUT.secret.json")
    ],
    site: Annotated[str | None, typer.Option(help="this site alone")] = None,
    out: Annotated[Path | None, typer.Option(help="write them (CSV)")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Say who goes where, in clear, with the salts that open the pseudonyms.

    Anyone checks an opened name: see "Pseudonyms" in docs/record.md. Give a site its own rows and
    nobody else's.

    Example: fairlot reveal record --secret announced.secret.json --site S310104-0012
    """
    import pandas as pd

    from fairlot import public

    speak(lang.value)
    if out:
        refuse_existing(out)
    with steps():
        files = public.read_folder(record)
        public.open_seal(files, public.read_body(files)["key"])
        names = names_in(secret, files)
        rows = list(_revealed(public.standing(files), names, site))
    if out:
        write_new(out, public.csv_bytes(pd.DataFrame(rows, columns=REVEALED)))
        typer.echo(say(f"wrote {out}", f"已写入 {out}"))
        return
    print_table(say("who goes where", "检查组人员"), REVEALED, iter(rows))


def recuse(
    record: Annotated[Path, Folder],
    site: Annotated[str, typer.Option(help="the site, by its id")],
    officer: Annotated[str, typer.Option(help="who steps back: a pseudonym, or an id (--secret)")],
    reason: Annotated[str, typer.Option(help="one public line, such as 申请回避; it names nobody")],
    randomness: Annotated[
        str, typer.Option(help="drand:ROUND (quicknet, a round to come), dice, or hex:WHO")
    ],
    key: KeyOption,
    secret: SecretOption = None,
    evidence: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="only its SHA-256 is published"),
    ] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Write a late recusal into a record, before the randomness that draws the replacement.

    Example: fairlot recuse record --site S310104-0012 --officer P310104-007 --secret announced.secret.json --reason 申请回避 --randomness drand:20000000 --key office.key
    """
    from fairlot import public
    from fairlot.public import beacon

    speak(lang.value)
    if secret is None and not PSEUDONYM.fullmatch(officer):
        raise typer.BadParameter(
            f"{officer} is no pseudonym; want --secret", param_hint="--officer"
        )
    signer = known_signer(key)
    source = beacon.parse(randomness)
    with steps():
        files = public.read_folder(record)
        names = names_in(secret, files).pseudonyms if secret else {}
        grown = public.recuse(
            files, source, site=site, officer=names.get(officer, officer), reason=reason,
            evidence=evidence.read_bytes() if evidence else None,
            recorded_at=datetime.now(UTC), signer=signer,
        )  # fmt: skip
        event = public.read_events(grown)[-1]
        plan = public.open_announced(files).plan
        ledger = public.Ledger(f"{key}.ledger")
        ledger.refuse(event.name, plan)
        public.replace_folder(record, with_notice(grown, signer))
        ledger.add(event.name, plan, event.digest.hex())
    told = f"{event.name} {event.digest.hex()}"
    typer.echo(say(f"recorded {told} in {record}; publish it now, and replace when the randomness is out",
                   f"已在 {record} 中记录 {told}；请立即公布，待随机数产生后再行替换"))  # fmt: skip


def replace(
    record: Annotated[Path, Folder],
    value: Annotated[
        str,
        typer.Option(help="the randomness: a drand round's JSON file, the dice, or the hex text"),
    ],
    key: KeyOption,
    secret: SecretOption = None,
    lang: LangOption = Lang.en,
) -> None:
    """Draw the seat of the first recusal that waits, and nothing else.

    Example: fairlot replace record --value round-20000000.json --key office.key
    """
    from fairlot import public

    speak(lang.value)
    signer = known_signer(key)
    refuse_missing_round(value)
    with steps() as progress:
        files = public.read_folder(record)
        event = public.waiting(files)
        given = event.source.read(value)
        with in_clear(names_in(secret, files) if secret else None):
            grown = public.replace(files, given, signer=signer, progress=progress)
        name = f"replacement-{event.number:03d}"
        plan, digest = public.open_announced(files).plan, sha256(grown[f"{name}.json"]).hexdigest()
        ledger = public.Ledger(f"{key}.ledger")
        ledger.refuse(name, plan, digest)
        # Written down first: a crash in between may repeat this very draw, but no other.
        ledger.add(name, plan, digest)
        public.replace_folder(record, with_notice(grown, signer))
    answer = public.read_events(grown)[event.number - 1].answer or {}
    typer.echo(say(
        f"{event.site}: {answer['officer']} takes the seat of {event.officer}, drawn from "
        f"{len(answer['candidates'])}; written to {record}",
        f"{event.site}：{answer['officer']} 接替 {event.officer}，自 {len(answer['candidates'])} "
        f"人中抽取；已写入 {record}",
    ))  # fmt: skip


def _revealed(rows: list[dict[str, str]], names: "Names", site: str | None) -> Iterator[list[str]]:
    """Yield the rows of today's teams, of all sites or of one, opened."""
    chosen = [row for row in rows if site in (None, row["site_id"])]
    if not chosen:
        raise InvalidInput("site {site} was not drawn", zh="场所 {site} 未被抽中", site=site)
    for row in chosen:
        opening = names.clear[row["officer_id"]]
        yield [row["site_id"], row["seat"], opening.id, opening.pseudonym, opening.salt,
               row["borrowed"]]  # fmt: skip
