"""The review from the command line: real processes, exit codes by cause."""

import json
import shutil

import pytest

from command import failed, run
from small_knowledge import Folder

ONE = "rms-one"
ADA, ANN = ("--as", "Ada"), ("--as", "Ann")


@pytest.fixture
def review(tmp_path):
    """Run a command of the review on a small knowledge folder and a store of its own."""
    folder = Folder(tmp_path / "knowledge")

    def command(*arguments, store=tmp_path / "log.db", stdin=b""):
        options = ["--store", str(store), "--knowledge", str(folder.root)]
        if arguments[0] == "diff":
            options = []
        return run("review", *map(str, arguments), *options, stdin=stdin)

    return command


@pytest.fixture
def enrolled(review):
    assert review("user", "add", "Ada", "--role", "approver").returncode == 0
    assert review("user", "add", "Ann", "--role", "author", *ADA).returncode == 0
    return review


def as_json(process):
    assert process.returncode == 0, process.stderr.decode()
    return json.loads(process.stdout)


def test_a_statement_is_taken_changed_proposed_approved_published_and_proven(enrolled, tmp_path):
    review = enrolled
    assert review("user", "list").stdout == b"Ada (approver)\nAnn (author)\n"
    assert review("take", ONE, "--output", tmp_path / "one.yaml").returncode == 0
    file = tmp_path / "one.yaml"
    file.write_text(file.read_text("utf-8").replace("were alive", "lived"), "utf-8")
    digest = as_json(review("propose", file, "--json", *ANN))["digest"]
    assert b"submit rms-one" in review("submit", ONE, *ANN).stdout
    assert b"rms-one: submitted" in review("queue").stdout
    assert as_json(review("comment", ONE, "Is it so?", "--json", *ADA))["action"] == "review"
    assert review("approve", ONE, digest[:12], *ADA).returncode == 0
    assert review("queue").stdout == b"Nothing waits.\n"
    checkpoint = as_json(review("publish", tmp_path / "edition", "--json", *ADA))
    shown = run("library", "show", ONE, "--knowledge", str(tmp_path / "edition"))
    assert b"standing: approved" in shown.stdout
    assert run("library", "check", "--knowledge", str(tmp_path / "edition")).returncode == 0
    history = " ".join(review("history", ONE).stdout.decode().split())
    assert "+ says: Some children lived." in history
    assert f"In edition {checkpoint['edition']}." in history
    changes = review("diff", tmp_path / "knowledge", tmp_path / "edition").stdout.decode()
    assert "rms-one: submitted → approved" in changes
    kept = tmp_path / "edition" / "checkpoint.json"
    found = as_json(review("verify", "--checkpoint", kept, "--entry", 3, "--json"))
    assert found["holds"] is True
    assert found["consistency"]
    assert found["inclusion"]


def words_of(done):
    """What was printed, wherever its lines break: they hold paths of any length."""
    return b" ".join(done.stdout.split())


def test_a_tampered_log_is_found_by_its_checkpoint(enrolled, tmp_path):
    log, kept = tmp_path / "log.jsonl", tmp_path / "log.jsonl.checkpoint.json"
    assert enrolled("export", log).returncode == 0
    whole = ("verify", "--log", log, "--checkpoint", kept)
    assert b"unchanged. Proof of consistency" in words_of(enrolled(*whole))
    assert b"The log agrees with itself." in words_of(enrolled("verify", "--log", log))
    log.write_text(log.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    cut = enrolled(*whole)
    assert cut.returncode == 1
    assert b"THE LOG HAS BEEN TOUCHED" in cut.stdout
    assert b"its end was cut off" in words_of(cut)
    shutil.copy(kept, log)
    assert enrolled(*whole).returncode == 1


def test_a_log_moves_to_another_store(enrolled, tmp_path):
    log, kept = tmp_path / "log.jsonl", tmp_path / "kept.json"
    assert enrolled("export", log, "--checkpoint", kept).returncode == 0
    added = enrolled("import", log, "--checkpoint", kept, store=tmp_path / "other.db")
    assert b"Added 2 entries" in added.stdout
    assert enrolled("user", "list", store=tmp_path / "other.db").stdout.startswith(b"Ada")
    log.write_bytes(log.read_bytes()[:-9])
    failed(enrolled("import", log, store=tmp_path / "third.db"), 7, "cut in the middle of a line")
    failed(enrolled("import", tmp_path / "none"), 3, "it cannot be read")


def test_a_conflict_shows_both_texts(enrolled, tmp_path):
    enrolled("take", ONE, "--output", tmp_path / "mine.yaml")
    text = (tmp_path / "mine.yaml").read_text("utf-8")
    theirs = text.replace("were alive", "lived").encode()
    assert enrolled("propose", "-", *ADA, stdin=theirs).returncode == 0
    mine = enrolled("propose", "-", *ANN, stdin=text.replace("Some", "A few").encode())
    failed(mine, 7, "rms-one is no longer as you took it: Ada changed it")
    assert b"-  says: Some children lived." in mine.stderr
    assert b"+  says: A few children were alive." in mine.stderr


def test_what_the_rules_refuse_exits_with_7_and_changes_nothing(enrolled):
    failed(enrolled("submit", ONE, "--as", "Eve"), 7, "'Eve' is not enrolled")
    enrolled("submit", ONE, *ADA)
    digest = as_json(enrolled("queue", "--json"))[0]["about"]
    failed(enrolled("approve", ONE, digest, *ADA), 7, "nobody approves their own words")
    failed(enrolled("return", ONE, "--reason", " ", *ADA), 7, "reason is empty")
    failed(enrolled("submit", "rms-on", *ADA), 7, "did you mean rms-one?")
    failed(enrolled("approve", ONE, *ADA), 2, "DIGEST requires")


def test_marks_withdrawal_and_recovery(enrolled):
    mark = ("mark", ONE, "--reason", "surveillance match", "--about", "pmid:1", *ANN)
    assert b"mark rms-one (surveillance match: pmid:1)" in enrolled(*mark).stdout
    assert b"was marked before" in enrolled(*mark).stdout
    assert enrolled("settle", ONE, "--reason", "Another disease.", *ADA).returncode == 0
    assert enrolled("scan", *ANN).stdout == b"Nothing new to mark.\n"
    assert enrolled("withdraw", ONE, "--reason", "It was retracted.", *ADA).returncode == 0
    assert enrolled("recover", ONE, "--reason", "It was not.", *ADA).returncode == 0
    assert b"rms-one: submitted" in enrolled("queue").stdout


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (b"- {id: rms-one}", 1, "topic: it is missing; write it"),
        (b"[]", 3, "exactly one statement"),
        (b"&x a", 3, "anchor"),
        (b"\xff", 3, "is not UTF-8"),
        (b"\0", 3, "it is binary"),
    ],
)
def test_a_proposal_that_is_none_is_told(enrolled, text, code, message):
    failed(enrolled("propose", "-", *ANN, stdin=text), code, message)


def test_a_store_that_cannot_be_used_is_told(review, tmp_path):
    failed(review("queue", store="mysql://x/y"), 3, "a store is the path of a file")
    (tmp_path / "no.db").write_bytes(b"not a database" * 100)
    failed(review("queue", store=tmp_path / "no.db"), 3, "not a database")
