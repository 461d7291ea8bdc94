"""``fairlot beacon``: the round of a time, a value from a relay that is a folder, and its check."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fairlot._base.errors import FairlotError
from fairlot.cli.beacons import beacons
from fairlot.public import beacon, canonical
from fairlot.public.drand import QUICKNET, recorded


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(beacons, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FAIRLOT_LANG", "en")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[str]:
    """A relay as any web server makes one: files under the chain's hash."""
    folder = tmp_path / "relay" / QUICKNET.hash / "public"
    folder.mkdir(parents=True)
    (folder / "1000").write_bytes(canonical.encode(recorded(1000)))
    handler = partial(Quiet, directory=str(tmp_path / "relay"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_round_of_a_time() -> None:
    told = run("round", "2024-07-14T05:45:00+08:00").output
    assert told == "drand:9367912 comes out at 2024-07-13T21:45:00+00:00\n"
    told = run("round", "2024-07-14T05:45:00+08:00", "--lang", "zh").output
    assert told == "drand:9367912 于 2024-07-13T21:45:00+00:00 公布\n"


def test_a_value_is_fetched_and_checked(relay: str, tmp_path: Path) -> None:
    out = tmp_path / "round.json"
    told = run("fetch", "drand:1000", "--relay", f"{relay}/gone", "--relay", relay, "--out", out)
    assert f"passed over {relay}/gone: answered 404; want 200" in told.stderr
    assert told.stdout == f"wrote {out}, from {relay}\n"
    assert canonical.parse(out.read_bytes(), limit=1 << 12) == recorded(1000)
    assert "drand:1000: holds: the signature of quicknet round 1000" in run("check", out).output
    out.write_bytes(out.read_bytes().replace(b'"round":1000', b'"round":1001'))
    with pytest.raises(FairlotError, match="not by the chain's key"):
        raise run("check", out, code=1).exception or AssertionError


def test_nothing_is_overwritten(relay: str, tmp_path: Path) -> None:
    out = tmp_path / "round.json"
    out.write_text("mine")
    result = run("fetch", "drand:1000", "--relay", relay, "--out", out, code=1)
    assert "nothing is overwritten" in str(result.exception)
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    "words", [("round", "now"), ("fetch", "dice", "--out", "x"), ("check", "none.json"), ()]
)
def test_wrong_usage_is_2(words: tuple[str, ...]) -> None:
    run(*words, code=2)


def test_a_lottery_is_never_shown(tmp_path: Path) -> None:
    draws = [{"issue": i, "numbers": list(range(1, 21))} for i in ("2024187", "2024188")]
    file = tmp_path / "kl8.json"
    file.write_bytes(canonical.encode({"draws": draws, "witnesses": ["王五", "李四"]}))
    assert "kl8:2024187,2024188: not shown: the numbers are as" in run("check", file, code=3).output
    assert "开奖号码由" in run("check", file, "--lang", "zh", code=3).output


NUMBERS = [
    "2024187:" + ",".join(f"{n:02}" for n in range(1, 21)),
    "2024188: " + " ".join(map(str, range(80, 60, -1))),
]
DRAWS = ("--draw", NUMBERS[0], "--draw", NUMBERS[1])
SEEN = ("--witness", "甲（公证员）", "--witness", "乙")


def test_what_witnesses_saw_is_declared_and_then_drawn_from(tmp_path: Path) -> None:
    out = tmp_path / "value.json"
    assert (
        run("declare", "kl8:2024187,2024188", *DRAWS, *SEEN, "--out", out).stdout
        == f"wrote {out}\n"
    )
    value = json.loads(out.read_bytes())
    assert value["witnesses"] == ["乙", "甲(公证员)"]
    assert [draw["numbers"] for draw in value["draws"]] == [[*range(1, 21)], [*range(61, 81)]]
    assert "甲(公证员) declare them" in run("check", out, code=3).stdout
    assert beacon.parse("kl8:2024187,2024188").read(out) == value


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("drand:1000", *DRAWS, *SEEN), "is fetched, not declared"),
        (("kl8:2024187,2024188", *DRAWS, *SEEN[:2]), "want two different names or more"),
        (("kl8:2024187,2024188", *DRAWS[:2], *SEEN), "has two draws"),
        (("kl8:2024188,2024189", *DRAWS, *SEEN), "issue is"),
        (
            ("kl8:2024187,2024188", *DRAWS[:3], f"{NUMBERS[1]} 5", *SEEN),
            "20 different ones of 1 to 80",
        ),
    ],
)
def test_what_is_no_declaration(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    result = run("declare", *words, "--out", tmp_path / "value.json", code=2)
    assert told in " ".join(result.stderr.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []
