"""Teams for a list that is given, as transcripts: joint visits, appointments, what is in the way."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from terminal import SHANGHAI, Terminal, in_new_folder

from fairlot.assignment import check_teams, draw_teams, probabilities
from fairlot.planning import Plan, choice, deciding, problem_of, read_list
from fairlot.registers import Registers

fairlot = pytest.fixture(in_new_folder)

SEED = "0123456789abcdef" * 4


def listed(*rows: str, head: str = "site_id,参与部门,指定人员", path: str = "list.csv") -> Path:
    Path(path).write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return Path(path)


def assign(fairlot: Terminal, path: object, *more: object, code: int = 0,
           plan: object = SHANGHAI / "plan.toml") -> str:  # fmt: skip
    return fairlot("assign", path, SHANGHAI, "--plan", plan, *more, code=code)


def teams(told: str) -> list[list[str]]:
    rows = [row.split("\t") for row in told.splitlines()]
    return rows[rows.index(["site_id", "seat", "officer_id", "borrowed"]) + 1 :]


LIST = ("S310115-0001,,", "S310104-0003,,", "S310115-0002,,")


def test_teams_of_a_list_follow_from_the_seed_alone(fairlot: Terminal) -> None:
    one = assign(fairlot, listed(*LIST), "--seed", SEED)
    two = assign(fairlot, listed(*LIST[::-1]), "--seed", SEED.upper())
    assert one == two
    assert f"seed {SEED}" in one
    assert [row[:2] for row in teams(one) if len(row) == 4] == [
        [site, seat]
        for site in ("S310104-0003", "S310115-0001", "S310115-0002")
        for seat in ("specialist", "officer")
    ]
    assert "P310115-" in one


def test_without_a_seed_the_system_gives_one_and_it_is_told(fairlot: Terminal) -> None:
    told = [assign(fairlot, listed(*LIST)) for _ in range(2)]
    seeds = [re.search("seed ([0-9a-f]{64})", text).group(1) for text in told]  # type: ignore[union-attr]
    assert seeds[0] != seeds[1]
    assert assign(fairlot, "list.csv", "--seed", seeds[0]) == told[0]


def test_workbooks_and_chinese_headers_are_read(fairlot: Terminal) -> None:
    pd.DataFrame({"场所编号": ["S310115-0001"], "备注": ["x"]}).to_excel("list.xlsx", index=False)
    assert "S310115-0001\tspecialist\tP310115-" in assign(fairlot, "list.xlsx")


def test_teams_are_written_once(fairlot: Terminal) -> None:
    listed(*LIST)
    assign(fairlot, "list.csv", "--seed", SEED, "--out", "teams.csv")
    written = Path("teams.csv").read_text("utf-8-sig").splitlines()
    assert written[0] == "site_id,seat,officer_id,borrowed"
    assert len(written) == 7
    assert "teams.csv exists" in assign(fairlot, "list.csv", "--out", "teams.csv", code=1)


def test_every_department_of_a_joint_visit_sends_an_officer(fairlot: Terminal) -> None:
    told = assign(fairlot, listed("S310115-0001,生态环境;公安,", "S310115-0002,,"), "--joint")
    seats = [row[1] for row in teams(told) if row[0] == "S310115-0001"]
    assert sorted(seats) == ["department:公安", "department:生态环境", "officer", "specialist"]
    assert len([row for row in teams(told) if row[0] == "S310115-0002"]) == 2


def test_departments_are_not_passed_over_in_silence(fairlot: Terminal) -> None:
    told = assign(fairlot, listed("S310115-0001,生态环境,"), code=2)
    assert "list.csv names departments that take part" in told
    assert "--joint" in told


def test_who_is_appointed_goes(fairlot: Terminal) -> None:
    told = assign(fairlot, listed("S310115-0001,,P310115-003", *LIST[1:]))
    assert "P310115-003" in [row[2] for row in teams(told) if row[0] == "S310115-0001"]


def test_explain_says_how_much_is_left_to_chance(fairlot: Terminal) -> None:
    told = assign(fairlot, listed(*LIST), "--explain")
    rows = [
        row.split("\t")
        for row in told.splitlines()
        if row.startswith("S3101") and row.count("\t") == 5
    ]
    assert [row[0] for row in rows] == ["S310104-0003", "S310115-0001", "S310115-0002"]
    for _, _, places, eligible, effective, below in rows:
        assert int(places) <= float(effective) <= int(eligible)
        assert below == "False"


def test_the_floor_of_the_plan_flags_a_site() -> None:
    registers = Registers.read(SHANGHAI)
    text = (SHANGHAI / "plan.toml").read_text("utf-8")
    plan = Plan.parse(
        text.replace('own_station = "excluded"', 'own_station = "excluded"\neffective_floor = "20"')
    )
    tables = deciding(plan, registers)
    given = pd.DataFrame({"site_id": ["S310115-0002", "S310151-0002"]})
    problem = problem_of(plan, tables, read_list(given, tables.sites).sites.index)
    chances = probabilities(problem)
    table = choice(plan, chances)
    assert table["below_floor"].tolist() == [False, True]
    check_teams(problem, draw_teams(problem, chances=chances, rng=np.random.default_rng(1)))


@pytest.fixture
def without_loans() -> Path:
    """The example's plan cures 310151 with a neighbour's officers; this one does not."""
    text = (SHANGHAI / "plan.toml").read_text("utf-8")
    Path("plan.toml").write_text(text.replace('"310151" = ["310115"]', ""), "utf-8")
    return Path("plan.toml")


def test_what_is_in_the_way_is_named_counted_and_how_it_could_be_cured(
    fairlot: Terminal, without_loans: Path
) -> None:
    listed("S310151-0001,,", "S310151-0002,,")
    told = assign(fairlot, "list.csv", "--explain", "--out", "x", plan=without_loans, code=1)
    assert "S310151-0001\tP310151-002 (1)\t2\t1\t1\tP310151-001 at S310151-0001" in told
    assert "1 more officer" in told
    assert "no valid teams" in told
    assert not Path("x").exists()
    told = assign(fairlot, "list.csv", "--explain", "--lang", "zh", plan=without_loans, code=1)
    assert "无法组成检查组" in told
    assert "仅余 P310151-002" in told
    short = assign(fairlot, "list.csv", plan=without_loans, code=1)
    assert "would cure it\n" not in short


BAD = {
    "unknown site": (("X,,",), "list.csv row 2, X, site_id: 'X' is neither a site"),
    "site twice": (("S310115-0001,,",) * 2, "the same id stands in rows 2, 3; want it once"),
    "no rows": ((), "the table has a header and no rows"),
    "no site": ((",,",), "no rows"),
    "unknown person": (("S310115-0001,,P0",), "'P0' is appointed and is nobody"),
    "ragged": (("S310115-0001",), "list.csv row 2"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_list_is_refused_and_nothing_written(fairlot: Terminal, name: str) -> None:
    rows, told = BAD[name]
    path = listed(*rows)
    assert told in assign(fairlot, path, "--out", "x.csv", code=1)
    assert sorted(p.name for p in Path().iterdir()) == ["list.csv"]


def test_a_code_is_no_site(fairlot: Terminal) -> None:
    site = Registers.read(SHANGHAI).sites.frame.iloc[0]
    told = assign(fairlot, listed(f"{site['uscc']},,"), code=1)
    assert f"'{site['uscc']}' is a code and not a site; want a site_id, here" in told
    assert site["site_id"] in told


def test_an_unreadable_list_is_one_error(fairlot: Terminal) -> None:
    Path("list.csv").write_bytes(b"")
    told = assign(fairlot, "list.csv", code=1)
    assert "the file is empty" in told
    assert "no rows" not in told.replace("want a header and rows", "")


def test_where_the_problems_are_listed_is_said(fairlot: Terminal) -> None:
    shutil.copytree(SHANGHAI, "rosters")
    with Path("rosters/officers.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    telling = fairlot("check", "rosters").splitlines()[-1]
    told = fairlot("plan", SHANGHAI / "plan.toml", "rosters")
    assert f"{telling}; fairlot check rosters lists them" in told
    told = fairlot("plan", SHANGHAI / "plan.toml", "rosters", "--lang", "zh")
    assert "可用 fairlot check rosters 逐条列出" in told


def test_all_faults_of_a_list_are_told_at_once(fairlot: Terminal) -> None:
    listed("X,,", "S310115-0001,,", "S310115-0001,,", "Y,,")
    told = assign(fairlot, "list.csv", "--lang", "zh", code=1)
    assert "错误 3 处" in told
    assert "同一编号出现在第 3, 4 行" in told


def test_a_department_nobody_works_for_is_refused(fairlot: Terminal) -> None:
    told = assign(fairlot, listed("S310115-0001,渔政,"), "--joint", code=1)
    assert "渔政" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("seed", ["", "12", SEED + "0", "g" * 64])
def test_a_seed_is_64_hex_digits(fairlot: Terminal, seed: str) -> None:
    assert "want 64 hex digits" in assign(fairlot, listed(*LIST), "--seed", seed, code=2)


def test_missing_paths_are_wrong_usage(fairlot: Terminal) -> None:
    assign(fairlot, "nowhere.csv", code=2)
    assign(fairlot, listed(*LIST), plan="nowhere.toml", code=2)
    fairlot("assign", "list.csv", SHANGHAI, code=2)


def test_a_list_of_another_kind_is_refused(fairlot: Terminal) -> None:
    shutil.copy(SHANGHAI / "officers.csv", "list.csv")
    assert "site_id" in assign(fairlot, "list.csv", code=1)
