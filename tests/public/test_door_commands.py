"""``fairlot stamp`` and ``fairlot door …`` as somebody types them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from door_world import PEOPLE, Public, World
from http_authority import send, served
from typer.testing import CliRunner, Result

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.cli import door as commands
from fairlot.public.absence import Absence
from fairlot.public.bound import Bound
from fairlot.public.door_check import make_door
from fairlot.public.door_code import door_digest
from fairlot.public.local_authority import LocalAuthority
from fairlot.public.stamp import read_stamp

app = typer.Typer()
app.command()(commands.stamp)
app.add_typer(commands.door, name="door")
WORLD = World()
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_new_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAIRLOT_LANG", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def published() -> tuple[bytes, Public]:
    public = Public.of(WORLD, Path("public"))
    rows = WORLD.site(WORLD.drawn, {"site"}, {"site_id"}), WORLD.result(WORLD.drawn)
    data = make_door(
        WORLD.announcement, WORLD.outcome, *rows, now=datetime(2026, 6, 1, tzinfo=UTC),
        team=WORLD.openings(*PEOPLE[:2]), log=public.logged,
    )  # fmt: skip
    Path("door.json").write_bytes(data)
    Path("announcement.json").write_bytes(WORLD.announcement)
    Path("outcome.json").write_bytes(WORLD.outcome)
    return data, public


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_at_the_door(published: tuple[bytes, Public]) -> None:
    done = run("door", "check", "door.json")
    assert done.exit_code == 3
    assert f"the code shows {door_digest(published[0])}" in done.output
    assert "4\tholds\tthose at the door are those drawn\t2/2 opened: P1" in done.output


def test_at_a_desk(published: tuple[bytes, Public]) -> None:
    _, public = published
    done = run(
        "door", "check", "door.json", "--announcement", "announcement.json",
        "--outcome", "outcome.json", "--log-key", public.log.vkey,
        "--witness", public.witness.cosigner_vkey, "--json", "--lang", "zh",
    )  # fmt: skip
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert {each["verdict"] for each in told} == {"holds"}
    assert told[7]["note"].startswith("最近一次为 2026-05-28T20:31:40")


def test_an_altered_file_fails(published: tuple[bytes, Public]) -> None:
    Path("door.json").write_bytes(published[0].replace(b'"drawn"', b'"not drawn"'))
    done = run("door", "check", "door.json", "--lang", "zh")
    assert done.exit_code == 1
    assert "3\t不成立\t抽取结果属于该场所\t根为" in done.output


def test_absence(published: tuple[bytes, Public]) -> None:
    shown = (WORLD.site(3, {"site"}), WORLD.site(4, {"site"}))
    data = Absence(Bound.of(WORLD.announcement), "S3x", shown).encode()
    Path("absence.json").write_bytes(data)
    assert run("door", "absence", "absence.json").exit_code == 3
    done = run("door", "absence", "absence.json", "--announcement", "announcement.json")
    assert done.exit_code == 0


def test_a_stamp_is_verified_and_then_written(published: tuple[bytes, Public]) -> None:
    authority, other = (LocalAuthority.make(name, SINCE) for name in ("local", "other"))
    Path("tsa.pem").write_bytes(authority.pinned)
    Path("other.pem").write_bytes(other.pinned)
    noon = SINCE + timedelta(days=30)
    with served(lambda http, asked: send(http, authority.answer(asked, noon))) as url:
        words = ("stamp", "announcement.json", "--tsa", url, "--out", "announcement.tsr")
        wrong = run(*words, "--pinned", "other.pem")
        assert isinstance(wrong.exception, VerificationError)
        assert not Path("announcement.tsr").exists()
        done = run(*words, "--pinned", "tsa.pem")
        again = run(*words, "--pinned", "tsa.pem")
    assert "announcement.json existed by 2026-01-31T00:00:01+00:00, says CN=local" in done.output
    assert isinstance(again.exception, InvalidInput)
    stamp = Path("announcement.tsr").read_bytes()
    assert read_stamp(stamp, WORLD.announcement, authority.pinned).moment > noon
