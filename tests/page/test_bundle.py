"""The bundle: built from what stands beside it, and at work from disk."""

import re
import subprocess
from pathlib import Path

from fairlot.public import drand

PAGE = Path(__file__).parents[2] / "src/fairlot/public/page"
BUNDLE = PAGE / "dist/check.js"


def test_the_bundle_is_what_its_sources_give(vendored, tmp_path):
    again = tmp_path / "check.js"
    subprocess.run(["node", PAGE / "build.mjs", again], check=True, timeout=60)
    assert again.read_bytes() == BUNDLE.read_bytes(), "run make bundle"


def test_the_bundle_names_what_is_in_it_and_loads_nothing():
    text = BUNDLE.read_text(encoding="utf-8")
    assert re.search(r"@noble/curves \S+, @noble/hashes \S+:\s+The MIT License", text)
    assert "Copyright (c) 2022 Paul Miller" in text
    assert re.findall(r"\bimport\s*\(|\bfetch\s*\(|importScripts|</script", text) == []


def test_the_lock_names_no_host():
    lock = (PAGE / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock
    assert '"resolved"' not in lock


def test_the_page_works_from_disk(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        f'<!doctype html><meta charset="utf-8"><script>{BUNDLE.read_text(encoding="utf-8")}</script>',
        encoding="utf-8",
    )
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto((tmp_path / "page.html").as_uri())
    ask = "([identity, value]) => fairlot.ask('beacon', identity, value)"
    identity, value = drand.Drand(1000).identity(), drand.recorded(1000)
    assert page.evaluate(ask, [identity, value])["value"]["shown"] is True
    refused = page.evaluate(ask, [identity, value | {"round": 1001}])["refused"]
    assert refused["name"] == "VerificationError"
    assert errors == []
    page.close()
