"""The page: a whole record verified, and a lottery replayed, in headless Chromium and in node.

    python benchmarks/page.py            # prints the table
    python benchmarks/page.py --write    # and keeps it in benchmarks/results/

Chromium opens the published HTML file from disk, every run in a tab of its own; its seconds run from
the moment that the record is handed to the worker to the moment that the verdicts are back, so
loading and unpacking are not in them. Of node it is the CPU time of a whole process, start, reading
and garbage collection on other threads included. All numbers are medians of the runs.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import fairlot.public
from fairlot import public
from fairlot.planning import Plan
from fairlot.public import beacon, note
from fairlot.public.publish import page as html_of
from fairlot.registers import Registers, example, examples
from national_draw import write_roster

PAGE = Path(fairlot.public.__file__).parent / "page"
ROUND = 9367912
ANNOUNCED = datetime(2024, 7, 13, 9, tzinfo=UTC)
NOTICE = {"notice.html": b"<p></p>\n"}  # the page reads its digest alone
SITE = "http://page.test"  # nobody answers there: the files are given to the browser by hand
PATIENCE = 600  # seconds
LIMITS = {
    "verify a record of 1,200 sites": 1.0,
    "verify a record of 54,000 sites": 10.0,
    "lottery of 2,000 sites x 500 officers": 20.0,
}

# Tells the seconds and the verdicts of the worker's first answer.
WATCH = """
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message) {
  const began = performance.now();
  this.addEventListener("message", ({ data }) => {
    if (data.progress) return;
    const verdicts = data.value.steps.map(({ verdict }) => verdict);
    window.told ??= { seconds: (performance.now() - began) / 1000, verdicts };
  });
  return post.call(this, message);
};
"""
VERIFY = """async (page, folder) => {
  const { readFileSync, readdirSync } = await import("node:fs");
  const { checks } = await import(`${page}/record/verify.js`);
  const bytes = (name) => new Uint8Array(readFileSync(`${folder}/${name}`));
  const files = Object.fromEntries(readdirSync(folder).map((name) => [name, bytes(name)]));
  const { steps } = checks(files, { now: Math.floor(Date.now() / 1000) });
  return { verdicts: steps.map(({ verdict }) => verdict) };
}"""
LOTTERY = """async (page, given) => {
  const load = (name) => import(`${page}/${name}.js`);
  const { problemOf } = await load("assign/problem");
  const { probabilities } = await load("assign/probabilities");
  const { drawTeams } = await load("assign/lottery");
  const { checkTeams } = await load("assign/team_check");
  const { Stream } = await load("stream");
  const began = performance.now();
  const problem = problemOf(JSON.parse(given));
  const chances = probabilities(problem);
  checkTeams(problem, drawTeams(problem, chances, new Stream(new Uint8Array(64))));
  return { seconds: (performance.now() - began) / 1000, verdicts: [] };
}"""
NODE = """
import { readFileSync } from "node:fs";
const [page, given] = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await (%s)(page, given)));
"""


def record_of(sites: int, folder: Path) -> dict[str, bytes]:
    """Announce and draw over the example's roster, or over one of 45 times its size."""
    roster = write_roster(folder) if sites > 1_200 else examples.folder("shanghai")
    registers = Registers.read(roster) if sites > 1_200 else example("shanghai")
    assert len(registers.sites.frame) == sites
    plan = Plan.read((roster.parent if sites > 1_200 else roster) / "plan.toml")
    signer = note.Signer("benchmark", Ed25519PrivateKey.generate())
    names = public.Names.of(registers, bytes(32))
    announced = public.announce(
        plan, registers, beacon.parse(f"drand:{ROUND}"), signer=signer, names=names,
        announced_at=ANNOUNCED,
    )  # fmt: skip
    files = public.draw(announced, beacon.recorded(ROUND), signer=signer)
    return public.seal({**files, **NOTICE}, signer)


