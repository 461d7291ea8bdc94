"""Write the example round: results.csv and scheme.toml of 38 invented laboratories, 13 measurands,
and what the provider measured of its own items: homogeneity.csv before, stability.csv after.

    python examples/pt/make_round.py            # the same bytes every time

Every laboratory, value and fault is invented. The faults are those that a provider meets: results
below a limit, other units, a decimal comma, a blunder of a factor ten, absences, and retests.
"""

from pathlib import Path
from random import Random

HERE = Path(__file__).parent
LABS, SEED = 38, 13528

MEASURANDS = {  # name: unit, value of each sample, sigma_pt in percent, decimals
    "铅": ("mg/kg", (21.4, 86.0), 10, 1),
    "镉": ("mg/kg", (0.083, 0.92), 15, 3),
    "砷": ("mg/kg", (6.2, 18.9), 10, 2),
    "汞": ("mg/kg", (0.031, 0.41), 20, 3),
    "铬": ("mg/kg", (58.0, 141.0), 10, 1),
    "铜": ("mg/kg", (17.6, 64.2), 8, 1),
    "锌": ("mg/kg", (71.0, 236.0), 8, 1),
    "镍": ("mg/kg", (24.8, 77.5), 8, 1),
    "钴": ("mg/kg", (9.6, 21.7), 10, 2),
    "钒": ("mg/kg", (64.3, 118.0), 10, 1),
    "锑": ("mg/kg", (0.62, 2.35), 20, 3),
    "铍": ("mg/kg", (1.45, 3.30), 12, 2),
    "pH": ("", (6.42, 7.88), 0, 2),
}
REFERENCE = {"铅": ("21.6", "0.25", "85.4", "0.9"), "镉": ("0.0836", "0.0016", "0.925", "0.012")}


def rows(rng: Random) -> list[list[str]]:
    """Return the table of results, headers first."""
    table = [
        [
            "实验室编号",
            "实验室名称",
            "检测参数",
            "样品",
            "结果",
            "单位",
            "U",
            "k",
            "检测方法",
            "测试阶段",
        ]
    ]
    for i in range(LABS):
        code, name = f"PT{i + 1:02d}", f"虚构检测实验室{i + 1:02d}"
        skill, method = (
            rng.choice((0.6, 0.8, 0.8, 1.1, 1.8)),
            rng.choice(("ICP-MS", "ICP-OES", "AAS")),
        )
        for name_of, terms in MEASURANDS.items():
            for level, cells in enumerate(_cells(rng, i, name_of, terms, skill), start=1):
                how = "电位法" if name_of == "pH" else method
                table.append([code, name, name_of, f"S{level}", *cells, how, "初测"])
    return table + _retests(table)


def _cells(rng, lab, name, terms, skill):
    """Yield result, unit, U and k for each sample of a measurand."""
    unit, values, percent, decimals = terms
    bias = rng.gauss(0, 0.5) * skill
    for value in values:
        sigma = value * percent / 100 if percent else 0.06
        x = value + sigma * (bias + rng.gauss(0, 0.75) * skill)
        expanded = sigma * rng.uniform(0.7, 1.4)
        yield _written(lab, name, value, x, expanded, unit, decimals)


def _written(lab, name, value, x, expanded, unit, decimals):
    if lab == 16:
        return ["缺席", unit, "", ""]
    if lab == 4 and name == "汞" and value < 0.1:
        return ["<0.02", unit, "", ""]
    if lab == 9 and name == "镉" and value < 0.1:
        return ["未检出(<0.1)", unit, "", ""]
    if lab == 21 and name == "锌":
        return [f"{10 * x:.{decimals}f}", unit, f"{10 * expanded:.{decimals + 1}f}", "2"]
    if lab == 27 and name == "镉":
        return [f"{1000 * x:.0f}", "μg/kg", f"{1000 * expanded:.1f}", "2"]
    if lab == 30 and name == "铜":
        return [f"{x:.{decimals}f}".replace(".", ","), unit, "", ""]
    return [f"{x:.{decimals}f}", unit, f"{expanded:.{decimals + 1}f}", "2"]


