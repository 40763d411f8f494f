"""An index on a server: built whole, replaced whole, and every failure told."""

import pytest
from corpora import Corpus, Letters, entry
from sqlalchemy import text
from test_engines import Random
from test_lexical import random_texts

from secondline.literature import postgres as module
from secondline.literature.postgres import PostgreSQL
from secondline.literature.records import AddressError, StoreError
from secondline.literature.search import AlreadyBuilding, NoIndex, NoModel, QueryError
from secondline.literature.servers import Contents, Served


@pytest.fixture
def server(postgres):
    opened = PostgreSQL(postgres)
    with opened._engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {module.SCHEMA} CASCADE"))
    yield opened
    opened.close()


@pytest.fixture
def build(server, tmp_path):
    """Build an index of texts; return what searches it."""

    def built(texts, encoder=None, state="1"):
        engine = Served(server, lambda: encoder)
        entries = (entry(id_, each) for id_, each in texts.items())
        engine.build(Corpus(*entries, state=state), tmp_path, encoder=encoder)
        return engine

    return built


TEXTS = {"a": "Irinotecan after relapse", "b": "Relapse of a tumor", "c": "Outlook"}


def reasons(engine, query="relapse"):
    return {leg.name: leg.reason for leg in engine.search(query).legs if not leg.answered}


def found(engine, query):
    return [hit.document for hit in engine.search(query).hits]


def test_a_server_without_an_index_names_the_repair(server):
    with pytest.raises(NoIndex, match="run: secondline literature index build"):
        Served(server).search("relapse")


def test_what_was_built_is_told(build):
    contents = build({**TEXTS, "d": "123"}, Letters(), state="7").contents()
    assert (contents.of, contents.documents, contents.passages) == ("7", 4, 4)
    assert (contents.vectors, contents.model) == (3, "letters")
    assert contents.marks == ("kind:citation", "retracted:no")


def test_a_leg_that_holds_less_says_how_much(build):
    _, dense = build({**TEXTS, "d": "123"}, Letters()).search("relapse").legs
    assert dense.answered
    assert dense.reason.startswith("1 passage is not in it")


def test_an_index_without_vectors_says_so_and_answers(build):
    engine = build(TEXTS)
    assert found(engine, "irinotecan") == ["a"]
    assert "built without vectors" in reasons(engine)["dense"]


def test_a_missing_or_another_model_is_told(build, server):
    build(TEXTS, Letters())

    def missing():
        raise NoModel("the package onnxruntime is not installed")

    assert reasons(Served(server, missing)) == {"dense": "the package onnxruntime is not installed"}
    assert "'letters'" in reasons(Served(server, Random))["dense"]


def test_tokens_of_another_analyzer_are_not_compared(build, monkeypatch):
    engine = build(TEXTS)
    monkeypatch.setattr("secondline.literature.analyzer.RULES", "other rules")
    assert "other rules" in reasons(engine)["lexical"]


def test_a_damaged_leg_is_told_and_the_other_answers(build, server):
    engine = build(TEXTS, Letters())
    with server._engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {module.SCHEMA}.by_tokens"))
    assert reasons(engine).keys() == {"lexical"}
    assert reasons(engine)["lexical"].startswith("it failed: ")
    assert len(found(engine, "relapse")) == 3


@pytest.mark.parametrize("query", ["the of and", "再発した", "?!*"])
def test_a_query_without_words_is_told(build, query):
    assert "no searchable word" in reasons(build(TEXTS), query)["lexical"]


@pytest.mark.parametrize(
    "query",
    [
        "irinotecan'; DROP SCHEMA secondline_search CASCADE; --",
        "irinotecan :query %s $1 {} \\",
        "secondline_search.by_tokens:irinotecan",
        "irinotecan " * 500,
    ],
)
def test_no_character_of_a_query_is_an_operator(build, query):
    assert found(build(TEXTS), query)[0] == "a"


