"""The pages in a real browser, as people use them: with scripts, by keyboard, on a telephone."""

import contextlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
)

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CASE = "8-year-old, marrow relapse of ALL 20 months after diagnosis, already had blinatumomab"
SURVIVAL = "Survival after relapsed rhabdomyosarcoma"
CLAIM = "In relapsed rhabdomyosarcoma irinotecan causes dehydration in 28.6% of children."
PLOT = "/evidence?view=plot&statement=rms-chisholm-four-weighted-factors"
RATIOS = "rhabdomyosarcoma.relapse.poor-outcome.or.adjusted.chisholm-2011"
# What a console says of an HTTP status; the tests look at statuses themselves.
A_STATUS = ("Failed to load resource: the server responded", "Response Status Error Code")
# And what htmx says there of a request that made room for the next one, or for another page.
MADE_ROOM = ("htmx:sendAbort", "htmx:afterRequest")
ASK = "form.ask .row > button"

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="Chromium is not installed: apt-get install chromium"
)


@pytest.fixture(scope="module")
def server():
    """The command as people start it, on a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "secondline", "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        wait_until_served(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        _, logged = process.communicate(timeout=120)
    assert logged == b"", "the server logs nothing of what is asked"
    assert process.returncode == 0


def wait_until_served(port, process):
    for _ in range(1_200):  # a first start makes the index; a busy machine takes its time
        assert process.poll() is None, process.stderr.read().decode()
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not start within two minutes")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser, server, request):
    """Open pages whose console must stay silent and that must load nothing from elsewhere."""
    contexts, heard = [], []

    def opened(**settings):
        size = {"viewport": {"width": 1280, "height": 900}, **settings}
        context = browser.new_context(base_url=server, **size)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on(
            "request", lambda sent: sent.url.startswith((server, "data:")) or heard.append(sent.url)
        )
        return page

    yield opened
    for number, context in enumerate(contexts):
        keep_picture(context.pages[0], f"{request.node.name}-{number}")
        context.close()
    assert [each for each in heard if not each.startswith((*A_STATUS, *MADE_ROOM))] == []


def keep_picture(page, name):
    """Keep what the page looks like at the end of a test, where a folder is named for it."""
    if folder := os.environ.get("SECONDLINE_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        file = Path(folder) / f"{name.replace('/', '-')}.png"
        for _ in range(5):  # the first picture of a new page fails at times
            with contextlib.suppress(playwright.Error):
                page.screenshot(path=file)
                return
            page.wait_for_timeout(200)


@contextlib.contextmanager
def held_back(page, addresses):
    """The requests to these addresses, kept from the server until the block ends."""
    held = []

    def keep(route):
        held.append(route)

    page.route(addresses, keep)
    yield held
    page.unroute(addresses)
    for each in held:
        with contextlib.suppress(playwright.Error):  # one that the page has given up
            each.continue_()


def until(page, true):
    """Wait, as long as a page may take, until something is true here."""
    for _ in range(600):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not become true in a minute")


def arrived(page, part):
    """Wait for a part of the next page, and for its scripts: until they are here, it is plain."""
    page.wait_for_selector(part)
    page.wait_for_load_state()


def ask(page, question, reader="clinician"):
    page.goto("/")
    page.locator(f'label:has(input[name=reader][value="{reader}"])').click()
    page.get_by_label("Your question").fill(question)
    page.locator(ASK).click()
    arrived(page, "#answer")


def start_assessment(page, disease="Rhabdomyosarcoma"):
    page.goto("/assess")
    page.get_by_role("button", name=disease, exact=True).click()
    arrived(page, "#results")


def choice(prefix, fact, value):
    return f'#{prefix}-{fact} label:has(input[value="{value}"])'


# What people do


def test_ask_and_open_a_citation(open_page):
    page = open_page()
    ask(page, CASE)
    assert page.locator(".claim .cite").count() > 10
    before = page.url
    citation = page.locator(".claim .cite").nth(3)
    citation.click()
    panel = page.get_by_role("dialog")
    panel.wait_for()
    assert "Population" in panel.inner_text() and "read:" in panel.inner_text()
    assert page.url == before, "the answer stays where it is"
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    until(page, lambda: has_focus(citation))


def test_whoever_follows_a_reference_finds_the_answer_where_it_was(open_page):
    """Back could not bring an answer again: it is kept nowhere."""
    page = open_page()
    ask(page, SURVIVAL)
    with page.context.expect_page() as opened:
        page.locator(".references li > a").first.click()
    arrived(opened.value, ".statement")
    assert "/source/" in opened.value.url
    page.locator(".claim .cite").first.click()
    panel = page.get_by_role("dialog")
    panel.locator(".statement").first.wait_for()
    with page.context.expect_page() as opened:
        panel.get_by_role("link", name="its review (opens a new tab)").first.click()
    opened.value.wait_for_load_state()
    assert page.locator("#answer").is_visible()


def test_assess_with_missing_facts_and_answer_one_in_place(open_page):
    page = open_page()
    start_assessment(page)
    with page.expect_response("**/assess"):
        page.locator("#fact-disease_status").select_option("first-relapse")
    page.locator(".missing", has_not=page.locator("#answer-disease_status")).wait_for()
    page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
    answered = page.locator("#answered")
    answered.wait_for()
    assert "Metastatic at diagnosis: no." in answered.inner_text()
    until(page, lambda: has_focus(answered))
    assert page.locator('#fact-metastatic_at_diagnosis input[value="no"]').is_checked()
    assert page.locator("#fact-disease_status").input_value() == "first-relapse"
    assert page.url.endswith("/assess"), "no fact stands in the address"


LEUKEMIA = "Acute lymphoblastic leukemia"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_long_assessment_lists_its_parts_and_each_is_reached_by_keyboard(open_page, scripts):
    """Where the list stays in view, it never lies over what it leads to, or over the focus."""
    page = open_page(java_script_enabled=scripts)
    start_assessment(page, LEUKEMIA)
    links = page.locator("#parts a")
    assert links.count() >= 8
    for link in links.all():
        link.focus()
        page.keyboard.press("Enter")
        target = page.locator(link.get_attribute("href"))
        place, stuck = target.bounding_box(), page.locator("#parts").bounding_box()
        assert place["y"] >= stuck["y"] + stuck["height"] - 1
        assert place["y"] < 900
    last = page.locator(".results.options .cite").last
    last.focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        there, stuck = focused_box(page), page.locator("#parts").bounding_box()
        assert there["y"] + there["height"] > stuck["y"] + stuck["height"]


def focused_box(page):
    return page.locator(":focus").bounding_box()


def test_on_a_telephone_the_results_are_one_press_away_and_each_part_leads_back(open_page):
    page = open_page(viewport={"width": 360, "height": 780})
    start_assessment(page, LEUKEMIA)
    page.get_by_role("link", name="To the results").click()
    parts = page.locator("#parts")
    assert -1 < parts.bounding_box()["y"] < 780
    parts.get_by_role("link", name="may apply").click()
    assert not parts.is_visible() or parts.bounding_box()["y"] < 0, "it is not in the way"
    page.locator("section", has=page.locator("#cautions")).locator(".up a").click()
    assert -1 < parts.bounding_box()["y"] < 780
    page.emulate_media(media="print")
    assert not parts.is_visible() and not page.locator(".up").first.is_visible()


def test_what_an_open_option_waits_for_is_said_and_its_reasons_unfold(open_page):
    page = open_page()
    start_assessment(page, LEUKEMIA)
    option = page.locator(".results.options > .unknown").first
    reasons = option.get_by_text("Would decide: ")
    assert not reasons.is_visible()
    option.locator("summary", has_text="Waits for disease status").click()
    reasons.wait_for()
    assert "Would decide: " in text_of(page.pdf())


def test_what_if_side_by_side(open_page):
    page = open_page()
    start_assessment(page)
    page.get_by_role("button", name="What if a fact were different?").click()
    arrived(page, "form[aria-label='What if']")
    page.locator(choice("answer", "relapse_confirmed_by_biopsy", "yes")).click()
    page.get_by_role("button", name="Compare").click()
    arrived(page, ".compare")
    row = page.locator("tr", has_text="Biopsy to confirm the relapse")
    assert row.inner_text().split("\t")[1:] == ["unknown", "not eligible"]
    page.get_by_role("button", name="Back to the assessment").click()
    arrived(page, "#results")


def test_switch_reader_and_show_the_numbers(open_page):
    page = open_page()
    ask(page, SURVIVAL)
    page.get_by_role("button", name="For families").click()
    arrived(page, "body.family")
    figure = page.locator("figure.hundred").last
    assert not figure.is_visible(), "numbers are offered, not forced"
    page.get_by_text("Show the numbers").last.click()
    figure.wait_for()
    assert "17 of 100" in figure.inner_text() and "83 of 100 had died" in figure.inner_text()


def test_correct_what_was_understood(open_page):
    page = open_page()
    ask(page, CASE)
    page.get_by_text("Correct what was understood").click()
    page.locator("#fact-diagnosis_to_relapse_months").fill("40")
    page.get_by_role("button", name="Answer again").click()
    page.get_by_text("time from diagnosis to relapse: 40 months").wait_for()


def test_audit_a_text(open_page):
    page = open_page()
    page.goto("/audit")
    page.get_by_label("Text, or the HTML of a page").fill(CLAIM)
    page.get_by_role("button", name="Audit").click()
    arrived(page, ".claims .verdict:has-text('population differs')")
    page.locator(".claims .cite").first.click()
    page.get_by_role("dialog").wait_for()


def test_follow_up_by_keyboard_alone(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_label("Your question").focus()
    page.keyboard.type(SURVIVAL)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    arrived(page, "body.family #answer")
    page.get_by_text("Show the numbers").first.focus()
    page.keyboard.press("Enter")
    page.locator("figure.hundred").first.wait_for()
    page.locator(".next .question").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="How do doctors make sure").wait_for()


@pytest.mark.parametrize("width", [1280, 640, 360])
def test_no_column_of_the_findings_behind_a_citation_is_cut_off(open_page, width):
    """A hazard ratio with its interval, counts and P: the widest table there is."""
    page = open_page(viewport={"width": width, "height": 800})
    ask(page, "Is VIT better than VI in relapsed rhabdomyosarcoma?")
    page.locator('.claim .cite[href*="rms-vit-0910-survival"]').first.click()
    tables = page.locator("#panel-body .findings")
    tables.first.wait_for()
    for table in tables.all():
        assert table.evaluate("e => e.scrollWidth <= e.clientWidth")
    value = tables.first.locator("[data-label=P]").first
    edge, place = tables.first.bounding_box(), value.bounding_box()
    assert ".006" in value.inner_text()
    assert place["x"] + place["width"] <= edge["x"] + edge["width"] + 1
    assert tables.first.get_by_role("columnheader", name="P", exact=True).count() == 1


def test_copy_as_text(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, SURVIVAL)
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("Copied.").wait_for()
    assert "REFERENCES" in page.evaluate("navigator.clipboard.readText()")


def asked_of(page):
    """Collect the assessments that a page asks for from now on."""
    asked = []
    page.on("request", lambda sent: sent.url.endswith("/assess") and asked.append(sent))
    return asked


def has_focus(place):
    return place.evaluate("e => e === document.activeElement")


def test_by_keyboard_a_fact_in_place_is_chosen_before_it_is_answered(open_page):
    """Arrows pass through values that nobody means: only Enter answers, or leaving the fact."""
    page = open_page()
    start_assessment(page)
    asked = asked_of(page)
    fact = page.locator("#answer-metastatic_at_diagnosis")
    fact.locator('input[value=""]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert has_focus(fact.locator('input[value="no"]')), "the second arrow reaches the second value"
    assert asked == [], "nothing is sent by an arrow"
    page.keyboard.press("Enter")
    answered = page.locator("#answered")
    answered.wait_for()
    assert "Metastatic at diagnosis: no." in answered.inner_text()
    until(page, lambda: has_focus(answered))
    assert len(asked) == 1


def test_by_keyboard_a_list_of_values_in_place_is_walked_through(open_page):
    page = open_page()
    start_assessment(page)
    asked = asked_of(page)
    status = page.locator("#answer-disease_status")
    status.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    assert status.input_value() == "refractory" and asked == []
    page.keyboard.press("Enter")
    page.locator("#answered", has_text="Disease status: refractory.").wait_for()
    assert len(asked) == 1


def test_a_fact_in_place_that_is_left_is_answered_and_the_focus_stays_where_it_went(open_page):
    page = open_page()
    start_assessment(page)
    page.locator('#answer-metastatic_at_diagnosis input[value=""]').focus()
    page.keyboard.press("ArrowRight")
    with page.expect_response("**/assess"):
        page.keyboard.press("Shift+Tab")
    page.locator("#answered", has_text="Metastatic at diagnosis: yes.").wait_for()
    next_fact = page.locator(".ask-fact", has=page.locator("#answer-disease_status"))
    until(page, lambda: has_focus(next_fact.locator("summary")))


def test_a_fact_in_place_that_is_left_as_it_was_is_not_answered(open_page):
    page = open_page()
    start_assessment(page)
    asked = asked_of(page)
    page.locator('#answer-metastatic_at_diagnosis input[value=""]').focus()
    for key in ("ArrowRight", "ArrowLeft", "Tab"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert asked == []


SCRIPTS = re.compile(r"/static/\w[^/]*\.js")


def start_without_scripts(page, disease="Rhabdomyosarcoma"):
    """Open an assessment whose scripts are still on their way; they are held back by the caller."""
    page.get_by_role("button", name=disease, exact=True).click()
    page.wait_for_selector("#results .ask-fact")
    assert page.locator("html.scripted").count() == 0


def test_a_fact_in_place_that_was_chosen_before_the_scripts_came_is_asked_when_they_are_here(
    open_page,
):
    page = open_page()
    page.goto("/assess")
    with held_back(page, SCRIPTS):
        start_without_scripts(page)
        page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
        page.locator("#fact-age_years").fill("8")
    page.locator("#answered", has_text="Metastatic at diagnosis: no.").wait_for()
    assert page.locator(choice("fact", "metastatic_at_diagnosis", "no") + " input").is_checked()
    assert page.locator("#fact-age_years").input_value() == "8"


def test_a_fact_of_the_form_that_was_given_before_the_scripts_came_counts_when_they_are_here(
    open_page,
):
    page = open_page()
    page.goto("/assess")
    with held_back(page, SCRIPTS):
        start_without_scripts(page)
        page.locator("#fact-disease_status").select_option("first-relapse")
    page.locator(".missing", has_not=page.locator("#answer-disease_status")).wait_for()
    assert page.locator("#fact-disease_status").input_value() == "first-relapse"


def test_what_was_chosen_by_keyboard_before_the_scripts_came_is_answered_by_enter(open_page):
    page = open_page()
    page.goto("/assess")
    with held_back(page, SCRIPTS):
        start_without_scripts(page)
        asked = asked_of(page)
        fact = page.locator("#answer-metastatic_at_diagnosis")
        fact.locator('input[value=""]').focus()
        page.keyboard.press("ArrowRight")
    page.wait_for_load_state()
    assert has_focus(fact.locator('input[value="yes"]')) and asked == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("#answered", has_text="Metastatic at diagnosis: no.").wait_for()
    assert len(asked) == 1


def test_nothing_is_asked_when_the_scripts_come_and_nothing_was_given(open_page):
    page = open_page()
    page.goto("/assess")
    asked = asked_of(page)
    with held_back(page, SCRIPTS):
        start_without_scripts(page)
    page.wait_for_load_state()
    page.locator("#fact-age_years").fill("8")
    with page.expect_response("**/assess"):
        page.locator("#fact-age_years").blur()
    assert len(asked) == 2, "the page itself, and the age"


def test_where_a_script_never_comes_the_button_that_answers_stays(open_page):
    page = open_page()
    page.route(re.compile(r"/static/htmx"), lambda route: route.fulfill(body=""))
    page.goto("/assess")
    page.get_by_role("button", name="Rhabdomyosarcoma", exact=True).click()
    arrived(page, "#results")
    page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
    page.get_by_role("button", name="Answer", exact=True).click()
    arrived(page, "#answered")
    assert "Metastatic at diagnosis: no." in page.locator("#answered").inner_text()


def test_a_citation_that_is_pressed_before_the_scripts_came_opens_a_new_tab(open_page):
    page = open_page()
    page.goto("/")
    page.get_by_label("Your question").fill(SURVIVAL)
    with held_back(page, SCRIPTS):
        page.locator(ASK).click()
        page.wait_for_selector(".claim .cite")
        with page.context.expect_page() as opened:
            page.locator(".claim .cite").first.click()
        opened.value.locator("#findings .statement").first.wait_for()
    assert page.locator("#answer").is_visible()
    page.wait_for_load_state()
    page.locator(".claim .cite").first.click()
    page.get_by_role("dialog").wait_for()


def test_what_is_chosen_by_keyboard_while_an_answer_is_on_its_way_is_kept(open_page):
    """A slow answer comes between two arrows in the next fact: none is lost, and none is sent."""
    page = open_page()
    start_assessment(page)
    status = page.locator("#answer-disease_status")
    with held_back(page, "**/assess") as held:
        page.locator('#answer-metastatic_at_diagnosis input[value=""]').focus()
        page.keyboard.press("ArrowRight")
        status.focus()
        until(page, lambda: held)
        page.keyboard.press("ArrowDown")
    page.locator("#answered", has_text="Metastatic at diagnosis: yes.").wait_for()
    until(page, lambda: status.input_value() == "first-relapse" and has_focus(status))
    assert page.locator("#fact-disease_status").input_value() == "", "it is not answered yet"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#answered", has_text="Disease status: later relapse.").wait_for()
    assert page.locator("#fact-disease_status").input_value() == "later-relapse"


def test_an_answer_in_place_is_not_lost_to_the_next_fact(open_page):
    """On a slow line a field changes while the answer given in place is still on its way."""
    page = open_page()
    start_assessment(page)
    with held_back(page, "**/assess") as held:
        page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
        until(page, lambda: held)
        page.locator("#fact-disease_status").select_option("first-relapse")
        until(page, lambda: len(held) > 1)
    page.locator(".missing", has_not=page.locator("#answer-disease_status")).wait_for()
    with page.expect_response("**/assess"):
        page.locator("#fact-age_years").fill("8")
        page.locator("#fact-age_years").blur()
    page.emulate_media(media="print")
    page.locator(".print-only", has_text="8").wait_for()
    given = page.locator(".print-only").inner_text()
    assert "first relapse" in given and "metastatic" in given


def test_what_is_typed_while_an_answer_is_on_its_way_is_not_taken_back(open_page):
    page = open_page()
    start_assessment(page)
    with held_back(page, "**/assess") as held:
        page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
        until(page, lambda: held)
        page.locator("#fact-age_years").press_sequentially("8")
    page.locator(".print-only dd", has_text="8").wait_for(state="attached")
    assert page.locator("#fact-age_years").input_value() == "8"
    until(page, lambda: has_focus(page.locator("#fact-age_years")))
    assert page.locator(choice("fact", "metastatic_at_diagnosis", "no") + " input").is_checked()


def test_a_page_whose_server_forgot_it_says_so(open_page):
    """A stale form leaves the page as it is, and says what to do."""
    page = open_page()
    start_assessment(page)
    page.context.clear_cookies()
    with page.expect_response("**/assess") as sent:
        page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
    assert sent.value.status == 403
    page.get_by_text("This could not be loaded").wait_for()
    assert page.locator("#results").is_visible()


# What people see


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_no_accessibility_rule_is_broken_on_any_page(open_page, width, scheme):
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in tests/web")
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = {name: violations(page) for name in every_page(page)}
    assert {name: broken for name, broken in found.items() if broken} == {}


def test_a_broken_page_would_be_found(open_page):
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in tests/web")
    page = open_page()
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('select'))")
    page.evaluate("document.querySelector('.lead').style.color = '#ddd'")
    assert {rule for rule, _ in violations(page)} == {"select-name", "color-contrast"}


def violations(page):
    page.wait_for_load_state()
    page.evaluate(AXE.read_text("utf-8"))
    broken = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules},"
        " resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)]))",
        RULES,
    )
    too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*broken, *(["wider than the screen"] if too_wide else [])]


def every_page(page):
    """Go through every page, with what unfolds on it; yield the name of each."""
    for address in ("/", "/assess", "/evidence", "/evidence?view=findings",
                    "/evidence?view=sources", PLOT, f"{PLOT}&group={RATIOS}&computed=yes",
                    "/findings?statement=rms-chisholm-cured",
                    "/source/chisholm2011", "/audit", "/pathways",
                    "/pathways/rhabdomyosarcoma-relapse", "/about", "/nowhere"):  # fmt: skip
        page.goto(address)
        unfold(page)
        yield address
    ask(page, CASE)
    unfold(page)
    yield "answer"
    ask(page, "What dose of irinotecan should he get for his relapse?")
    yield "refusal"
    ask(page, CASE)
    page.locator(".claim .cite").first.click()
    page.get_by_role("dialog").wait_for()
    yield "panel"
    ask(page, SURVIVAL, "family")
    unfold(page)
    yield "family answer"
    page.goto("/audit")
    page.get_by_label("Text, or the HTML of a page").fill(CLAIM)
    page.get_by_role("button", name="Audit").click()
    arrived(page, ".claims")
    yield "audit"
    start_assessment(page)
    page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
    page.wait_for_selector("#answered")
    unfold(page)
    yield "assessment"
    page.locator("#fact-age_years").fill("eight")
    page.locator("#facts > p > button").click()
    arrived(page, "#problems")
    yield "assessment with a problem"
    page.locator("#fact-age_years").fill("8")
    page.locator("#facts > p > button").click()
    page.locator("#problems").wait_for(state="detached")
    arrived(page, "#results")
    page.get_by_role("button", name="What if a fact were different?").click()
    arrived(page, "form[aria-label='What if']")
    page.locator(choice("answer", "metastatic_at_diagnosis", "yes")).click()
    page.get_by_role("button", name="Compare").click()
    arrived(page, ".compare")
    yield "what if"
    ask(page, CASE)
    page.get_by_role("button", name="Assess a patient with these facts").click()
    arrived(page, "#results")
    with page.expect_response("**/assess"):
        page.locator("#fact-disease_status").select_option("first-relapse")
    page.get_by_role("region", name="Table of the outlook").wait_for()
    unfold(page)
    yield "assessment with figures"


def unfold(page):
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


@pytest.mark.parametrize(
    "address", ["/", "/assess", "/evidence?view=findings", PLOT, "/audit", "/about",
                "/pathways/rhabdomyosarcoma-relapse", "/source/chisholm2011", "/nowhere"],
)  # fmt: skip
def test_at_twice_the_size_nothing_is_cut_off(open_page, address):
    """A window of 1280 pixels at 200 % is one of 640."""
    page = open_page(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [360, 640])
def test_only_tables_scroll_sideways_and_by_keyboard(open_page, width):
    page = open_page(viewport={"width": width, "height": 780})
    start_assessment(page)
    with page.expect_response("**/assess"):
        page.locator("#fact-disease_status").select_option("first-relapse")
    page.locator(".missing", has_not=page.locator("#answer-disease_status")).wait_for()
    page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
    page.wait_for_selector("#answered")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wide = page.locator("#results .scroll").first
    assert wide.evaluate("e => e.scrollWidth > e.clientWidth")
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.scrollLeft > 0", arg=wide.element_handle())


def test_whatever_has_the_focus_is_seen(open_page):
    page = open_page()
    ask(page, SURVIVAL)
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                  const of = (e) => getComputedStyle(e), one = document.activeElement;
                  const drawn = one.matches('.choices input') ? one.nextElementSibling : one;
                  return [one.tagName, parseFloat(of(drawn).outlineWidth)];
                }"""
            )
        )
    assert seen[0][0] == "A", "the link that skips to the content comes first"
    assert [each for each in seen if each[1] < 2] == []


