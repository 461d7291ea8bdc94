"""A roster against a public list: every row ends in one place, with one reason."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.registers import compare_roster, empty, read
from fairlot.registers.compare import REASONS

FIRST, SECOND, THIRD = "91350100M000100Y43", "91110000600037341L", "913101178683873800"


def roster(*rows):
    every = {"bureau_id": "310115", "sector": "水质", "uscc": "", "name": "", "site_address": "",
             "division_code": "310115", "cma_issue": "", "status": "存续"}  # fmt: skip
    return pd.DataFrame([every | row for row in rows])


def listed(*rows):
    return pd.DataFrame(list(rows)).fillna("")


def reasons(frame):
    return frame["reason"].tolist()


def test_a_site_that_is_missing_from_our_roster():
    ours = roster({"site_id": "S1", "uscc": FIRST, "name": "甲"})
    found = compare_roster(
        ours, listed({"uscc": FIRST, "name": "甲"}, {"uscc": SECOND, "name": "乙"})
    )
    assert found.matched.values.tolist() == [[1, "S1", "uscc+name", ""]]
    assert found.missing.values.tolist() == [[2, "", SECOND, "乙", "", "not_in_roster", ""]]
    assert (len(found.extra), len(found.late)) == (0, 0)


def test_a_site_that_the_list_does_not_have():
    ours = roster({"site_id": "S1", "uscc": FIRST}, {"site_id": "S2", "uscc": SECOND})
    found = compare_roster(ours, listed({"uscc": FIRST}))
    assert found.extra.values.tolist() == [["S2", SECOND, "", "not_on_list"]]


def test_a_code_of_several_sites_is_told_by_the_address_and_never_guessed():
    ours = roster(
        {"site_id": "S1", "uscc": FIRST, "name": "甲", "site_address": "甲路1号"},
        {"site_id": "S2", "uscc": FIRST, "name": "甲", "site_address": "乙路2号"},
    )
    found = compare_roster(ours, listed({"uscc": FIRST, "site_address": "乙路 ２号"}))
    assert found.matched.values.tolist() == [[1, "S2", "uscc+site_address", ""]]
    assert found.extra.values.tolist() == [["S1", FIRST, "甲", "other_site"]]
    unclear = compare_roster(ours, listed({"uscc": FIRST}))
    assert reasons(unclear.missing) == ["other_site"]
    assert reasons(unclear.extra) == ["other_site", "other_site"]


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ({"uscc": FIRST, "site_address": "甲路"}, {"uscc": FIRST, "site_address": "乙路"}, "moved"),
        ({"uscc": FIRST, "name": "甲"}, {"uscc": FIRST, "name": "乙"}, "renamed"),
        ({"uscc": FIRST, "status": "停业"}, {"uscc": FIRST}, "inactive"),
        ({"uscc": FIRST, "name": "甲"}, {"uscc": SECOND, "name": "甲"}, "not_in_roster"),
    ],
)
def test_the_reason_why_a_row_is_missing(ours, theirs, reason):
    found = compare_roster(roster({"site_id": "S1"} | ours), listed(theirs))
    assert reasons(found.missing) == [reason]
    assert found.missing["ours"].tolist() == ["" if reason == "not_in_roster" else "S1"]


def test_a_name_pairs_where_one_side_has_no_code():
    ours = roster({"site_id": "S1", "name": "甲检测（浦东）"})
    found = compare_roster(ours, listed({"uscc": FIRST, "name": "甲检测(浦东)"}))
    assert found.matched[["site_id", "by"]].values.tolist() == [["S1", "name"]]


def test_a_shared_site_id_settles_it_and_tells_what_differs():
    ours = roster({"site_id": "S1", "name": "甲", "uscc": FIRST})
    found = compare_roster(ours, listed({"site_id": "S1", "name": "乙", "uscc": FIRST}))
    assert found.matched.values.tolist() == [[1, "S1", "site_id", "name"]]


def test_rows_that_came_after_our_roster_was_closed_are_late_and_not_missing():
    ours = roster({"site_id": "S1", "uscc": FIRST})
    rows = listed(
        {"uscc": FIRST, "列入日期": "2024-01-05"},
        {"uscc": SECOND, "列入日期": "2024.07.11"},
        {"uscc": THIRD, "列入日期": "2024-07-01"},
    )
    found = compare_roster(ours, rows, as_of="2024-07-01")
    assert found.late.values.tolist() == [
        [2, "", SECOND, "", "2024-07-11", "2024-07-01", 10, "after_as_of"]
    ]
    assert found.missing["uscc"].tolist() == [THIRD]
    assert "date_form" in [problem.code for problem in found.problems]


def test_a_certificate_our_roster_dates_later_is_late():
    ours = roster({"site_id": "S1", "uscc": FIRST, "cma_issue": "2024-03-01"})
    found = compare_roster(ours, listed({"uscc": FIRST, "列入日期": "2024-02-01"}))
    assert found.late.values.tolist() == [
        [1, "", FIRST, "", "2024-02-01", "2024-03-01", 29, "dated_later"]
    ]
    assert len(found.matched) == 1


def test_the_summary_counts_every_reason_in_words():
    ours = roster({"site_id": "S1", "uscc": FIRST}, {"site_id": "S2", "uscc": SECOND})
    found = compare_roster(ours, listed({"uscc": THIRD}))
    english, chinese = REASONS["not_in_roster"]
    assert found.summary().values.tolist() == [
        ["missing", "not_in_roster", 1, english],
        ["extra", "not_on_list", 2, REASONS["not_on_list"][0]],
    ]
    assert found.summary("zh")["text"][0] == chinese


def test_a_row_that_names_no_site_is_refused_and_a_repeated_one_read_once():
    ours = roster({"site_id": "S1", "uscc": FIRST})
    with pytest.raises(InvalidInput, match="row 2: the row names no site; want a site_id"):
        compare_roster(ours, listed({"uscc": FIRST}, {"uscc": "", "site_address": "甲路"}))
    found = compare_roster(ours, listed({"uscc": FIRST}, {"uscc": FIRST}))
    assert len(found.matched) == 1
    (problem,) = [p for p in found.problems if p.code == "row_repeated"]
    assert problem.text() == "row 2: the rows 1, 2 are the same; read once"


def test_a_register_that_is_no_roster_is_refused():
    with pytest.raises(InvalidInput, match="sites is a register of officers; want one of sites"):
        compare_roster(empty("officers"), listed({"name": "甲"}))


def test_a_day_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="as_of is '2024-02-30'; want YYYY-MM-DD"):
        compare_roster(roster({"site_id": "S1"}), listed({"name": "甲"}), as_of="2024-02-30")


PARTS = st.fixed_dictionaries({
    "uscc": st.sampled_from(["", FIRST, SECOND]),
    "name": st.sampled_from(["甲", "乙"]),
    "site_address": st.sampled_from(["", "甲路", "乙路"]),
})  # fmt: skip


@given(st.lists(PARTS, min_size=1, max_size=5), st.lists(PARTS, min_size=1, max_size=5))
def test_every_row_and_every_site_ends_in_one_place(our_rows, their_rows):
    ours = read(roster(*({"site_id": f"S{i}"} | row for i, row in enumerate(our_rows))), "sites")
    found = compare_roster(ours, listed(*their_rows))
    once = [i for i, row in enumerate(their_rows, 1) if row not in their_rows[: i - 1]]
    assert sorted([*found.matched["list_row"], *found.missing["list_row"]]) == once
    paired = [*found.matched["site_id"], *filter(None, found.missing["ours"])]
    assert sorted([*paired, *found.extra["site_id"]]) == ours.frame["site_id"].tolist()
