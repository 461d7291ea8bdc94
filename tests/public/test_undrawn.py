"""An announcement that waits for its draw: what is there is judged, what is to come is not shown."""

from datetime import timedelta

import pytest
from small_record import DUE, NOW, PLAN, SIGNER, VIEWS, announced, found, make, rewritten, shown

from fairlot import public
from fairlot._base.errors import VerificationError
from fairlot.public.folder import ANNOUNCED, BOUND, DIGESTS, OUTCOME

Record = dict[str, bytes]

TO_COME = [
    "randomness", "beacon", "custodians", "probabilities", "selection", "chances", "teams",
    "schedule", "coverage", "results", "outcome", "replacements",
]  # fmt: skip
UNSEEN = {"notice", "time", "unique"}
EARLY = DUE - timedelta(days=365)


@pytest.fixture(scope="module", params=VIEWS)
def waiting(request: pytest.FixtureRequest) -> tuple[str, Record]:
    """The full announcement of every view."""
    return request.param, announced(f"{PLAN}\n{VIEWS[request.param]}\n")


def not_shown(files: Record, **known: object) -> set[str]:
    """The steps that are not shown; no step fails."""
    checks = public.verify(files, now=EARLY, known=public.Known(**known))  # type: ignore[arg-type]
    return {check.step for check in checks if check.verdict == "not shown"}


def test_nothing_fails_and_what_is_to_come_is_not_shown(waiting: tuple[str, Record]) -> None:
    assert not_shown(waiting[1], audit=True) == {*TO_COME, *UNSEEN}


def test_the_public_sees_as_much(waiting: tuple[str, Record]) -> None:
    view, full = waiting
    sealed = {"registers", "disclosure"} if "sealed" in view else set()
    assert not_shown(shown(full, opened=False)) == {*TO_COME, *UNSEEN, *sealed}


def test_the_note_tells_when_the_beacon_is_due() -> None:
    files = announced()
    early, late = (found(files, now)["randomness"].note for now in (EARLY.replace(year=2023), NOW))
    assert early["en"] == "not drawn yet: drand:9367912 comes out at 2024-07-13T21:45:00Z"
    assert early["zh"] == "尚未抽取：drand:9367912 将于 2024-07-13T21:45:00Z 公布"
    assert late["en"] == (
        "not drawn yet, though drand:9367912 was due at 2024-07-13T21:45:00Z; "
        "outcome.json would show it"
    )
    assert found(files)["teams"].note == {"en": "not drawn yet", "zh": "尚未抽取"}


def test_what_is_wrong_with_an_announcement_still_fails(waiting: tuple[str, Record]) -> None:
    _, full = waiting
    assert found({**full, "opening.json": b"{}\n"})["signature"].verdict == "fails"
    other = rewritten(full, "opening", announcement="00" * 32)
    assert found(other)["registers"].verdict == "fails"
    late = found(rewritten(full, "announcement", announced_at="2024-07-13T22:00:00Z"))
    assert late["time"].verdict == "fails"


@pytest.mark.parametrize("name", [*ANNOUNCED[1:], DIGESTS])
def test_every_file_of_an_announcement_must_be_there(name: str) -> None:
    files = announced()
    check = found({n: d for n, d in files.items() if n != name})["files"]
    assert (check.verdict, check.note["en"]) == ("fails", f"{name} is missing")


@pytest.mark.parametrize("name", [*OUTCOME[1:7], *BOUND, "event-001.json"])
def test_whatever_follows_a_draw_asks_for_the_outcome(name: str) -> None:
    """An outcome that was taken away does not turn a record into an announcement."""
    drawn = make()
    files = {**announced(), name: drawn.get(name, b"{}\n")}
    check = found(public.seal(files, SIGNER))["files"]
    assert check.verdict == "fails"
    assert "outcome.json" in check.note["en"]


def test_a_sealed_announcement_past_its_day_fails() -> None:
    sealed = next(proof for view, proof in VIEWS.items() if "sealed" in view)
    files = shown(announced(f"{PLAN}\n{sealed}\n"), opened=False)
    with pytest.raises(VerificationError, match="was to be opened on"):
        public.verify(files, now=DUE)
