"""What answers in the place of OpenSearch: it knows the requests that are sent, and no other.

It scores by the slow and obvious BM25 of these tests. It shows that requests and answers fit each
other as OpenSearch documents them; it is no OpenSearch.
"""

import json
from collections import Counter

import httpx2
import numpy as np
from test_lexical import K1, B, in_one_byte, log


class StandIn:
    """Indices in memory; `transport` is given to a client, `requests` is what was sent."""

    def __init__(self):
        self.indices = {}
        self.aliases = {}
        self.requests = []
        self.failing = set()  # paths that answer with an error
        self.transport = httpx2.MockTransport(self.answer)

    def answer(self, request):  # noqa: PLR0912  # one case for each request
        lines = [json.loads(line) for line in request.content.decode().splitlines()]
        path = request.url.raw_path.decode()
        self.requests.append((request.method, path, lines))
        if any(part in path for part in self.failing):
            return httpx2.Response(503, json={})
        index, _, action = path.removeprefix("/").partition("/")
        match request.method, index, action.partition("?")[0]:
            case "PUT", _, "":
                self.indices[index] = {**lines[0], "documents": {}}
            case "DELETE", _, "":
                del self.indices[index]
            case "POST", _, "_bulk":
                for what, source in zip(lines[::2], lines[1::2], strict=True):
                    self.take(self.indices[index], what["create"]["_id"], source)
                return httpx2.Response(200, json={"errors": False, "items": []})
            case "POST", _, "_refresh":
                pass
            case "PUT", _, "_mapping":
                self.indices[index]["mappings"] |= lines[0]
            case "GET", _, "_mapping" if index in self.aliases:
                name = self.aliases[index]
                mappings = self.indices[name]["mappings"]
                return httpx2.Response(200, json={name: {"mappings": mappings}})
            case "GET", "_alias", alias if alias in self.aliases:
                return httpx2.Response(200, json={self.aliases[alias]: {}})
            case "POST", "_aliases", "":
                for action in lines[0]["actions"]:
                    self.act(action)
            case "POST", _, "_search" if path.endswith("?search_type=dfs_query_then_fetch"):
                index = self.indices[self.aliases[index]]
                return httpx2.Response(200, json=search(index, lines[0]))
            case _:
                return httpx2.Response(404, json={})
        return httpx2.Response(200, json={"acknowledged": True})

    def take(self, index, id_, source):
        known = index["mappings"]["properties"]
        assert source.keys() <= known.keys()
        assert id_ not in index["documents"]
        if "vector" in source:
            assert len(source["vector"]) == known["vector"]["dimension"]
            assert all(-128 <= value <= 127 for value in source["vector"])
        index["documents"][id_] = source

    def act(self, action):
        ((name, what),) = action.items()
        if name == "remove_index":
            del self.indices[what["index"]]
            self.aliases = {a: i for a, i in self.aliases.items() if i != what["index"]}
        else:
            assert name == "add"
            self.aliases[what["alias"]] = what["index"]


def search(index, body):
    body = dict(body)
    size, shown = body.pop("size"), body.pop("_source")
    documents = list(index["documents"].values())
    query = body.pop("query")
    if "hybrid" in query:
        assert body.pop("collapse") == {"field": "document"}
        (processor,) = body.pop("search_pipeline")["phase_results_processors"]
        combination = processor["score-ranker-processor"]["combination"]
        assert combination["technique"] == "rrf"
        scores = Counter()
        for each in query["hybrid"]["queries"]:
            ranked = ordered(scored(documents, each), documents, collapse=True)
            for rank, row in enumerate(ranked, 1):
                scores[row] += 1 / (combination["rank_constant"] + rank)
        order = ordered(scores, documents, collapse=True)
    else:
        scores = scored(documents, query)
        order = ordered(scores, documents)
    assert body == {}
    hits = [
        {"_score": scores[row], "_source": {name: documents[row][name] for name in shown}}
        for row in order[:size]
    ]
    return {"_shards": {"total": 1, "failed": 0}, "hits": {"hits": hits}}


def ordered(scores, documents, *, collapse=False):
    seen, order = set(), []
    for row in sorted(scores, key=lambda row: (-scores[row], row)):
        document = documents[row]["document"]
        if not (collapse and document in seen):
            order.append(row)
        seen.add(document)
    return order


def scored(documents, query):
    ((kind, asked),) = query.items()
    return by_terms(documents, asked) if kind == "bool" else nearest(documents, asked)


def by_terms(documents, asked):
    assert asked.keys() == {"should", "minimum_should_match", "filter"}
    counts = [Counter(each["tokens"].split()) for each in documents]
    average = sum(c.total() for c in counts) / max(len(counts), 1)
    scores = {}
    for row, counted in enumerate(counts):
        if not passes(documents[row], asked["filter"]):
            continue
        length = in_one_byte(counted.total()) / average if average else 0
        for clause in asked["should"]:
            token, boost = clause["term"]["tokens"]["value"], clause["term"]["tokens"]["boost"]
            if frequency := counted[token]:
                holding = sum(token in each for each in counts)
                rarity = log(1 + (len(counts) - holding + 0.5) / (holding + 0.5))
                norm = frequency + K1 * (1 - B + B * length)
                score = boost * rarity * frequency * (K1 + 1) / norm
                scores[row] = scores.get(row, 0) + score
    return scores


def nearest(documents, asked):
    asked = asked["vector"]
    filters = asked.get("filter", {"bool": {"filter": []}})["bool"]["filter"]
    query = np.array(asked["vector"], float)
    scores = {}
    for row, each in enumerate(documents):
        if "vector" in each and passes(each, filters):
            vector = np.array(each["vector"], float)
            cosine = vector @ query / np.sqrt(vector @ vector) / np.sqrt(query @ query)
            scores[row] = (1 + cosine) / 2
    return {row: scores[row] for row in ordered(scores, documents)[: asked["k"]]}


def passes(document, filters):
    return all(set(each["terms"]["marks"]) & set(document["marks"]) for each in filters)
