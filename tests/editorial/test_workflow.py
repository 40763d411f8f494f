"""From a proposal to an edition, as the people who take part see it."""

import json

import pytest

from secondline import desk
from secondline.desk import review
from secondline.library.candidate import candidate
from secondline.library.digest import content_digest, plain

ADA, PIA = "Ada Approver", "Pia Approver"
ANN, BOB, ROB, REA = "Ann Author", "Bob Author", "Rob Reviewer", "Rea Reader"
ONE = "rms-one"


def changed(room, says="Some of the children were alive after five years.", **keys):
    words = room.words(ONE)
    return {**words.content, "says": says, **keys}, words.digest


def propose(room, who=ANN, **keys):
    data, base = changed(room, **keys)
    return room.propose(data, who=who, base=base)


def stage(room):
    return room.words(ONE).stage


# The way of a statement


def test_words_go_from_proposal_over_review_to_an_edition(room, tmp_path):
    proposal = propose(room)
    assert stage(room) == "draft"
    room.submit(ONE, who=ANN)
    assert stage(room) == "submitted"
    room.comment(ONE, "Is it overall survival?", who=ROB)
    assert stage(room) == "under review"
    room.approve(ONE, proposal.digest, who=ADA)
    assert stage(room) == "approved"
    checkpoint = room.publish(tmp_path / "edition", who=ADA)
    edition = desk.open(tmp_path / "edition")
    statement = edition.library.statements[ONE]
    assert statement.says == "Some of the children were alive after five years."
    assert edition.standing(statement) == "approved"
    assert edition.library.edition == checkpoint.edition
    assert (
        review.read_checkpoint((tmp_path / "edition" / "checkpoint.json").read_text()) == checkpoint
    )
    assert list(desk.check(tmp_path / "edition")) == []


def test_a_word_changed_in_the_edition_makes_it_submitted_again(room, tmp_path):
    proposal = propose(room)
    room.submit(ONE, who=ANN)
    room.approve(ONE, proposal.digest, who=ADA)
    room.publish(tmp_path / "edition", who=ADA)
    file = tmp_path / "edition" / "statements" / "rhabdomyosarcoma" / "paper.yaml"
    file.write_text(file.read_text("utf-8").replace("were alive", "are alive"), "utf-8")
    assert desk.open(tmp_path / "edition").library.standing(ONE) == "submitted"


def test_unapproved_words_are_in_no_edition(room, folder, tmp_path):
    propose(room)
    room.submit(ONE, who=ANN)
    room.publish(tmp_path / "edition", who=ADA)
    before, after = desk.open(folder.root).library, desk.open(tmp_path / "edition").library
    assert after.statements == before.statements
    assert after.standing(ONE) == "submitted"


def test_a_return_says_why_and_the_author_proposes_again(room):
    first = propose(room)
    room.submit(ONE, who=ANN)
    room.return_(ONE, "The source says five years after relapse.", who=ROB)
    assert stage(room) == "returned"
    with pytest.raises(review.NotAllowed, match="these words are returned"):
        room.approve(ONE, first.digest, who=ADA)
    second = propose(room, says="Some of the children were alive five years after the relapse.")
    room.submit(ONE, who=ANN)
    room.approve(ONE, second.digest, who=ADA)
    assert stage(room) == "approved"


def test_words_of_the_library_can_be_reviewed_as_they_stand(room, tmp_path):
    entry = room.submit(ONE, who=ANN)
    room.approve(ONE, entry.digest, who=ADA)
    room.publish(tmp_path / "edition", who=ADA)
    assert desk.open(tmp_path / "edition").library.standing(ONE) == "approved"


