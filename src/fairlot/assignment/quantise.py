"""Chances in whole grains: every sum exact, every chance within a few grains of what it was.

The steps: along each row, ``want = x * WHOLE + carry`` becomes ``int(want + 0.5)``, at least a grain
if x > 0 and at most WHOLE - 1 if x < 1, and ``carry`` what ``want`` has beyond it. What the row lacks
of its quota goes to its largest numerator, the first of equal ones, within the same limits. Then
``evening``, and ``repair`` if that leaves a surplus. The numerators are what is published: a record
commits to their digest.
"""

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels import kernel
from fairlot.assignment.evening import evened, least_of, most_of, onward_of
from fairlot.assignment.network import WHOLE, Network
from fairlot.assignment.repair import repair

__all__ = ["quantise"]


def quantise(network: Network, x: Floats, low: Ints, high: Ints) -> tuple[Ints, int]:
    """Return the chances (edges,) in whole grains, and how many had to become 0 or 1.

    The numerators of a seat add up to its quota and those of a node to a load between ``low`` and
    ``high`` (grains), exactly; those of a bundle to at most 1, or to 1 where it is full. A chance
    above 0 is at least one grain, and one below 1 at least one grain less than 1, unless the limits
    leave no other way: these are counted, and the count is 0 for all but contrived limits.

    x  (edges,) chances in [0, 1] that keep the limits up to small errors

    A chance moves by less than a grain when its seat is rounded, and by one more each time that its
    row is gone through to mend a limit; commonly by less than 2 grains, or 2e-9, in all. Further
    only along the paths of ``repair``, as where chances below a grain are lifted to one: what they
    take comes from the largest chance of the seat, what they bring to an officer goes elsewhere.

    Limits in whole grains are kept by whole grains if by any numbers (Hoffman's circulation theorem),
    so NotConverged, with the grains that are left over, says that they contradict each other. About
    .1 s for 5 million edges.

    >>> network = Network(
    ...     ptr=np.array([0, 3]), idx=np.arange(3, dtype=np.int32), quota=np.array([1]),
    ...     bundle=np.full(3, -1, np.int32), bundle_ptr=np.zeros(1, np.int64),
    ...     bundle_edge=np.zeros(0, np.int64), full=np.zeros(0, bool), least=np.zeros(3, np.int64),
    ...     most=np.ones(3, np.int64), parent=np.full(3, -1, np.int32),
    ... )
    >>> third = np.full(3, 1 / 3)
    >>> numerator, vanished = quantise(network, third, network.least, network.most << 30)
    >>> numerator.tolist(), int(numerator.sum()) == 2**30, vanished
    ([357913941, 357913942, 357913941], True, 0)
    """
    numerator = _rounded(network.ptr, network.quota, x)
    onward = onward_of(network, numerator, low, high)
    if not evened(network.ptr, x, numerator, onward):
        repair(network.ptr, x, numerator, onward)
    gone = ((numerator == 0) & (x > 0.0)) | ((numerator == WHOLE) & (x < 1.0))
    return numerator, int(np.count_nonzero(gone))


@kernel
def _rounded(ptr: Ints, quota: Ints, x: Floats) -> Ints:
    """Round every seat: each chance hands its error on to the next, the last to the largest."""
    numerator = np.empty(x.size, np.int64)
    for s in range(quota.size):
        left = quota[s] * WHOLE
        carry = 0.0
        largest = ptr[s]
        for e in range(ptr[s], ptr[s + 1]):
            want = x[e] * WHOLE + carry
            numerator[e] = min(max(int(want + 0.5), least_of(x[e])), most_of(x[e]))
            carry = want - numerator[e]
            left -= numerator[e]
            if numerator[e] > numerator[largest]:
                largest = e
        if left != 0 and ptr[s] < ptr[s + 1]:
            numerator[largest] += left
            numerator[largest] = max(numerator[largest], least_of(x[largest]))
            numerator[largest] = min(numerator[largest], most_of(x[largest]))
    return numerator
