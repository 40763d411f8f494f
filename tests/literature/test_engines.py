"""One ranking test for every engine: files, joined shards, PostgreSQL, OpenSearch's Lucene.

All of them are given the same tokens and are held against the same slow and obvious BM25.
"""

import numpy as np
import pytest
from corpora import Corpus, Letters, entry, index_of
from opensearch_stand_in import StandIn
from test_lexical import FILTERED, WORDS, random_texts, reference

from secondline.literature.embedding import DIMENSIONS
from secondline.literature.opensearch import OpenSearch
from secondline.literature.postgres import PostgreSQL
from secondline.literature.search import EVERYTHING, Filters, filters_from
from secondline.literature.servers import Served

QUERIES = ("w0 w5 w39", "w12", "w3 w3 w3 w20", " ".join(WORDS))


class Random:
    """An encoder of random directions, the same for the same text."""

    model = "random"

    def vector(self, text):
        drawn = np.random.default_rng(list(text.encode()))
        return np.clip(np.rint(drawn.standard_normal(DIMENSIONS) * 40), -127, 127).astype(np.int8)

    def vectors(self, texts):
        return map(self.vector, texts)


@pytest.fixture
def in_files(tmp_path):
    def made(*entries, encoder=None):
        return index_of(tmp_path / "files", *entries, encoder=encoder)

    return made


@pytest.fixture
def in_postgres(postgres, tmp_path):
    servers = []

    def made(*entries, encoder=None):
        servers.append(PostgreSQL(postgres))
        engine = Served(servers[-1], lambda: encoder)
        engine.build(Corpus(*entries), tmp_path, encoder=encoder)
        return engine

    yield made
    for server in servers:
        server.close()


@pytest.fixture
def in_opensearch(tmp_path):
    def made(*entries, encoder=None):
        server = OpenSearch("https://search.example", transport=StandIn().transport)
        engine = Served(server, lambda: encoder)
        engine.build(Corpus(*entries), tmp_path, encoder=encoder)
        return engine

    return made


@pytest.fixture(params=["in_files", "in_postgres", "in_opensearch"])
def engine_of(request):
    return request.getfixturevalue(request.param)


def leg_of(engine, name, query, filters=EVERYTHING):
    """The documents of one leg, in its order."""
    hits = engine.search(query, filters=filters, limit=100).hits
    ranked = {dict(hit.ranks)[name]: hit.document for hit in hits if name in dict(hit.ranks)}
    return [ranked[rank] for rank in sorted(ranked)]


@pytest.mark.parametrize("seed", range(3))
def test_every_engine_ranks_as_the_reference(engine_of, seed):
    texts = random_texts(seed)
    engine = engine_of(*(entry(id_, text) for id_, text in texts.items()))
    for query in QUERIES:
        expected = [id_ for id_, _ in reference(texts, query)[:100]]
        assert leg_of(engine, "lexical", query) == expected


def test_tokens_of_any_shape_are_one_token_everywhere(engine_of):
    """PostgreSQL's own parser would divide the first of these."""
    tokens = ["1e5e", "3e5", "0x1f", "007", "12345678901234567890", "a1b2"]
    engine = engine_of(*(entry(f"d{n}", token) for n, token in enumerate(tokens)))
    for number, token in enumerate(tokens):
        assert leg_of(engine, "lexical", token) == [f"d{number}"]
    assert leg_of(engine, "lexical", "e") == []


FILTERS = (
    {"kinds": ["registry record"]},
    {"years": "2010-2015"},
    {"years": "1900-1910"},
    {"phases": ["1", "phase 3"]},
    {"diseases": ["neuroblastoma"], "years": "2011-", "retracted": False},
    {"retracted": True},
)
PASSING = ("b", "ab", "", "bc", "d", "c")


def test_filters_act_in_both_legs(engine_of):
    engine = engine_of(*FILTERED.values(), encoder=Letters())
    for given, expected in zip(FILTERS, PASSING, strict=True):
        for leg in ("lexical", "dense"):
            found = leg_of(engine, leg, "relapse", filters_from(**given))
            assert "".join(found) == expected


def test_a_filter_that_few_pass_still_finds_them(engine_of):
    texts = random_texts(3, count=1500)
    engine = engine_of(
        *(
            entry(id_, text, year=2000 + (n % 300 == 7))
            for n, (id_, text) in enumerate(texts.items())
        )
    )
    few = [id_ for n, id_ in enumerate(texts) if n % 300 == 7]
    expected = [id_ for id_, _ in reference(texts, "w0 w5 w39") if id_ in few]
    assert leg_of(engine, "lexical", "w0 w5 w39", Filters(from_year=2001)) == expected


def test_equal_passages_are_in_order_of_their_documents_ids(engine_of):
    engine = engine_of(*(entry(f"pmid:{n}", "relapse after transplant") for n in range(500)))
    assert leg_of(engine, "lexical", "relapse") == sorted(f"pmid:{n}" for n in range(500))[:100]


def test_passages_collapse_to_documents(engine_of):
    long = entry("b", *["relapse of something else altogether"] * 300)
    engine = engine_of(entry("a", "nothing here", "relapse relapse relapse"), long)
    assert [hit.passage for hit in engine.search("relapse").hits] == ["a#1", "b#0"]


@pytest.mark.parametrize("other", ["in_postgres", "in_opensearch"])
def test_the_engines_agree_in_both_legs_and_the_fusion(in_files, other, request):
    texts = random_texts(5)
    entries = [entry(id_, text, year=1990 + len(text) % 9) for id_, text in texts.items()]
    makers = (in_files, request.getfixturevalue(other))
    files, server = (made(*entries, encoder=Random()) for made in makers)
    for query in QUERIES:
        for filters in (EVERYTHING, Filters(from_year=1993, to_year=1995)):
            one = files.search(query, filters=filters, limit=100)
            assert server.search(query, filters=filters, limit=100) == one
