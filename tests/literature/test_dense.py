"""The nearest vectors: exact, in order, filtered, and by lists of near ones."""

import numpy as np
import pytest
from corpora import Corpus, Letters, entry, index_of

from secondline.literature import clusters, dense
from secondline.literature.building import write_passages
from secondline.literature.dense import Dense
from secondline.literature.embedding import DIMENSIONS
from secondline.literature.entries import Entries
from secondline.literature.search import EVERYTHING, Filters

COUNT = 3000


class Fixed:
    """An encoder that returns what it is told to."""

    model = "fixed"

    def __init__(self, vector):
        self.vector = lambda _: vector


@pytest.fixture(scope="module")
def vectors():
    """Directions around a few dozen centers, as those of texts are."""
    drawn = np.random.default_rng(0)
    centers = drawn.standard_normal((60, DIMENSIONS))
    spread = 0.5 * drawn.standard_normal((COUNT, DIMENSIONS))
    directions = centers[drawn.integers(0, 60, COUNT)] + spread
    return np.clip(np.rint(directions * 30), -127, 127).astype(np.int8)


@pytest.fixture(scope="module")
def entries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("entries")
    entries = (entry(f"d{n:04}", "text", year=1990 + n % 10) for n in range(COUNT))
    write_passages(Corpus(*entries), folder)
    return Entries(folder)


def written(folder, vectors, entries, query):
    dense.write(folder, vectors, np.arange(len(vectors), dtype=np.int32))
    return Dense(folder, entries, lambda: Fixed(query), "fixed")


def nearest(vectors, query, among=slice(None)):
    """The slow and obvious order, in integers of any size."""
    rows = list(range(len(vectors)))[among]
    whole, asked = vectors.astype(object), query.astype(object)
    score = {
        row: int(np.dot(whole[row], asked)) / float(np.dot(whole[row], whole[row])) ** 0.5
        for row in rows
    }
    return sorted(rows, key=lambda row: (-score[row], row))


def test_the_scan_is_exact(tmp_path, vectors, entries):
    leg = written(tmp_path, vectors, entries, vectors[17])
    found = [row for row, _ in leg.ranked("", EVERYTHING, 100)]
    assert found == nearest(vectors, vectors[17])[:100]
    assert found[0] == 17


def test_the_largest_products_are_exact(tmp_path, entries):
    """127 x 127 x 384 and one less are told apart."""
    vectors = np.full((2, DIMENSIONS), 127, np.int8)
    vectors[0, 0] = 126
    leg = written(tmp_path, vectors, entries, vectors[1])
    assert [row for row, _ in leg.ranked("", EVERYTHING, 2)] == [1, 0]


def test_a_filter_acts_before_the_nearest_are_taken(tmp_path, vectors, entries):
    leg = written(tmp_path, vectors, entries, vectors[17])
    found = [row for row, _ in leg.ranked("", Filters(from_year=1995, to_year=1995), 100)]
    assert found == nearest(vectors, vectors[17], slice(5, None, 10))[:100]


def test_equal_vectors_are_in_order_of_their_documents_ids(tmp_path, vectors, entries):
    same = np.repeat(vectors[:1], COUNT, axis=0)
    leg = written(tmp_path, same, entries, vectors[0])
    assert [row for row, _ in leg.ranked("", EVERYTHING, 100)] == list(range(100))


def test_lists_of_near_vectors_find_nearly_all(tmp_path, vectors, entries, monkeypatch):
    monkeypatch.setattr(dense, "EXACT", 1000)
    monkeypatch.setattr(dense, "PROBED", 0.2)
    dense.write(tmp_path, vectors, np.arange(COUNT, dtype=np.int32))
    shares = []
    for asked in range(0, COUNT, 150):
        leg = Dense(tmp_path, entries, lambda asked=asked: Fixed(vectors[asked]), "fixed")
        found = {row for row, _ in leg.ranked("", EVERYTHING, 20)}
        shares.append(len(found & set(nearest(vectors, vectors[asked])[:20])) / 20)
    assert np.mean(shares) > 0.95


