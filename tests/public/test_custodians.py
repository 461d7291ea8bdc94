"""Custodians of a sealed draw: their salts enter the seed, and who keeps one back is named."""

import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from small_record import PLAN, ROUND, SALTS, SIGNER, announced, body, custodians, found, rewritten

from fairlot import public
from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.public import beacon, tlock
from fairlot.public.custodians import Custodian, opened, read_custodians, read_salt, salt_file
from fairlot.public.disclosure import with_lock
from fairlot.public.drand import Drand
from fairlot.public.suite import SHA256, SM3

Record = dict[str, bytes]

SEALED = f'{PLAN}\nproof = {{ opens = "2024-12-15" }}\n'
SOON, LOCKED_TO = 1000, 9367912
EARLY = datetime.fromtimestamp(Drand(SOON).time, UTC) - timedelta(hours=5)
LATE = beacon.recorded(LOCKED_TO)
SALT = b"\x33" * 32


def locked(name: str = "时间锁", salt: bytes = SALT, committed: bytes = SALT) -> Custodian:
    lock = {"round": LOCKED_TO, "ciphertext": tlock.lock(salt, LOCKED_TO)}
    return Custodian(name, public.commitment(name, committed, SHA256), lock)


def test_a_commitment_is_what_the_documentation_says() -> None:
    parts = (b"fairlot.draw/v1 custodian", "公证处".encode(), SALTS["公证处"])
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert public.commitment("公证处", SALTS["公证处"], SHA256) == sha256(message).hexdigest()
    assert public.commitment("公证处", SALTS["公证处"], SM3) == SM3.digest(message).hex()


def test_salts_open_in_the_order_of_the_announcement() -> None:
    mixed = dict(reversed(SALTS.items()))
    assert opened(custodians(), mixed, {}, SHA256) == tuple(SALTS.values())


def test_who_keeps_a_salt_back_is_named() -> None:
    with pytest.raises(VerificationError, match="the salt of 公证处, 纪检组 is missing") as caught:
        opened(custodians(), {}, {}, SHA256)
    assert caught.value.defaulters == ["公证处", "纪检组"]
    with pytest.raises(VerificationError, match="the salt of 纪检组 is missing"):
        opened(custodians(), {"公证处": SALTS["公证处"]}, {}, SHA256)


def test_another_salt_is_refused_and_another_name_too() -> None:
    with pytest.raises(VerificationError, match="the salt of 纪检组 opens"):
        opened(custodians(), {**SALTS, "纪检组": bytes(32)}, {}, SHA256)
    swapped = dict(zip(SALTS, reversed(SALTS.values()), strict=True))
    with pytest.raises(VerificationError, match="the salt of 公证处 opens"):
        opened(custodians(), swapped, {}, SHA256)
    with pytest.raises(InvalidInput, match="the salt of 公证处 has 31 bytes; want 32"):
        opened(custodians(), {**SALTS, "公证处": bytes(31)}, {}, SHA256)


def test_a_commitment_under_another_suite_does_not_open() -> None:
    with pytest.raises(VerificationError, match="opens"):
        opened(custodians("sm3"), SALTS, {}, SHA256)
    assert opened(custodians("sm3"), SALTS, {}, SM3) == tuple(SALTS.values())


# Time locks: what decrypts is the salt.


def test_a_locked_salt_is_what_decrypts() -> None:
    both = [*custodians(), locked()]
    assert opened(both, {**SALTS, "时间锁": SALT}, LATE, SHA256)[2] == SALT
    with pytest.raises(VerificationError, match="of 时间锁 is not what its lock decrypts to"):
        opened(both, {**SALTS, "时间锁": bytes(32)}, LATE, SHA256)


