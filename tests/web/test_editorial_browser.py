"""The editorial desk in a real browser: two people, a form that looks as one types, every screen."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from people_of_the_desk import ANN, PIA, enrolled
from test_browser import (
    A_STATUS,
    AXE,
    CHROMIUM,
    MADE_ROOM,
    browser,
    held_back,
    keep_picture,
    unfold,
    until,
    violations,
    wait_until_served,
)

__all__ = ["browser"]  # the fixture is used by name

ONE = "rms-chisholm-cured"
PAGE = f"/editorial/statement/{ONE}"
SAYS = "Of the children in Chisholm 2011, a minority were cured."

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="Chromium is not installed: apt-get install chromium"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return str(tmp_path_factory.mktemp("store") / "log.db")


@pytest.fixture(scope="module")
def servers(desk, store, tmp_path_factory):
    """One server for each person, all on one store, as colleagues start them."""
    room = enrolled(desk.editorial(store))
    room.close()
    editions = tmp_path_factory.mktemp("editions")
    started = {name: start(name, store, editions) for name in (ANN, PIA)}
    yield {name: address for name, (address, _) in started.items()}
    for _, process in started.values():
        process.terminate()
        _, logged = process.communicate(timeout=120)
        assert logged == b"", "the server logs nothing of what is written"


def start(name, store, editions):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--store", store, "--editions", str(editions), "--as", name]
    command = [sys.executable, "-m", "secondline", "serve", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until_served(port, process)
    return f"http://127.0.0.1:{port}", process


@pytest.fixture
def page_of(browser, servers, request):
    """Open a page as a person; its console must stay silent."""
    contexts, heard = [], []

    def opened(name, **settings):
        size = {"viewport": {"width": 1280, "height": 900}, **settings}
        context = browser.new_context(base_url=servers[name], **size)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        return page

    yield opened
    for number, context in enumerate(contexts):
        keep_picture(context.pages[0], f"{request.node.name}-{number}")
        context.close()
    assert [each for each in heard if not each.startswith((*A_STATUS, *MADE_ROOM))] == []


def propose(page, says, button="Propose and submit", at=PAGE):
    page.goto(f"{at}/change")
    page.get_by_label("What it says, for clinicians").fill(says)
    page.get_by_role("button", name=button, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
def test_propose_review_and_approve_as_two_people(page_of, scripts):
    ann, pia = (page_of(name, java_script_enabled=scripts) for name in (ANN, PIA))
    propose(ann, f"{SAYS} {'With' if scripts else 'Without'} scripts.")
    ann.get_by_text("Kept as entry").wait_for()
    assert ann.get_by_role("button", name="Approve these words").count() == 0
    pia.goto("/editorial")
    pia.locator(f"a[href^='{PAGE}']").first.click()
    pia.locator(".diff mark").first.wait_for()
    pia.get_by_label("Comment (optional)").fill("Compared with the abstract.")
    pia.get_by_role("button", name="Approve these words").click()
    pia.get_by_text("Pia Approver, approve").wait_for()
    ann.reload()
    assert ann.locator(".steps [aria-current]").inner_text().startswith("Approved")
    assert "Compared with the abstract." in ann.locator(".events").inner_text()


def test_problems_appear_at_their_field_while_one_types(page_of):
    page = page_of(ANN)
    page.goto(f"{PAGE}/change")
    count = page.locator("#f-findings-1-n")
    with page.expect_response("**/editorial/check"):
        count.fill("many")
    page.locator("#p-findings-1-n", has_text="'many' is not a count").wait_for()
    page.locator("#f-findings-1-n[aria-invalid=true]").wait_for()
    assert count.evaluate("e => e === document.activeElement"), "the field is not taken away"
    with page.expect_response("**/editorial/check"):
        count.fill("474")
    page.get_by_text("In order: types").wait_for()
    page.locator("#f-findings-1-n:not([aria-invalid])").wait_for()


def test_groups_come_and_go_and_nothing_typed_is_lost(page_of):
    page = page_of(ANN)
    page.goto(f"{PAGE}/change")
    page.get_by_label("Caution").fill("Typed before.")
    page.get_by_role("button", name="Add a finding").click()
    page.locator("#f-findings-2-group").fill("late relapse")
    page.get_by_role("button", name="Take finding 1 away").click()
    page.locator("#f-findings-2-group").wait_for(state="detached")
    assert page.locator("#f-findings-1-group").input_value() == "late relapse"
    assert page.get_by_label("Caution").input_value() == "Typed before."
    page.get_by_role("button", name="Write it as YAML instead").click()
    text = page.get_by_label("The statement as YAML")
    text.wait_for()
    assert "Typed before." in text.input_value() and "late relapse" in text.input_value()
    page.get_by_role("button", name="Back to the form").click()
    page.locator("#f-findings-1-group").wait_for()
    assert page.get_by_label("Caution").input_value() == "Typed before."


@pytest.mark.parametrize("first", ["checks", "the press"])
def test_a_press_is_not_lost_to_the_check_of_what_was_typed_before(page_of, first):
    """On a slow line the check of a field is on its way when a button is pressed, or follows it."""
    page = page_of(ANN)
    page.goto(f"{PAGE}/change")
    page.locator("#f-findings-1-n").fill("many")
    checks, presses = held_back(page, "**/editorial/check"), held_back(page, "**/editorial/propose")
    inner, outer = (checks, presses) if first == "checks" else (presses, checks)
    with outer as later:
        with inner as sooner:
            page.get_by_label("Caution").fill("Typed before.")
            until(page, lambda: sooner or later)
            page.get_by_label("What it says, for clinicians").fill("Typed meanwhile.")
            page.get_by_role("button", name="Add a finding").click()
            until(page, lambda: sooner and later)
            page.wait_for_timeout(1_000)  # longer than a check waits for more to be typed
        if first == "the press":
            page.locator("#f-findings-2-group").wait_for()
        else:
            page.locator("#p-findings-1-n", has_text="'many' is not a count").wait_for()
            page.wait_for_timeout(500)  # the check of what was typed meanwhile
    page.locator("#f-findings-2-group").wait_for()
    assert page.get_by_label("Caution").input_value() == "Typed before."
    words = page.get_by_label("What it says, for clinicians")
    assert words.input_value() == "Typed meanwhile."
    assert "'many' is not a count" in page.locator("#p-findings-1-n").inner_text()


def test_a_check_is_given_up_when_its_fields_are_gone(page_of):
    """Its answer would look for them, and the console tell of each that it does not find."""
    page = page_of(ANN)
    page.goto(f"{PAGE}/change")
    given_up = []
    page.on("requestfailed", lambda sent: given_up.append(sent.url))
    with held_back(page, "**/editorial/check") as held:
        page.locator("#f-findings-1-n").fill("many")
        until(page, lambda: held)
        page.get_by_role("button", name="Write it as YAML instead").click()
        page.locator("#yaml").wait_for()
        until(page, lambda: any(url.endswith("/editorial/check") for url in given_up))


def test_what_has_the_focus_is_not_behind_the_bar(page_of):
    page = page_of(ANN, viewport={"width": 1280, "height": 720})
    page.goto(f"{PAGE}/change")
    page.locator("#f-findings-1-n").fill("many")
    page.locator(".decide .problems").wait_for()
    unfold(page)
    page.locator("#f-findings-1-n").focus()
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        hidden, name = page.evaluate(
            """() => {
              const field = document.activeElement, bar = document.querySelector(".decide");
              const box = field.getBoundingClientRect();
              const behind = !bar.contains(field) && box.top >= bar.getBoundingClientRect().top;
              return [behind, field.id || field.textContent];
            }"""
        )
        seen.add(name)
        assert not hidden, name
    assert len(seen) > 30


def test_a_difference_is_told_by_signs_and_not_by_color_alone(page_of):
    page = page_of(ANN)
    another = "/editorial/statement/rms-chisholm-no-individual-probability"
    propose(page, "Another text.", "Propose", another)
    page.get_by_text("Kept as entry").wait_for()
    for sort, sign in (("del", "−"), ("ins", "+")):
        line = page.locator(f".diff {sort}.line").first
        told = line.evaluate("e => getComputedStyle(e, '::before').content")
        assert sign in told


def test_nothing_is_typed_into_a_form_that_is_about_to_be_replaced(page_of):
    page = page_of(ANN)
    page.goto(f"{PAGE}/change")
    with held_back(page, "**/editorial/propose") as held:
        page.get_by_role("button", name="Add a finding").click()
        until(page, lambda: held)
        caution = page.locator("#f-caution")
        assert page.locator("#proposal[inert]").count() == 1
        caution.evaluate("e => e.focus()")
        page.keyboard.type("Lost?")
        assert "Lost?" not in caution.input_value()
    page.locator("#f-findings-2-group").wait_for()
    page.get_by_label("Caution").press_sequentially("Kept.")
    assert "Kept." in page.get_by_label("Caution").input_value()


def test_a_form_that_could_not_change_can_be_written_in_again(page_of):
    page = page_of(ANN)
    page.goto(f"{PAGE}/change")
    page.route("**/editorial/propose", lambda route: route.fulfill(status=503))
    page.get_by_role("button", name="Add a finding").click()
    page.get_by_text("This could not be loaded").wait_for()
    page.get_by_label("Caution").fill("Kept.")
    assert page.get_by_label("Caution").input_value() == "Kept."


def test_the_second_of_two_editors_joins_both_texts(page_of):
    ann, pia = page_of(ANN), page_of(PIA)
    another = "/editorial/statement/rms-chisholm-factors-without-weights"
    pia.goto(f"{another}/change")
    propose(ann, f"{SAYS} Ann was first.", "Propose", another)
    ann.get_by_text("Kept as entry").wait_for()
    words = pia.get_by_label("What it says, for clinicians")
    words.fill(f"{SAYS} Pia wrote, too.")
    pia.get_by_role("button", name="Propose", exact=True).click()
    pia.get_by_role("heading", name="Both texts").wait_for()
    assert "Ann was first" in pia.locator(".diff del").first.inner_text()
    assert words.input_value() == f"{SAYS} Pia wrote, too."
    words.fill(f"{SAYS} Ann was first. Pia wrote, too.")
    pia.get_by_role("button", name="Propose", exact=True).click()
    pia.get_by_text("Kept as entry").wait_for()


def test_an_approval_of_a_page_that_is_out_of_date_is_refused(page_of):
    ann, pia = page_of(ANN), page_of(PIA)
    other = "rms-chisholm-four-weighted-factors"
    ann.goto(f"/editorial/statement/{other}")
    ann.get_by_role("button", name="Submit for review").click()
    ann.get_by_text("Kept as entry").wait_for()
    pia.goto(f"/editorial/statement/{other}")
    ann.locator("#comment-comment").fill("Please wait with this one.")
    ann.get_by_role("button", name="Comment", exact=True).click()
    ann.locator(".events", has_text="Please wait with this one.").wait_for()
    pia.get_by_role("button", name="Approve these words").click()
    pia.get_by_role("heading", name="Somebody was here meanwhile").wait_for()
    assert "Please wait with this one." in pia.locator(".events").inner_text()


def test_a_log_is_verified_and_an_edition_published(page_of):
    page = page_of(PIA)
    page.goto("/editorial/log")
    page.get_by_label("Prove that this entry is in").fill("2")
    page.get_by_role("button", name="Verify the log").click()
    page.get_by_role("heading", name="The log agrees with itself").wait_for()
    page.get_by_role("link", name="Editions").click()
    page.get_by_label("Name of the new edition").fill("first")
    page.get_by_role("button", name="Publish").click(timeout=180_000)
    page.get_by_text("Published: first").wait_for()
    with page.expect_download() as given:
        page.get_by_role("link", name="checkpoint", exact=True).click()
    assert given.value.suggested_filename.endswith("checkpoint.json")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="From edition").wait_for()


def test_the_desk_by_keyboard_alone(page_of):
    page = page_of(PIA)
    page.goto(f"{PAGE}/change")
    page.get_by_label("Caution").focus()
    page.keyboard.press("End")
    page.keyboard.type(" Typed by keyboard.")
    page.get_by_role("button", name="Check", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("In order: types").wait_for()
    assert "Typed by keyboard." in page.get_by_label("Caution").input_value()
    page.locator("#f-study").focus()
    page.keyboard.press("Enter")
    page.get_by_text("In order: types").wait_for()
    assert page.locator("#f-findings-1-group").count() == 1, "Enter checks; it takes nothing away"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_no_accessibility_rule_is_broken_on_any_page(page_of, width, scheme):
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in tests/web")
    page = page_of(PIA, viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = {}
    for name in every_page(page, page_of(ANN)):
        unfold(page)
        keep_picture(page, f"editorial-{name}-{width}")
        if broken := violations(page):
            found[name] = broken
    assert found == {}


def every_page(page, other):
    """Go through every page of the desk, with what is told when something is wrong."""
    propose(other, f"{SAYS} At {page.viewport_size['width']} pixels.")
    other.get_by_text("Kept as entry").wait_for()
    for name, address in (("queue", "/editorial"), ("statement", PAGE), ("change", f"{PAGE}/change"),
                          ("new", "/editorial/new"), ("log", "/editorial/log"),
                          ("editions", "/editorial/editions")):  # fmt: skip
        page.goto(address)
        yield name
    page.goto("/editorial/log")
    page.get_by_role("button", name="Verify the log").click()
    page.locator("#verdict").wait_for()
    yield "verified"
    page.goto(f"{PAGE}/change")
    page.locator("#f-findings-1-n").fill("many")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator(".decide .problems").wait_for()
    yield "problems"
    page.locator("#f-findings-1-n").fill("474")
    page.get_by_role("button", name="Write it as YAML instead").click()
    page.locator("#yaml").wait_for()
    yield "yaml"
    propose(other, f"{SAYS} Meanwhile, at {page.viewport_size['width']} pixels.")
    other.get_by_text("Kept as entry").wait_for()
    page.get_by_role("button", name="Propose", exact=True).click()
    page.locator("#conflict").wait_for()
    yield "conflict"
    page.goto(PAGE)
    propose(other, f"{SAYS} Later, at {page.viewport_size['width']} pixels.")
    other.get_by_text("Kept as entry").wait_for()
    page.get_by_role("button", name="Approve these words").click()
    page.get_by_role("heading", name="What differs").wait_for()
    yield "stale"


@pytest.mark.parametrize("address", ["/editorial", PAGE, f"{PAGE}/change", "/editorial/log"])
def test_at_twice_the_size_nothing_is_cut_off(page_of, address):
    """A window of 1280 pixels at 200 % is one of 640."""
    page = page_of(PIA, viewport={"width": 640, "height": 450}, device_scale_factor=2)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_paper_stands_the_statement_and_nothing_that_is_pressed(page_of):
    page = page_of(PIA)
    another = "/editorial/statement/rms-chisholm-no-individual-probability"  # hers from now on
    propose(page, f"{SAYS} To be seen on paper.", "Propose", another)
    page.get_by_text("Kept as entry").wait_for()
    page.goto(another)
    page.emulate_media(media="print")
    assert page.locator(".docket .says").is_visible() and page.locator(".events").is_visible()
    assert not page.locator(".docket-acts").is_visible()
    assert not page.locator(".desk-head .segments").is_visible()
