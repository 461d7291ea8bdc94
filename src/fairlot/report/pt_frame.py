"""The frame of a picture of a round: from the numbers of a level to places in an SVG."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, log10
from types import MappingProxyType

__all__ = [
    "BOTTOM",
    "HEIGHT",
    "LEFT",
    "RIGHT",
    "TOP",
    "WIDTH",
    "Frame",
    "Picture",
    "limit_class",
    "shown",
    "ticks",
]

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 42, 354, 8, 166
"""The plot inside of the picture; labels stand left of it and below."""

Place = tuple[float, str]


@dataclass(frozen=True)
class Picture:
    """What a template draws; every path is of numbers made here, every text a label.

    paths   class and data of each path, the lowest first
    rows    height and text of labels on the left
    columns place and text of labels below
    names   place, laboratory and class of labels below, upright
    notes   place, height and text within
    marks   laboratory -> the path that points it out
    """

    paths: tuple[tuple[str, str], ...]
    rows: tuple[Place, ...] = ()
    columns: tuple[Place, ...] = ()
    names: tuple[tuple[float, str, str], ...] = ()
    notes: tuple[tuple[float, float, str], ...] = ()
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Frame:
    """Numbers from ``x`` and ``y`` laid into the plot; what lies outside is moved to its border."""

    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value: float) -> float:
        """Return the place of a number along the plot."""
        return _laid(value, self.x, LEFT, RIGHT)

    def up(self, value: float) -> float:
        """Return the height of a number."""
        return _laid(value, self.y, BOTTOM, TOP)

    def line(self, xs: Iterable[float], ys: Iterable[float]) -> str:
        """Return the path through points, which may leave the plot."""
        places = (
            f"{LEFT + (x - self.x[0]) / (self.x[1] - self.x[0]) * (RIGHT - LEFT):.1f} "
            f"{BOTTOM - (y - self.y[0]) / (self.y[1] - self.y[0]) * (BOTTOM - TOP):.1f}"
            for x, y in zip(xs, ys, strict=True)
        )
        return "M" + "L".join(places)

    def level(self, value: float) -> str:
        """Return a line across the plot, nothing for a number outside."""
        inside = self.y[0] <= value <= self.y[1]
        return f"M{LEFT} {self.up(value):.1f}H{RIGHT}" if inside else ""

    def upright(self, value: float) -> str:
        """Return a line up the plot, nothing for a number outside."""
        inside = self.x[0] <= value <= self.x[1]
        return f"M{self.across(value):.1f} {TOP}V{BOTTOM}" if inside else ""

    def rows(self) -> tuple[Place, ...]:
        """Return labels for the heights."""
        return tuple((self.up(value), text) for value, text in ticks(*self.y))

    def columns(self) -> tuple[Place, ...]:
        """Return labels for the places."""
        return tuple((self.across(value), text) for value, text in ticks(*self.x))


def _laid(value: float, ends: tuple[float, float], first: float, last: float) -> float:
    share = (value - ends[0]) / (ends[1] - ends[0])
    return first + min(max(share, 0.0), 1.0) * (last - first)


def ticks(low: float, high: float, most: int = 6) -> list[Place]:
    """Return round numbers from low to high and their text, steps of 1, 2 or 5 at a power of ten.

    >>> ticks(0.13, 0.41)
    [(0.15, '0.15'), (0.2, '0.20'), (0.25, '0.25'), (0.3, '0.30'), (0.35, '0.35'), (0.4, '0.40')]
    """
    power = floor(log10((high - low) / most))
    step, power = next(
        (digit, at)
        for at in (power, power + 1)
        for digit in (1, 2, 5)
        if (high - low) / (digit * 10.0**at) <= most
    )
    first, last = ceil(low / (step * 10.0**power)), floor(high / (step * 10.0**power))
    texts = (f"{i * step}e{power}" for i in range(first, last + 1))
    return [(float(text), f"{float(text):.{max(0, -power)}f}") for text in texts]


def shown(value: float | None, digits: int = 4) -> str:
    """Return a number with so many significant digits, no zeros behind them; "" for None.

    >>> shown(143.053), shown(0.0836), shown(12345.6), shown(-1e-7)
    ('143.1', '0.0836', '12346', '-1e-07')
    """
    if value is None:
        return ""
    number = float(value)
    if number == 0 or abs(number) < 1e-4:
        return f"{number:.{digits}g}"
    places = max(0, digits - 1 - floor(log10(abs(number))))
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limit_class(i: int, limits: int) -> str:
    """Return the class of the i-th of so many limits from 1, or of the middle, 0."""
    return "limit0" if i == 0 else "limit2" if i == limits else "limit1"
