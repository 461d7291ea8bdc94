"""The draw as it stands after some events: who goes where, and who can still be taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fairlot._base.errors import VerificationError
from fairlot.assignment import Teams
from fairlot.planning import Quotas
from fairlot.public.announced import Announced
from fairlot.sampling import Sample

__all__ = ["Stand"]


@dataclass(frozen=True)
class Stand:
    """The draw as it stands after some events.

    teams   of the drawn sites; those of a closed site keep their places, so nobody gains by it
    added   of every site that stands in for another
    drawn   rows of the roster that were drawn
    stood_in  rows that stand in for one of them, whether somebody could go there or not
    closed  sites to which nobody goes any more
    """

    announced: Announced
    quotas: Quotas
    teams: Teams
    drawn: frozenset[int]
    stood_in: frozenset[int] = frozenset()
    added: Mapping[str, Teams] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()

    @classmethod
    def first(cls, announced: Announced, quotas: Quotas, sample: Sample, teams: Teams) -> "Stand":
        """Return the draw as it was made."""
        return cls(announced, quotas, teams, frozenset(sample.index.tolist()))

    @property
    def out(self) -> frozenset[int]:
        """Rows of the roster that cannot be taken any more."""
        return self.drawn | self.stood_in

    def visiting(self, site: str) -> Teams:
        """Return the teams that the team of this site is one of."""
        return self.added.get(site, self.teams)

    def refuse_nobody(self, site: str) -> None:
        """Refuse a site to which nobody goes: it was not drawn, or is closed."""
        if site in self.closed or site not in {*self.teams.problem.tasks, *self.added}:
            raise VerificationError("nobody goes to site {site}", zh="没有检查组前往 {site}",
                                    site=site)  # fmt: skip

    def loads(self) -> dict[str, int]:
        """Return how many places everybody has."""
        found: dict[str, int] = {}
        for teams in (self.teams, *self.added.values()):
            for officer, load in zip(teams.problem.officers, teams.loads.tolist(), strict=True):
                found[officer] = found.get(officer, 0) + load
        return found
