"""The notice of records that are sealed, pseudonymous, or changed after the draw."""

import re

import pytest
from notice_page import Page
from notice_record import PLAN, answered, before, closed, lines, record, recused, sealed

from fairlot import public
from fairlot._base.errors import InvalidInput
from fairlot.public import canonical
from fairlot.report import notice

SEALED = {**PLAN, "proof": {"opens": "2024-12-31"}}


def test_sealed_record_tells_that_it_is_sealed_and_nothing_of_the_draw():
    files = record(plan=SEALED, before=before("甲", "某公证处", "纪检组"))
    lists = ("coverage.csv", "drawn.csv", "teams.csv", "schedule.csv")
    files = sealed({name: data for name, data in files.items() if name not in lists})
    page = Page(notice(files))
    for told in (
        "Sealed until 2024-12-31",
        "2 sites are drawn",
        "某公证处",
        public.digest_of(files),
    ):
        assert told in page.words, told
    assert "probabilities.csv" not in page.words
    assert page.open == []


def test_opened_record_tells_that_it_was_sealed():
    words = Page(
        notice(record(plan=SEALED, before=before("甲", "乙", "丙"), more={"opening.json": b""}))
    ).words
    assert "This record was sealed until 00:00 UTC of 2024-12-31" in words
    assert "would keep it secret" not in words
    assert "示例一" in words


def test_seat_of_a_recusal_shows_who_was_drawn_first_and_who_goes():
    files = recused(record(), "S-1", "P-8", "申请回避")
    assert "申请回避 · 待重抽" in Page(notice(files)).words
    files = answered(files, officer="P-11", borrowed=True)
    words = Page(notice(files)).words
    assert re.search("P-11 借调 lent ?申请回避 · 原抽中 drawn first P-8", words)
    assert "待重抽" not in words
    assert "see the files event and replacement" in words.lower()


def test_seat_that_nobody_can_take_is_vacant():
    files = answered(recused(record(), "S-1", "P-8", "申请回避"), officer="", borrowed=False)
    assert "P-8 借调 lent申请回避 · 已回避，无人可替补，席位空缺" in Page(notice(files)).words


def opened_row(**changes):
    row = {"site_id": "S-9", "uscc": "", "name": "示例九", "bureau_id": "310115", "station_id": "",
           "sector": "水质", "sector2": "", "credit_class": "", "is_key": False, "listed": False,
           "last_inspected": "", "last_team": "", "visits_ytd": 0, "status": "存续", "counted": ""}  # fmt: skip
    return {**row, **changes}


def sheet(name, *rows):
    return b"".join(canonical.encode(row) + b"\n"
                    for row in ({"@spec": f"fairlot.draw/v1 {name}"}, *rows))  # fmt: skip


STANDS_IN = {
    "substitute": "S-9",
    "level": "bureau",
    "candidates": [{"site": "S-8", "numerator": 3 << 30}, {"site": "S-9", "numerator": 1 << 30}],
    "team": [{"seat": "officer", "officer": "P-12", "borrowed": True}],
}


def test_closed_site_gives_its_visit_to_a_stand_in_with_a_team_of_its_own():
    files = closed(record(more={"sites.jsonl": sheet("sites", opened_row())}), "S-2", "已停业")
    waits = Page(notice(files)).words
    assert "已停业 · 已关闭，待抽替补机构" in waits
    assert "P-9" in waits
    words = Page(notice(answered(files, **STANDS_IN))).words
    assert "已停业 · 已关闭，由替补机构接受检查 closed; another stands in S-9" in words
    assert "P-9" not in words
    row = words[words.index("示例九") :]
    for told in ("替补 S-2，从同机关 2 家中抽出", "for S-2, drawn among 2 of the same bureau0.25",
                 "0.250000000", "水质", "P-12 借调 lent"):  # fmt: skip
        assert told in row, told


def test_stand_in_may_close_itself():
    more = {"sites.jsonl": sheet("sites", opened_row(), opened_row(site_id="S-8", name="示例八"))}
    files = answered(closed(record(more=more), "S-2", "已停业"), **STANDS_IN)
    files = answered(closed(files, "S-9", "已搬离"), **{**STANDS_IN, "substitute": "S-8"})
    words = Page(notice(files)).words
    assert "已搬离 · 已关闭，由替补机构接受检查 closed; another stands in S-8" in words
    assert "for S-9, drawn among 2" in words[words.index("示例八") :]


def test_closed_site_for_which_nobody_stands_in():
    nobody = {"substitute": "", "level": "", "candidates": [], "team": []}
    words = Page(notice(answered(closed(record(), "S-2", "已停业"), **nobody))).words
    assert "已停业 · 已关闭，无机构可替补" in words
    assert "替补机构 Sites that stand in" not in words


VEILED = {**PLAN, "proof": {"view": "pseudonymous"}}


def veiled(*opened):
    """A pseudonymous record of one drawn site, ``AAAA``, opened as S-1."""
    files = record(plan=VEILED, teams=[("AAAA", "officer", "P-7", "False")])
    head = "site_id,uscc,name,opened_id,bureau_id,sector,credit_class,rule,detail,pi"
    row = ("AAAA", "", "示例一", "S-1", "310101", "-", "-", "key", "", "1.000000000")
    rows = [{"row": 3, "key": "00" * 32, **row} for row in opened]
    return sealed({**files, "drawn.csv": lines("drawn", head, [row]),
                   "openings.jsonl": sheet("openings", *rows)})  # fmt: skip


def test_pseudonymous_record_names_the_drawn_sites_with_what_decided():
    words = Page(notice(veiled(opened_row(site_id="S-1", sector="食品检验")))).words
    row = words[words.index("示例一") :]
    assert "示例一AAAA · S-1310101食品检验重点领域全覆盖：食品检验" in row
    assert "P-7" in row
    assert "On the roster sites stand under pseudonyms" in words
    assert "open to auditors and to each site itself" in words


def test_stand_in_of_a_pseudonymous_record_is_opened_in_its_answer():
    opened = {"row": 5, "key": "00" * 32, **opened_row()}
    files = closed(veiled(opened_row(site_id="S-1")), "AAAA", "已停业")
    answer = {**STANDS_IN, "substitute": "S-8", "opened": opened}
    words = Page(notice(answered(files, **answer))).words
    assert "示例九S-8 · S-9" in words


def test_pseudonymous_record_without_its_openings_is_refused():
    files = veiled(opened_row(site_id="S-1"))
    with pytest.raises(InvalidInput, match=r"^openings\.jsonl is missing"):
        notice(sealed({name: data for name, data in files.items() if name != "openings.jsonl"}))
