"""An index built, searched, replaced and broken; what a person may type; which legs answered."""

import json
import shutil

import pytest
from corpora import Corpus, Letters, entry, index_of

from secondline.literature import building, intact
from secondline.literature.building import build
from secondline.literature.index import Index, read_manifest, verified
from secondline.literature.records import StoreError
from secondline.literature.search import (
    DEPTH,
    LONGEST_QUERY,
    AlreadyBuilding,
    Filters,
    NoIndex,
    NoModel,
    QueryError,
    filters_from,
    phases_of,
)

TEXTS = {
    "a": "Irinotecan after relapse",
    "b": "Relapse of a tumor",
    "c": "Transplant and outlook",
}


@pytest.fixture
def entries():
    return [entry(id_, text) for id_, text in TEXTS.items()]


@pytest.fixture
def index(tmp_path, entries):
    return index_of(tmp_path, *entries, encoder=Letters())


def found(index, query, **options):
    return [hit.document for hit in index.search(query, **options).hits]


# Answers


def test_an_answer_names_its_legs_and_the_rank_in_each(index):
    answer = index.search("irinotecan relapse")
    assert [(leg.name, leg.answered, leg.documents) for leg in answer.legs] == [
        ("lexical", True, 2),
        ("dense", True, 3),
    ]
    first = answer.hits[0]
    assert (first.document, first.passage) == ("a", "a#0")
    assert dict(first.ranks) == {"lexical": 1, "dense": 1}
    assert first.score == pytest.approx(2 / 61)
    assert answer.complete


def test_the_limit_cuts_and_does_not_reorder(index):
    assert found(index, "relapse", limit=2) == found(index, "relapse", limit=DEPTH)[:2]


def test_a_filter_acts_in_every_leg(index):
    assert index.search("relapse", filters=Filters(kinds=frozenset({"book"}))).hits == ()


def test_the_passage_shown_is_the_one_of_the_better_rank(tmp_path):
    filler = [entry(f"x{n}", "zz zz " * (n + 1) + "relapse relapse") for n in range(3)]
    both = entry("a", "relapse " + "word " * 100, "relaps")
    index = index_of(tmp_path, both, *filler, encoder=Letters())
    hit = next(hit for hit in index.search("relaps").hits if hit.document == "a")
    assert dict(hit.ranks)["dense"] == 1
    assert hit.passage == "a#1"


# Legs that do not answer


def reasons(index, query):
    return {leg.name: leg.reason for leg in index.search(query).legs if not leg.answered}


def test_an_index_without_vectors_says_so_and_answers(tmp_path, entries):
    index = index_of(tmp_path, *entries)
    assert found(index, "irinotecan") == ["a"]
    assert "built without vectors" in reasons(index, "irinotecan")["dense"]


def test_a_missing_model_is_told_and_the_lexical_leg_answers(tmp_path, entries):
    build(Corpus(*entries), tmp_path, encoder=Letters())

    def missing():
        raise NoModel("the package onnxruntime is not installed")

    index = Index(tmp_path, encoder=missing)
    assert found(index, "irinotecan") == ["a"]
    assert reasons(index, "irinotecan") == {"dense": "the package onnxruntime is not installed"}


def test_vectors_of_another_model_are_not_compared(tmp_path, entries):
    build(Corpus(*entries), tmp_path, encoder=Letters())
    other = Letters()
    other.model = "other"
    assert "'letters'" in reasons(Index(tmp_path, encoder=lambda: other), "relapse")["dense"]


def test_tokens_of_another_analyzer_are_not_compared(tmp_path, entries, monkeypatch):
    build(Corpus(*entries), tmp_path, encoder=Letters())
    monkeypatch.setattr("secondline.literature.analyzer.RULES", "other rules")
    index = Index(tmp_path, encoder=Letters)
    assert "other rules" in reasons(index, "relapse")["lexical"]
    assert len(found(index, "relapse")) == 3


@pytest.mark.parametrize(("leg", "part"), [("lexical", "folder"), ("dense", "vectors_folder")])
def test_a_damaged_leg_is_told_and_the_other_answers(tmp_path, entries, leg, part):
    manifest = build(Corpus(*entries), tmp_path, encoder=Letters())
    folder = tmp_path / getattr(manifest, part)
    shutil.rmtree(folder / "lexical" if leg == "lexical" else folder)
    index = Index(tmp_path, encoder=Letters)
    assert reasons(index, "relapse").keys() == {leg}
    assert " is missing; run: secondline literature index build" in reasons(index, "relapse")[leg]
    assert "a" in found(index, "relapse")


@pytest.fixture
def written(tmp_path, entries):
    """The folder of an index with both legs, and its manifest."""
    return tmp_path, build(Corpus(*entries), tmp_path, encoder=Letters())


