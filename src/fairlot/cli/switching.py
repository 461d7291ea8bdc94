"""``fairlot switch``: when a beacon does not come out, two witnesses move the draw to a fallback."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairlot._base.errors import InvalidInput, within
from fairlot.cli.app import File, Folder, Lang, LangOption
from fairlot.cli.files import refuse_existing, signer_of, write_new
from fairlot.cli.terminal import say, speak

if TYPE_CHECKING:
    from fairlot.public import Announced
    from fairlot.public.note import Signer
    from fairlot.public.switch import Switch

__all__ = ["switches"]

MAX_NOTE = 1 << 20
WitnessKey = Annotated[
    Path, typer.Option("--key", exists=True, dir_okay=False, help="the witness's key (PEM)")
]
NewNote = Annotated[Path, typer.Option(help="a new file for the note")]

switches = typer.Typer(
    name="switch", no_args_is_help=True, help="A beacon failed: witnesses sign for a fallback."
)


@switches.command("key")
def key_(
    key: Annotated[Path, typer.Option(help="an Ed25519 key (PEM); made when missing")],
    lang: LangOption = Lang.en,
) -> None:
    """Print the public key of a witness, which goes into the announcement (announce --witness).

    Example: fairlot switch key --key notary.key
    """
    from fairlot.public import note

    speak(lang.value)
    signer = signer_of(key)
    if not key.exists():
        note.save_key(signer, key)
    typer.echo(signer.vkey)


@switches.command()
def make(
    announced: Annotated[Path, Folder],
    because: Annotated[str, typer.Option(help="what the witness saw, in one line")],
    key: WitnessKey,
    out: NewNote,
    lang: LangOption = Lang.en,
) -> None:
    """Write the switch that is open now, to the first fallback still to come, and sign it.

    Only once the announced beacon was due, and only by a witness whom the announcement names. A
    second witness signs with `fairlot switch cosign`.

    Example: fairlot switch make announced --because "no relay gave it for ten minutes" --key notary.key --out switch.txt
    """
    from fairlot.public import switch

    speak(lang.value)
    refuse_existing(out)
    head = _head(announced)
    made = switch.make(head.digest.hex(), head.beacon, head.before.fallbacks,
                       at=datetime.now(UTC), because=because)  # fmt: skip
    write_new(out, switch.cosign(made.text(), _witness(head, key)).encode())
    typer.echo(_told(made, out))


@switches.command()
def cosign(
    announced: Annotated[Path, Folder],
    note: Annotated[Path, File],
    key: WitnessKey,
    out: NewNote,
    lang: LangOption = Lang.en,
) -> None:
    """Sign another witness's note too; refused when its fallback is out, or its moment lies ahead.

    Example: fairlot switch cosign announced switch.txt --key delegate.key --out switch-2.txt
    """
    from fairlot.public import switch

    speak(lang.value)
    refuse_existing(out)
    head, now = _head(announced), datetime.now(UTC)
    with within(str(note)), note.open("rb") as opened:
        text = opened.read(MAX_NOTE + 1).decode("utf-8", "replace")
        found = switch.read(text, head.digest.hex(), head.beacon, head.before.fallbacks)
        found.taken.refuse_if_known(now)
        if found.at > now.timestamp():
            raise InvalidInput("its moment lies {early} s ahead", zh="其时刻尚在 {early} 秒之后",
                               early=found.at - int(now.timestamp()))  # fmt: skip
    write_new(out, switch.cosign(text, _witness(head, key)).encode())
    typer.echo(_told(found, out))


def _head(announced: Path) -> "Announced":
    from fairlot import public

    return public.head_of(public.read_folder(announced))


def _witness(head: "Announced", key: Path) -> "Signer":
    """Return the key in this file under the name that the announcement gives it."""
    from fairlot.public import note

    own = note.Vkey.parse(note.load_key(key, key.stem).vkey).public_key
    for vkey in map(note.Vkey.parse, head.before.witnesses):
        if vkey.public_key == own:
            return note.load_key(key, vkey.name)
    raise InvalidInput("the announcement names no witness with the key {path}",
                       zh="公告未列出持有密钥 {path} 的见证人", path=str(key))  # fmt: skip


def _told(made: "Switch", out: Path) -> str:
    due: Any = datetime.fromtimestamp(made.taken.time, UTC)
    return say(f"wrote {out}: from {made.left} to {made.taken}, which comes out at {due:%Y-%m-%dT%H:%M:%SZ}; "
               "two witnesses must have signed, and somebody else have stamped or logged it, before then",
               f"已写入 {out}：由 {made.left} 切换至 {made.taken}（{due:%Y-%m-%dT%H:%M:%SZ} 公布）；"
               "须在此之前由两名见证人签名，并由他人加盖时间戳或载入日志")  # fmt: skip
