"""The one door to the templates: everything that is not a template is escaped."""

import re
from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["isolated", "render"]

# What no page may carry, or what turns the reading order of the text around it (Unicode UAX #9).
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)


def render(template: str, **values: object) -> Markup:
    """Return a template filled with values; characters that cannot be seen show as U+FFFD."""
    return Markup(_ENVIRONMENT.get_template(template).render(values))


def isolated(value: object) -> Markup:
    """Return a value escaped, and kept from turning the reading order of what stands around it.

    >>> isolated("<甲>")
    Markup('<bdi>&lt;甲&gt;</bdi>')
    """
    return Markup("<bdi>{}</bdi>").format(_visible(str(value)))


def _percent(ratio: str) -> str:
    return f"{(Decimal(ratio) * 100).normalize():f}%"


def _visible(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return UNSEEN.sub("\ufffd", value)
    return value


_ENVIRONMENT = Environment(
    loader=PackageLoader("fairlot.report"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_ENVIRONMENT.filters.update(grouped="{:,}".format, isolated=isolated, percent=_percent)
