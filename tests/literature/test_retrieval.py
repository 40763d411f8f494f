"""The literature searched: from files that were added to documents with their passages."""

import json
from dataclasses import replace

import pytest
from corpora import Letters
from small_files import citation, deletion, linked, pubmed

from secondline.interfaces.cli import search_text
from secondline.literature import index
from secondline.literature.legs import opened
from secondline.literature.literature import Literature
from secondline.literature.records import AddressError
from secondline.literature.retrieval import Retrieval, server_at
from secondline.literature.search import EVERYTHING, Found, Hit, Leg, NoIndex, filters_from
from secondline.literature.servers import Served
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


def retract(add, tmp_path, *links):
    path = tmp_path / f"{len(list(tmp_path.glob('*.xml')))}.xml"
    path.write_text(pubmed(*(citation(n, outside=linked(kind, of)) for n, kind, of in links)))
    (_,) = add().add([path])


def test_what_is_retracted_since_the_index_was_built_is_left_out_and_told(add, tmp_path):
    records = [
        {"id": str(n), "pmid": str(n), "title": f"Irinotecan {n}", "text": "Given again."}
        for n in range(1, 6)
    ]
    made = Retrieval(add(*records), tmp_path, Subjects(NAMES), encoder=Letters)
    made.build()
    none = filters_from(retracted=False)
    first = made.search("irinotecan", filters=none, limit=1).hits[0]
    retract(add, tmp_path, ("901", "RetractionOf", first.pmid))
    answer = made.search("irinotecan", filters=none, limit=3)
    assert first.document not in {hit.document for hit in answer.hits}
    assert [hit.retracted for hit in answer.hits] == [False] * 3
    assert answer.turned == (first.document,)
    assert f"their retraction is newer than the index: {first.document}." in search_text.found(
        answer
    )
    assert made.search("irinotecan", limit=5).turned == ()
    made.build()
    assert made.search("irinotecan", filters=none).turned == ()


def test_what_stands_again_since_the_index_was_built_is_not_shown_as_retracted(add, tmp_path):
    literature = add({"id": "1", "pmid": "1", "title": "Irinotecan", "text": "Given again."})
    retract(add, tmp_path, ("901", "RetractionOf", "1"))
    made = Retrieval(literature, tmp_path, Subjects(NAMES), encoder=Letters)
    made.build()
    only = filters_from(retracted=True)
    assert [hit.document for hit in made.search("irinotecan", filters=only).hits] == ["text:1"]
    retract(add, tmp_path, ("901", "CommentOn", "1"))
    answer = made.search("irinotecan", filters=only)
    assert (answer.hits, answer.turned) == ((), ("text:1",))


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


KINDS = pytest.mark.parametrize("kind", ["term", "fieldnorm", "store", "pos", "fast", "idx"])


def cut(folder, kind):
    """Cut all files of a kind, in place of which the ones that are in use stay whole."""
    damaged = list(folder.rglob(f"lexical/*.{kind}"))
    for path in damaged:
        beginning = path.read_bytes()[:5]
        path.unlink()
        path.write_bytes(b"null" if kind == "idx" else beginning)
    assert damaged


@KINDS
def test_a_damaged_file_of_the_index_is_a_leg_that_fails_with_its_reason(
    retrieval, tmp_path, capfd, kind
):
    cut(tmp_path, kind)
    anew = Retrieval(retrieval._literature, tmp_path, Subjects(NAMES), encoder=Letters)
    answer = anew.search("irinotecan")
    legs = {leg.name: leg for leg in answer.legs}
    assert not legs["lexical"].answered
    assert legs["lexical"].reason.startswith("its file passages-")
    assert legs["lexical"].reason.endswith("run: secondline literature index build")
    assert legs["dense"].answered
    assert answer.hits
    assert capfd.readouterr().err == ""  # what a library in Rust prints of a panic


@KINDS
def test_a_damage_that_only_the_library_meets_is_a_leg_that_fails(
    retrieval, tmp_path, monkeypatch, kind
):
    monkeypatch.setattr(index, "damaged_at_opening", lambda *_: None)
    cut(tmp_path, kind)
    anew = Retrieval(retrieval._literature, tmp_path, Subjects(NAMES), encoder=Letters)
    answer = anew.search("irinotecan")
    reason = next(leg.reason for leg in answer.legs if leg.name == "lexical")
    assert reason.startswith("its files cannot be read and are probably damaged")
    assert answer.hits


