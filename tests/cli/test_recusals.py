"""The day of service, a late recusal and a closed site, as transcripts."""

import json
import re
from pathlib import Path

import pytest
from terminal import AHEAD, EARLY, SECRET, Terminal, drawn, happened, in_new_folder

from fairlot import public

fairlot = pytest.fixture(in_new_folder)

REVEAL = ("reveal", "record", *SECRET)


@pytest.fixture
def office(fairlot: Terminal) -> Terminal:
    drawn()
    return fairlot


def first_seat(office: Terminal, bureau: str = "S310115") -> list[str]:
    """The columns of ``reveal`` for a seat in a large bureau."""
    told = office(*REVEAL)
    return next(row.split("\t") for row in told.splitlines() if row.startswith(bureau))


def recuse(office: Terminal, site: str, officer: str, *more: object, code: int = 0) -> str:
    return office("recuse", "record", "--site", site, "--officer", officer, "--reason", "申请回避",
                  "--beacon", AHEAD, "--key", "office.key", *more, code=code)  # fmt: skip


def close(office: Terminal, site: str, *more: object, code: int = 0) -> str:
    return office("close", "record", "--site", site, "--reason", "已停业", "--beacon", AHEAD,
                  "--key", "office.key", *more, code=code)  # fmt: skip


def replace(
    office: Terminal,
    *more: object,
    record: str = "record",
    value: str = "later.json",
    code: int = 0,
) -> str:
    return office("replace", record, "--value", value, "--key", "office.key", *more, code=code)


def left() -> dict[str, bytes]:
    """Everything in the record and the ledger."""
    paths = [*Path("record").iterdir(), Path("office.key.ledger")]
    return {str(path): path.read_bytes() for path in paths}


def test_the_secret_stays_beside_the_record_and_private(office: Terminal) -> None:
    secret = Path("announced.secret.json")
    assert secret.stat().st_mode & 0o777 == 0o600
    people = json.loads(secret.read_text("utf-8"))["people"]
    published = b"".join(path.read_bytes() for path in Path("record").iterdir())
    assert [one for one in people if one["id"].encode() in published] == []
    assert [one for one in people if one["salt"].encode() in published] == []


def test_reveal_opens_what_anyone_can_check(office: Terminal) -> None:
    site, seat, officer, pseudonym, salt, *_ = first_seat(office)
    public.open_pseudonym(pseudonym, officer, salt)
    told = office(*REVEAL, "--site", site)
    assert f"{site}\t{seat}\t{officer}\t{pseudonym}\t{salt}\t" in told
    assert len(told.splitlines()) == 3
    office(*REVEAL, "--out", "teams.csv")
    assert len(Path("teams.csv").read_text("utf-8-sig").splitlines()) > 1000
    assert "teams.csv exists" in office(*REVEAL, "--out", "teams.csv", code=1)


def test_reveal_refuses_an_undrawn_site_and_another_secret(office: Terminal) -> None:
    ask = ("reveal", "record", "--secret")
    assert "site X was not drawn" in office(*REVEAL, "--site", "X", code=1)
    told = Path("announced.secret.json").read_text("utf-8")
    Path("other.json").write_text(re.sub('"secret":"..', '"secret":"ff', told), "utf-8")
    assert "other.json: the secret belongs to announcement" in office(*ask, "other.json", code=1)
    Path("other.json").write_text("{}", "utf-8")
    assert "holds no secret of this version" in office(*ask, "other.json", code=1)
    office(*ask, "nowhere.json", code=2)


def test_an_event_is_recorded_before_its_randomness(office: Terminal) -> None:
    site, _, officer, pseudonym, *_ = first_seat(office)
    Path("application.pdf").write_bytes(b"scan")
    told = recuse(office, site, officer, *SECRET, "--evidence", "application.pdf")
    assert "recorded event-001 " in told
    assert f"{officer} ({pseudonym}) steps back from {site}" in told
    assert "event-001 waits for its randomness" in office("verify", "record", code=3)
    assert "later.json: round is '9367912'; want " in replace(office, code=1)
    assert "already says so" in recuse(office, site, pseudonym, code=1)


