"""One pulse of the NIST Randomness Beacon 2.0 (NISTIR 8213): 64 bytes, signed, out on the minute.

A pulse is signed with RSA (PKCS #1 v1.5, SHA-512) over its fields, and its output value, which is
the randomness, is the SHA-512 of those bytes and the signature. NIST changes its certificate about
once a year, so an announcement names the one to expect by the SHA-512 of its DER. The library
knows the certificates in ``certificates``; under another one the pulse is verified all the same,
and :meth:`Nist.attest` says that nobody here vouches for that certificate.

A value is ``{"pulse": ...}`` as NIST serves it, with ``"certificate"`` (PEM) unless the library
knows it, and ``"previous"``, the pulse before, where the link between both is to be shown.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from fairlot._base.errors import InvalidInput, within
from fairlot.public.canonical import Json
from fairlot.public.certificate import Certificate, from_text
from fairlot.public.published import Attested, Beacon, Value, same
from fairlot.public.pulse import check_link, check_status, lower_hex, number, read_form, verified

__all__ = ["Nist", "known"]

MAX_TIME = 1 << 36
PERIOD = 60_000  # milliseconds
FILES = {"nist-chain1-2018.pem": 1}  # certificates that ship with the library, and their chain


@cache
def known() -> dict[str, Certificate]:
    """Return NIST's certificates that ship with the library, by the SHA-512 of their DER."""
    folder = resources.files("fairlot.public") / "certificates"
    found = [from_text((folder / name).read_text("ascii")) for name in FILES]
    return {certificate.id: certificate for certificate in found}


@dataclass(frozen=True, slots=True)
class Nist(Beacon):
    """The pulse of one minute.

    minute          Unix seconds
    chain           number of NIST's chain of pulses
    certificate_id  SHA-512 of the certificate's DER, in lower-case hex

    >>> str(Nist.at(1535651040))[:44]
    'nist@2018-08-30T17:44:00Z,1,5501e3d72bc42f3b'
    """

    minute: int
    chain: int
    certificate_id: str

    def __post_init__(self) -> None:
        if type(self.minute) is not int or not 0 <= self.minute < MAX_TIME or self.minute % 60:
            raise InvalidInput("a NIST pulse comes out at second {got}; want a whole minute",
                               zh="NIST 脉冲的时间为第 {got} 秒，应为整分钟",
                               got=str(self.minute)[:40])  # fmt: skip
        same("chain", self.chain, number("chain", self.chain, 32))
        name = lower_hex("certificate_id", self.certificate_id, 64)
        same("certificate_id", self.certificate_id, name)

    @classmethod
    def at(cls, time: int) -> "Nist":
        """Return the pulse of a minute whose certificate the library knows."""
        for certificate, chain in zip(known().values(), FILES.values(), strict=True):
            if certificate.since.timestamp() <= time <= certificate.until.timestamp():
                return cls(time, chain, certificate.id)
        raise InvalidInput(
            "no certificate of NIST is known here for second {got}; name it: nist@TIME,CHAIN,ID",
            zh="本库没有适用于第 {got} 秒的 NIST 证书；请指明：nist@时间,链,证书",
            got=time,
        )  # fmt: skip

    @property
    def time(self) -> int:
        """The Unix second at which the pulse comes out."""
        return self.minute

    def __str__(self) -> str:
        minute = datetime.fromtimestamp(self.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"nist@{minute},{self.chain},{self.certificate_id}"

    def identity(self) -> dict[str, Json]:
        """Return the chain, the certificate and the second at which the pulse comes out."""
        return {
            "source": "nist 2.0",
            "chain": self.chain,
            "certificate_id": self.certificate_id,
            "time": self.time,
        }

    def canonical(self, value: Value) -> dict[str, Json]:
        """Return pulse, link and certificate in one form; refuse another minute, chain or status.

        Hex becomes lower case. Of the links to older pulses only type and value stay, for their
        addresses are not signed. The certificate stands as its DER in base64.
        """
        if not {"pulse"} <= set(value) <= {"pulse", "previous", "certificate"}:
            raise InvalidInput("a NIST value has pulse, and may have previous and certificate; got {got}",
                               zh="NIST 数据应含 pulse，可含 previous 与 certificate，实为 {got}",
                               got=", ".join(map(str, value))[:200])  # fmt: skip
        form: dict[str, Json] = {"pulse": self._pulse(value["pulse"], self.time)}
        if "previous" in value:
            with within("previous"):
                form["previous"] = self._pulse(value["previous"], self.time - 60)
        form["certificate"] = self._certificate(value).to_text()
        return form

    def randomness(self, value: Value) -> bytes:
        """Return the 64 bytes of the output value; refuse a wrong signature, hash or link."""
        form: Any = self.canonical(value)
        certificate = self._certificate(form)
        output = verified(form["pulse"], certificate)
        if "previous" in form:
            with within("previous"):
                verified(form["previous"], certificate)
            check_link(form["previous"], form["pulse"])
        return output

    def attest(self, value: Value) -> Attested:
        """Holds under a certificate that the library knows; otherwise not shown."""
        self.randomness(value)
        short = self.certificate_id[:16]
        if self.certificate_id in known():
            return "holds", {
                "en": f"the pulse is signed under NIST's certificate {short}…",
                "zh": f"脉冲由 NIST 证书 {short}… 签名",
            }
        return "not shown", {
            "en": f"the pulse is signed under certificate {short}…, which the announcement names; "
            "NIST's own page of certificates would show that it is NIST's",
            "zh": f"脉冲由公告所列证书 {short}… 签名；该证书属于 NIST 须由其官方网站证实",
        }

    def _pulse(self, pulse: object, time: int) -> dict[str, Json]:
        form = read_form(pulse)
        stamp = datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:00.000Z")
        want: dict[str, Json] = {
            "cipherSuite": 0, "period": PERIOD, "chainIndex": self.chain, "timeStamp": stamp,
            "certificateId": self.certificate_id,
        }  # fmt: skip
        for name, wanted in want.items():
            same(name, form[name], wanted)
        check_status(form["statusCode"])
        return form

    def _certificate(self, value: Value) -> Certificate:
        if "certificate" not in value and self.certificate_id in known():
            return known()[self.certificate_id]
        found = from_text(value.get("certificate"))
        same("certificate", found.id, self.certificate_id)
        return found
