"""The page of a record: the record whole inside it, nothing of it as markup, the same bytes again."""

import base64
import re
import zlib
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from small_record import DUE, NOW, PLAN, VIEWS, make, shown
from typer.testing import CliRunner

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public.publish import page

FILE = re.compile(r'<script type="text/plain" data-file="([^"]*)">([A-Za-z0-9+/=]*)</script>')
EVIL = "</script><script>alert(1)</script><!--<script>&\"'\u2028"


def inlined(html: bytes) -> dict[str, bytes]:
    return {n: zlib.decompress(base64.b64decode(t)) for n, t in FILE.findall(html.decode())}


def test_the_record_stands_in_it_whole(record):
    assert inlined(page(record, now=NOW)) == record


def test_the_same_record_gives_the_same_bytes(record):
    turned = dict(reversed(record.items()))
    assert page(turned, now=NOW) == page(record, now=datetime(2030, 5, 1, tzinfo=UTC))


def test_nothing_of_a_record_is_markup(record):
    told = {**record, "notice.html": EVIL.encode(), f'x">{EVIL}': b"\xff"}
    html, plain = page(told, now=NOW), page(record, now=NOW)
    assert EVIL.encode() not in html
    assert html.count(b"<script") == plain.count(b"<script") + 1
    assert html.count(b"</script") == html.count(b"<script")
    assert inlined(html)["notice.html"] == EVIL.encode()


def test_the_policy_admits_this_script_and_no_network(record):
    html = page(record, now=NOW).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for tag in ("script", "style"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        digest = base64.b64encode(sha256(text.encode()).digest()).decode()
        assert rules.pop(f"{tag}-src") == f"'sha256-{digest}'"
    assert rules == {
        "default-src": "'none'", "worker-src": "blob:", "img-src": "data:", "base-uri": "'none'",
        "form-action": "'none'",
    }  # fmt: skip


@pytest.mark.parametrize(("lang", "html"), [("", "en"), ("en", "en"), ("zh", "zh-Hans")])
def test_it_starts_in_the_language_asked_for(record, lang, html):
    assert f'<html lang="{html}" data-lang="{lang}">' in page(record, now=NOW, lang=lang).decode()


def test_what_is_no_record_gets_no_page(record):
    with pytest.raises(FairlotError, match=r"announcement\.json"):
        page({}, now=NOW)
    with pytest.raises(FairlotError, match=r"announcement\.json"):
        page({**record, "announcement.json": b"{"}, now=NOW)


def test_a_pseudonymous_record_keeps_its_sites_closed():
    full = make(PLAN + VIEWS["pseudonymous"])
    with pytest.raises(InvalidInput, match=r"holds sites\.jsonl"):
        page(full, now=NOW)
    assert inlined(page(shown(full), now=NOW)) == shown(full)


def test_a_sealed_record_keeps_closed_until_its_day():
    full = make(PLAN + VIEWS["sealed"])
    early = DUE - timedelta(seconds=1)
    with pytest.raises(InvalidInput, match="sealed until 2024-12-15"):
        page(full, now=early)
    closed = shown(full, opened=False)
    assert inlined(page(closed, now=early)) == closed
    assert inlined(page(full, now=DUE)) == full


def test_the_command_writes_beside_the_record_and_never_over(record, tmp_path, monkeypatch):
    from fairlot.cli.publish import publish
    from fairlot.public import write_folder

    app = typer_app(publish)
    write_folder(tmp_path / "r1", record)
    monkeypatch.chdir(tmp_path / "r1")
    assert CliRunner().invoke(app, ["."]).exit_code == 0
    assert inlined((tmp_path / "r1.html").read_bytes()) == record
    again = CliRunner().invoke(app, ["."])
    assert isinstance(again.exception, InvalidInput)
    assert "nothing is overwritten" in str(again.exception)
    chosen = CliRunner().invoke(app, [".", "--out", "../zh.html", "--lang", "zh"])
    assert "仅需浏览器" in chosen.output
    assert b'data-lang="zh"' in (tmp_path / "zh.html").read_bytes()


def typer_app(command):
    import typer

    app = typer.Typer()
    app.command()(command)
    return app
