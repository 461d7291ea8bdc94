"""The page's modules in a real browser: ``js(module, function, *args)`` calls one of them there.

Arguments and results are JSON, and besides bytes (a Uint8Array there) and whole numbers beyond
2^53 (a BigInt there; a BigInt that comes back is an int, any other typed array a list). The page's
own refusals come back as the library's, every other error as a RuntimeError.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

import pytest

from fairlot._base.errors import InvalidInput, VerificationError

PAGE = Path(__file__).parents[2] / "src/fairlot/public/page"
TESTS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 60  # a call that takes longer is stopped, unless the test says otherwise
SAFE = (1 << 53) - 1
REFUSALS = {"InvalidInput": InvalidInput, "VerificationError": VerificationError}
VENDORED = {f"@noble/{name}/": f"/node_modules/@noble/{name}/" for name in ("curves", "hashes")}
BLANK = f"""<!doctype html><meta charset="utf-8"><title>blank</title>
<script type="importmap">{json.dumps({"imports": VENDORED})}</script>
<script type="module" src="/tests/calling.js"></script>"""

Js = Callable[..., Any]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Everything in this folder needs a browser."""
    item.add_marker(pytest.mark.page)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or _lacking("there is no Chromium here; on Debian or Ubuntu: apt install chromium")


@pytest.fixture(scope="session")
def vendored() -> Path:
    """The folder of the vendored libraries, installed as the lock says when they are missing."""
    if not (PAGE / "node_modules/.package-lock.json").exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        try:
            subprocess.run(command, cwd=PAGE, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            _lacking(f"the page's libraries are not installed and npm ci cannot do it: {error}")
    return PAGE / "node_modules"


@pytest.fixture(scope="session")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One headless Chromium for the whole run, with a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=chromium, args=FLAGS
        )
        yield context
        context.close()


@pytest.fixture(scope="session")
def js(browser: Any, vendored: Path) -> Iterator[Js]:
    """Call a function of a module: ``js("merkle.js", "root", leaves)``.

    A module "tests/x.js" lies in this folder.
    """
    page = browser.new_page()
    with _served() as address:
        page.goto(address)
        page.wait_for_function("window.call")
        yield partial(_call, page, browser.new_cdp_session(page))
        page.close()


def _call(
    page: Any, session: Any, module: str, function: str, *args: Any, seconds: float = SECONDS
) -> Any:
    from playwright.sync_api import Error

    words = json.dumps([module, function, _out(args), seconds])
    # Unlike page.evaluate, this also stops a loop that never ends.
    asked = {
        "expression": f"call(...{words})",
        "awaitPromise": True,
        "returnByValue": True,
        "timeout": 1000 * seconds,
    }
    try:
        page.evaluate("module => load(module)", module)
        answer = session.send("Runtime.evaluate", asked)
    except Error as error:
        raise RuntimeError(f"{module} is not there, or did not answer: {error}") from None
    if thrown := answer.get("exceptionDetails"):
        raise RuntimeError(thrown["exception"].get("description", thrown["text"]))
    return _result(json.loads(answer["result"]["value"]))


def _result(answer: dict[str, Any]) -> Any:
    if "value" in answer:
        return _in(answer["value"])
    if refusal := REFUSALS.get(answer["error"]):
        raise refusal(answer["message"], zh=answer["zh"])
    raise RuntimeError(answer["message"])


def _out(value: Any) -> Any:
    match value:
        case bytes():
            return {"$bytes": value.hex()}
        case bool():
            return value
        case int() if abs(value) > SAFE:
            return {"$big": str(value)}
        case list() | tuple():
            return [_out(item) for item in value]
        case dict():
            return {key: _out(item) for key, item in value.items()}
    return value


def _in(value: Any) -> Any:
    match value:
        case {"$bytes": str(digits)}:
            return bytes.fromhex(digits)
        case {"$big": str(digits)}:
            return int(digits)
        case list():
            return [_in(item) for item in value]
        case dict():
            return {key: _in(item) for key, item in value.items()}
    return value


class _Files(SimpleHTTPRequestHandler):
    """The page's folder at /, this one at /tests/, and a blank page."""

    def translate_path(self, path: str) -> str:
        self.directory = str(TESTS.parent if path.startswith("/tests/") else PAGE)
        return super().translate_path(path.replace("/tests/", "/page/", 1))

    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(BLANK.encode())
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _served() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _lacking(what: str) -> NoReturn:
    if os.environ.get("CI") or os.environ.get("FAIRLOT_PAGE") == "1":
        pytest.fail(what)
    pytest.skip(what)