def test_a_seat_is_drawn_anew_and_nothing_else(office: Terminal) -> None:
    before = left()
    site, _, officer, pseudonym, *_ = first_seat(office)
    happened(site, pseudonym)
    newcomer = re.search(
        rf"{site}: ([A-Z2-7]{{32}}) takes the seat of {pseudonym}", replace(office)
    )
    assert newcomer
    assert "\tfails\t" not in office("verify", "record", code=3)
    opened = office(*REVEAL, "--site", site)
    assert newcomer[1] in opened
    assert officer not in opened
    page = Path("record/notice.html").read_text("utf-8")
    assert re.search(rf"申请回避</bdi> · .*原抽中.*drawn first.*{pseudonym}</bdi>", page)
    grown = ("record/notice.html", "record/digests.txt", "office.key.ledger")
    after = left()
    assert [name for name in before if after[name] != before[name] and name not in grown] == []
    assert sorted(p.name for p in Path().iterdir() if p.name.startswith(".")) == []


def test_another_site_stands_in_for_a_closed_one(office: Terminal) -> None:
    site = first_seat(office)[0]
    happened(site)
    found = re.search(rf"{site}: (S\S+) stands in, drawn from \d+, visited by 2", replace(office))
    assert found
    assert "\tfails\t" not in office("verify", "record", code=3)
    assert len(office(*REVEAL, "--site", found[1]).splitlines()) == 3
    assert "was not drawn" in office(*REVEAL, "--site", site, code=1)
    office("door", "make", "record", "--site", found[1], "--out", "x.door.json")
    assert "\tfails\t" not in office("door", "check", "x.door.json", code=3)


def test_a_closed_site_waits_for_who_stands_in(office: Terminal) -> None:
    site = first_seat(office)[0]
    assert f"{site} is closed; publish it now" in close(office, site)
    assert "event-001 waits for its randomness" in office("verify", "record", code=3)


def test_an_event_names_a_pseudonym_without_the_secret(office: Terminal) -> None:
    site, _, officer, pseudonym, *_ = first_seat(office)
    assert "want --secret" in recuse(office, site, officer, code=2)
    assert "recorded event-001" in recuse(office, site, pseudonym)


def test_what_cannot_be_leaves_the_record_as_it_was(office: Terminal) -> None:
    site, _, _, pseudonym, *_ = first_seat(office)
    before = left()
    assert "is not in the team of site" in recuse(office, "S310115-9999", pseudonym, code=1)
    assert "nobody goes to site S310115-9999" in close(office, "S310115-9999", code=1)
    assert "came out" in recuse(office, site, pseudonym, "--beacon", f"drand:{EARLY}", code=1)
    assert "no event of this record waits" in replace(office, code=1)
    for words in (("--key", "no.key"), ("--evidence", "nowhere.pdf"), ("--beacon", "foo")):
        recuse(office, site, pseudonym, *words, code=2)
        close(office, site, *words, code=2)
    assert left() == before


def test_the_randomness_of_an_event_is_used_once(office: Terminal) -> None:
    """Out of an older copy of the record neither event nor replacement can be made anew."""
    site, _, _, pseudonym, *_ = first_seat(office)
    public.write_folder("old", public.read_folder("record"))
    happened(site, pseudonym)
    public.write_folder("waits", public.read_folder("record"))
    public.write_folder("copy", public.read_folder("record"))
    replace(office)
    again = ("recuse", "old", "--site", site, "--officer", pseudonym, "--reason", "r",
             "--beacon", AHEAD, "--key", "office.key")  # fmt: skip
    told = office(*again, code=1)
    assert "was already given event-001 under this key" in told
    assert "go on from the copy of the record" in told
    assert "task number" not in told
    replace(office, record="waits")
    assert public.read_folder("waits").keys() == public.read_folder("record").keys()
    rewritten = Path("office.key.ledger").read_text("utf-8").splitlines()
    rewritten[-1] = re.sub("[0-9a-f]{64}", "0" * 64, rewritten[-1])
    Path("office.key.ledger").write_text("\n".join(rewritten[:-2] + rewritten[-1:]) + "\n", "utf-8")
    told = replace(office, record="copy", code=1)
    assert "was already given replacement-001 under this key" in told


