"""Not one changed byte passes: every mutation is refused, by the step that names the fault."""

from random import Random

import pytest
from complete_record import NOW, VIEWS, failing, world
from mutations import FREE, free, mutations

from fairlot import public

SHARE = 60  # of each record, in CI


@pytest.mark.parametrize("view", VIEWS)
def test_an_untampered_record_is_refused_by_no_step(view):
    made = world(view)
    verdicts = {c.step: c.verdict for c in public.checks(made.files, now=NOW, known=made.known)}
    assert set(verdicts.values()) == {"holds", "not shown"}
    assert [step for step, verdict in verdicts.items() if verdict == "not shown"] == ["unique"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_share_of_all_mutations_is_refused_by_the_right_step(view):
    refused(Random(5).sample([*mutations(view)], SHARE), world(view))


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_free_is_listed_with_its_reason(view):
    made = world(view)
    changed = dict(free(made))
    assert changed.keys() == FREE.keys()
    for what, files in changed.items():
        assert files != made.files
        assert not failing(made, files), what


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_every_mutation_is_refused_by_the_right_step(view):
    every = [*mutations(view, 1 if view == "open" else 3)]
    assert len(every) > 700
    refused(every, world(view))


def refused(tried, made):
    wrong = {}
    for one in tried:
        failed = failing(made, one.files)
        if not one.steps & failed.keys():
            wrong[one.name] = sorted(one.steps), failed
    assert not wrong, f"{len(wrong)} of {len(tried)}"
