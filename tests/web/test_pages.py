"""The pages without JavaScript: every path that matters works by links and forms alone."""

import csv
import io
import json
import logging
import re
import sys

import pytest
from visitor import HERE, Visitor, value_of, words

from secondline.interfaces.web import citations

ADDRESSES = (
    "/", "/assess", "/evidence", "/evidence?view=findings", "/evidence?view=sources",
    "/evidence?view=plot", "/audit",
    "/pathways", "/about", "/findings?statement=rms-chisholm-cured", "/source/chisholm2011",
)  # fmt: skip
CASE = "8-year-old, marrow relapse of ALL 20 months after diagnosis"
PATIENT = {"fact__disease": "rhabdomyosarcoma", "fact__disease_status": "first-relapse"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_opens_and_loads_nothing_from_elsewhere(visitor, address):
    page = visitor.get(address)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]*)"', page.text)
    assert loaded
    assert [each for each in loaded if not each.startswith(("/static/", "data:,"))] == []


@pytest.mark.parametrize("address", (*ADDRESSES, "/nowhere", "/static/style.css"))
def test_every_answer_has_the_security_headers(visitor, address):
    headers = visitor.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_no_page_holds_a_script_or_a_style_of_its_own(visitor):
    """The policy would block them; a page that needs one would be broken."""
    pages = [visitor.get(a).text for a in ADDRESSES]
    pages.append(visitor.post("/", question=CASE).text)
    pages.append(visitor.post("/assess", **PATIENT).text)
    for page in pages:
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:", page)


def test_pages_are_not_kept_by_browsers(visitor):
    assert visitor.post("/", question=CASE).headers["cache-control"] == "no-store"


# Ask


def test_an_answer_shows_its_citations_levels_and_depth_beside_every_sentence(visitor):
    page = visitor.post("/", question="Is VIT better than VI in relapsed rhabdomyosarcoma?")
    assert page.status_code == 200
    claims = re.findall(r'<div class="claim">(.*?)</div>', page.text, re.DOTALL)
    assert claims
    assert all('class="cite" href="/findings?statement=' in claim for claim in claims)
    assert all('class="tag read"' in claim for claim in claims)
    assert any("Level A1" in claim for claim in claims)


def test_a_citation_leads_to_the_finding_with_all_that_is_known_of_it(visitor):
    page = visitor.get("/findings?statement=rms-chisholm-cured")
    told = words(page)
    for part in ("176/474", "37%", "Population 474 children", "part of abstract", "PMID 21357778",
                 "Standing submitted", "Level"):  # fmt: skip
        assert part in told
    assert 'href="https://doi.org/10.1200/JCO.2010.32.1984"' in page.text
    assert 'href="/editorial/statement/rms-chisholm-cured"' in page.text


def test_statements_of_one_source_have_headings_that_tell_them_apart(visitor, desk):
    for source in desk.library.sources.values():
        told = [heading for _, heading in citations.headings(desk.library.citing(source.id))]
        assert len(set(told)) == len(told), source.id
    page = visitor.get("/source/chisholm2011").text
    headings = [words_of(each) for each in re.findall(r"<h3>(.*?)</h3>", page)]
    assert "Chisholm 2011: poor outcome; prior radiotherapy" in headings
    assert len(set(headings)) == len(headings) == len(desk.library.citing("chisholm2011"))


def test_a_table_of_findings_has_no_column_that_nothing_fills(visitor):
    page = visitor.get("/findings?statement=rms-chisholm-cured").text
    (head,) = re.findall(r"<thead.*?</thead>", page, re.DOTALL)
    assert words_of(head) == "Group Endpoint Estimate n/N When"
    (row,) = re.findall(r"<tbody.*?</tbody>", page, re.DOTALL)
    assert len(re.findall(r"<t[hd] ", row)) == len(re.findall("<th ", head))


def test_every_citation_of_an_answer_opens(visitor):
    page = visitor.post("/", question=CASE)
    addresses = set(re.findall(r'class="cite" href="([^"]+)"', page.text))
    assert len(addresses) > 5
    for address in list(addresses)[:20]:
        assert visitor.get(address.replace("&amp;", "&")).status_code == 200


