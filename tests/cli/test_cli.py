"""The command as its user meets it: what it prints, what it leaves behind, how it exits."""

import json
import re
import shutil
from pathlib import Path

import pytest
import typer
from terminal import AHEAD, SHANGHAI, SIGNER, Terminal, announce, announced, drawn, in_new_folder

from fairlot import __version__
from fairlot.cli import app

fairlot = pytest.fixture(in_new_folder)

DRAW = ("draw", "announced", "--value", "round.json", "--key", "office.key", "--out")
OTHER = "other+cb05e935+Ae4x+DyIpxIZpvz5vuDam8ImIFiPWhWmFFVTUE35ZJ5c"
ROOT = Path(__file__).parents[2]


def commands() -> dict[tuple[str, ...], typer.core.TyperCommand]:
    """Every command by the words that call it."""
    top = typer.main.get_command(app)
    rooms = {name: one for name, one in top.commands.items() if hasattr(one, "commands")}
    alone = {(name,): one for name, one in top.commands.items() if name not in rooms}
    return alone | {
        (room, name): one for room, group in rooms.items() for name, one in group.commands.items()
    }


COMMANDS = commands()


def refuse_unknown_options(line: str) -> None:
    """Refuse a command line whose command or options do not exist."""
    _, *words = line.partition("#")[0].split()
    name = tuple(words[:2]) if tuple(words[:2]) in COMMANDS else tuple(words[:1])
    known = {option for each in COMMANDS[name].params for option in each.opts}
    assert {word for word in words if word.startswith("--")} <= known, line
    required = {each.opts[0] for each in COMMANDS[name].params if each.required}
    assert {word for word in required if word.startswith("--")} <= set(words), line


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example_that_can_be_run(fairlot: Terminal, command: tuple[str, ...]) -> None:
    told = re.sub(r"\s+", " ", fairlot(*command, "--help"))
    assert f"Example: fairlot {' '.join(command)}" in told
    doc = COMMANDS[command].callback.__doc__
    refuse_unknown_options(re.findall("Example: (fairlot .*)", str(doc))[-1])


