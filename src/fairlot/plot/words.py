"""The words of a picture in the reader's language, in a font that has them."""

from collections.abc import Mapping
from functools import cache

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties

from fairlot._base.errors import FairlotError, InvalidInput

__all__ = ["chosen", "font"]

CHINESE = ("Noto Sans CJK SC", "Noto Serif CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei",
           "WenQuanYi Micro Hei", "Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC",
           "Noto Sans CJK JP", "Noto Serif CJK JP", "Arial Unicode MS")  # fmt: skip


def chosen(words: Mapping[str, Mapping[str, str]], lang: str) -> Mapping[str, str]:
    """Return the words in ``lang``; refuse a language that there is none for."""
    if lang not in words:
        raise InvalidInput(
            "lang is {got!r}; want one of {want}",
            zh="lang 为 {got!r}，应为 {want} 之一",
            got=lang,
            want=", ".join(words),
        )
    return words[lang]


@cache
def font(lang: str) -> FontProperties:
    """Return a font for ``lang``; refuse Chinese where no font has it, rather than draw boxes."""
    if lang == "en":
        return FontProperties()
    here = {face.name for face in font_manager.fontManager.ttflist}
    for name in CHINESE:
        if name in here:
            return FontProperties(family=name)
    raise FairlotError(
        "no font with Chinese characters is installed; install Noto Sans CJK, or ask for lang='en'",
        zh="未安装含中文字符的字体；请安装 Noto Sans CJK，或使用 lang='en'",
    )
