"""The dirty roster: rows of the clean one, each broken in one way, with what should be found.

A row whose ``expected_error`` is empty is right, however odd it looks.
"""

from collections.abc import Callable, Mapping, Sequence

from fairlot.registers._shanghai_facts import Table

__all__ = ["ROWS", "dirty"]

ROWS = 60

Row = dict[str, str]
Change = str | Callable[[Row, Row], str]
"""A new text, or how to make it from the row and the row before."""

HEADERS = {
    "uscc": "统一社会信用代码", "division_code": "行政区划代码", "sector": "领域",
    "credit_class": "信用等级", "last_inspected": "上次检查日期", "status": "登记状态",
}  # fmt: skip
"""As tables put together by hand have it, some headers are Chinese."""

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _wide(text: str) -> str:
    return text.translate(WIDE)


def _wrong_check(row: Row, _: Row) -> str:
    body, check = row["uscc"][:-1], row["uscc"][-1]
    return body + ("0" if check != "0" else "1")


def _before(name: str) -> Change:
    """Return the change that copies a cell of the row before."""
    return lambda _, before: before[name]


DEFECTS: Sequence[tuple[str, Mapping[str, Change]]] = (
    # 统一社会信用代码.
    ("uscc_numeric", {"uscc": "9.13101E+17"}),
    ("uscc_rounded", {"uscc": "913101155512345000"}),
    ("uscc_form", {"uscc": lambda row, _: row["uscc"].lower()}),
    ("uscc_form", {"uscc": lambda row, _: f"{row['uscc'][:8]} {row['uscc'][8:]}"}),
    ("uscc_lookalike", {"uscc": lambda row, _: row["uscc"].replace("0", "O")}),
    ("uscc_lookalike", {"uscc": lambda row, _: row["uscc"].replace("1", "I")}),
    ("full_width", {"uscc": lambda row, _: _wide(row["uscc"])}),
    ("padding", {"uscc": lambda row, _: row["uscc"] + "  "}),
    ("uscc_check", {"uscc": _wrong_check}),
    ("uscc_length", {"uscc": lambda row, _: row["uscc"][:-1]}),
    ("uscc_alphabet", {"uscc": lambda row, _: row["uscc"].replace("MA9Y", "MA9Z")}),
    ("blank", {"uscc": ""}),
    # One code at two addresses is two sites; under one address it is probably one, twice.
    ("", {}),
    ("", {name: _before(name) for name in ("uscc", "name")}),
    ("", {}),
    ("probable_duplicate", {name: _before(name) for name in ("uscc", "name", "site_address")}),
    # Ids, bureau, division.
    ("", {}),
    ("id_twice", {"site_id": _before("site_id")}),
    ("missing", {"site_id": ""}),
    ("id_numeric", {"site_id": "3.10115E+11"}),
    ("id_alphabet", {"site_id": "浦东1号"}),
    ("", {"site_id": "00310115"}),
    ("id_zero_lost", {"site_id": "310116"}),
    ("missing", {"bureau_id": ""}),
    ("full_width", {"bureau_id": lambda row, _: _wide(row["bureau_id"])}),
    ("blank", {"division_code": ""}),
    # Credit class.
    ("class_form", {"credit_class": "a"}),
    ("full_width", {"credit_class": "Ａ"}),
    ("class_form", {"credit_class": "B级"}),
    ("class_form", {"credit_class": "未评级"}),
    ("blank_mark", {"credit_class": "/"}),
    ("class", {"credit_class": "E"}),
    ("", {"credit_class": ""}),
    # Dates.
    ("date_form", {"last_inspected": "2021.10.12"}),
    ("date_form", {"last_inspected": "2021/10/12"}),
    ("date_form", {"last_inspected": "2021年10月12日"}),
    ("date_serial", {"last_inspected": "44481"}),
    ("date_impossible", {"last_inspected": "2023-02-30"}),
    ("date", {"last_inspected": "去年"}),
    # Sectors and status.
    ("sector_synonym", {"sector": "环境监测"}),
    ("sector_synonym", {"sector": "机动车检测"}),
    ("sector_many", {"sector": "食品检验;水质"}),
    ("missing", {"sector": ""}),
    ("status_synonym", {"status": "在营"}),
    ("status", {"status": "吊销"}),
    ("default_used", {"status": ""}),
    # Numbers that weigh, and flags.
    ("decimal", {"risk_score": "NaN"}),
    ("negative", {"risk_score": "-12.5"}),
    ("", {"risk_score": "0"}),
    ("integer", {"staff": "约40"}),
    ("negative", {"visits_ytd": "-1"}),
    ("number_form", {"visits_ytd": "1.0"}),
    ("flag", {"is_key": "也许"}),
    # Texts.
    ("padding", {"name": lambda row, _: f"\u3000{row['name']}"}),
)  # fmt: skip


def dirty(clean: Table) -> Table:
    """Return institutions_dirty.csv: the defects above, then whole rows up to 60."""
    rows = _whole_rows(clean)
    expected = [code for code, _ in DEFECTS] + [""] * (ROWS - len(DEFECTS))
    for i, (_, changes) in enumerate(DEFECTS):
        new = {name: _made(change, rows[i], rows[i - 1]) for name, change in changes.items()}
        rows[i].update(new)
    table = {HEADERS.get(name, name): [row[name] for row in rows] for name in clean}
    return table | {"expected_error": expected}


def _whole_rows(clean: Table) -> list[Row]:
    """Return open, rated sites whose owner has no other, so that each defect stands alone."""
    rows = [dict(zip(clean, cells, strict=True)) for cells in zip(*clean.values(), strict=True)]
    codes = clean["uscc"]
    lone = [row for row in rows if row["credit_class"] and row["status"] == "存续"
            and row["last_inspected"] and codes.count(row["uscc"]) == 1]  # fmt: skip
    return lone[:: len(lone) // ROWS][:ROWS]


def _made(change: Change, row: Row, before: Row) -> str:
    return change if isinstance(change, str) else change(row, before)
