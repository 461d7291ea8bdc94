"""What commands read and leave behind: whole or not at all, and never over anything."""

from pathlib import Path
from typing import Any

import typer

from fairlot._base.errors import InvalidInput
from fairlot.cli.terminal import language

__all__ = [
    "known_signer",
    "randomness_to_come",
    "refuse_existing",
    "refuse_missing_round",
    "secret_beside",
    "signer_of",
    "with_notice",
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
        raise typer.BadParameter(f"{key} does not exist", param_hint="--key")
    return signer_of(key)


def randomness_to_come(text: str) -> Any:
    """Return the source that was named; what names none is wrong usage."""
    from fairlot.public import beacon

    try:
        return beacon.parse(text)
    except InvalidInput as error:
        raise typer.BadParameter(error.text(language()), param_hint="--randomness") from None


def refuse_missing_round(value: str) -> None:
    """A round's file that is not there is wrong usage."""
    if value.endswith(".json") and not Path(value).is_file():
        raise typer.BadParameter(f"{value} does not exist", param_hint="--value")


def with_notice(files: dict[str, bytes], signer: Any) -> dict[str, bytes]:
    """Return a drawn record with its notice, sealed."""
    from fairlot.public import seal
    from fairlot.report import notice

    return seal({**files, "notice.html": notice(files).encode()}, signer)
