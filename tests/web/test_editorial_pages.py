"""The editorial desk without JavaScript: what each person is offered, and what is refused."""

import html
import re

import pytest
from people_of_the_desk import ADA, ANN, BOB, ONE, PIA, REA, ROB, SAYS, digest_of, typed
from visitor import value_of, words

from secondline.desk import review

PAGE = f"/editorial/statement/{ONE}"
CHANGE = f"{PAGE}/change"


def act(visitor, action, **fields):
    """Press a button on the page of the statement, as it is now."""
    page = visitor.get(PAGE).text
    known = {"seen": value_of(page, "seen"), "digest": value_of(page, "digest")}
    return visitor.post(f"{PAGE}/{action}", PAGE, **{**known, **fields})


def propose(visitor, says=SAYS, wish="submit", **fields):
    """Change the words of the statement in the form, and press a button."""
    return visitor.post(
        "/editorial/propose", CHANGE, **typed(visitor, CHANGE, says), do=wish, **fields
    )


def offered(page):
    """Return what the page of a statement offers to do."""
    return set(re.findall(rf'action="{PAGE}/(\w+)"', page.text))


# The way of a statement


def test_words_go_from_proposal_over_review_to_an_edition(desks, editions):
    ann, rob, pia = (desks(name) for name in (ANN, ROB, PIA))
    page = propose(ann, comment="Clearer.")
    assert page.status_code == 200 and "Kept as entry" in words(page)
    assert SAYS in words(page) and "Clearer." in words(page)
    waiting = words(rob.get("/editorial"))
    assert "1 waiting" in waiting and "submitted" in waiting and ANN in waiting
    assert 'aria-current="step">Under Review' in act(rob, "comment", comment="Read.").text
    told = words(act(pia, "approve", comment="Agreed."))
    assert f"{PIA}, approve" in told and "Agreed." in told
    assert 'aria-current="step">Approved' in pia.get(PAGE).text
    published = pia.post("/editorial/editions", "/editorial/editions", name="first")
    assert "Published: first" in words(published)
    assert (editions / "first" / "reviews.jsonl").exists()
    compared = words(pia.get("/editorial/editions?before=served&after=first"))
    assert "1 statement differs" in compared and "submitted → approved" in compared
    kept = pia.get("/editorial/editions/first/checkpoint.json")
    assert review.read_checkpoint(kept.text).size == 10
    assert "attachment" in kept.headers["content-disposition"]


def test_a_returned_statement_waits_for_its_author_with_the_reason(desks):
    propose(desks(ANN))
    rob = desks(ROB)
    assert "Returned to the author" in words(act(rob, "return", reason="Say alive after what."))
    listed = words(rob.get("/editorial?reason=returned"))
    assert "1 waiting" in listed
    assert "0 of 1 waiting" in words(rob.get("/editorial?reason=submitted"))
    assert "Say alive after what." in words(desks(ANN).get(PAGE))


def test_a_statement_is_withdrawn_and_recovered(desks):
    ada = desks(ADA)
    page = act(ada, "withdraw", reason="The table was corrected.")
    assert "Withdrawn: The table was corrected." in words(page)
    assert "recover" in offered(page) and "withdraw" not in offered(page)
    assert 'aria-current="step">Submitted' in act(ada, "recover", reason="Another was.").text


def test_a_mark_is_settled_with_a_reason(desks):
    ann, rob = desks(ANN), desks(ROB)
    page = act(ann, "mark", mark="surveillance match", about="a new paper")
    assert "Surveillance match: a new paper" in words(page)
    assert "settle" not in offered(page) and "settle" in offered(rob.get(PAGE))
    assert "a new paper" in words(rob.get("/editorial?reason=surveillance+match"))
    page = act(rob, "settle", reason="It is about adults.")
    assert "Surveillance match: a new paper" not in words(page).partition("History")[0]
    assert act(ann, "mark", mark="surveillance match", about="a new paper").status_code == 409


