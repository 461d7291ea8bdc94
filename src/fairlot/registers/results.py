"""The results of a round of proficiency testing: one row a reported value, cleaned, none dropped."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fairlot.registers.columns import Column
from fairlot.registers.measured import Measured, measured
from fairlot.registers.plain import plain
from fairlot.registers.problems import SENTENCES, Problem, refuse
from fairlot.registers.reading import read_table
from fairlot.registers.register import clean_table
from fairlot.registers.table import Unreadable
from fairlot.registers.units import known, power_of_ten, same_unit, scaled
from fairlot.registers.wide import long

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ATTEMPTS", "COLUMNS", "Results", "inspect_results", "read_results"]

COLUMNS = (
    Column("lab", ("实验室编号", "lab_code", "laboratory", "参加编号", "参加者编号", "参加代码", "机构编号", "机构代码"), "id", True),
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
    Column("round", ("轮次", "轮次编号", "round_id")),
    Column("reported_on", ("上报日期", "提交日期", "报告日期", "结果报送日期"), "date"),
)  # fmt: skip

ATTEMPTS = ("初测", "补测")
"""The first test, and the retest of those who failed or could not take part."""

_ATTEMPTS = {"first": "初测", "retest": "补测", "1": "初测", "2": "补测", "复测": "补测"}

CLEANED = ("measurand", "level", "attempt", "value", "unit", "u", "U", "k")
KEY = ["round", "lab", "measurand", "level", "replicate", "attempt"]


@dataclass(frozen=True, eq=False)
class Results:
    """Cleaned results, a row a reported value, in the order of the source.

    frame     the columns of ``COLUMNS``; measurand and level in Unicode form NFKC, as a scheme has
              them; numbers are decimal text as reported, in the unit of the scheme; ``form`` says "number", "below" (``value`` is the limit of "<L"),
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
            Chinese or English; one row a result, or a column for each measurand and level
    units   the unit of each (measurand, level), or of ("measurand", "") for all its levels, "" for
            none: values and uncertainties reported in another are turned into it, and listed; its
            names are those that a header of a column may begin with

    >>> import pandas as pd
    >>> table = pd.DataFrame({"实验室编号": ["L1", "L2"], "检测参数": "铅", "结果": ["520", "<0,1"],
    ...                       "单位": ["ug/kg", "mg/kg"]})
    >>> read_results(table, {("铅", ""): "mg/kg"}).frame[["lab", "form", "value"]].values.tolist()
    [['L1', 'number', '0.520'], ['L2', 'below', '0.1']]
    >>> wide = pd.DataFrame({"lab": ["L1"], "铅 S1": ["0.52"], "铅 S2(μg/kg)": ["ND"]})
    >>> read_results(wide, {("铅", ""): "mg/kg"}).frame[["level", "form"]].values.tolist()
    [['S1', 'number'], ['S2', 'not detected']]
    """
    results = inspect_results(source, units)
    refuse(results.problems)
    return results


def inspect_results(source: Any, units: Mapping[tuple[str, str], str] | None = None) -> Results:
    """Return what :func:`read_results` would, its errors among the problems instead of raised."""
    try:
        table, headers = long(read_table(source), COLUMNS, units or {})
    except Unreadable as unreadable:
        return _nothing(unreadable.problem)
    frame, rows, problems = clean_table(table, COLUMNS)
    sheet = _Sheet(
        {c.name: frame[c.name].tolist() for c in COLUMNS}, table.file, rows, headers, [*problems]
    )
    sheet.read_names()
    sheet.notice_names()
    sheet.read_values(units or {})
    sheet.read_uncertainties()
    sheet.refuse_repeated()
    cleaned = frame.assign(**{name: sheet.columns[name] for name in (*CLEANED, "form")})
    # A cell of a wide row belongs to each of its results, and is told about once.
    found = sorted(dict.fromkeys(sheet.problems), key=lambda problem: problem.row)
    return Results(cleaned, tuple(found), table.file, rows)


def _nothing(problem: Problem) -> Results:
    import pandas as pd

    return Results(
        pd.DataFrame(columns=[*(c.name for c in COLUMNS), "form"]), (problem,), problem.file
    )


@dataclass(eq=False)
class _Sheet:
    """The columns while they are read, and what was found in them."""

    columns: dict[str, list[Any]]
    file: str
    rows: Sequence[int]
    headers: Sequence[Mapping[str, str]]
    problems: list[Problem]
    powers: list[int] = field(default_factory=list)

    def row(self, i: int) -> int:
        return self.rows[i] if self.rows else i + 1

    def tell(self, i: int, column: str, code: str, got: str = "", want: str = "") -> None:
        severity, lab = SENTENCES[code][0], str(self.columns["lab"][i])
        header = self.headers[i % len(self.headers)].get(column, "")
        self.problems.append(
            Problem(severity, code, self.file, self.row(i), column, lab, got, want, header)
        )

    def read_names(self) -> None:
        """Read measurands, levels and stages."""
        for name in ("measurand", "level"):
            self.columns[name] = [plain(text) for text in self.columns[name]]
        read = [_ATTEMPTS.get(text.lower(), text) for text in self.columns["attempt"]]
        for i, attempt in enumerate(read):
            if attempt not in ATTEMPTS:
                self.tell(i, "attempt", "attempt", attempt, " / ".join(ATTEMPTS))
        self.columns["attempt"] = read

    def notice_names(self) -> None:
        """Notice a laboratory that has two names."""
        names: dict[str, list[str]] = {}
        for i, lab in enumerate(self.columns["lab"]):
            told, name = names.setdefault(lab, []), self.columns["name"][i]
            if name and name not in told:
                told.append(name)
                if len(told) > 1:
                    self.tell(i, "name", "laboratory_named_twice", ", ".join(told))

    def read_values(self, units: Mapping[tuple[str, str], str]) -> None:
        """Read the results, and turn them into the unit of the scheme."""
        given = [measured(text) for text in self.columns["value"]]
        for i, each in enumerate(given):
            if each.code:
                self.tell(i, "value", each.code, self.columns["value"][i], each.want)
        keys = zip(self.columns["measurand"], self.columns["level"], strict=True)
        wanted = [units.get(key, units.get((key[0], ""), "")) for key in keys]
        self.powers = [
            self.power(i, *pair) for i, pair in enumerate(zip(given, wanted, strict=True))
        ]
        written = list(zip(wanted, given, self.columns["unit"], strict=True))
        self.refuse_mixed([("" if want else each.unit or unit) for want, each, unit in written])
        self.columns["unit"] = [want or each.unit or unit for want, each, unit in written]
        self.columns["form"] = [each.form for each in given]
        self.columns["value"] = self.in_unit([each.value for each in given])

    def power(self, i: int, given: Measured, wanted: str) -> int:
        """Return the power of ten from the unit that was reported to the one of the scheme."""
        column = self.columns["unit"][i]
        if given.unit and column and not same_unit(given.unit, column):
            self.tell(i, "unit", "unit_twice", given.unit, column)
        unit = given.unit or column
        if given.unit and not wanted and not known(given.unit):
            self.tell(i, "value", "result_form", self.columns["value"][i], given.value)
        if not unit or not wanted or unit == wanted:
            return 0
        power = power_of_ten(unit, wanted)
        if power is None:
            self.tell(i, "unit", "unit_unknown", unit, wanted)
        elif power:
            self.tell(i, "unit", "unit_converted", unit, wanted)
        return power or 0

    def refuse_mixed(self, units: Sequence[str]) -> None:
        """Refuse units that differ where the scheme has none that they could be turned into."""
        first: dict[tuple[str, str], str] = {}
        keys = zip(self.columns["measurand"], self.columns["level"], strict=True)
        for i, (key, unit) in enumerate(zip(keys, units, strict=True)):
            if known(unit) and power_of_ten(unit, first.setdefault(key, unit)) != 0:
                self.tell(i, "unit", "unit_mixed", f"{first[key]}, {unit}")

    def in_unit(self, values: list[str]) -> list[str]:
        pairs = zip(values, self.powers, strict=True)
        return [scaled(value, power) if value and power else value for value, power in pairs]

    def read_uncertainties(self) -> None:
        """Read u, U and k of every row, in the unit of the scheme; u is U/k where it is not given."""
        for name in ("u", "U", "k"):
            texts = self.columns[name]
            self.columns[name] = [
                self.above_zero(i, name, text) if text else "" for i, text in enumerate(texts)
            ]
        three = zip(self.columns["u"], self.columns["U"], self.columns["k"], strict=True)
        self.columns["u"] = self.in_unit([self.standard(i, *row) for i, row in enumerate(three)])
        self.columns["U"] = self.in_unit(self.columns["U"])

    def above_zero(self, i: int, name: str, text: str) -> str:
        """Return a number above 0 as decimal text, "" where there is none."""
        read = measured(text)
        if read.form == "absent":
            return ""
        if read.form != "number" or Decimal(read.value) <= 0:
            self.tell(i, name, "coverage_factor" if name == "k" else "uncertainty", text, "2")
            return ""
        return read.value

    def standard(self, i: int, u: str, expanded: str, k: str) -> str:
        """Return the standard uncertainty of a row, "" where none can be told."""
        if expanded and not u and not k:
            self.tell(i, "U", "expanded_without_k", expanded, "2")
        if u and expanded and k and not _agree(u, expanded, k):
            self.tell(i, "U", "uncertainty_twice", f"u = {u}, U = {expanded}, k = {k}")
        return f"{Decimal(expanded) / Decimal(k):f}" if expanded and k and not u else u

    def refuse_repeated(self) -> None:
        """Refuse a value that a laboratory reports twice for one measurand, level and stage."""
        places: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
        for i, key in enumerate(zip(*(self.columns[name] for name in KEY), strict=True)):
            places[key].append(i)
        for at in places.values():
            if len(at) > 1:
                self.tell(
                    at[1], "value", "result_repeated", ", ".join(str(self.row(i)) for i in at)
                )


def _agree(u: str, expanded: str, k: str) -> bool:
    """Say whether U is k u as far as the figures that were written can tell."""
    product = Decimal(u) * Decimal(k)
    return abs(product - Decimal(expanded)) <= Decimal("0.05") * product
