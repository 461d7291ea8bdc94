"""The pictures of a lottery hold what its audit says, in both languages."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from fairlot import plot
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.assignment import Problem, Teams
from fairlot.assignment.audit import audit
from fairlot.assignment.audit_pairs import Pairs
from fairlot.assignment.chances import Chances
from fairlot.assignment.frequencies import Frequencies
from fairlot.plot import words

mpl.use("agg")

PROBLEM = Problem(
    tasks=("S1", "S2"), officers=("P1", "P2", "P3", "P4", "P5"), seat_task=[0, 1],
    seat_kind=["officer", "officer"], quota=[2, 1], ptr=[0, 3, 5], idx=[0, 1, 2, 0, 3],
    cap=[2, 1, 1, 3, 1],
)  # fmt: skip
TEAMS = Teams(PROBLEM, np.array([0, 1, 0]), np.zeros(3, bool), "by hand")
QUARTERS = np.array([2, 4, 2, 1, 3]) << 28
CHANCES = Chances(PROBLEM, QUARTERS, "by hand", np.ones(5))

MET = np.zeros((5, 5), np.int64)
MET[0, 1] = MET[1, 0] = 3
MET[1, 2] = MET[2, 1] = 1
LOTTERIES = Frequencies(CHANCES, 4, np.array([2, 4, 2, 1, 3]), MET)

FOUND = audit(PROBLEM, TEAMS, chances=CHANCES, frequencies=LOTTERIES)


def axis():
    return Figure().subplots()


def has_chinese():
    try:
        words.font("zh")
    except FairlotError:
        return False
    return True


def test_a_bar_a_point_and_a_dash_for_each_who_may_go():
    ax = plot.loads(FOUND.loads, axis())
    names = [label.get_text() for label in ax.get_xticklabels()]
    # Expected 1/2, 3/4 and 3/4 (the smaller load first), 1; P5 may go nowhere.
    assert names == ["P3", "P4", "P1", "P2"]
    assert [bar.get_height() for bar in ax.patches] == [0, 0, 2, 1]
    caps, expected = (line.get_ydata() for line in ax.lines)
    assert expected.tolist() == [0.5, 0.75, 0.75, 1.0]
    assert np.nan_to_num(caps).tolist() == [1, 0, 2, 1]  # nobody comes near the cap of P4


def test_without_chances_the_officers_stand_by_load():
    ax = plot.loads(audit(PROBLEM, TEAMS).loads, axis())
    assert [bar.get_height() for bar in ax.patches] == [0, 0, 1, 2]
    assert (len(ax.lines), ax.get_xlabel()) == (1, "officers, by load")


def test_many_officers_are_not_named():
    people = 40
    problem = Problem(
        tasks=("S1",), officers=tuple(f"P{k:02d}" for k in range(people)), seat_task=[0],
        seat_kind=["officer"], ptr=[0, people], idx=range(people), cap=[1] * people,
    )  # fmt: skip
    teams = Teams(problem, np.array([3]), np.zeros(1, bool), "by hand")
    ax = plot.loads(audit(problem, teams).loads, axis())
    assert "P03" not in [label.get_text() for label in ax.get_xticklabels()]


def test_every_pair_with_a_chance_is_counted_once():
    # Shares 3/4, 3/2, 3/4 of three for two places; 1/2, 3/2 of two for one.
    ax = plot.shares(FOUND.shares, axis())
    assert {round(bar.get_x(), 6): bar.get_height() for bar in ax.patches if bar.get_height()} == {
        0.5: 1, 0.75: 2, 1.5: 2,
    }  # fmt: skip
    assert ax.lines[0].get_xdata()[0] == 1


def test_who_never_met_is_black_and_who_never_could_is_grey():
    ax = plot.meetings(FOUND.pairs, axis())
    met, never = (np.ma.filled(image.get_array(), np.nan) for image in ax.images)
    assert met[0, 1] == met[1, 0] == 0.75
    assert met[1, 2] == 0.25
    assert np.argwhere(never == 1).tolist() == [[0, 2], [2, 0]]
    assert np.isnan(met[0, 3])
    assert np.isnan(np.diag(met)).all()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["P1", "P2", "P3", "P4", "P5"]
    assert "met most" not in ax.get_title()


def test_of_many_officers_those_are_shown_who_met_most():
    people = 50
    met = np.zeros((people, people), np.int64)
    ones, others = np.arange(9, people - 1), np.arange(10, people)  # 0 to 8 met nobody, 9 one
    met[ones, others] = 1
    officers = tuple(f"P{k:02d}" for k in range(people))
    ax = plot.meetings(Pairs(officers, 1, met, met > 0, met[:0, :2], 0.0, 0.0), axis())
    names = [
        [text.get_text() for text in labels()]
        for labels in (ax.get_xticklabels, ax.get_yticklabels)
    ]
    assert names[0] == names[1] == list(officers[9:49])  # of 9 and 49, who met one each, the first
    assert ax.get_title().endswith("the 40 of 50 officers who met most")
    assert ax.images[0].get_array().shape == (40, 40)


def test_great_shares_are_counted_in_the_last_bin():
    share = np.array([0.5, 1.0, 2.99, 3.0, 7.0, 30.0, np.nan])
    ax = plot.shares(replace(FOUND.shares, share=share), axis())
    assert ax.get_xlim() == (0, 3)
    assert [text.get_text() for text in ax.get_xticklabels()][-1] == "3 and more"
    counts = [int(bar.get_height()) for bar in ax.patches]
    assert (sum(counts), counts[-1]) == (6, 4)


PICTURES = [(plot.loads, "loads"), (plot.shares, "shares"), (plot.meetings, "pairs")]


@pytest.mark.skipif(not has_chinese(), reason="no font with Chinese characters is installed")
@pytest.mark.parametrize(("picture", "part"), PICTURES)
def test_chinese_words_in_a_font_that_has_them(picture, part):
    ax = picture(getattr(FOUND, part), axis(), lang="zh")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in ax.get_title())
    assert ax.title.get_fontproperties().get_name() in words.CHINESE


@pytest.mark.parametrize(("picture", "part"), PICTURES)
def test_another_language_is_refused(picture, part):
    with pytest.raises(InvalidInput, match="lang is 'fr'; want one of en, zh"):
        picture(getattr(FOUND, part), axis(), lang="fr")
