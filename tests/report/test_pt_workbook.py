"""The workbook has the tables of a round, and no text in it is a formula."""

import io
import zipfile

import pytest
from pt_worlds import ROUND, SCHEME, row, scored
from python_calamine import CalamineWorkbook

from fairlot.proficiency import tables
from fairlot.report import pt_workbook


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_table_is_a_sheet_with_every_cell(lang):
    found, wanted = sheets(pt_workbook(ROUND, lang=lang)), tables(ROUND, lang)
    assert len(found) == len(wanted)
    for sheet, frame in zip(found.values(), wanted.values(), strict=True):
        assert sheet[0] == list(frame.columns)
        if len(frame):
            cells = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
            for read, wrote in zip(sheet[1:], cells, strict=True):
                assert read == [each if isinstance(each, str) else pytest.approx(each, rel=1e-15)
                                for each in wrote]  # fmt: skip


def test_the_same_round_gives_the_same_bytes():
    assert pt_workbook(ROUND) == pt_workbook(ROUND)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "7"])
def test_texts_stay_texts(text):
    data = pt_workbook(scored(SCHEME, [["Q00", text, *row("Q00", "Pb", "S1", "10.5")[2:]]]))
    assert sheets(data)["scores"][1][1] == text
    xml = b"".join(
        zipfile.ZipFile(io.BytesIO(data)).read(name)
        for name in zipfile.ZipFile(io.BytesIO(data)).namelist()
        if "worksheets" in name
    )
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml


def test_headers_are_frozen_and_bad_grades_coloured():
    book = zipfile.ZipFile(io.BytesIO(pt_workbook(ROUND)))
    for n in range(1, 7):
        assert b'state="frozen"' in book.read(f"xl/worksheets/sheet{n}.xml")
    styles = book.read("xl/styles.xml")
    assert b"FFFFE9B8" in styles
    assert b"FFF9CFCA" in styles
