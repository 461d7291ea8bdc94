"""The day of service and a late recusal, as transcripts."""

import json
import re
from pathlib import Path

import pytest
from terminal import DICE, Terminal, announce, draw, in_new_folder

from fairlot import public

fairlot = pytest.fixture(in_new_folder)

LATER = DICE[::-1]
SECRET = ("--secret", "announced.secret.json")


def first_seat(fairlot: Terminal, bureau: str = "S310115") -> list[str]:
    """The columns of ``reveal`` for a seat in a large bureau."""
    told = fairlot("reveal", "record", "--secret", "announced.secret.json")
    return next(row.split("\t") for row in told.splitlines() if row.startswith(bureau))


def recuse(fairlot: Terminal, site: str, officer: str, *more: object, code: int = 0) -> str:
    return fairlot("recuse", "record", "--site", site, "--officer", officer, "--reason", "申请回避",
                   "--randomness", "dice", "--key", "office.key", *more, code=code)  # fmt: skip


def replace(fairlot: Terminal, *more: object, code: int = 0) -> str:
    return fairlot("replace", "record", "--value", LATER, "--key", "office.key", *more, code=code)


@pytest.fixture
def drawn(fairlot: Terminal) -> Terminal:
    draw(fairlot)
    return fairlot


def test_the_secret_stays_beside_the_record_and_private(drawn: Terminal) -> None:
    secret = Path("announced.secret.json")
    assert secret.stat().st_mode & 0o777 == 0o600
    people = json.loads(secret.read_text("utf-8"))["people"]
    published = b"".join(path.read_bytes() for path in [*Path("announced").iterdir(),
                                                        *Path("record").iterdir()])  # fmt: skip
    assert [one for one in people if one["id"].encode() in published] == []
    assert [one for one in people if one["salt"].encode() in published] == []


def test_reveal_opens_what_anyone_can_check(drawn: Terminal) -> None:
    site, seat, officer, pseudonym, salt, *_ = first_seat(drawn)
    public.open_officer(pseudonym, officer, salt)
    told = drawn("reveal", "record", "--secret", "announced.secret.json", "--site", site)
    assert f"{site}\t{seat}\t{officer}\t{pseudonym}\t{salt}\t" in told
    assert len(told.splitlines()) == 3
    drawn("reveal", "record", "--secret", "announced.secret.json", "--out", "teams.csv")
    assert len(Path("teams.csv").read_text("utf-8-sig").splitlines()) > 1000
    assert "teams.csv exists" in drawn("reveal", "record", "--secret", "announced.secret.json",
                                       "--out", "teams.csv", code=1)  # fmt: skip


def test_reveal_refuses_an_undrawn_site_and_another_secret(drawn: Terminal) -> None:
    ask = ("reveal", "record", "--secret")
    assert "site X was not drawn" in drawn(*ask, "announced.secret.json", "--site", "X", code=1)
    told = Path("announced.secret.json").read_text("utf-8")
    Path("other.json").write_text(re.sub('"secret":"..', '"secret":"ff', told), "utf-8")
    assert "other.json: the secret belongs to announcement" in drawn(*ask, "other.json", code=1)
    Path("other.json").write_text("{}", "utf-8")
    assert "holds no secret of this version" in drawn(*ask, "other.json", code=1)
    drawn(*ask, "nowhere.json", code=2)


def test_late_recusal_from_beginning_to_end(drawn: Terminal) -> None:
    before = {path.name: path.read_bytes() for path in Path("record").iterdir()}
    site, _, officer, pseudonym, *_ = first_seat(drawn)
    Path("application.pdf").write_bytes(b"scan")
    told = recuse(drawn, site, officer, "--secret", "announced.secret.json",
                  "--evidence", "application.pdf")  # fmt: skip
    assert "recorded event-001 " in told
    assert "event-001 waits for its randomness" in drawn("verify", "record", code=3)
    told = replace(drawn)
    newcomer = re.search(rf"{site}: ([A-Z2-7]{{32}}) takes the seat of {pseudonym}", told)
    assert newcomer
    assert "\tfails\t" not in drawn("verify", "record", code=3)
    opened = drawn("reveal", "record", "--secret", "announced.secret.json", "--site", site)
    assert newcomer[1] in opened
    assert officer not in opened
    page = Path("record/notice.html").read_text("utf-8")
    assert re.search(rf"申请回避</bdi> · .*原抽中.*drawn first.*{pseudonym}</bdi>", page)
    for name in before.keys() - {"notice.html", "digests.txt"}:
        assert Path("record", name).read_bytes() == before[name]
    assert sorted(p.name for p in Path().iterdir() if p.name.startswith(".")) == []


def test_an_event_names_a_pseudonym_without_the_secret(drawn: Terminal) -> None:
    site, _, officer, pseudonym, *_ = first_seat(drawn)
    assert "want --secret" in recuse(drawn, site, officer, code=2)
    assert "recorded event-001" in recuse(drawn, site, pseudonym)
    assert "already says so" in recuse(drawn, site, pseudonym, code=1)