def test_nothing_moves_for_those_who_ask_for_it(open_page):
    page = open_page(reduced_motion="reduce")
    start_assessment(page)
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => {"
        "const s = getComputedStyle(e); return parseFloat(s.transitionDuration) > 0"
        " || s.animationName !== 'none'}).length"
    )
    assert moving == 0


def test_the_sheet_is_saved_from_an_answer_and_from_an_assessment(open_page):
    page = open_page()
    for opened in (lambda: ask(page, CASE), lambda: start_assessment(page)):
        opened()
        with page.expect_download() as saved:
            page.get_by_role("button", name="One page as PDF").click()
        assert saved.value.suggested_filename == "secondline-sheet.pdf"
        assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")


def test_a_diagram_leads_to_its_rules(open_page):
    page = open_page()
    page.goto("/pathways/rhabdomyosarcoma-relapse")
    page.locator(".gives a", has_text="Clinical trial").click()
    page.wait_for_url("**#rule-clinical-trial")
    page.locator("#rule-clinical-trial:target").wait_for()


def test_a_printed_assessment_tells_the_facts_it_was_made_from(open_page):
    page = open_page()
    start_assessment(page)
    with page.expect_response("**/assess"):
        page.locator("#fact-disease_status").select_option("first-relapse")
    page.emulate_media(media="print")
    page.locator(".print-only", has_text="first relapse").wait_for()
    assert not page.locator(".answered, #facts, .missing").first.is_visible()