def test_what_was_understood_is_shown_and_can_be_corrected(visitor):
    first = visitor.post("/", question=CASE)
    assert "time from diagnosis to relapse: 20 months" in words(first)
    again = visitor.post(
        "/", conversation=value_of(first.text, "conversation"), again="corrected",
        listed="diagnosis_to_relapse_months", fact__diagnosis_to_relapse_months="40",
    )  # fmt: skip
    assert "time from diagnosis to relapse: 40 months" in words(again)
    assert "time from diagnosis to relapse: 20 months" not in words(again)
    gone = visitor.post(
        "/", conversation=value_of(again.text, "conversation"), again="corrected",
        listed="diagnosis_to_relapse_months", fact__diagnosis_to_relapse_months="",
    )  # fmt: skip
    assert "time from diagnosis to relapse:" not in words(gone)


def test_a_correction_that_cannot_be_read_is_said(visitor):
    first = visitor.post("/", question=CASE)
    page = visitor.post(
        "/", conversation=value_of(first.text, "conversation"), again="corrected",
        listed="age_years", fact__age_years="eight",
    )  # fmt: skip
    assert page.status_code == 422
    assert "is not a number" in words(page)


def test_an_age_that_was_said_in_whole_years_is_shown_as_it_was_said(visitor):
    assert "age now: 8 years 8 year old" in words(visitor.post("/", question=CASE))


def test_a_follow_up_keeps_what_was_said(visitor):
    first = visitor.post("/", question=CASE)
    talked = value_of(first.text, "conversation")
    second = visitor.post("/", question="and what about survival?", conversation=talked)
    assert "acute lymphoblastic leukemia" in words(second)
    assert json.loads(value_of(second.text, "conversation"))["facts"]


def test_the_reader_is_switched_with_one_press_and_nothing_is_asked_again(visitor):
    first = visitor.post("/", question="Survival after relapsed rhabdomyosarcoma")
    talked = value_of(first.text, "conversation")
    page = visitor.post("/", conversation=talked, again="reader", reader="family")
    assert '<body class="family">' in page.text
    assert "Questions for your visit" in words(page)
    assert "Survival after relapsed rhabdomyosarcoma" in words(page)


def test_a_family_presses_for_numbers_and_sees_both_frames_of_one_hundred(visitor):
    page = visitor.post("/", question="Survival after relapsed rhabdomyosarcoma", reader="family")
    shown, _, _ = page.text.partition("Questions for your visit")
    for outside in re.split(r"<details.*?</details>", shown, flags=re.DOTALL):
        assert "of 100" not in outside
    told = words(page)
    assert "17 of 100 children in older studies" in told
    assert "83 of 100 had died" in told
    assert "It is not about your child alone" in told
    (drawn,) = re.findall(r'aria-label="17 of 100.*?</svg>', page.text, re.DOTALL)
    assert (drawn.count('class="some"'), drawn.count('class="rest"')) == (17, 83)


def test_a_refusal_is_a_page_with_its_reason_and_the_next_step(visitor):
    page = visitor.post("/", question="What dose of irinotecan should he get for his relapse?")
    assert page.status_code == 200
    assert "gives no doses" in words(page)
    assert "Ask next" in words(page)


