"""A score as it is printed: with the decimals that keep it from being read as another grade."""

from fairlot.proficiency.grading import Grading, grade
from fairlot.proficiency.level import Level
from fairlot.proficiency.scoring import Graded

__all__ = ["written"]

DECIMALS, MOST = 2, 15
"""Decimals of a score, and those after which a double has no more to tell."""


def written(one: Graded, level: Level) -> str:
    """Return the score of a result, or its range, "" where it has none.

    Two decimals, and more where two would read as a limit that the score does not lie at: 2.001,
    graded 可疑, is not printed as 2.00.
    """
    if level.ruler is None or (one.score is None and one.low is None):
        return ""
    ends = (one.low, one.high) if one.score is None else (one.score,)
    return " … ".join(_written(end or 0.0, one.code, level.ruler.grading) for end in ends)


def _written(score: float, code: int, grading: Grading) -> str:
    text = _to(score, DECIMALS)
    if code < 0 or not _near(score, grading):
        return text
    texts = (_to(score, decimals) for decimals in range(DECIMALS, MOST + 1))
    return next(
        (text for text in texts if grade([text], grading).code[0] == code), _to(score, MOST)
    )


def _to(score: float, decimals: int) -> str:
    """Return a score to so many decimals, nothing as nothing: 0.00 and never -0.00."""
    return f"{round(score, decimals) + 0.0:.{decimals}f}"


def _near(score: float, grading: Grading) -> bool:
    """Say whether a score is so close to a limit that its decimals may decide how it is read."""
    return any(abs(abs(score) - float(edge)) < 0.01 for edge, _ in grading.edges())