def test_the_drawing_of_a_hundred_can_be_seen_in_light_and_dark(open_page):
    """Axe leaves contrast inside SVG undecided: a filled figure must stand out 3 to 1."""
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        ask(page, SURVIVAL, "family")
        unfold(page)
        filled, open_, ground = page.evaluate(
            """() => {
              const of = (what, of) => getComputedStyle(document.querySelector(what))[of];
              return [of('.hundred circle.some', 'fill'), of('.hundred circle.rest', 'stroke'),
                      of('.numbers', 'backgroundColor')];
            }"""
        )
        assert contrast(filled, ground) >= 3
        assert contrast(open_, ground) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_forest_plot_can_be_seen_in_light_and_dark(open_page, scheme):
    """Marks and lines stand out 3 to 1, the words of the axis 4.5 to 1, also on a marked row."""
    page = open_page(color_scheme=scheme)
    page.goto(f"{PLOT}&group={RATIOS}")
    colors = page.evaluate(
        """() => {
          const of = (what, of) => getComputedStyle(document.querySelector(what))[of];
          return {mark: of('.forest .mark', 'fill'), line: of('.forest .line', 'stroke'),
                  none: of('.forest .none', 'stroke'), words: of('.forest text', 'fill'),
                  ground: getComputedStyle(document.documentElement).backgroundColor,
                  marked: of('.forest tr.marked', 'backgroundColor')};
        }"""
    )
    for ground in (colors["ground"], colors["marked"]):
        for part in ("mark", "line", "none"):
            assert contrast(colors[part], ground) >= 3, part
    assert contrast(colors["words"], colors["ground"]) >= 4.5


