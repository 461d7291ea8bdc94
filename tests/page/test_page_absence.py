"""The proof that a site is not in the roster: the page judges it as the library does."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fairlot.public import canonical
from fairlot.public.absence import Absence, check_absence, neighbours
from fairlot.public.bound import Bound

sys.path.append(str(Path(__file__).parents[1] / "public"))
from door_world import SITES, World
from test_door import forgeries

WORLD = World()


def absent(site, rows, world=WORLD):
    shown = tuple(world.site(row, {"site"}) for row in rows)
    return Absence(Bound.of(world.announcement), site, shown).encode()


def judged(js, data, announcement=None):
    """Assert that both come to the same verdicts, step by step; return them."""
    want = check_absence(data, announcement=announcement)
    got = js("record/absence.js", "checkAbsence", data, announcement)["steps"]
    told = [(step["number"], step["step"], step["verdict"]) for step in got]
    assert told == [(check.number, check.step, check.verdict) for check in want]
    return [check.verdict for check in want]


@pytest.mark.parametrize("site", ["A", "S", "S00", "S3x", "S6x", "T", "s0"])
def test_absence_anywhere(js, site):
    data = absent(site, neighbours(SITES, site))
    assert judged(js, data, WORLD.announcement) == ["holds"] * 4
    assert judged(js, data)[-1] == "not shown"


@pytest.mark.parametrize(("site", "rows"), [
    ("S3", (2, 4)), ("S3", (2, 3)), ("S3", (3, 4)), ("S3x", (4, 5)), ("S3x", (3,)), ("S3x", (4, 3)),
    ("S3x", (3, 3)), ("A", (6,)), ("T", (0,)), ("Ｓ3x", (3, 4)), ("", (0,)),
])  # fmt: skip
def test_a_site_that_is_there_cannot_be_shown_absent(js, site, rows):
    assert "fails" in judged(js, absent(site, rows))


def test_pseudonyms_know_no_absence(js):
    world = World("pseudonymous")
    assert judged(js, absent("S3", (0,), world))[0] == "fails"
    lied = replace(Bound.of(world.announcement), view="open")
    data = Absence(lied, "A", (world.site(0, {"site"}),)).encode()
    assert judged(js, data, world.announcement)[-1] == "fails"


def test_every_field_is_bound(js):
    for path, forged in forgeries(absent("S3x", (3, 4))):
        found = judged(js, forged, WORLD.announcement)
        # Another absent site between the same neighbours is as true.
        assert "fails" in found or path == ("site",), path


@pytest.mark.parametrize(
    "data", [b"", b"{}\n", b'{"@spec":"fairlot.draw/v1 absence"}\n', b"[" * 99]
)
def test_what_is_no_proof(js, data):
    assert judged(js, data)[0] == "fails"


def test_a_proof_is_known_by_its_heading(js):
    assert js("record/absence.js", "isAbsence", absent("S3x", (3, 4))) is True
    assert (
        js("record/absence.js", "isAbsence", canonical.encode({"@spec": "fairlot.draw/v1 door"}))
        is False
    )
