"""Documents kept: versions, deletions, retractions, and a process that may be killed at any point."""

import gzip
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from small_files import article, citation, deletion, linked, pubmed
from sqlalchemy import event, text

import secondline
from secondline.editorial import open_editorial
from secondline.interfaces.cli import literature_text
from secondline.literature import database
from secondline.literature import literature as door
from secondline.literature.literature import Literature
from secondline.literature.records import AddressError, NoSuchDocument, StoreError


def actions(literature, id_):
    return [row.action for row in literature.store.history(id_)]


def test_the_same_file_twice_changes_nothing_and_says_so(literature, written):
    path = written(pubmed(citation("1"), citation("2")))
    (first,) = literature.add([path])
    before = literature.stats()
    (second,) = literature.add([path])
    assert (first.counts, first.already) == ({"new": 2}, False)
    assert (second.counts, second.already, second.state) == ({}, True, "read")
    assert literature.stats() == before


def test_the_same_content_in_another_file_is_unchanged(add, literature):
    content = pubmed(citation("1"), citation("2"))
    assert add(content, gzip.compress(content.encode())).counts == {"unchanged": 2}
    assert literature.stats().versions == 2


def test_a_revised_citation_is_a_new_version(add, literature):
    added = add(pubmed(citation("1", "Old.")), pubmed(citation("1", "New.")))
    assert added.counts == {"revised": 1}
    held = literature.document("pmid:1")
    assert (held.document.title, held.version) == ("New.", 2)
    assert actions(literature, "pmid:1") == ["new", "revised"]
    assert literature.stats().records == 1


def test_the_last_of_two_records_with_one_pmid_counts(add, literature):
    added = add(pubmed(citation("1", "First."), citation("2"), citation("1", "Last.")))
    assert added.counts == {"new": 2, "revised": 1}
    assert literature.document("pmid:1").document.title == "Last."


def test_an_older_version_never_replaces_a_newer_one(add, literature):
    newer = pubmed(citation("1", "Second version.", version="2"))
    added = add(newer, pubmed(citation("1", "First version.", version="1")))
    assert added.counts == {"superseded": 1}
    assert literature.document("pmid:1").document.title == "Second version."


def test_a_deleted_citation_is_gone_and_its_history_stays(add, literature):
    assert add(pubmed(citation("1"), citation("2")), pubmed(deletion("1"))).counts == {"deleted": 1}
    counted = literature.stats()
    assert (counted.records, counted.deleted, counted.versions) == (1, 1, 3)
    assert [held.document.id for held in literature.documents()] == ["pmid:2"]
    assert literature.show("1")["deleted"]
    assert actions(literature, "pmid:1") == ["new", "deleted"]


def test_a_deletion_before_the_record_deletes_nothing(add, literature):
    added = add(pubmed(deletion("1"), citation("1"), citation("2"), deletion("2"), citation("2")))
    assert added.counts == {"not held": 1, "new": 2, "deleted": 1, "restored": 1}
    assert literature.stats().records == 2
    assert actions(literature, "pmid:2") == ["new", "deleted", "restored"]


# Retractions and links


def test_a_notice_retracts_what_it_names_whichever_comes_first(add, literature):
    notice = citation("9", "An editorial.", outside=linked("RetractionOf", "8"))
    add(pubmed(notice), pubmed(citation("8"), citation("7")))
    assert literature.document("pmid:8").retracted
    assert not literature.document("pmid:7").retracted
    assert not literature.document("pmid:9").retracted
    assert literature.stats().retracted == 1


def test_a_notice_that_comes_later_is_a_change_of_what_it_retracts(add, literature):
    add(pubmed(citation("8")))
    seen = literature.stats().changed
    add(pubmed(citation("9", outside=linked("RetractionOf", "8"))), name="notice.xml")
    changed = {held.document.id: held.retracted for held in literature.documents(since=seen)}
    assert changed == {"pmid:8": True, "pmid:9": False}