def test_help_lists_every_command(fairlot: Terminal) -> None:
    told = fairlot("--help")
    assert all(name[0] in told for name in COMMANDS)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_commands_that_exist(name: str) -> None:
    lines = re.findall("^fairlot [a-z].*", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert len(lines) > 15
    for line in lines:
        refuse_unknown_options(line)


def test_nothing_is_overwritten(fairlot: Terminal) -> None:
    Path("record").mkdir()
    Path("record/precious").write_text("mine")
    told = fairlot("demo", "--out", "record", code=1)
    assert told == "fairlot: record exists; nothing is overwritten, choose another name\n"
    assert [path.name for path in Path("record").iterdir()] == ["precious"]
    assert [path.name for path in Path().iterdir()] == ["record"]


def test_announce_says_what_to_publish_and_what_to_keep(fairlot: Terminal) -> None:
    told = announce(fairlot, "--human", "dice:王五:" + "123456" * 7, "--witness", OTHER,
                    "--fallback", "drand@2099-01-02T00:00:00Z", "--log-origin", "draws.example")  # fmt: skip
    assert "written to announced; publish all three now" in told
    assert "stamp or log it by 2098-12-31T23:50:00Z" in told
    assert "keep announced.secret.json private" in told
    assert Path("office.key").stat().st_mode & 0o077 == 0
    body = json.loads(Path("announced/announcement.json").read_bytes())
    assert body["human"][0]["by"] == "王五"
    assert (body["log"], body["witnesses"]) == ("draws.example", [OTHER])
    assert body["fallbacks"][0]["round"] > body["beacon"]["round"]


def test_announce_and_draw_without_a_full_copy_where_everything_is_shown(fairlot: Terminal) -> None:
    announced()
    assert fairlot(*DRAW, "record") == "wrote record\n"
    assert not Path("record.full").exists()
    told = fairlot("verify", "record", code=3)
    assert "\tfails\t" not in told
    assert [row for row in told.splitlines() if "not shown" in row] == [
        "20\tnot shown\tannounced before the randomness existed\tonly the authority says when "
        "announcement was published; a time stamp by someone else, or a witnessed log, would show it",
        "21\tnot shown\tthe only draw of this task\tno repetition among 1 records given; the public "
        "log of all announcements would show it (--log)",
    ]


def test_changed_record_fails_and_names_the_line(fairlot: Terminal) -> None:
    drawn()
    path = Path("record/drawn.csv")
    path.write_bytes(path.read_bytes().replace(b"S310101-0", b"S310101-1", 1))
    told = fairlot("verify", "record", code=1)
    assert "drawn.csv line 2: got" in told
    assert "10\tfails\tthe drawn list follows from the randomness" in told


def test_task_is_announced_once(fairlot: Terminal) -> None:
    announced()
    told = announce(fairlot, out="b", code=1)
    assert "task 2024-001 was already announced under this key" in told
    assert not Path("b").exists()


def test_task_is_drawn_once_but_the_same_draw_may_be_done_again(fairlot: Terminal) -> None:
    """A crash after the ledger's line costs nothing: the same round gives the same record."""
    announced()
    fairlot(*DRAW, "one")
    fairlot(*DRAW, "two")
    assert Path("one/drawn.csv").read_bytes() == Path("two/drawn.csv").read_bytes()
    ledger = Path("office.key.ledger")
    ledger.write_text(re.sub('[0-9a-f]{64}(?=","event":"drawn")', "0" * 64, ledger.read_text()))
    assert "task 2024-001 was already drawn under this key" in fairlot(*DRAW, "three", code=1)
    assert not Path("three").exists()


def test_whose_key_signed_is_asked_for(fairlot: Terminal) -> None:
    drawn()
    assert "compare it with the authority's" in fairlot("verify", "record", code=3)
    assert "compare it" not in fairlot("verify", "record", "--key", SIGNER.vkey, code=3)
    assert "the record is signed by" in fairlot("verify", "record", "--key", OTHER, code=1)


def test_a_record_and_its_own_announcement_do_not_clash(fairlot: Terminal) -> None:
    announced()
    fairlot(*DRAW, "record")
    assert "no repetition among 2 records" in fairlot("verify", "record", "announced", code=3)


def test_contradictory_plan_is_never_announced(fairlot: Terminal) -> None:
    plan = Path("plan.toml")
    text = (SHANGHAI / "plan.toml").read_text("utf-8")
    plan.write_text(text.replace("[key]", "bureau_ceiling = 0.2\n[key]", 1), "utf-8")
    told = announce(fairlot, plan=plan, code=1)
    assert "bureau 310101: 4 sites must be taken whole, but the ceiling allows 2 of 10" in told
    assert sorted(path.name for path in Path().iterdir()) == ["plan.toml"]


def test_too_few_officers_are_said_before_anything_is_drawn(fairlot: Terminal) -> None:
    rosters = Path("rosters")
    shutil.copytree(SHANGHAI, rosters)
    people = rosters / "officers.csv"
    kept = [row for row in people.read_text("utf-8").splitlines() if ",310101," not in row]
    people.write_text("\n".join(kept) + "\n", "utf-8")
    Path("rosters/conflicts.csv").unlink()
    Path("rosters/absences.csv").unlink()
    assert "too few officers in: 310101" in fairlot("plan", "rosters/plan.toml", "rosters", code=1)
    told = announce(fairlot, rosters=rosters, code=1)
    assert "too few officer-visits (available < needed) in 310101 (0 < 10)" in told
    assert not Path("announced").exists()


@pytest.mark.parametrize(
    "beacon", ["foo", "dice", "drand@now", "drand:0", "kl8:1,2", "nist@2099-01-01T00:00:00Z"]
)
def test_a_beacon_of_no_kind_is_wrong_usage(fairlot: Terminal, beacon: str) -> None:
    assert "--beacon" in announce(fairlot, "--beacon", beacon, code=2)
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--human", "foo"), "want dice:WHO:DIGITS"),
        (("--human", "dice:王五:123"), "got 3 digits"),
        (("--fallback", "drand:1000"), "comes no later than drand:"),
        (("--witness", "foo"), "vkey is 'foo'"),
        (("--log-origin", "a b"), "log is 'a b'"),
        (("--custodian", "none.json"), "does not exist"),
        (("--sequence", "0"), "--sequence"),
    ],
)
def test_what_stands_in_an_announcement_is_read_first(
    fairlot: Terminal, words: tuple[str, str], told: str
) -> None:
    assert told in re.sub(r"[\s│]+", " ", announce(fairlot, *words, code=2))
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("command", ["draw", "recuse", "close", "replace", "open", "attach"])
def test_a_key_is_made_by_announce_alone(fairlot: Terminal, command: str) -> None:
    assert "made when missing" in " ".join(fairlot("announce", "--help").replace("│", "").split())
    assert "made when" not in fairlot(command, "--help")


def test_version(fairlot: Terminal) -> None:
    assert fairlot("--version") == f"fairlot {__version__}\n"


def test_damaged_ledger_is_said(fairlot: Terminal) -> None:
    announced()
    Path("office.key.ledger").write_text("garbage\n")
    assert "office.key.ledger: line 1" in fairlot(*DRAW, "x", code=1)


def test_names_from_a_strange_folder_cannot_draw_on_the_terminal(fairlot: Terminal) -> None:
    Path("odd").mkdir()
    Path("odd/a\x1b[31m").write_text("")
    assert "\x1b" not in fairlot("verify", "odd", code=1)


