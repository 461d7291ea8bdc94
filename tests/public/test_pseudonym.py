"""Pseudonyms open one by one, bind whoever made them, and stay closed otherwise."""

import hmac
import json
from base64 import b32encode
from hashlib import sha256

import pytest
from small_record import PLAN, make, names, officers, shown, sites

from fairlot import public
from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import canonical
from fairlot.public.folder import TABLES
from fairlot.public.suite import suite

Record = dict[str, bytes]

SECRET = bytes(range(32))


def framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def literal(kind: str, name: str) -> tuple[str, str]:
    """The pseudonym and the salt as the module tells them, written out."""
    told = framed(b"fairlot.draw/v1 salt", kind.encode(), name.encode())
    salt = hmac.new(SECRET, told, "sha256").digest()[:16]
    told = framed(b"fairlot.draw/v1 name", kind.encode(), salt, name.encode())
    return b32encode(sha256(told).digest()).decode()[:32], salt.hex()


def test_a_pseudonym_is_what_the_documentation_says() -> None:
    opening = names().openings["P003"]
    assert (opening.pseudonym, opening.salt) == literal("person", "P003")
    opening = names().site_openings["S0003"]
    assert (opening.pseudonym, opening.salt) == literal("site", "S0003")


def test_a_key_is_what_the_documentation_says() -> None:
    told = framed(b"fairlot.draw/v1 key", b"officers")
    assert names().key("officers") == hmac.new(SECRET, told, "sha256").digest()
    assert len({names().key(name) for name in TABLES}) == len(TABLES)


def test_everybody_has_a_pseudonym_of_their_own() -> None:
    found = names().pseudonyms
    assert sorted(found) == officers()["officer_id"].tolist()
    assert sorted(names().site_pseudonyms) == sites()["site_id"].tolist()
    both = [*found.values(), *names().site_pseudonyms.values()]
    assert len(set(both)) == len(both)


def test_a_person_and_a_site_of_one_id_are_told_apart() -> None:
    same = public.Names(SECRET, ("X1",), ("X1",))
    assert same.pseudonyms["X1"] != same.site_pseudonyms["X1"]


def test_another_secret_or_suite_gives_other_pseudonyms() -> None:
    for other in (public.Names(bytes(32), names().ids), names("sm3")):
        assert not set(names().clear) & set(other.clear)
        assert other.key("sites") != names().key("sites")


def test_no_id_of_an_officer_stands_in_a_record(full: dict[str, Record]) -> None:
    for record in full.values():
        published = b"".join(record.values())
        assert [person for person in names().ids if person.encode() in published] == []


def test_the_people_of_a_record_are_the_pseudonyms_in_their_order(record: Record) -> None:
    rows = [json.loads(line) for line in record["officers.jsonl"].splitlines()[1:]]
    assert [row["officer_id"] for row in rows] == sorted(names().clear)
    kin = [json.loads(line) for line in record["conflicts.jsonl"].splitlines()[1:]]
    assert {row["person_id"] for row in kin} == {names().pseudonyms["P000"]}


def test_the_sites_of_a_pseudonymous_record_too(full: dict[str, Record]) -> None:
    rows = full["pseudonymous"]["standings.jsonl"].splitlines()[1:]
    assert [json.loads(row)["site"] for row in rows] == sorted(names().site_pseudonyms.values())


def test_tables_are_canonical_line_by_line(full: dict[str, Record]) -> None:
    for record in full.values():
        for name in TABLES:
            rows = record[f"{name}.jsonl"].splitlines()
            assert [canonical.encode(json.loads(row)) for row in rows] == rows


@pytest.mark.parametrize("hashed", ["sha256", "sm3"])
def test_an_opening_is_accepted(hashed: str) -> None:
    known = names(hashed)
    for opening in known.openings.values():
        public.open_pseudonym(opening.pseudonym, opening.id, opening.salt, suite=suite(hashed))
    site = known.site_openings["S0003"]
    public.open_pseudonym(site.pseudonym, site.id, site.salt, kind="site", suite=suite(hashed))


WRONG = {
    "another officer": {"name": "P004"},
    "another salt": {"salt": "00" * 16},
    "a salt cut short": {"salt": "00" * 15},
    "no salt": {"salt": "salt"},
    "another pseudonym": {"pseudonym": "A" * 32},
    "a site": {"kind": "site"},
    "another suite": {"suite": suite("sm3")},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_opening_is_refused_with_both_sides(name: str) -> None:
    opening = names().openings["P003"]
    honest = {"pseudonym": opening.pseudonym, "name": opening.id, "salt": opening.salt}
    with pytest.raises(VerificationError, match="is behind [A-Z2-7]{32}, not behind [A-Z2-7]{32}"):
        public.open_pseudonym(**{**honest, **WRONG[name]})  # type: ignore[arg-type]


def test_the_private_file_is_read_back(record: Record) -> None:
    digest = public.digest_of(record)
    for known in (names(), names("sm3")):
        again = public.Names.read(known.to_bytes(digest), digest)
        assert (again.openings, again.site_openings) == (known.openings, known.site_openings)
        assert again.suite is known.suite


BAD_FILES = {
    "of another announcement": (lambda told: {**told, "announcement": "00" * 32}, "belongs to"),
    "another secret": (lambda told: {**told, "secret": "00" * 32}, "was changed"),
    "short secret": (lambda told: {**told, "secret": "00"}, "holds no secret"),
    "another suite": (lambda told: {**told, "suite": "sm3"}, "was changed"),
    "no such suite": (lambda told: {**told, "suite": "md5"}, "holds no secret"),
    "a pseudonym changed": (
        lambda told: {**told, "people": [{**told["people"][0], "pseudonym": "A"}]}, "was changed",
    ),
    "a site left out": (lambda told: {**told, "sites": [*told["sites"][1:-1], "x"]}, "no secret"),
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


def test_a_secret_has_32_bytes() -> None:
    with pytest.raises(InvalidInput, match="the secret has 31 bytes; want 32"):
        public.Names(bytes(31), ("P1",))


def test_the_closed_sites_of_a_pseudonymous_record_are_told_nowhere() -> None:
    """Of sites that were not drawn neither id nor name is published; of drawn ones both are."""
    full = make(f'{PLAN}\nproof = {{ view = "pseudonymous" }}\n')
    published = b"".join(shown(full).values())
    rows = [json.loads(line) for line in full["openings.jsonl"].splitlines()[1:]]
    drawn = {row["site_id"] for row in rows}
    told = {site for site in sites()["site_id"] if site.encode() in published}
    assert told == drawn
    assert {name for name in sites()["name"] if name.encode() in published} == {
        row["name"] for row in rows
    }
