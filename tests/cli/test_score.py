"""A round scored at the terminal: what is told, what is written, and what is refused."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import Terminal, in_new_folder

from fairlot.proficiency import Scheme, score_round, tables
from fairlot.report import pt_letter, pt_report, pt_workbook

fairlot = pytest.fixture(in_new_folder)

EXAMPLE = Path(__file__).parents[2] / "examples" / "pt"

SCHEME = """
spec = "fairlot.pt/v1"
provider = "p"
round = "PT-1"
title = "t"
issued = 2026-06-30
[followup]
working_days = 1
[[measurands]]
name = "Pb"
unit = "mg/kg"
value = { method = "reference", x_pt = "0.3" }
sigma = { method = "fixed", sigma_pt = "0.3" }
[[measurands]]
name = "Cd"
sigma = { method = "fixed", sigma_pt = "0.3" }
"""
HEAD = "lab,measurand,value,unit"


def files(*rows: str, scheme: str = SCHEME) -> tuple[str, str, str]:
    Path("r.csv").write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    Path("s.toml").write_text(scheme, "utf-8")
    return "r.csv", "--scheme", "s.toml"


def test_the_example_round_from_results_to_letters(fairlot: Terminal) -> None:
    source, scheme = EXAMPLE / "results.csv", EXAMPLE / "scheme.toml"
    told = fairlot("score", source, "--scheme", scheme, "--out", "out", "--lang", "zh")
    found = score_round(source, Scheme.read(scheme))
    assert found.digest in told
    assert "PT28，单位：计量单位由 μg/kg 换算为 mg/kg" in told
    out = Path("out")
    assert (out / "report.html").read_text("utf-8") == pt_report(found, lang="zh")
    assert (out / "round.xlsx").read_bytes() == pt_workbook(found, lang="zh")
    assert (out / "letters" / "PT22.html").read_text("utf-8") == pt_letter(found, "PT22", lang="zh")
    assert len(list((out / "letters").iterdir())) == 38
    for name, frame in tables(found, "zh").items():
        data = (out / f"{name}.csv").read_bytes()
        head, *rows = csv.reader(data.decode("utf-8-sig").splitlines())
        assert data.startswith(b"\xef\xbb\xbf")
        assert head == list(frame.columns)
        assert len(rows) == len(frame)
        assert "nan" not in {cell for row in rows for cell in row}
    assert sorted(path.name for path in Path().iterdir()) == ["out"]


def test_the_items_of_the_example_are_homogeneous_and_stable(fairlot: Terminal) -> None:
    given = ("--homogeneity", EXAMPLE / "homogeneity.csv", "--stability", EXAMPLE / "stability.csv")
    source, scheme = EXAMPLE / "results.csv", EXAMPLE / "scheme.toml"
    fairlot("score", source, "--scheme", scheme, *given, "--out", "out")
    choices = Path("out/choices.csv").read_text("utf-8-sig")
    assert choices.count("sufficiently homogeneous") == 4
    assert choices.count(": stable") == 4
    assert "sufficiently homogeneous" in Path("out/letters/PT01.html").read_text("utf-8")
    assert {path.stem for path in Path("out/inputs").iterdir()} == {
        "results", "scheme", "homogeneity", "stability"}  # fmt: skip
    told = fairlot(
        "score", source, "--scheme", scheme, "--stability", EXAMPLE / "results.csv", code=1
    )
    assert "results.csv" in told


def test_without_a_folder_it_only_tells(fairlot: Terminal) -> None:
    told = fairlot("score", *files("A,Pb,0.9,mg/kg", "B,Pb,1.2,mg/kg"))
    assert "Pb\t1\t0.3\t0.3\tz\t2\t1\t0\t1\t0" in told
    assert "verdicts: 合格 1, 不合格 1" in told
    assert "orders: 1, 1 still open" in told
    assert sorted(path.name for path in Path().iterdir()) == ["r.csv", "s.toml"]


def test_a_level_without_a_value_leaves_with_3_and_is_written(fairlot: Terminal) -> None:
    told = fairlot("score", *files("A,Pb,0.9,mg/kg", "A,Cd,1,"), "--out", "out", code=3)
    assert "Cd 1: only 1 numeric results; a consensus wants at least 12" in told
    assert "only 1 numeric results" in Path("out/report.html").read_text("utf-8")


def test_holidays_move_the_deadline(fairlot: Terminal) -> None:
    given = files("B,Pb,1.2,mg/kg")
    Path("days.txt").write_text("2026-07-01 休\n2026-07-02 holiday\n", "utf-8-sig")
    told = fairlot("score", *given, "--out", "plain")
    assert "no holidays were handed in: deadlines count Monday to Friday" in told
    told = fairlot("score", *given, "--holidays", "days.txt", "--out", "moved")
    assert "no holidays" not in told
    due = [Path(name, "orders.csv").read_text("utf-8-sig") for name in ("plain", "moved")]
    assert [("2026-07-01" in text, "2026-07-03" in text) for text in due] == [
        (True, False), (False, True)]  # fmt: skip
    Path("days.txt").write_text("soon\n", "utf-8")
    told = fairlot("score", *given, "--holidays", "days.txt", code=1)
    assert "days.txt: line 1 of the calendar is 'soon'" in told


def test_a_folder_holds_what_it_was_made_of_and_is_an_earlier_round(fairlot: Terminal) -> None:
    given = files("A,Pb,0.9,mg/kg", "B,Pb,1.2,mg/kg")
    Path("days.txt").write_text("2026-07-01 休\n", "utf-8")
    fairlot("score", *given, "--holidays", "days.txt", "--out", "before")
    kept = {path.name: path.read_bytes() for path in Path("before/inputs").iterdir()}
    assert kept == {"results.csv": Path("r.csv").read_bytes(), "holidays.txt": Path("days.txt").read_bytes(),
                    "scheme.toml": Path("s.toml").read_bytes()}  # fmt: skip
    later = files(
        "A,Pb,0.5,mg/kg",
        "B,Pb,1.1,mg/kg",
        scheme=SCHEME.replace("PT-1", "PT-2").replace("2026", "2027"),
    )
    fairlot("score", *later, "--earlier", "before", "--out", "after")
    letter = Path("after/letters/A.html").read_text("utf-8")
    assert 'class="trend"' in letter
    assert "PT-1" in letter
    assert 'class="trend"' not in Path("before/letters/A.html").read_text("utf-8")
    told = fairlot("score", *later, "--earlier", "before/letters", code=1)
    assert "holds no round; want a folder that score --out wrote" in told


def test_who_sent_nothing_is_absent_and_gets_a_letter(fairlot: Terminal) -> None:
    given = files("A,Pb,0.3,mg/kg")
    Path("who.csv").write_text("lab,name\nA,Alpha Lab\nB,Beta Lab\n", "utf-8")
    told = fairlot("score", *given, "--participants", "who.csv", "--out", "out")
    assert "verdicts: 合格 1, did not take part 1" in told
    letter = Path("out/letters/B.html").read_text("utf-8")
    assert "did not take part" in letter
    assert "Beta Lab" in letter
    assert "Alpha Lab" not in letter


def test_a_folder_that_exists_is_left_alone(fairlot: Terminal) -> None:
    Path("out").mkdir()
    told = fairlot("score", *files("A,Pb,0.9,mg/kg"), "--out", "out", code=1)
    assert "out exists; nothing is overwritten" in told
    assert list(Path("out").iterdir()) == []


def test_nothing_is_left_behind_by_a_refusal(fairlot: Terminal, monkeypatch) -> None:
    given = files("A,Pb,0.9,mg/kg")

    def broken(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device", "disk")

    monkeypatch.setattr("fairlot.report.pt_report", broken)
    told = fairlot("score", *given, "--out", "out", code=1)
    assert "No space left" in told
    assert sorted(path.name for path in Path().iterdir()) == ["r.csv", "s.toml"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bad_rows_are_told_with_row_and_column(fairlot: Terminal, lang: str) -> None:
    given = files("A,Pb,many,mg/kg", "B,Pb,1.2,kPa", "C,Zn,1,mg/kg")
    told = fairlot("score", *given, "--lang", lang, code=1)
    for row in (2, 3):
        assert (f"row {row}" if lang == "en" else f"第{row}行") in told
    assert "many" in told
    assert "kPa" in told


def test_a_missing_path_is_wrong_usage(fairlot: Terminal) -> None:
    given = files("A,Pb,0.9,mg/kg")
    fairlot("score", "nowhere.csv", *given[1:], code=2)
    fairlot("score", given[0], "--scheme", "nowhere.toml", code=2)
    fairlot("score", given[0], code=2)


def test_codes_become_names_of_letters_that_every_disk_keeps_apart(fairlot: Terminal) -> None:
    rows = [f"{lab},Pb,0.9,mg/kg" for lab in ("310115/A", "310115_a", "..", "B.1")]
    fairlot("score", *files(*rows), "--out", "out")
    letters = {path.name: path.read_text("utf-8") for path in Path("out/letters").iterdir()}
    assert set(letters) == {"310115_A.html", "310115_a-2.html", "_.html", "B_1.html"}
    assert "310115_a</bdi>" in letters["310115_a-2.html"]


@pytest.mark.slow
def test_report_and_letters_of_38_laboratories_take_less_than_five_seconds(tmp_path: Path) -> None:
    def seconds(out: str) -> float:
        """Return the processor's time of a whole process, which others on the machine cannot add to."""
        before = os.times()
        command = [sys.executable, "-c", "from fairlot.cli import main; main()", "score",
                   EXAMPLE / "results.csv", "--scheme", EXAMPLE / "scheme.toml",
                   "--out", tmp_path / out]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        after = os.times()
        return sum(after[2:4]) - sum(before[2:4])

    seconds("compiles the kernels")
    assert seconds("out") < 5
