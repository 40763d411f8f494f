"""`watch` and `library verify --literature` as people and programs meet them."""

import json

import pytest

from command import failed, run

RECORD = {
    "id": "new",
    "title": "An invented trial of irinotecan and temozolomide \x1b[31m",
    "text": "Children with relapsed neuroblastoma were treated.",
    "year": 2031,
}
SAYS = "Of 55 patients 24 (44%) had a response, and of 58, 18 (31%); .50 (0.22-1.12), P = .09."


@pytest.fixture
def home(own_home, tmp_path):
    path = tmp_path / "records.jsonl"
    source = {"id": "vit0910-ascopost", "title": "A report.", "text": SAYS}
    path.write_text("".join(json.dumps(each) + "\n" for each in (RECORD, source)))
    assert run("literature", "add", str(path)).returncode == 0
    return tmp_path


def test_watch_prints_a_digest_once(home):
    text = run("watch").stdout.decode()
    assert text.startswith("2 documents since the beginning")
    assert "NEW ABOUT STATEMENTS (unreviewed)" in text
    assert "irinotecan-temozolomide, relapsed or refractory neuroblastoma" in text
    assert "\x1b" not in text
    assert "Nothing new." in run("watch").stdout.decode()
    assert "Nothing new." in run("watch", "--all").stdout.decode()


def test_watch_as_json_keeps_the_contract(home):
    found = json.loads(run("watch", "--json").stdout)
    assert list(found) == [
        "edition", "queries", "after", "until", "documents", "queries_changed", "notices",
        "matches", "marks", "handed_over",
    ]  # fmt: skip
    assert list(found["matches"][0]) == [
        "document", "about", "kind", "title", "journal", "year", "disease", "setting",
        "intervention", "statements",
    ]  # fmt: skip
    assert list(found["marks"][0]) == ["statement", "reason", "about", "says"]
    assert json.loads(run("watch", "--marks", "--json").stdout) == found["marks"]


def test_marks_are_listed_without_a_look(home):
    assert run("watch", "--marks").stdout.decode() == "No marks.\n"
    run("watch")
    assert "surveillance match; text:new tells of" in run("watch", "--marks").stdout.decode()


def test_older_documents_are_left_out(home):
    assert json.loads(run("watch", "--from-year", "2032", "--json").stdout)["matches"] == []


def test_a_year_that_is_none_is_wrong_use(home):
    failed(run("watch", "--from-year", "soon"), 2, "soon")


def test_verify_in_the_literature_anchors_and_show_prints_the_sentence(home):
    process = run("library", "verify", "--literature", "--json")
    found = json.loads(process.stdout)
    assert list(found) == [
        "edition", "sources", "held", "findings", "not_held", "anchored", "explained",
        "ambiguous", "unplaced", "beyond", "not_found", "too_long",
    ]  # fmt: skip
    assert found["held"] == 1
    assert found["anchored"][0]["sentence"] == SAYS
    assert process.returncode == (1 if found["not_found"] else 0)
    statement = found["anchored"][0]["statement"]
    text = run("library", "show", statement).stdout.decode()
    assert "sentence: Of 55 patients 24 (44%) had a response" in " ".join(text.split())
    shown = json.loads(run("library", "show", statement, "--json").stdout)
    assert shown["anchors"][0]["sentence"] == SAYS
    assert list(shown["anchors"][0]) == [
        "finding", "document", "start", "end", "sha256", "title", "sentence",
    ]  # fmt: skip


def test_verify_as_text_counts_and_names(home):
    text = run("library", "verify", "--literature").stdout.decode()
    assert text.startswith("Of ")
    assert "1 are held" in text


@pytest.mark.parametrize("options", [[], ["--literature", "--sources", "."]])
def test_verify_needs_one_place_to_look(home, options):
    failed(run("library", "verify", *options), 2, "give a folder with --sources, or --literature")


# The queue of the editors


@pytest.fixture
def editors(home, monkeypatch):
    monkeypatch.setenv("SECONDLINE_STORE", str(home / "review.sqlite"))
    assert run("review", "user", "add", "Ada Okafor", "--role", "approver").returncode == 0
    enrolled = run("review", "user", "add", "Uma Reed", "--role", "reader", "--as", "Ada Okafor")
    assert enrolled.returncode == 0


def queued():
    return json.loads(run("review", "queue", "--json").stdout)


def test_the_marks_go_into_the_queue_once_in_the_name_of_who_looked(editors):
    found = json.loads(run("watch", "--as", "Ada Okafor", "--json").stdout)
    assert found["handed_over"] == len(found["marks"]) > 0
    made = {(each["statement"], each["reason"], each["about"]) for each in found["marks"]}
    assert {(each["statement"], each["reason"], each["about"]) for each in queued()} == made
    assert {each["who"] for each in queued()} == {"Ada Okafor"}
    again = run("watch", "--all", "--as", "Ada Okafor").stdout.decode()
    assert "0 marks went to the editorial room." in again
    assert len(queued()) == len(made)


def test_marks_of_an_earlier_look_wait_for_somebody_who_may_mark(editors):
    made = json.loads(run("watch", "--json").stdout)["marks"]
    assert queued() == []
    failed(run("watch", "--as", "Uma Reed"), 7, "to mark takes an author")
    later = json.loads(run("watch", "--as", "Ada Okafor", "--json").stdout)
    assert (later["marks"], later["handed_over"]) == ([], len(made))
    assert len(queued()) == len(made)


def test_who_may_not_mark_looks_at_nothing(editors):
    failed(run("watch", "--as", "Nobody Known"), 7, "is not enrolled")
    assert run("watch", "--marks").stdout.decode() == "No marks.\n"
    assert json.loads(run("watch", "--json").stdout)["marks"]
