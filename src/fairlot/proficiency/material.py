"""The checks of the test items that belong to a round: homogeneous before, and stable until after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.proficiency.homogeneity import Homogeneity, between_items, homogeneity
from fairlot.proficiency.level import Level, Told
from fairlot.proficiency.stability import stability
from fairlot.proficiency.terms import Measurand
from fairlot.registers.problems import refuse
from fairlot.registers.reading import name_of, read_table
from fairlot.registers.results import inspect_results
from fairlot.registers.table import Unreadable

__all__ = ["ITEM", "Items", "checks", "items", "refuse_strangers", "with_u_hom"]

ITEM = ("item", "瓶号", "物品编号", "测试物品编号")
"""Headers of the column that says which item was measured."""

Key = tuple[str, str]
Items = dict[Key, list[list[Fraction]]]
"""The replicates of every item, by measurand and level."""


@dataclass(frozen=True)
class _Source:
    frame: Any
    file: str
    rows: Sequence[int]


def items(source: Any, units: Mapping[Key, str]) -> Items:
    """Return the results of the items in a table, in the units of the scheme.

    source  path or frame with the columns of the results of laboratories, ``item`` (瓶号) for the
            laboratory: measurand, level, item, replicate, value, unit

    Raises InvalidInput for what cannot be read, and for a value that is no number.
    """
    if source is None:
        return {}
    table = _table(source)
    read = inspect_results(table.frame, units)
    named = [_placed(one, table) for one in read.problems]
    refuse(named)
    found: dict[Key, dict[str, list[Fraction]]] = {}
    for row in read.frame.sort_values("replicate", kind="stable").to_dict("records"):
        if row["form"] != "number":
            raise InvalidInput(
                "{file}: {measurand} {level}, item {item}: want a number",
                zh="{file}：{measurand} {level}，瓶号 {item}：应为数字",
                file=table.file or "items", measurand=row["measurand"], level=row["level"],
                item=row["lab"],
            )  # fmt: skip
        of = found.setdefault((row["measurand"], row["level"]), {})
        of.setdefault(row["lab"], []).append(Fraction(row["value"]))
    return {key: [*of.values()] for key, of in found.items()}


def _table(source: Any) -> _Source:
    """Return a source whose items stand where the laboratories of a round do."""
    import pandas as pd

    try:
        table = read_table(source)
    except Unreadable as unreadable:
        refuse([unreadable.problem])
        raise
    headers = ["lab" if name.strip() in ITEM else name for name in table.headers]
    frame = pd.DataFrame(dict(zip(headers, table.columns, strict=True)), dtype=object)
    return _Source(frame, name_of(source), table.rows)


def _placed(problem: Any, table: _Source) -> Any:
    row = table.rows[problem.row - 1] if problem.row else 0
    return replace(problem, file=table.file or "items", row=row)


def refuse_strangers(keys: Sequence[Key], known: Mapping[Key, Measurand]) -> None:
    """Refuse items of a measurand or level that nobody reported."""
    for measurand, level in keys:
        if (measurand, level) not in known:
            raise InvalidInput(
                "items of {measurand} {level}: nobody reported such a level; want one of {want}",
                zh="{measurand} {level} 的物品检验数据：没有实验室上报该样品，应为 {want} 之一",
                measurand=measurand, level=level, want=", ".join(map(" ".join, known)),
            )  # fmt: skip


def with_u_hom(terms: Measurand, key: Key, measured: Items) -> Measurand:
    """Return the terms of a level, u_hom being s_s of its items where the scheme says so."""
    if terms.u_hom != "homogeneity":
        return terms
    if key not in measured:
        raise InvalidInput(
            "u_hom of {measurand} {level} is taken from the homogeneity data; hand them in",
            zh="{measurand} {level} 的 u_hom 取自均匀性检验数据，应提供该数据",
            measurand=key[0], level=key[1],
        )  # fmt: skip
    s_s = between_items(measured[key])
    return terms.model_copy(update={"u_hom": f"{Decimal(repr(s_s)):f}"})


def checks(level: Level, before: Items, after: Items) -> Iterator[Told]:
    """Yield what the items of a level tell, held to its sigma_pt or delta_E."""
    key, terms = (level.measurand, level.level), level.terms
    one, two = before.get(key), after.get(key)
    if two and not one:
        raise InvalidInput(
            "the stability of {measurand} {level} wants the homogeneity data of the same level",
            zh="{measurand} {level} 的稳定性检验需有同一样品的均匀性检验数据",
            measurand=key[0], level=key[1],
        )  # fmt: skip
    sigma = level.ruler.sigma_pt if level.ruler else None
    held: dict[str, Any] = {"delta_e": terms.delta_e} if terms.delta_e else {"sigma_pt": sigma}
    if one and not any(held.values()):
        yield "unchecked", {}
    elif one:
        yield from _homogeneous(homogeneity(one, **held))
        if two:
            found = stability(one, two, **held)
            kind = "" if found.stable else "_expanded" if found.stable_expanded else None
            facts: dict[str, object] = {"d": f"{found.difference:.3g}", "limit": f"{found.limit:.3g}",
                     "expanded": f"{found.limit_expanded:.3g}"}  # fmt: skip
            yield "unstable" if kind is None else f"stable{kind}", facts


def _homogeneous(found: Homogeneity) -> Iterator[Told]:
    if found.cochran and found.cochran.verdict == "outlier":
        yield "odd_item", {"n": int(found.cochran.suspect) + 1}
    facts: dict[str, object] = {"g": found.g, "m": found.m, "s_s": f"{found.s_s:.3g}",
             "limit": f"{found.limit:.3g}", "expanded": f"{found.limit_expanded:.3g}"}  # fmt: skip
    if found.sufficient:
        yield "homogeneous", facts
    else:
        yield "homogeneous_expanded" if found.sufficient_expanded else "inhomogeneous", facts
