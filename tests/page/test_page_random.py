"""Random whole draws, made in Python and done again by the page: the same bytes, step by step.

The page makes every list of a record anew and compares it byte for byte with the one published, so
a step that holds there says that both made the same file.
"""

from collections import Counter
from datetime import UTC, datetime
from functools import cache

import pytest
from random_records import NOW, made

from fairlot import public

SHARE, ALL = 20, 300
SEALED = datetime(2024, 8, 1, tzinfo=UTC)  # before the custodians speak
OUTCOME = (
    "probabilities", "selection", "chances", "teams", "schedule", "coverage", "results", "outcome",
)  # fmt: skip
EVERY = {
    "drand", "nist", "kl8", "switch", "human", "lock", "open", "pseudonymous", "sealed", "sha256",
    "sm3", "free", "leximin", "rotation none", "rotation officer", "support", "limits", "leads",
    "experts", "denominators", "recusal", "closure", "waiting",
}  # fmt: skip

NOBODY = {"key": "", "logs": [], "witnesses": [], "stamps": "", "audit": False}

one = cache(made)


def agrees(js, files, now):
    """Assert that both come to the same verdicts, none of them a failure; return them."""
    want = {check.step: check.verdict for check in public.checks(files, now=now)}
    steps = js("tests/record.js", "verdicts", files, int(now.timestamp()), NOBODY)
    wrong = {step["step"]: step["note"] for step in steps if step["verdict"] != want[step["step"]]}
    assert not wrong
    assert "fails" not in want.values()
    return want


def replayed(js, seed):
    """Assert that the record of a seed comes out alike: by turns what auditors and what all see."""
    record = one(seed)
    found = agrees(js, record.full if seed % 2 else record.shown, NOW)
    assert {found[step] for step in OUTCOME} == {"holds"}
    if record.sealed:
        assert agrees(js, record.sealed, SEALED)["disclosure"] == "not shown"


@pytest.mark.parametrize("seed", range(SHARE))
def test_a_random_draw_comes_out_alike(js, seed):
    replayed(js, seed)


def test_the_share_has_records_of_every_kind():
    found = Counter(kind for seed in range(SHARE) for kind in one(seed).has)
    assert set(found) == EVERY


@pytest.mark.slow
@pytest.mark.parametrize("first", range(SHARE, ALL, SHARE))
def test_three_hundred_random_draws_come_out_alike(js, first):
    for seed in range(first, min(first + SHARE, ALL)):
        replayed(js, seed)