def test_a_withdrawn_statement_is_shown_to_nobody_and_can_be_recovered(room, open_room, tmp_path):
    room.withdraw(ONE, "The paper was retracted.", who=ADA)
    room.publish(tmp_path / "first", who=ADA)
    first = desk.open(tmp_path / "first")
    assert first.library.statements[ONE].withdrawn == "The paper was retracted."
    assert first.library.standing(ONE) == "withdrawn"
    again = open_room(tmp_path / "first")
    recovered = again.recover(ONE, "The retraction was of another paper.", who=ADA)
    assert stage(again) == "submitted"
    again.publish(tmp_path / "second", who=ADA)
    assert desk.open(tmp_path / "second").library.statements[ONE].withdrawn  # nobody approved it
    again.approve(ONE, recovered.digest, who=ADA)
    again.publish(tmp_path / "third", who=ADA)
    third = desk.open(tmp_path / "third").library
    assert third.statements[ONE].withdrawn is None
    assert third.standing(ONE) == "approved"


def test_a_new_statement_gets_a_place_beside_its_source(room, tmp_path):
    data = {**room.words(ONE).content, "id": "rms-two", "says": "Many children had relapsed twice."}
    with pytest.raises(review.EditorialError, match="say of which disease"):
        room.propose(data, who=ANN)
    entry = room.propose(data, who=ANN, disease="neuroblastoma")
    assert entry.file == "statements/neuroblastoma/paper.yaml"
    room.submit("rms-two", who=ANN)
    room.approve("rms-two", entry.digest, who=ADA)
    room.publish(tmp_path / "edition", who=ADA)
    assert desk.open(tmp_path / "edition").library.disease_of("rms-two") == "neuroblastoma"


def test_editions_are_compared_statement_by_statement(room, folder, tmp_path):
    proposal = propose(room)
    room.submit(ONE, who=ANN)
    room.approve(ONE, proposal.digest, who=ADA)
    room.publish(tmp_path / "edition", who=ADA)
    (change,) = review.edition_changes(folder.root, tmp_path / "edition").statements
    assert (change.id, change.before, change.after) == (ONE, "submitted", "approved")
    assert "-  says: Some children were alive." in change.difference
    assert "+  says: Some of the children were alive after five years." in change.difference


def test_the_history_tells_who_what_why_and_in_which_edition(room, tmp_path):
    proposal = propose(room)
    room.submit(ONE, who=ANN)
    room.comment(ONE, "Please say five years.", who=ROB)
    room.approve(ONE, proposal.digest, who=ADA)
    checkpoint = room.publish(tmp_path / "edition", who=ADA)
    events = room.history(ONE)
    assert [(event.who, event.action) for event in events] == [
        (ANN, "propose"),
        (ANN, "submit"),
        (ROB, "review"),
        (ADA, "approve"),
    ]
    assert "+  says: Some of the children" in events[0].change
    assert events[2].says == "Please say five years."
    assert events[3].edition == checkpoint.edition


# What is not allowed


def test_nobody_approves_their_own_words_nor_words_made_from_them(room):
    mine = propose(room, who=PIA)
    room.submit(ONE, who=PIA)
    with pytest.raises(review.NotAllowed, match="nobody approves their own words"):
        room.approve(ONE, mine.digest, who=PIA)
    edited = propose(room, who=BOB, says="Some of the children lived for five years.")
    room.submit(ONE, who=BOB)
    with pytest.raises(review.NotAllowed, match="nor words made from them"):
        room.approve(ONE, edited.digest, who=PIA)
    room.approve(ONE, edited.digest, who=ADA)


@pytest.mark.parametrize(
    "says",
    [
        "Some of the children were alive after five years.",
        "Some of the children were alive after 5 years.",
    ],
    ids=["the same words", "edited"],
)
def test_nobody_approves_their_own_words_under_another_id(room, says):
    propose(room, who=PIA)
    data = {**room.words(ONE).content, "id": "rms-copy", "says": says}
    copy = room.propose(data, who=BOB, disease="rhabdomyosarcoma")
    room.submit("rms-copy", who=BOB)
    with pytest.raises(review.NotAllowed, match="nobody approves their own words"):
        room.approve("rms-copy", copy.digest, who=PIA)