def test_changed_sources_are_looked_for(desks):
    page = desks(ANN).post("/editorial/scan", "/editorial")
    assert "Nothing new to mark." in words(page)
    assert desks(REA).post("/editorial/scan", CHANGE).status_code == 403


def test_versions_are_compared_line_by_line(desks):
    ann = desks(ANN)
    first = propose(ann, "Several children lived.", "propose")
    second = propose(ann, "Many children lived.", "propose")
    digests = [value_of(each.text, "digest") for each in (first, second)]
    page = ann.get(f"{PAGE}?words={digests[1]}&since={digests[0]}")
    assert re.search(r'<del class="line">.*<mark>Several</mark>', page.text)
    assert re.search(r'<ins class="line">.*<mark>Many</mark>', page.text)
    earlier = ann.get(f"{PAGE}?words={digests[0]}")
    assert "These are not the latest words" in words(earlier)


def test_the_words_can_be_downloaded_as_the_command_line_writes_them(desks):
    given = desks(None).get(f"{PAGE}/words")
    assert given.text.startswith("# base: ") and "id: rms-one" in given.text
    assert "attachment" in given.headers["content-disposition"]


# Roles


@pytest.mark.parametrize(
    ("name", "may"),
    [
        (None, set()),
        (REA, set()),
        (ANN, {"comment", "mark"}),
        (ROB, {"comment", "mark", "return"}),
        (PIA, {"comment", "mark", "return", "approve", "withdraw"}),
    ],
)
def test_what_a_person_may_not_do_is_not_offered(desks, name, may):
    propose(desks(ANN))
    page = desks(name).get(PAGE)
    assert offered(page) == may
    assert (f'href="{CHANGE}"' in page.text) == (name not in {None, REA})
    if name is None:
        assert "serve --as NAME" in words(page)


@pytest.mark.parametrize("action", ["comment", "return", "approve", "withdraw", "mark", "settle"])
@pytest.mark.parametrize("name", [None, REA, "Eve"])
def test_what_is_forged_is_refused(desks, room, name, action):
    propose(desks(ANN))
    before = room.checkpoint().root
    seen = desks(ADA).get(PAGE).text
    page = desks(name).post(
        f"{PAGE}/{action}", CHANGE, seen=value_of(seen, "seen"), digest=value_of(seen, "digest"),
        comment="c", reason="r", about="a", mark="conflict", role="approver", who=PIA,
    )  # fmt: skip
    assert page.status_code == 403
    assert room.checkpoint().root == before


def test_an_author_does_not_approve_by_a_forged_form(desks, room):
    propose(desks(ANN))
    page = act(desks(ANN), "approve", role="approver", who=PIA)
    assert page.status_code == 403 and "enrolled as author" in words(page)
    assert room.words(ONE).stage == "submitted"


def test_nobody_approves_their_own_words(desks, room):
    propose(desks(PIA))
    page = desks(PIA).get(PAGE)
    assert "approve" not in offered(page)
    assert "nobody approves their own words" in words(page)
    assert act(desks(PIA), "approve").status_code == 409
    assert room.words(ONE).stage == "submitted"


def test_reading_and_checking_needs_no_name(desks):
    visitor = desks(None)
    for address in ("/editorial", PAGE, CHANGE, "/editorial/new", "/editorial/log",
                    "/editorial/editions"):  # fmt: skip
        page = visitor.get(address)
        assert page.status_code == 200 and page.text.count("<h1") == 1
        assert "serve --as NAME" in words(page)
    assert 'value="propose"' not in visitor.get(CHANGE).text
    page = propose(visitor)
    assert page.status_code == 403 and SAYS in html.unescape(page.text)


# The form