def test_a_locked_salt_that_is_handed_over_opens_its_commitment() -> None:
    """Else whoever opens could choose: any salt at all, once the beacon is known."""
    both = [*custodians(), locked()]
    assert opened(both, {**SALTS, "时间锁": SALT}, {}, SHA256)[2] == SALT
    with pytest.raises(VerificationError, match="the salt of 时间锁 opens"):
        opened(both, {**SALTS, "时间锁": bytes(32)}, {}, SHA256)
    with pytest.raises(
        VerificationError, match="is locked to round 9367912 of drand; got round 1000"
    ):
        opened(both, {**SALTS, "时间锁": SALT}, beacon.recorded(1000), SHA256)


def test_a_locked_salt_that_is_not_handed_over_waits_for_its_round() -> None:
    with pytest.raises(
        VerificationError, match="of 时间锁 is missing; its lock opens with round 9367912"
    ):
        opened([*custodians(), locked()], SALTS, {}, SHA256)


def test_of_two_salts_the_locked_one_counts() -> None:
    """A commitment to one salt and a lock around another is no choice."""
    two = [*custodians(), locked(salt=SALT, committed=bytes(32))]
    assert opened(two, {**SALTS, "时间锁": SALT}, LATE, SHA256)[2] == SALT
    with pytest.raises(VerificationError, match="is not what its lock decrypts to"):
        opened(two, {**SALTS, "时间锁": bytes(32)}, LATE, SHA256)


def test_a_ciphertext_of_nothing_counts_as_zeros() -> None:
    none = Custodian("时间锁", "00" * 32, {"round": LOCKED_TO, "ciphertext": "00"})
    assert opened([none], {"时间锁": bytes(32)}, LATE, SHA256) == (bytes(32),)


def test_a_forged_round_opens_no_lock() -> None:
    forged = {**beacon.recorded(1000), "round": LOCKED_TO}
    with pytest.raises(FairlotError, match="is not by the chain's key"):
        opened([locked()], {"时间锁": SALT}, forged, SHA256)


# Whole draws.


@pytest.fixture(scope="module")
def waiting() -> Record:
    """Announced, with two custodians and a third whose salt is locked."""
    return soon([*custodians(), locked()])


def soon(held: list[Custodian], **more: Any) -> Record:
    """An announcement whose beacon comes out before the locks open."""
    return announced(SEALED, Drand(SOON), at=EARLY, before={"custodians": held, **more})


def drawn(files: Record, **more: Any) -> Record:
    given = {"salts": SALTS, "lock": LATE, **more}
    return public.draw(files, beacon.recorded(SOON), signer=SIGNER, **given)


def test_a_draw_takes_locked_salts_that_are_handed_over(waiting: Record) -> None:
    """Nobody waits for the lock; whether it holds the same salt is seen when its round is out."""
    files = drawn(waiting, salts={**SALTS, "时间锁": SALT}, lock=None)
    assert files["drawn.csv"] == drawn(waiting)["drawn.csv"]
    early = found(files)["custodians"]
    assert early.verdict == "not shown"
    assert early.note["en"] == (
        "the lock of 时间锁 was not opened: round 9367912 of drand, out at 2024-07-13T21:45:00Z, "
        "would show whether it holds the same salt (fairlot open --lock)"
    )
    late = public.seal(with_lock(files, LATE), SIGNER)
    assert found(late)["custodians"].verdict == "holds"
    assert late["opening.json"] == drawn(waiting)["opening.json"]


def test_a_lock_around_another_salt_than_the_one_handed_over_is_found_out() -> None:
    two = soon([*custodians(), locked(committed=bytes(32))])
    files = drawn(two, salts={**SALTS, "时间锁": bytes(32)}, lock=None)
    assert found(files)["custodians"].verdict == "not shown"
    late = found(public.seal(with_lock(files, LATE), SIGNER))["custodians"]
    assert late.verdict == "fails"
    assert "the salt of 时间锁 is not what its lock decrypts to" in late.note["en"]


