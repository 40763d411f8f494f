"""Signing in, as people do it: at a real provider on another port, by links and forms."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from openid_provider import CLIENT_ID
from visitor import value_of, words

NOBODY = "Nobody is enrolled in the review under this name"


def test_every_page_leads_to_the_sign_in_and_back(person):
    ann = person("ann")
    first = ann.get("/evidence?disease=neuroblastoma")
    assert first.url.path == "/sign-in"
    assert "No password is given here" in words(first)
    assert value_of(first.text, "return_to") == "/evidence?disease=neuroblastoma"
    back = ann.sign_in(first)
    assert back.url.path == "/evidence" and back.url.params["disease"] == "neuroblastoma"
    assert "ann@hospital.example" in words(back)


def test_what_is_asked_of_the_provider_is_no_more_than_who_it_is(person, provider):
    leads_to = person("ann").to_provider()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leads_to).query).items()}
    assert leads_to.startswith(f"{provider.issuer}/authorize?")
    assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID
    assert asked["scope"] == "openid email"
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43


def test_no_token_reaches_the_browser(person):
    ann = person("ann")
    page = ann.sign_in()
    for seen in (page.text, *ann.client.cookies.values()):
        assert "eyJ" not in seen, "a signed token begins so"


def test_a_form_without_sign_in_is_refused_and_nothing_is_read(person):
    page = person("ann").client.post("/", data={"question": "relapse of rhabdomyosarcoma"})
    assert page.status_code == 403
    assert "Sign in first" in words(page) and "rhabdomyosarcoma" not in words(page)


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in(person):
    page = person("ann").client.get("/about", headers={"hx-request": "true"})
    assert page.status_code == 403


def test_the_style_sheet_is_there_before_sign_in(person):
    assert person("ann").get("/static/style.css").status_code == 200


def test_after_sign_in_every_form_works(person):
    ann = person("ann")
    page = ann.sign_in()
    answer = ann.client.post(
        "/", data={"token": value_of(page.text, "token"), "question": "relapse of neuroblastoma"}
    )
    assert answer.status_code == 200 and "neuroblastoma" in words(answer)


# Who it is, and what they may do


def test_somebody_who_is_not_enrolled_reads_and_is_told_whom_to_ask(person, review_room):
    review_room.enroll("Ada Approver", "approver")
    ann = person("ann")
    ann.sign_in()
    page = words(ann.get("/person"))
    assert NOBODY in page and "Ada Approver" in page and "ann@hospital.example" in page
    assert ann.who() is None


def test_where_nobody_is_enrolled_those_who_run_the_service_are_named(person):
    ann = person("ann")
    ann.sign_in()
    assert "So far nobody takes part" in words(ann.get("/person"))


def test_the_role_comes_from_the_review_log_and_never_from_a_claim(person, review_room, provider):
    review_room.enroll("Ada Approver", "approver")
    review_room.enroll("ann@hospital.example", "author", who="Ada Approver")
    ann = person("ann", role="approver", roles=["approver"], groups=["approver"])
    ann.sign_in()
    assert ann.who() == "ann@hospital.example"
    page = words(ann.get("/person"))
    assert "enrolled in the review as author" in page


def test_a_name_that_differs_in_case_is_somebody_else(person, review_room):
    """Two accounts of one provider may differ in case alone."""
    review_room.enroll("Ann@hospital.example", "approver")
    ann = person("ann")
    ann.sign_in()
    assert ann.who() is None


def test_an_email_counts_only_when_it_is_verified(person):
    for verified in (False, None, "true", 1):
        ann = person("ann", email_verified=verified)
        page = ann.sign_in()
        assert page.status_code == 403 and "does not count" in words(page)
        assert ann.get("/person").url.path == "/sign-in"


def test_claims_that_come_only_when_asked_are_asked_for(person, provider):
    provider.tells_at_once = False
    ann = person("ann")
    assert "ann@hospital.example" in words(ann.sign_in())
    assert provider.asked["/userinfo"] == 1


def test_user_information_of_somebody_else_is_refused(person, provider):
    provider.tells_at_once = False
    with provider.up_to(userinfo={"sub": "subject-eve"}):
        page = person("ann").sign_in()
    assert page.status_code == 403


def test_another_claim_can_name_people(person_of_pages):
    make = person_of_pages(claim="employee", scopes=("staff",))
    assert "E 1204" in words(make("ann", employee="E 1204").sign_in())
    for missing in ({}, {"employee": 1204}, {"employee": " "}, {"employee": "a\nb"}, {"employee": "x" * 101}):  # fmt: skip
        assert make("bob", **missing).sign_in().status_code == 403


def test_two_people_are_two_people(person):
    ann, bob = person("ann"), person("bob")
    assert "ann@hospital.example" in words(ann.sign_in())
    assert "bob@hospital.example" in words(bob.sign_in())
    assert "ann@hospital.example" in words(ann.get("/about"))
    assert "bob@hospital.example" not in words(ann.get("/about"))


# How long


def test_a_session_ends_when_nobody_asks_for_a_page(person, clock):
    ann = person("ann")
    ann.sign_in()
    for _ in range(3):
        clock.later(29 * 60)
        assert ann.get("/about").url.path == "/about"
    clock.later(30 * 60)
    assert ann.get("/about").url.path == "/sign-in"


def test_a_session_ends_in_any_case_after_its_hours(person, clock):
    ann = person("ann")
    ann.sign_in()
    for _ in range(19):
        clock.later(25 * 60)
        assert ann.get("/about").url.path == "/about"
    clock.later(5 * 60)
    assert ann.get("/about").url.path == "/sign-in"


def test_a_form_begun_before_a_session_ended_can_be_sent_after_signing_in_again(person, clock):
    """Hours of typing are not lost; the next person at the same machine cannot send them."""
    ann = person("ann")
    page = ann.sign_in()
    form = {"token": value_of(page.text, "token"), "question": "relapse of neuroblastoma"}
    clock.later(31 * 60)
    assert ann.client.post("/", data=form).status_code == 403
    ann.sign_in()
    assert ann.client.post("/", data=form).status_code == 200
    ann.sign_out()
    ann.login = "bob"
    ann.sign_in()
    refused = ann.client.post("/", data=form)
    assert refused.status_code == 403 and "out of date" in words(refused)


# Signing out


def test_signing_out_ends_the_session_here_and_offers_to_end_that_of_the_provider(person, provider):
    ann = person("ann")
    ann.sign_in()
    page = ann.sign_out()
    assert "signed out of secondline" in words(page)
    leads_to = re.search(r'href="([^"]*end-session[^"]*)"', page.text)[1].replace("&amp;", "&")
    asked = parse_qs(urlsplit(leads_to).query)
    assert asked["client_id"] == [CLIENT_ID] and "id_token_hint" not in asked
    assert ann.get("/about").url.path == "/sign-in"
    back = ann.at_provider.post(leads_to, follow_redirects=False)
    assert back.headers["location"].endswith("/signed-out")
    assert "signed out" in words(ann.get("/signed-out"))


def test_the_secret_of_a_session_that_was_ended_is_worth_nothing(person):
    ann = person("ann")
    ann.sign_in()
    kept = dict(ann.client.cookies)
    ann.sign_out()
    ann.client.cookies.update(kept)
    assert ann.get("/about").url.path == "/sign-in"


@pytest.mark.parametrize("described", [{"end_session_endpoint": None}])
def test_a_provider_without_signing_out_is_not_offered(person, provider, described):
    with provider.up_to(described=described):
        ann = person("ann")
        ann.sign_in()
        page = ann.sign_out()
    assert "signed out of secondline" in words(page) and "end-session" not in page.text


# Open pages


def test_pages_about_nobody_can_be_opened_to_all(person_of_pages, application_of):
    make = person_of_pages(open_pages=True)
    visitor = make("ann")
    for address in ("/", "/assess", "/evidence", "/findings?statement=rms-chisholm-cured",
                    "/source/chisholm2011", "/audit", "/pathways", "/about"):  # fmt: skip
        assert visitor.get(address).url.path == urlsplit(address).path
    assert visitor.get("/person").url.path == "/sign-in"
    assert visitor.get("/editorial").url.path == "/sign-in"
    assert "Sign in" in words(visitor.get("/"))


@pytest.mark.parametrize(
    "address",
    ["/", "/about", "/nowhere", "/static", "/sign-in/", "/sign-out", "/Static/x", "/%2e/about",
     "/sign-in/return/x"],
)  # fmt: skip
def test_nothing_is_open_that_was_not_chosen_to_be(person, address):
    page = person("ann").get(address, follow_redirects=False)
    assert page.status_code == 303 and page.headers["location"].startswith("/sign-in?return_to=")