def test_no_traceback_where_nothing_can_be_written(fairlot: Terminal) -> None:
    told = fairlot("plan", SHANGHAI / "plan.toml", SHANGHAI, "--out", "no/folder.csv", code=1)
    assert "Traceback" not in told
    assert "No such file or directory" in told


def test_roster_changed_after_the_announcement(fairlot: Terminal) -> None:
    announced()
    path = Path("announced/sites.jsonl")
    path.write_bytes(
        path.read_bytes().replace("示例检测第0001号".encode(), "示例检测第9999号".encode())
    )
    told = fairlot(*DRAW, "x", code=1)
    assert "sites.jsonl differs from the digest that was signed" in told
    assert not Path("x").exists()


def test_round_that_is_out_cannot_be_announced(fairlot: Terminal) -> None:
    told = announce(fairlot, "--beacon", "drand:9367912", code=1)
    assert re.search(r"drand:9367912 came out \d+ s before the announcement", told)
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("{}", "value.json: a quicknet round has round"),
        ("\udcff", "value.json: byte 0 is not UTF-8"),
        (Path("later.json"), "round is '9367912'; want 1000"),
    ],
)
def test_another_value_leaves_nothing_behind(
    fairlot: Terminal, value: str | Path, told: str
) -> None:
    announced()
    data = value.read_bytes() if isinstance(value, Path) else value.encode(errors="surrogateescape")
    Path("value.json").write_bytes(data)
    before = {path: path.stat().st_mtime_ns for path in Path().iterdir()}
    assert told in fairlot(*DRAW, "x", "--value", "value.json", code=1)
    assert {path: path.stat().st_mtime_ns for path in Path().iterdir()} == before


def test_other_key_cannot_draw(fairlot: Terminal) -> None:
    announced()
    fairlot("log", "init", "log", "--origin", "other", "--key", "other.key")
    assert "the signing key is other+" in fairlot(*DRAW, "x", "--key", "other.key", code=1)
    assert not Path("x").exists()


def test_infeasible_bureau_is_refused_by_name(fairlot: Terminal) -> None:
    """The example's plan cures 310151 with a neighbour's officers; without the cure it stops."""
    plan = Path("plan.toml")
    text = (SHANGHAI / "plan.toml").read_text("utf-8")
    plan.write_text(text.replace('"310151" = ["310115"]', ""), "utf-8")
    told = fairlot("plan", plan, SHANGHAI, "--out", "pi.csv", code=1)
    assert Path("pi.csv").exists()
    Path("pi.csv").unlink()
    assert "site S310151-0001 needs 1 officer and 1 specialist in 食品检验" in told
    assert "only officer P310151-002 remains" in announce(fairlot, plan=plan, code=1)
    assert sorted(path.name for path in Path().iterdir()) == ["plan.toml"]


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
        ("verify", ".", "--key", "foo"),
        ("verify", ".", "--log-key", "foo"),
        ("verify", ".", "--witness", "foo"),
        ("verify", ".", "--log", "."),
        ("verify", ".", "--tsa", SHANGHAI / "plan.toml"),
        ("check", "nowhere.csv"),
        ("draw",),
        ("draw", ".", "--value", "no.json", "--key", "k", "--out", "x"),
        ("demo", "--roster", "paris"),
        ("dra",),
        ("publish", "nowhere"),
        ("attach", ".", "--key", "no.key"),
        ("open", ".", "--key", "no.key"),
        ("door", "check", "nowhere"),
        ("stamp", SHANGHAI / "plan.toml", "--tsa", "http://127.0.0.1:1", "--out", "x",
         "--pinned", SHANGHAI / "plan.toml"),
        ("log", "check", ".", "--witness", "foo"),
        ("witness", "init", "w", "--name", "w", "--key", "w.key", "--log-key", "foo"),
    ],
)  # fmt: skip
def test_wrong_usage_exits_with_2(fairlot: Terminal, words: tuple[str, ...]) -> None:
    told = fairlot(*words, code=2)
    assert "Error" in told
    assert list(Path().iterdir()) == []


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
    assert "2\tfails\tthe announcement is of this version" in fairlot("verify", "empty", code=1)


def test_what_was_not_drawn_has_nobody_to_name(fairlot: Terminal) -> None:
    announced()
    for words in (
        ("reveal", "announced", "--secret", "announced.secret.json"),
        ("door", "make", "announced", "--site", "S", "--out", "x"),
        ("close", "announced", "--site", "S", "--reason", "r", "--beacon", AHEAD, "--key", "office.key"),
        ("replace", "announced", "--value", "round.json", "--key", "office.key"),
    ):  # fmt: skip
        assert "announced, but not drawn" in fairlot(*words, code=1)
        assert "尚未抽取" in fairlot(*words, "--lang", "zh", code=1)