def test_a_second_spelling_of_a_name_is_no_second_person(room):
    with pytest.raises(review.NotAllowed, match="too like 'Pia Approver'"):
        room.enroll("pia approver", "author", who=ADA)
    with pytest.raises(review.NotAllowed, match="did you mean 'Pia Approver'"):
        room.mark(ONE, "conflict", "x", who="PIA APPROVER")


@pytest.mark.parametrize(
    ("who", "action", "message"),
    [
        (REA, lambda room, who: propose(room, who=who), "is a reader; to propose takes an author"),
        (ANN, lambda room, who: room.return_(ONE, "No.", who=who), "to return takes a reviewer"),
        (ROB, lambda room, who: room.approve(ONE, room.words(ONE).digest, who=who), "takes an approver"),
        (ROB, lambda room, who: room.withdraw(ONE, "No.", who=who), "takes an approver"),
        (ROB, lambda room, who: room.enroll("Eve", "approver", who=who), "takes an approver"),
        ("Eve", lambda room, who: propose(room, who=who), "'Eve' is not enrolled"),
        (ADA, lambda room, who: room.enroll("Eve", "king", who=who), "'king' is not a role"),
        (ADA, lambda room, who: room.enroll("Eve\nApprover", "reader", who=who), "cannot be a name"),
        (ADA, lambda room, who: room.return_(ONE, "  ", who=who), "reason is empty"),
        (ADA, lambda room, who: room.approve(ONE, "", who=who), "name the digest"),
        (ADA, lambda room, who: room.approve(ONE, "abc", who=who), "too short"),
        (ADA, lambda room, who: room.approve(ONE, "0" * 64, who=who), "no words of rms-one"),
        (ADA, lambda room, who: room.recover(ONE, "No.", who=who), "is not withdrawn"),
        (ADA, lambda room, who: room.settle(ONE, "No.", who=who), "no mark that is open"),
        (ADA, lambda room, who: room.submit(ONE, who=who), "these words are submitted"),
    ],
)  # fmt: skip
def test_what_the_rules_refuse_is_refused_with_the_reason_and_changes_nothing(
    room, who, action, message
):
    room.submit(ONE, who=ANN)
    before = room.checkpoint().root
    with pytest.raises(review.NotAllowed, match=message):
        action(room, who)
    assert room.checkpoint().root == before


def test_the_first_person_is_an_approver_and_the_last_one_stays(open_room):
    room = open_room()
    with pytest.raises(review.NotAllowed, match="nobody is enrolled"):
        room.submit(ONE, who=ADA)
    with pytest.raises(review.NotAllowed, match="as an approver"):
        room.enroll(ADA, "author")
    room.enroll(ADA, "approver")
    with pytest.raises(review.NotAllowed, match="the only approver"):
        room.enroll(ADA, "author", who=ADA)
    room.enroll(PIA, "approver", who=ADA)
    room.enroll(PIA, "reader", who=ADA)
    assert [(person.name, person.role) for person in room.people()] == [
        (ADA, "approver"),
        (PIA, "reader"),
    ]


# What is proposed is checked like the library


@pytest.mark.parametrize(
    ("key", "value", "field", "message"),
    [
        ("says", "It was 37% in all.", "says", "'37%' is an outcome figure"),
        ("topic", "outcom", "topic", "did you mean outcome"),
        ("citation", {"source": "papers"}, "citation, source", "'papers' does not exist"),
        ("setting", "sometimes", "setting", "is none of"),
        ("applies_when", "age_year > 3", "applies_when", "age_year is not a fact"),
        ("applies_when", "age_years >", "applies_when", ""),
        ("applies_when", "rule 'nothing'", "applies_when", "rule 'nothing' does not exist"),
        ("plain", "A line\nand another", "plain", "one paragraph"),
        ("plain", "\ud800", "plain", "cannot stand in a statement"),
        ("color", "red", "color", "it is not a key of this record"),
        ("findings", [{"endpoint": "survivl"}], "finding 1, endpoint", "does not exist"),
        ("findings", [{"endpoint": "overall survival", "estimate": "73%", "events": 1, "n": 4}], "finding 1, estimate", "25"),
        ("supersedes", [ONE], "id", "names itself"),
    ],
)  # fmt: skip
def test_a_statement_is_looked_at_field_by_field(sqlite_room, key, value, field, message):
    data, base = changed(sqlite_room, **{key: value})
    found = sqlite_room.examine(data)
    assert [(c.field, message in c.message) for c in found] == [(field, True)], found
    with pytest.raises(review.ProposalError, match="rms-one has 1 problem"):
        sqlite_room.propose(data, who=ANN, base=base)