def test_a_problem_stands_at_its_field_and_nothing_typed_is_lost(desks):
    fields = typed(desks(ANN), CHANGE, "About 40% of them lived.")
    fields |= {"f__findings__1__n": "many", "comment": "Why <b>not</b>?"}
    page = desks(ANN).post("/editorial/propose", CHANGE, **fields, do="propose")
    assert page.status_code == 422
    assert "'many' is not a count" in problem_at(page, "findings-1-n")
    assert 'value="many"' in page.text and "Why &lt;b&gt;not&lt;/b&gt;?" in page.text
    assert "About 40% of them lived." in page.text


def problem_at(page, field):
    return html.unescape(re.search(rf'id="p-{field}"[^>]*>(.*?)</p>', page.text)[1])


def test_what_is_typed_is_looked_at_field_by_field_as_the_room_does(desks):
    page = desks(None).post(
        "/editorial/check", "/editorial/new",
        **{"f.id": "Bad Id", "f.topic": "nonsense", "f.says": "x", "count.findings": "0"},
    )  # fmt: skip
    assert page.status_code == 200 and "<html" not in page.text
    assert 'hx-swap-oob="true"' in page.text
    assert "it is missing" in problem_at(page, "population")
    assert "it is missing" in problem_at(page, "citation-source")


def test_check_says_when_all_is_in_order(desks):
    page = propose(desks(None), wish="check")
    assert page.status_code == 200
    assert "In order: types, references, criterion and figures." in words(page)


def test_a_finding_is_added_and_taken_away_without_losing_the_others(desks):
    ann = desks(ANN)
    more = propose(ann, wish="add findings")
    assert "Finding 2" in words(more) and SAYS in html.unescape(more.text)
    fields = typed(ann, CHANGE, SAYS) | {"count__findings": "2", "f__findings__2__group": "late"}
    less = ann.post("/editorial/propose", CHANGE, **fields, do="remove findings 1")
    assert 'name="f.findings.1.group" aria-describedby' in less.text
    assert value_in(less, "f.findings.1.group") == "late"
    assert "Finding 2" not in words(less)


@pytest.mark.parametrize("wish", ["add findings", "remove findings 2", "as-text"])
def test_a_form_that_changes_shape_still_says_what_is_wrong(desks, wish):
    fields = typed(desks(ANN), CHANGE, SAYS)
    fields |= {"f__findings__1__n": "many", "count__findings": "2"}
    page = desks(ANN).post("/editorial/propose", CHANGE, **fields, do=wish)
    assert page.status_code == 200, "nothing is refused"
    assert "many" in words(page) and "to repair" in words(page)


def value_in(page, name):
    return html.unescape(re.search(rf'name="{re.escape(name)}"[^>]* value="([^"]*)"', page.text)[1])


def test_the_form_becomes_yaml_and_comes_back(desks, room):
    ann = desks(ANN)
    page = propose(ann, wish="as-text")
    text = html.unescape(
        re.search(r"<textarea id=\"yaml\"[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[1]
    )
    assert SAYS in text and "findings:" in text
    base = value_of(page.text, "base")
    fields = {"as_text": "yes", "yaml": text, "statement": ONE, "base": base}
    form = ann.post("/editorial/propose", CHANGE, **fields, do="as-form")
    assert value_in(form, "f.findings.1.estimate") == "37%"
    done = ann.post("/editorial/propose", CHANGE, **fields, do="propose")
    assert "Kept as entry" in words(done)
    assert room.words(ONE).content["says"] == SAYS


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("says: [", "not YAML"),
        ("- id: a\n- id: b\n", "exactly one statement"),
        ("id: a\nnonsense: b\n", "the form has no field nonsense"),
        ("", "exactly one statement"),
    ],
)
def test_yaml_that_cannot_be_a_form_stays_as_it_was_typed(desks, text, says):
    fields = {"as_text": "yes", "yaml": text}
    page = desks(ANN).post("/editorial/propose", "/editorial/new", **fields, do="as-form")
    assert page.status_code == 422 and says in words(page)
    assert text.strip() in html.unescape(page.text)
    page = desks(ANN).post("/editorial/propose", "/editorial/new", **fields, do="propose")
    assert page.status_code == 422 and text.strip() in html.unescape(page.text)


