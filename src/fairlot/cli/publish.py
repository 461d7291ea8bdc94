"""``fairlot publish``: the page on which anyone checks a record."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fairlot.cli.app import Folder, Lang
from fairlot.cli.files import refuse_existing, write_new
from fairlot.cli.terminal import say, speak, steps

__all__ = ["publish"]


def publish(
    record: Annotated[Path, Folder],
    out: Annotated[
        Path | None, typer.Option(help="a new file; RECORD.html beside the record if not given")
    ] = None,
    lang: Annotated[
        Lang | None,
        typer.Option(
            envvar="FAIRLOT_LANG",
            help="en or zh, of messages and page; else the page has the reader's",
        ),
    ] = None,
) -> None:
    """Write the page on which anyone checks a record: one HTML file, no network, no server.

    Publish it beside the record. Who opens it, from disk or from any server, redoes the whole draw
    in the browser.

    Example: fairlot publish record
    """
    from fairlot import public
    from fairlot.public.publish import page

    if lang:
        speak(lang.value)
    record = record.resolve()
    out = out or record.with_name(f"{record.name}.html")
    refuse_existing(out)
    with steps():
        html = page(
            public.read_folder(record), now=datetime.now(UTC), lang=lang.value if lang else ""
        )
    write_new(out, html)
    typer.echo(say(f"wrote {out}, {len(html) / 1e6:.1f} MB; it needs nothing but a browser",
                   f"已写入 {out}（{len(html) / 1e6:.1f} MB）；仅需浏览器即可核验"))  # fmt: skip
