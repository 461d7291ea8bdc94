"""The demonstration: a whole record, everything that proves it, and what anyone can do with it."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from terminal import Terminal, in_new_folder
from typer.testing import CliRunner

from fairlot.cli import app
from fairlot.public import note

fairlot = pytest.fixture(in_new_folder)

CI = Path(__file__).parents[2] / "examples" / "ci" / "verify.sh"


@dataclass(frozen=True)
class Made:
    """What a demonstration left behind and said, and the words by which it is verified."""

    folder: Path
    told: str
    verify: list[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("demo")
    done = CliRunner().invoke(app, ["demo", "--out", str(folder / "record"), "--lang", "en"])
    assert done.exit_code == 0, done.output
    (line,) = re.findall("  fairlot (verify .*)", done.output)
    return Made(folder, done.output, shlex.split(line))


@pytest.fixture
def own(made: Made, fairlot: Terminal) -> Path:
    """A copy of the record that a test may change, in the current folder."""
    return Path(shutil.copytree(made.folder / "record", "record"))


def test_it_says_that_nobody_else_vouches_for_it(made: Made) -> None:
    last = made.told.split("\n\n")[-1]
    assert "The time stamp, the log and its witness are of this machine" in last
    assert "clocks set by hand to 2024-07-13 09:05 UTC" in last
    assert "prove nothing to others" in last
    assert re.search("open .*notice.html, check it in a browser with .*record.html", last)
    assert (made.folder / "record.html").read_bytes().startswith(b"<!doctype html>")
    assert (made.folder / "record.secret.json").stat().st_mode & 0o077 == 0


def test_it_says_so_in_chinese(fairlot: Terminal) -> None:
    told = fairlot("demo", "--roster", "chicago", "--out", "record", "--lang", "zh")
    assert "均为本机临时生成，时钟人为设定为 2024-07-13 09:05 UTC" in told
    assert "对他人不具证明力" in told
    assert "\t不成立\t" not in told
    assert told.count("\t成立\t") == 21


def test_with_the_pins_every_step_holds(made: Made, fairlot: Terminal) -> None:
    steps = json.loads(fairlot(*made.verify, "--json"))
    assert [step["number"] for step in steps] == list(range(1, 22))
    assert {step["verdict"] for step in steps} == {"holds"}


def test_without_pins_nobodys_clock_is_believed(made: Made, fairlot: Terminal) -> None:
    told = fairlot("verify", made.folder / "record", code=3)
    assert [row[:2] for row in told.splitlines() if "\tnot shown\t" in row] == ["20", "21"]
    assert "\tfails\t" not in told


def test_an_audit_wants_nothing_more_of_an_open_record(made: Made, fairlot: Terminal) -> None:
    fairlot(*made.verify, "--audit")


def test_another_log_fails(made: Made, fairlot: Terminal) -> None:
    fairlot("log", "init", "log", "--origin", "draws.example", "--key", "log.key")
    told = fairlot("verify", made.folder / "record", "--log", "log", code=1)
    assert "this is the log draws.example; the announcement names local.demo/log" in told


def test_the_page_is_written_beside_the_record(own: Path, fairlot: Terminal) -> None:
    assert "record.html" in fairlot("publish", own)
    told = fairlot("publish", own, "--out", "page.html", "--lang", "zh")
    assert "已写入 page.html" in told
    assert "page.html 已存在" in fairlot(
        "publish", own, "--out", "page.html", "--lang", "zh", code=1
    )


def drawn_site(record: Path) -> str:
    return (record / "drawn.csv").read_text("utf-8-sig").splitlines()[1].split(",")[1]


def test_a_door_proof_is_made_and_checked(made: Made, own: Path, fairlot: Terminal) -> None:
    site, local = drawn_site(own), made.folder / "record.local"
    told = fairlot("door", "make", own, "--site", site, "--out", "a.door.json", "--log", local / "log",
                   "--secret", made.folder / "record.secret.json")  # fmt: skip
    assert told == "wrote a.door.json and a.door.json.svg\n"
    assert "<svg" in Path("a.door.json.svg").read_text("utf-8")
    pins = dict(zip(made.verify[2::2], made.verify[3::2], strict=True))
    public = ("--announcement", own / "announcement.json", "--outcome", own / "outcome.json",
              "--log-key", pins["--log-key"], "--witness", pins["--witness"])  # fmt: skip
    told = fairlot("door", "check", "a.door.json", code=3)
    assert re.match("the code shows [2-7A-Z]{52}\n", told)
    steps = json.loads(fairlot("door", "check", "a.door.json", *public, "--json"))
    assert {step["verdict"] for step in steps} == {"holds"}
    Path("a.door.json").write_bytes(
        Path("a.door.json").read_bytes().replace(b'"drawn"', b'"drown"')
    )
    assert "\tfails\t" in fairlot("door", "check", "a.door.json", *public, code=1)


def test_no_door_proof_of_a_site_that_is_not_there(own: Path, fairlot: Terminal) -> None:
    assert "site X is not in the roster" in fairlot(
        "door", "make", own, "--site", "X", "--out", "x", code=1
    )
    assert not Path("x").exists()


@pytest.mark.parametrize(
    ("known", "allowed", "code"), [(True, "", 0), (False, "", 3), (False, "1", 0)]
)
def test_the_ready_job(made: Made, own: Path, known: bool, allowed: str, code: int) -> None:
    if known:
        know(made)
    assert run_job(allowed).returncode == code


def test_the_ready_job_on_a_damaged_record(made: Made, own: Path) -> None:
    know(made)
    path = own / "teams.csv"
    path.write_bytes(path.read_bytes()[:-20])
    done = run_job("1")
    assert done.returncode == 1
    assert "\tfails\t" in done.stdout


def know(made: Made) -> None:
    """Leave the keys and the log as a repository of the ready job has them."""
    pins = dict(zip(made.verify[2::2], made.verify[3::2], strict=True))
    Path("known").mkdir()
    Path("known/log.vkey").write_text(pins["--log-key"] + "\n")
    other = note.Signer("other", Ed25519PrivateKey.generate()).cosigner_vkey
    Path("known/witness.vkey").write_text(f"{other}\n\n{pins['--witness']}")
    shutil.copy(pins["--tsa"], "known/tsa.pem")
    shutil.copytree(pins["--log"], "log")


def run_job(allowed: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "ALLOW_NOT_SHOWN": allowed}
    return subprocess.run(["sh", CI], env=env, capture_output=True, text=True, timeout=60)
