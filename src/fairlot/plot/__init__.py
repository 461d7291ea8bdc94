"""Pictures: a result and an axis in, the axis out. The only room that imports matplotlib."""

from fairlot.plot.assignment import loads, meetings, shares
from fairlot.plot.interlaboratory import mandel, repeatability, youden
from fairlot.plot.proficiency import density, results, scores, trend
from fairlot.plot.sampling import frequencies, joint

__all__ = [
    "density",
    "frequencies",
    "joint",
    "loads",
    "mandel",
    "meetings",
    "repeatability",
    "results",
    "scores",
    "shares",
    "trend",
    "youden",
]
