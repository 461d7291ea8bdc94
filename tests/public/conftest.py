"""The small record, made once."""

import pytest
from small_record import make


@pytest.fixture(scope="session")
def record() -> dict[str, bytes]:
    return make()