@pytest.mark.parametrize("width", [1280, 640, 360])
def test_marks_stand_over_the_ticks_of_their_numbers_at_any_width(open_page, width):
    """Measured on the screen: 4.19 is 0.8071 of the way from the tick of 2 to that of 5."""
    page = open_page(viewport={"width": width, "height": 900})
    page.goto(f"{PLOT}&group={RATIOS}")
    two, five, mark, text = page.evaluate(
        """() => {
          const middle = e => { const b = e.getBoundingClientRect(); return b.x + b.width / 2; };
          const tick = words => [...document.querySelectorAll('.forest tfoot text')]
            .find(e => e.textContent === words);
          const mark = document.querySelector('.forest .mark');
          return [middle(tick('2')), middle(tick('5')), middle(mark),
                  parseFloat(getComputedStyle(tick('2')).fontSize)];
        }"""
    )
    assert (mark - two) / (five - two) == pytest.approx(0.8071, abs=0.02)
    assert text >= 12, "words of a drawing do not shrink with it"


def test_the_place_of_a_finding_opens_in_the_panel(open_page):
    page = open_page()
    ask(page, SURVIVAL)
    page.locator(".claim .cite").first.click()
    page.locator("dialog .beside summary").first.click()
    page.locator("dialog .forest .marked").first.wait_for()
    assert page.locator("dialog .forest .mark").count() >= 2
    page.keyboard.press("Escape")
    assert page.url.endswith("/")