@pytest.mark.parametrize("source", [Drand(LOCKED_TO), Drand(LOCKED_TO + 1)])
def test_a_lock_that_opens_no_later_than_a_beacon_is_refused(source: Drand) -> None:
    """Its salt would be known before the randomness, or with it: nobody would hold anything back."""
    told = "the salt of 时间锁 is locked to round 9367912, which comes no later than"
    held = [*custodians(), locked()]
    with pytest.raises(InvalidInput, match=told):
        announced(SEALED, source, before={"custodians": held})
    with pytest.raises(InvalidInput, match=told):
        soon(held, fallbacks=[source])


def test_a_record_with_a_lock_that_was_open_fails(waiting: Record) -> None:
    lock = {**locked().encode()["lock"], "round": SOON}
    held = [*body(waiting, "announcement")["custodians"][:2], {**locked().encode(), "lock": lock}]
    check = found(rewritten(waiting, "announcement", custodians=held))["announcement"]
    assert check.verdict == "fails"
    assert "locked to round 1000, which comes no later than drand:1000" in check.note["en"]


def test_a_draw_opens_the_lock_itself(waiting: Record) -> None:
    opening = body(drawn(waiting), "opening")
    assert opening["salts"] == {
        **{name: salt.hex() for name, salt in SALTS.items()}, "时间锁": SALT.hex(),
    }  # fmt: skip
    assert opening["lock"] == LATE
    steps = found(drawn(waiting))
    assert (steps["custodians"].verdict, steps["selection"].verdict) == ("holds", "holds")


def test_nobody_draws_without_the_custodians(waiting: Record) -> None:
    with pytest.raises(VerificationError, match="the salt of 公证处, 纪检组 is missing"):
        drawn(waiting, salts={})
    with pytest.raises(VerificationError, match="of 时间锁 is missing; its lock opens with round"):
        drawn(waiting, lock=None)
    with pytest.raises(VerificationError, match="the salt of 时间锁 opens"):
        drawn(waiting, salts={**SALTS, "时间锁": bytes(32)}, lock=None)


def test_every_salt_matters() -> None:
    other = {**SALTS, "纪检组": b"\x44" * 32}
    committed = [Custodian(n, public.commitment(n, s, SHA256), {}) for n, s in other.items()]
    one = public.draw(announced(SEALED), beacon.recorded(ROUND), signer=SIGNER, salts=SALTS)
    two = public.draw(announced(SEALED, before={"custodians": committed}), beacon.recorded(ROUND),
                      signer=SIGNER, salts=other)  # fmt: skip
    assert one["drawn.csv"] != two["drawn.csv"]


