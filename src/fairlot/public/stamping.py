"""Asking an authority for a time stamp over HTTP (RFC 3161 3.4)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public.stamp import MAX_STAMP, read_stamp

if TYPE_CHECKING:
    import httpx

__all__ = ["ask", "nonce_of", "request"]

HEADERS = {
    "content-type": "application/timestamp-query",
    "accept": "application/timestamp-reply",
    "accept-encoding": "identity",
}


def request(data: bytes) -> bytes:
    """Return a TimeStampReq (DER) over the SHA-256 of ``data``, with a nonce, asking for certificates.

    >>> len(request(b"announcement")) in range(60, 80)
    True
    """
    from rfc3161_client import TimestampRequestBuilder
    from rfc3161_client.base import HashAlgorithm

    if not data:
        raise InvalidInput("no bytes to stamp", zh="没有可盖时间戳的内容")
    asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce()
    return asked.cert_request(cert_request=True).build().as_bytes()


def nonce_of(asked: bytes) -> int:
    """Return the nonce of a request that :func:`request` made."""
    from asn1crypto.tsp import TimeStampReq

    return int(TimeStampReq.load(asked)["nonce"].native)


def ask(url: str, data: bytes, pinned: bytes, *, timeout: float = 30.0) -> bytes:
    """Return the authority's response to a request over ``data``, verified; keep it as it is.

    pinned   certificates as in :func:`~fairlot.public.stamp.read_stamp`: a stamp that its own
             asker cannot verify would show nothing to anybody
    timeout  seconds for everything together

    The answer must come from this very address, without a redirect, within 64 KiB. Raises
    InvalidInput for what is no http or https address, otherwise VerificationError.
    """
    if not url.startswith(("http://", "https://")):
        raise InvalidInput("{url} is not an http or https address",
                           zh="{url} 不是 http 或 https 地址", url=url)  # fmt: skip
    asked = request(data)
    # In a thread of its own, so that it can be asked for from a notebook, where a loop runs already.
    with ThreadPoolExecutor(1) as alone:
        response = alone.submit(asyncio.run, _post(url, asked, timeout)).result()
    read_stamp(response, data, pinned, nonce=nonce_of(asked))
    return response


async def _post(url: str, body: bytes, timeout: float) -> bytes:
    """Post and read; one deadline for all of it, so an answer in drips is refused too."""
    import httpx

    try:
        async with (
            asyncio.timeout(timeout),
            httpx.AsyncClient(timeout=None, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=HEADERS) as answer,
        ):
            return await _body(answer)
    except TimeoutError:
        why = f"no answer within {timeout:g} s"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        why = f"{type(error).__name__}: {error}"
    raise VerificationError("{url} gave no time stamp: {why}", zh="{url} 未给出时间戳：{why}",
                            url=url, why=why[:200])  # fmt: skip


async def _body(answer: "httpx.Response") -> bytes:
    if answer.status_code != 200:
        raise ValueError(f"status {answer.status_code}")
    body = b""
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MAX_STAMP:
            raise ValueError(f"more than {MAX_STAMP} bytes")
    return body
