"""The page refuses what the library refuses: the same mutations, by the same steps."""

import sys
from pathlib import Path
from random import Random

import pytest

from fairlot._base.errors import InvalidInput

sys.path.append(str(Path(__file__).parents[1] / "tampering"))

from complete_record import NOW, VIEWS, World, world
from mutations import Mutation, mutations

SHARE = 30  # of each record, in CI


def failing(js, made: World, files) -> set[str]:
    """The steps that fail in the page; a name that no record has is refused before them."""
    pins = made.known.pins
    told = {"key": made.known.key, "logs": [pins.log], "witnesses": [*pins.witnesses],
            "stamps": pins.stamps.decode()}  # fmt: skip
    try:
        steps = js("tests/record.js", "verdicts", files, int(NOW.timestamp()), told)
    except InvalidInput as error:
        assert "does not belong to a record" in str(error)  # noqa: PT017 - any other is a fault
        return {"files", "signature"}
    return {step["step"] for step in steps if step["verdict"] == "fails"}


def refused(js, tried: list[Mutation], made: World) -> None:
    wrong = {}
    for one in tried:
        failed = failing(js, made, one.files)
        if not one.steps & failed:
            wrong[one.name] = sorted(one.steps), sorted(failed)
    assert not wrong, f"{len(wrong)} of {len(tried)}"


@pytest.mark.parametrize("view", VIEWS)
def test_an_untampered_record_is_refused_by_no_step(js, view):
    made = world(view)
    assert failing(js, made, made.files) == set()


@pytest.mark.parametrize("view", VIEWS)
def test_a_share_of_all_mutations_is_refused_by_the_right_step(js, view):
    refused(js, Random(6).sample(list(mutations(view)), SHARE), world(view))


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_thousands_of_mutations_are_refused_by_the_right_step(js, view):
    every = list(mutations(view))
    assert len(every) > 5000
    refused(js, Random(7).sample(every, 800), world(view))
