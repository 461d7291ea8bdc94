"""Moments as records write them: ``YYYY-MM-DDTHH:MM:SSZ``, whole seconds of UTC."""

from datetime import UTC, datetime

from fairlot._base.errors import VerificationError

__all__ = ["MOMENT", "moment_text"]

MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"


def moment_text(seconds: float) -> str:
    """Return a time in Unix seconds as text, cut to the second; refuse one that no year has.

    >>> moment_text(1720907100)
    '2024-07-13T21:45:00Z'
    """
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        raise VerificationError(
            "{got} s is no time", zh="{got} 秒不是有效时间", got=seconds
        ) from None
