"""Entries of the log and the calendar: one spelling each, and nothing else is read."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logged import announcement, digest, entry

from fairlot._base.errors import InvalidInput
from fairlot.public.calendar import Calendar, Foretold
from fairlot.public.entries import KINDS, Entry

LITERAL = (
    f'{{"@spec":"fairlot.log/v1 entry","authority":"示例局","digest":"{digest(1)}",'
    '"kind":"announcement","opens":"2026-12-01","period":"2026",'
    f'"rosters":"{digest(1001)}","round_time":1900000000,"scope":"检验检测","sequence":1,"task":"1"}}'
)
ROWS = tuple(Foretold("示例局", "检验检测", "2026", str(i), "2026-03-31") for i in (1, 2))


def test_an_announcement_is_these_bytes():
    made = announcement(opens="2026-12-01")
    assert made.encode().decode() == LITERAL
    assert Entry.decode(LITERAL.encode()) == made
    assert made.draw == ("示例局", "检验检测", "2026", "1")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "announcement"])
def test_others_have_seven_keys(kind):
    made = entry(kind)
    assert set(json.loads(made.encode())) == {
        "@spec", "kind", "authority", "scope", "period", "task", "digest",
    }  # fmt: skip
    assert Entry.decode(made.encode()) == made


def changed(**values):
    row = {**json.loads(LITERAL), **values}
    row = {name: value for name, value in row.items() if value is not ...}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@pytest.mark.parametrize(
    "cheat",
    [
        {"@spec": "fairlot.log/v2 entry"},
        {"@spec": ...},
        {"kind": "outcome"},
        {"kind": "party"},
        {"kind": ["announcement"]},
        {"authority": ""},
        {"authority": 5},
        {"authority": " 示例局"},
        {"authority": "示例局\n"},
        {"authority": "ｅｘａｍｐｌｅ"},
        {"authority": "a" * 201},
        {"task": ...},
        {"more": "1"},
        {"digest": "A" * 64},
        {"digest": "0" * 63},
        {"rosters": ""},
        {"sequence": 0},
        {"sequence": True},
        {"sequence": "1"},
        {"round_time": 253_402_300_800},
        {"opens": "2026-13-01"},
        {"opens": "20261201"},
        {"opens": 5},
    ],
    ids=str,
)
def test_entries_refused(cheat):
    with pytest.raises(InvalidInput):
        Entry.decode(changed(**cheat))


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b'"text"', LITERAL.encode() + b"\n", LITERAL.encode().replace(b":", b": ", 1),
     b"\xff", b"[" * 5000, b'{"@spec":"fairlot.log/v1 entry"' + b" " * 9000 + b"}"],
)  # fmt: skip
def test_bytes_refused(data):
    with pytest.raises(InvalidInput):
        Entry.decode(data)


@given(st.binary(max_size=80))
def test_hostile_bytes(data):
    with pytest.raises(InvalidInput):
        Entry.decode(data)
    with pytest.raises(InvalidInput):
        Calendar.decode(data)


@given(st.integers(0, len(LITERAL.encode()) - 1), st.integers(0, 255))
def test_no_two_spellings_of_one_entry(at, byte):
    data = bytearray(LITERAL.encode())
    data[at] = byte
    try:
        read = Entry.decode(bytes(data))
    except InvalidInput:
        return
    assert read.encode() == data


def test_only_announcements_have_a_round():
    with pytest.raises(InvalidInput, match="has sequence or round_time or opens or rosters"):
        Entry("outcome", "a", "b", "c", "d", digest(0), sequence=1)


def test_a_calendar_reads_back():
    calendar = Calendar(ROWS)
    data = calendar.encode()
    assert Calendar.decode(data) == calendar
    assert data.startswith(
        b'{"@spec":"fairlot.log/v1 calendar","rows":[{"announce_by":"2026-03-31",'
    )
    assert calendar.entry() == Entry("calendar", "示例局", "", "", "", sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((), "0 rows"),
        ((ROWS[1], ROWS[0]), "not in order"),
        ((ROWS[0], ROWS[0]), "not in order"),
        (
            (ROWS[0], Foretold("龙华局", "检验检测", "2026", "9", "2026-03-31")),
            "several authorities",
        ),
    ],
)
def test_calendars_refused(rows, why):
    with pytest.raises(InvalidInput, match=why):
        Calendar(tuple(rows))


@pytest.mark.parametrize(
    "cut",
    [
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data.replace(b"rows", b"rowz"),
        lambda data: data.replace(b"2026-03-31", b"2026-03-32", 1),
        lambda data: data.replace(b'"task":"1"', b'"task":1'),
        lambda data: data.replace(b'[{"announce', b'[[],{"announce'),
        lambda data: b'{"@spec":"fairlot.log/v1 calendar","rows":{}}\n',
        lambda data: b'{"@spec":"fairlot.log/v1 calendar","rows":[]}\n',
    ],
)
def test_calendar_files_refused(cut):
    with pytest.raises(InvalidInput):
        Calendar.decode(cut(Calendar(ROWS).encode()))