def test_a_figure_is_downloaded(open_page):
    page = open_page()
    page.goto(f"{PLOT}&group={RATIOS}")
    with page.expect_download() as given:
        page.get_by_role("button", name="SVG").click()
    assert given.value.suggested_filename == f"{RATIOS}.svg"


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    """Return the relative luminance of WCAG 2 of "rgb(r, g, b)"."""
    parts = [int(part) / 255 for part in color.removeprefix("rgb(").rstrip(")").split(",")]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_on_paper_stands_the_answer_and_nothing_that_is_pressed(open_page):
    page = open_page()
    ask(page, SURVIVAL)
    page.emulate_media(media="print")
    assert page.locator(".claim").first.is_visible()
    assert page.locator(".references").is_visible()
    for gone in (".top nav", ".next", ".copy", ".bar"):
        assert not page.locator(gone).is_visible()


def test_numbers_that_were_not_asked_for_are_not_printed_and_nothing_stays_unfolded(open_page):
    """On paper stands what the family opened; all else unfolds there, and folds again after."""
    page = open_page()
    ask(page, SURVIVAL, "family")
    opened = "[...document.querySelectorAll('details')].map(each => each.open)"
    page.get_by_text("Show the numbers").last.click()
    page.locator("figure.hundred").last.wait_for()
    before = page.evaluate(opened)
    printed = text_of(page.pdf())
    assert "17 of 100" in printed, "these were opened"
    assert "37 of 100" not in printed and "Show the numbers" not in printed
    assert "The numbers were not opened" in printed
    until(page, lambda: page.evaluate(opened) == before)
    page.goto("/about")
    assert page.locator("main details").first.get_attribute("open") is None
    change = page.locator("main details li").first.text_content().split()[:5]
    assert " ".join(change) in text_of(page.pdf())
    until(page, lambda: page.locator("main details[open]").count() == 0)


