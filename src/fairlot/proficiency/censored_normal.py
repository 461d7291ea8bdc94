"""Results "< L" by likelihood: neither left out, nor halved, nor taken at the limit.

Each laboratory has its own limit L; a result below it counts with the probability of lying there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.likelihood_below import climb

__all__ = ["CensoredNormal", "censored_normal"]

NUMBERS = 5  # mu, sigma, their standard errors, log-likelihood


@dataclass(frozen=True, eq=False)
class CensoredNormal:
    """Numbers for a sample, arrays, one entry a measurand, for a batch; in the unit of the results.

    mu, sigma        mean and standard deviation of the normal distribution
    se_mu, se_sigma  their standard errors from the observed information; se_mu is u(x_pt)
    loglik           log-likelihood at its maximum
    p, below         number of results, and of those below their limit
    iterations       Newton steps
    converged        False where the steps were broken off: do not use the numbers
    no_scale         True where there is no maximum: all that was measured is one value, mu, and no
                     limit lies below it, or nothing was measured and mu is NaN too; sigma is 0.0,
                     the standard errors and loglik are NaN
    """

    mu: Any
    sigma: Any
    se_mu: Any
    se_sigma: Any
    loglik: Any
    p: Any
    below: Any
    iterations: Any
    converged: Any
    no_scale: Any
    algorithm: str = "censored_normal/1"


def censored_normal(x: ArrayLike | Batch, below: ArrayLike | Batch) -> CensoredNormal:
    """Return the normal distribution that makes results and "< L" most likely.

    x      a sample (p,) or a :class:`Batch`: the result, or the limit L of a result "< L"
    below  True where x is a limit; a sample or batch of the same shape

    The maximum is the only one (the log-likelihood is concave in mu / sigma and 1 / sigma: Olsen
    1978, Note on the uniqueness of the maximum likelihood estimator for the Tobit model,
    Econometrica 46(5)). It trusts the normal shape in the tail nobody saw, and withstands no
    outlier. Raises InvalidInput for flags other than true and false, another shape or what is no
    finite number. ISO 13528:2022 5.5.3 names the method and gives no procedure.

    >>> found = censored_normal([10.0, 10.0, 12.0, 14.0, 15.0, 18.0], [1, 1, 0, 0, 0, 0])
    >>> round(found.mu, 3), round(found.sigma, 3)
    (12.336, 4.019)
    """
    batch, many = sample_or_batch(x)
    flags = _flags(below, batch)
    found = np.empty((NUMBERS, len(batch)))
    steps, done = np.empty(len(batch), np.int64), np.empty(len(batch), np.bool_)
    in_parts(_every, batch, batch.values, flags, *found, steps, done)
    hidden = np.add.reduceat(flags, batch.starts[:-1], dtype=np.int64)
    columns = (*found, batch.sizes, hidden, steps, done, found[1] == 0.0)
    return CensoredNormal(*(per_measurand(column.copy(), many) for column in columns))


def _flags(below: ArrayLike | Batch, batch: Batch) -> Flags:
    flags, _ = sample_or_batch(below)
    if not np.array_equal(flags.starts, batch.starts):
        raise InvalidInput(
            "below has sizes {got}; want those of x, {want}",
            zh="below 的个数为 {got}，应与 x 相同：{want}",
            got=flags.sizes.tolist(),
            want=batch.sizes.tolist(),
        )
    strange = (flags.values != 0) & (flags.values != 1)
    if strange.any():
        i = int(strange.argmax())
        raise InvalidInput(
            "below[{i}] is {got}; want true or false",
            zh="below[{i}] 为 {got}，应为真或假",
            i=i,
            got=float(flags.values[i]),
        )
    return np.asarray(flags.values == 1)


@kernel
def _every(
    starts: Ints, first: int, last: int, x: Floats, below: Flags, mu: Floats, sigma: Floats,
    se_mu: Floats, se_sigma: Floats, loglik: Floats, steps: Ints, done: Flags,
) -> None:  # fmt: skip
    for i in range(first, last):
        part, flags = x[starts[i] : starts[i + 1]], below[starts[i] : starts[i + 1]]
        seen, limits = np.sort(part[~flags]), np.sort(part[flags])
        mu[i], sigma[i] = seen[0] if seen.size else np.nan, 0.0
        se_mu[i], se_sigma[i], loglik[i], steps[i], done[i] = np.nan, np.nan, np.nan, 0, True
        if _has_maximum(seen, limits):
            mu[i], sigma[i], se_mu[i], se_sigma[i], loglik[i], steps[i], done[i] = climb(
                seen, limits
            )


@kernel
def _has_maximum(seen: Floats, limits: Floats) -> bool:
    """Whether a narrower distribution is not ever likelier.

    It is so where all that was measured is one value and every limit lies at or above it.
    """
    if seen.size == 0:
        return False
    return seen[0] < seen[-1] or (limits.size > 0 and limits[0] < seen[0])
