"""Seats are told in the reader's language, in tables for people and in nothing that is kept."""

import pandas as pd
import pytest

from fairlot.cli.tables import print_frame
from fairlot.cli.terminal import speak

TEAMS = pd.DataFrame({"site_id": "S1", "seat": ["specialist", "officer", "department:公安"]})


@pytest.fixture(autouse=True)
def own_language(monkeypatch):
    monkeypatch.setenv("FAIRLOT_LANG", "en")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["specialist", "officer", "department:公安"]),
        ("zh", ["专业检查人员", "检查人员", "公安部门人员"]),
    ],
)
def test_seats_are_told_in_the_language_chosen(lang, words, capsys):
    speak(lang)
    print_frame("teams", TEAMS)
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["site_id\tseat", *(f"S1\t{word}" for word in words)]
    assert TEAMS["seat"].tolist()[0] == "specialist"