def test_a_retraction_reaches_the_full_text_of_the_article(add, literature):
    doi = '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/a</ArticleId></ArticleIdList></PubmedData>'
    full = article(meta='<article-id pub-id-type="doi">10.1000/A</article-id>')
    notice = citation("9", outside=linked("RetractionOf", "8"))
    add(full, pubmed(citation("8", data=doi)), pubmed(notice))
    assert literature.document("pmc:PMC77").retracted


def test_a_notice_in_jats_retracts_by_doi(add, literature):
    doi = '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/a</ArticleId></ArticleIdList></PubmedData>'
    notice = article(
        kind="retraction",
        meta='<related-article related-article-type="retracted-article" ext-link-type="doi"'
        ' xlink:href="10.1000/A"/>',
    )
    add(pubmed(citation("8", data=doi)), notice)
    assert literature.document("pmid:8").retracted


def test_without_its_notice_an_article_stands_again(add, literature):
    notice = citation("9", outside=linked("RetractionOf", "8"))
    add(pubmed(citation("8"), notice), pubmed(deletion("9")))
    assert not literature.document("pmid:8").retracted
    revised = citation("9", outside=linked("CommentOn", "8"))
    add(pubmed(notice), pubmed(revised), name="again.xml")
    assert not literature.document("pmid:8").retracted


def test_a_partial_retraction_is_told_and_retracts_nothing(add, literature):
    add(pubmed(citation("8"), citation("9", outside=linked("PartialRetractionOf", "8"))))
    assert not literature.document("pmid:8").retracted
    assert literature.store.related("pmid:8")[0].relation == "partially retracted by"


@pytest.mark.parametrize(
    ("stated", "own", "others"),
    [
        ("RetractionOf", "retracts", "retracted by"),
        ("ErratumFor", "corrects", "corrected by"),
        ("ExpressionOfConcernFor", "expresses concern about", "concern expressed by"),
        ("CommentOn", "comments on", "commented on by"),
        ("RetractionIn", "retracted by", "retracts"),
        ("UpdateOf", "updates", "updated by"),
    ],
)
def test_a_relation_that_one_side_states_is_told_on_both(add, literature, stated, own, others):
    add(pubmed(citation("8"), citation("9", outside=linked(stated, "8"))))
    (of_9,) = literature.store.related("pmid:9")
    (of_8,) = literature.store.related("pmid:8")
    assert (of_9.relation, of_9.id, of_9.stated_by) == (own, "pmid:8", "pmid:9")
    assert (of_8.relation, of_8.id, of_8.stated_by) == (others, "pmid:9", "pmid:9")


def test_a_relation_that_both_sides_state_is_told_once(add, literature):
    add(
        pubmed(
            citation("8", outside=linked("RetractionIn", "9")),
            citation("9", outside=linked("RetractionOf", "8")),
        )
    )
    assert len(literature.store.related("pmid:8")) == len(literature.store.related("pmid:9")) == 1


def test_a_relation_to_what_is_not_held_is_told_with_its_number(add, literature):
    add(pubmed(citation("9", outside=linked("ErratumFor", "8", "J Test. 2001"))))
    (related,) = literature.store.related("pmid:9")
    assert (related.id, related.pmid, related.printed) == (None, "8", "J Test. 2001")


def test_what_a_deleted_record_said_of_others_is_told_no_more(add, literature):
    add(
        pubmed(citation("8"), citation("9", outside=linked("CommentOn", "8"))),
        pubmed(deletion("9")),
    )
    assert literature.store.related("pmid:8") == ()


# A notice may name the article by its PMC number, by an address, or only as it is printed


def numbered(pmc, *, doi="", pmid="", kind="research-article", meta="", title="A title"):
    """Return one JATS article of its own numbers."""
    numbers = "".join(
        f'<article-id pub-id-type="{name}">{number}</article-id>'
        for name, number in (("doi", doi), ("pmid", pmid))
        if number
    )
    made = article(kind=kind, meta=numbers + meta, title=title)
    return made.replace('"pmc">77<', f'"pmc">{pmc}<')


def related(kind, href, relation="retracted-article"):
    return (
        f'<related-article related-article-type="{relation}" ext-link-type="{kind}"'
        f' xlink:href="{href}"/>'
    )