def test_what_cannot_be_leaves_the_record_as_it_was(drawn: Terminal) -> None:
    site, _, _, pseudonym, *_ = first_seat(drawn)
    before = {path.name: path.read_bytes() for path in Path("record").iterdir()}
    ledger = Path("office.key.ledger").read_bytes()
    assert "is not in the team of site" in recuse(drawn, "S310115-9999", pseudonym, code=1)
    assert "came out" in recuse(drawn, site, pseudonym, "--randomness", "drand:1000", code=1)
    assert "no event of this record waits" in replace(drawn, code=1)
    recuse(drawn, site, pseudonym, "--key", "no.key", code=2)
    recuse(drawn, site, pseudonym, "--evidence", "nowhere.pdf", code=2)
    assert {path.name: path.read_bytes() for path in Path("record").iterdir()} == before
    assert Path("office.key.ledger").read_bytes() == ledger


def test_an_announcement_has_no_teams_to_step_back_from(fairlot: Terminal) -> None:
    announce(fairlot)
    told = fairlot("recuse", "announced", "--site", "S", "--officer", "A" * 32, "--reason", "r",
                   "--randomness", "dice", "--key", "office.key", code=1)  # fmt: skip
    assert "announced, but not drawn" in told


def test_the_randomness_of_an_event_is_used_once(drawn: Terminal) -> None:
    """Out of an older copy of the record neither event nor replacement can be made anew."""
    site, _, _, pseudonym, *_ = first_seat(drawn)
    public.write_folder("old", public.read_folder("record"))
    recuse(drawn, site, pseudonym)
    public.write_folder("waits", public.read_folder("record"))
    replace(drawn)
    again = ("recuse", "old", "--site", site, "--officer", pseudonym, "--reason", "r",
             "--randomness", "dice", "--key", "office.key")  # fmt: skip
    told = drawn(*again, code=1)
    assert "was already given event-001 under this key" in told
    assert "go on from the copy of the record" in told
    assert "task number" not in told
    other = ("replace", "waits", "--value", DICE, "--key", "office.key")
    assert "was already given replacement-001 under this key" in drawn(*other, code=1)
    same = ("replace", "waits", "--value", LATER, "--key", "office.key")
    drawn(*same)
    assert public.read_folder("waits").keys() == public.read_folder("record").keys()


def test_nobody_left_is_said_by_name_and_the_next_goes_on(drawn: Terminal) -> None:
    """310101 has two officers, and its plan names nobody who lends."""
    site, _, officer, pseudonym, *_ = first_seat(drawn, "S310101")
    told = recuse(drawn, site, officer, *SECRET)
    assert f"{officer} ({pseudonym}) steps back from {site}" in told
    assert f"warning: as things stand nobody can replace officer {officer} on seat" in told
    other, _, newer, hidden, *_ = first_seat(drawn)
    assert "warning" not in recuse(drawn, other, hidden)
    told = replace(drawn, *SECRET)
    assert f"{site}: nobody can take the seat of {officer} ({pseudonym}); it stays vacant" in told
    assert f"takes the seat of {newer} ({hidden})" in replace(drawn, *SECRET)
    assert "\tfails\t" not in drawn("verify", "record", code=3)
    shown = drawn("reveal", "record", *SECRET, "--site", site)
    assert f"{officer}\t{pseudonym}\t\tFalse\tstepped back, nobody could take the seat" in shown


def test_who_waits_to_be_replaced_is_not_shown_as_going(drawn: Terminal) -> None:
    site, _, officer, pseudonym, salt, *_ = first_seat(drawn)
    recuse(drawn, site, pseudonym)
    told = drawn("reveal", "record", *SECRET, "--site", site)
    assert f"{officer}\t{pseudonym}\t\tFalse\tstepped back, not replaced yet" in told
    assert salt not in told
    drawn("reveal", "record", *SECRET, "--out", "who.csv")
    assert Path("who.csv").stat().st_mode & 0o777 == 0o600
    rows = Path("who.csv").read_text("utf-8-sig").splitlines()
    assert [row.split(",")[4] for row in rows if f"{site}," in row and pseudonym in row] == [""]


@pytest.mark.parametrize("written", ["{}", "因{}申请", "（{}）", "LOWER {}"])
def test_a_public_reason_names_nobody(drawn: Terminal, written: str) -> None:
    site, _, officer, *_ = first_seat(drawn)
    reason = written.format(officer.lower() if "LOWER" in written else officer)
    told = recuse(drawn, site, officer, *SECRET, "--reason", reason, code=1)
    assert f"--reason holds the id {officer}" in told
    assert not Path("record/event-001.json").exists()
    recuse(drawn, site, officer, *SECRET, "--reason", f"第{officer}9号申请")


def test_refusals_speak_of_ids_where_ids_were_given(drawn: Terminal) -> None:
    _, _, officer, pseudonym, *_ = first_seat(drawn)
    told = recuse(drawn, "S310115-9999", officer, *SECRET, code=1)
    assert f"officer {officer} is not in the team" in told
    assert pseudonym not in told


def test_randomness_of_no_kind_is_wrong_usage(drawn: Terminal) -> None:
    site, _, _, pseudonym, *_ = first_seat(drawn)
    assert "--randomness" in recuse(drawn, site, pseudonym, "--randomness", "foo", code=2)


def test_recusal_in_chinese(drawn: Terminal) -> None:
    site, _, _, pseudonym, *_ = first_seat(drawn)
    assert "请立即公布" in recuse(drawn, site, pseudonym, "--lang", "zh")
    assert "接替" in replace(drawn, "--lang", "zh")
    told = drawn("reveal", "record", "--secret", "announced.secret.json", "--site", "X",
                 "--lang", "zh", code=1)  # fmt: skip
    assert "场所 X 未被抽中" in told