def _retests(table):
    """The laboratory of the blunder and one more take part again."""
    again = [row for row in table if row[0] in ("PT22", "PT17") and row[2] in ("锌", "铅")]
    values = {
        ("锌", "S1"): "72.1",
        ("锌", "S2"): "231.0",
        ("铅", "S1"): "21.9",
        ("铅", "S2"): "61.0",
    }
    return [[*row[:4], values[row[2], row[3]], row[5], "", "", row[8], "补测"] for row in again]


def of_items(rng: Random, items: int) -> list[list[str]]:
    """Return duplicates of some bottles of the samples that have a reference value."""
    table = [["瓶号", "检测参数", "样品", "重复号", "结果", "单位"]]
    for name in REFERENCE:
        unit, values, percent, decimals = MEASURANDS[name]
        for level, value in enumerate(values, start=1):
            sigma = value * percent / 100
            for item in range(1, items + 1):
                bottle = value + rng.gauss(0, 0.1) * sigma
                for replicate in (1, 2):
                    x = bottle + rng.gauss(0, 0.15) * sigma
                    cells = str(replicate), f"{x:.{decimals + 1}f}", unit
                    table.append([f"B{item:02d}", name, f"S{level}", *cells])
    return table


SCHEME = """\
# How the example round is scored. Whoever holds this file scores it to the same figures.
spec = "fairlot.pt/v1"
provider = "虚构能力验证提供者"
round = "PT-2026-03"
title = "土壤中 12 种元素和 pH 的测定"
issued = 2026-06-30

[grades]                      # |z| <= 2 满意, < 3 可疑, >= 3 不满意
limits = ["2", "3"]
labels = ["满意", "可疑", "不满意"]
at_limit = ["better", "worse"]

[verdict]                     # one 不满意, two 可疑 or a sample left out fail a measurand
labels = ["合格", "不合格"]
fails = { "不满意" = 1, "可疑" = 2, "缺席" = 1 }
by = "measurand"

[followup]                    # who is ordered to correct, within how many working days
grades = ["可疑", "不满意"]
working_days = 30
"""


def scheme() -> str:
    """Return the scheme of the round."""
    parts = [SCHEME]
    for name, (unit, _, percent, _) in MEASURANDS.items():
        sigma = f'{{ method = "percent", percent = "{percent}" }}' if percent else (
            '{ method = "fixed", sigma_pt = "0.06" }')  # fmt: skip
        head = f'\n[[measurands]]\nname = "{name}"\nunit = "{unit}"\nsigma = {sigma}\n'
        if name in REFERENCE:
            x1, u1, x2, u2 = REFERENCE[name]
            for level, x_pt, u in (("S1", x1, u1), ("S2", x2, u2)):
                value = f'value = {{ method = "reference", x_pt = "{x_pt}", u = "{u}" }}\n'
                parts.append(head.replace("unit", f'level = "{level}"\nunit', 1) + value)
        else:
            method = "hampel" if name in ("汞", "锑") else "algorithm_a"
            parts.append(f'{head}value = {{ method = "{method}" }}\n')
    return "".join(parts)


def write(name: str, table: list[list[str]]) -> None:
    """Write a table as Excel saves it: a byte order mark, CRLF, commas within quotes."""
    quoted = ([f'"{cell}"' if "," in cell else cell for cell in row] for row in table)
    text = "".join(",".join(row) + "\r\n" for row in quoted)
    (HERE / name).write_bytes(b"\xef\xbb\xbf" + text.encode())


if __name__ == "__main__":
    write("results.csv", rows(Random(SEED)))
    write("homogeneity.csv", of_items(Random(SEED + 1), 10))
    write("stability.csv", of_items(Random(SEED + 2), 3))
    (HERE / "scheme.toml").write_text(scheme(), encoding="utf-8", newline="\n")