def with_numbers(pmid, title="A title.", *, doi="", pmc="", outside=""):
    """Return a record of PubMed with a DOI and a PMC number."""
    listed = "".join(
        f'<ArticleId IdType="{name}">{number}</ArticleId>'
        for name, number in (("doi", doi), ("pmc", pmc))
        if number
    )
    data = f"<PubmedData><ArticleIdList>{listed}</ArticleIdList></PubmedData>"
    return citation(pmid, title, outside=outside, data=data)


BY_PMC = numbered("7000009", kind="retraction", meta=related("pmc", "PMC7000002"))
HELD_AS = {
    "the full text": [numbered("7000002")],
    "the citation": [pubmed(with_numbers("961005", pmc="PMC7000002"))],
    "both, joined by the PMID": [
        pubmed(citation("961005")),
        numbered("7000002", pmid="961005"),
    ],
}


@pytest.mark.parametrize("held", HELD_AS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_notice_by_pmc_number_retracts_whichever_comes_first(add, literature, held, place):
    files = [*HELD_AS[held]]
    files.insert(place, BY_PMC)
    add(*files)
    marks = {each.document.id: each.retracted for each in literature.documents()}
    assert marks.pop("pmc:PMC7000009") is False
    assert set(marks.values()) == {True}


def test_a_relation_by_pmc_number_is_told_on_both_sides(add, literature):
    add(BY_PMC, numbered("7000002"))
    (of_notice,) = literature.show("PMC7000009")["related"]
    (of_article,) = literature.show("PMC7000002")["related"]
    assert (of_notice["relation"], of_notice["id"]) == ("retracts", "pmc:PMC7000002")
    assert (of_article["relation"], of_article["id"]) == ("retracted by", "pmc:PMC7000009")
    told = literature_text.document(literature.show("PMC7000009"))
    assert "retracts pmc:PMC7000002\n" in told


def test_a_correction_by_pmc_number_is_told_and_one_of_what_is_not_held_too(add, literature):
    add(
        numbered("7000008", kind="correction", meta=related("pmc", "7000002", "corrected-article")),
        numbered("7000002"),
        numbered("7000009", kind="retraction", meta=related("pmc", "PMC7000003")),
    )
    (corrected,) = literature.show("PMC7000002")["related"]
    assert (corrected["relation"], corrected["id"]) == ("corrected by", "pmc:PMC7000008")
    told = literature_text.document(literature.show("PMC7000009"))
    assert "retracts PMC7000003 (not held)" in told


def test_a_notice_by_pmc_number_that_is_revised_retracts_no_more(add, literature):
    add(BY_PMC, numbered("7000002"))
    assert literature.document("pmc:PMC7000002").retracted
    comment = related("pmc", "PMC7000002", "commentary-article")
    add(numbered("7000009", kind="letter", meta=comment), name="revised.xml")
    assert not literature.document("pmc:PMC7000002").retracted


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/961005/"),
        ("uri", "http://www.ncbi.nlm.nih.gov/pubmed/961005"),
        ("pmid", "PMID: 961005"),
        ("pmcid", "PMC7000002.1"),
        ("pmc", "https://pmc.ncbi.nlm.nih.gov/articles/PMC7000002/"),
        ("uri", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7000002/"),
        ("doi", "https://doi.org/10.5555/GGG"),
        ("uri", "https://dx.doi.org/10.5555%2Fggg"),
    ],
)
def test_a_notice_by_an_address_retracts(add, literature, kind, address):
    add(
        pubmed(with_numbers("961005", doi="10.5555/ggg", pmc="PMC7000002")),
        numbered("7000009", kind="retraction", meta=related(kind, address)),
    )
    assert literature.document("pmid:961005").retracted
    (told,) = literature.store.related("pmid:961005")
    assert (told.relation, told.id) == ("retracted by", "pmc:PMC7000009")


@pytest.mark.parametrize(
    ("kind", "address"),
    [("uri", "https://example.org/961005"), ("uri", "961005"), ("doi", "10.5555/PMC7000002")],
)
def test_what_names_another_retracts_nothing(add, literature, kind, address):
    add(
        pubmed(with_numbers("961005", doi="10.5555/ggg", pmc="PMC7000002")),
        numbered("7000009", kind="retraction", meta=related(kind, address)),
    )
    assert literature.stats().retracted == 0


