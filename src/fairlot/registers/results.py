"""The results of a round of proficiency testing: one row a reported value, cleaned, none dropped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fairlot.registers.columns import Column
from fairlot.registers.headers import match_headers
from fairlot.registers.names_of_results import ATTEMPTS, read_names
from fairlot.registers.problems import Problem, refuse, report
from fairlot.registers.reading import read_table
from fairlot.registers.register import clean_table
from fairlot.registers.sheet_of_results import Sheet
from fairlot.registers.table import Table, Unreadable
from fairlot.registers.uncertainties_of_results import read_uncertainties
from fairlot.registers.values_of_results import read_values
from fairlot.registers.wide import long

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ATTEMPTS", "COLUMNS", "LAB", "NAME", "Results", "inspect_results", "read_results"]

LAB = Column(
    "lab",
    ("实验室编号", "lab_code", "laboratory", "参加编号", "参加者编号", "参加代码", "机构编号", "机构代码"),
    "code", True,
)  # fmt: skip
NAME = Column("name", ("实验室名称", "机构名称", "参加单位", "单位名称"))

COLUMNS = (
    LAB,
    NAME,
    Column("measurand", ("检测参数", "参数", "检测项目", "项目", "分析物"), "text", True),
    Column("level", ("样品编号", "样品", "水平", "浓度水平"), "text", default="1"),
    Column("value", ("检测结果", "结果", "测定值", "测量值", "上报值", "检测值", "数值", "result")),
    Column("unit", ("计量单位", "单位")),
    Column("u", ("标准不确定度", "u(x)", "u_x", "standard uncertainty")),
    Column("U", ("扩展不确定度", "U(x)", "U_x", "U95", "expanded uncertainty")),
    Column("k", ("包含因子", "扩展因子", "coverage factor")),
    Column("method", ("检测方法", "方法", "方法标准", "检测依据")),
    Column("replicate", ("重复号", "平行样", "平行", "重复测定"), "integer", default="1"),
    Column("attempt", ("测试阶段", "阶段", "测试类别"), default=ATTEMPTS[0]),
    Column("round", ("轮次", "轮次编号", "round_id")),
    Column("reported_on", ("上报日期", "提交日期", "报告日期", "结果报送日期"), "date"),
)  # fmt: skip

CLEANED = ("measurand", "level", "attempt", "value", "unit", "u", "U", "k")


@dataclass(frozen=True, eq=False)
class Results:
    """Cleaned results, a row a reported value, in the order of the source.

    frame     the columns of ``COLUMNS``; measurand and level in Unicode form NFKC, as a scheme has
              them; numbers are decimal text as reported, in the unit of the scheme; ``form`` says
              "number", "below" (``value`` is the limit of "<L"), "not detected" or "absent"; ``u``
              is the standard uncertainty, U/k where only U and k were reported
    problems  every repair and warning, in the order of rows
    source    name of the file, "" for a frame
    rows      row number in the source of each row of ``frame``
    """

    frame: "pd.DataFrame"
    problems: tuple[Problem, ...] = ()
    source: str = ""
    rows: Sequence[int] = ()


def read_results(source: Any, units: Mapping[tuple[str, str], str] | None = None) -> Results:
    """Return the results in ``source``, or refuse it with every error at once.

    source  path to .csv, .tsv, .xlsx or .parquet, or a pandas, polars or pyarrow frame; headers in
            Chinese or English; one row a result, or a column for each measurand and level, or
            beside a measurand column one for each replicate (结果1, 结果2) or level (S1, S2)
    units   the unit of each (measurand, level), or of ("measurand", "") for all its levels, "" for
            none: values and uncertainties reported in another are turned into it, and listed; its
            names are those that a header of a column may begin with

    >>> import pandas as pd
    >>> table = pd.DataFrame({"实验室编号": ["L1", "L2"], "检测参数": "铅", "结果": ["520", "<0,1"],
    ...                       "单位": ["ug/kg", "mg/kg"]})
    >>> read_results(table, {("铅", ""): "mg/kg"}).frame[["lab", "form", "value"]].values.tolist()
    [['L1', 'number', '0.520'], ['L2', 'below', '0.1']]
    >>> wide = pd.DataFrame({"lab": ["L1"], "铅 S1(mg/kg)": ["0.52"], "铅 S2(μg/kg)": ["ND"]})
    >>> read_results(wide, {("铅", ""): "mg/kg"}).frame[["level", "form"]].values.tolist()
    [['S1', 'number'], ['S2', 'not detected']]
    """
    results = inspect_results(source, units)
    refuse(results.problems)
    return results


def inspect_results(source: Any, units: Mapping[tuple[str, str], str] | None = None) -> Results:
    """Return what :func:`read_results` would, its errors among the problems instead of raised."""
    try:
        written = read_table(source)
        table, headers = long(written, COLUMNS, units or {})
    except Unreadable as unreadable:
        return _nothing(unreadable.problem)
    frame, rows, problems = clean_table(table, COLUMNS)
    columns = {column.name: frame[column.name].tolist() for column in COLUMNS}
    sheet = Sheet(columns, table.file, rows, headers, [*problems, *_unread(table, written)])
    read_names(sheet, units or {})
    read_values(sheet, units or {})
    read_uncertainties(sheet)
    cleaned = frame.assign(**{name: sheet.columns[name] for name in (*CLEANED, "form")})
    # A cell of a wide row belongs to each of its results, and is told about once.
    found = sorted(dict.fromkeys(sheet.problems), key=lambda problem: problem.row)
    return Results(cleaned, tuple(found), table.file, rows)


def _unread(table: Table, written: Table) -> Iterator[Problem]:
    """Yield what keeps results from being read at all: no column for them, or another sheet."""
    names = match_headers(table.headers, COLUMNS)
    if "value" not in names:
        left = [header for header, name in zip(table.headers, names, strict=True) if not name]
        want = next(" / ".join((c.name, *c.zh)) for c in COLUMNS if c.name == "value")
        got = ", ".join(filter(None, left)) or "-"
        yield report("value_missing", table.file, row=table.top, got=got, want=want)
    for name, headers in written.others.items():
        same = list(headers) == list(written.headers)
        if same or {"lab", "value"} <= set(match_headers(headers, COLUMNS)):
            yield report("sheet_alike", table.file, got=name)


def _nothing(problem: Problem) -> Results:
    import pandas as pd

    return Results(
        pd.DataFrame(columns=[*(c.name for c in COLUMNS), "form"]), (problem,), problem.file
    )