def test_the_answer_can_be_copied_as_text_with_citations(visitor):
    page = visitor.post("/", question="Is VIT better than VI in relapsed rhabdomyosarcoma?")
    text = re.search(r"<textarea id=\"copied\"[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[1]
    assert re.search(r"\[\d+(, \d+)*\]", text)
    assert "REFERENCES" in text and "PMID" in text and "Edition" in text and "not a device" in text


def test_the_web_answers_what_the_desk_answers(visitor, desk):
    question = "Is VIT better than VI in relapsed rhabdomyosarcoma?"
    told = words(visitor.post("/", question=question))
    for section in desk.ask(question).sections:
        assert section.heading in told
        for sentence in section.sentences:
            assert " ".join(sentence.text.split()) in told


# Assess


def test_only_facts_that_matter_for_the_disease_are_asked(visitor, desk):
    page = visitor.post("/assess", fact__disease="neuroblastoma").text
    asked = set(re.findall(r'name="fact\.(\w+)"', page))
    assert asked == {fact.name for fact in desk.asked("neuroblastoma")}


def test_what_is_not_known_stays_not_known(visitor):
    page = visitor.post("/assess", **PATIENT)
    told = words(page)
    assert "What is missing, and what it would change" in told
    assert "metastatic at diagnosis: not recorded" in told
    assert re.search(r"\d+ published figures wait for a fact", told)


def test_a_pending_result_is_an_unknown_with_its_reason(visitor):
    told = words(visitor.post("/assess", **PATIENT, fact__metastatic_at_diagnosis="?pending"))
    assert "metastatic at diagnosis: pending" in told


def test_a_fact_answered_in_place_says_what_it_changed(visitor):
    page = visitor.post("/assess", **PATIENT, answer__metastatic_at_diagnosis="no")
    told = words(page)
    assert "Metastatic at diagnosis: no." in told
    assert re.search(
        r"study population \(localized at diagnosis, first relapse\): unknown → met", told
    )
    checked = re.search(r'name="fact\.metastatic_at_diagnosis" value="no"[^>]*checked', page.text)
    assert checked, "the answer stands in the form now"


def test_results_are_those_of_the_desk(visitor, desk):
    facts = {"disease": "rhabdomyosarcoma", "disease_status": "first-relapse"}
    told = words(visitor.post("/assess", **PATIENT))
    for option in desk.assess(facts).options:
        assert option.label in told


def test_every_option_and_figure_of_an_assessment_shows_how_deep_its_sources_were_read(
    visitor, desk
):
    page = visitor.post("/assess", "/assess", **PATIENT).text
    found = desk.assess({name.removeprefix("fact__"): value for name, value in PATIENT.items()})
    assert page.count('<span class="tag read">') >= len(found.options)
    levels = {
        str(desk.library.statements[id_].level)
        for option in found.options
        for id_ in option.statements
        if desk.library.statements[id_].level
    }
    assert levels and all(f"Level {level}" in page for level in levels)


def test_an_assessment_lists_its_parts_with_how_much_each_holds(visitor, desk):
    """Every part that is listed is there, and all that holds or waits is counted."""
    page = visitor.post("/assess", **PATIENT)
    found = desk.assess({name.removeprefix("fact__"): value for name, value in PATIENT.items()})
    (listed,) = re.findall(r'id="parts".*?</nav>', page.text, re.DOTALL)
    targets = re.findall(r'href="#([^"]+)"', listed)
    assert [each for each in targets if f'id="{each}"' not in page.text] == []
    told = words_of(listed)
    assert f"Missing facts: {len(found.missing)}" in told
    held = sum(stratum.truth == "met" for stratum in found.strata)
    assert f"Strata: {len(found.strata)}, {held} hold" in told
    counted = re.search(r"Options: (.*?) Outlook", told)[1]
    assert sum(map(int, re.findall(r"\d+", counted))) == len(found.options)
    cautions = re.search(r"Cautions: (.*?) References", told)[1]
    assert sum(map(int, re.findall(r"\d+", cautions))) == len(found.cautions)


@pytest.mark.parametrize("reader", ["clinician", "family"])
def test_a_long_answer_lists_its_parts(visitor, reader):
    page = visitor.post("/", question=CASE, reader=reader).text
    (listed,) = re.findall(r'<nav class="contents.*?</nav>', page, re.DOTALL)
    targets = re.findall(r'href="#([^"]+)"', listed)
    assert "references" in targets and ("visit" in targets) == (reader == "family")
    assert [each for each in targets if f'id="{each}"' not in page] == []
    assert page.count('<section class="part') == len(targets) - 1


def test_a_number_may_be_a_range_and_a_list_that_nobody_closed_stays_open(visitor):
    page = visitor.post(
        "/assess", **PATIENT, fact__age_years="8 to 9", fact__prior_therapies="Irinotecan; ICE"
    )
    assert page.status_code == 200
    assert re.search(r'name="fact\.age_years" value="8 to 9"', page.text)
    closed = visitor.post(
        "/assess",
        **PATIENT,
        **{"fact__prior_therapies": "", "fact__prior_therapies__list": "whole"},
    )
    assert "treatments received: not recorded" not in words(closed)


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("age_years", "eight", "is not a number"),
        ("age_years", "800", "lies outside"),
        ("age_years", "9 to 8", "exchange them"),
        ("histology", "<script>alert(1)</script>", "is not one of its codes"),
        ("metastatic_at_diagnosis", "perhaps", "neither true nor false"),
        ("histology", "?nonsense", "is not a reason"),
    ],
)
def test_a_fact_that_cannot_be_read_stops_the_assessment_and_is_named(visitor, fact, value, says):
    page = visitor.post("/assess", **PATIENT, **{f"fact__{fact}": value})
    assert page.status_code == 422
    assert says in words(page)
    assert f'href="#fact-{fact}"' in page.text
    assert "Strata, by scheme" not in page.text
    assert "<script>alert" not in page.text


