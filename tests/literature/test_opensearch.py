"""OpenSearch: what is sent to it, its scoring against Lucene, and every failure told.

A stand-in answers. SECONDLINE_TEST_LUCENE names a jar of Lucene 9 (pyserini's package holds one)
with which the scoring of what is sent is compared; it needs Java.
"""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import httpx2
import pytest
from corpora import Corpus, Letters, entry
from opensearch_stand_in import StandIn
from test_engines import QUERIES, Random
from test_lexical import K1, random_texts, reference

from secondline.literature.analyzer import tokens
from secondline.literature.fusion import K
from secondline.literature.lexical import DECIMALS
from secondline.literature.opensearch import (
    MOST_CLAUSES,
    FusedByOpenSearch,
    OpenSearch,
    both_body,
    index_body,
    tokens_query,
    vector_query,
)
from secondline.literature.records import StoreError
from secondline.literature.search import CannotRank, Filters, NoIndex
from secondline.literature.servers import Served

RANK = Path(__file__).parents[2] / "benchmarks" / "lucene" / "Rank.java"
JAR = os.environ.get("SECONDLINE_TEST_LUCENE")


@pytest.fixture
def stand_in():
    return StandIn()


@pytest.fixture
def server(stand_in):
    return OpenSearch("https://user:secret@search.example", transport=stand_in.transport)


@pytest.fixture
def engine(server, tmp_path):
    made = Served(server, Letters)
    texts = {"a": "Irinotecan after relapse", "b": "Relapse of a tumor", "c": "Outlook"}
    entries = [entry(id_, text, year=2010 + n) for n, (id_, text) in enumerate(texts.items())]
    made.build(Corpus(*entries), tmp_path, encoder=Letters())
    return made


def reasons(engine):
    return {leg.name: leg.reason for leg in engine.search("relapse").legs if not leg.answered}


# What is sent


def test_a_query_is_made_of_tokens_and_marks_act_before_ranking():
    counted = Counter(tokens('relapse AND "relapse" tumor*'))
    assert tokens_query(counted, [["year:2010", "year:2011"]]) == {
        "bool": {
            "should": [
                {"term": {"tokens": {"value": "relaps", "boost": 2.0}}},
                {"term": {"tokens": {"value": "tumor", "boost": 1.0}}},
            ],
            "minimum_should_match": 1,
            "filter": [{"terms": {"marks": ["year:2010", "year:2011"]}}],
        }
    }


def test_the_nearest_are_looked_for_among_what_passes():
    vector = Letters().vector("a")
    asked = vector_query(vector, [["retracted:no"]], 200)["knn"]["vector"]
    assert asked["vector"] == vector.tolist()
    assert asked["k"] == 200
    assert asked["filter"] == {"bool": {"filter": [{"terms": {"marks": ["retracted:no"]}}]}}
    assert "filter" not in vector_query(vector, [], 200)["knn"]["vector"]


def test_its_own_fusion_is_asked_for_with_our_constant():
    body = both_body(Counter(["relaps"]), Letters().vector("a"), [], 10)
    assert [list(query) for query in body["query"]["hybrid"]["queries"]] == [["bool"], ["knn"]]
    assert body["search_pipeline"]["phase_results_processors"] == [
        {"score-ranker-processor": {"combination": {"technique": "rrf", "rank_constant": K}}}
    ]
    assert body["collapse"] == {"field": "document"}


def test_terms_are_weighed_by_all_shards_together(engine, stand_in):
    engine.search("relapse")
    searches = [path for method, path, _ in stand_in.requests if "_search" in path]
    assert searches
    assert all(path.endswith("search_type=dfs_query_then_fetch") for path in searches)


def test_an_index_is_sent_whole_and_then_takes_the_place_of_the_old_one(engine, stand_in, tmp_path):
    (old,) = stand_in.indices
    engine.build(Corpus(entry("z", "irinotecan")), tmp_path, encoder=None)
    (new,) = stand_in.indices
    assert new != old
    _, _, (last,) = stand_in.requests[-1]
    assert last["actions"] == [
        {"remove_index": {"index": old}},
        {"add": {"index": new, "alias": "secondline-search"}},
    ]
    assert [hit.document for hit in engine.search("irinotecan").hits] == ["z"]


def test_a_query_of_more_words_than_it_takes_is_told(engine):
    words = " ".join(f"w{n}" for n in range(MOST_CLAUSES + 1))
    with pytest.raises(CannotRank, match=r"1,025 different words; OpenSearch takes 1,024"):
        tokens_query(Counter(words.split()), [])
    lexical, dense = engine.search(words).legs
    assert "OpenSearch takes 1,024" in lexical.reason
    assert dense.answered


# Scores


