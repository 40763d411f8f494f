"""Shards: written by themselves, joined, and searched as one index."""

import json

import pytest
from corpora import Letters, entry, index_of
from test_engines import QUERIES, Random
from test_lexical import random_texts

from secondline.literature.index import Index, verified
from secondline.literature.search import EVERYTHING, Filters, NoIndex
from secondline.literature.shards import join, shard_of, write_shard

COUNT = 4


@pytest.fixture
def sharded(tmp_path):
    """Write entries in shards; return their folders."""

    def write(entries, encoder=None, shards=COUNT):
        folders = []
        for number in range(shards):
            part = [each for each in entries if shard_of(each.document.id, shards) == number]
            folders.append(tmp_path / f"shard-{number}")
            write_shard(part, folders[-1], number, encoder, tmp_path / "encoded" / str(number))
        return folders

    return write


def test_a_document_is_in_the_same_shard_on_every_machine():
    assert [shard_of(f"pmid:{n}", 16) for n in (1, 2, 31452104)] == [7, 6, 12]
    spread = [shard_of(f"pmid:{n}", 4) for n in range(4000)]
    assert all(900 < spread.count(shard) < 1100 for shard in range(4))


def test_shards_rank_in_both_legs_as_one_index(tmp_path, sharded):
    """Terms are as rare as in all shards together; so few documents would show any difference."""
    texts = random_texts(9)
    entries = [entry(id_, text, year=1990 + len(text) % 9) for id_, text in texts.items()]
    whole = index_of(tmp_path / "whole", *entries, encoder=Random())
    join(reversed(sharded(entries, Random())), tmp_path / "joined", of="run-1")
    joined = Index(tmp_path / "joined", encoder=Random)
    assert joined.manifest.of == "run-1"
    assert (joined.manifest.documents, joined.manifest.vectors) == (len(texts), len(texts))
    for query in QUERIES:
        for filters in (EVERYTHING, Filters(from_year=1993, to_year=1995)):
            one = whole.search(query, filters=filters, limit=100)
            assert joined.search(query, filters=filters, limit=100) == one


def test_shards_without_documents_or_vectors_are_joined(tmp_path, sharded):
    join(sharded([entry("a", "relapse"), entry("b", "123")], Letters()), tmp_path / "i", of="1")
    index = Index(tmp_path / "i", encoder=Letters)
    assert [hit.document for hit in index.search("relapse").hits] == ["a"]
    assert index.manifest.vectors == 1
    write_shard([entry("c", "relapse")], tmp_path / "alone", 0)
    join([tmp_path / "alone"], tmp_path / "j", of="2")
    assert "built without vectors" in Index(tmp_path / "j").search("relapse").legs[1].reason


def test_a_joined_index_knows_the_checksums_of_its_files(tmp_path, sharded):
    join(sharded([entry("a", "relapse"), entry("b", "new")], Letters()), tmp_path / "j", of="1")
    assert verified(tmp_path / "j").damages == ()
    path = next((tmp_path / "j").rglob("vectors.npy"))
    path.write_bytes(path.read_bytes() + b"x")
    (damage,) = verified(tmp_path / "j").damages
    assert "vectors.npy is damaged: it has " in damage


def test_vectors_of_a_shard_are_made_once(tmp_path):
    write_shard([entry("a", "relapse")], tmp_path / "one", 0, Letters(), tmp_path / "encoded")
    again = Letters()
    entries = [entry("a", "relapse"), entry("b", "new")]
    write_shard(entries, tmp_path / "two", 0, again, tmp_path / "encoded")
    assert again.encoded == ["new"]


def test_a_shard_that_fails_is_not_there(tmp_path):
    def entries():
        yield entry("a", "relapse")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        write_shard(entries(), tmp_path / "shard", 0)
    assert not (tmp_path / "shard").exists()


def test_a_missing_shard_is_named(tmp_path, sharded):
    folders = sharded([entry("a", "relapse")])
    with pytest.raises(NoIndex, match=r"the shards are \[0, 2, 3\]; expected each from 0 on once"):
        join([folders[0], *folders[2:]], tmp_path / "index", of="1")
    with pytest.raises(NoIndex, match=r"the shards are \[\]"):
        join([], tmp_path / "index", of="1")
    (folders[1] / "shard.json").write_text("{")
    with pytest.raises(NoIndex, match="shard-1 is no shard"):
        join(folders, tmp_path / "index", of="1")
    assert not (tmp_path / "index").exists()


def test_shards_of_different_models_are_not_joined(tmp_path, sharded):
    folders = sharded([entry("a", "relapse")], Letters())
    path = folders[2] / "shard.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "model": "other"}))
    with pytest.raises(NoIndex, match=r"shard 2 was made with .*'other'"):
        join(folders, tmp_path / "index", of="1")