def lottery_of(sites: int, officers: int, degree: int) -> str:
    """Two of ``degree`` random officers a site, caps that add up to the places; as JSON."""
    rng = np.random.default_rng(1)
    near = np.argpartition(rng.random((sites, officers)), degree, axis=1)[:, :degree]
    return json.dumps({
        "tasks": [f"S{k:04d}" for k in range(sites)],
        "officers": [f"P{k:04d}" for k in range(officers)],
        "seat_task": list(range(sites)), "seat_kind": ["officer"] * sites, "quota": [2] * sites,
        "ptr": list(range(0, sites * degree + 1, degree)),
        "idx": np.sort(near).ravel().tolist(),
        "cap": [2 * sites // officers] * officers,
    })  # fmt: skip


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path, flags = shutil.which("chromium"), ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@contextmanager
def tab(browser: Any) -> Iterator[Any]:
    """A tab that finds the page's modules under SITE."""
    page = browser.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.route(f"{SITE}/**", answer)
    yield page
    page.close()


def answer(route: Any) -> None:
    path = PAGE / urlparse(route.request.url).path[1:]
    if path.is_file():
        route.fulfill(path=path, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def verified(browser: Any, html: Path) -> dict[str, Any]:
    with tab(browser) as page:
        page.add_init_script(WATCH)
        page.goto(html.as_uri())
        page.wait_for_selector("#steps li")
        return page.evaluate("told")


def drawn(browser: Any, problem: str) -> dict[str, Any]:
    with tab(browser) as page:
        page.goto(SITE)
        return page.evaluate(f"([page, given]) => ({LOTTERY})(page, given)", [SITE, problem])


def in_node(work: str, given: str) -> dict[str, Any]:
    began = cpu()
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", NODE % work],
        input=json.dumps([PAGE.as_uri(), given]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout) | {"seconds": cpu() - began}


def cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def seconds_of(runs: int, work: Callable[[], dict[str, Any]]) -> float:
    told = [work() for _ in range(runs)]
    assert not any("fails" in one["verdicts"] for one in told)
    return statistics.median(one["seconds"] for one in told)


def measure(runs: int) -> Iterator[str]:
    with chromium() as browser, tempfile.TemporaryDirectory() as tmp:
        yield from head(browser)
        for sites in 1_200, 54_000:
            folder = Path(tmp) / str(sites)
            html = written(record_of(sites, Path(tmp)), folder)
            yield line(
                f"verify a record of {sites:,} sites",
                seconds_of(runs, partial(verified, browser, html)),
                seconds_of(runs, partial(in_node, VERIFY, str(folder))),
            )
        problem = lottery_of(2_000, 500, 100)
        yield line(
            "lottery of 2,000 sites x 500 officers",
            seconds_of(runs, partial(drawn, browser, problem)),
            seconds_of(runs, partial(in_node, LOTTERY, problem)),
        )


def written(files: dict[str, bytes], folder: Path) -> Path:
    """Write the record for node; return the page of it for Chromium."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    html = folder.with_suffix(".html")
    html.write_bytes(html_of(files, now=datetime.now(UTC), lang="en"))
    return html


def head(browser: Any) -> list[str]:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return [
        f"Chromium {browser.version}, node {node.stdout.strip()[1:]}, {os.cpu_count()} cores",
        "",
        "| what | Chromium, seconds | wanted | node, seconds of CPU |",
        "|---|---|---|---|",
    ]


def line(name: str, browser: float, node: float) -> str:
    return f"| {name} | {browser:.2f} | < {LIMITS[name]:g} | {node:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    told = "\n".join(["# The page: records verified and lotteries replayed", "",
                      f"`python benchmarks/page.py --runs {given.runs}`", "",
                      *measure(given.runs)]) + "\n"  # fmt: skip
    print(told)
    if given.write:
        (Path(__file__).parent / "results" / "page.md").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
