"""Documents kept: versions, deletions, retractions, and a process that may be killed at any point."""

import gzip
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from small_files import article, citation, deletion, linked, pubmed
from sqlalchemy import text

from secondline.literature import database
from secondline.literature import literature as door
from secondline.literature.literature import Literature
from secondline.literature.records import NoSuchDocument, StoreError


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
    assert missing.reason == "No such file or directory"


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


def test_a_database_of_a_newer_version_is_refused(literature):
    with literature.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(StoreError, match="written by a newer version of secondline"):
        Literature(str(literature.store.engine.url))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("no address", "SECONDLINE_DATABASE is no address of a database"),
        ("nonsense://x/y", "SECONDLINE_DATABASE is no address of a database"),
        ("sqlite:////dev/null/literature.sqlite", "the literature cannot be opened: "),
        ("postgresql://nobody@127.0.0.1:1/none", "the literature cannot be opened: "),
    ],
)
def test_a_database_that_cannot_be_used_says_why(address, message):
    with pytest.raises(StoreError, match=message):
        Literature(address)


def test_a_file_that_is_no_database_says_so(tmp_path):
    (tmp_path / "x.sqlite").write_bytes(b"This is no database, but it is long enough." * 100)
    with pytest.raises(StoreError, match="file is not a database"):
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


def test_a_file_named_like_one_record_and_holding_another_is_told(literature, written):
    paths = [
        written(pubmed(citation("5")), "31393839.xml"),
        written(
            '{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}',
            "NCT00000002.json",
        ),
        written(pubmed(citation("6")), "pubmed26n0001.xml"),
    ]
    told = [list(added.oddities) for added in literature.add(paths)]
    assert told == [
        ["the file is named 31393839 and holds pmid:5"],
        ["it has no status", "the file is named NCT00000002 and holds nct:NCT00000001"],
        [],
    ]