def test_a_printed_family_answer_fills_its_pages(open_page):
    """The paper of A4 with margins: the words of every page but the last reach its lower third."""
    page = open_page()
    ask(page, "Our child's leukemia came back. What happens now?", "family")
    for numbers in page.get_by_text("Show the numbers").all():
        numbers.click()
    margins = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")
    *full, _last = pages_of(page.pdf(format="A4", margin=margins))
    assert len(full) >= 3
    assert [round(lowest_words(each)) for each in full if lowest_words(each) > 842 / 3] == []


def test_the_key_of_a_hundred_figures_is_printed(open_page):
    page = open_page()
    ask(page, SURVIVAL, "family")
    page.emulate_media(media="print")
    key = page.locator(".key.some").first
    assert key.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"


def pages_of(pdf):
    return pytest.importorskip("pypdf").PdfReader(io.BytesIO(pdf)).pages


def text_of(pdf):
    return " ".join(" ".join(each.extract_text() for each in pages_of(pdf)).split())


def lowest_words(paper):
    """Return how far above the lower edge the lowest words of a page stand, in points."""
    heights = []

    def at(text, place, of_text, *_):
        if text.strip():
            heights.append(of_text[5] * place[3] + place[5])

    paper.extract_text(visitor_text=at)
    return min(heights)


def test_every_essential_path_works_without_scripts(open_page):
    page = open_page(java_script_enabled=False)
    ask(page, SURVIVAL)
    with page.context.expect_page() as opened:
        page.locator(".claim .cite").first.click()
    opened.value.locator("#findings .statement").first.wait_for()
    assert page.locator("#answer").is_visible()
    page.goto("/assess")
    page.get_by_role("button", name="Rhabdomyosarcoma", exact=True).click()
    page.locator(choice("answer", "metastatic_at_diagnosis", "no")).click()
    page.get_by_role("button", name="Answer", exact=True).click()
    assert "Metastatic at diagnosis: no." in page.locator("#answered").inner_text()
