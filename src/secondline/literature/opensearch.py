"""OpenSearch as search server: requests are built as objects from tokens, never as text.

What is sent is tested, and its scoring against Lucene. No OpenSearch could be started where this
was written: how a real one answers is untested.

Source:
    OpenSearch 3 documentation: search API, k-NN vectors, hybrid query, score ranker processor.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from secondline.literature.analyzer import tokens
from secondline.literature.embedding import DIMENSIONS, Encoder, MiniLM, Vector
from secondline.literature.fusion import K
from secondline.literature.legs import Scored
from secondline.literature.loading import Loaded
from secondline.literature.records import StoreError
from secondline.literature.remedies import no_search
from secondline.literature.search import (
    EVERYTHING,
    LARGEST_LIMIT,
    CannotRank,
    Filters,
    Found,
    Hit,
    Leg,
    checked,
)
from secondline.literature.servers import Contents, Groups, Served

ALIAS = "secondline-search"  # of the index in use
AT_ONCE = 500  # passages sent side by side
MOST_CLAUSES = 1024  # different words that OpenSearch takes in one query, as it is delivered
SECONDS = 30  # for one request
SHOWN = ["row", "document", "passage"]

RIGHTS = "see the user and the password in SECONDLINE_SEARCH, and what that user may do"
ELSEWHERE = "let SECONDLINE_SEARCH name OpenSearch itself, without a path"
REMEDIES = {  # by the status of an answer
    401: RIGHTS,
    403: RIGHTS,
    404: ELSEWHERE,
    405: ELSEWHERE,
    413: "let its http.max_content_length be larger",
    429: "it has too much to do; try again later",
}

Body = dict[str, Any]


def index_body(shards: int = 1) -> Body:
    """Return the settings and the mapping of an index: tokens are divided at blanks, no more."""
    return {
        "settings": {
            "index": {"knn": True, "number_of_shards": shards},
            "analysis": {"analyzer": {"tokens": {"type": "custom", "tokenizer": "whitespace"}}},
            "similarity": {"tokens": {"type": "BM25", "k1": 1.2, "b": 0.75}},
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"includes": SHOWN},
            "properties": {
                "row": {"type": "integer", "index": False},
                "document": {"type": "keyword"},
                "passage": {"type": "keyword", "index": False},
                "marks": {"type": "keyword"},
                "tokens": {
                    "type": "text",
                    "analyzer": "tokens",
                    "similarity": "tokens",
                    "index_options": "freqs",
                },
                "vector": {
                    "type": "knn_vector",
                    "dimension": DIMENSIONS,
                    "data_type": "byte",
                    "method": {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"},
                },
            },
        },
    }


def tokens_query(counted: Counter[str], groups: Groups) -> Body:
    """Return the query for the best passages by BM25, each token as heavy as it is frequent.

    Raises:
        CannotRank: it has more different words than OpenSearch takes.
    """
    if len(counted) > MOST_CLAUSES:
        raise CannotRank(
            f"the query holds {len(counted):,} different words; OpenSearch takes {MOST_CLAUSES:,}"
        )
    terms = [
        {"term": {"tokens": {"value": token, "boost": float(count)}}}
        for token, count in sorted(counted.items())
    ]
    return {"bool": {"should": terms, "minimum_should_match": 1, "filter": _passing(groups)}}


def vector_query(vector: Vector, groups: Groups, wanted: int) -> Body:
    """Return the query for the nearest passages among those that pass."""
    asked: Body = {"vector": vector.tolist(), "k": wanted}
    if groups:
        asked["filter"] = {"bool": {"filter": _passing(groups)}}
    return {"knn": {"vector": asked}}


def both_body(counted: Counter[str], vector: Vector, groups: Groups, wanted: int) -> Body:
    """Return the request by which OpenSearch fuses both legs itself, needs OpenSearch 3.1."""
    combination = {"technique": "rrf", "rank_constant": K}
    queries = [tokens_query(counted, groups), vector_query(vector, groups, wanted)]
    return {
        "size": wanted,
        "_source": SHOWN,
        "query": {"hybrid": {"queries": queries, "pagination_depth": wanted}},
        "collapse": {"field": "document"},
        "search_pipeline": {
            "phase_results_processors": [{"score-ranker-processor": {"combination": combination}}]
        },
    }


def _passing(groups: Groups) -> list[Body]:
    return [{"terms": {"marks": list(group)}} for group in groups]


class OpenSearch:
    """Passages in OpenSearch.

    Two builds at a time do not disturb each other; the last to finish is searched.

    Args:
        address: https://USER:PASSWORD@HOST:PORT, of a node or of what stands before several.
        shards: of an index that is built.
        transport: of httpx2; None for the network.

    Raises:
        AddressError: it is no such address.
        StoreError: the package httpx2 is not installed.
    """

    def __init__(self, address: str, *, shards: int = 1, transport: Any = None) -> None:
        try:
            from httpx2 import Client  # noqa: PLC0415  # an extra
        except ImportError:
            raise StoreError(
                "OpenSearch needs the extra: pip install 'secondline[opensearch]'"
            ) from None
        self._shards = shards
        self._name = _name(address)
        self._client = Client(base_url=address, timeout=SECONDS, transport=transport)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def contents(self) -> Contents | None:
        """Return what it holds, None for nothing that can be used.

        Raises:
            StoreError: the server cannot be asked.
        """
        held = self._sent("GET", f"/{ALIAS}/_mapping", absent={})
        with self._understood():
            for index in held.values():
                return Contents.from_json(index["mappings"].get("_meta", {}).get("contents", ""))
        return None

    def replace(self, passages: Iterable[Loaded], contents: Callable[[], Contents]) -> None:
        """Put passages in the place of those that it holds: all of them, or none.

        Searches go on with the old ones until the new ones are indexed.

        Raises:
            StoreError: the server cannot be written.
        """
        new = f"{ALIAS}-{uuid4().hex[:12]}"
        self._sent("PUT", f"/{new}", index_body(self._shards))
        try:
            left = iter(passages)
            while some := list(islice(left, AT_ONCE)):
                self._load(new, some)
            self._sent("POST", f"/{new}/_refresh")
            self._sent("PUT", f"/{new}/_mapping", {"_meta": {"contents": contents().as_json()}})
        except BaseException:
            with suppress(StoreError):  # what went wrong first is told
                self._sent("DELETE", f"/{new}", absent={})
            raise
        old = self._sent("GET", f"/_alias/{ALIAS}", absent={})
        actions: list[Body] = [{"remove_index": {"index": name}} for name in sorted(old)]
        actions.append({"add": {"index": new, "alias": ALIAS}})
        self._sent("POST", "/_aliases", {"actions": actions})

    def by_tokens(self, counted: Counter[str], groups: Groups, wanted: int) -> list[Scored]:
        """Return the best passages by BM25, only such as hold a token."""
        body = {"size": wanted, "_source": SHOWN, "query": tokens_query(counted, groups)}
        return self._found(body)

    def by_vector(self, vector: Vector, groups: Groups, wanted: int) -> list[Scored]:
        """Return the nearest passages by cosine, only such as have a vector."""
        body = {"size": wanted, "_source": SHOWN, "query": vector_query(vector, groups, wanted)}
        return self._found(body)

    def by_both(
        self, counted: Counter[str], vector: Vector, groups: Groups, wanted: int
    ) -> list[Scored]:
        """Return the best passages of both legs, fused by OpenSearch, one of each document."""
        return self._found(both_body(counted, vector, groups, wanted))

    def _found(self, body: Body) -> list[Scored]:
        # Only so does it weigh a term by all its shards together, and not by each alone.
        answer = self._sent("POST", f"/{ALIAS}/_search?search_type=dfs_query_then_fetch", body)
        if failed := answer["_shards"]["failed"]:
            raise StoreError(f"{failed} of {answer['_shards']['total']} shards did not answer")
        return [
            Scored(hit["_score"], *(hit["_source"][name] for name in SHOWN))
            for hit in answer["hits"]["hits"]
        ]

    def _load(self, index: str, passages: Iterable[Loaded]) -> None:
        lines: list[Body] = []
        for each in passages:
            source: Body = {
                "row": each.row,
                "document": each.document,
                "passage": each.passage,
                "marks": list(each.marks),
                "tokens": " ".join(each.tokens),
            }
            if each.vector is not None:
                source["vector"] = each.vector.tolist()
            lines += ({"create": {"_id": str(each.row)}}, source)
        answer = self._sent("POST", f"/{index}/_bulk", lines)
        with self._understood():
            if not answer["errors"]:
                return
            refused = [item["create"] for item in answer["items"] if "error" in item["create"]]
            first = refused[0]["error"]["reason"]
        raise StoreError(
            f"{self._name} refused {len(refused)} passages, the first because of {first}"
        )

    def _sent(
        self, method: str, path: str, body: Body | list[Body] | None = None, absent: Any = None
    ) -> Any:
        """Send a request and return its answer.

        Args:
            body: an object, or one for each line.
            absent: returned where nothing has that name; None when it must be there.
        """
        lines = body if isinstance(body, list) else [body] if body is not None else []
        kind = "application/x-ndjson" if isinstance(body, list) else "application/json"
        with self._told():
            response = self._client.request(
                method,
                path,
                content="".join(json.dumps(line) + "\n" for line in lines),
                headers={"Content-Type": kind},
            )
            if response.status_code == 404 and absent is not None:
                return absent
            if response.is_error:
                status = response.status_code
                what = REMEDIES.get(status, "see its log")
                raise StoreError(f"{self._name} answered {status} to {method}; {what}")
            return response.json()

    @contextmanager
    def _told(self) -> Iterator[None]:
        from httpx2 import HTTPError, InvalidURL  # noqa: PLC0415  # an extra

        try:
            yield
        except (HTTPError, InvalidURL) as error:
            raise StoreError(
                f"{self._name} cannot be used: {str(error) or type(error).__name__}; see that it"
                " runs, and that SECONDLINE_SEARCH names its host, its port and http or https"
            ) from None
        except ValueError as error:
            if isinstance(error, StoreError):
                raise
            raise self._another("it sent no JSON") from None

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except (AttributeError, IndexError, KeyError, TypeError):
            raise self._another("it does not answer as OpenSearch does") from None

    def _another(self, found: str) -> StoreError:
        return StoreError(
            f"{self._name} cannot be used: {found}; let SECONDLINE_SEARCH name OpenSearch itself"
        )


class FusedByOpenSearch(Served):
    """Searches OpenSearch, and takes the order that its own reciprocal rank fusion gives.

    The ranks in each leg are told as ever. Where a leg or that fusion does not answer, documents
    are fused here; the answer then says so as of a leg.
    """

    def __init__(self, server: OpenSearch, encoder: Callable[[], Encoder] = MiniLM) -> None:
        super().__init__(server, encoder)
        self._fusing = server

    def search(self, query: str, *, filters: Filters = EVERYTHING, limit: int = 10) -> Found:
        """Find documents, best first; see `search.SearchEngine`."""
        checked(query, limit)
        found = super().search(query, filters=filters, limit=LARGEST_LIMIT)
        vector = self._encoder().vector(query) if found.complete else None
        contents = self.contents()
        if vector is None or contents is None:
            return replace(found, hits=found.hits[:limit])
        groups = [sorted(group) for group in filters.groups(contents.marks)]
        try:
            order = self._fusing.by_both(Counter(tokens(query)), vector, groups, limit)
        except StoreError as error:
            fusion = Leg(name="fusion", answered=False, reason=str(error), documents=0, passages=0)
            return replace(found, legs=(*found.legs, fusion), hits=found.hits[:limit])
        ranks = {hit.document: hit.ranks for hit in found.hits}
        hits = tuple(
            Hit(
                document=each.document,
                passage=each.passage,
                score=each.score,
                ranks=ranks.get(each.document, ()),
            )
            for each in order
        )
        return replace(found, hits=hits)


def _name(address: str) -> str:
    """Return what a server is called in messages: where it is, without user and password."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host:
        raise no_search(address)
    return f"the search server {parts.scheme}://{host}" + (f":{port}" if port else "")
