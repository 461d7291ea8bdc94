"""The picture of coverage: a bar a bureau, drawn against the floor it had to reach.

Places along a bar are percentages of the picture's width and heights are pixels, so the picture
fits a page of any width while its text keeps its size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from fairlot.report.page import render
from fairlot.report.tables import Bureau, read_coverage

__all__ = ["Picture", "coverage_svg", "picture"]

WIDTH = 720
SHOWN_WHOLE = 60
TIGHTEST = 20
LABELS, PLOT = 22, 60  # percent of the width; the rest is for the figures on the right
HEAD, NOTE, PITCH, GAP, FOOT = 104, 36, 22, 8, 36  # pixels; the gap sets the city apart
LONGEST = 10  # characters of a label, which a phone's width leaves room for


class Segment(NamedTuple):
    """A piece of a bar, from ``x`` on."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bureau's bar at height ``y``; ``floor`` is where it had to reach."""

    bureau: Bureau
    label: str
    y: int
    segments: tuple[Segment, ...]
    floor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the template draws, and how many of how many bureaux that shows."""

    width: int
    head: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[str, str], ...]
    legend: tuple[str, ...]
    shown: int
    bureaux: int
    met: int


class Scale(NamedTuple):
    """An axis of ``steps`` intervals of ``step`` percent each."""

    step: int
    steps: int

    def along(self, n: int, of: int) -> float:
        """Return how much of the width n/of takes."""
        return PLOT * 100 * n / (max(of, 1) * self.step * self.steps)

    def at(self, n: int, of: int) -> str:
        """Return the place of n/of."""
        return _percent(LABELS + self.along(n, of))


def coverage_svg(coverage: bytes) -> str:
    """Return the picture of a coverage.csv as SVG that needs nothing else.

    Up to 60 bureaux stand in the order of the file; of more, only the 20 with the least margin
    over their floor and the city are drawn, and the picture says so.

    >>> head = b"bureau_id,roster,base,counted,take_all,floor,ceiling,quota,drawn,share"
    >>> rows = [b"310101,10,10,0,1,2,10,2,2,0.2000", b"*,10,10,0,1,2,10,2,2,0.2000"]
    >>> coverage_svg(b"\\r\\n".join([head, *rows]))[:26]
    '<svg class="coverage" xmln'
    """
    return str(render("coverage.svg", picture=picture(read_coverage(coverage))))


def picture(rows: Sequence[Bureau]) -> Picture:
    """Lay out the bars of the rows that are shown."""
    bureaux = [row for row in rows if not row.is_city]
    shown = bureaux
    if len(bureaux) > SHOWN_WHOLE:
        shown = sorted(bureaux, key=lambda row: row.margin)[:TIGHTEST]
    placed = [*shown, *(row for row in rows if row.is_city)]
    scale = _scale(placed)
    head = HEAD + NOTE * (len(shown) < len(bureaux))
    heights = (head + PITCH * i + GAP * row.is_city for i, row in enumerate(placed))
    bars = tuple(_bar(row, y, scale) for row, y in zip(placed, heights, strict=True))
    kinds = {segment.kind for bar in bars for segment in bar.segments}
    return Picture(
        width=WIDTH,
        head=head,
        height=head + PITCH * len(bars) + GAP + FOOT,
        bars=bars,
        ticks=tuple(
            (scale.at(i * scale.step, 100), f"{i * scale.step}%") for i in range(scale.steps + 1)
        ),
        legend=(*(kind for kind in ("counted", "full", "lot") if kind in kinds), "floor"),
        shown=len(shown),
        bureaux=len(bureaux),
        met=sum(row.met for row in bureaux),
    )


def _scale(rows: Sequence[Bureau]) -> Scale:
    """Choose the finest step of 1, 2 or 5 times a power of ten that makes at most five intervals."""
    top = max(
        -(-100 * (row.counted + max(row.drawn, row.floor)) // max(row.base, 1)) for row in rows
    )
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(step for step in steps if 5 * step >= top)
    return Scale(step, max(1, -(-top // step)))


def _bar(row: Bureau, y: int, scale: Scale) -> Bar:
    full = min(row.take_all, row.drawn)
    ends = {"counted": row.counted, "full": row.counted + full, "lot": row.counted + row.drawn}
    segments, start = [], 0
    for kind, end in ends.items():
        if end > start and row.base:
            width = _percent(scale.along(end - start, row.base))
            segments.append(Segment(kind, scale.at(start, row.base), width))
        start = end
    floor = scale.at(row.counted + row.floor, row.base)
    return Bar(row, _label(row), y, tuple(segments), floor)


def _label(row: Bureau) -> str:
    if row.is_city:
        return "全市 City"
    name = row.bureau_id
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1]}…{name[-half:]}"


def _percent(x: float) -> str:
    return f"{x:.2f}%"
