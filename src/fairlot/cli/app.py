"""The application: how every command starts, speaks and exits."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fairlot import __version__
from fairlot._base.errors import FairlotError
from fairlot.cli.terminal import language

__all__ = [
    "Existing",
    "File",
    "Folder",
    "KeyOption",
    "KnownKeyOption",
    "Lang",
    "LangOption",
    "app",
    "main",
]


class Lang(StrEnum):
    """The language of messages."""

    en = "en"
    zh = "zh"


LangOption = Annotated[Lang, typer.Option("--lang", envvar="FAIRLOT_LANG", help="en or zh")]
Existing = typer.Argument(exists=True, readable=True)
File = typer.Argument(exists=True, dir_okay=False)
Folder = typer.Argument(exists=True, file_okay=False)
KeyOption = Annotated[
    Path, typer.Option("--key", help="the authority's Ed25519 key (PEM); made when missing")
]
KnownKeyOption = Annotated[
    Path, typer.Option("--key", help="the key (PEM) that signed the announcement")
]

app = typer.Typer(
    name="fairlot",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Public, fair, checkable inspection draws (双随机、一公开).",
)


def main() -> None:
    """Run the command; a refusal is one message on standard error and exit code 1."""
    try:
        app()
    except FairlotError as error:
        typer.echo(f"fairlot: {error.text(language())}", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        typer.echo(f"fairlot: {error.filename or ''}: {error.strerror}", err=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"fairlot {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """Public, fair, checkable inspection draws (双随机、一公开)."""
