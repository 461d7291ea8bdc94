"""The small record, made once in each view, in full and as the public sees it."""

import pytest
from small_record import PLAN, VIEWS, make


@pytest.fixture(scope="session")
def record() -> dict[str, bytes]:
    return make()


@pytest.fixture(scope="session")
def full() -> dict[str, dict[str, bytes]]:
    """The full record of every view."""
    return {view: make(f"{PLAN}\n{proof}\n") for view, proof in VIEWS.items()}