def test_facts_that_contradict_each_other_are_told(visitor):
    page = visitor.post(
        "/assess", fact__disease="acute-lymphoblastic-leukemia", fact__first_remission_months="30",
        fact__diagnosis_to_relapse_months="20",
    )  # fmt: skip
    assert "These facts contradict each other" in words(page)


def test_what_if_stands_side_by_side(visitor):
    page = visitor.post("/what-if", **PATIENT, answer__metastatic_at_diagnosis="no")
    assert "Side by side" in words(page)
    rows = [words_of(row) for row in re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)]
    assert "metastatic at diagnosis not known no" in rows
    taken = visitor.post("/what-if", **PATIENT, answer__disease_status="?not-recorded")
    rows = [words_of(row) for row in re.findall(r"<tr>(.*?)</tr>", taken.text, re.DOTALL)]
    assert "disease status first relapse not known" in rows


def words_of(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_an_answer_hands_its_facts_to_an_assessment(visitor):
    page = visitor.post("/", question=CASE)
    assert 'name="fact.diagnosis_to_relapse_months" value="20"' in page.text
    assert "Assess a patient with these facts" in page.text


def test_codes_are_written_as_the_field_writes_them(visitor):
    leukemia = {"fact__disease": "acute-lymphoblastic-leukemia"}
    page = visitor.post("/assess", **leukemia, fact__relapse_sites="cns")
    for code, written in (
        ("cns", "CNS"),
        ("etv6-runx1", "ETV6-RUNX1"),
        ("ph-positive", "Ph-positive"),
    ):
        assert re.search(rf'value="{code}"[^>]*><span>{written}</span>', page.text), code
    assert '<option value="b-cell">B-cell</option>' in page.text
    assert "sites of relapse at least CNS" in words(page)


# Links that leave a page which Back cannot bring again


@pytest.mark.parametrize(
    ("address", "fields"), [("/", {"question": CASE}), ("/assess", PATIENT)], ids=["ask", "assess"]
)
def test_links_that_leave_an_answer_open_a_new_tab_and_say_so(visitor, address, fields):
    links = links_of(visitor.post(address, **fields).text)
    for begins in ("/source/", "/findings?", "https://pubmed"):
        leaving = [(tag, says) for tag, says in links if f'href="{begins}' in tag]
        assert leaving, begins
        for tag, says in leaving:
            assert 'target="_blank"' in tag and "noopener" in tag
            assert "opens a new tab" in says


@pytest.mark.parametrize(
    ("address", "fields"),
    [("/", {"question": CASE}), ("/assess", PATIENT), ("/what-if", PATIENT),
     ("/audit", {"text": "In relapsed rhabdomyosarcoma 37% of patients were cured."}),
     ("/evidence", {"words": "irinotecan"})],
    ids=["ask", "assess", "what-if", "audit", "evidence"],
)  # fmt: skip
def test_no_link_to_another_page_takes_away_what_answers_a_form(visitor, address, fields):
    """Also those of the header; parts of the page, downloads and the lists of evidence stay."""
    for tag, says in links_of(visitor.post(address, **fields).text):
        href = re.search(r'href="([^"]*)"', tag)[1]
        if href.startswith(("#", "/export/", "/evidence?view=")):
            continue
        assert 'target="_blank"' in tag and "opens a new tab" in says, tag


def test_links_of_a_page_that_back_brings_again_stay_in_their_tab(visitor):
    for address in ("/source/chisholm2011", "/findings?statement=rms-chisholm-cured", "/evidence"):
        page = visitor.get(address).text
        assert links_of(page) and "_blank" not in page and "new tab" not in page


def links_of(page):
    """Return every link of a page: its tag, and what it says."""
    return re.findall(r"(<a [^>]*>)(.*?)</a>", page, re.DOTALL)


@pytest.mark.parametrize("reader", ["clinician", "family"])
def test_an_answer_tells_its_last_update_and_leads_to_the_editorial_policy(visitor, desk, reader):
    page = visitor.post("/", question=CASE, reader=reader)
    newest = max(source.year or 0 for source in desk.library.sources.values())
    assert f"newest source of this edition is from {newest}." in words(page)
    assert 'href="/about#policy" target="_blank"' in page.text
    assert 'id="policy"' in visitor.get("/about").text


def test_an_assessment_tells_its_last_update_and_leads_to_the_editorial_policy(visitor):
    page = visitor.post("/assess", **PATIENT)
    assert "Last updated: the newest source of this edition is from" in words(page)
    assert 'href="/about#policy" target="_blank"' in page.text


# The sheet


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_an_assessment_and_an_answer_are_printed_on_one_page(visitor, paper):
    pypdf = pytest.importorskip("pypdf")
    talked = value_of(visitor.post("/", question=CASE).text, "conversation")
    for fields in (PATIENT, {"conversation": talked, "reader": "family"}, {"conversation": talked}):
        sheet = visitor.post("/sheet", paper=paper, **fields)
        assert sheet.headers["content-type"] == "application/pdf"
        assert "attachment" in sheet.headers["content-disposition"]
        assert sheet.headers["cache-control"] == "no-store"
        (page,) = pypdf.PdfReader(io.BytesIO(sheet.content)).pages
        assert "not a device" in " ".join(page.extract_text().split())


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422), ({"fact__disease": "measles"}, 422), ({"conversation": "{"}, 400),
        ({"conversation": "{}"}, 400), ({**PATIENT, "paper": "a0"}, 400),
        ({**PATIENT, "fact__age_years": "SECRET"}, 422),
    ],
)  # fmt: skip
def test_a_sheet_of_nothing_is_refused(visitor, fields, status):
    page = visitor.post("/sheet", **fields)
    assert page.status_code == status
    assert "SECRET" not in page.text