def test_a_new_statement_is_proposed(desks, room):
    ann = desks(ANN)
    fields = typed(ann, CHANGE, SAYS) | {"f__id": "rms-new", "statement": "", "base": ""}
    page = ann.post("/editorial/propose", "/editorial/new", **fields, do="propose")
    assert page.status_code == 422 and "say of which disease it is" in words(page)
    fields["disease"] = "rhabdomyosarcoma"
    page = ann.post("/editorial/propose", "/editorial/new", **fields, do="propose")
    assert page.status_code == 200 and "rms-new" in words(page)
    assert room.words("rms-new").content["says"] == SAYS
    assert "rms-new" in words(desks(None).get("/editorial/log"))


# Two people at one statement


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(desks, room):
    bob = desks(BOB)
    mine = typed(bob, CHANGE, "Some of the children lived.")
    propose(desks(ANN), "Several children were alive.", "propose")
    page = bob.post("/editorial/propose", CHANGE, **mine, do="propose")
    assert page.status_code == 409
    told = words(page)
    assert "Ann Author changed rms-one since you took it" in told
    assert "<mark>Several</mark>" in page.text and "Their whole text" in told
    assert value_in_area(page, "f-says") == "Some of the children lived."
    joined = mine | {"base": value_of(page.text, "base"), "f__says": "Several children lived."}
    done = bob.post("/editorial/propose", CHANGE, **joined, do="propose")
    assert "Kept as entry" in words(done)
    assert [event.who for event in room.history(ONE)] == [ANN, BOB]


def value_in_area(page, id_):
    found = re.search(rf'<textarea id="{id_}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    return html.unescape(found[1])


def test_an_approval_of_a_page_that_is_out_of_date_is_refused_with_both_texts(desks, room):
    propose(desks(ANN))
    pia = desks(PIA)
    page = pia.get(PAGE).text
    read = {"seen": value_of(page, "seen"), "digest": value_of(page, "digest")}
    propose(desks(BOB), "Many children were alive.", "submit")
    stale = pia.post(f"{PAGE}/approve", PAGE, **read, comment="Well put.")
    assert stale.status_code == 409
    told = words(stale)
    assert "Somebody was here meanwhile" in told and f"by {BOB}" in told
    assert SAYS in told and "Many children were alive." in told
    assert "<mark>" in stale.text and "Well put." in told
    assert "Do it all the same" not in told
    assert {each.stage for each in room.docket(ONE).versions} == {"submitted"}


def test_a_comment_made_meanwhile_is_shown_before_an_approval(desks, room):
    propose(desks(ANN))
    pia = desks(PIA)
    page = pia.get(PAGE).text
    read = {"seen": value_of(page, "seen"), "digest": value_of(page, "digest")}
    act(desks(ROB), "comment", comment="The table says otherwise.")
    stale = pia.post(f"{PAGE}/approve", PAGE, **read, comment="Good.")
    assert stale.status_code == 409 and "The table says otherwise." in words(stale)
    again = pia.post(f"{PAGE}/approve", PAGE, **{**read, "seen": value_of(stale.text, "seen")})
    assert again.status_code == 200
    assert room.words(ONE).stage == "approved"


def test_an_approval_names_exact_words(desks, room):
    propose(desks(ANN))
    pia = desks(PIA)
    assert act(pia, "approve", digest="").status_code == 422
    assert act(pia, "approve", digest="f" * 64).status_code == 409
    assert act(pia, "approve", digest="<script>").status_code == 409
    assert digest_of(room, SAYS) == room.words(ONE).digest and room.words(ONE).stage == "submitted"


# The log


def test_the_log_proves_itself_against_a_checkpoint_that_was_kept(desks, room):
    propose(desks(ANN))
    visitor = desks(None)
    kept = visitor.get("/editorial/log/checkpoint.json").text
    act(desks(ROB), "comment", comment="Read.")
    page = visitor.post("/editorial/log", "/editorial/log", checkpoint=kept, entry="3")
    told = words(page)
    assert "The log begins with that of the checkpoint, unchanged" in told
    assert "Entry 3, leaf" in told and "Proof that it is in" in told
    foreign = kept.replace(review.read_checkpoint(kept).root, "0" * 64)
    page = visitor.post("/editorial/log", "/editorial/log", checkpoint=foreign)
    assert "The log has been touched" in words(page)
    text = visitor.get("/editorial/log/reviews.jsonl").text
    assert review.verify_log(text, room.checkpoint()).holds


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"checkpoint": "{"}, "the checkpoint is not JSON"),
        ({"checkpoint": "[" * 100_000}, "the checkpoint is not JSON"),
        ({"checkpoint": '{"size": 1}'}, "does not hold exactly"),
        ({"entry": "x"}, "is a whole number"),
        ({"entry": "99"}, "there is no entry 99"),
        ({"entry": "٣"}, "is a whole number"),
    ],
)
def test_a_checkpoint_or_an_entry_that_is_none_is_told(desks, fields, says):
    page = desks(None).post("/editorial/log", "/editorial/log", **fields)
    assert page.status_code == 422 and says in words(page)


