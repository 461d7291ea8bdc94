"""What people give before the announcement, as a user writes it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fairlot._base.errors import InvalidInput, within
from fairlot.cli.terminal import language

if TYPE_CHECKING:
    from fairlot.public import Before, Custodian, Human
    from fairlot.public.published import Beacon

__all__ = ["before_of"]

MAX_FILE = 1 << 16


def before_of(
    source: "Beacon",
    human: Sequence[str],
    custodians: Sequence[Path],
    fallbacks: Sequence[str],
    witnesses: Sequence[str],
    log: str,
) -> "Before":
    """Return what stands in the announcement of ``source``; what cannot be read is wrong usage."""
    from fairlot.public import Before

    try:
        given = Before(
            human=[_human(text) for text in human],
            custodians=[_custodian(path) for path in custodians],
            fallbacks=[_fallback(text, source) for text in fallbacks],
            witnesses=tuple(witnesses),
            log=log,
        )
        return Before.decode(given.encode())
    except InvalidInput as error:
        raise typer.BadParameter(error.text(language())) from None


def _human(text: str) -> "Human":
    from fairlot.public import Human

    kind, _, rest = text.partition(":")
    by, _, digits = rest.rpartition(":")
    if kind not in ("dice", "hex") or not by:
        raise InvalidInput("human input is {got!r}; want dice:WHO:DIGITS or hex:WHO:DIGITS",
                           zh="人工输入为 {got!r}，应为 dice:姓名:数字 或 hex:姓名:数字",
                           got=text[:100])  # fmt: skip
    return Human.read("dice" if kind == "dice" else "hex", by, digits)


def _custodian(path: Path) -> "Custodian":
    from fairlot.public import Custodian, canonical

    with within(str(path)):
        told = canonical.parse(path.read_bytes(), limit=MAX_FILE)
        # A refusal that repeats what it got would show the salt.
        if isinstance(told, dict) and "salt" in told:
            raise InvalidInput("this is the salt, to be kept private; want what may be published",
                               zh="此为应保密的盐值；应给出可公布的文件")  # fmt: skip
        return Custodian.decode(told)


def _fallback(text: str, source: "Beacon") -> "Beacon":
    from fairlot.public import beacon

    found = beacon.parse(text)
    if found.time <= source.time:
        raise InvalidInput("{got} comes no later than {want}: nobody could switch to it",
                           zh="{got} 不晚于 {want}，无法作为备用", got=str(found),
                           want=str(source))  # fmt: skip
    return found