def test_what_a_server_keeps_is_not_verified_here(add, tmp_path):
    served = Retrieval(add(*RECORDS), tmp_path, Subjects(NAMES), Letters, engine=object())
    with pytest.raises(NoIndex, match="kept by the server"):
        served.verify()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_person_who_stops_a_search_stops_it(stop):
    def leg():
        raise stop

    with pytest.raises(stop):
        opened(leg)


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


def test_what_an_engine_finds_and_the_store_lacks_is_told(add, tmp_path):
    answer = Retrieval(add(*RECORDS), tmp_path, Subjects(NAMES), engine=Server()).search("anything")
    assert answer.not_held == ("text:gone",)
    assert "SECONDLINE_DATABASE" in answer.not_held_because
    assert "not held here: text:gone" in search_text.found(answer)


def test_a_document_that_was_deleted_is_held_and_not_shown(add, tmp_path):
    literature = add(*RECORDS)
    made = Retrieval(literature, tmp_path, Subjects(NAMES), engine=Server())
    assert made.search("anything").hits
    path = tmp_path / "deletion.xml"
    path.write_text(pubmed(citation("2", "A title.")))
    (_,) = literature.add([path])

    class Citations(Server):
        def search(self, query, **told):
            found = super().search(query, **told)
            return replace(found, hits=(replace(found.hits[0], document="pmid:2"),))

    made = Retrieval(literature, tmp_path, Subjects(NAMES), engine=Citations())
    assert [hit.document for hit in made.search("anything").hits] == ["pmid:2"]
    path.write_text(pubmed(deletion("2")))
    (_,) = literature.add([path])
    answer = made.search("anything")
    assert (answer.hits, answer.not_held) == ((), ())


def test_a_server_is_built_and_searched_like_an_index_in_files(add, tmp_path, postgres):
    server = server_at(postgres)
    made = Retrieval(
        add(*RECORDS), tmp_path, Subjects(NAMES), Letters, Served(server, encoder=Letters)
    )
    built = made.build()
    assert (built.documents, built.vectors, built.without_vectors) == (3, 3, None)
    answer = made.search("irinotecan neuroblastoma")
    assert answer.hits[0].passage.text == "Irinotecan\nIn relapsed neuroblastoma."
    assert (answer.stale, answer.built) == (None, built.built)
    found = made.search("irinotecan", filters=filters_from(diseases=["neuroblastoma"]))
    assert [hit.document for hit in found.hits] == ["text:1"]
    add({"id": "4", "title": "Topology", "text": "Of nothing else."})
    assert "secondline literature index build" in made.search("topology").stale
    made.build(vectors=False)
    answer = made.search("topology")
    assert answer.stale is None
    assert [leg.answered for leg in answer.legs] == [True, False]
    server.close()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("postgresql://user@host/name", "PostgreSQL"),
        ("https://host:9200", "OpenSearch"),
        ("http://host:9200", "OpenSearch"),
    ],
)
def test_a_server_is_known_by_its_address(address, kind):
    pytest.importorskip("psycopg")
    server = server_at(address)
    assert type(server).__name__ == kind
    server.close()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("ftp://user:secret@host/x", "ftp://..."),
        ("mysql://user:secret@host/x", "mysql://..."),
        ("postgresql://user:secret@host:port/x", "postgresql://..."),
        ("https://", "https://..."),
        ("https://user:secret@host:port", "https://..."),
        ("/data/index", "'/data/index'"),
        ("user:secret@host", "words that hold @"),
    ],
)
def test_what_is_no_server_is_told_without_its_password(address, found):
    with pytest.raises(AddressError) as told:
        server_at(address)
    assert str(told.value) == (
        f"SECONDLINE_SEARCH is no address of a search; found {found}, expected"
        " postgresql://USER@HOST/NAME, https://HOST:PORT of OpenSearch, or file:///FOLDER of a"
        " folder that `secondline literature index shard` filled"
    )
