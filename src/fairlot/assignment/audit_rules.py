"""Every rule on its own: kept, on how many things, or broken and where."""

from dataclasses import dataclass

import pandas as pd

from fairlot._base.errors import InvalidInput
from fairlot.assignment.problem import Problem
from fairlot.assignment.team_check import RULES
from fairlot.assignment.teams import Teams

__all__ = ["Kept", "Rules", "rules_of"]

WORDS = {
    "en": ("all {n} rules are kept by the {places} places", "rule {rule!r} is broken: {fault}"),
    "zh": ("{places} 个名额遵守全部 {n} 项规则", "违反规则 {rule!r}：{fault}"),
}


@dataclass(frozen=True)
class Kept:
    """One rule: its name, how many things it was checked on, and the first fault, None if kept."""

    rule: str
    checked: int
    fault: InvalidInput | None = None


@dataclass(frozen=True)
class Rules:
    """All rules, in the order they are checked."""

    each: tuple[Kept, ...]

    @property
    def kept(self) -> bool:
        """Whether every rule is kept."""
        return all(rule.fault is None for rule in self.each)

    def text(self, lang: str = "en") -> str:
        """Return one line, or a line for each broken rule, in ``lang`` ("en" or "zh")."""
        kept, broken = WORDS[lang]
        if self.kept:
            return kept.format(n=len(self.each), places=self.each[0].checked)
        faults = ((one.rule, one.fault.text(lang)) for one in self.each if one.fault)
        return "\n".join(broken.format(rule=rule, fault=fault) for rule, fault in faults)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per rule: rule, checked, kept, fault."""
        return pd.DataFrame(
            {
                "rule": [one.rule for one in self.each],
                "checked": [one.checked for one in self.each],
                "kept": [one.fault is None for one in self.each],
                "fault": [str(one.fault or "") for one in self.each],
            }
        )


def rules_of(problem: Problem, teams: Teams, replaced: bool = False) -> Rules:
    """Return what each rule says of ``teams``; ``replaced`` as for ``check_teams``.

    Raises InvalidInput where they do not even fill the places with officers of the problem.
    """
    (first, places), *others = RULES.items()
    found = [Kept(first, places(problem, teams))]
    for name, rule in others:
        if replaced and name == "own":
            continue
        try:
            found.append(Kept(name, rule(problem, teams)))
        except InvalidInput as fault:
            found.append(Kept(name, 0, fault))
    return Rules(tuple(found))
