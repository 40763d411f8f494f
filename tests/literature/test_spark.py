"""Files to shards by Spark, on this machine: the same documents and ranking as the store's.

Skipped, with the reason, where PySpark or Java is not installed.
"""

import os
import shutil
import sys

import corpora
import pytest
from corpora import Letters
from small_files import article, citation, deletion, linked, pubmed

from secondline import desk
from secondline.interfaces.cli import search_commands
from secondline.interfaces.cli.terminal import PARTLY_READ
from secondline.literature.literature import Literature
from secondline.literature.retrieval import Retrieval
from secondline.literature.search import NoIndex, filters_from
from secondline.literature.serving import ShardedRetrieval
from secondline.literature.spark import shard_files
from secondline.literature.subjects import Subjects
from spark_session import spark_session

NAMES = {"neuroblastoma": ["neuroblastoma"]}


@pytest.fixture(scope="module")
def spark():
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    cloudpickle = pytest.importorskip("pyspark.cloudpickle", reason="PySpark is not installed")
    cloudpickle.register_pickle_by_value(corpora)  # tests are not installed where Spark works
    with spark_session() as session:
        yield session


def abstract(text):
    return f"<Abstract><AbstractText>{text}</AbstractText></Abstract>"


SHARED_DOI = (
    '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.5555/s</ArticleId></ArticleIdList>'
    "</PubmedData>"
)
FILES = (
    pubmed(
        *(
            citation(
                str(n), f"Irinotecan {n}.", inside=abstract(f"Relapse word{n % 7}. " * (n % 5))
            )
            for n in range(1, 60)
        ),
        citation("70", "Neuroblastoma, first version.", version="2"),
        citation("71", "To be deleted."),
        citation("72", "Deleted and restored."),
        citation("73", "Retracted by a notice."),
    ),
    pubmed(
        citation("70", "An older version that comes late."),
        citation("1", "Topotecan, revised."),
        citation("x"),
        citation("74", "Notice.", outside=linked("RetractionOf", "73")),
        citation("75", "A notice that is deleted.", outside=linked("RetractionOf", "2")),
        deletion("71", "72", "75", "9999"),
    ),
    pubmed(
        citation("72", "Deleted and restored, neuroblastoma."),
        citation("90", "One of a supplement.", data=SHARED_DOI),
        citation("91", "Another of it.", data=SHARED_DOI),
        citation("92", "Its notice.", outside=linked("RetractionOf", "90"), data=SHARED_DOI),
    ),
    article(
        kind="retraction",
        meta='<related-article related-article-type="retracted-article" ext-link-type="pmc"'
        ' xlink:href="PMC78"/>',
    ),
    article(meta='<article-id pub-id-type="pmid">59</article-id>').replace(">77<", ">78<"),
    pubmed(citation("80", "Before the break."))[:-40] + "<PubmedArticle><Med",
)


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    made = [folder / f"{n}.xml" for n in range(len(FILES))]
    for path, content in zip(made, FILES, strict=True):
        path.write_text(content)
    (folder / "again.xml").write_text(FILES[0])
    (folder / "page.xml").write_text("<html><body>Error</body></html>")
    return [*made, folder / "again.xml", folder / "page.xml", folder / "none.xml"]


@pytest.fixture(scope="module")
def made_once(paths, tmp_path_factory, spark):
    """The shards of all tests of this file, and what was said of them: Spark takes its time."""
    folder = tmp_path_factory.mktemp("made") / "sharded"
    return folder, shard_files(paths, folder, NAMES, shards=3, encoder=Letters, session=spark)


@pytest.fixture
def sharded(made_once, tmp_path):
    """The same shards in a folder of the test's own, which it may change."""
    made, done = made_once
    folder = shutil.copytree(made, tmp_path / "sharded")
    return done, ShardedRetrieval(folder, Letters)


@pytest.fixture
def stored(paths, tmp_path):
    literature = Literature(f"sqlite:///{tmp_path}/literature.sqlite")
    list(literature.add(paths))
    retrieval = Retrieval(literature, tmp_path / "stored", Subjects(NAMES), encoder=Letters)
    return literature.stats(), retrieval.build(), retrieval


def test_spark_and_the_store_come_to_the_same(sharded, stored):
    done, by_spark = sharded
    counts, built, by_store = stored
    assert done.documents == counts.records == built.documents
    assert (done.passages, done.vectors) == (built.passages, built.vectors)
    assert done.retracted == counts.retracted == 4
    for query in ("irinotecan relapse word3", "neuroblastoma", "deleted", "notice", "version"):
        for filters in ({}, {"retracted": False}, {"diseases": ["neuroblastoma"]}):
            given = filters_from(**filters)
            one, other = (
                each.search(query, filters=given, limit=100) for each in (by_spark, by_store)
            )
            assert one.hits == other.hits
            assert one.legs == other.legs
    hits = by_spark.search("retracted notice title", limit=100).hits
    hits += by_spark.search("irinotecan 59 supplement", limit=100).hits
    retracted = {"pmid:59", "pmid:73", "pmid:90", "pmc:PMC78"}
    assert {hit.document for hit in hits if hit.retracted} == retracted


