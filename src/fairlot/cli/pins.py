"""Whom a reader believes, as a user names them; what names nobody is wrong usage."""

from collections.abc import Sequence
from pathlib import Path

import typer

from fairlot._base.errors import InvalidInput
from fairlot.cli.terminal import language, say

__all__ = ["VKEY", "keys_named", "log_named", "roots_named"]

VKEY = "name+hash+key"


def keys_named(option: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Return these public keys."""
    from fairlot.public import note

    try:
        return tuple(str(note.Vkey.parse(text)) for text in texts)
    except InvalidInput as error:
        raise typer.BadParameter(error.text(language()), param_hint=option) from None


def log_named(folder: Path | None) -> Path | None:
    """Return the folder of a log, if one was named."""
    if folder and not (folder / "checkpoint").is_file():
        raise typer.BadParameter(say(f"{folder} holds no checkpoint: no log was begun there",
                                     f"{folder} 中没有检查点：尚未建立日志"),
                                 param_hint="--log")  # fmt: skip
    return folder


def roots_named(option: str, path: Path | None) -> bytes:
    """Return the certificates in this file, b"" without one."""
    from fairlot.public.stamp import read_pinned

    data = path.read_bytes() if path else b""
    try:
        if path:
            read_pinned(data)
    except InvalidInput as error:
        raise typer.BadParameter(f"{path}: {error.text(language())}", param_hint=option) from None
    return data
