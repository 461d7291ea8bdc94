"""统一社会信用代码: eighteen characters, the last a check digit (GB 32100-2015).

Some codes given out by early pilots are legal and fail the check, so a failure is worth a warning
and never a refusal. The alphabet leaves out I, O, S, V and Z, which is what lets a mistyped O or I
be put right.
"""

import re
from operator import mul

from fairlot.registers.plain import plain

__all__ = [
    "ALPHABET",
    "LENGTH",
    "check_digit",
    "looks_numeric",
    "mended",
    "normalise",
    "passes",
    "spelt",
]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_WEIGHTS = tuple(3**i % len(ALPHABET) for i in range(LENGTH - 1))
_LOOKALIKES = str.maketrans("OI", "01")
_NUMERIC = re.compile(r"\d+(\.\d*)?E[+-]?\d+|\d+\.\d*")


def check_digit(body: str) -> str:
    """Return the eighteenth character for the first seventeen of a code (GB 32100-2015).

    >>> check_digit("91110108551385082"), check_digit("91310117868387380")
    ('Q', '0')
    """
    total = sum(map(mul, map(_VALUE.__getitem__, body), _WEIGHTS))
    return ALPHABET[-total % len(ALPHABET)]


def passes(code: str) -> bool:
    """Tell whether ``code`` has the length, the letters and the check digit of the standard.

    >>> passes("91350100M000100Y43"), passes("91350100M000100Y4A")
    (True, False)
    """
    return len(code) == LENGTH and spelt(code) and check_digit(code[:-1]) == code[-1]


def spelt(code: str) -> bool:
    """Tell whether every character of ``code`` is in the alphabet of the standard.

    >>> spelt("9135"), spelt("9I35")
    (True, False)
    """
    return _VALUE.keys() >= set(code)


def normalise(raw: str) -> str:
    """Return ``raw`` in NFKC and upper case without any spaces.

    >>> normalise(" ９１３50100 m000100y43")
    '91350100M000100Y43'
    """
    return "".join(plain(raw).upper().split())


def mended(code: str) -> str:
    """Return ``code`` with O as 0 and I as 1 if it passes the check then, else unchanged.

    >>> mended("9I35O1OOM0001OOY43")
    '91350100M000100Y43'
    """
    guess = code.translate(_LOOKALIKES)
    return guess if passes(guess) else code


def looks_numeric(code: str) -> bool:
    """Tell whether ``code`` is a number a spreadsheet made: ``9.13101E+17``.

    A code of eighteen letters and digits may hold one E and still be a code.

    >>> looks_numeric("9.13101E+17"), looks_numeric("91310101E123456789")
    (True, False)
    """
    whole = len(code) == LENGTH and code.isalnum()
    return not whole and _NUMERIC.fullmatch(code) is not None
