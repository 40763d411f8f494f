"""BM25 of the index, held against a slow and obvious one; ties, filters, shards."""

import random
from collections import Counter
from math import log

import pytest
from corpora import Corpus, entry, index_of

from secondline.literature.analyzer import tokens
from secondline.literature.building import join_shards, write_passages
from secondline.literature.entries import Entries
from secondline.literature.lexical import DECIMALS, Lexical
from secondline.literature.search import EVERYTHING, Filters, filters_from

K1, B = 1.2, 0.75
WORDS = [f"w{n}" for n in range(40)]


def in_one_byte(length: int) -> int:
    """A length as Lucene and tantivy keep it: exact to 40, then four significant bits."""
    if length < 24:
        return length
    shift = max(0, (length - 24).bit_length() - 4)
    return 24 + ((length - 24) >> shift << shift)


def reference(texts: dict[str, str], query: str) -> list[tuple[str, float]]:
    """Rank by BM25 as Robertson 2009 prints it (with Lucene's idf), best first, ties by id."""
    counts = {id_: Counter(tokens(text)) for id_, text in texts.items()}
    average = sum(c.total() for c in counts.values()) / len(texts)
    scores = {}
    for id_, counted in counts.items():
        length = in_one_byte(counted.total()) / average
        score = 0.0
        for token in tokens(query):
            holding = sum(token in each for each in counts.values())
            rarity = log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            frequency = counted[token]
            score += rarity * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length))
        if score:
            scores[id_] = score
    return sorted(scores.items(), key=lambda each: (-round(each[1], DECIMALS), each[0]))


def random_texts(seed: int, count: int = 200) -> dict[str, str]:
    drawn = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]
    return {
        f"pmid:{drawn.randrange(10**8)}": " ".join(
            drawn.choices(WORDS, weights, k=drawn.randint(1, 400))
        )
        for _ in range(count)
    }


@pytest.mark.parametrize("seed", range(5))
def test_documents_are_ranked_as_by_the_reference(seed, tmp_path):
    texts = random_texts(seed)
    index = index_of(tmp_path, *(entry(id_, text) for id_, text in texts.items()))
    for query in ("w0 w5 w39", "w12", "w3 w3 w3 w20", " ".join(WORDS)):
        _, rankings = index.rankings(query)
        assert list(rankings["lexical"]) == [id_ for id_, _ in reference(texts, query)[:100]]


def test_equal_passages_are_in_order_of_their_documents_ids(tmp_path):
    ids = [f"pmid:{n}" for n in range(500)]
    random.Random(0).shuffle(ids)
    index = index_of(tmp_path, *(entry(id_, "relapse after transplant") for id_ in ids))
    _, rankings = index.rankings("relapse")
    assert list(rankings["lexical"]) == sorted(ids)[:100]


def test_shards_that_are_joined_rank_as_one_index(tmp_path):
    """A term is as rare as it is in all shards together, not in each."""
    texts = random_texts(7)
    whole, joined = tmp_path / "whole", tmp_path / "joined"
    for folder in (whole, joined):
        folder.mkdir()
    entries = [entry(id_, text, year=1990 + len(text) % 9) for id_, text in texts.items()]
    write_passages(Corpus(*entries), whole)
    folders = []
    for shard, part in enumerate((entries[:5], entries[5:20], entries[20:])):
        folders.append(tmp_path / f"shard-{shard}")
        folders[-1].mkdir()
        write_passages(Corpus(*part), folders[-1], shard)
    first_rows = join_shards(folders, joined)
    assert first_rows == (0, 5, 20)

    def ranked(folder, query, filters, rows=(0,)):
        entries = Entries(folder)
        found = Lexical(folder / "lexical", entries, rows).ranked(query, filters, 100)
        return [(entries.documents[d], entries.passages[row]) for d, row in found]

    for query in ("w0 w5 w39", "w30", " ".join(WORDS)):
        for filters in (EVERYTHING, Filters(from_year=1993, to_year=1995)):
            assert ranked(joined, query, filters, first_rows) == ranked(whole, query, filters)


def test_passages_collapse_to_documents_by_the_best_of_them(tmp_path):
    index = index_of(
        tmp_path,
        entry("a", "nothing here", "relapse relapse relapse"),
        entry("b", *["relapse of something else altogether"] * 300),
    )
    _, rankings = index.rankings("relapse")
    assert rankings["lexical"] == {"a": "a#1", "b": "b#0"}


FILTERED = {
    "a": entry("a", "relapse", year=2010, diseases=["neuroblastoma"]),
    "b": entry("b", "relapse", year=2015, kind="registry record", phases=("PHASE1", "PHASE2")),
    "c": entry("c", "relapse", publication_types=("Clinical Trial, Phase III",), retracted=True),
    "d": entry("d", "relapse", year=2020, phases=("EARLY_PHASE1",), diseases=["neuroblastoma"]),
}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "abcd"),
        ({"kinds": ["registry record"]}, "b"),
        ({"kinds": ["citation", "registry record"], "years": "2015"}, "b"),
        ({"years": "2010-2015"}, "ab"),
        ({"years": "2015-"}, "bd"),
        ({"years": "-2010"}, "a"),
        ({"years": "1900-1910"}, ""),
        ({"diseases": ["neuroblastoma"]}, "ad"),
        ({"diseases": ["nothing"]}, ""),
        ({"phases": ["II"]}, "b"),
        ({"phases": ["1", "phase 3"]}, "bc"),
        ({"phases": ["early 1"]}, "d"),
        ({"retracted": True}, "c"),
        ({"retracted": False}, "abd"),
        ({"diseases": ["neuroblastoma"], "years": "2011-", "retracted": False}, "d"),
    ],
)
def test_filters_act_in_the_leg(filters, expected, tmp_path):
    index = index_of(tmp_path, *FILTERED.values())
    _, rankings = index.rankings("relapse", filters_from(**filters))
    assert "".join(rankings["lexical"]) == expected