@pytest.mark.parametrize("printed", ["J. 2001;1(1):1. doi: 10.5555/ggg.", "J (doi:10.5555/GGG)."])
def test_a_notice_of_pubmed_without_pmid_retracts_by_the_doi_it_prints(add, literature, printed):
    notice = linked("RetractionOf", "0", printed).replace('<PMID Version="1">0</PMID>', "")
    add(pubmed(citation("9", outside=notice)), pubmed(with_numbers("8", doi="10.5555/ggg")))
    assert literature.document("pmid:8").retracted
    add(pubmed(deletion("9")), name="deletion.xml")
    assert not literature.document("pmid:8").retracted


# Two PMIDs are two articles, whatever else they share

SHARED = "10.5555/supplement"
RETRACTED_ONE = linked("RetractionOf", "996001")


def retracted(literature):
    return {each.document.id for each in literature.documents() if each.retracted}


@pytest.mark.parametrize("doi_of_notice", ["", SHARED])
@pytest.mark.parametrize("turned", [False, True])
def test_a_notice_about_one_of_two_articles_with_one_doi_retracts_that_one(
    add, literature, doi_of_notice, turned
):
    files = [
        pubmed(with_numbers("996001", doi=SHARED)),
        pubmed(with_numbers("996002", doi=SHARED)),
        pubmed(with_numbers("996009", doi=doi_of_notice, outside=RETRACTED_ONE)),
    ]
    add(*(reversed(files) if turned else files))
    assert retracted(literature) == {"pmid:996001"}
    assert literature.store.related("pmid:996002") == ()


@pytest.mark.parametrize("outside", ["", linked("RetractionIn", "996009")])
def test_the_full_text_of_the_article_is_retracted_and_that_of_the_notice_is_not(
    add, literature, outside
):
    """The full texts have no PMID, and the DOI of the article."""
    add(
        pubmed(with_numbers("996001", doi=SHARED, outside=outside)),
        pubmed(with_numbers("996002", doi=SHARED)),
        pubmed(with_numbers("996009", doi=SHARED, outside=RETRACTED_ONE)),
        numbered("7000001", doi=SHARED),
        numbered(
            "7000009", doi=SHARED, kind="retraction", meta=related("pmid", "996001"), title="Notice"
        ),
    )
    assert retracted(literature) == {"pmid:996001", "pmc:PMC7000001"}


def test_a_notice_by_doi_that_has_this_doi_itself_retracts_the_others(add, literature):
    add(
        pubmed(with_numbers("996001", doi=SHARED)),
        numbered("7000009", doi=SHARED, kind="retraction", meta=related("doi", SHARED)),
    )
    assert retracted(literature) == {"pmid:996001"}


def test_what_was_republished_and_is_retracted_in_turn_is_so(add, literature):
    """It retracts the first version, whose DOI it has."""
    again = linked("RetractedandRepublishedFrom", "996001")
    add(
        pubmed(
            with_numbers("996001", doi=SHARED), with_numbers("996002", doi=SHARED, outside=again)
        ),
        pubmed(citation("996009", outside=linked("RetractionOf", "996002"))),
    )
    assert retracted(literature) == {"pmid:996001", "pmid:996002"}


# Broken files and killed processes


def test_records_that_cannot_be_read_are_reported_with_their_place(add, literature):
    content = pubmed(citation("1"), citation("x"), citation("3"))
    added = add(content)
    assert added.counts == {"new": 2, "rejected": 1}
    (refused,) = added.refused
    assert refused.position == content.index(
        "<PubmedArticle>", content.index("<PubmedArticle>") + 1
    )
    assert refused.reason == "its PMID is 'x', which is no number of PubMed"
    assert literature.stats().rejected == 1


