"""Literature from the command line: added once, counted, shown."""

import json
import os

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
def file(own_home, tmp_path):
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


def test_one_of_a_kind_is_told_as_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "home"))
    deleted = "<DeleteCitation><PMID>103</PMID></DeleteCitation>"
    path = tmp_path / "one.xml"
    one = RECORD.format(101, "A trial.", "")
    path.write_text(f"{DOCTYPE}<PubmedArticleSet>{one}{deleted}</PubmedArticleSet>")
    told = " ".join(run("literature", "add", str(path)).stdout.decode().split())
    assert told.endswith("1 new, 1 deletion of a record that is not held.")
    stats = run("literature", "stats").stdout.decode()
    assert stats.startswith("1 record, 0 of them retracted; 0 deleted, 1 version, 0 links, ")
    assert "records: 1 citation\n" in stats
    built = run("literature", "index", "build", "--no-vectors").stdout
    assert b"1 document, 1 passage, 0 vectors." in built
    assert b"lexical: 1 document, 1 passage" in run("literature", "search", "trial").stdout
    assert run("watch").stdout.startswith(b"1 document since the beginning, held against ")


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


def test_an_empty_home_holds_nothing(own_home):
    assert json.loads(run("literature", "stats", "--json").stdout)["records"] == 0
    failed(run("literature", "show", "1"), 4, "no document '1' is held")
    failed(run("literature", "add"), 2, "requires an argument")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            ["literature", "stats"],
            "Nothing was added yet; add files with: secondline literature add",
        ),
        (["watch"], "Nothing was added yet; add files with: secondline literature add FILE"),
        (["watch", "--marks"], "No marks."),
        (["library", "verify", "--literature"], "Add documents of the sources with: secondline"),
        (["library", "show", "rms-vit-0910-response"], "rms-vit-0910-response"),
        (
            ["ask", "Relapsed neuroblastoma?", "--literature"],
            "no literature was added; add it with",
        ),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_whoever_only_reads_makes_no_database_and_is_told_what_to_do(
    command, told, named, own_home, monkeypatch
):
    if named:
        monkeypatch.setenv("SECONDLINE_DATABASE", f"sqlite:///{own_home}/literature/own.sqlite")
        told = told.replace(
            "no literature was added; add it with", "there is no index of the liter"
        )
    process = run(*command)
    assert process.returncode == 0, process.stderr
    assert told in " ".join(process.stdout.decode().split())
    assert not (own_home / "literature").exists()


def test_an_index_of_nothing_says_so(own_home, tmp_path):
    process = run("literature", "index", "build", "--no-vectors")
    assert process.returncode == 0
    assert "It finds nothing. Nothing was added yet" in process.stdout.decode()
    assert not (tmp_path / "literature" / "literature.sqlite").exists()


def test_a_database_that_cannot_be_used_says_why(monkeypatch, tmp_path):
    monkeypatch.setenv("SECONDLINE_DATABASE", "nonsense://user:secret@host/x")
    for command in (["literature", "stats"], ["watch"], ["library", "verify", "--literature"]):
        process = run(*command)
        failed(process, 2, "SECONDLINE_DATABASE is no address of a database; found nonsense://...")
        assert b"secret" not in process.stderr
    monkeypatch.setenv("SECONDLINE_DATABASE", f"sqlite:///{tmp_path}")
    failed(run("literature", "stats"), 3, f"{tmp_path}: unable to open database file; see that it")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.xml", "there is no such file; check its name and its folder"),
        ("folder", "it is a folder; give the files in it, such as folder/*.xml.gz"),
        ("pipe", "it is a pipe or a device; write what it gives into a file, and add that"),
        ("empty.xml", "it is empty; get it again"),
        (
            "page.xml",
            "it is an HTML page, perhaps the error page of a download; get the file again",
        ),
    ],
)
def test_what_is_no_file_of_documents_is_refused_with_what_to_do(file, tmp_path, name, reason):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty.xml").touch()
    (tmp_path / "page.xml").write_text("<html>Not found</html>")
    process = run("literature", "add", str(tmp_path / name), "--json")
    assert process.returncode == 3
    assert json.loads(process.stdout)[0]["reason"] == reason
    assert process.stderr == b""
    assert not (tmp_path / "home").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_says_so(file):
    file.chmod(0)
    assert (
        "you may not read it; let its owner" in run("literature", "add", str(file)).stdout.decode()
    )


def test_a_folder_that_may_not_be_seen_is_told_beside_an_answer(monkeypatch):
    monkeypatch.setenv("SECONDLINE_HOME", "/dev/null")
    process = run("ask", "Relapsed neuroblastoma?", "--literature")
    assert process.returncode == 0, process.stderr
    assert "its folder cannot be made" in " ".join(process.stdout.decode().split())
    assert run("library", "show", "rms-vit-0910-response").returncode == 0
    failed(run("literature", "stats"), 3, "let SECONDLINE_HOME name a folder that you may write")