def test_lists_hold_every_vector_once_and_each_in_its_nearest(tmp_path, vectors, monkeypatch):
    monkeypatch.setattr(dense, "EXACT", 1000)
    dense.write(tmp_path, vectors, np.arange(COUNT, dtype=np.int32))
    rows, ends = np.load(tmp_path / "rows.npy"), np.load(tmp_path / "ends.npy")
    centroids = np.load(tmp_path / "centroids.npy")
    assert sorted(rows.tolist()) == list(range(COUNT))
    assert ends[-1] == COUNT
    assert np.linalg.norm(centroids, axis=1) == pytest.approx(1)
    lists = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    assert (clusters.assigned(vectors[rows], centroids) == lists).all()


@pytest.mark.parametrize(
    "filters", [Filters(from_year=1995, to_year=1999), Filters(from_year=1999)]
)
def test_a_filter_and_lists_agree(tmp_path, vectors, entries, monkeypatch, filters):
    """Many that pass are looked for in lists; of few that pass, all are looked at."""
    monkeypatch.setattr(dense, "EXACT", 1000)
    monkeypatch.setattr(dense, "PROBED", 0.5)
    leg = written(tmp_path, vectors, entries, vectors[9])
    passing = [row for row in range(COUNT) if 1990 + row % 10 >= filters.from_year]
    expected = [row for row in nearest(vectors, vectors[9]) if row in set(passing)][:10]
    found = [row for row, _ in leg.ranked("", filters, 10)]
    assert set(found) <= set(passing)
    assert len(set(found) & set(expected)) >= 9


def test_a_passage_without_a_vector_is_absent_and_not_last(tmp_path):
    index = index_of(tmp_path, entry("a", "bcd"), entry("b", "123"), encoder=Letters())
    _, rankings = index.rankings("bc")
    assert list(rankings["dense"]) == ["a"]


# What filters let through is kept


class Counting:
    """Entries that count how often a filter is computed."""

    def __init__(self, entries):
        self.asked = []
        self._entries = entries
        self.documents, self.document_of = entries.documents, entries.document_of

    def allowed(self, filters):
        self.asked.append(filters)
        return self._entries.allowed(filters)


def years(first):
    return Filters(from_year=first)


def test_a_filter_that_is_asked_again_is_not_computed_again(tmp_path, vectors, entries):
    counting = Counting(entries)
    leg = written(tmp_path, vectors, counting, vectors[0])
    first = leg.ranked("", years(1995), 50)
    assert leg.ranked("", years(1996), 50) != first
    assert leg.ranked("", years(1995), 50) == first
    assert counting.asked == [years(1995), years(1996)]


@pytest.mark.parametrize("lists", [False, True])
def test_a_filter_asked_again_in_between_answers_the_same(
    tmp_path, vectors, entries, monkeypatch, lists
):
    if lists:
        monkeypatch.setattr(dense, "EXACT", 100)
    leg = written(tmp_path, vectors, entries, vectors[0])
    asked = [years(first) for first in range(1990, 2000)] + [EVERYTHING]
    once = [leg.ranked("", filters, 20) for filters in asked]
    assert [leg.ranked("", filters, 20) for filters in asked] == once


def test_filters_are_kept_in_so_many_bytes_and_the_oldest_goes_first(
    tmp_path, vectors, entries, monkeypatch
):
    monkeypatch.setattr(dense, "KEPT", 2 * (COUNT + dense.BESIDE_ITS_MASK))
    counting = Counting(entries)
    leg = written(tmp_path, vectors, counting, vectors[0])
    for first in (1990, 1991, 1990, 1992, 1990, 1991):
        leg.ranked("", years(first), 5)
    assert [filters.from_year for filters in counting.asked] == [1990, 1991, 1992, 1991]


def test_a_filter_larger_than_all_room_is_answered_and_not_kept(
    tmp_path, vectors, entries, monkeypatch
):
    monkeypatch.setattr(dense, "KEPT", COUNT)
    counting = Counting(entries)
    leg = written(tmp_path, vectors, counting, vectors[0])
    assert leg.ranked("", years(1995), 5) == leg.ranked("", years(1995), 5)
    assert len(counting.asked) == 2