def test_everything_that_is_bundled_could_be_proposed_again(library):
    for statement in list(library.statements.values())[::25]:
        read, complaints = candidate(plain(statement), library)
        assert complaints == ()
        assert content_digest(read) == content_digest(statement)


def test_an_id_that_something_else_has_is_refused(sqlite_room):
    data = {**sqlite_room.words(ONE).content, "id": "paper"}
    assert [c.field for c in sqlite_room.examine(data)] == ["id"]


def test_a_draft_that_no_edition_holds_is_not_withdrawn(sqlite_room):
    data = {**sqlite_room.words(ONE).content, "id": "rms-two", "says": "Many had relapsed twice."}
    sqlite_room.propose(data, who=ANN, disease="rhabdomyosarcoma")
    with pytest.raises(review.EditorialError, match="is in no edition"):
        sqlite_room.withdraw("rms-two", "It is wrong.", who=ADA)
    assert [event.action for event in sqlite_room.history("rms-two")] == ["propose"]


# The queue


def test_the_queue_says_why_and_marks_once(room, folder, open_room):
    assert room.queue() == ()
    room.submit(ONE, who=ANN)
    assert room.mark(ONE, "surveillance match", "pmid:1", who=ANN)
    assert room.mark(ONE, "surveillance match", "pmid:1", who=BOB) is None
    assert [(w.reason, w.who) for w in room.queue()] == [
        ("submitted", ANN),
        ("surveillance match", ANN),
    ]
    room.settle(ONE, "It is about adults.", who=ROB)
    assert room.mark(ONE, "surveillance match", "pmid:1", who=BOB) is None
    assert [w.reason for w in room.queue()] == ["submitted"]


def test_a_look_at_the_library_finds_retracted_and_changed_sources(room, folder, open_room):
    entry = room.submit(ONE, who=ANN)
    room.approve(ONE, entry.digest, who=ADA)
    assert room.scan(who=ANN) == ()
    folder.replace("sources/s.yaml", "year: 2020", "year: 2021")
    folder.replace("sources/s.yaml", "read: abstract", "read: abstract\n  retracted: a notice")
    later = open_room()
    assert {mark.reason for mark in later.scan(who=ANN)} == {"retraction", "changed source"}
    assert later.scan(who=ANN) == ()
    assert {w.reason for w in later.queue()} == {"retraction", "changed source"}
    later.withdraw(ONE, "Its source was retracted.", who=ADA)
    assert later.queue() == ()


def test_a_statement_that_is_contradicted_comes_into_the_queue(room):
    data = {
        **room.words(ONE).content,
        "id": "rms-two",
        "says": "Few were.",
        "conflicts_with": [ONE],
    }
    entry = room.propose(data, who=ANN, disease="rhabdomyosarcoma")
    room.submit("rms-two", who=ANN)
    room.approve("rms-two", entry.digest, who=ADA)
    assert [(w.statement, w.reason, w.about) for w in room.queue()] == [
        (ONE, "conflict", "rms-two")
    ]


# Publishing refuses


