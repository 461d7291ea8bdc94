"""``fairlot switch``: a witness writes the note, another signs it, and the draw takes it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_record import announced
from typer.testing import CliRunner

from fairlot import public
from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.cli.switching import switches
from fairlot.public import note, switch
from fairlot.public.drand import QUICKNET, Drand

FAILED = Drand(1000)
AT = datetime.fromtimestamp(FAILED.time, UTC)
AHEAD = Drand(QUICKNET.round_at(int(datetime.now(UTC).timestamp()) + 10 * 86_400))
WITNESSES = ("notary", "delegate")
BECAUSE = ("--because", "五分钟内没有中继给出该轮")


def run(*words: object, code: int = 0) -> str:
    """Run a command; a refusal is its message."""
    result = CliRunner().invoke(switches, [*map(str, words)])
    if isinstance(result.exception, FairlotError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with an announcement whose beacon is long due, and with two witnesses' keys."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIRLOT_LANG", "en")
    vkeys = [run("key", "--key", f"{name}.key").strip() for name in WITNESSES]
    before = {"fallbacks": [Drand(9367912), AHEAD], "witnesses": vkeys}
    files = announced(source=FAILED, at=AT - timedelta(days=1), before=before)
    public.write_folder("announced", files)


def made(out: str = "switch.txt") -> str:
    return run("make", "announced", *BECAUSE, "--key", "notary.key", "--out", out)


def cosigned(name: str = "switch.txt", key: str = "delegate.key", out: str = "both.txt") -> str:
    return run("cosign", "announced", name, "--key", key, "--out", out)


def test_a_key_is_made_once() -> None:
    vkey = run("key", "--key", "notary.key").strip()
    assert note.Vkey.parse(vkey).name == "notary"
    assert vkey == run("key", "--key", "notary.key").strip()


def test_two_witnesses_sign_the_open_switch() -> None:
    """The first fallback came out long ago; the switch goes to the one that is still to come."""
    due = datetime.fromtimestamp(AHEAD.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert made().startswith(
        f"wrote switch.txt: from drand:1000 to {AHEAD}, which comes out at {due}"
    )
    assert cosigned().startswith(f"wrote both.txt: from drand:1000 to {AHEAD}")
    files = public.read_folder("announced")
    head, text = public.head_of(files), Path("both.txt").read_text("utf-8")
    given = (head.digest.hex(), head.beacon, head.before.fallbacks, head.before.witnesses)
    assert switch.check(text, *given).taken == AHEAD
    with pytest.raises(VerificationError, match="1 of the announced witnesses signed"):
        switch.check(Path("switch.txt").read_text("utf-8"), *given)


def test_one_witness_twice_is_one() -> None:
    made()
    cosigned(key="notary.key")
    head = public.head_of(public.read_folder("announced"))
    with pytest.raises(VerificationError, match="1 of the announced witnesses signed"):
        switch.check(Path("both.txt").read_text("utf-8"), head.digest.hex(), head.beacon,
                     head.before.fallbacks, head.before.witnesses)  # fmt: skip


def test_who_is_not_announced_signs_nothing() -> None:
    run("key", "--key", "stranger.key")
    with pytest.raises(InvalidInput, match="names no witness with the key stranger.key"):
        run("make", "announced", *BECAUSE, "--key", "stranger.key", "--out", "x")
    assert not Path("x").exists()


def note_at(seconds: float) -> None:
    """A note as of another moment, signed by the first witness."""
    head = public.head_of(public.read_folder("announced"))
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    text = switch.make(head.digest.hex(), head.beacon, head.before.fallbacks,
                       at=at, because="x").text()  # fmt: skip
    signed = switch.cosign(text, note.load_key("notary.key", "notary"))
    Path("switch.txt").write_text(signed, "utf-8")


def test_a_moment_that_lies_ahead_is_not_signed() -> None:
    note_at(3600)
    with pytest.raises(InvalidInput, match="its moment lies 3[56].. s ahead"):
        cosigned()


def test_a_fallback_that_is_out_is_not_signed() -> None:
    """A note that was dated back, to a fallback whose value everybody knows."""
    note_at(-(datetime.now(UTC) - AT).total_seconds() + 60)
    with pytest.raises(InvalidInput, match="drand:9367912 came out"):
        cosigned()


def test_a_note_that_is_no_switch_is_not_signed() -> None:
    made()
    for text in ("", "x\n", Path("switch.txt").read_text("utf-8").replace("drand:1000", "drand:9")):
        Path("other.txt").write_text(text, "utf-8")
        with pytest.raises(FairlotError, match=r"other\.txt"):
            cosigned("other.txt")


def test_nothing_is_overwritten() -> None:
    made()
    with pytest.raises(InvalidInput, match=r"switch\.txt exists"):
        made()
    with pytest.raises(InvalidInput, match=r"switch\.txt exists"):
        cosigned(out="switch.txt")


def test_before_the_beacon_is_due_nothing_is_switched(tmp_path: Path) -> None:
    vkeys = [run("key", "--key", f"{name}.key").strip() for name in WITNESSES]
    later = Drand(AHEAD.round + 1000)
    before = {"fallbacks": [later], "witnesses": vkeys}
    public.write_folder("early", announced(source=AHEAD, before=before))
    with pytest.raises(InvalidInput, match="is not due for"):
        run("make", "early", *BECAUSE, "--key", "notary.key", "--out", "x")