def test_what_is_no_query_is_refused(build):
    with pytest.raises(QueryError, match="the query is empty"):
        build(TEXTS).search(" ")


def test_documents_of_any_length_are_taken(build):
    texts = ["", "relapse " * 600_000, "x" * 5_000_000, "\x00\x01 relapse", "再発"]
    texts.append(" ".join(f"w{n}" for n in range(200_000)))
    engine = build({f"d{n}": each for n, each in enumerate(texts)})
    assert sorted(found(engine, "relapse")) == ["d1", "d3"]
    assert engine.contents().passages == 6


def test_a_build_replaces_what_was_there(build):
    before = build(TEXTS, Letters())
    build({"z": "irinotecan"}, state="2")
    assert found(before, "irinotecan") == ["z"]
    assert before.contents().of == "2"


def test_an_empty_corpus_finds_nothing(build):
    assert found(build({}, Letters()), "relapse") == []


class Failing(Corpus):
    def __iter__(self):
        yield from super().__iter__()
        raise OSError("the disk is full")


def test_a_build_that_fails_leaves_the_index_that_was_there(build, tmp_path):
    engine = build(TEXTS)
    with pytest.raises(OSError, match="the disk is full"):
        engine.build(Failing(entry("z", "irinotecan")), tmp_path, encoder=None)
    assert found(engine, "irinotecan") == ["a"]
    build({"y": "irinotecan"})
    assert found(engine, "irinotecan") == ["y"]


def test_one_process_builds_at_a_time(build, tmp_path):
    engine = build(TEXTS)

    class Twice(Corpus):
        def __iter__(self):
            engine.build(Corpus(), tmp_path, encoder=None)
            return super().__iter__()

    with pytest.raises(AlreadyBuilding, match="wait until it has finished"):
        engine.build(Twice(), tmp_path, encoder=None)
    assert found(engine, "irinotecan") == ["a"]


def test_what_did_not_change_is_not_encoded_again(build):
    build(TEXTS, Letters())
    encoder = Letters()
    build({**TEXTS, "d": "new words"}, encoder)
    assert encoder.encoded == ["new words"]


def test_of_many_vectors_the_near_lists_find_nearly_all(build, monkeypatch):
    texts = {f"d{n}": f"{each} {n}" for n, each in enumerate(random_texts(1, 1200).values())}
    exact = build(texts, Letters())
    queries = list(texts.values())[:40:2]
    nearest = [dict(exact.search(query, limit=20).hits[0].ranks) for query in queries]
    monkeypatch.setattr(module, "EXACT", 1000)
    monkeypatch.setattr(module, "PROBED", 0.2)
    lists = build(texts, Letters())
    again = [dict(lists.search(query, limit=20).hits[0].ranks) for query in queries]
    assert sum(one == other for one, other in zip(nearest, again, strict=True)) >= 18


def test_a_server_that_is_gone_is_named_without_its_password():
    pytest.importorskip("psycopg")
    engine = Served(PostgreSQL("postgresql://user:secret@127.0.0.1:9/none"))
    with pytest.raises(StoreError, match="the search server cannot be used: ") as error:
        engine.search("relapse")
    assert "secret" not in str(error.value)
    assert "postgresql://user:***@127.0.0.1:9/none" in str(error.value)
    assert str(error.value).endswith("its database, user and password")


@pytest.mark.parametrize("address", ["nonsense", "postgresql:/x:y"])
def test_an_address_that_is_none_is_refused(address):
    pytest.importorskip("psycopg")
    with pytest.raises(AddressError, match="no address of a search"):
        PostgreSQL(address)


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"format": 1}', '{"marks": []}'])
def test_contents_that_cannot_be_read_are_none(kept):
    assert Contents.from_json(kept) is None


def test_contents_of_another_format_are_none(build):
    kept = build(TEXTS).contents().as_json()
    assert Contents.from_json(kept) is not None
    assert Contents.from_json(kept.replace('"format": 1', '"format": 0')) is None
