"""From a record to the proof that a site is not in its roster, in every state of the record."""

import json
from pathlib import Path

import pytest
from small_record import PLAN, VIEWS, announced, sites
from typer.testing import CliRunner

from fairlot import public
from fairlot._base.errors import InvalidInput
from fairlot.cli.door import door
from fairlot.public.absence import check_absence
from fairlot.public.absence_made import absence_of

Record = dict[str, bytes]

MISSING = ["S0007x", "A", "S00", "Z9", "S0044-1"]


@pytest.fixture(scope="module")
def sealed() -> Record:
    """The full record of a sealed draw in the open view, announced and not drawn."""
    return announced(f"{PLAN}\n{VIEWS['sealed']}\n")


@pytest.mark.parametrize("site", MISSING)
def test_every_step_holds(record: Record, sealed: Record, site: str) -> None:
    for files in (record, sealed):
        data = absence_of(files, site)
        found = check_absence(data, announcement=files["announcement.json"])
        assert {check.verdict for check in found} == {"holds"}


def test_nothing_but_two_ids_is_opened(sealed: Record) -> None:
    """Until the opening date nothing else of the roster may be told."""
    rows = json.loads(absence_of(sealed, "S0007x"))["neighbours"]
    opened = [cell for row in rows for part in ("public", "private") for cell in row[part]
              if isinstance(cell, list)]  # fmt: skip
    assert [(column, value) for column, _, value in opened] == [
        ("site", "S0007"),
        ("site", "S0008"),
    ]


def test_a_site_that_is_there_has_no_proof(record: Record) -> None:
    for site in ("S0000", "S0044", "Ｓ0044"):
        with pytest.raises(InvalidInput, match="is in the roster, row"):
            absence_of(record, site)
    with pytest.raises(InvalidInput):
        absence_of(record, "no id")


def test_under_pseudonyms_or_a_seal_every_id_would_be_absent(
    full: dict[str, Record], sealed: Record
) -> None:
    for files in (full["pseudonymous"], {n: d for n, d in sealed.items() if n != "opening.json"}):
        with pytest.raises(InvalidInput, match="no id is in this roster"):
            absence_of(files, "S0007x")


def test_a_roster_of_one_row_has_one_neighbour() -> None:
    one = announced(sites=sites().iloc[:1].assign(status="存续"))
    found = check_absence(absence_of(one, "A"), announcement=one["announcement.json"])
    assert {check.verdict for check in found} == {"holds"}


def test_the_command(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    public.write_folder("record", record)
    made = CliRunner().invoke(door, ["absent", "record", "--site", "A", "--out", "A.json"])
    assert made.output == "wrote A.json: A is not in the roster\n"
    words = ["absence", "A.json", "--announcement", "record/announcement.json"]
    assert CliRunner().invoke(door, words).exit_code == 0
    again = CliRunner().invoke(door, ["absent", "record", "--site", "B", "--out", "A.json"])
    assert isinstance(again.exception, InvalidInput)