def test_import_is_for_the_command_line_and_the_page_says_so(desks):
    assert "secondline review import FILE" in words(desks(ADA).get("/editorial/log"))


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/b", "", ".hidden", "A", "served", "x" * 99, "a\nb", "ä", "con "]
)
def test_an_edition_is_published_nowhere_but_below_its_folder(desks, editions, name):
    before = sorted(editions.parent.rglob("*"))
    page = desks(ADA).post("/editorial/editions", "/editorial/editions", name=name)
    if name == "con ":  # blanks around a name are not part of it
        assert page.status_code == 200
        return
    assert page.status_code == 422
    assert sorted(editions.parent.rglob("*")) == before


def test_an_edition_is_not_written_over_another_and_tells_no_folder(desks, editions):
    ada = desks(ADA)
    assert ada.post("/editorial/editions", "/editorial/editions", name="one").status_code == 200
    page = ada.post("/editorial/editions", "/editorial/editions", name="one")
    assert page.status_code == 409 and "one exists" in words(page)
    assert str(editions) not in page.text


def test_only_approvers_publish(desks, editions):
    page = desks(ROB).post("/editorial/editions", CHANGE, name="one")
    assert page.status_code == 403
    assert not editions.exists() or not list(editions.iterdir())
    assert 'name="name"' not in desks(ROB).get("/editorial/editions").text


def test_a_server_without_a_folder_publishes_nothing(desks):
    visitor = desks(ADA, folder=None)
    assert "This server publishes nothing" in words(visitor.get("/editorial/editions"))
    page = visitor.post("/editorial/editions", "/editorial", name="one")
    assert page.status_code == 409 and "--editions FOLDER" in words(page)


@pytest.mark.parametrize("address", [
    "/editorial/editions/none/checkpoint.json", "/editorial/editions/served/passwd",
    "/editorial/editions/..%2f..%2fetc/passwd", "/editorial/log/passwd",
    "/editorial/editions?before=..&after=/etc", "/editorial/statement/none",
    "/editorial/statement/none/change", "/editorial/statement/%3Cscript%3E",
    "/editorial/find?statement=none",
])  # fmt: skip
def test_what_does_not_exist_is_not_found(desks, address):
    page = desks(ADA).get(address)
    assert page.status_code == 404 and "<script>" not in page.text


def test_a_mark_that_turns_the_direction_of_writing_is_shown_by_its_code(desks):
    propose(desks(ANN), says=f"{SAYS} \u202eevil")
    act(desks(ROB), "comment", comment="' \u202eOR 1=1 --")
    page = desks(None).get(PAGE)
    assert "\u202e" not in page.text.partition("<textarea")[0]
    assert page.text.count("[U+202E]") >= 2
