"""The scheme: a TOML file that says how a round is scored, the same for everyone who holds it."""

from functools import cached_property

from fairlot.proficiency.terms import Measurand, Terms

__all__ = ["Scheme"]


class Scheme(Terms):
    """Everything that decides the scores of a round; its digest stands in every report.

    >>> scheme = Scheme.parse('''
    ... spec = "fairlot.pt/v1"
    ... provider = "example provider"
    ... round = "PT-2026-03"
    ... title = "lead in soil"
    ... issued = 2026-06-30
    ... measurands = [{ name = "Pb", unit = "mg/kg", sigma = { method = "percent", percent = 10 } }]
    ... ''')
    >>> scheme.of_level("Pb", "high").value.method, scheme.grades.labels
    ('algorithm_a', ('满意', '可疑', '不满意'))
    """

    noun = ("scheme", "评价方案")

    @cached_property
    def _by_level(self) -> dict[tuple[str, str], Measurand]:
        return {(each.name, each.level): each for each in self.measurands}

    def has(self, measurand: str, level: str) -> bool:
        """Say whether the scheme has terms for a measurand at a level."""
        return not {(measurand, level), (measurand, "")}.isdisjoint(self._by_level)

    def of_level(self, measurand: str, level: str) -> Measurand:
        """Return the terms of a measurand at a level: its own, or those for all of its levels."""
        own = self._by_level.get((measurand, level))
        return own or self._by_level[measurand, ""]

    def units(self) -> dict[tuple[str, str], str]:
        """Return the unit of every (measurand, level), as reading the results wants them."""
        return {key: terms.unit for key, terms in self._by_level.items()}
