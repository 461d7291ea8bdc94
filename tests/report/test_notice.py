"""The notice: says what the record says, in two languages, loads nothing and escapes everything."""

import json
import re
from pathlib import Path

import pytest
from notice_page import Page
from notice_record import (
    COVERAGE,
    DRAWN,
    PLAN,
    ROUND,
    TEAMS,
    WEEKS,
    before,
    closed,
    record,
    recused,
    sealed,
)

from fairlot import public
from fairlot._base.errors import InvalidInput
from fairlot.planning import RULES
from fairlot.public import beacon
from fairlot.public.lottery import Kl8
from fairlot.report import coverage_svg, notice

PULSES = Path(__file__).parents[1] / "reference" / "data" / "proof.json"
LOADS = {"src", "srcset", "href", "xlink:href", "poster", "action", "data", "background"}

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></td><b>",
    "\" onmouseover=alert(1) x='",
    "{{7*7}}{% raw %}${x}",
    "%s %(x)s {0} {detail}",
    "&lt;b&gt;&amp;",
    "<!-- ]]> -->",
]


def with_text(text):
    """Return a record in which everything that people write is ``text``."""
    plan = {**PLAN, **dict.fromkeys(("authority", "scope", "period", "task"), text)}
    drawn = ["S-1", text, text, text, text, text, "key", text, "1.000000000"]
    files = record(
        plan={**plan, "key": {"sectors": [text]}, "proof": {"opens": "2024-12-31"}}, drawn=[drawn],
        teams=[("S-1", "officer", text, "True"), ("S-1", "specialist", "P-2", "False")],
        weeks=[("S-1", text, text, "False")], before=before(text, text, "乙"), more={"opening.json": b""},
    )  # fmt: skip
    return closed(recused(files, "S-1", "P-2", text), "S-1", text)


def without_digests(text):
    """Leave out what is made of the announcement's bytes."""
    return re.sub("(?<=SHA-256)[0-9a-f]{64}", "", text)


def test_page_is_balanced_and_the_same_bytes_from_the_same_files():
    files = record()
    page = Page(notice(files))
    assert page.open == []
    assert notice(dict(reversed(files.items()))) == notice(files)


def test_page_tells_the_figures_and_digests_of_the_record():
    files = record()
    words = Page(notice(files)).words
    digest = public.digest_of(files)
    for told in ("示例市监管局", "testing institutions", "2024-001", "2024-07-12T01:00:00Z",
                 "2024-08-01 – 2024-11-30", "12.5%", "22.58%", "fairlot verify DIR", digest,
                 "5f" * 32, "1e" * 32, "c4" * 32, "nested_pivotal/1", "shanghai.example+"):  # fmt: skip
        assert told in words, told
    for figure in ("64 名录库机构", "12 抽中机构", "2 检查组", "3 检查人员"):
        zh = figure.split(" ")[1]
        assert re.search(rf"{zh}[^0-9]*{figure.split(' ')[0]}\b", words), figure


def test_drawn_row_has_name_bureau_sector_reason_probability_and_team():
    words = Page(notice(record())).words
    row = words[words.index("示例一") : words.index("示例二")]
    for told in ("S-1", "913100000000000001", "310101", "食品检验", "重点领域全覆盖：食品检验",
                 "key sector 食品检验, covered in full", "1.000000000", "P-7", "P-8 借调 lent"):  # fmt: skip
        assert told in row, told
    assert "P-7 借调" not in row
    assert "P-9" in words[words.index("示例二") :]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_people_stays_text(text):
    plain, hostile = (Page(notice(with_text(given))) for given in ("plain", text))
    assert hostile.open == []
    assert hostile.tags == plain.tags
    expected = plain.words.replace("plain", text)
    assert without_digests(hostile.words) == without_digests(expected)


