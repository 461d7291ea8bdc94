"""How every site stands in a draw: all that its quota and its chance follow from."""

import pandas as pd

from fairlot.planning import rules
from fairlot.planning.terms import Terms

__all__ = ["standings"]

LABELS = {"site_id": "site", "bureau_id": "bureau_id", "sector": "sector", "credit_class": "class"}


def standings(plan: Terms, sites: pd.DataFrame) -> pd.DataFrame:
    """Return one row a site, row for row with ``sites``, the deciding table of sites.

    site                      what the site is called in the record
    bureau_id, sector, class  its groups in the selection
    rule                      the rule that applies, before what the quota itself decides
    key                       whether it is a key site
    weight                    the multiplier of its class, as the plan writes it
    detail                    what is told of the rule (a class, a date, a number); nothing follows
                              from it, and no record commits to it

    >>> plan = Terms(spec="fairlot.plan/v1", authority="bureau", scope="testing", period="2024",
    ...              task="1", as_of="2024-07-01", weights={"C": "2"},
    ...              visits={"first": "2024-08-01", "last": "2024-11-30"})
    >>> sites = pd.DataFrame({"site_id": ["S1", "S2"], "bureau_id": "P", "sector": "water",
    ...     "credit_class": "C", "is_key": False, "listed": [False, True], "last_inspected": "",
    ...     "visits_ytd": 0, "status": "", "counted": ""})
    >>> standings(plan, sites)[["site", "class", "rule", "weight", "detail"]].to_numpy().tolist()
    [['S1', 'C', 'weighted', '2', 'C x2'], ['S2', 'C', 'listed', '2', '']]
    """
    rule, detail = rules.apply(plan, sites)
    return (
        sites[[*LABELS]]
        .rename(columns=LABELS)
        .assign(
            rule=pd.Series(rule, sites.index, dtype=object),
            key=rules.key(plan, sites),
            weight=sites["credit_class"].map(plan.weights.of).astype(object),
            detail=pd.Series(detail, sites.index, dtype=object),
        )
    )