def test_a_broken_file_keeps_what_came_before_and_is_not_read_again(literature, written):
    content = pubmed(citation("1"), citation("2"))
    path = written(content[: content.rindex("</MedlineCitation>")])
    (first,) = literature.add([path])
    assert (first.state, first.counts) == ("broken", {"new": 1})
    assert first.reason.startswith("from byte ")
    (second,) = literature.add([path])
    assert (second.state, second.already, second.reason) == ("broken", True, first.reason)


def test_a_file_that_is_none_is_refused_and_the_next_is_added(literature, written):
    refused, added = literature.add([written("words", "a.txt"), written(pubmed(citation()))])
    assert (refused.state, added.counts) == ("refused", {"new": 1})
    assert literature.stats().files == {"read": 1}
    (missing,) = literature.add([Path("nowhere.xml")])
    assert missing.reason.startswith("there is no such file")


class Killed(BaseException):
    """What stops a process at a point where nothing can be done about it."""


@pytest.mark.parametrize("at", ["begin", "keep", "kept", "finish"])
def test_a_process_killed_anywhere_loses_nothing_and_doubles_nothing(
    literature, written, monkeypatch, at
):
    monkeypatch.setattr(door, "BATCH_RECORDS", 3)
    content = pubmed(*(citation(str(n)) for n in range(1, 12)), citation("x"), deletion("4"))
    path = written(content)
    store = literature.store
    real = {name: getattr(store, name) for name in ("begin", "keep", "finish")}
    calls = []

    def killed(name, *, after=False):
        def call(*arguments):
            calls.append(name)
            if name != "keep" or len(calls) == 2:
                if after:
                    real[name](*arguments)
                raise Killed
            return real[name](*arguments)

        return call

    name = "keep" if at == "kept" else at
    monkeypatch.setattr(store, name, killed(name, after=at == "kept"))
    with pytest.raises(Killed):
        list(literature.add([path]))
    monkeypatch.undo()
    (resumed,) = literature.add([path])
    assert not resumed.already
    assert (resumed.resumed > 0) == (at != "begin")
    counted = literature.stats()
    assert (counted.records, counted.deleted, counted.versions) == (10, 1, 12)
    assert (counted.rejected, counted.files) == (1, {"read": 1})
    assert literature.store.file(database_of(literature)).counts == {
        "new": 11, "rejected": 1, "deleted": 1,
    }  # fmt: skip


def database_of(literature):
    with literature.store.engine.connect() as connection:
        return connection.execute(text("SELECT sha256 FROM files")).scalar_one()


def test_steps_that_another_process_kept_are_left_out(literature, written, monkeypatch):
    path = written(pubmed(citation("1"), citation("2")))
    real = literature.store.keep
    monkeypatch.setattr(literature.store, "keep", lambda *given: (real(*given), real(*given))[1])
    list(literature.add([path]))
    assert literature.stats().versions == 2


def test_the_progress_reaches_the_end(literature, written, monkeypatch):
    monkeypatch.setattr(door, "BATCH_RECORDS", 2)
    told = []
    path = written(pubmed(*(citation(str(n)) for n in range(1, 9))))
    list(literature.add([path], lambda name, share: told.append((name, share))))
    assert told[-1] == ("file.xml", 1.0)
    assert len(told) > 3
    assert all(0 < share <= 1 for _, share in told)


@settings(max_examples=40, deadline=None)
@given(
    files=st.lists(
        st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(["a", "b", None])), max_size=6),
        max_size=4,
    )
)
def test_any_order_of_records_and_deletions_ends_as_read_one_by_one(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("files")
    literature = Literature(f"sqlite:///{folder}/literature.sqlite")
    expected = {}
    for number, changes in enumerate(files):
        path = folder / f"{number}.xml"
        path.write_text(
            pubmed(
                f"<!-- {number} -->",
                *(citation(p, title) if title else deletion(p) for p, title in changes),
            )
        )
        list(literature.add([path]))
        for pmid, title in changes:
            if title:
                expected[f"pmid:{pmid}"] = title
            else:
                expected.pop(f"pmid:{pmid}", None)
    held = {each.document.id: each.document.title for each in literature.documents()}
    assert held == expected
    assert literature.stats().records == len(expected)


# The database


def test_the_migrations_make_the_tables_that_the_code_expects(literature):
    with literature.store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), database.metadata) == []
        head = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert head == database.HEAD