def test_a_name_that_runs_right_to_left_keeps_to_itself():
    name = "مختبر\u200fالاختبار"
    assert f"<bdi>{name}</bdi>" in notice(record(drawn=[(*DRAWN[0][:2], name, *DRAWN[0][3:])]))


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x00", "\x1b", "\x85"])
def test_text_cannot_turn_or_hide_what_stands_around_it(mark):
    page = notice(record(drawn=[(*DRAWN[0][:2], f"甲{mark}乙", *DRAWN[0][3:])]))
    assert mark not in page
    assert "<bdi>甲\ufffd乙</bdi>" in page


def test_page_loads_and_runs_nothing():
    text = notice(with_text("http://tracker.example/a.png"))
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "base"}
    attributes = [(name, value) for _, attrs in page.tags for name, value in attrs]
    assert not [name for name, _ in attributes if name in LOADS or name.startswith("on")]
    assert not re.search(r"url\(|@import", text)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in attributes


def test_everything_is_said_in_both_languages():
    page = Page(notice(record(sequence=2)))
    languages = [dict(attrs).get("lang") for tag, attrs in page.tags if tag != "html"]
    spoken = [language for language in languages if language]
    assert spoken[::2] == ["zh-Hans"] * (len(spoken) // 2)
    assert spoken[1::2] == ["en"] * (len(spoken) // 2)
    assert len(spoken) > 80


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_of_planning_is_told_in_both_languages(rule):
    words = Page(notice(record(drawn=[(*DRAWN[0][:6], rule.name, "{2024}", DRAWN[0][8])]))).words
    assert f"{rule.zh.format(detail='{2024}')} {rule.en.format(detail='{2024}')}" in words


def test_unknown_rule_is_refused():
    with pytest.raises(InvalidInput, match="names the rule 'mood'; want one of excluded") as caught:
        notice(record(drawn=[(*DRAWN[0][:6], "mood", "", DRAWN[0][8])]))
    assert "未知规则" in caught.value.text("zh")


def many(n):
    return [(f"N{i:05d}", *DRAWN[1][1:]) for i in range(1, n + 1)]


def test_list_of_3000_is_whole():
    words = Page(notice(record(drawn=many(3000)))).words
    assert "N03000" in words
    assert "stand here" not in words


def test_longer_list_says_what_is_shown_and_where_the_rest_is():
    words = Page(notice(record(drawn=many(3001)))).words
    assert "N03000" in words
    assert "N03001" not in words
    assert "共抽中 3,001 家，本页列出前 3,000 家；完整名单见同一文件夹中的 drawn.csv" in words
    assert (
        "Of 3,001 sites drawn the first 3,000 stand here; the whole list is in drawn.csv" in words
    )


def test_page_of_the_largest_draw_stays_under_two_megabytes():
    drawn = many(26_000)
    teams = [(row[0], seat, f"310115-{i:04d}", "False")
             for i, row in enumerate(drawn) for seat in ("specialist", "officer")]  # fmt: skip
    assert len(notice(record(drawn=drawn, teams=teams)).encode()) < 2_000_000


def test_beacon_is_told_with_its_time_and_the_extra_that_verifies_it():
    words = Page(notice(record())).words
    assert "2024-07-13T21:45:00Z" in words
    assert "that takes the extra “beacon”" in words
    assert "drand:9367912" in words


def test_lottery_is_told_with_its_numbers_and_that_witnesses_declare_them():
    draws = [{"issue": issue, "numbers": [*range(first, first + 20)]}
             for issue, first in (("2024187", 1), ("2024188", 61))]  # fmt: skip
    files = record(
        source=Kl8(("2024187", "2024188")),
        value={"draws": draws, "witnesses": ["公证处", "纪检组"]},
    )
    words = Page(notice(files)).words
    assert "福利彩票快乐8开奖号码" in words
    assert '"issue":"2024188","numbers":[61,62' in words
    assert "witnesses declare them" in words


def test_long_pulse_is_cut_and_its_certificate_not_vouched_for():
    pulse = json.loads(PULSES.read_text("utf-8"))["nist_beacon_2_0"]["pulses"][0]
    source = beacon.of_value({"pulse": pulse})
    words = Page(notice(record(source=source, value=source.canonical({"pulse": pulse})))).words
    assert "the randomness beacon NIST 2.0" in words
    assert "that the certificate under the pulse is NIST’s" in words
    assert re.search(r"Randomness: pulse\{.{399}…", words)


def test_what_is_not_shown_is_said():
    words = Page(notice(record())).words
    for told in ("需第三方时间戳", "a time stamp by someone else would show it", "需公开的公告日志",
                 "drawn only once", "bound by its signed digest and not made again"):  # fmt: skip
        assert told in words, told


def test_a_later_announcement_asks_for_the_earlier_ones():
    asked = "ask for the earlier ones"
    assert asked in notice(record(sequence=2))
    assert asked not in notice(record(sequence=1))


def test_page_holds_the_same_picture_as_the_readme():
    files = record()
    assert coverage_svg(files["coverage.csv"]) in notice(files)


def test_what_people_put_in_before_is_told():
    words = Page(notice(record(before=before("某公证处")))).words
    for told in ("ten-sided dice某公证处", "0123456789" * 4,
                 "备用信标 1 Fallback 1drand:9367919", "log.example/inspections",
                 "the public log named above shows it (--log)"):  # fmt: skip
        assert told in words, told
    assert "a public log of announcements would show it" not in words


@pytest.mark.parametrize("name", ["announcement.tsr", "announcement.log.json"])
def test_proof_by_somebody_else_is_told_with_what_it_takes_to_check_it(name):
    words = Page(notice(record(more={name: b"x"}))).words
    assert "unless you trust whoever saw it" in words
    assert "the time is the authority’s word, a time stamp" not in words


def test_an_event_that_nobody_else_saw_is_told_as_such():
    seen = recused(record(more={"announcement.tsr": b"x"}), "S-1", "P-8", "申请回避")
    assert "the time is the authority’s word, a time stamp" in notice(seen)
    seen = sealed({**seen, "event-001.log.json": b"x"})
    assert "the time is the authority’s word, a time stamp" not in notice(seen)


def test_switch_to_a_fallback_is_told():
    announced = beacon.Drand(ROUND - 100)
    switched = record(source=announced, taken=beacon.Drand(ROUND), before=before("甲"))
    assert "as witnesses sign in switch.txt" in notice(switched)
    assert "switch.txt" not in notice(record())


def test_week_is_shown_where_the_record_is_open_and_what_would_hide_it_is_said():
    words = Page(notice(record())).words
    row = words[words.index("示例一") : words.index("示例二")]
    assert "2024-08-29 – 2024-09-04" in row
    assert "no day of it" not in row
    assert "2024-10-03 – 2024-10-09该周无全组均到场的日期 no day of it" in words
    assert "a plan that seals its record until a day would keep it secret" in words


@pytest.mark.parametrize("name", sorted(record()))
def test_missing_file_is_named(name):
    files = record()
    del files[name]
    with pytest.raises(InvalidInput, match=f"^{name} is missing"):
        notice(files)


@pytest.mark.parametrize("name", sorted({*record()} - {"digests.txt"}))
def test_file_of_another_draw_is_refused(name):
    other = record(sequence=3, coverage=[*COVERAGE[1:]], drawn=DRAWN[:1], teams=TEAMS[:2],
                   weeks=WEEKS[:1])  # fmt: skip
    with pytest.raises(InvalidInput, match=f"{name} differs from the digest that was signed"):
        notice({**record(), name: other[name]})


def test_list_without_a_column_is_refused():
    lacking = record()["drawn.csv"].replace(b",pi\r\n", b",p\r\n")
    with pytest.raises(InvalidInput, match=r"drawn\.csv lacks the columns pi"):
        notice(sealed({**record(), "drawn.csv": lacking}))


def test_list_that_is_not_utf8_is_refused():
    with pytest.raises(InvalidInput, match=r"teams\.csv is not UTF-8"):
        notice(sealed({**record(), "teams.csv": "名".encode("gbk")}))
