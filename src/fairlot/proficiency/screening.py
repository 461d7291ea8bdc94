"""Which laboratories ISO 5725-2 sets aside before precision is computed, one step at a time."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.arrays import sealed
from fairlot.proficiency.batch import Batch
from fairlot.proficiency.cells import Cells, as_cells, means
from fairlot.proficiency.cochran import cochran
from fairlot.proficiency.grubbs import grubbs

__all__ = ["Screened", "SetAside", "screened"]

FEWEST = 3
"""Laboratories left below which a test says nothing."""


@dataclass(frozen=True)
class SetAside:
    """A laboratory and the test that it failed.

    test  "cochran", "grubbs" or "grubbs_pair"
    """

    label: Any
    test: str
    statistic: float
    critical: float
    verdict: str


@dataclass(frozen=True)
class Screened:
    """The laboratories kept, and the record.

    kept         results of the others, as a batch
    outliers     beyond 1 %, set aside in this order
    stragglers   beyond 5 %: marked, and kept
    """

    kept: Batch
    outliers: tuple[SetAside, ...]
    stragglers: tuple[SetAside, ...]
    edition: str = "iso5725-2:2019"
    algorithm: str = "screened/1"


def screened(results: Cells) -> Screened:
    """Set aside what Cochran's and Grubbs' tests find beyond 1 %, and mark what is beyond 5 %.

    results  by laboratory, for one level

    Cochran's test first, again as long as it finds an outlier; then Grubbs' test of the means
    likewise, for one, and where one alone is none, for two. The tests stop at three laboratories.
    What is set aside leaves the summary statistics only: the laboratory is scored like any other.

    ISO 5725-2:2019 7.3.

    >>> labs = {name: [10 + i / 10, 10.1 + i / 10] for i, name in enumerate("ABCDEFG")}
    >>> [(one.label, one.test) for one in screened(labs | {"H": [10.0, 13.0]}).outliers]
    [('H', 'cochran')]
    """
    batch = as_cells(results, 2)
    outliers: list[SetAside] = []
    stragglers: list[SetAside] = []
    for test in (_cochran, _grubbs):
        while found := test(batch):
            if found[0].verdict == "straggler":
                stragglers += found
                break
            outliers += found
            batch = _without(batch, [one.label for one in found])
    return Screened(batch, tuple(outliers), tuple(stragglers))


def _cochran(batch: Batch) -> list[SetAside]:
    if np.count_nonzero(batch.sizes > 1) < FEWEST:
        return []
    found = cochran(batch)
    critical = found.critical_1 if found.verdict == "outlier" else found.critical_5
    one = SetAside(found.suspect, "cochran", found.c, critical, found.verdict)
    return [one] if found.verdict != "none" else []


def _grubbs(batch: Batch) -> list[SetAside]:
    if len(batch) < FEWEST:
        return []
    averages = means(batch)
    found = grubbs(averages)
    critical = found.critical_1 if found.verdict == "outlier" else found.critical_5
    single = SetAside(batch.labels[found.suspect], "grubbs", found.g, critical, found.verdict)
    if found.verdict == "outlier":
        return [single]
    if found.pair_verdict != "none":
        order = np.argsort(averages)
        places = (order[-2:] if found.pair_high else order[:2]).tolist()
        u = min(found.u_high, found.u_low)
        outlier = found.pair_verdict == "outlier"
        limit = found.u_critical_1 if outlier else found.u_critical_5
        pair = [
            SetAside(batch.labels[k], "grubbs_pair", u, limit, found.pair_verdict) for k in places
        ]
        return pair if outlier or found.verdict == "none" else [single]
    return [single] if found.verdict == "straggler" else []


def _without(batch: Batch, labels: list[Any]) -> Batch:
    stays = np.array([label not in labels for label in batch.labels])
    values = batch.values[np.repeat(stays, batch.sizes)]
    starts = np.concatenate([[0], np.cumsum(batch.sizes[stays])])
    kept = tuple(label for label in batch.labels if label not in labels)
    return Batch(sealed(values), sealed(starts), kept)