def test_without_the_typesetting_library_a_page_says_how_to_install_it(visitor, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    page = visitor.post("/sheet", **PATIENT)
    assert page.status_code == 501
    assert "pip install 'secondline[sheet]'" in words(page)


# Evidence, audit, pathways, about


def test_a_pathway_is_a_diagram_and_its_passages(visitor, desk):
    """Every stratum and option stands in the diagram, and leads to its rule."""
    for id_ in desk.library.pathways:
        page = visitor.get(f"/pathways/{id_}").text
        diagram, _, passages = page.partition('class="passages"')
        linked = re.findall(r'href="#rule-([^"]+)"', diagram)
        drawn = [r.id for r in desk.library.pathways[id_].rules if hasattr(r, "label")]
        assert sorted(linked) == sorted(drawn)
        assert all(f'id="rule-{rule}"' in passages for rule in linked)
        assert page.count("<h1") == 1


def test_the_diagram_names_the_facts_that_are_asked(visitor):
    page = visitor.get("/pathways/rhabdomyosarcoma-relapse")
    (branch,) = re.findall(r'<li class="branch">((?:(?!<li class="branch">).)*Pappo 1999.*?)</ul>',
                           page.text, re.DOTALL)  # fmt: skip
    assert "Asks disease status histology IRSG stage at diagnosis" in words_of(branch)
    assert "For every patient with this disease Clinical trial trial" in words(page)


def test_evidence_is_filtered_and_words_never_stand_in_an_address(visitor, desk):
    page = visitor.post("/evidence", words="irinotecan", disease="rhabdomyosarcoma")
    found = len(desk.find("irinotecan", disease="rhabdomyosarcoma"))
    assert f"{found} statements" in words(page)
    assert not re.search(r'(?:href|action)="[^"]*words=', page.text)
    assert 'method="get"' not in page.text


def test_findings_and_sources_are_listed_page_by_page(visitor):
    first = visitor.get("/evidence?view=findings&disease=neuroblastoma")
    assert "page 1 of" in words(first)
    last = visitor.get("/evidence?view=findings&disease=neuroblastoma&page=99999")
    assert last.status_code == 200 and "Previous page" in words(last)
    assert visitor.get("/evidence?view=sources&read=full%20text").status_code == 200
    assert visitor.get("/evidence?view=none").status_code == 404


def test_exports_are_files(visitor):
    table = visitor.get("/export/findings-csv?disease=neuroblastoma")
    assert "attachment" in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["disease"] for row in rows} == {"neuroblastoma"}
    for form in ("ris", "bibtex", "csl-json"):
        assert visitor.get(f"/export/{form}").status_code == 200
    assert visitor.get("/export/cql").status_code == 404
    assert visitor.get("/export/ris?disease=measles").status_code == 404


