"""Fetching what a beacon gave, from relays that nobody has to trust.

The round or pulse is asked for by its number or time, never as the latest. What comes back is
verified by its signature before it is used, so a relay can refuse or stall but not lie: one that
does is passed over, and named with the reason. Every relay has its share of the time, whatever it
drips; no redirect is followed and no more than a few kilobytes are read.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public import canonical
from fairlot.public.canonical import Json
from fairlot.public.drand import QUICKNET, VERIFIED, Drand
from fairlot.public.nist import Nist, known
from fairlot.public.published import Beacon

if TYPE_CHECKING:
    import httpx

__all__ = ["DRAND", "NIST", "Fetched", "fetch"]

DRAND = (
    "https://api.drand.sh",
    "https://api2.drand.sh",
    "https://api3.drand.sh",
    "https://drand.cloudflare.com",
)
NIST = ("https://beacon.nist.gov",)
SECONDS = 30.0  # for all relays together
MAX_BODY = 1 << 15


@dataclass(frozen=True, slots=True)
class Fetched:
    """A verified value, the relay that gave it, and those that did not, each with its refusal."""

    value: dict[str, Json]
    relay: str
    passed_over: tuple[tuple[str, FairlotError], ...]


def fetch(
    beacon: Beacon,
    relays: Sequence[str] = (),
    *,
    now: datetime | None = None,
    seconds: float = SECONDS,
) -> Fetched:
    """Return the verified value of a beacon from the first relay that gives it.

    relays   their addresses, asked in order; by default the public ones
    now      the moment before which the beacon must have come out; by default this one
    seconds  for all relays together, in equal shares

    A beacon that is still to come is refused, and so is one that no relay gave: that refusal
    names every relay with its reason.

    >>> fetch(Drand(9367912), now=datetime(2024, 7, 13, 21, 44, 50, tzinfo=UTC))
    Traceback (most recent call last):
    fairlot._base.errors.InvalidInput: drand:9367912 comes out only in 10 s
    """
    if not isinstance(beacon, Drand | Nist):
        raise InvalidInput("{beacon} is declared by witnesses; there is nothing to fetch",
                           zh="{beacon} 由见证人声明，无可下载",
                           beacon=str(beacon))  # fmt: skip
    beacon.refuse_if_future(now or datetime.now(UTC))
    relays = relays or (NIST if isinstance(beacon, Nist) else DRAND)
    passed: list[tuple[str, FairlotError]] = []
    for relay in relays:
        try:
            value = _in_time(beacon, relay.rstrip("/"), seconds / len(relays))
        except FairlotError as error:
            passed.append((relay, error))
        else:
            return Fetched(value, relay, tuple(passed))
    raise InvalidInput(
        "no relay gave {beacon}: {why}", zh="没有中继给出 {beacon}：{why_zh}",
        beacon=str(beacon), why="; ".join(f"{relay} {error.text('en')}" for relay, error in passed),
        why_zh="；".join(f"{relay} {error.text('zh')}" for relay, error in passed),
    )  # fmt: skip


def _in_time(beacon: Drand | Nist, relay: str, seconds: float) -> dict[str, Json]:
    # A loop of its own in a thread of its own: the caller may already be inside one (a notebook).
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _asked(beacon, relay, seconds)).result()


async def _asked(beacon: Drand | Nist, relay: str, seconds: float) -> dict[str, Json]:
    try:
        async with asyncio.timeout(seconds):
            return _checked(beacon, await _value(beacon, relay))
    except TimeoutError:
        raise InvalidInput("did not answer within {seconds:.1f} s", zh="在 {seconds:.1f} 秒内没有答复",
                           seconds=seconds) from None  # fmt: skip


async def _value(beacon: Drand | Nist, relay: str) -> Json:
    if isinstance(beacon, Nist):
        return await _pulse(beacon, f"{relay}/beacon/2.0")
    return _json(await _body(f"{relay}/{QUICKNET.hash}/public/{beacon.round}"))


async def _pulse(beacon: Nist, relay: str) -> Json:
    answer = _json(await _body(f"{relay}/pulse/time/{beacon.time * 1000}"))
    if not isinstance(answer, dict) or beacon.certificate_id in known():
        return answer
    certificate = await _body(f"{relay}/certificate/{beacon.certificate_id}")
    return {**answer, "certificate": certificate.decode("ascii", "replace")}


def _json(body: bytes) -> Json:
    return canonical.parse(body, limit=MAX_BODY)


def _checked(beacon: Drand | Nist, answer: Json) -> dict[str, Json]:
    value = beacon.canonical(answer if isinstance(answer, dict) else {})
    beacon.randomness(value)
    if isinstance(beacon, Drand) and beacon.verify(value) != VERIFIED:
        raise _extra_missing()
    return value


async def _body(address: str) -> bytes:
    try:
        import httpx
    except ModuleNotFoundError:
        raise _extra_missing() from None
    try:
        # Raw bytes: nothing is decompressed, so what is counted is what is kept.
        async with (
            httpx.AsyncClient(headers={"Accept-Encoding": "identity"}, timeout=None) as client,
            client.stream("GET", address) as answer,
        ):
            return await _limited(answer)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise InvalidInput("could not be reached: {why}", zh="无法连接：{why}",
                           why=f"{type(error).__name__} {error}"[:200]) from None  # fmt: skip


async def _limited(answer: "httpx.Response") -> bytes:
    if answer.status_code != 200:
        raise InvalidInput("answered {got}; want 200", zh="答复状态为 {got}，应为 200",
                           got=answer.status_code)  # fmt: skip
    body = b""
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > MAX_BODY:
            raise InvalidInput("answered more than {want} bytes", zh="答复超过 {want} 字节",
                               want=MAX_BODY)  # fmt: skip
    return body


def _extra_missing() -> InvalidInput:
    return InvalidInput("fetching needs the extra: pip install 'fairlot[beacon]'",
                        zh="下载需要安装 fairlot[beacon]")  # fmt: skip
