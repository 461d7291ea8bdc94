"""Tiles against the words of C2SP tlog-tiles."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public import merkle
from fairlot.public.tiles import (
    ENTRIES,
    bundle,
    edge_root,
    grow,
    hashes_of,
    path,
    prefix_roots,
    tiles,
    unbundle,
)

DATA = json.loads((Path(__file__).parents[1] / "reference/data/proof.json").read_bytes())
LEAVES = [merkle.leaf_hash(i.to_bytes(4, "big")) for i in range(66_000)]


def literal_tile(level, index, size):
    """tlog-tiles: MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]) for i = 0 to 255."""
    span = 256**level
    starts = [(index * 256 + i) * span for i in range(256)]
    return [merkle.root(LEAVES[start : start + span]) for start in starts if start + span <= size]


@pytest.mark.parametrize(
    ("index", "name"),
    [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_names_of_tiles(index, name):
    assert path(3, index) == f"tile/3/{name}"
    assert path(ENTRIES, index, 7) == f"tile/entries/{name}.p/7"


def test_the_tree_of_the_document():
    """ "A tree of size 70,000 will be represented by 273 full level 0 tiles, one partial …"."""
    want = [(0, i, 256) for i in range(273)] + [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    assert list(tiles(70_000)) == want
    assert list(tiles(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles(0)) == []


LONG = [pytest.param(size, marks=pytest.mark.slow) for size in (65_535, 65_536, 65_793)]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 513, *LONG])
def test_tiles_are_the_literal_ones(size):
    edge = []
    grown = {(level, index): list(row) for level, index, row in grow(edge, 0, LEAVES[:size])}
    assert [(*at, len(row)) for at, row in grown.items()] == list(tiles(size))
    for (level, index), row in grown.items():
        if level or index % 97 == 0:
            assert row == literal_tile(level, index, size)
    assert edge_root(edge) == merkle.root(LEAVES[:size])


@given(st.lists(st.integers(1, 300), max_size=6))
def test_a_tree_grown_in_steps_is_the_tree_grown_at_once(steps):
    edge, size, stored = [], 0, {}
    for step in steps:
        for level, index, row in grow(edge, size, LEAVES[size : size + step]):
            stored[level, index] = list(row)
        size += step
    at_once = {(level, i): list(row) for level, i, row in grow([], 0, LEAVES[:size])}
    assert stored == at_once
    assert edge_root(edge) == merkle.root(LEAVES[:size])


def test_published_roots():
    data = DATA["rfc6962_roots"]
    leaves = [merkle.leaf_hash(bytes.fromhex(each)) for each in data["leaf_inputs_hex"]]
    got = prefix_roots(leaves, range(9))
    assert [got[size].hex() for size in range(9)] == data["roots_by_size"]


@given(st.sets(st.integers(0, 900), max_size=8))
def test_roots_of_prefixes(sizes):
    assert prefix_roots(LEAVES[:900], sizes) == {n: merkle.root(LEAVES[:n]) for n in sizes}


@given(st.lists(st.binary(max_size=300), max_size=40))
def test_a_bundle_reads_back(entries):
    data = bundle(entries)
    assert unbundle(data, len(entries)) == entries
    for wrong in (data[:-1], data + b"\x00") if entries else (b"\x00",):
        with pytest.raises(InvalidInput, match="bytes; want"):
            unbundle(wrong, len(entries))


@given(st.binary(max_size=600), st.integers(0, 256))
def test_hostile_bundles(data, width):
    try:
        entries = unbundle(data, width)
    except InvalidInput:
        return
    assert len(entries) == width
    assert bundle(entries) == data


def test_the_longest_entry():
    longest = bytes(65_535)
    assert bundle([longest])[:2] == b"\xff\xff"
    assert unbundle(bundle([longest]), 1) == [longest]
    with pytest.raises(InvalidInput, match="more than 65535 bytes"):
        bundle([longest + b"\x00"])


@given(st.binary(max_size=100), st.integers(1, 3))
def test_a_tile_has_whole_hashes(data, width):
    if len(data) == 32 * width:
        assert b"".join(hashes_of(data, width)) == data
    else:
        with pytest.raises(InvalidInput, match="want"):
            hashes_of(data, width)
