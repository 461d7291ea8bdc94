"""The command as its user meets it: what it prints, what it leaves behind, how it exits."""

import json
import re
import shutil
from pathlib import Path

import pytest
from terminal import DICE, SHANGHAI, Terminal, announce, in_new_folder

from fairlot import __version__

fairlot = pytest.fixture(in_new_folder)

COMMANDS = (
    "demo", "check", "plan", "announce", "draw", "verify", "reveal", "recuse", "replace", "assign",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(fairlot: Terminal, command: str) -> None:
    told = re.sub(r"\s+", " ", fairlot(command, "--help"))
    assert f"Example: fairlot {command}" in told


def test_help_lists_every_command(fairlot: Terminal) -> None:
    told = fairlot("--help")
    assert all(command in told for command in COMMANDS)


def test_demo_writes_a_record_that_verifies(fairlot: Terminal) -> None:
    told = fairlot("demo", "--out", "record")
    assert "wrote record: open record/notice.html, or run: fairlot verify record" in told
    shown = fairlot("verify", "record", code=3)
    assert "14\tnot shown\tannounced before the randomness existed" in shown
    assert "\tfails\t" not in shown


def test_chicago_draws_and_verifies(fairlot: Terminal) -> None:
    fairlot("demo", "--roster", "chicago", "--out", "record")
    steps = json.loads(fairlot("verify", "record", "--json", code=3))
    assert {step["verdict"] for step in steps} == {"holds", "not shown"}
    assert [step["number"] for step in steps] == list(range(1, 16))


def test_nothing_is_overwritten(fairlot: Terminal) -> None:
    Path("record").mkdir()
    Path("record/precious").write_text("mine")
    told = fairlot("demo", "--out", "record", code=1)
    assert told == "fairlot: record exists; nothing is overwritten, choose another name\n"
    assert [path.name for path in Path("record").iterdir()] == ["precious"]
    assert [path.name for path in Path().iterdir()] == ["record"]


def test_announce_draw_verify(fairlot: Terminal) -> None:
    assert "written to announced; publish all three now" in announce(fairlot)
    fairlot("draw", "announced", "--value", DICE, "--key", "office.key", "--out", "record")
    assert "only in 2" not in fairlot("verify", "record", code=3)
    assert Path("office.key").stat().st_mode & 0o077 == 0


def test_changed_record_fails_and_names_the_line(fairlot: Terminal) -> None:
    fairlot("demo", "--out", "record")
    path = Path("record/drawn.csv")
    path.write_bytes(path.read_bytes().replace(b"S310101-0", b"S310101-1", 1))
    told = fairlot("verify", "record", code=1)
    assert "drawn.csv line 2: got" in told
    assert "7\tfails\tthe drawn list follows from the randomness" in told


def test_task_is_announced_and_drawn_once(fairlot: Terminal) -> None:
    announce(fairlot)
    again = (
        "announce",
        SHANGHAI / "plan.toml",
        SHANGHAI,
        "--key",
        "office.key",
        "--randomness",
        "dice",
    )
    assert "task 2024-001 was already announced under this key" in fairlot(
        *again, "--out", "b", code=1
    )
    assert not Path("b").exists()
    draw = ("draw", "announced", "--value", DICE, "--key", "office.key", "--out")
    fairlot(*draw, "one")
    other = ("draw", "announced", "--value", DICE[::-1], "--key", "office.key", "--out", "two")
    assert "task 2024-001 was already drawn under this key" in fairlot(*other, code=1)
    assert not Path("two").exists()


def test_the_same_draw_may_be_done_again(fairlot: Terminal) -> None:
    """A crash after the ledger's line costs nothing: the same dice give the same record."""
    announce(fairlot)
    draw = ("draw", "announced", "--value", DICE, "--key", "office.key", "--out")
    fairlot(*draw, "one")
    fairlot(*draw, "two")
    assert Path("one/drawn.csv").read_bytes() == Path("two/drawn.csv").read_bytes()


def test_whose_key_signed_is_asked_for(fairlot: Terminal) -> None:
    key = re.search(r"under (\S+), written", announce(fairlot)).group(1)  # type: ignore[union-attr]
    fairlot("draw", "announced", "--value", DICE, "--key", "office.key", "--out", "record")
    assert "compare it with the authority's" in fairlot("verify", "record", code=3)
    assert "compare it" not in fairlot("verify", "record", "--key", key, code=3)
    assert "the record is signed by" in fairlot("verify", "record", "--key", "x+00+y", code=1)


def test_a_record_and_its_own_announcement_do_not_clash(fairlot: Terminal) -> None:
    announce(fairlot)
    fairlot("draw", "announced", "--value", DICE, "--key", "office.key", "--out", "record")
    assert "no repetition among 2 records" in fairlot("verify", "record", "announced", code=3)


def test_contradictory_plan_is_never_announced(fairlot: Terminal) -> None:
    shutil.copytree(SHANGHAI, "rosters")
    plan = Path("rosters/plan.toml")
    plan.write_text(
        plan.read_text("utf-8").replace("[key]", "bureau_ceiling = 0.2\n[key]", 1), "utf-8"
    )
    told = fairlot(
        "announce", plan, "rosters", "--key", "k.key", "--randomness", "dice", "--out", "a", code=1
    )
    assert "bureau 310101: 4 sites must be taken whole, but the ceiling allows 2 of 10" in told
    assert sorted(path.name for path in Path().iterdir()) == ["rosters"]


def test_too_few_officers_are_said_before_anything_is_drawn(fairlot: Terminal) -> None:
    shutil.copytree(SHANGHAI, "rosters")
    people = Path("rosters/officers.csv")
    kept = [row for row in people.read_text("utf-8").splitlines() if ",310101," not in row]
    people.write_text("\n".join(kept) + "\n", "utf-8")
    Path("rosters/conflicts.csv").unlink()
    Path("rosters/absences.csv").unlink()
    assert "too few officers in: 310101" in fairlot("plan", "rosters/plan.toml", "rosters", code=1)
    told = fairlot("announce", "rosters/plan.toml", "rosters", "--key", "k.key",
                   "--randomness", "dice", "--out", "a", code=1)  # fmt: skip
    assert "too few officer-visits (available < needed) in 310101 (0 < 10)" in told
    assert not Path("a").exists()


def test_randomness_of_no_kind_is_wrong_usage(fairlot: Terminal) -> None:
    told = fairlot("announce", SHANGHAI / "plan.toml", SHANGHAI, "--key", "k.key",
                   "--randomness", "foo", "--out", "a", code=2)  # fmt: skip
    assert "--randomness" in told
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("command", ["draw", "recuse", "replace"])
def test_a_key_is_made_by_announce_alone(fairlot: Terminal, command: str) -> None:
    assert "made when missing" in " ".join(fairlot("announce", "--help").replace("│", "").split())
    assert "made when" not in fairlot(command, "--help")


def test_version(fairlot: Terminal) -> None:
    assert fairlot("--version") == f"fairlot {__version__}\n"


def test_damaged_ledger_is_said(fairlot: Terminal) -> None:
    announce(fairlot)
    Path("office.key.ledger").write_text("garbage\n")
    told = fairlot(
        "draw", "announced", "--value", DICE, "--key", "office.key", "--out", "x", code=1
    )
    assert "office.key.ledger: line 1" in told


def test_names_from_a_strange_folder_cannot_draw_on_the_terminal(fairlot: Terminal) -> None:
    Path("odd").mkdir()
    Path("odd/a\x1b[31m").write_text("")
    assert "\x1b" not in fairlot("verify", "odd", code=1)


def test_round_file_that_is_not_there_is_wrong_usage(fairlot: Terminal) -> None:
    announce(fairlot)
    fairlot("draw", "announced", "--value", "no.json", "--key", "office.key", "--out", "x", code=2)


def test_no_traceback_where_nothing_can_be_written(fairlot: Terminal) -> None:
    told = fairlot("plan", SHANGHAI / "plan.toml", SHANGHAI, "--out", "no/folder.csv", code=1)
    assert "Traceback" not in told
    assert "No such file or directory" in told


def test_roster_changed_after_the_announcement(fairlot: Terminal) -> None:
    announce(fairlot)
    path = Path("announced/sites.jsonl")
    path.write_bytes(
        path.read_bytes().replace("示例检测第0001号".encode(), "示例检测第9999号".encode())
    )
    told = fairlot(
        "draw", "announced", "--value", DICE, "--key", "office.key", "--out", "x", code=1
    )
    assert "sites.jsonl is not the register that announcement.json commits to" in told
    assert not Path("x").exists()


def test_round_that_is_out_cannot_be_announced(fairlot: Terminal) -> None:
    told = fairlot("announce", SHANGHAI / "plan.toml", SHANGHAI, "--key", "k.key", "--out", "a",
                   "--randomness", "drand:9367912", code=1)  # fmt: skip
    assert re.search(
        r"round 9367912 came out \d+ s before the announcement; want \d+ or later", told
    )
    assert list(Path().iterdir()) == []


def test_too_few_dice_leave_nothing_behind(fairlot: Terminal) -> None:
    announce(fairlot)
    before = sorted(Path().iterdir())
    told = fairlot(
        "draw", "announced", "--value", "123", "--key", "office.key", "--out", "x", code=1
    )
    assert "dice: got 3 digits and 0 other characters; want 39 digits or more" in told
    assert sorted(Path().iterdir()) == before


def test_other_key_cannot_draw(fairlot: Terminal) -> None:
    announce(fairlot)
    shutil.copytree(SHANGHAI, "rosters")
    plan = Path("rosters/plan.toml")
    plan.write_text(plan.read_text("utf-8").replace("2024-001", "2024-002"), "utf-8")
    fairlot("announce", plan, "rosters", "--key", "other.key", "--randomness", "dice", "--out", "b")
    told = fairlot("draw", "announced", "--value", DICE, "--key", "other.key", "--out", "x", code=1)
    assert "the signing key is other+" in told


def test_infeasible_bureau_is_refused_by_name(fairlot: Terminal) -> None:
    """The example's plan cures 310151 with a neighbour's officers; without the cure it stops."""
    shutil.copytree(SHANGHAI, "rosters")
    plan = Path("rosters/plan.toml")
    plan.write_text(plan.read_text("utf-8").replace('"310151" = ["310115"]', ""), "utf-8")
    told = fairlot("plan", plan, "rosters", "--out", "pi.csv", code=1)
    assert Path("pi.csv").exists()
    Path("pi.csv").unlink()
    assert "site S310151-0001 needs 1 officer and 1 specialist in 食品检验" in told
    told = fairlot(
        "announce", plan, "rosters", "--key", "k.key", "--randomness", "dice", "--out", "a", code=1
    )
    assert "only officer P310151-002 remains" in told
    assert sorted(path.name for path in Path().iterdir()) == ["rosters"]


def test_conflicts_declared_for_everybody_but_a_friend_are_shown(fairlot: Terminal) -> None:
    shutil.copytree(SHANGHAI, "rosters")
    people = [
        row.split(",")[0] for row in Path("rosters/officers.csv").read_text("utf-8").splitlines()
    ]
    with Path("rosters/conflicts.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{who},S310115-0001,竞争机构,2024-06-20,,自报\n"
                        for who in people if who.startswith("P310115") and who != "P310115-004")  # fmt: skip
    told = fairlot("plan", "rosters/plan.toml", "rosters")
    assert re.search(r"site S310115-0001 has 3\d new conflicts", told)
    assert "new conflicts" not in fairlot("plan", SHANGHAI / "plan.toml", SHANGHAI)


def test_check_lists_every_problem(fairlot: Terminal) -> None:
    told = fairlot("check", SHANGHAI / "institutions_dirty.csv", "--kind", "sites", code=1)
    header, *rows = told.splitlines()
    assert header.split("\t") == [
        "severity",
        "file",
        "row",
        "column",
        "id",
        "got",
        "want",
        "problem",
    ]
    assert "9.13101E+17" in told
    assert len([row for row in rows if row.startswith("error\t")]) >= 20
    assert rows[-1].startswith("registers: ")


def test_check_of_a_folder_and_of_a_clean_file(fairlot: Terminal) -> None:
    assert "registers: 0 errors" in fairlot("check", SHANGHAI)
    assert "registers: 0 errors, 0 warnings, 0 repairs" in fairlot(
        "check", SHANGHAI / "absences.csv"
    )


def test_check_in_chinese(fairlot: Terminal) -> None:
    told = fairlot(
        "check", SHANGHAI / "institutions_dirty.csv", "--kind", "sites", "--lang", "zh", code=1
    )
    assert "个错误" in told


def test_check_needs_the_kind(fairlot: Terminal) -> None:
    shutil.copy(SHANGHAI / "officers.csv", "people.csv")
    assert "people.csv does not tell its kind" in fairlot("check", "people.csv", code=1)


def test_plan_prints_quotas_and_writes_probabilities(fairlot: Terminal) -> None:
    told = fairlot("plan", SHANGHAI / "plan.toml", SHANGHAI, "--out", "pi.csv")
    assert "JCFJ\t2\t2\t" in told
    assert "every list of sites that could be drawn has teams" in told
    rows = Path("pi.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 1201


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "nowhere"),
        ("check", "nowhere.csv"),
        ("draw",),
        ("demo", "--roster", "paris"),
        ("dra",),
    ],
)
def test_wrong_usage_exits_with_2(fairlot: Terminal, words: tuple[str, ...]) -> None:
    fairlot(*words, code=2)


def test_broken_plan_is_refused_with_every_fault(fairlot: Terminal) -> None:
    Path("plan.toml").write_text(
        '[ratio]\nbureau_floor = "5"\ncity_floor = "15％"\n', encoding="utf-8"
    )
    told = fairlot("plan", "plan.toml", SHANGHAI, code=1)
    assert "5 percent or 5 times everything?" in told
    assert 'got "15％"' in told
    assert "authority: Field required" in told


def test_verify_refuses_what_is_not_a_record(fairlot: Terminal) -> None:
    Path("odd").mkdir()
    Path("odd/run.sh").write_text("rm")
    assert "'run.sh' does not belong to a record" in fairlot("verify", "odd", code=1)
    Path("empty").mkdir()
    assert "1\tfails\tall files are there" in fairlot("verify", "empty", code=1)
