"""Literature from the command line: added once, counted, shown."""

import json

import pytest
from command import failed, run

DOCTYPE = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "pubmed.dtd">'
RECORD = (
    "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>{}</ArticleTitle>"
    "</Article>{}</MedlineCitation></PubmedArticle>"
)
NOTICE = (
    '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionOf"><RefSource>J Test. 2001'
    "</RefSource><PMID>101</PMID></CommentsCorrections></CommentsCorrectionsList>"
)


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "home"))
    path = tmp_path / "update.xml"
    path.write_text(
        f"{DOCTYPE}<PubmedArticleSet>{RECORD.format(101, 'A trial.', '')}"
        f"{RECORD.format('none', 'Bad.', '')}{RECORD.format(102, 'Words.', NOTICE)}"
        "</PubmedArticleSet>"
    )
    return path


def test_a_file_is_added_once_and_counted(file):
    first = run("literature", "add", str(file))
    assert first.returncode == 5
    assert "2 new, 1 that could not be read" in " ".join(first.stdout.decode().split())
    assert "its PMID is 'none', which is no number of PubMed; left out" in " ".join(
        first.stdout.decode().split()
    )
    second = run("literature", "add", str(file))
    assert second.returncode == 0
    assert "nothing changed" in second.stdout.decode()
    counted = json.loads(run("literature", "stats", "--json").stdout)
    assert (counted["records"], counted["retracted"], counted["rejected"]) == (2, 1, 1)
    assert "2 records, 1 of them retracted" in run("literature", "stats").stdout.decode()


def test_several_files_are_told_as_json(file, tmp_path):
    other = tmp_path / "page.xml"
    other.write_text("<html>Not found</html>")
    process = run("literature", "add", str(file), str(other), "--json")
    assert process.returncode == 3
    first, second = json.loads(process.stdout)
    assert (first["state"], first["format"], first["counts"]) == (
        "read", "pubmed", {"new": 2, "rejected": 1},
    )  # fmt: skip
    assert (second["state"], second["counts"]) == ("refused", {})
    assert second["reason"].startswith("it is an HTML page")


def test_a_document_is_shown_with_its_relations_and_its_history(file):
    run("literature", "add", str(file))
    shown = run("literature", "show", "101").stdout.decode()
    assert shown.startswith("RETRACTED\nA trial.\n")
    assert "retracted by pmid:102" in shown
    assert "1: new, update.xml, byte " in shown
    assert "Unreviewed literature" in shown
    told = json.loads(run("literature", "show", "pmid:102", "--json").stdout)
    assert (told["retracted"], told["document"]["title"]) == (False, "Words.")
    assert told["related"][0]["relation"] == "retracts"


def test_an_empty_home_holds_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "home"))
    assert json.loads(run("literature", "stats", "--json").stdout)["records"] == 0
    failed(run("literature", "show", "1"), 4, "no document '1' is held")
    failed(run("literature", "add"), 2, "requires an argument")


def test_a_database_that_cannot_be_used_says_why(monkeypatch):
    monkeypatch.setenv("SECONDLINE_DATABASE", "nonsense://user:secret@host/x")
    process = run("literature", "stats")
    failed(process, 3, "SECONDLINE_DATABASE is no address of a database")
    assert b"secret" not in process.stderr
