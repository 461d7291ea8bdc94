"""From the rules of a plan to the problem of its teams, and what is told of the chances in it.

One way, for public draws and for private use.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from fairlot.assignment import Chances, Problem, effective_officers
from fairlot.planning.deciding import Tables
from fairlot.planning.terms import Terms
from fairlot.registers.problems import refuse, report

__all__ = ["choice", "named_sites", "problem_of"]


def problem_of(
    plan: Terms,
    tables: Tables,
    index: ArrayLike,
    *,
    departments: Mapping[str, Sequence[str]] | None = None,
    appointed: Mapping[str, Sequence[str]] | None = None,
) -> Problem:
    """Return who may take which seat at the sites in the rows ``index`` of ``tables``.

    index        rising positions; the private columns (``tables.sites``) of other rows are not
                 looked at, so they may be unknown, as they are in the pseudonymous view
    departments  by site, the departments that take part in a joint visit
    appointed    by site, people who go there whatever is drawn

    Sites are called as in ``tables.standings``. Raises InvalidInput for a plan that lends officers to a bureau without any site, and what
    ``Problem.from_registers`` refuses.
    """
    sites, known = named_sites(tables, index), set(tables.standings["bureau_id"])
    strange = sorted(set(plan.team.support) - known)  # a slip, which would pass for no help at all
    refuse(report("borrower_unknown", "team.support", got=bureau) for bureau in strange)
    last = dict(zip(sites["site_id"], sites["last_team"].str.split(";"), strict=True))
    return Problem.from_registers(
        sites,
        tables.officers,
        tables.conflicts,
        tables.absences,
        team=plan.team.rules(),
        window=(plan.visits.first, plan.visits.last),
        experts=tables.experts,
        last_teams={site: team for site, team in last.items() if team != [""]},
        departments=departments,
        appointed=appointed,
    )


def named_sites(tables: Tables, index: ArrayLike) -> pd.DataFrame:
    """Return the private columns in the rows ``index``, every site under its published name."""
    rows = np.asarray(index, dtype=np.int64)
    sites = tables.sites.iloc[rows].reset_index(drop=True)
    return sites.assign(site_id=tables.standings["site"].to_numpy(object)[rows])


def choice(plan: Terms, chances: Chances) -> pd.DataFrame:
    """Return how much is left to chance at each site, one row a site in the order of the problem.

    Columns: site_id, bureau_id, places (those of officers and experts), eligible and effective
    (officers, see ``effective_officers``; the second as text with two decimals, cut) and
    below_floor: the plan asks for more effective officers than there are.
    """
    problem = chances.problem
    found = effective_officers(chances)
    places = np.zeros(len(problem.tasks), np.int64)
    np.add.at(places, problem.seat_task, problem.quota)
    asked, of = Fraction(plan.team.effective_floor).as_integer_ratio()
    return pd.DataFrame(
        {
            "site_id": pd.Series(problem.tasks, dtype=object),
            "bureau_id": problem.bureau.astype(object),
            "places": places,
            "eligible": found.eligible,
            "effective": pd.Series(found.written, dtype=object),
            "below_floor": [n * of < 100 * asked for n in found.hundredths.tolist()],
        }
    )
