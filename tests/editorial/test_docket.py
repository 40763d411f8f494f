"""What an editor sees of one statement, and what each person may do with its words."""

import pytest

from secondline.desk import review

ADA, PIA = "Ada Approver", "Pia Approver"
ANN, BOB, ROB, REA = "Ann Author", "Bob Author", "Rob Reviewer", "Rea Reader"
ONE = "rms-one"
ALWAYS = {"propose", "mark"}


def allowed(room, who, **keys):
    refusals = room.docket(ONE, who=who, **keys).refusals
    actions = {"propose", "submit", "comment", "return", "approve", "withdraw", "recover"}
    return {action for action in actions | {"mark", "settle"} if action not in refusals}


def propose(room, says="Several children were alive.", who=ANN):
    words = room.words(ONE)
    return room.propose({**words.content, "says": says}, who=who, base=words.digest).digest


def test_words_that_the_log_does_not_know_can_be_changed_or_submitted_as_they_stand(room):
    found = room.docket(ONE)
    assert (found.versions, found.marks, found.latest) == ((), (), 0)
    assert found.shown == found.now == found.in_force
    assert allowed(room, ANN) == {*ALWAYS, "submit"}
    assert allowed(room, ADA) == {*ALWAYS, "submit", "withdraw"}


@pytest.mark.parametrize("who", [None, REA, "Nobody"])
def test_who_only_reads_may_do_nothing(room, who):
    propose(room)
    assert allowed(room, who) == set()


def test_each_role_may_do_what_the_stage_of_the_words_allows(room):
    propose(room)
    assert allowed(room, BOB) == {*ALWAYS, "comment", "submit"}
    assert allowed(room, ROB) == {*ALWAYS, "comment", "submit"}
    room.submit(ONE, who=ANN)
    assert allowed(room, ANN) == {*ALWAYS, "comment"}
    assert allowed(room, ROB) == {*ALWAYS, "comment", "return"}
    assert allowed(room, PIA) == {*ALWAYS, "comment", "return", "approve", "withdraw"}


def test_nobody_is_offered_the_approval_of_their_own_words(room):
    propose(room, who=PIA)
    room.submit(ONE, who=PIA)
    assert "approve" not in allowed(room, PIA)
    assert "nobody approves their own words" in room.docket(ONE, who=PIA).refusals["approve"]
    assert "approve" in allowed(room, ADA)


def test_a_copy_of_ones_own_words_is_not_offered_for_approval(room):
    mine = {**room.words(ONE).content, "id": "rms-two"}
    room.propose(mine, who=PIA, disease="rhabdomyosarcoma")
    propose(room, says="Some children were alive..")
    room.submit(ONE, who=ANN)
    assert "reads almost as rms-two" in room.docket(ONE, who=PIA).refusals["approve"]


def test_what_is_offered_is_what_the_room_takes(room):
    """The docket asks the rules: an action it allows is not refused a moment later."""
    digest = propose(room)
    room.submit(ONE, who=ANN)
    room.mark(ONE, "surveillance match", "a paper", who=ANN)
    takes = {
        "comment": lambda: room.comment(ONE, "Read.", who=PIA),
        "settle": lambda: room.settle(ONE, "About adults.", who=PIA),
        "approve": lambda: room.approve(ONE, digest, who=PIA),
        "withdraw": lambda: room.withdraw(ONE, "Corrected.", who=PIA),
        "recover": lambda: room.recover(ONE, "Another table.", who=PIA),
        "return": lambda: room.return_(ONE, "Say when.", who=PIA),
    }
    for action, take in takes.items():
        assert action in allowed(room, PIA), action
        take()


def test_the_words_that_wait_are_shown_before_a_later_draft(room):
    first = propose(room)
    room.submit(ONE, who=ANN)
    draft = propose(room, "Many children were alive.", who=BOB)
    found = room.docket(ONE)
    assert (found.shown.digest, found.now.digest) == (first, draft)
    assert [each.digest for each in found.versions] == [first, draft]
    assert room.docket(ONE, digest=draft[:8]).shown.digest == draft
    with pytest.raises(review.EditorialError, match="no words of rms-one"):
        room.docket(ONE, digest="0" * 64)


def test_marks_are_shown_until_they_are_settled(room):
    room.mark(ONE, "surveillance match", "a paper", who=ANN)
    assert room.docket(ONE).marks == (("surveillance match", "a paper"),)
    room.settle(ONE, "About adults.", who=ROB)
    assert room.docket(ONE).marks == ()


def test_withdrawn_words_can_only_be_recovered(room):
    room.withdraw(ONE, "The table was corrected.", who=ADA)
    found = room.docket(ONE)
    assert found.now.stage == "withdrawn" and found.now.content["withdrawn"]
    assert allowed(room, PIA) == {*ALWAYS, "comment", "recover"}


def test_a_role_is_enough_for_what_those_before_it_do():
    assert review.may("approver", "approve") and review.may("approver", "comment")
    assert not review.may("reviewer", "approve") and not review.may("reader", "comment")
