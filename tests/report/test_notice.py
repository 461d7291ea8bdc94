"""The notice: says what the record says, in two languages, loads nothing and escapes everything."""

import json
import re
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from notice_record import COVERAGE, DRAWN, PLAN, TEAMS, record

from fairlot._base.errors import InvalidInput
from fairlot.planning import RULES
from fairlot.report import coverage_svg, notice

VOID = {"meta", "input", "br", "img", "link"}
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


class Page(HTMLParser):
    """The tags of a page in order, its texts, and whether every tag was closed where it should."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def words(self):
        return re.sub(r"\s+", " ", "".join(self.texts))


def with_text(text):
    """Return a record in which everything that people write is ``text``."""
    plan = {**PLAN, **dict.fromkeys(("authority", "scope", "period", "task"), text)}
    drawn = ["S-1", text, text, text, text, text, "key", text, "1.000000000"]
    return record(plan={**plan, "key": {"sectors": [text]}}, drawn=[drawn],
                  teams=[("S-1", "officer", text, "True")])  # fmt: skip


def without_digest(words):
    return re.sub("SHA-256[0-9a-f]{64}", "SHA-256", words)


def test_page_is_balanced_and_the_same_bytes_from_the_same_files():
    files = record()
    page = Page(notice(files))
    assert page.open == []
    assert notice(dict(reversed(files.items()))) == notice(files)


def test_page_tells_the_figures_and_digests_of_the_record():
    files = record()
    words = Page(notice(files)).words
    digest = json.loads(files["outcome.json"])["announcement"]
    for told in ("示例市监管局", "testing institutions", "2024-001", "2024-07-12T01:00:00Z",
                 "2024-08-01 – 2024-11-30", "12.5%", "22.58%", "fairlot verify DIR", digest,
                 "5f" * 32, "1e" * 32, "nested_pivotal/1", "shanghai.example+90abd698+AZ"):  # fmt: skip
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
    assert without_digest(hostile.words) == without_digest(expected)


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
    assert "the authority declared it" not in words


@pytest.mark.parametrize("source", ["hex", "dice"])
def test_declared_randomness_is_told_as_declared(source):
    words = Page(notice(record(announced={"source": source}, out={source: "0123456789" * 4}))).words
    assert "0123456789" * 4 in words
    assert "the authority declared it" in words
    assert "extra “beacon”" not in words


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


@pytest.mark.parametrize("name", sorted(record()))
def test_missing_file_is_named(name):
    files = record()
    del files[name]
    with pytest.raises(InvalidInput, match=f"^{name} is missing"):
        notice(files)


@pytest.mark.parametrize("name", ["announcement.json", "coverage.csv", "drawn.csv", "teams.csv"])
def test_file_of_another_draw_is_refused(name):
    other = record(sequence=3, coverage=[*COVERAGE[1:]], drawn=DRAWN[:1], teams=TEAMS[:2])
    with pytest.raises(InvalidInput, match=f"^{name} is not the file that outcome.json names"):
        notice({**record(), name: other[name]})


def test_list_without_a_column_is_refused():
    with pytest.raises(InvalidInput, match=r"drawn\.csv lacks the columns pi"):
        notice(_sealed("drawn.csv", record()["drawn.csv"].replace(b",pi\r\n", b",p\r\n")))


def test_list_that_is_not_utf8_is_refused():
    with pytest.raises(InvalidInput, match=r"teams\.csv is not UTF-8"):
        notice(_sealed("teams.csv", "名".encode("gbk")))


def _sealed(name, data):
    """Return the record with other bytes under ``name`` and an outcome that names them."""
    files = {**record(), name: data}
    outcome = json.loads(files["outcome.json"])
    outcome["files"][name] = sha256(data).hexdigest()
    return {**files, "outcome.json": json.dumps(outcome).encode()}