@pytest.mark.skipif(not JAR, reason="SECONDLINE_TEST_LUCENE names no jar of Lucene")
@pytest.mark.skipif(not shutil.which("java"), reason="Java is not installed")
def test_lucene_ranks_what_is_sent_as_the_reference(tmp_path):
    """The settings of the index and the terms with their weights, in Lucene itself."""
    body = index_body()
    assert body["settings"]["similarity"]["tokens"] == {"type": "BM25", "k1": 1.2, "b": 0.75}
    assert body["settings"]["analysis"]["analyzer"]["tokens"]["tokenizer"] == "whitespace"
    texts = random_texts(11)
    passages, queries = tmp_path / "passages.tsv", tmp_path / "queries.tsv"
    passages.write_text("".join(f"{i}\t{' '.join(tokens(t))}\n" for i, t in texts.items()))
    lines = []
    for number, query in enumerate(QUERIES):
        terms = tokens_query(Counter(tokens(query)), [])["bool"]["should"]
        weighed = [term["term"]["tokens"] for term in terms]
        repeated = [each["value"] for each in weighed for _ in range(int(each["boost"]))]
        lines.append(f"{number}\t{' '.join(repeated)}\n")
    queries.write_text("".join(lines))
    command = ["java", "-cp", JAR, RANK, passages, queries, "200"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for query, line in zip(QUERIES, printed.splitlines(), strict=True):
        scored = [hit.split() for hit in line.split("\t")[1:]]
        ranked = sorted((-round(float(s) * (1 + K1), DECIMALS), id_) for id_, s in scored)
        assert [id_ for _, id_ in ranked[:100]] == [i for i, _ in reference(texts, query)[:100]]


def test_its_own_fusion_gives_the_order_and_the_legs_give_the_ranks(server, tmp_path):
    texts = random_texts(2)
    entries = [entry(id_, text, year=2000 + len(text) % 2) for id_, text in texts.items()]
    ours, theirs = Served(server, Random), FusedByOpenSearch(server, Random)
    ours.build(Corpus(*entries), tmp_path, encoder=Random())
    for filters in (Filters(), Filters(from_year=2001)):
        found = theirs.search("w0 w5 w39", filters=filters, limit=7)
        assert len(found.hits) == 7
        assert found.complete
        expected = {
            hit.document: hit for hit in ours.search("w0 w5 w39", filters=filters, limit=100).hits
        }
        for hit in found.hits:
            assert hit.ranks == expected[hit.document].ranks


def test_its_own_fusion_that_fails_is_told_and_the_legs_are_fused_here(engine, server, monkeypatch):
    def fails(*_):
        raise StoreError("the search server answered 400 to POST")

    monkeypatch.setattr(server, "by_both", fails)
    found = FusedByOpenSearch(server, Letters).search("relapse", limit=2)
    assert found.hits == engine.search("relapse", limit=2).hits
    assert found.legs[-1].name == "fusion"
    assert "answered 400" in found.legs[-1].reason
    assert not found.complete


# Failures


def test_a_server_without_an_index_names_the_repair(server):
    with pytest.raises(NoIndex, match="run: secondline literature index build"):
        Served(server).search("relapse")


def test_a_search_that_fails_is_told_leg_by_leg(engine, stand_in):
    stand_in.failing.add("_search")
    assert reasons(engine) == dict.fromkeys(
        ("lexical", "dense"),
        "it failed: StoreError: the search server https://search.example answered 503 to POST; see its log",
    )


def answering(**json_):
    return lambda _: httpx2.Response(200, json=json_)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (answering(_shards={"total": 4, "failed": 1}), "1 of 4 shards did not answer"),
        (lambda _: httpx2.Response(200, text="<html>"), "it sent no JSON; let SECONDLINE_SEARCH"),
        (lambda _: httpx2.Response(401), "answered 401 to POST; see the user and the password"),
    ],
)
def test_an_answer_that_is_not_whole_is_none(answer, message):
    server = OpenSearch("https://search.example", transport=httpx2.MockTransport(answer))
    with pytest.raises(StoreError, match=message):
        server.by_tokens(Counter(["relaps"]), [], 10)


def test_a_passage_that_is_refused_leaves_the_index_that_was_there(
    engine, stand_in, tmp_path, monkeypatch
):
    before = dict(stand_in.aliases)
    refused = {"create": {"error": {"reason": "the vector is too long"}}}
    bulk = httpx2.Response(200, content=json.dumps({"errors": True, "items": [refused]}))
    answer = stand_in.answer
    monkeypatch.setattr(
        stand_in.transport, "handler", lambda r: bulk if "_bulk" in str(r.url) else answer(r)
    )
    with pytest.raises(StoreError, match=r"refused 1 passages, .* the vector is too long"):
        engine.build(Corpus(entry("z", "irinotecan")), tmp_path, encoder=None)
    assert stand_in.aliases == before
    assert list(stand_in.indices) == list(before.values())


def test_a_server_that_is_gone_is_named_without_its_password():
    engine = Served(OpenSearch("http://user:secret@127.0.0.1:9"))
    with pytest.raises(StoreError) as error:
        engine.search("relapse")
    assert re.sub(r"\[Errno \d+\] ", "", str(error.value)) == (
        "the search server http://127.0.0.1:9 cannot be used: Connection refused; see"
        " that it runs, and that SECONDLINE_SEARCH names its host, its port and http or https"
    )


@pytest.mark.parametrize("answer", [[], {"status": "ok"}, {"a": {}}, {"a": {"mappings": "b"}}])
def test_what_is_no_opensearch_is_told(answer, tmp_path):
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=answer))
    engine = Served(OpenSearch("https://search.example", transport=transport))
    with pytest.raises(
        StoreError, match="does not answer as OpenSearch does; let SECONDLINE_SEARCH"
    ):
        engine.search("relapse")
    with pytest.raises(
        StoreError, match="does not answer as OpenSearch does; let SECONDLINE_SEARCH"
    ):
        engine.build(Corpus(entry("z", "irinotecan")), tmp_path, encoder=None)
