"""What commands read and leave behind: whole or not at all, and never over anything."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fairlot._base.errors import InvalidInput, within
from fairlot.cli.terminal import language, say

if TYPE_CHECKING:
    from fairlot.public import Announced
    from fairlot.public.published import Beacon, Value

__all__ = [
    "beacon_to_come",
    "known_signer",
    "read_salts",
    "refuse_existing",
    "secret_beside",
    "signer_of",
    "unlocking",
    "value_in",
    "write_new",
]


def write_new(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def refuse_existing(*paths: Path) -> None:
    """Refuse to write over anything."""
    for path in paths:
        if path.exists():
            raise InvalidInput("{out} exists; nothing is overwritten, choose another name",
                               zh="{out} 已存在；不会覆盖，请另选名称", out=path)  # fmt: skip


def secret_beside(folder: Path) -> Path:
    """Return where the secret of an announcement is kept: beside its folder, never inside."""
    return folder.with_name(f"{folder.name}.secret.json")


def signer_of(key: Path) -> Any:
    """Return the key in this file, or a new one for it; its name is the file's."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from fairlot.public import note

    name = key.stem
    return (
        note.load_key(key, name)
        if key.exists()
        else note.Signer(name, Ed25519PrivateKey.generate())
    )


def known_signer(key: Path) -> Any:
    """Return the key in this file; a file that is not there is wrong usage."""
    if not key.exists():
        raise typer.BadParameter(say(f"{key} does not exist", f"{key} 不存在"), param_hint="--key")
    return signer_of(key)


def beacon_to_come(text: str, option: str = "--beacon") -> Any:
    """Return the beacon that was named; what names none is wrong usage."""
    from fairlot.public import beacon

    try:
        return beacon.parse(text)
    except InvalidInput as error:
        raise typer.BadParameter(error.text(language()), param_hint=option) from None


def read_salts(paths: Sequence[Path]) -> dict[str, bytes]:
    """Return the salts in the private files of custodians, by name."""
    from fairlot.public.custodians import read_salt

    salts = {}
    for path in paths:
        with within(str(path)):
            name, salt = read_salt(path.read_bytes())
        salts[name] = salt
    return salts


def unlocking(head: "Announced", path: Path) -> "Value":
    """Return what the round gave to which custodians locked their salts."""
    from fairlot.public.drand import Drand

    rounds = {each.lock["round"] for each in head.before.custodians if each.lock}
    if not rounds:
        raise typer.BadParameter(say("no custodian locked a salt", "没有保管人锁定盐值"),
                                 param_hint="--lock")  # fmt: skip
    source = Drand(*rounds)
    value = value_in(path, source)
    source.verify(value)
    return value


def value_in(path: Path, source: "Beacon") -> "Value":
    """Return what a beacon gave, from this file."""
    with within(str(path)):
        return source.read(path)
