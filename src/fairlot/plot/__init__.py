"""Pictures: a result and an axis in, the axis out. The only room that imports matplotlib."""

from fairlot.plot.assignment import loads, meetings, shares
from fairlot.plot.sampling import frequencies, joint

__all__ = ["frequencies", "joint", "loads", "meetings", "shares"]
