"""The pseudonymous view: what is left of a roster when its sites are not to be named.

Selection, quotas and teams are drawn from these tables just as from the open ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import compress

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from fairlot._base.errors import InvalidInput
from fairlot.planning.deciding import SCHEMAS, Tables, in_order
from fairlot.planning.standings import standings
from fairlot.planning.terms import Terms

__all__ = ["check_shown", "merged", "veiled"]

FEWEST = 10
"""Sites left to chance that a published group has at least, wherever its bureau has as many."""
MERGED = "-"
LABELS = ("sector", "class")


def veiled(tables: Tables, pseudonyms: Mapping[str, str]) -> Tables:
    """Return the tables with every site under its pseudonym, and small groups merged.

    tables      of the open view
    pseudonyms  of every site, by site_id

    ``standings`` and ``sites`` stand in the order of the pseudonyms, still row for row. Conflicts
    name the pseudonyms of the sites that they bind, each of an institution's several; those that
    bind none are left out. What the rules have decided shows no sector, class or weight, which
    decide nothing there. Of what is left to chance, by bureau:

    - a sector of fewer than ten sites is "-"; while those that are "-" are fewer than ten together,
      the next smallest sector joins them
    - classes are shown in a sector, or in "-", where each of them there has ten sites or more;
      otherwise all of them there are "-"

    So no group of fewer than ten sites left to chance can be told by its labels, except in a bureau
    that has no more. Everything the quotas follow from remains visible: bureau, rule, whether a
    site that a rule decides is key, and the weight of each one left to chance. Whoever knows a
    site's bureau and sector therefore knows which weights there are among its group (all of them
    may be alike), and who alone in a bureau is key, excluded, listed or lately visited is known by
    that. Visible too: who, under another name, is in conflict with which pseudonym, and that
    pseudonyms with one and the same conflict may be sites of one institution. A pseudonym that
    becomes known, as those drawn do, gives all this away for its site and for no other.
    """
    shown = merged(tables.standings)
    names = _column((pseudonyms[site] for site in shown["site"]), shown.index)
    order = np.argsort(names.to_numpy(), kind="stable")
    return replace(
        tables,
        standings=shown.assign(site=names).iloc[order].reset_index(drop=True),
        sites=tables.sites.iloc[order].reset_index(drop=True),
        conflicts=_renamed(tables.conflicts, _named(tables.sites, pseudonyms)),
    )


def merged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return standings with the labels that :func:`veiled` shows; sites keep their names."""
    rows, chance = _closed(rows), rows["rule"] == "weighted"
    pairs = [*zip(rows["bureau_id"], rows["sector"], strict=True)]
    small = _small_sectors(Counter(compress(pairs, chance)))
    sector = (MERGED if pair in small else pair[1] for pair in pairs)
    rows = rows.assign(sector=_column(sector, rows.index))
    cells = [*zip(rows["bureau_id"], rows["sector"], rows["class"], strict=True)]
    sizes = Counter(compress(cells, chance))
    mixed = {cell[:2] for cell, size in sizes.items() if size < FEWEST}
    shown = (MERGED if cell[:2] in mixed else cell[2] for cell in cells)
    return rows.assign(**{"class": _column(shown, rows.index)})


def check_shown(plan: Terms, tables: Tables, index: ArrayLike) -> None:
    """Refuse rows whose public columns are not what the plan makes of their private ones.

    index  positions of the rows whose private columns are known; in the open view, all

    Raises InvalidInput with the first column at fault and its first site. In the pseudonymous view a merged
    label passes: that it had to be merged is seen by who knows every row.
    """
    rows, veil = np.asarray(index, dtype=np.int64), plan.proof.view == "pseudonymous"
    shown, sites = tables.standings.iloc[rows].reset_index(drop=True), tables.sites.iloc[rows]
    made = standings(plan, sites.reset_index(drop=True))
    made = _closed(made).assign(site=shown["site"]) if veil else made
    _refuse_twice(sites["site_id"])
    for column in SCHEMAS["standings"]:
        wrong = shown[column] != made[column]
        if veil and column in LABELS:
            wrong &= shown[column] != MERGED
        if wrong.any():
            at = int(np.argmax(wrong))
            raise InvalidInput(
                "{column} of {site} is {got!r}; from its own columns follows {want!r}",
                zh="{site} 的 {column} 为 {got!r}，按其自身各列应为 {want!r}",
                column=column, site=shown["site"][at], got=shown[column][at], want=made[column][at],
            )  # fmt: skip


def _refuse_twice(sites: pd.Series) -> None:
    twice = sites[sites.duplicated()].tolist()
    if twice:
        raise InvalidInput("{site} stands there twice", zh="{site} 重复", site=twice[0])


def _closed(rows: pd.DataFrame) -> pd.DataFrame:
    """Hide what decides nothing: labels and weight under a rule, and "key" where none applies."""
    chance = rows["rule"] == "weighted"
    return rows.assign(
        sector=rows["sector"].where(chance, MERGED),
        **{"class": rows["class"].where(chance, MERGED)},
        key=rows["key"] & ~chance,
        weight=rows["weight"].where(chance, "1"),
        detail="",
    )


def _column(cells: Iterable[str], index: pd.Index) -> pd.Series:
    return pd.Series([*cells], index, dtype=object)


def _small_sectors(sizes: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """Return, by bureau, the sectors below ten sites, and the next ones until ten are together."""
    small: set[tuple[str, str]] = set()
    together: Counter[str] = Counter()
    for pair, size in sorted(sizes.items(), key=lambda item: (item[1], item[0])):
        if size < FEWEST or 0 < together[pair[0]] < FEWEST:
            small.add(pair)
            together[pair[0]] += size
    return small


def _named(sites: pd.DataFrame, pseudonyms: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the pseudonyms of the sites that an id or a code stands for."""
    named: dict[str, list[str]] = defaultdict(list)
    for site, uscc in zip(sites["site_id"], sites["uscc"], strict=True):
        for name in {site, uscc} - {""}:
            named[name].append(pseudonyms[site])
    return named


def _renamed(conflicts: pd.DataFrame, named: Mapping[str, list[str]]) -> pd.DataFrame:
    targets = [named.get(target, []) for target in conflicts["target"]]
    rows = conflicts.assign(target=pd.Series(targets, dtype=object)).explode("target")
    rows = rows[rows["target"].notna()].drop_duplicates()
    return in_order(rows, SCHEMAS["conflicts"])
