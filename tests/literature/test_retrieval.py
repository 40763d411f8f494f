"""The literature searched: from files that were added to documents with their passages."""

import json

import pytest
from corpora import Letters

from secondline.literature.literature import Literature
from secondline.literature.records import Document, MeshHeading, Section
from secondline.literature.retrieval import Retrieval
from secondline.literature.search import EVERYTHING, Found, Hit, Leg, NoIndex, filters_from
from secondline.literature.subjects import Subjects

NAMES = {
    "neuroblastoma": ["neuroblastoma", "NB"],
    "acute-lymphoblastic-leukemia": ["acute lymphoblastic leukemia", "ALL"],
    "soft-tissue-sarcoma": ["non-rhabdomyosarcoma", "soft tissue sarcoma"],
}
RECORDS = (
    {"id": "1", "title": "Irinotecan", "text": "In relapsed neuroblastoma.", "year": 2019},
    {"id": "2", "title": "Outlook", "text": "Of acute lymphoblastic leukaemia.", "year": 2008},
    {"id": "3", "title": "Irinotecan again", "text": "Withdrawn.",
     "publication_types": ["Retracted Publication"]},
)  # fmt: skip


@pytest.fixture
def add(tmp_path):
    """Add records to one literature, each time by a file of its own."""
    literature = Literature(f"sqlite:///{tmp_path / 'literature.sqlite'}")

    def add(*records):
        path = tmp_path / f"{len(list(tmp_path.glob('*.jsonl')))}.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        list(literature.add([path]))
        return literature

    return add


@pytest.fixture
def retrieval(add, tmp_path):
    made = Retrieval(add(*RECORDS), tmp_path, Subjects(NAMES), encoder=Letters)
    made.build()
    return made


def test_a_document_is_found_with_its_passage_and_its_place(retrieval):
    answer = retrieval.search("irinotecan neuroblastoma")
    hit = answer.hits[0]
    assert (hit.document, hit.title, hit.year, hit.retracted) == (
        "text:1",
        "Irinotecan",
        2019,
        False,
    )
    assert hit.passage.text == "Irinotecan\nIn relapsed neuroblastoma."
    assert (hit.passage.start, hit.passage.end) == (0, len(hit.passage.text))
    assert hit.ranks["lexical"] == 1
    assert answer.stale is None


def test_a_retracted_document_is_marked_and_can_be_left_out(retrieval):
    marked = {hit.document: hit.retracted for hit in retrieval.search("irinotecan").hits}
    assert marked == {"text:1": False, "text:2": False, "text:3": True}
    left = retrieval.search("irinotecan", filters=filters_from(retracted=False)).hits
    assert [hit.document for hit in left] == ["text:1", "text:2"]


@pytest.mark.parametrize(
    ("disease", "expected"),
    [("neuroblastoma", ["text:1"]), ("acute-lymphoblastic-leukemia", ["text:2"])],
)
def test_a_filter_by_disease(retrieval, disease, expected):
    found = retrieval.search("irinotecan", filters=filters_from(diseases=[disease]))
    assert [hit.document for hit in found.hits] == expected


def test_what_was_added_later_is_not_found_and_the_answer_says_so(retrieval, add):
    add({"id": "4", "title": "Topology", "text": "Of nothing else."})
    answer = retrieval.search("topology")
    assert "text:4" not in [hit.document for hit in answer.hits]
    assert "secondline literature index build" in answer.stale
    retrieval.build()
    answer = retrieval.search("topology")
    assert answer.hits[0].document == "text:4"
    assert answer.stale is None


def test_a_document_that_changed_shows_no_passage_it_no_longer_has(retrieval, add):
    add({"id": "1", "title": "Irinotecan", "text": "Corrected."})
    answer = retrieval.search("neuroblastoma irinotecan")
    changed = next(hit for hit in answer.hits if hit.document == "text:1")
    assert changed.passage is None
    assert answer.stale


def test_other_names_of_diseases_make_the_index_stale(retrieval, add, tmp_path):
    other = Retrieval(add(), tmp_path, Subjects({**NAMES, "new": ["new disease"]}), Letters)
    assert other.search("irinotecan").stale


def test_searching_never_builds(add, tmp_path):
    with pytest.raises(NoIndex, match="run: secondline literature index build"):
        Retrieval(add(*RECORDS), tmp_path, Subjects(NAMES), Letters).search("irinotecan")
    assert not (tmp_path / "index").exists()


def test_an_index_without_vectors_needs_no_model(add, tmp_path):
    def fails():
        raise AssertionError("the model was opened")

    made = Retrieval(add(*RECORDS), tmp_path, Subjects(NAMES), encoder=fails)
    made.build(vectors=False)
    answer = made.search("irinotecan")
    assert [leg.answered for leg in answer.legs] == [True, False]


class Server:
    """Another engine behind the same interface."""

    def search(self, query, *, filters=EVERYTHING, limit=10):
        leg = Leg(name="lexical", answered=True, reason=None, documents=2, passages=9)
        hits = [
            Hit(document=id_, passage=f"{id_}#0", score=1.0, ranks=(("lexical", rank),))
            for rank, id_ in enumerate(("text:2", "text:gone"), 1)
        ]
        return Found(query=query, legs=(leg,), hits=tuple(hits[:limit]))


def test_another_engine_can_stand_behind_it(add, tmp_path):
    made = Retrieval(add(*RECORDS), tmp_path, Subjects(NAMES), engine=Server())
    answer = made.search("anything")
    assert [hit.document for hit in answer.hits] == ["text:2"]
    assert answer.built is None


# Which diseases a document is about


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "Neuroblastoma, and more"}, ("neuroblastoma",)),
        ({"title": "NEUROBLASTOMA"}, ("neuroblastoma",)),
        ({"title": "Ganglioneuroblastoma"}, ()),
        ({"title": "ALL patients and NB"}, ()),
        ({"conditions": ("Soft-Tissue Sarcoma",)}, ("soft-tissue-sarcoma",)),
        ({"mesh": (MeshHeading(descriptor="Neuroblastoma"),)}, ("neuroblastoma",)),
        (
            {"abstract": (Section(text="acute\nlymphoblastic leukaemia; neuroblastoma"),)},
            ("acute-lymphoblastic-leukemia", "neuroblastoma"),
        ),
        ({"keywords": ("non-rhabdomyosarcoma",)}, ("soft-tissue-sarcoma",)),
    ],
)
def test_a_disease_is_known_by_its_name(fields, expected):
    assert Subjects(NAMES).of(Document(id="x", kind="citation", **fields)) == expected


def test_without_names_no_disease_is_known():
    assert Subjects({}).of(Document(id="x", kind="citation", title="Neuroblastoma")) == ()
