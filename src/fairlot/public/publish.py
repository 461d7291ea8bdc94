"""The page on which anyone checks a record: one HTML file that needs no network and no server.

The page is a program of its own (``page/``); the record stands in it file by file, packed with zlib
and written in base64, so that nothing a record says is ever read as markup.
"""

import base64
import zlib
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from html import escape
from importlib.resources import files as resources
from typing import Literal

from fairlot._base.errors import InvalidInput
from fairlot.public.announced import head_of
from fairlot.public.disclosure import opens_at

__all__ = ["page"]

HARDEST = 9  # of zlib: 54,000 sites are made once and loaded by many

# No network at all: not to load, not to send, not to go to. Only these bytes run.
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; worker-src blob:; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
SHELL = """<!doctype html>
<html lang="{lang}" data-lang="{asked}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fairlot</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<noscript><p>This page redoes the draw in your browser and needs JavaScript; fairlot verify does
without. 本页在浏览器中复算抽取，需启用 JavaScript；也可使用 fairlot verify。</p></noscript>
{record}
<script>{script}</script>
</body>
</html>
"""


def page(files: Mapping[str, bytes], *, now: datetime, lang: Literal["", "en", "zh"] = "") -> bytes:
    """Return the page with this record in it.

    The same files give the same bytes (with the same zlib). A record that shows more than its plan
    allows at ``now`` is refused: a sealed one with its opening before the date, a pseudonymous one
    with the closed columns of every site.

    files  the published record, as ``read_folder`` gives it
    lang   the language that the page starts in, "" for the reader's own
    """
    _refuse_closed(files, now)
    script, style = _source("dist/check.js"), _source("page.css")
    html = SHELL.format(
        lang="zh-Hans" if lang == "zh" else "en",
        asked=lang,
        policy=POLICY.format(script=_digest(script), style=_digest(style)),
        style=style,
        record="\n".join(_inlined(name, files[name]) for name in sorted(files)),
        script=script,
    )
    return html.encode()


def _inlined(name: str, data: bytes) -> str:
    packed = base64.b64encode(zlib.compress(data, HARDEST)).decode()
    return f'<script type="text/plain" data-file="{escape(name)}">{packed}</script>'


def _source(name: str) -> str:
    return (resources("fairlot.public") / "page" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return a source of the Content Security Policy (level 3, section 2.3.1) for inline text."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def _refuse_closed(files: Mapping[str, bytes], now: datetime) -> None:
    plan = head_of(files).plan
    opens = opens_at(plan)
    if opens and now < opens and "opening.json" in files:
        raise InvalidInput("the record is sealed until {day} and holds its opening.json",
                           zh="记录封存至 {day}，却含有 opening.json",
                           day=plan.proof.opens)  # fmt: skip
    if plan.proof.view == "pseudonymous" and "sites.jsonl" in files:
        raise InvalidInput("the record is pseudonymous and holds sites.jsonl, which opens every site",
                           zh="记录为化名公开，却含有可识别全部机构的 sites.jsonl")  # fmt: skip
