"""Randomness that comes after a draw: two draws of 快乐8, as two witnesses declare them."""

import random
from datetime import UTC, datetime

from fairlot.public.canonical import Json
from fairlot.public.lottery import Kl8

DRAWS = Kl8(("2024250", "2024251"))
RECORDED = datetime(2024, 7, 20, 9, tzinfo=UTC)


def answer(seed: int, source: Kl8 = DRAWS) -> dict[str, Json]:
    """Any value of these draws: another one for every seed."""
    balls = random.Random(seed)
    drawn: list[Json] = [
        {"issue": issue, "numbers": sorted(balls.sample(range(1, 81), 20))}  # type: ignore[list-item]
        for issue in source.issues
    ]
    return {"draws": drawn, "witnesses": ["公证员", "记者"]}
