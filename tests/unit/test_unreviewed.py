"""Quotations beside an answer: exact, cut, and with a reason where there are none."""

import pytest

from secondline.answers import unreviewed
from secondline.literature.records import StoreError
from secondline.literature.results import FoundDocument, FoundPassage, Retrieved
from secondline.literature.search import Leg, NoIndex, QueryError

LEG = Leg(name="lexical", answered=True, reason=None, documents=1, passages=1)


def hit(text="Words.", title="A title", start=5, *, passage=True):
    found = FoundPassage(
        id="x#1", heading=("H" * 1000,), text=text, start=start, end=start + len(text)
    )
    return FoundDocument(
        document="text:x", kind="text", title=title, journal="", year=None, pmid=None, doi=None,
        registration=(), url=None, retracted=False, score=1.0, ranks={"lexical": 1},
        passage=found if passage else None,
    )  # fmt: skip


class Search:
    def __init__(self, *hits, error=None):
        self.hits, self.error, self.not_held = hits, error, {}

    def search(self, query):
        if self.error:
            raise self.error
        return Retrieved(
            query=query, legs=(LEG,), stale=None, built=None, hits=self.hits, **self.not_held
        )


@pytest.fixture
def quoted(monkeypatch):
    monkeypatch.setattr(unreviewed, "is_kept", lambda: True)
    return lambda search: unreviewed.quoted("a question", lambda: search)


def test_a_long_passage_is_cut_and_says_so(quoted):
    (passage,) = quoted(Search(hit("w" * 10_000_000, title="t" * 10_000_000))).passages
    assert (len(passage.text), passage.start, passage.end, passage.whole) == (3000, 5, 3005, False)
    assert len(passage.title) == len(passage.heading[0]) == 300


def test_a_short_passage_is_whole(quoted):
    (passage,) = quoted(Search(hit())).passages
    assert (passage.text, passage.end, passage.whole) == ("Words.", 11, True)


def test_no_more_than_five_documents_are_quoted(quoted):
    assert len(quoted(Search(*[hit()] * 9)).passages) == 5


def test_a_passage_that_the_document_no_longer_holds_is_left_out(quoted):
    found = quoted(Search(hit(passage=False)))
    assert (found.passages, found.reason) == ((), "no passage was found that is held")
    assert found.not_quoted == (
        "1 of the documents found (text:x) no longer hold the passage that was found"
    )
    assert found.legs == (LEG,)


def test_documents_that_are_found_and_not_held_are_told(quoted):
    missing = tuple(f"pmid:{n}" for n in range(5))
    search = Search(hit())
    search.not_held = {"not_held": missing, "not_held_because": "add them"}
    found = quoted(search)
    assert len(found.passages) == 1
    assert found.not_quoted == (
        "5 of the documents found (pmid:0, pmid:1, pmid:2, ...) are not held here: add them"
    )


def test_where_nothing_is_found_nothing_is_missing(quoted):
    found = quoted(Search())
    assert (found.reason, found.not_quoted) == ("no passage was found", None)


@pytest.mark.parametrize(
    "error", [NoIndex("build one"), QueryError("too long"), StoreError("cannot be read")]
)
def test_what_fails_is_the_reason(quoted, error):
    found = quoted(Search(error=error))
    assert (found.passages, found.reason) == ((), str(error))


def test_where_nothing_was_added_nothing_is_opened(monkeypatch):
    monkeypatch.setattr(unreviewed, "is_kept", lambda: False)
    monkeypatch.delenv("SECONDLINE_SEARCH", raising=False)

    def opened():
        raise AssertionError

    assert "literature add" in unreviewed.quoted("a question", opened).reason
