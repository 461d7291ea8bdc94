"""Pseudonyms open one by one, bind whoever made them, and stay closed otherwise."""

import hmac
import json
from base64 import b32encode
from hashlib import sha256

import pytest
from small_record import names, officers

from fairlot import public
from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import canonical
from fairlot.public.folder import REGISTERS

Record = dict[str, bytes]


def literal(secret: bytes, person: str) -> tuple[str, str]:
    """The pseudonym and the salt as docs/record.md tells them, written out."""

    def part(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    told = part(b"fairlot.draw/v0 salt") + part(person.encode())
    salt = hmac.new(secret, told, "sha256").digest()[:16]
    told = part(b"fairlot.draw/v0 officer") + part(salt) + part(person.encode())
    return b32encode(sha256(told).digest()).decode()[:32], salt.hex()


def test_a_pseudonym_is_what_the_documentation_says() -> None:
    opening = names().openings["P003"]
    assert (opening.pseudonym, opening.salt) == literal(bytes(range(32)), "P003")


def test_every_person_has_a_pseudonym_of_their_own() -> None:
    found = names().pseudonyms
    assert sorted(found) == officers()["officer_id"].tolist()
    assert len(set(found.values())) == len(found)


def test_another_secret_gives_other_pseudonyms() -> None:
    other = public.Names(bytes(32), names().ids)
    assert not set(names().clear) & set(other.clear)


def test_no_id_of_an_officer_stands_in_a_record(record: Record) -> None:
    published = b"".join(record.values())
    assert [person for person in names().ids if person.encode() in published] == []


def test_the_people_of_a_record_are_the_pseudonyms_in_their_order(record: Record) -> None:
    rows = [json.loads(line) for line in record["officers.jsonl"].splitlines()]
    assert [row["officer_id"] for row in rows] == sorted(names().clear)
    assert {
        row["person_id"] for row in map(json.loads, record["conflicts.jsonl"].splitlines())
    } == {names().pseudonyms["P000"]}


def test_tables_are_in_canonical_order_under_pseudonyms(record: Record) -> None:
    for name in REGISTERS:
        rows = record[f"{name}.jsonl"].splitlines()
        assert [canonical.encode(json.loads(row)) for row in rows] == rows


def test_an_opening_is_accepted() -> None:
    for opening in names().openings.values():
        public.open_officer(opening.pseudonym, opening.id, opening.salt)


WRONG = {
    "another officer": {"officer": "P004"},
    "another salt": {"salt": "00" * 16},
    "a salt cut short": {"salt": "00" * 15},
    "no salt": {"salt": "salt"},
    "another pseudonym": {"pseudonym": "A" * 32},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_opening_is_refused_with_both_sides(name: str) -> None:
    opening = names().openings["P003"]
    honest = {"pseudonym": opening.pseudonym, "officer": opening.id, "salt": opening.salt}
    with pytest.raises(VerificationError, match="is behind [A-Z2-7]{32}, not behind [A-Z2-7]{32}"):
        public.open_officer(**{**honest, **WRONG[name]})


def test_the_private_file_is_read_back(record: Record) -> None:
    digest = public.digest_of(record)
    data = names().to_bytes(digest)
    assert public.Names.read(data, digest).openings == names().openings


BAD_FILES = {
    "of another announcement": (lambda told: {**told, "announcement": "00" * 32}, "belongs to"),
    "another secret": (lambda told: {**told, "secret": "00" * 32}, "was changed"),
    "short secret": (lambda told: {**told, "secret": "00"}, "holds no secret"),
    "a pseudonym changed": (
        lambda told: {**told, "people": [{**told["people"][0], "pseudonym": "A"}]}, "was changed",
    ),
    "no people": (lambda told: {"secret": told["secret"]}, "holds no secret"),
    "a list": (lambda _: [], "holds no secret"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_another_private_file_is_refused(record: Record, name: str) -> None:
    change, told = BAD_FILES[name]
    digest = public.digest_of(record)
    data = canonical.encode(change(json.loads(names().to_bytes(digest)))) + b"\n"
    with pytest.raises(InvalidInput, match=told):
        public.Names.read(data, digest)
