"""A witness signs growth alone, and forgets nothing."""

import pytest
from logged import OFFICE, STRANGER, WITNESS, entry, key, new_log

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import merkle
from fairlot.public.checkpoint import (
    Checkpoint,
    cosignature_times,
    read_checkpoint,
    sign_checkpoint,
)
from fairlot.public.note import save_key
from fairlot.public.witness import Witness

VKEYS = [WITNESS.cosigner_vkey]
LEAVES = [merkle.leaf_hash(bytes([i])) for i in range(12)]


def signed(size, leaves=LEAVES, signer=OFFICE):
    return sign_checkpoint(Checkpoint(signer.name, size, merkle.root(leaves[:size])), signer)


def proof(old, new, leaves=LEAVES):
    return merkle.consistency_proof(merkle.levels(leaves[:new]), old) if old else []


@pytest.fixture
def witness(tmp_path):
    made = Witness.create(tmp_path / "witness.json", WITNESS)
    made.trust(OFFICE.vkey)
    return made


def again(witness, tmp_path):
    return Witness(tmp_path / "witness.json", WITNESS)


def test_it_signs_a_log_that_grows(witness, tmp_path):
    log = new_log(tmp_path / "log")
    for time, count in ((10, 0), (20, 3), (20, 0), (30, 300)):
        if count:
            log.append([entry(number=i) for i in range(count)], OFFICE)
        text = again(witness, tmp_path).cosign_log(log.folder, now=time)
        log.add_cosignature(text, witness.vkey)
        assert cosignature_times(log.checkpoint(), VKEYS)[-1] == time
    assert witness.known(OFFICE.name).last == read_checkpoint(log.checkpoint())
    earlier = {
        read_checkpoint(each).size: cosignature_times(each, VKEYS) for each in log.read().earlier
    }
    assert earlier == {0: [10], 3: [20]}


@pytest.mark.parametrize("old", range(1, 12))
def test_it_signs_every_growth(tmp_path, old):
    for new in range(old, 13):
        witness = Witness.create(tmp_path / f"{new}.json", WITNESS)
        witness.trust(OFFICE.vkey)
        witness.cosign(signed(old), 0, [], now=5)
        assert witness.cosign(signed(new), old, proof(old, new), now=6).startswith("— witness")


OTHER = [merkle.leaf_hash(b"other"), *LEAVES[1:]]


@pytest.mark.parametrize(
    ("text", "old", "hashes", "why"),
    [
        (signed(4), 7, [], "rolled back: 4 entries, but 7 were signed"),
        (signed(7, OTHER), 7, [], "forked after 7 entries"),
        (signed(12, OTHER), 7, proof(7, 12, OTHER), "forked after 7 entries"),
        (signed(12, OTHER), 7, proof(7, 12), "forked after 7 entries"),
        (signed(12), 7, [], "forked after 7 entries"),
        (signed(12), 7, [*proof(7, 12), bytes(32)], "forked after 7 entries"),
        (signed(12), 4, proof(4, 12), "a proof from 4 entries; 7 were signed last"),
        (signed(12), 0, [], "a proof from 0 entries; 7 were signed last"),
        (signed(12, signer=STRANGER), 7, proof(7, 12), "no signature by"),
        (signed(12, signer=key(9, "elsewhere")), 0, [], "elsewhere is not known"),
    ],
)
def test_it_signs_nothing_else_and_forgets_nothing(witness, tmp_path, text, old, hashes, why):
    witness.cosign(signed(7), 0, [], now=5)
    before = (tmp_path / "witness.json").read_bytes()
    with pytest.raises((InvalidInput, VerificationError), match=why):
        again(witness, tmp_path).cosign(text, old, hashes, now=6)
    assert (tmp_path / "witness.json").read_bytes() == before
    assert witness.cosign(signed(12), 7, proof(7, 12), now=7)


def test_what_it_refuses_comes_with_what_it_signed(witness):
    witness.cosign(signed(7), 0, [], now=5)
    with pytest.raises(VerificationError) as caught:
        witness.cosign(signed(7, OTHER), 7, [], now=6)
    assert read_checkpoint(caught.value.before) == read_checkpoint(signed(7))
    assert cosignature_times(caught.value.before, VKEYS) == [5]


def test_an_empty_log_has_one_root(witness):
    bad = sign_checkpoint(Checkpoint(OFFICE.name, 0, bytes(32)), OFFICE)
    with pytest.raises(VerificationError, match="an empty log has no proof"):
        witness.cosign(bad, 0, [], now=5)
    with pytest.raises(VerificationError, match="an empty log has no proof"):
        witness.cosign(signed(3), 0, [bytes(32)], now=5)


def test_its_clock_does_not_go_back(witness):
    witness.cosign(signed(3), 0, [], now=50)
    with pytest.raises(InvalidInput, match="the clock went back: 49 after 50"):
        witness.cosign(signed(4), 3, proof(3, 4), now=49)


def test_a_log_that_was_damaged_or_rolled_back_is_not_signed(witness, tmp_path):
    short, long = new_log(tmp_path / "a", entry()), new_log(tmp_path / "b", entry(), entry())
    witness.cosign_log(long.folder, now=5)
    with pytest.raises(VerificationError, match="rolled back"):
        witness.cosign_log(short.folder, now=6)
    (long.folder / "tile/0/000.p/2").write_bytes(bytes(64))
    with pytest.raises(VerificationError, match="is not the tree of the entries"):
        witness.cosign_log(long.folder, now=6)


def test_two_logs_are_two_memories(witness):
    other = key(9, "elsewhere")
    witness.trust(other.vkey)
    witness.cosign(signed(7), 0, [], now=9)
    witness.cosign(signed(3, OTHER, other), 0, [], now=5)
    assert (witness.known(OFFICE.name).last.size, witness.known("elsewhere").last.size) == (7, 3)


def test_a_log_keeps_its_key(witness):
    witness.cosign(signed(7), 0, [], now=5)
    witness.trust(OFFICE.vkey)
    assert witness.known(OFFICE.name).last.size == 7
    with pytest.raises(InvalidInput, match="is known by another key"):
        witness.trust(STRANGER.vkey)


def test_a_memory_is_one_witness_s_and_never_begun_anew(witness, tmp_path):
    with pytest.raises(InvalidInput, match="a witness never forgets"):
        Witness.create(tmp_path / "witness.json", WITNESS)
    with pytest.raises(InvalidInput, match="the memory is witness.example's; the key is other's"):
        Witness(tmp_path / "witness.json", key(2, "other"))
    save_key(WITNESS, tmp_path / "witness.key")
    loaded = Witness.load(tmp_path / "witness.json", tmp_path / "witness.key")
    assert loaded.vkey == WITNESS.cosigner_vkey


def test_a_memory_that_was_cut_is_refused(witness, tmp_path):
    witness.cosign(signed(7), 0, [], now=5)
    path = tmp_path / "witness.json"
    data = path.read_bytes()
    for size in range(len(data) - 1):
        path.write_bytes(data[:size])
        with pytest.raises(InvalidInput, match="witness.json"):
            again(witness, tmp_path)