def test_a_text_is_audited_claim_by_claim(visitor):
    page = visitor.post(
        "/audit",
        text="In relapsed rhabdomyosarcoma irinotecan causes dehydration in 28.6% of children.",
    )
    told = words(page)
    assert "1 claim. 1 population differs" in told
    assert 'class="cite"' in page.text


def test_what_is_not_judged_of_a_text_is_counted_and_folded_in_its_place(visitor, desk):
    text = (
        "A leaflet\n\nIt rains. In relapsed rhabdomyosarcoma irinotecan causes dehydration in"
        " 28.6% of children. We are glad."
    )
    page = visitor.post("/audit", text=text)
    told = words(page)
    assert desk.audit(text).left_unjudged() in told, "the same words as the command"
    places = [told.index(part) for part in
              ("2 not judged A leaflet It rains.", "irinotecan causes dehydration",
               "1 not judged We are glad.")]  # fmt: skip
    assert places == sorted(places)
    assert page.text.count('<li class="passed-over"><details>') == 2


def test_what_an_audited_page_says_is_data(visitor):
    page = visitor.post(
        "/audit",
        text="<p>In relapsed rhabdomyosarcoma <script>alert(1)</script> VIT is the best regimen"
        " for relapsed rhabdomyosarcoma &lt;img src=x onerror=alert(1)&gt;.</p>",
    )
    assert page.status_code == 200
    assert "<script>alert" not in page.text and "<img" not in page.text


def test_a_text_that_cannot_be_audited_is_said(visitor):
    assert "the text is empty" in words(visitor.post("/audit", text="  "))
    assert visitor.post("/audit", text="\0\1\2").status_code == 422


def test_a_pathway_reads_passage_above_rule(visitor, desk):
    listed = visitor.get("/pathways").text
    for pathway in desk.library.pathways.values():
        assert f"/pathways/{pathway.id}" in listed
        page = visitor.get(f"/pathways/{pathway.id}")
        assert page.text.count('class="rule"') == len(pathway.rules)
    assert "Not formalised, because" in words(visitor.get("/pathways/rhabdomyosarcoma-relapse"))


def test_about_says_what_this_is_not_and_which_edition(visitor, desk):
    told = words(visitor.get("/about"))
    assert "not a device and not a prescription" in told
    assert (
        "no dose for a patient" in told and "as its source prints it: no advice to give it" in told
    )
    assert desk.library.edition in told


# Bad input


def test_a_question_may_hold_anything_and_is_shown_as_text(visitor):
    hostile = "<script>alert(1)</script> {{7*7}} \"'><img src=x onerror=alert(1)> relapsed ALL"
    page = visitor.post("/", question=hostile)
    assert page.status_code == 200
    assert "<script>alert" not in page.text and "<img" not in page.text
    assert "{{7*7}}" in page.text


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "x" * 5000,
        "\0\1",
        "relapse\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_a_question_that_cannot_be_read_is_said_and_the_form_kept(visitor, question):
    page = visitor.post("/", question=question)
    assert page.status_code in {200, 422}
    assert "<form" in page.text


