"""Records that show less, or only later; custodians; and the proofs by others."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from terminal import (
    BEFORE,
    SHANGHAI,
    Terminal,
    announce,
    announced,
    drawn,
    in_new_folder,
    plan_with,
)

from fairlot.public.local_authority import LocalAuthority
from fairlot.public.stamping import request

fairlot = pytest.fixture(in_new_folder)

DRAW = ("draw", "announced", "--value", "round.json", "--key", "office.key", "--out", "record")
SALTS = ("--salt", "公证处.json", "--salt", "纪检组.json")
KEY = ("--key", "office.key")
PSEUDONYMOUS, DUE, AHEAD = 'view = "pseudonymous"', 'opens = "2024-12-15"', 'opens = "2099-12-15"'
SEALED = {"announcement.json", "digests.txt"}


def seen(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


def verdicts(fairlot: Terminal, *words: object, code: int) -> dict[str, str]:
    steps = json.loads(fairlot("verify", *words, "--json", code=code))
    return {step["step"]: step["verdict"] for step in steps}


def test_a_pseudonymous_announcement_shows_no_name(fairlot: Terminal) -> None:
    Path("plan.toml").write_text(plan_with(PSEUDONYMOUS), "utf-8")
    told = announce(fairlot, plan=Path("plan.toml"))
    assert "keep announced.secret.json and announced.full private" in told
    assert Path("announced.full").stat().st_mode & 0o777 == 0o700
    assert seen("announced.full") - seen("announced") == {"sites.jsonl"}
    shown = b"".join(path.read_bytes() for path in Path("announced").iterdir())
    assert b"S310101-0001" not in shown
    assert "示例检测".encode() not in shown


def test_a_pseudonymous_draw_opens_the_drawn_rows_alone(fairlot: Terminal) -> None:
    announced(PSEUDONYMOUS)
    fairlot(*DRAW)
    assert seen("record.full") - seen("record") == {"sites.jsonl"}
    assert Path("record.full").stat().st_mode & 0o777 == 0o700
    assert verdicts(fairlot, "record", code=3)["disclosure"] == "holds"
    assert verdicts(fairlot, "record", "--audit", code=1)["disclosure"] == "fails"
    assert verdicts(fairlot, "record.full", "--audit", code=3)["disclosure"] == "holds"
    told = fairlot("open", "record", *KEY, code=1)
    assert told == "fairlot: the plan seals nothing\n"


def test_without_the_full_copy_a_pseudonymous_draw_is_refused(fairlot: Terminal) -> None:
    announced(PSEUDONYMOUS)
    Path("announced.full").rename("elsewhere")
    assert "the full record is needed" in fairlot(*DRAW, code=1)
    assert "需要完整记录" in fairlot(*DRAW, "--lang", "zh", code=1)


def test_a_sealed_record_until_its_day(fairlot: Terminal) -> None:
    announced(AHEAD)
    assert seen("announced") == SEALED
    fairlot(*DRAW, *SALTS)
    assert seen("record") == SEALED | {"outcome.json"}
    found = verdicts(fairlot, "record", code=3)
    assert (found["disclosure"], found["selection"]) == ("not shown", "not shown")
    assert verdicts(fairlot, "record.full", code=3)["selection"] == "holds"
    assert fairlot("open", "record", *KEY, code=1) == "fairlot: sealed until 2099-12-15\n"
    assert "封存至 2099-12-15" in fairlot("open", "record", *KEY, "--lang", "zh", code=1)
    assert seen("record") == SEALED | {"outcome.json"}


def test_a_sealed_record_after_its_day(fairlot: Terminal) -> None:
    drawn(DUE)
    assert verdicts(fairlot, "record", code=1)["disclosure"] == "fails"
    assert "公证处" in fairlot("verify", "record", code=1)
    assert fairlot("open", "record", *KEY) == "opened record; publish it now\n"
    assert seen("record") == seen("record.full")
    found = verdicts(fairlot, "record", code=3)
    assert {step for step, verdict in found.items() if verdict != "holds"} == {"time", "unique"}


def test_another_hand_opens_nothing(fairlot: Terminal) -> None:
    drawn(DUE)
    fairlot("log", "init", "log", "--origin", "office", "--key", "other.key")
    for command in ("open", "attach"):
        told = fairlot(command, "record", "--key", "other.key", code=1)
        assert "the announcement names office+" in told
    assert "opening.json" not in seen("record")


def test_a_lost_salt_stops_the_draw_and_names_who_lost_it(fairlot: Terminal) -> None:
    announced(DUE)
    told = fairlot(*DRAW, *SALTS[:2], code=1)
    assert told == "fairlot: the salt of 纪检组 is missing\n"
    Path("bad.json").write_text('{"salt":"00"}\n')
    assert "bad.json: the file holds no custodian's salt" in fairlot(
        *DRAW, "--salt", "bad.json", code=1
    )
    assert not Path("record").exists()


def test_locked_salts_come_from_their_round(fairlot: Terminal) -> None:
    announced(DUE, locked=True)
    assert "its lock opens with round 9367912 of drand" in fairlot(*DRAW, *SALTS[:2], code=1)
    fairlot(*DRAW, "--lock", "later.json")
    fairlot("open", "record", *KEY)
    assert verdicts(fairlot, "record", code=3)["custodians"] == "holds"


def test_locked_salts_that_are_handed_over_are_compared_later(fairlot: Terminal) -> None:
    """The lock is for the opening date: nobody waits for it to draw, and then it speaks."""
    announced(DUE, locked=True)
    fairlot(*DRAW, *SALTS)
    fairlot("open", "record", *KEY)
    assert verdicts(fairlot, "record", code=3)["custodians"] == "not shown"
    told = fairlot("open", "record", *KEY, "--lock", "round.json", code=1)
    assert told == "fairlot: round.json: round is '1000'; want 9367912\n"
    fairlot("open", "record", *KEY, "--lock", "later.json")
    assert seen("record") == seen("record.full")
    assert verdicts(fairlot, "record", code=3)["custodians"] == "holds"


def test_a_lock_without_locked_salts_is_wrong_usage(fairlot: Terminal) -> None:
    announced(DUE)
    assert "no custodian locked a salt" in fairlot(*DRAW, *SALTS, "--lock", "later.json", code=2)


def test_custodians_make_what_an_announcement_takes(fairlot: Terminal) -> None:
    until = ("--until", "drand@2099-12-15T00:00:00Z")
    told = fairlot("custodian", "公证处", "--out", "a.json", *until)
    assert told == (
        "publish a.json.public.json; keep a.json until the beacon is out, and hand it over then\n"
    )
    fairlot("custodian", "纪检组", "--out", "b.json", *until)
    assert Path("a.json").stat().st_mode & 0o777 == 0o600
    salt = json.loads(Path("a.json").read_bytes())["salt"]
    assert salt not in Path("a.json.public.json").read_text("utf-8")
    Path("plan.toml").write_text(plan_with(AHEAD), "utf-8")
    given = ("--custodian", "a.json.public.json", "--custodian", "b.json.public.json")
    told = announce(fairlot, *given[:2], plan=Path("plan.toml"), code=1)
    assert "a sealed draw needs at least two custodians; got 1" in told
    assert "this plan seals nothing" in announce(fairlot, *given, code=1)
    announce(fairlot, *given, plan=Path("plan.toml"))
    body = json.loads(Path("announced/announcement.json").read_bytes())
    assert [each["name"] for each in body["custodians"]] == ["公证处", "纪检组"]
    assert body["custodians"][0]["lock"]["round"] > body["beacon"]["round"]


def test_a_salt_given_by_mistake_is_not_shown(fairlot: Terminal) -> None:
    fairlot("custodian", "公证处", "--out", "a.json")
    salt = json.loads(Path("a.json").read_bytes())["salt"]
    told = announce(fairlot, "--custodian", "a.json", code=2)
    assert "this is the salt" in told
    assert salt[:8] not in told


@pytest.mark.parametrize(
    "words",
    [
        ("", "--out", "x"),
        ("甲\n乙", "--out", "x"),
        ("甲", "--out", "x", "--suite", "md5"),
        ("甲", "--out", "x", "--until", "drand:1000"),
        ("甲", "--out", "x", "--until", "kl8:2099001,2099002"),
        ("甲", "--out", "x", "--until", "tomorrow"),
    ],
)
def test_a_custodian_of_no_use_is_wrong_usage(fairlot: Terminal, words: tuple[str, ...]) -> None:
    fairlot("custodian", *words, code=2)
    assert list(Path().iterdir()) == []


def stamped(name: str) -> None:
    """Leave the stamp of a file of 2023 and the certificate of who gave it."""
    authority = LocalAuthority.make("local", BEFORE)
    data, moment = Path("announced", name).read_bytes(), BEFORE + timedelta(hours=1)
    Path(name).with_suffix(".tsr").write_bytes(authority.answer(request(data), moment))
    Path("tsa.pem").write_bytes(authority.pinned)


def test_a_stamp_travels_with_the_record(fairlot: Terminal) -> None:
    announced()
    stamped("announcement.json")
    told = fairlot("attach", "announced", *KEY, "--stamp", "announcement.tsr")
    assert told == "announced holds announcement.tsr\n"
    fairlot(*DRAW)
    found = verdicts(fairlot, "record", "--tsa", "tsa.pem", code=3)
    assert (found["signature"], found["time"], found["unique"]) == ("holds", "holds", "not shown")
    assert verdicts(fairlot, "record", code=3)["time"] == "not shown"


def test_places_in_the_log_are_entered_once(fairlot: Terminal) -> None:
    """The witness saw this log years after the randomness: that is too late, and fails."""
    drawn()
    begun = fairlot("log", "init", "log", "--origin", "draws.example", "--key", "log.key")
    given = ("attach", "record", *KEY, "--log", "log")
    assert fairlot(*given) == "record holds no proofs yet\n"
    told = fairlot(*given, "--log-signer", "log.key")
    assert told == "record holds announcement.log.json, outcome.log.json\n"
    before = Path("log/checkpoint").read_bytes()
    assert fairlot(*given, "--log-signer", "log.key") == told
    assert Path("log/checkpoint").read_bytes() == before
    vkey = begun.split()[-1]
    made = fairlot("witness", "init", "w.json", "--name", "w", "--key", "w.key", "--log-key", vkey)
    fairlot("witness", "cosign", "w.json", "log", "--key", "w.key")
    fairlot(*given)
    pins = ("--log", "log", "--log-key", vkey, "--witness", made.split()[-1])
    found = verdicts(fairlot, "record", *pins, code=1)
    assert (found["time"], found["unique"]) == ("fails", "not shown")
    assert "announcement was seen by a witness of the log" in fairlot(
        "verify", "record", *pins, code=1
    )


def test_only_proofs_of_this_record_are_attached(fairlot: Terminal) -> None:
    announced()
    before = seen("announced")
    assert "announced holds no proofs yet" in fairlot("attach", "announced", *KEY)
    assert "已有证明：无" in fairlot("attach", "announced", *KEY, "--lang", "zh")
    told = fairlot("attach", "announced", *KEY, "--stamp", "office.key", code=2)
    assert "office.key is the stamp of no file here" in told
    Path("announcement.tsr").write_bytes(b"0" * 300)
    told = fairlot("attach", "announced", *KEY, "--stamp", "announcement.tsr", code=1)
    assert "announcement.tsr is no time stamp of announcement.json" in told
    Path("outcome.tsr").write_bytes(b"")
    fairlot("attach", "announced", *KEY, "--stamp", "outcome.tsr", code=2)
    fairlot("attach", "announced", *KEY, "--log", SHANGHAI, code=2)
    fairlot("attach", "announced", *KEY, "--log-signer", "office.key", code=2)
    assert seen("announced") == before


def test_a_changed_record_is_not_sealed_again(fairlot: Terminal) -> None:
    drawn()
    path = Path("record/drawn.csv")
    path.write_bytes(path.read_bytes()[:-10])
    told = fairlot("attach", "record", *KEY, code=1)
    assert "drawn.csv differs from the digest that was signed" in told


def test_the_hash_of_the_plan_is_used_throughout(fairlot: Terminal) -> None:
    drawn('suite = "sm3"')
    assert "\tfails\t" not in fairlot("verify", "record", code=3)