def test_what_cannot_be_read_is_named(sharded):
    done, _ = sharded
    told = "\n".join(done.refused)
    assert done.files == 8
    assert done.rejected == len(done.refused) == 4
    assert "1.xml, byte " in told
    assert "5.xml, byte " in told
    assert "page.xml, byte 0:  it is an HTML page" in told
    assert "none.xml, byte 0:  there is no such file" in told


def test_a_new_run_takes_the_place_of_the_old_one(sharded, paths, spark, tmp_path):
    _, retrieval = sharded
    folder = tmp_path / "sharded"
    assert retrieval.search("topotecan").hits[0].document == "pmid:1"
    shard_files(paths[2:3], folder, NAMES, shards=2, session=spark)
    answer = retrieval.search("neuroblastoma")
    assert [hit.document for hit in answer.hits] == ["pmid:72"]
    assert answer.hits[0].passage.text == "Deleted and restored, neuroblastoma."
    assert [leg.answered for leg in answer.legs] == [True, False]
    assert len(list(folder.glob("run-*"))) == 1


def test_the_command_makes_an_index_that_the_desk_searches(
    spark, paths, tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "made"
    assert search_commands.shard(paths, into=folder, shards=2, vectors=False) == PARTLY_READ
    told = capsys.readouterr().out
    assert "(4 retracted)" in told
    assert "Could not be read: 4, among them:" in told
    monkeypatch.setenv("SECONDLINE_SEARCH", f"file://{folder}")
    retrieval = desk.open().retrieval()
    found = retrieval.search("restored", filters=filters_from(diseases=["neuroblastoma"]))
    assert [hit.document for hit in found.hits] == ["pmid:72"]
    with pytest.raises(NoIndex, match="by: secondline literature index shard"):
        retrieval.build()


QUESTION = "Irinotecan and temozolomide in relapsed neuroblastoma?"


def test_an_answer_quotes_what_spark_prepared(sharded, tmp_path, monkeypatch):
    """No database is needed for it, and none is made."""
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SECONDLINE_SEARCH", f"file://{tmp_path}/sharded")
    plain = desk.open().ask(QUESTION)
    answer = desk.open().ask(QUESTION, literature=True)
    beside = answer.literature
    assert (beside.reason, beside.not_quoted, len(beside.passages)) == (None, None, 5)
    quoted = next(p for p in beside.passages if p.document == "pmid:72")
    assert quoted.text == "Deleted and restored, neuroblastoma."
    assert (quoted.pmid, quoted.start, quoted.end) == ("72", 0, len(quoted.text))
    assert answer.digest == plain.digest
    assert not (tmp_path / "home" / "literature").exists()


def test_texts_that_the_folder_lacks_are_told(sharded, tmp_path, monkeypatch):
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SECONDLINE_SEARCH", f"file://{tmp_path}/sharded")
    (run,) = (tmp_path / "sharded").glob("run-*")
    shutil.rmtree(run / "documents")
    beside = desk.open().ask(QUESTION, literature=True).literature
    assert (beside.passages, beside.reason) == ((), "no passage was found that is held")
    assert (
        "are not held here: the folder lacks their texts; run: secondline literature index shard"
        in beside.not_quoted
    )
    found = desk.open().retrieval().search("neuroblastoma")
    assert (found.hits, set(found.not_held)) == ((), {"pmid:70", "pmid:72"})


@pytest.mark.parametrize("harmed", ["documents/*/*.parquet", "retracted.json"])
def test_texts_that_are_damaged_are_told(sharded, tmp_path, monkeypatch, harmed):
    monkeypatch.setenv("SECONDLINE_SEARCH", f"file://{tmp_path}/sharded")
    for path in (tmp_path / "sharded").glob(f"run-*/{harmed}"):
        path.write_bytes(b"x")
    beside = desk.open().ask(QUESTION, literature=True).literature
    assert beside.passages == ()
    assert "cannot be read" in beside.reason
    assert "run: secondline literature index shard" in beside.reason


def test_a_folder_without_shards_names_the_repair(tmp_path):
    with pytest.raises(NoIndex, match="secondline literature index shard FILE --into FOLDER"):
        ShardedRetrieval(tmp_path)