def test_nobody_left_is_said_by_name_when_it_is_recorded(office: Terminal) -> None:
    """310101 has two officers, and its plan names nobody who lends."""
    site, _, officer, *_ = first_seat(office, "S310101")
    told = recuse(office, site, officer, *SECRET)
    assert f"warning: as things stand nobody can replace officer {officer} on seat" in told
    told = recuse(office, first_seat(office)[0], first_seat(office)[3])
    assert "warning" not in told


def test_a_seat_that_nobody_can_take_stays_vacant(office: Terminal) -> None:
    site, _, officer, pseudonym, *_ = first_seat(office, "S310101")
    happened(site, pseudonym)
    other, _, newer, hidden, *_ = first_seat(office)
    happened(other, hidden)
    told = replace(office, *SECRET)
    assert f"{site}: nobody can take the seat of {officer} ({pseudonym}); it stays vacant" in told
    assert f"takes the seat of {newer} ({hidden})" in replace(office, *SECRET)
    assert "\tfails\t" not in office("verify", "record", code=3)
    shown = office(*REVEAL, "--site", site)
    assert f"{officer}\t{pseudonym}\t\tFalse\tstepped back, nobody could take the seat" in shown


def test_who_waits_to_be_replaced_is_not_shown_as_going(office: Terminal) -> None:
    site, _, officer, pseudonym, salt, *_ = first_seat(office)
    recuse(office, site, pseudonym)
    told = office(*REVEAL, "--site", site)
    assert f"{officer}\t{pseudonym}\t\tFalse\tstepped back, not replaced yet" in told
    assert salt not in told
    office(*REVEAL, "--out", "who.csv")
    assert Path("who.csv").stat().st_mode & 0o777 == 0o600
    rows = Path("who.csv").read_text("utf-8-sig").splitlines()
    assert [row.split(",")[4] for row in rows if f"{site}," in row and pseudonym in row] == [""]


@pytest.mark.parametrize("written", ["{}", "因{}申请", "（{}）", "LOWER {}"])
def test_a_public_reason_names_nobody(office: Terminal, written: str) -> None:
    site, _, officer, *_ = first_seat(office)
    reason = written.format(officer.lower() if "LOWER" in written else officer)
    told = recuse(office, site, officer, *SECRET, "--reason", reason, code=1)
    assert f"--reason holds the id {officer}" in told
    assert not Path("record/event-001.json").exists()
    recuse(office, site, officer, *SECRET, "--reason", f"第{officer}9号申请")


def test_refusals_speak_of_ids_where_ids_were_given(office: Terminal) -> None:
    _, _, officer, pseudonym, *_ = first_seat(office)
    told = recuse(office, "S310115-9999", officer, *SECRET, code=1)
    assert f"officer {officer} is not in the team" in told
    assert pseudonym not in told


def test_events_of_a_record_that_shows_less(fairlot: Terminal) -> None:
    """Changes are drawn from the full copy, and the public one grows with it."""
    drawn('view = "pseudonymous"')
    site, _, _, pseudonym, *_ = fairlot(*REVEAL).splitlines()[1].split("\t")
    happened(site, pseudonym)
    replace(fairlot)
    for folder in ("record", "record.full"):
        assert {"event-001.json", "replacement-001.json"} <= {
            p.name for p in Path(folder).iterdir()
        }
        assert "\tfails\t" not in fairlot("verify", folder, code=3)
    assert not Path("record/sites.jsonl").exists()


def test_changes_in_chinese(office: Terminal) -> None:
    site = first_seat(office)[0]
    assert "请立即公布" in close(office, site, "--lang", "zh")
    assert "没有检查组前往" in close(office, "X", "--lang", "zh", code=1)
    assert "场所 X 未被抽中" in office(*REVEAL, "--site", "X", "--lang", "zh", code=1)


def test_replacements_in_chinese(office: Terminal) -> None:
    site, _, _, pseudonym, *_ = first_seat(office)
    happened(site, pseudonym)
    happened(first_seat(office, "S310112")[0])
    assert "接替" in replace(office, "--lang", "zh")
    assert "替补" in replace(office, "--lang", "zh")
    assert "没有待替换的事件" in replace(office, "--lang", "zh", code=1)