def test_broken_utf_8_is_refused(visitor):
    token = value_of(visitor.get("/").text, "token")
    body = f"token={token}&question=relapse%ff%fe".encode()
    page = visitor.client.post(
        "/", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert page.status_code == 400 and "not UTF-8" in words(page)
    binary = visitor.client.post(
        "/",
        content=bytes(range(256)),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert binary.status_code == 400


def test_a_body_that_is_too_large_is_refused_whatever_it_declares(visitor):
    page = visitor.post("/", question="x" * 300_000)
    assert page.status_code == 413
    form = {"content-type": "application/x-www-form-urlencoded"}
    chunks = (b"question=" + b"x" * 100_000 for _ in range(4))
    assert visitor.client.post("/", content=chunks, headers=form).status_code == 413
    many = b"&".join(b"a=1" for _ in range(3_000))
    assert visitor.client.post("/", content=many, headers=form).status_code == 413


def test_another_type_of_body_is_refused(visitor):
    assert visitor.client.post("/", json={"question": "relapse"}).status_code == 415
    assert visitor.client.post("/assess", files={"a": b"b"}).status_code == 415


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "x" * 5000])
def test_a_form_without_the_token_of_its_browser_is_refused(visitor, token):
    visitor.get("/")
    page = visitor.client.post("/", data={"token": token, "question": "relapse"})
    assert page.status_code == 403
    assert "out of date" in words(page)


def test_a_token_of_another_browser_and_a_form_of_another_site_are_refused(visitor, desk):
    other = Visitor(desk)
    token = value_of(other.get("/").text, "token")
    assert visitor.client.post("/", data={"token": token, "question": "x"}).status_code == 403
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        assert visitor.post("/", question="relapse", headers=headers).status_code == 403
    assert visitor.post("/", question="relapse", headers={"origin": HERE}).status_code == 200


def test_another_name_of_this_machine_is_not_answered(visitor):
    page = visitor.get("/", headers={"host": "elsewhere.example"})
    assert page.status_code == 421
    assert visitor.get("/", headers={"host": "[::1]:8000"}).status_code == 200
    assert visitor.get("/", headers={"host": "localhost:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404), ("/findings", 404), ("/findings?statement=none", 404),
        ("/source/none", 404), ("/pathways/../../etc/passwd", 404), ("/pathways/none", 404),
        ("/static/../pages.py", 404), ("/static/%2e%2e/pages.py", 404), ("/what-if", 405),
    ],
)  # fmt: skip
def test_an_address_that_is_no_page_says_so(visitor, address, status):
    page = visitor.get(address)
    assert page.status_code == status
    assert "passwd" not in page.text and "pages.py" not in page.text


@pytest.mark.parametrize(
    "conversation",
    [
        "{",
        "[]",
        "[" * 5000,
        '{"disease": "measles"}',
        '{"disease": 1, "question": 2, "terms": 3, "facts": 4}',
    ],
)
def test_a_conversation_that_was_tampered_with_is_refused(visitor, conversation):
    page = visitor.post("/", question="and survival?", conversation=conversation)
    assert page.status_code == 400
    assert "cannot be continued" in words(page)


@pytest.mark.parametrize("disease", ["", "measles", "<b>"])
def test_a_patient_without_a_disease_that_is_held_is_not_assessed(visitor, disease):
    assert visitor.post("/assess", fact__disease=disease).status_code == 422
    assert visitor.post("/", question="relapse", reader="judge").status_code == 400


def test_an_error_is_logged_without_what_was_asked(desk, caplog, monkeypatch):
    """A page that fails keeps the patient out of the log and out of the page."""
    visitor = Visitor(desk)
    visitor.client.get("/")

    def broken(*_, **__):
        raise RuntimeError("patient said: SECRET")

    monkeypatch.setattr(type(desk), "converse", broken)
    with caplog.at_level(logging.DEBUG):
        page = visitor.post("/", question="SECRET relapse")
    assert page.status_code == 500
    assert "SECRET" not in page.text and "Nothing of what was sent was kept" in page.text
    assert "RuntimeError" in caplog.text and "SECRET" not in caplog.text


def test_what_is_asked_is_logged_nowhere(visitor, caplog):
    with caplog.at_level(logging.DEBUG):
        visitor.post("/", question="SECRET marrow relapse")
        visitor.post("/assess", **PATIENT, fact__age_years="SECRET")
    ours = [r.getMessage() for r in caplog.records]
    assert [message for message in ours if "SECRET" in message] == []
