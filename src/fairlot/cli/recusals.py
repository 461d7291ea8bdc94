"""``reveal``, ``recuse``, ``close`` and ``replace``: the day of service, and what changes before."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import normalize

import typer

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot._base.progress import Progress
from fairlot.cli.app import Folder, KnownKeyOption, Lang, LangOption
from fairlot.cli.clear import PSEUDONYM, in_clear, names_in, opened, told_of
from fairlot.cli.files import beacon_to_come, known_signer, refuse_existing, value_in
from fairlot.cli.records import grow, read_drawn, with_notice
from fairlot.cli.terminal import language, print_table, say, speak, steps

if TYPE_CHECKING:
    from fairlot.public import Event, Names

__all__ = ["close", "recuse", "replace", "reveal"]

BeaconOption = Annotated[
    str, typer.Option(help="what decides, still to come: drand:ROUND, drand@TIME or nist@TIME")
]
EvidenceOption = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="only its SHA-256 is published"),
]
SecretOption = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="the announcement's OUT.secret.json"),
]

REVEALED = ["site_id", "seat", "officer_id", "pseudonym", "salt", "borrowed", "note"]


def reveal(
    record: Annotated[Path, Folder],
    secret: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="the announcement's OUT.secret.json")
    ],
    site: Annotated[str | None, typer.Option(help="this site alone")] = None,
    out: Annotated[Path | None, typer.Option(help="write them (CSV), for your eyes only")] = None,
    lang: LangOption = Lang.en,
) -> None:
    """Say who goes where, in clear, with the salts that open the pseudonyms.

    Anyone checks an opened name: see docs/public-draw-v1.md, section 10. Give a site its own rows and
    nobody else's. Whoever stepped back and was not replaced is marked, and keeps their salt.

    Example: fairlot reveal record --secret announced.secret.json --site S310104-0012
    """
    import pandas as pd

    from fairlot import public

    speak(lang.value)
    if out:
        refuse_existing(out)
    with steps():
        files = read_drawn(record)
        public.open_seal(files, public.read_body(files)["key"])
        names = names_in(secret, files)
        rows = list(_revealed(files, names, site))
    if out:
        public.write_private(out, public.csv_bytes(pd.DataFrame(rows, columns=REVEALED)))
        typer.echo(say(f"wrote {out}", f"已写入 {out}"))
        return
    print_table(say("who goes where", "检查组人员"), REVEALED, iter(rows))


def recuse(
    record: Annotated[Path, Folder],
    site: Annotated[str, typer.Option(help="the site, by its id")],
    officer: Annotated[str, typer.Option(help="who steps back: a pseudonym, or an id (--secret)")],
    reason: Annotated[str, typer.Option(help="one public line, such as 申请回避; it names nobody")],
    beacon: BeaconOption,
    key: KnownKeyOption,
    secret: SecretOption = None,
    evidence: EvidenceOption = None,
    lang: LangOption = Lang.en,
) -> None:
    """Write a late recusal into a record, before the randomness that draws the replacement.

    Example: fairlot recuse record --site S310104-0012 --officer P310104-007 --secret announced.secret.json --reason 申请回避 --beacon drand@2030-01-09T02:00:00Z --key office.key
    """
    from fairlot import public

    speak(lang.value)
    if secret is None and not PSEUDONYM.fullmatch(officer):
        raise typer.BadParameter(
            say(
                f"{officer} is no pseudonym; want --secret", f"{officer} 不是化名，须给出 --secret"
            ),
            param_hint="--officer",
        )
    signer, source = known_signer(key), beacon_to_come(beacon)
    with steps() as progress:
        files = read_drawn(record)
        names = names_in(secret, files) if secret else None
        pseudonym = names.pseudonyms.get(officer, officer) if names else officer
        _refuse_named(reason, names)
        with in_clear(names):
            grown = public.recuse(
                files, source, site=site, officer=pseudonym, reason=reason,
                evidence=evidence.read_bytes() if evidence else None,
                recorded_at=datetime.now(UTC), signer=signer,
            )  # fmt: skip
        event, nobody = _written_down(record, grown, signer, key, progress)
    who = told_of(pseudonym, names)
    typer.echo(say(f"recorded {event.name} {event.digest.hex()} in {record}: {who} steps back from {site}; publish it now, and replace when the randomness is out",
                   f"已在 {record} 中记录 {event.name} {event.digest.hex()}：{who} 退出场所 {site} 的检查组；请立即公布，待随机数产生后再行替换"))  # fmt: skip
    if nobody:
        _warn(nobody, names)


def close(
    record: Annotated[Path, Folder],
    site: Annotated[str, typer.Option(help="the site, by its id in the record")],
    reason: Annotated[str, typer.Option(help="one public line, such as 已停业; it names nobody")],
    beacon: BeaconOption,
    key: KnownKeyOption,
    evidence: EvidenceOption = None,
    lang: LangOption = Lang.en,
) -> None:
    """Write into a record that a drawn site is closed, before the randomness that draws who stands in.

    Example: fairlot close record --site S310104-0012 --reason 已停业 --beacon drand@2030-01-09T02:00:00Z --key office.key
    """
    from fairlot import public

    speak(lang.value)
    signer, source = known_signer(key), beacon_to_come(beacon)
    with steps() as progress:
        files = read_drawn(record)
        grown = public.close(
            files, source, site=site, reason=reason,
            evidence=evidence.read_bytes() if evidence else None,
            recorded_at=datetime.now(UTC), signer=signer,
        )  # fmt: skip
        event, nobody = _written_down(record, grown, signer, key, progress)
    typer.echo(say(f"recorded {event.name} {event.digest.hex()} in {record}: {site} is closed; publish it now, and replace when the randomness is out",
                   f"已在 {record} 中记录 {event.name} {event.digest.hex()}：场所 {site} 已关闭；请立即公布，待随机数产生后再行替补"))  # fmt: skip
    if nobody:
        _warn(nobody, None)


def _written_down(
    record: Path, grown: dict[str, bytes], signer: Any, key: Path, progress: Progress
) -> tuple["Event", Infeasible | None]:
    """Write the newest event into record and ledger; return it, and why nobody could answer it."""
    from fairlot import public

    event, plan = public.read_events(grown)[-1], public.head_of(grown).plan
    ledger = public.Ledger(f"{key}.ledger")
    ledger.refuse(event.name, plan)
    nobody = public.nobody_for(grown, event, progress=progress)
    grow(record, with_notice(grown, signer), plan, signer)
    ledger.add(event.name, plan, event.digest.hex())
    return event, nobody


def replace(
    record: Annotated[Path, Folder],
    value: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="what the beacon gave (JSON)")
    ],
    key: KnownKeyOption,
    secret: SecretOption = None,
    lang: LangOption = Lang.en,
) -> None:
    """Answer the first event that waits: draw that seat, or who stands in, and nothing else.

    Example: fairlot replace record --value round.json --key office.key
    """
    from fairlot import public

    speak(lang.value)
    signer = known_signer(key)
    with steps() as progress:
        files = read_drawn(record)
        event = public.waiting(files)
        given = value_in(value, event.source)
        names = names_in(secret, files) if secret else None
        with in_clear(names):
            grown = public.replace(files, given, signer=signer, progress=progress)
        name = f"replacement-{event.number:03d}"
        plan, digest = public.head_of(files).plan, sha256(grown[f"{name}.json"]).hexdigest()
        ledger = public.Ledger(f"{key}.ledger")
        ledger.refuse(name, plan, digest)
        # Written down first: a crash in between may repeat this very draw, but no other.
        ledger.add(name, plan, digest)
        grow(record, with_notice(grown, signer), plan, signer)
    typer.echo(_answered(public.read_events(grown)[event.number - 1], names, record))


def _answered(event: "Event", names: "Names | None", record: Path) -> str:
    """Say who takes the seat or stands in, or that nobody can."""
    answer = event.answer or {}
    if event.closure:
        return _stood_in(event.site, answer, record)
    before = told_of(event.officer, names)
    if not answer["officer"]:
        return say(
            f"{event.site}: nobody can take the seat of {before}; it stays vacant, and "
            f"replacement-{event.number:03d}.json says why; written to {record}",
            f"{event.site}：无人可接替 {before}，席位空缺，原因见 "
            f"replacement-{event.number:03d}.json；已写入 {record}",
        )
    newcomer, among = told_of(answer["officer"], names), len(answer["candidates"])
    return say(
        f"{event.site}: {newcomer} takes the seat of {before}, drawn from {among}; "
        f"written to {record}",
        f"{event.site}：{newcomer} 接替 {before}，自 {among} 人中抽取；已写入 {record}",
    )


def _stood_in(site: str, answer: Mapping[str, Any], record: Path) -> str:
    if not answer["substitute"]:
        return say(f"{site}: nobody is left to stand in; written to {record}",
                   f"{site}：无可替补场所；已写入 {record}")  # fmt: skip
    one, among, team = answer["substitute"], len(answer["candidates"]), len(answer["team"])
    return say(f"{site}: {one} stands in, drawn from {among}, visited by {team}; written to {record}",
               f"{site}：由 {one} 替补，自 {among} 家中抽取，检查组 {team} 人；已写入 {record}")  # fmt: skip


def _warn(nobody: Infeasible, names: "Names | None") -> None:
    why = opened(nobody.text(language()), names)
    typer.echo(say(f"warning: as things stand {why}; replace would leave the seat vacant",
                   f"警告：目前{why}；届时替换将使该席位空缺"), err=True)  # fmt: skip


def _refuse_named(reason: str, names: "Names | None") -> None:
    """Refuse a public reason that holds the id of somebody, however wide or large it is written."""
    text = normalize("NFKC", reason).casefold()
    for person in names.ids if names else ():
        if re.search(rf"(?<![0-9a-z]){re.escape(person.casefold())}(?![0-9a-z])", text):
            raise InvalidInput("--reason holds the id {got}; it is public and names nobody",
                               zh="--reason 含编号 {got}；事由须公开，不得指明任何人",
                               got=person)  # fmt: skip


def _revealed(files: dict[str, bytes], names: "Names", site: str | None) -> Iterator[list[str]]:
    """Yield the rows of today's teams, of all sites or of one, opened for those who go."""
    from fairlot import public

    gone = public.gone(files)
    chosen = [row for row in public.standing(files) if site in (None, row["site_id"])]
    if not chosen:
        raise InvalidInput("site {site} was not drawn", zh="场所 {site} 未被抽中", site=site)
    for row in chosen:
        opening = names.clear[row["officer_id"]]
        event = gone.get((row["site_id"], row["officer_id"]))
        yield [row["site_id"], row["seat"], opening.id, opening.pseudonym,
               "" if event else opening.salt, row["borrowed"], _left(event)]  # fmt: skip


def _left(event: "Event | None") -> str:
    if event is None:
        return ""
    if event.answer is None:
        return say("stepped back, not replaced yet", "已回避，尚未补位")
    return say("stepped back, nobody could take the seat", "已回避，无人可替补")
