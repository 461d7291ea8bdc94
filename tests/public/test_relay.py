"""Fetching from a real server on this machine that serves, lies, stalls, drips, cuts and swells."""

import asyncio
import json
import socket
import sys
import threading
import time
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from nist_station import MINUTE, Station
from py_arkworks_bls12381 import G1Point, Scalar

from fairlot._base.errors import InvalidInput
from fairlot.public import relay
from fairlot.public.drand import DST, QUICKNET, Drand, recorded
from fairlot.public.lottery import Kl8
from fairlot.public.nist import Nist

PROOF = json.loads((Path(__file__).parents[1] / "reference/data/proof.json").read_text("utf-8"))
ROUND = recorded(1000)
BODY = json.dumps(ROUND).encode()
PATH = f"/{QUICKNET.hash}/public/1000"
NIST = Nist.at(1535651040)
NIST_PATH = "/beacon/2.0/pulse/time/1535651040000"
STATION = Station(rsa.generate_private_key(65537, 4096))
STATION_PULSE = STATION.pulse(0, "bb" * 64, "cc" * 64)
SECONDS = 0.4  # a relay's share where it stalls on purpose


def signed_by_another_key():
    """A round of a chain whose key somebody else has, with everything else in order."""
    message = sha256((1000).to_bytes(8, "big")).digest()
    point = G1Point.hash_to_curve(message, DST) * Scalar(7)
    signature = bytes(point.to_compressed_bytes())
    forged = {"signature": signature.hex(), "randomness": sha256(signature).hexdigest()}
    return json.dumps({**ROUND, **forged}).encode()


class Handler(BaseHTTPRequestHandler):
    """Behaves as the first part of the path says; what follows is what was asked of the relay."""

    def do_GET(self):
        _, manner, path = self.path.split("/", 2)
        self.server.asked.append(f"/{path}")
        getattr(self, f"{manner}_")()

    def log_message(self, *args):
        pass

    def give(self, body, status=200, **headers):
        self.send_response(status)
        for name, text in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)

    def good_(self):
        self.give(BODY)

    def nist_(self):
        self.give(json.dumps({"pulse": PROOF["nist_beacon_2_0"]["pulses"][0]}).encode())

    def nist_forged_(self):
        pulse = {**PROOF["nist_beacon_2_0"]["pulses"][0], "localRandomValue": "00" * 64}
        self.give(json.dumps({"pulse": pulse}).encode())

    def station_(self):
        self.give(self.server.station[self.server.asked[-1]])

    def other_round_(self):
        self.give(json.dumps(recorded(2)).encode())

    def renamed_round_(self):
        self.give(json.dumps({**recorded(2), "round": 1000}).encode())

    def other_chain_(self):
        self.give(json.dumps(PROOF["drand_default_rounds"][0]).encode())

    def other_key_(self):
        self.give(signed_by_another_key())

    def broken_(self):
        self.give(BODY[:-20])

    def cut_(self):
        self.give(BODY[:-20], Content_Length=str(len(BODY)))

    def empty_(self):
        self.give(b"")

    def list_(self):
        self.give(b"[]")

    def latin_(self):
        self.give(b'{"round":"\xff"}')

    def missing_(self):
        self.give(b"no such round", 404)

    def moved_(self):
        self.give(b"", 302, Location=f"http://127.0.0.1:{self.server.server_port}/good{PATH}")

    def squeezed_(self):
        self.give(b"\x1f\x8b" + bytes(100), Content_Encoding="gzip")

    def huge_(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(100_000):
            self.wfile.write(b" " * 10_000)

    def huge_header_(self):
        self.send_response(200)
        for i in range(100_000):
            self.send_header(f"X-{i}", "y" * 1000)
        self.end_headers()

    def stalled_(self):
        self.server.over.wait(30)

    def dripped_(self):
        self.send_response(200)
        self.end_headers()
        self.drip(BODY)

    def dripped_header_(self):
        self.drip(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000)

    def drip(self, data):
        for byte in data:
            self.wfile.write(bytes([byte]))
            if self.server.over.wait(0.05):
                return


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args):
        """A client that hangs up is what these tests are about."""


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server(("127.0.0.1", 0), Handler)
    server.asked, server.over = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def at(server, manner):
    return f"http://127.0.0.1:{server.server_port}/{manner}"


def test_a_round_is_fetched_by_its_number(server):
    fetched = relay.fetch(Drand(1000), [at(server, "good")])
    assert fetched.value == ROUND
    assert fetched.relay == at(server, "good")
    assert fetched.passed_over == ()
    assert server.asked == [PATH]


LIES = {
    "other_round": "round is '2'; want 1000",
    "renamed_round": "not by the chain's key",
    "other_chain": "got .*previous_signature",
    "other_key": "not by the chain's key",
    "broken": "not JSON",
    "cut": "could not be reached: RemoteProtocolError",
    "empty": "not JSON",
    "list": "got $",
    "latin": "is not UTF-8",
    "missing": "answered 404; want 200",
    "moved": "answered 302; want 200",
    "squeezed": "is not UTF-8",
    "huge": "answered more than 32768 bytes",
    "huge_header": "could not be reached: RemoteProtocolError",
}