def alter(path):
    """Turn one bit in the middle of a file; its size stays."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(bytes(content))


def test_a_byte_altered_in_any_file_of_an_index_is_found(written):
    folder, manifest = written
    for name in manifest.sums:
        kept = (folder / name).read_bytes()
        alter(folder / name)
        (damage,) = verified(folder).damages
        assert damage == f"its file {name} is damaged: bytes in it are not what was written"
        if "/lexical/" in name or name.startswith("vectors"):
            leg = "lexical" if "/lexical/" in name else "dense"
            assert damage in reasons(Index(folder, encoder=Letters), "relapse")[leg]
        else:
            with pytest.raises(NoIndex, match="the index cannot be read: its file"):
                Index(folder, encoder=Letters)
        (folder / name).write_bytes(kept)
    assert verified(folder).damages == ()
    assert verified(folder).files == len(manifest.sums) > 10


def test_of_a_large_part_the_sizes_are_looked_at_when_it_is_opened(written, monkeypatch):
    folder, manifest = written
    name = next(name for name in manifest.sums if name.endswith("vectors.npy"))
    monkeypatch.setattr(intact, "CHECKED_AT_OPENING", 0)
    alter(folder / name)
    assert reasons(Index(folder, encoder=Letters), "relapse") == {}
    assert len(verified(folder).damages) == 1
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    damage = reasons(Index(folder, encoder=Letters), "relapse")["dense"]
    assert "bytes, " in damage
    assert damage.endswith("were written; run: secondline literature index build")


def test_a_file_that_is_missing_or_may_not_be_read_is_a_damage(written):
    folder, manifest = written
    first, second, *_ = manifest.sums
    (folder / first).unlink()
    (folder / second).unlink()
    (folder / second).symlink_to(folder / second)
    assert verified(folder).damages == (
        f"its file {first} is missing",
        f"its file {second} cannot be read: Too many levels of symbolic links",
    )


def test_a_leg_that_holds_less_says_how_much(tmp_path):
    index = index_of(tmp_path, entry("a", "relapse"), entry("b", "123"), encoder=Letters())
    _, dense = index.search("relapse").legs
    assert dense.answered
    assert dense.reason.startswith("1 passage is not in it")


@pytest.mark.parametrize("query", ["the of and", "再発した神経芽腫", "🎗️🎗️", "?!*", "\x01\x02"])
def test_a_query_without_words_is_told_leg_by_leg(index, query):
    answer = index.search(query)
    lexical, dense = answer.legs
    assert not lexical.answered
    assert "no searchable word" in lexical.reason
    assert dense.answered == any("a" <= letter <= "z" for letter in query)


# What a person may type


@pytest.mark.parametrize(
    "query",
    [
        'tokens:"irinotecan" AND NOT relapse',
        "irinotecan~2 relapse^99 -transplant +(",
        "{!lucene} irinotecan OR *:* [a TO z]",
        "marks:kind\\:citation /.*/ irinotecan",
        "irinotecan\nrelapse\t\x07",
        "irinotecan'; DROP TABLE documents; --",
        "irinotecan " * 500,
    ],
)
def test_no_character_of_a_query_is_an_operator(index, query):
    assert found(index, query)[0] == "a"


def test_query_syntax_neither_excludes_nor_requires(index):
    _, plain = index.rankings("relapse transplant")
    for query in ("relapse -transplant", "relapse NOT transplant", "+relapse transplant"):
        _, rankings = index.rankings(query)
        assert rankings["lexical"] == plain["lexical"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "the query is empty"),
        (" \n\t ", "the query is empty"),
        ("x" * 5_000_000, f"5,000,000 characters; search with at most {LONGEST_QUERY:,}"),
        ("\0PNG\x1a", "the query is not text"),
    ],
)
def test_what_is_no_query_is_refused(index, query, message):
    with pytest.raises(QueryError, match=message):
        index.search(query)


@pytest.mark.parametrize("limit", [0, -1, DEPTH + 1])
def test_a_limit_out_of_range_is_refused(index, limit):
    with pytest.raises(QueryError, match=f"the limit is {limit}; expected 1 to {DEPTH}"):
        index.search("relapse", limit=limit)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"kinds": ["novel"]}, "'novel' is not a kind of document; expected citation, book"),
        ({"years": "recent"}, "'recent' is not a range of years"),
        ({"years": "-"}, "'-' is not a range of years"),
        ({"years": "2020-2010"}, "ends before it begins; expected 2010-2020"),
        ({"phases": ["five"]}, "'five' is not a phase; expected early 1, 1, 2, 3, 4"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(filters, message):
    with pytest.raises(QueryError, match=message):
        filters_from(**filters)


@pytest.mark.parametrize(
    ("printed", "phases"),
    [
        ("PHASE1", ["1"]),
        ("EARLY_PHASE1", ["early 1"]),
        ("Phase I/II", ["1", "2"]),
        ("Clinical Trial, Phase III", ["3"]),
        ("Phase 2a", ["2"]),
        ("PHASE2, PHASE3", ["2", "3"]),
        ("iv", ["4"]),
        ("NA", []),
        ("Civil", []),
    ],
)
def test_phases_are_read_as_printed(printed, phases):
    assert phases_of(printed) == phases


def test_documents_of_any_content_are_indexed(tmp_path):
    texts = ["", "relapse " * 600_000, "x" * 5_000_000, "\x00\x01 relapse", "re\ud800lapse", "再発"]
    index = index_of(tmp_path, *(entry(f"d{n}", text) for n, text in enumerate(texts)))
    assert sorted(found(index, "relapse")) == ["d1", "d3", "d4"]
    assert index.manifest.passages == 6


def test_an_empty_corpus_finds_nothing(tmp_path):
    index = index_of(tmp_path, encoder=Letters())
    assert index.search("relapse").hits == ()
    assert index.search("relapse", filters=filters_from(years="2010-")).hits == ()


# Builds


def test_without_an_index_the_repair_is_named(tmp_path):
    with pytest.raises(NoIndex, match="run: secondline literature index build"):
        Index(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}'])
def test_a_manifest_that_cannot_be_read_is_no_index(tmp_path, content):
    (tmp_path / "current.json").write_text(content)
    with pytest.raises(NoIndex):
        Index(tmp_path)


def test_an_index_of_another_format_is_no_index(tmp_path, entries):
    build(Corpus(*entries), tmp_path, encoder=None)
    path = tmp_path / "current.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 0}))
    assert read_manifest(tmp_path) is None


def test_a_build_does_not_disturb_who_searches(tmp_path, entries):
    before = index_of(tmp_path, *entries, encoder=Letters())
    build(Corpus(entry("z", "irinotecan"), state="2"), tmp_path, encoder=Letters())
    assert found(before, "irinotecan")[0] == "a"
    assert found(Index(tmp_path, encoder=Letters), "irinotecan") == ["z"]
    assert Index(tmp_path).manifest.of == "2"
    folders = sorted(path.name.partition("-")[0] for path in tmp_path.glob("*-*"))
    assert folders == ["passages", "vectors"]


class Failing(Corpus):
    def __iter__(self):
        yield from super().__iter__()
        raise OSError("the disk is full")


def test_a_build_that_fails_leaves_the_index_that_was_there(tmp_path, entries):
    index_of(tmp_path, *entries)
    with pytest.raises(StoreError, match="cannot be written: the disk is full; see that"):
        build(Failing(entry("z", "irinotecan")), tmp_path, encoder=None)
    assert found(Index(tmp_path), "irinotecan") == ["a"]
    build(Corpus(*entries), tmp_path, encoder=None)
    assert len(list(tmp_path.glob("passages-*"))) == 1


class Interrupted(Letters):
    """Encodes two texts; then someone presses Control-C."""

    def vector(self, text):
        if len(self.encoded) == 2:
            raise KeyboardInterrupt
        return super().vector(text)


def test_an_interrupted_build_keeps_what_it_encoded_and_is_searched_already(tmp_path, entries):
    with pytest.raises(KeyboardInterrupt):
        build(Corpus(*entries), tmp_path, encoder=Interrupted())
    assert found(Index(tmp_path, encoder=Letters), "irinotecan") == ["a"]
    encoder = Letters()
    manifest = build(Corpus(*entries), tmp_path, encoder=encoder)
    assert encoder.encoded == [TEXTS["c"]]
    assert manifest.vectors == 3


def test_what_did_not_change_is_not_encoded_again(tmp_path, entries):
    index_of(tmp_path, *entries, encoder=Letters())
    encoder = Letters()
    build(Corpus(*entries[1:], entry("d", "new words")), tmp_path, encoder=encoder)
    assert encoder.encoded == ["new words"]


def test_a_vector_cut_short_by_a_crash_is_made_anew(tmp_path, entries):
    index_of(tmp_path, *entries, encoder=Letters())
    keys = next((tmp_path / building.ENCODED).glob("*.keys"))
    keys.write_bytes(keys.read_bytes()[:-5])
    encoder = Letters()
    assert build(Corpus(*entries), tmp_path, encoder=encoder).vectors == 3
    assert encoder.encoded == [TEXTS["c"]]


def test_one_process_builds_at_a_time(tmp_path, entries):
    class Twice(Corpus):
        def __iter__(self):
            build(Corpus(*entries), tmp_path, encoder=None)
            return super().__iter__()

    with pytest.raises(AlreadyBuilding, match="wait until it has finished"):
        build(Twice(*entries), tmp_path, encoder=None)


def test_progress_is_told(tmp_path, entries):
    told = []
    build(Corpus(*entries), tmp_path, encoder=Letters(), progress=lambda *it: told.append(it))
    assert told == [("indexed", 1), ("indexed", 2), ("indexed", 3), ("encoded", 3)]


def test_two_builds_of_one_corpus_rank_alike(tmp_path):
    texts = [f"word{n % 7} word{n % 11} word{n % 3}" for n in range(300)]
    rankings = []
    for name in ("one", "two"):
        index = index_of(
            tmp_path / name, *(entry(f"d{n}", t) for n, t in enumerate(texts)), encoder=Letters()
        )
        rankings.append(found(index, "word1 word2 word0", limit=100))
    assert rankings[0] == rankings[1]