CHEATS: dict[str, tuple[dict[str, Any], str]] = {
    "a lost salt": (
        {"salts": {"公证处": SALTS["公证处"].hex(), "时间锁": SALT.hex()}},
        "the salt of 纪检组 is missing"),
    "another salt": (
        {"salts": dict.fromkeys((*SALTS, "时间锁"), "00" * 32)}, "is not what its lock decrypts to"),
    "another salt under a lock that is left shut": (
        {"salts": dict.fromkeys((*SALTS, "时间锁"), "00" * 32), "lock": {}}, "the salt of 时间锁 opens"),
    "another round": ({"lock": beacon.recorded(1000)}, "is locked to round 9367912"),
    "no round": ({"lock": {"round": LOCKED_TO}}, "a quicknet round has"),
    "a round of text": ({"lock": {**LATE, "round": str(LOCKED_TO)}}, "is locked to round"),
    "a signature of another kind": ({"lock": {**LATE, "signature": 5}}, "signature is '5'"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHEATS)
def test_a_record_opened_otherwise_fails(waiting: Record, name: str) -> None:
    changes, told = CHEATS[name]
    opening = body(drawn(waiting), "opening")
    if name.startswith("another salt"):
        changes |= {"salts": {**opening["salts"], "时间锁": "00" * 32}}
    check = found(rewritten(drawn(waiting), "opening", **changes))["custodians"]
    assert check.verdict == "fails"
    assert told in check.note["en"]
    assert "Error: " not in check.note["en"]


# What stands in an announcement.


def test_custodians_are_read_back() -> None:
    for each in (*custodians(), locked()):
        assert Custodian.decode(each.encode()) == each


GOOD = locked().encode()
BAD: dict[str, Any] = {
    "a list": [],
    "no name": {**GOOD, "name": ""},
    "a name of two lines": {**GOOD, "name": "a\nb"},
    "a name with a space around": {**GOOD, "name": " a"},
    "a long name": {**GOOD, "name": "x" * 201},
    "a short commitment": {**GOOD, "commitment": "00"},
    "a commitment in capitals": {**GOOD, "commitment": "AB" * 32},
    "a field more": {**GOOD, "more": ""},
    "a lock without a ciphertext": {**GOOD, "lock": {"round": 5}},
    "a lock of more": {**GOOD, "lock": {**locked().lock, "more": 1}},
    "round 0": {**GOOD, "lock": {**locked().lock, "round": 0}},
    "a round that is a flag": {**GOOD, "lock": {**locked().lock, "round": True}},
    "a ciphertext of odd length": {**GOOD, "lock": {"round": 5, "ciphertext": "abc"}},
    "a ciphertext without end": {**GOOD, "lock": {"round": 5, "ciphertext": "ab" * 513}},
}


@pytest.mark.parametrize("name", BAD)
def test_what_no_custodian_is(name: str) -> None:
    with pytest.raises(InvalidInput, match="a custodian is"):
        Custodian.decode(BAD[name])


def test_custodians_are_named_once_and_locked_to_one_round() -> None:
    with pytest.raises(InvalidInput, match="a custodian stands there twice: 公证处, 公证处"):
        read_custodians([custodians()[0].encode()] * 2)
    other = {**GOOD, "name": "另一个", "lock": {**locked().lock, "round": 1000}}
    with pytest.raises(InvalidInput, match="locked to the rounds 1000, 9367912; want one round"):
        read_custodians([GOOD, other])


def test_the_private_file_of_a_custodian_is_read_back() -> None:
    assert read_salt(salt_file("公证处", SALT)) == ("公证处", SALT)
    for data in (b"{}", b"[]", salt_file("公证处", b"short"), salt_file("a\nb", SALT)):
        with pytest.raises(InvalidInput, match="the file holds no custodian's salt"):
            read_salt(data)
    with pytest.raises(InvalidInput, match="want at most"):
        read_salt(b" " * 5000)


def test_without_the_pairing_library_a_lock_is_not_shown(
    waiting: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The salt is taken as it stands, and everything that follows from it is replayed."""
    files = drawn(waiting)
    forged = rewritten(files, "opening", lock={**LATE, "round": LOCKED_TO + 1})
    monkeypatch.setitem(sys.modules, "py_arkworks_bls12381", None)
    steps = found(files)
    check = steps["custodians"]
    assert check.verdict == "not shown"
    assert check.note["en"] == (
        "THE LOCK OF 时间锁 WAS NOT OPENED: pip install 'fairlot[beacon]' and verify again"
    )
    assert check.note["zh"] == "未开启 时间锁 的时间锁：请安装 fairlot[beacon] 后重新核验"
    assert steps["outcome"].verdict == "holds"
    assert found(forged)["custodians"].verdict == "fails"
    other = {**body(files, "opening")["salts"], "时间锁": "00" * 32}
    assert found(rewritten(files, "opening", salts=other))["selection"].verdict == "fails"
    with pytest.raises(InvalidInput, match="time locks need the extra"):
        drawn(waiting)


def test_without_locks_nothing_needs_the_pairing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py_arkworks_bls12381", None)
    files = public.draw(announced(SEALED), beacon.recorded(ROUND), signer=SIGNER, salts=SALTS)
    assert found(files)["custodians"].verdict == "holds"