def test_a_database_of_an_older_version_is_brought_up_to_date(add, literature):
    """It kept the PMC number of what a notice retracts only as it is printed."""
    printed = linked("RetractionOf", "0", "J. 2001. doi: 10.5555/ggg").replace(
        '<PMID Version="1">0</PMID>', ""
    )
    add(
        BY_PMC,
        numbered("7000002"),
        numbered("7000003"),
        pubmed(with_numbers("8", doi="10.5555/ggg"), citation("9", outside=printed)),
    )
    seen = literature.stats().changed
    with literature.store.engine.begin() as connection:
        for change in (
            "DROP INDEX links_by_pmcid",
            "ALTER TABLE links DROP COLUMN pmcid",
            "UPDATE links SET doi = NULL",
            "UPDATE documents SET retracted = 0",
            "UPDATE alembic_version SET version_num = 'pmc_numbers'",
        ):
            connection.execute(text(change))
    newer = Literature(str(literature.store.engine.url))
    assert retracted(newer) == {"pmc:PMC7000002", "pmid:8"}
    assert {each.document.id for each in newer.documents(since=seen)} == retracted(newer)
    (told,) = newer.store.related("pmc:PMC7000002")
    assert (told.relation, told.id) == ("retracted by", "pmc:PMC7000009")


def test_a_database_of_a_newer_version_is_refused(literature):
    with literature.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(StoreError, match="written by a newer version of secondline"):
        Literature(str(literature.store.engine.url))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("sqlite:////dev/null/x.sqlite", "/dev/null/x.sqlite: its folder .+ SECONDLINE_HOME"),
        ("sqlite:////dev", "/dev: unable to open database file; see that it is a file"),
        (
            "postgresql://nobody:secret@127.0.0.1:1/none",
            r"postgresql://nobody:\*\*\*@127.0.0.1:1/none: .*refused.*; see that the server runs",
        ),
    ],
)
def test_a_database_that_cannot_be_used_says_which_why_and_what_to_do(address, message):
    with pytest.raises(StoreError, match="the literature cannot be opened: ") as told:
        Literature(address)
    assert re.search(message, str(told.value))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("no address", "'no address'"),
        ("/data/literature.sqlite", "'/data/literature.sqlite'"),
        ("nonsense://user:secret@x/y", "nonsense://..."),
        ("mysql://user:secret@x/y", "mysql://..."),
        ("postgresql://user:secret@host:port/y", "postgresql://..."),
        ("user:secret@host", "words that hold @"),
        ("sqlite://", "sqlite://..."),
        ("sqlite:///:memory:", "sqlite://..."),
    ],
)
def test_what_is_no_address_is_told_without_its_password(address, found):
    with pytest.raises(AddressError) as told:
        Literature(address)
    assert str(told.value) == (
        f"SECONDLINE_DATABASE is no address of a database; found {found}, expected sqlite:///FILE"
        " or postgresql://USER@HOST/NAME"
    )


