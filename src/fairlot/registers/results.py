"""The results of a round of proficiency testing: one row a reported value, cleaned, none dropped."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fairlot.registers.columns import Column
from fairlot.registers.measured import Measured, measured
from fairlot.registers.problems import SENTENCES, Problem, refuse
from fairlot.registers.reading import name_of
from fairlot.registers.register import read_columns
from fairlot.registers.units import power_of_ten, same_unit, scaled

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ATTEMPTS", "COLUMNS", "Results", "inspect_results", "read_results"]

COLUMNS = (
    Column("lab", ("实验室编号", "参加编号", "参加者编号", "参加代码", "机构编号", "机构代码"), "id", True),
    Column("name", ("实验室名称", "机构名称", "参加单位", "单位名称")),
    Column("measurand", ("检测参数", "参数", "检测项目", "项目", "分析物"), "text", True),
    Column("level", ("样品编号", "样品", "水平", "浓度水平"), "text", default="1"),
    Column("value", ("检测结果", "结果", "测定值", "测量值", "上报值", "result"), "text"),
    Column("unit", ("计量单位", "单位")),
    Column("u", ("标准不确定度", "u(x)", "u_x", "standard uncertainty")),
    Column("U", ("扩展不确定度", "U(x)", "U_x", "U95", "expanded uncertainty")),
    Column("k", ("包含因子", "扩展因子", "coverage factor")),
    Column("method", ("检测方法", "方法", "方法标准", "检测依据")),
    Column("replicate", ("重复号", "平行样", "平行", "重复测定"), "integer", default="1"),
    Column("attempt", ("测试阶段", "阶段", "测试类别"), default="初测"),
    Column("reported_on", ("上报日期", "提交日期", "报告日期", "结果报送日期"), "date"),
)  # fmt: skip

ATTEMPTS = ("初测", "补测")
"""The first test, and the retest of those who failed or could not take part."""

_ATTEMPTS = {"first": "初测", "retest": "补测", "1": "初测", "2": "补测", "复测": "补测"}

KEY = ["lab", "measurand", "level", "replicate", "attempt"]


@dataclass(frozen=True, eq=False)
class Results:
    """Cleaned results, a row a reported value, in the order of the source.

    frame     the columns of ``COLUMNS``; numbers are decimal text as reported, in the unit of the
              scheme; ``form`` says "number", "below" (``value`` is the limit of "<L"),
              "not detected" or "absent"; ``u`` is the standard uncertainty, U/k where only U and k
              were reported
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
            Chinese or English
    units   the unit of each (measurand, level), or of ("measurand", "") for all its levels: values
            and uncertainties reported in another are turned into it, and listed

    >>> import pandas as pd
    >>> table = pd.DataFrame({"实验室编号": ["L1", "L2"], "检测参数": "铅", "结果": ["520", "<0,1"],
    ...                       "单位": ["ug/kg", "mg/kg"]})
    >>> read_results(table, {("铅", ""): "mg/kg"}).frame[["lab", "form", "value"]].values.tolist()
    [['L1', 'number', '0.520'], ['L2', 'below', '0.1']]
    """
    results = inspect_results(source, units)
    refuse(results.problems)
    return results


def inspect_results(source: Any, units: Mapping[tuple[str, str], str] | None = None) -> Results:
    """Return what :func:`read_results` would, its errors among the problems instead of raised."""
    frame, rows, problems = read_columns(source, COLUMNS)
    sheet = _Sheet(frame, name_of(source), rows, list(problems))
    frame["attempt"] = [sheet.attempt(i, text) for i, text in enumerate(frame["attempt"])]
    given = [measured(text) for text in frame["value"]]
    wanted = [
        _unit(units or {}, *key) for key in zip(frame["measurand"], frame["level"], strict=True)
    ]
    powers = [sheet.power(i, *pair) for i, pair in enumerate(zip(given, wanted, strict=True))]
    frame["form"] = [each.form for each in given]
    frame["value"] = [
        sheet.value(i, *pair) for i, pair in enumerate(zip(given, powers, strict=True))
    ]
    sheet.uncertainties(powers)
    sheet.once()
    found = sorted(sheet.problems, key=lambda problem: problem.row)
    return Results(sheet.frame, tuple(found), sheet.file, rows)


def _unit(units: Mapping[tuple[str, str], str], measurand: str, level: str) -> str:
    return units.get((measurand, level), units.get((measurand, ""), ""))


@dataclass(eq=False)
class _Sheet:
    """The rows while they are read, and what was found in them."""

    frame: "pd.DataFrame"
    file: str
    rows: Sequence[int]
    problems: list[Problem]

    def tell(self, i: int, column: str, code: str, got: str = "", want: str = "") -> None:
        lab = str(self.frame["lab"].iat[i])
        row = self.rows[i] if self.rows else i + 1
        found = Problem(SENTENCES[code][0], code, self.file, row, column, lab, got, want)
        self.problems.append(found)

    def attempt(self, i: int, text: str) -> str:
        read = _ATTEMPTS.get(text.lower(), text)
        if read not in ATTEMPTS:
            self.tell(i, "attempt", "attempt", text, " / ".join(ATTEMPTS))
        return read

    def power(self, i: int, given: Measured, wanted: str) -> int:
        """Return the power of ten from the unit that was reported to the one of the scheme."""
        column = str(self.frame["unit"].iat[i])
        if given.unit and column and not same_unit(given.unit, column):
            self.tell(i, "unit", "unit_twice", given.unit, column)
        unit = given.unit or column
        power = power_of_ten(unit, wanted) if unit and wanted else 0
        if power is None:
            self.tell(i, "unit", "unit_unknown", unit, wanted)
        elif power:
            self.tell(i, "unit", "unit_converted", unit, wanted)
        self.frame.loc[self.frame.index[i], "unit"] = wanted or unit
        return power or 0

    def value(self, i: int, given: Measured, power: int) -> str:
        if given.code:
            self.tell(i, "value", given.code, str(self.frame["value"].iat[i]), given.want)
        return scaled(given.value, power) if given.value and power else given.value

    def uncertainties(self, powers: Sequence[int]) -> None:
        """Read u, U and k of every row, in the unit of the scheme; u is U/k where it is not given."""
        columns = [[self.number(i, name) for i in range(len(powers))] for name in ("u", "U", "k")]
        rows = [self.uncertainty(i, *three) for i, three in enumerate(zip(*columns, strict=True))]
        for name, at in (("u", 0), ("U", 1)):
            self.frame[name] = [
                scaled(row[at], power) if row[at] else ""
                for row, power in zip(rows, powers, strict=True)
            ]
        self.frame["k"] = columns[2]

    def number(self, i: int, name: str) -> str:
        """Return a number above 0 as decimal text, "" where there is none."""
        text = str(self.frame[name].iat[i])
        read = measured(text)
        if not read.value and read.form == "absent":
            return ""
        if read.form != "number" or Decimal(read.value) <= 0:
            self.tell(i, name, "uncertainty" if name != "k" else "coverage_factor", text, "2")
            return ""
        return read.value

    def uncertainty(self, i: int, u: str, expanded: str, k: str) -> tuple[str, str]:
        if expanded and not u and not k:
            self.tell(i, "U", "expanded_without_k", expanded, "2")
        if u and expanded and k and not _agree(u, expanded, k):
            self.tell(i, "U", "uncertainty_twice", f"u = {u}, U = {expanded}, k = {k}")
        if expanded and k and not u:
            u = f"{(Decimal(expanded) / Decimal(k)):f}"
        return u, expanded

    def once(self) -> None:
        """Refuse a value that a laboratory reports twice for one measurand, level and stage."""
        places: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
        for i, key in enumerate(self.frame[KEY].itertuples(index=False, name=None)):
            places[key].append(i)
        for at in places.values():
            if len(at) > 1:
                lines = ", ".join(str(self.rows[i] if self.rows else i + 1) for i in at)
                self.tell(at[1], "value", "result_repeated", lines)


def _agree(u: str, expanded: str, k: str) -> bool:
    """Say whether U is k u as far as the figures that were written can tell."""
    product = Decimal(u) * Decimal(k)
    return abs(product - Decimal(expanded)) <= Decimal("0.05") * product