@pytest.mark.parametrize("manner", LIES)
def test_a_lying_or_broken_relay_is_passed_over_and_named(server, manner):
    bad, good = at(server, manner), at(server, "good")
    fetched = relay.fetch(Drand(1000), [bad, good])
    assert fetched.value == ROUND
    assert fetched.relay == good
    ((name, error),) = fetched.passed_over
    assert name == bad
    with pytest.raises(type(error), match=LIES[manner]):
        raise error
    # A redirect is not followed: the good relay was asked once, by us.
    assert server.asked == [PATH, PATH]


@pytest.mark.parametrize("manner", ["stalled", "dripped", "dripped_header"])
def test_a_slow_relay_has_its_share_of_the_time_and_no_more(server, manner):
    start = time.monotonic()
    fetched = relay.fetch(
        Drand(1000), [at(server, manner), at(server, "good")], seconds=2 * SECONDS
    )
    assert time.monotonic() - start < 2 * SECONDS + 1
    assert fetched.value == ROUND
    assert "did not answer within 0.4 s" in str(fetched.passed_over[0][1])


def test_a_relay_that_does_not_exist(server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}"
        for address in (
            gone,
            "ftp://127.0.0.1",
            "http://",
            "not an address",
            "http://[",
            "http://\ud800",
        ):
            fetched = relay.fetch(Drand(1000), [address, at(server, "good")])
            assert fetched.value == ROUND
            assert "could not be reached" in str(fetched.passed_over[0][1])


def test_when_no_relay_gives_it_all_are_named(server):
    with pytest.raises(InvalidInput) as refused:
        relay.fetch(Drand(1000), [at(server, "missing"), at(server, "other_round")])
    for text in (str(refused.value), refused.value.text("zh")):
        assert at(server, "missing") in text
        assert at(server, "other_round") in text
    assert "no relay gave drand:1000: " in str(refused.value)
    assert "没有中继给出 drand:1000：" in refused.value.text("zh")


def test_what_is_still_to_come_is_not_asked_for(server):
    early = datetime.fromtimestamp(Drand(1000).time - 1, UTC)
    with pytest.raises(InvalidInput, match="comes out only in 1 s"):
        relay.fetch(Drand(1000), [at(server, "good")], now=early)
    with pytest.raises(InvalidInput, match="comes out only in"):
        relay.fetch(Drand((1 << 40) - 1), [at(server, "good")])
    assert server.asked == []


def test_a_pulse_is_fetched_by_its_minute(server):
    relays = [at(server, manner) for manner in ("good", "nist_forged", "nist")]
    fetched = relay.fetch(NIST, relays)
    assert NIST.attest(fetched.value)[0] == "holds"
    assert server.asked == [NIST_PATH] * 3
    assert [name for name, _ in fetched.passed_over] == relays[:2]
    assert "signature of the pulse is not by" in str(fetched.passed_over[1][1])


def test_another_pulse_than_asked_for_is_passed_over(server):
    later = Nist(NIST.time + 60, NIST.chain, NIST.certificate_id)
    with pytest.raises(InvalidInput, match="timeStamp is"):
        relay.fetch(later, [at(server, "nist")])


def test_an_unknown_certificate_is_fetched_too_and_must_be_the_announced_one(server):
    unknown = Nist(NIST.time, 1, "ab" * 64)
    with pytest.raises(InvalidInput, match="certificateId is"):
        relay.fetch(unknown, [at(server, "nist")])
    assert server.asked == [NIST_PATH, f"/beacon/2.0/certificate/{'ab' * 64}"]


def test_a_pulse_under_an_unknown_certificate_comes_with_it(server):
    nist = Nist(MINUTE, 2, STATION.id)
    server.station = {
        f"/beacon/2.0/pulse/time/{MINUTE * 1000}": json.dumps({"pulse": STATION_PULSE}).encode(),
        f"/beacon/2.0/certificate/{STATION.id}": STATION.pem.encode(),
    }
    now = datetime.fromtimestamp(MINUTE, UTC)
    fetched = relay.fetch(nist, [at(server, "station")], now=now)
    assert nist.attest(fetched.value)[0] == "not shown"
    assert server.asked == list(server.station)


def test_a_lottery_is_not_fetched():
    with pytest.raises(InvalidInput, match="declared by witnesses"):
        relay.fetch(Kl8(("2024187", "2024188")))


def test_it_runs_inside_a_running_loop_too(server):
    async def notebook():
        return relay.fetch(Drand(1000), [at(server, "good")])

    assert asyncio.run(notebook()).value == ROUND


@pytest.mark.parametrize("missing", ["httpx", "py_arkworks_bls12381"])
def test_nothing_is_taken_unverified(server, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InvalidInput, match="fairlot\\[beacon\\]"):
        relay.fetch(Drand(1000), [at(server, "good")])