def test_the_gate_stands_before_an_edition(room, tmp_path):
    data = {
        **room.words(ONE).content,
        "id": "rms-two",
        "says": "Few were.",
        "conflicts_with": [ONE],
    }
    entry = room.propose(data, who=ANN, disease="rhabdomyosarcoma")
    room.submit("rms-two", who=ANN)
    room.approve("rms-two", entry.digest, who=ADA)
    with pytest.raises(desk.LibraryError, match="name it on both sides"):
        room.publish(tmp_path / "edition", who=ADA)
    assert list(tmp_path.glob("*edition*")) == []
    assert room.history("rms-two")[-1].edition == ""


def test_an_edition_never_overwrites_a_folder(room, tmp_path, folder):
    (tmp_path / "edition").mkdir()
    with pytest.raises(review.EditorialError, match="exists; an edition goes into a new folder"):
        room.publish(tmp_path / "edition", who=ADA)
    with pytest.raises(review.EditorialError, match="lies within the knowledge"):
        room.publish(folder.root / "edition", who=ADA)
    (tmp_path / "file").write_text("no folder", "utf-8")
    with pytest.raises(review.EditorialError, match="cannot be written"):
        room.publish(tmp_path / "file" / "edition", who=ADA)


def test_words_changed_outside_of_the_log_are_not_overwritten(room, folder, open_room, tmp_path):
    proposal = propose(room)
    room.submit(ONE, who=ANN)
    room.approve(ONE, proposal.digest, who=ADA)
    folder.replace("statements/rhabdomyosarcoma/paper.yaml", "Some children", "Many children")
    later = open_room()
    with pytest.raises(review.EditorialError, match="words of rms-one that the log does not know"):
        later.publish(tmp_path / "edition", who=ADA)
    assert later.words(ONE).content["says"] == "Many children were alive."
    later.propose(
        {**later.words(ONE).content, "plain": "Many lived."}, who=ANN, base=later.words(ONE).digest
    )


# Exported and imported


def test_a_log_is_exported_and_imported_without_loss(room, open_room, tmp_path, postgres, folder):
    proposal = propose(room, says="Überlebende: “some” — 10 µg\u00a0and é́.")
    room.submit(ONE, who=ANN)
    room.approve(ONE, proposal.digest, who=ADA, comment="Read in full.")
    room.publish(tmp_path / "edition", who=ADA)
    text, checkpoint = room.export_log()
    for where in (str(tmp_path / "other.db"), postgres.database()):
        other = desk.open(folder.root).editorial(where)
        assert other.import_log(text, checkpoint) == checkpoint.size
        assert other.export_log()[0] == text
        assert other.history(ONE) == room.history(ONE)
        assert other.people() == room.people()
        assert other.import_log(text, checkpoint) == 0
        other.log.store.close()


def test_an_import_continues_an_earlier_state_and_nothing_else(room, open_room, tmp_path, folder):
    earlier, _ = room.export_log()
    other = desk.open(folder.root).editorial(tmp_path / "other.db")
    other.import_log(earlier)
    propose(room)
    text, checkpoint = room.export_log()
    assert other.import_log(text, checkpoint) == 1
    propose(room, says="Something else was said of them.")
    propose(other, who=BOB, says="Again another thing was said.")
    with pytest.raises(review.LogDamagedError, match="is another than that of the store"):
        other.import_log(room.export_log()[0])
    assert len(other.history(ONE)) == 2
    other.log.store.close()


def test_a_forged_approval_is_not_imported(room, tmp_path, folder):
    mine = propose(room, who=PIA)
    room.submit(ONE, who=PIA)
    text, _ = room.export_log()
    forged = {
        "action": "approve",
        "at": "2026-01-01T00:00:00Z",
        "digest": mine.digest,
        "sources": {},
        "statement": ONE,
        "who": PIA,
    }
    line = json.dumps(forged, sort_keys=True, separators=(",", ":"))
    other = desk.open(folder.root).editorial(tmp_path / "other.db")
    with pytest.raises(review.EditorialError, match="nobody approves their own words"):
        other.import_log(f"{text}{line}\n")
    assert other.people() == ()
    other.log.store.close()