def test_the_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "x.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE patients (name)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program: it holds patients; let SECONDLINE_DATA"):
        Literature(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_the_store_of_the_editors_is_no_database_of_literature(tmp_path):
    open_editorial(secondline.open().library, tmp_path / "x.sqlite")
    with pytest.raises(StoreError, match="another program: it holds alembic_version, entries"):
        Literature(f"sqlite:///{tmp_path}/x.sqlite")


def test_reading_makes_no_database(tmp_path, written):
    literature = Literature(f"sqlite:///{tmp_path}/new/literature.sqlite")
    assert literature.stats().records == 0
    assert list(literature.documents()) == []
    assert literature.document("pmid:1") is None
    with pytest.raises(NoSuchDocument):
        literature.show("1")
    (refused,) = literature.add([tmp_path / "none.xml"])
    assert refused.state == "refused"
    assert not (tmp_path / "new").exists()
    other = Literature(f"sqlite:///{tmp_path}/new/literature.sqlite")
    list(other.add([written(pubmed(citation("1")))]))
    assert literature.stats().records == 1, "what was added since is seen"


def test_a_full_disk_is_told_and_reading_goes_on_when_there_is_room(literature, written):
    path = written(pubmed(*(citation(str(n), "Title " * 999) for n in range(1, 99))))
    with literature.store.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    full = event.listens_for(literature.store.engine, "connect")(
        lambda connection, _: connection.execute(f"PRAGMA max_page_count={pages}")
    )
    literature.store.engine.dispose()
    with pytest.raises(
        StoreError, match=r"literature\.sqlite: database or disk is full; make room"
    ):
        list(literature.add([path]))
    event.remove(literature.store.engine, "connect", full)
    literature.store.engine.dispose()
    (added,) = literature.add([path])
    assert (added.state, literature.stats().records) == ("read", 98)


def test_a_file_that_is_no_database_says_so(tmp_path):
    (tmp_path / "x.sqlite").write_bytes(b"This is no database, but it is long enough." * 100)
    with pytest.raises(StoreError, match=r"x\.sqlite: file is not a database; restore"):
        Literature(f"sqlite:///{tmp_path}/x.sqlite")


def test_everything_is_kept_under_the_home(tmp_path, monkeypatch, written):
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SECONDLINE_DATABASE", raising=False)
    list(Literature().add([written(pubmed(citation()))]))
    assert (tmp_path / "home" / "literature" / "literature.sqlite").is_file()


@pytest.mark.parametrize(
    "number", ["8", "pmid:8", "PMC77", "pmc:PMC77", "10.1000/A", "https://doi.org/10.1000/a"]
)
def test_a_document_is_shown_by_any_of_its_numbers(add, literature, number):
    add(
        article(
            meta='<article-id pub-id-type="pmid">8</article-id>'
            '<article-id pub-id-type="doi">10.1000/A</article-id>'
        ),
        pubmed(citation("8")),
    )
    assert literature.show(number)["id"] in {"pmc:PMC77", "pmid:8"}


def test_a_document_that_is_not_held_says_what_to_do(literature):
    with pytest.raises(NoSuchDocument, match="no document '1' is held; add its file with"):
        literature.show("1")


OWN_PMID = '<article-id pub-id-type="pmid">{}</article-id>'


def test_a_year_of_twenty_digits_stops_no_file(add, literature):
    senseless = "<Journal><JournalIssue><PubDate><Year>{}</Year></PubDate></JournalIssue></Journal>"
    added = add(
        pubmed(
            citation("1"),
            citation("2", inside=senseless.format("9" * 20)),
            citation("3", inside=senseless.format("2019")),
        )
    )
    assert (added.state, added.counts) == ("read", {"new": 3})
    assert literature.show("2")["document"]["date"] == {"printed": "9" * 20}


def test_a_file_named_like_one_record_and_holding_another_is_told(literature, written):
    paths = [
        written(pubmed(citation("5")), "31393839.xml"),
        written(
            '{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}',
            "NCT00000002.json",
        ),
        written(pubmed(citation("6")), "pubmed26n0001.xml"),
        written(pubmed(citation("7")), "pubmed_12345678.xml"),
        written(pubmed(citation("8")), "pubmed_20310102.xml"),  # the day of a download
        written(article(meta=OWN_PMID.format(9)), "12345678_PMC777.nxml"),
        written(article(meta=OWN_PMID.format(10)), "10000_PMC77.nxml"),
        written(article(meta=OWN_PMID.format(12345)), "12345_PMC77.nxml"),
        written(article(meta=OWN_PMID.format(11)), "PMC77_pmid12345.nxml"),
    ]
    told = [list(added.oddities) for added in literature.add(paths)]
    assert told == [
        ["the file is named 31393839 and holds pmid:5"],
        ["it has no status", "the file is named NCT00000002 and holds nct:NCT00000001"],
        [],
        ["the file is named 12345678 and holds pmid:7"],
        [],
        [
            "the file is named PMC777 and holds pmc:PMC77",
            "the file is named 12345678 and holds pmc:PMC77",
        ],
        ["the file is named 10000 and holds pmc:PMC77"],
        [],
        ["the file is named 12345 and holds pmc:PMC77"],
    ]
