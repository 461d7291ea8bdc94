"""Who goes where: how the visits fall, how equal the chances are, and who serves with whom."""

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from fairlot.assignment.audit_loads import Loads
from fairlot.assignment.audit_pairs import Pairs
from fairlot.assignment.audit_shares import Shares
from fairlot.plot.words import chosen, font

__all__ = ["loads", "meetings", "shares"]

WORDS = {
    "en": {
        "officers": "officers, by expected load",
        "by load": "officers, by load",
        "places": "places",
        "load": "drawn",
        "expected": "expected",
        "cap": "most allowed",
        "gini": "Gini {gini:.3f}",
        "share": "chance / equal chance",
        "more": "3 and more",
        "pairs": "eligible pairs",
        "equal": "equal",
        "met": "times in one team, per lottery",
        "entropy": "{lotteries:,} lotteries, {bits:.2f} bits of {uniform:.2f}",
        "some": "the {shown} of {all} officers who met most",
    },
    "zh": {
        "officers": "检查人员（按期望任务量排列）",
        "by load": "检查人员（按任务量排列）",
        "places": "名额",
        "load": "抽中",
        "expected": "期望",
        "cap": "上限",
        "gini": "基尼系数 {gini:.3f}",
        "share": "机会与均等机会之比",
        "more": "3 及以上",
        "pairs": "合格组合",
        "equal": "均等",
        "met": "每次抽签同组次数",
        "entropy": "抽签 {lotteries:,} 次，{bits:.2f} 比特（上限 {uniform:.2f}）",
        "some": "{all} 名检查人员中同组最多的 {shown} 名",
    },
}

BLUE, RED = "#1f5fa8", "#c0392b"
NAMED = 30
"""So many officers are named along an axis; more would print over each other."""
BINS = 40
GREATEST = 3.0
"""Shares above are counted in the last bin: a few great ones would press all others to the left."""
MOST = 40
"""So many officers are shown who met; more would leave their pairs too small to be seen."""


def loads(loads: Loads, ax: Axes, *, lang: str = "en") -> Axes:
    """Draw every officer's places as a bar, the expected number as a point, the cap as a dash.

    loads  of an :func:`fairlot.assignment.audit`; officers who may go nowhere are left out, and so
           are caps above everybody's places, which keep nobody from any
    ax     the axis to draw on
    lang   "en" or "zh"
    """
    words = chosen(WORDS, lang)
    able = np.flatnonzero(loads.possible > 0)
    by = loads.load if loads.expected is None else loads.expected
    order = able[np.lexsort((loads.load[able], by[able]))]
    at = np.arange(order.size)
    peak = max(1.0, float(np.maximum(by, loads.load)[order].max(initial=0)))
    cap = np.where(loads.cap[order] <= peak, loads.cap[order], np.nan)
    ax.bar(at, loads.load[order], width=0.9, color="#a8c6e8", label=words["load"])
    ax.plot(at, cap, "_", color="0.45", markersize=5, label=words["cap"])
    if loads.expected is not None:
        ax.plot(at, by[order], ".", color=BLUE, markersize=5, label=words["expected"])
    _name(ax, [loads.officers[o] for o in order], lang)
    ax.set_ylim(0, 1.2 * peak)  # the legend stands above everything
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    along = "by load" if loads.expected is None else "officers"
    ax.set_xlabel(words[along], fontproperties=font(lang))
    ax.set_ylabel(words["places"], fontproperties=font(lang))
    ax.set_title(words["gini"].format(gini=loads.gini), fontproperties=font(lang))
    ax.legend(loc="upper left", frameon=False, ncols=3, prop=font(lang))
    return ax


def shares(shares: Shares, ax: Axes, *, lang: str = "en") -> Axes:
    """Draw how many pairs have which share of an equal chance; the last bin holds 3 and more.

    shares  of an :func:`fairlot.assignment.audit` with chances; pairs without a chance are left out
    ax      the axis to draw on
    lang    "en" or "zh"
    """
    words = chosen(WORDS, lang)
    here = shares.share[np.isfinite(shares.share)]
    most = max(2.0, min(GREATEST, float(here.max())))
    ends = np.linspace(0, most, BINS + 1)
    ax.hist(
        np.minimum(here, most),
        bins=ends.tolist(),
        color="#a8c6e8",
        edgecolor="white",
        linewidth=0.3,
    )
    ax.axvline(1, color=RED, linewidth=1, label=words["equal"])
    ax.set_xlim(0, most)
    if here.max() > most:
        ax.set_xticks([0, 1, 2, most], ["0", "1", "2", words["more"]], fontproperties=font(lang))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(words["share"], fontproperties=font(lang))
    ax.set_ylabel(words["pairs"], fontproperties=font(lang))
    ax.set_title(words["gini"].format(gini=shares.gini), fontproperties=font(lang))
    ax.legend(loc="upper right", frameon=False, prop=font(lang))
    return ax


def meetings(pairs: Pairs, ax: Axes, *, lang: str = "en") -> Axes:
    """Draw how often any two officers served in one team.

    Grey are two who never could, black two who could and never did. Of many officers the 40 are
    shown who met most, as the title then says.

    pairs  of an :func:`fairlot.assignment.audit` with frequencies of pairs
    ax     the axis to draw on; a colour bar is set beside it
    lang   "en" or "zh"
    """
    words = chosen(WORDS, lang)
    every = pairs.count + pairs.count.T
    most = np.sort(np.argsort(-every.sum(axis=0), kind="stable")[:MOST])
    met = every[np.ix_(most, most)] / pairs.lotteries
    possible = (pairs.possible | pairs.possible.T)[np.ix_(most, most)]
    blues = colormaps["Blues"].with_extremes(bad="0.85")
    shown = np.where(possible | (met > 0), met, np.nan)
    image = ax.imshow(shown, cmap=blues, vmin=0, interpolation="nearest")
    never = np.where(possible & (met == 0), 1.0, np.nan)
    ax.imshow(never, cmap="gray", vmin=1, vmax=2, interpolation="nearest")
    names = [pairs.officers[o] for o in most]
    ax.set_xticks(range(most.size), names, rotation=90, fontproperties=font(lang), fontsize=6)
    ax.set_yticks(range(most.size), names, fontproperties=font(lang), fontsize=6)
    title = words["entropy"].format(
        lotteries=pairs.lotteries, bits=pairs.bits, uniform=pairs.uniform
    )
    if most.size < len(pairs.officers):
        title += "\n" + words["some"].format(shown=most.size, all=len(pairs.officers))
    ax.set_title(title, fontproperties=font(lang))
    bar = ax.get_figure().colorbar(image, ax=ax, shrink=0.8)  # type: ignore[union-attr]
    bar.set_label(words["met"], fontproperties=font(lang))
    return ax


def _name(ax: Axes, officers: list[str], lang: str) -> None:
    if len(officers) > NAMED:
        return
    ax.set_xticks(range(len(officers)), officers, rotation=90, fontproperties=font(lang))
