"""快乐8: the text of two draws by RFC 3797's rule, witnesses, and what is never shown."""

import json
from datetime import UTC, datetime
from hashlib import md5
from math import comb, log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public.lottery import Kl8, key_string

RFC = json.loads((Path(__file__).parents[1] / "reference/data/proof.json").read_text("utf-8"))[
    "rfc3797"
]
KL8 = Kl8(("2024187", "2024188"))
FIRST, SECOND = list(range(61, 81)), list(range(20, 0, -1))
VALUE = {
    "draws": [{"issue": "2024187", "numbers": FIRST}, {"issue": "2024188", "numbers": SECOND}],
    "witnesses": ["王五", "李四"],
}


def selected(key, pool):
    """RFC 3797, section 4: MD5 of u16(i) || key || u16(i), modulo the rest, taken from the pool."""
    left = list(range(1, pool + 1))
    for i in range(len(RFC["out"])):
        ends = i.to_bytes(2, "big")
        digest = md5(ends + key.encode() + ends, usedforsecurity=False).hexdigest()
        yield {
            "md5": digest.upper(),
            "div": len(left),
            "selected": left.pop(int(digest, 16) % len(left)),
        }


def test_the_key_string_of_rfc_3797_and_what_it_selects():
    assert key_string(RFC["seeds"]) == RFC["key"]
    assert list(selected(RFC["key"], RFC["pool"])) == RFC["out"]


def test_the_randomness_byte_by_byte():
    want = (
        "61.62.63.64.65.66.67.68.69.70.71.72.73.74.75.76.77.78.79.80./"
        "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20./"
    )
    assert KL8.randomness(VALUE) == want.encode()


def test_the_entropy_that_is_stated():
    assert round(log2(comb(80, 20)), 1) == 61.6
    assert round(2 * log2(comb(80, 20)), 1) == 123.2


@given(st.permutations(range(1, 81)), st.permutations(["王五", "李四", "notary"]))
def test_neither_order_of_numbers_nor_of_witnesses_counts(balls, witnesses):
    drawn, other = balls[:20], balls[20:40]
    value = {
        "draws": [{"issue": i, "numbers": n} for i, n in zip(KL8.issues, (drawn, other), strict=True)],
        "witnesses": witnesses,
    }  # fmt: skip
    form = KL8.canonical(value)
    assert KL8.canonical(form) == form
    assert [draw["numbers"] for draw in form["draws"]] == [sorted(drawn), sorted(other)]
    assert form["witnesses"] == sorted(witnesses)
    assert KL8.randomness(form) == KL8.randomness(value)


def test_it_is_never_shown_and_says_what_would_show_it():
    verdict, why = KL8.attest(VALUE)
    assert verdict == "not shown"
    assert all(
        part in why["en"] for part in ("李四, 王五", "2024187 and 2024188", "published results")
    )
    assert all(part in why["zh"] for part in ("李四、王五", "2024187、2024188", "开奖公告"))


def test_the_time_is_the_earliest_that_the_first_can_come_out():
    # The 187th day of 2024 begins in Beijing as 5 July.
    assert datetime.fromtimestamp(KL8.time, UTC).isoformat() == "2024-07-04T16:00:00+00:00"
    KL8.refuse_if_known(datetime(2024, 7, 4, 15, 59, 59, tzinfo=UTC))
    with pytest.raises(InvalidInput, match="or later"):
        KL8.refuse_if_future(datetime(2024, 7, 5, 15, 59, 59, tzinfo=UTC))
    KL8.refuse_if_future(datetime(2024, 7, 5, 16, tzinfo=UTC))


def _draws(first=FIRST, issue="2024187"):
    return {**VALUE, "draws": [{"issue": issue, "numbers": first}, VALUE["draws"][1]]}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({}, "has two draws"),
        ({**VALUE, "more": 1}, "has two draws"),
        ({**VALUE, "draws": VALUE["draws"][:1]}, "has two draws"),
        ({**VALUE, "draws": VALUE["draws"][::-1]}, "issue is '2024188'; want '2024187'"),
        ({**VALUE, "draws": [1, 2]}, "want issue and numbers"),
        (_draws(issue=2024187), "issue is"),
        (_draws(FIRST[1:]), "want 20 different"),
        (_draws([*FIRST[1:], 80]), "want 20 different"),
        (_draws([*FIRST[1:], 81]), "want 20 different"),
        (_draws([*FIRST[1:], 0]), "want 20 different"),
        (_draws([*FIRST[1:], True]), "want 20 different"),
        (_draws([*FIRST[1:], "1"]), "want 20 different"),
        (_draws([*FIRST[1:], []]), "want 20 different"),
        (_draws("x" * 20), "want 20 different"),
        ({**VALUE, "witnesses": ["王五"]}, "two different names"),
        ({**VALUE, "witnesses": ["王五", "王五"]}, "two different names"),
        ({**VALUE, "witnesses": ["王五", ""]}, "two different names"),
        ({**VALUE, "witnesses": ["王五", "a\nb"]}, "two different names"),
        ({**VALUE, "witnesses": ["王五", 1]}, "two different names"),
        ({**VALUE, "witnesses": "王五李四"}, "two different names"),
        ({**VALUE, "witnesses": [[], []]}, "two different names"),
    ],
)
def test_values_refused(value, why):
    with pytest.raises(InvalidInput, match=why):
        KL8.randomness(value)


@pytest.mark.parametrize(
    "issues",
    [
        ("2024187",), ("2024188", "2024187"), ("2024187", "2024187"), ("2019001", "2024001"),
        ("2024000", "2024001"), ("2024187", "2024400"), ("24187", "24188"), ("２024187", "2024188"),
        ("2024187", "2024188", "2024189"), ("2024187", 2024188),
    ],
)  # fmt: skip
def test_issues_refused(issues):
    with pytest.raises(InvalidInput, match="快乐8 issues are"):
        Kl8(issues)
