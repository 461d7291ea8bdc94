"""What a design promises and what its draws show."""

import numpy as np
from matplotlib.axes import Axes

from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput
from fairlot.plot.words import chosen, font
from fairlot.sampling import Audit, Joint

__all__ = ["frequencies", "joint"]

BAND = 1e-3
"""Share of the units of a right design that fall outside the band by chance."""

WORDS = {
    "en": {
        "pi": "inclusion probability",
        "deviation": "frequency minus probability",
        "band": "where 99.9 % of frequencies lie",
        "title": "{design}, {reps:,} draws",
        "unit": "unit",
        "joint": "joint probability / product",
    },
    "zh": {
        "pi": "入样概率",
        "deviation": "实际频率减概率",
        "band": "99.9 % 的频率应落在其中",
        "title": "{design}，抽取 {reps:,} 次",
        "unit": "单位",
        "joint": "联合入样概率与乘积之比",
    },
}


def frequencies(audit: Audit, ax: Axes, *, lang: str = "en") -> Axes:
    """Draw how far each unit's frequency is from its probability, over the band chance allows.

    audit  from :func:`fairlot.sampling.audit_design`
    ax     the axis to draw on
    lang   "en" or "zh"

    >>> import matplotlib; matplotlib.use("agg")
    >>> from matplotlib.figure import Figure
    >>> from fairlot.sampling import audit_design, poisson
    >>> audit = audit_design(poisson, [0.2, 0.5, 0.8], 200, np.random.default_rng(1))
    >>> frequencies(audit, Figure().subplots()).get_xlabel()
    'inclusion probability'
    """
    words = chosen(WORDS, lang)
    p = np.linspace(0, 1, 201)
    low, high = _band(p, audit.reps)
    ax.fill_between(p, low, high, color="0.88", linewidth=0, label=words["band"])
    ax.axhline(0, color="0.6", linewidth=0.8)
    ax.plot(audit.pi, audit.frequency - audit.pi, ".", color="#1f5fa8", markersize=4)
    ax.set_xlabel(words["pi"], fontproperties=font(lang))
    ax.set_ylabel(words["deviation"], fontproperties=font(lang))
    title = words["title"].format(design=audit.design, reps=audit.reps)
    ax.set_title(title, fontproperties=font(lang))
    ax.legend(loc="lower left", frameon=False, prop=font(lang))
    return ax


def joint(matrix: Joint, ax: Axes, *, lang: str = "en") -> Axes:
    """Draw a matrix of joint probabilities over the products of their units' probabilities.

    White is independence, blue is below it (units avoid each other), red above, and black marks
    pairs of possible units that can never be drawn together: an unbiased variance does not exist.

    matrix  a square one from :func:`fairlot.sampling.joint_probabilities`
    ax      the axis to draw on; a colour bar is set beside it
    lang    "en" or "zh"
    """
    words = chosen(WORDS, lang)
    values = matrix.values
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise InvalidInput(
            "matrix has shape {got}; want a square one: joint_probabilities without pairs",
            zh="matrix 的形状为 {got}，应为方阵：调用 joint_probabilities 时不要给出 pairs",
            got=values.shape,
        )
    pi = np.diagonal(values)
    product = np.outer(pi, pi)
    share = np.divide(values, product, out=np.full(values.shape, np.nan), where=product > 0)
    np.fill_diagonal(share, np.nan)
    never = np.where((values == 0) & (product > 0), 1.0, np.nan)
    image = ax.imshow(share, cmap="RdBu_r", vmin=0, vmax=2, interpolation="nearest")
    ax.imshow(never, cmap="gray", vmin=1, vmax=2, interpolation="nearest")
    ax.set_title(matrix.design, fontproperties=font(lang))
    ax.set_xlabel(words["unit"], fontproperties=font(lang))
    bar = ax.get_figure().colorbar(image, ax=ax, shrink=0.8)  # type: ignore[union-attr]
    bar.set_label(words["joint"], fontproperties=font(lang))
    return ax


def _band(p: Floats, reps: int) -> tuple[Floats, Floats]:
    from scipy.stats import binom

    low, high = (binom.ppf(tail, reps, p) / reps - p for tail in (BAND / 2, 1 - BAND / 2))
    return low, high
