"""Signing in with a real browser, over TLS, at a provider on another site."""

from pathlib import Path

import pytest
from test_browser import ASK, AXE, CHROMIUM, SURVIVAL, arrived, browser, keep_picture, violations

__all__ = ["browser"]  # the fixture is used by name

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="Chromium is not installed: apt-get install chromium"
)


BOB, CLEO = "bob@hospital.example", "cleo@hospital.example"
ONE = "/editorial/statement/rms-chisholm-cured"


@pytest.fixture(scope="module")
def enrolled(desk, signed_in_store):
    """Bob approves, Cleo writes; Ann is not enrolled."""
    room = desk.editorial(signed_in_store)
    room.enroll(BOB, "approver")
    room.enroll(CLEO, "author", who=BOB)
    room.close()


@pytest.mark.usefixtures("enrolled")
def test_two_people_sign_in_each_under_their_own_name(signed_in_browser):
    ann, bob = signed_in_browser("ann"), signed_in_browser("bob")
    ann.get_by_role("link", name="ann@hospital.example").click()
    ann.get_by_text("Nobody is enrolled in the review under this name").wait_for()
    ann.get_by_role("listitem").filter(has_text=BOB).wait_for()
    bob.goto("/person")
    bob.get_by_text("enrolled in the review as approver").wait_for()
    for page, login in ((ann, "ann"), (bob, "bob")):
        page.goto("/about")
        assert page.get_by_role("link", name=f"{login}@hospital.example").is_visible()


@pytest.mark.usefixtures("enrolled")
def test_propose_review_and_approve_as_two_people_who_signed_in(signed_in_browser):
    cleo, bob, ann = (signed_in_browser(login) for login in ("cleo", "bob", "ann"))
    cleo.goto(f"{ONE}/change")
    words = cleo.get_by_label("What it says, for clinicians")
    words.fill("Of the children in Chisholm 2011, a minority were cured.")
    cleo.get_by_role("button", name="Propose and submit", exact=True).click()
    cleo.get_by_text("Kept as entry").wait_for()
    approve = "Approve these words"
    assert cleo.get_by_role("button", name=approve).count() == 0, "nobody approves their own words"
    ann.goto(ONE)
    assert ann.get_by_role("button", name=approve).count() == 0, "who is not enrolled reads"
    bob.goto("/editorial")
    bob.locator(f"a[href^='{ONE}']").first.click()
    bob.get_by_role("button", name=approve).click()
    bob.get_by_text(f"{BOB}, approve").wait_for()
    cleo.reload()
    assert cleo.locator(".steps [aria-current]").inner_text().startswith("Approved")


def test_the_cookies_are_out_of_reach_of_scripts_and_other_hosts(signed_in_browser):
    page = signed_in_browser("ann")
    assert page.evaluate("document.cookie") == ""
    kept = {c["name"]: c for c in page.context.cookies() if c["name"].startswith("__Host-")}
    assert set(kept) == {"__Host-secondline-form", "__Host-secondline-session"}
    for cookie in kept.values():
        assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Lax"
        assert cookie["path"] == "/" and cookie["domain"] == "127.0.0.1"


def test_a_question_is_asked_and_a_citation_opens_while_signed_in(signed_in_browser):
    page = signed_in_browser("ann")
    page.get_by_label("Your question").fill(SURVIVAL)
    page.locator(ASK).click()
    arrived(page, "#answer")
    page.locator(".claim .cite").first.click()
    page.get_by_role("dialog").wait_for()


def test_signing_out_here_and_at_the_provider(signed_in_browser):
    page = signed_in_browser("ann")
    page.goto("/about")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Signed out").wait_for()
    page.go_back()
    page.wait_for_url("**/sign-in?return_to=*")
    assert "ann@" not in page.content(), "what was shown is not kept by the browser"
    page.get_by_role("button", name="Sign in at").click()
    page.get_by_role("link", name="ann@hospital.example").wait_for()  # the provider knows her still
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign out of localhost").click()
    page.get_by_role("button", name="Yes, sign out").click()
    page.wait_for_url("**/signed-out")
    page.goto("/")
    page.get_by_role("button", name="Sign in at").click()
    page.get_by_label("Login").wait_for()


def test_without_scripts_one_signs_in_all_the_same(signed_in_browser):
    page = signed_in_browser("ann", java_script_enabled=False)
    page.goto("/evidence")
    assert page.get_by_role("link", name="ann@hospital.example").is_visible()


def test_a_session_that_ended_says_so_and_leaves_the_page(signed_in_browser):
    page = signed_in_browser("ann")
    page.goto("/assess")
    page.get_by_role("button", name="Rhabdomyosarcoma", exact=True).click()
    arrived(page, "#results")
    page.context.clear_cookies(name="__Host-secondline-session")
    page.locator('#answer-metastatic_at_diagnosis label:has(input[value="no"])').click()
    page.get_by_text("This could not be loaded").wait_for()
    assert page.locator("#results").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_no_accessibility_rule_is_broken(signed_in_browser, request, width, scheme):
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in tests/web")
    page = signed_in_browser("ann", viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = {}
    for address in ("/person", "/sign-in", "/signed-out", "/about"):
        page.goto(address)
        found[address] = violations(page)
        keep_picture(page, f"{address}-{width}")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Signed out").wait_for()
    found["signed out"] = violations(page)
    keep_picture(page, f"signed-out-there-{width}")
    page.goto("/")
    found["first"] = violations(page)
    keep_picture(page, f"first-{width}")
    page.goto("/sign-in/return")
    found["refused"] = violations(page)
    page.route("http://localhost:*/**", lambda route: route.fulfill(status=204))
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in at").click(no_wait_after=True)
    page.get_by_role("heading", name="To the sign-in").wait_for()
    found["on the way"] = violations(page)
    assert {name: broken for name, broken in found.items() if broken} == {}
