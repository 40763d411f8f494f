"""A finding is located by the sentence that prints its figures in their roles and speaks of it."""

import re
from dataclasses import replace

import pytest
from msgspec import structs

from secondline.domain.evidence import Citation, Finding, Source, Statement
from secondline.library.printed_figures import read, wanted
from secondline.literature.passages import plain_text
from secondline.literature.records import Cited, Document, Section
from secondline.surveillance.locating import Locator, Pages

PAPER = Source(id="paper", kind="cohort", title="A paper", pmid="222", read="abstract")
SUMMARY = Source(
    id="pdq-2031-summary",
    kind="evidence summary",
    title="S: Treatment of Relapse",
    read="full text",
)
FILLER = "Other diseases are told of elsewhere. " * 150
FINDING = Finding(group="all", endpoint="overall survival", estimate="62%", timepoint="5 years")
TRUE = "In relapsed invented sarcoma the 5-year OS rate was 62%.[2]"


def said(*findings, via="pdq-2031-summary"):
    return Statement(
        id="s",
        topic="outcome",
        says="Invented.",
        population="patients with relapsed invented sarcoma",
        setting="relapse",
        study="INV-1",
        findings=findings,
        citation=Citation(source="paper", via=via),
    )


def summary(*paragraphs, heading=("Treatment of Relapse",)):
    references = tuple(
        Cited(anchor=str(n), heading=heading[:1], text="R", pmid=str(n) * 3) for n in (1, 2, 62)
    )
    return Document(
        id="pdq:summary",
        kind="evidence summary",
        title="A summary",
        body=(Section(heading=heading, text="\n".join((*paragraphs, FILLER))),),
        references=references,
    )


@pytest.fixture
def locator(library):
    sources = {**library.sources, PAPER.id: PAPER, SUMMARY.id: SUMMARY}
    return Locator(replace(library, sources=sources))


@pytest.fixture
def located(locator):
    """Return the sentence of the first finding, "ambiguous", or None."""

    def locate(document, *findings, via="pdq-2031-summary"):
        found = locator.locate(said(*findings, via=via), Pages(document)).get(1)
        if found is None:
            return None
        return "ambiguous" if found.ambiguous else plain_text(document)[found.start : found.end]

    return locate


def test_the_sentence_that_prints_the_figure_of_the_paper_is_found(located):
    assert located(summary("Before it.[1]", TRUE, "After it.[1]"), FINDING) == TRUE


@pytest.mark.parametrize(
    "trap",
    [
        "In relapsed invented sarcoma the 5-year OS rate was poor.[62]",
        "In relapsed invented sarcoma the 5-year OS rate was poor.[1,2,60-62]",
        "In relapsed invented sarcoma the 5-year OS rate was poor.⁶² It was seen.[2]",
        "The 5-year OS of patients up to 62 years of age was poor.[2]",
        "After 62 Gy the 5-year OS was poor (Table 62).[2]",
        "After 62 mg/m2 the 5-year OS was poor in 1962.[2]",
        "In 62 patients the 5-year OS was poor.[2]",
        "The 5-year event-free survival rate was 62%.[2]",
        "The 5-year EFS rate was 62% and the OS rate was poor.[2]",
        "The 2-year OS rate was 62%.[2]",
        "Of the patients, 62% were male.[2]",
        "The 5-year OS rate was more than 62%.[2]",
        "The 5-year OS rate was 62% in another population.[1]",
        "The 5-year OS rate was 62% in a paper that is not named.",
        "The 5-year OS rate was 50% to 62%.[2]",
    ],
)
def test_a_number_in_another_role_is_no_figure(located, trap):
    assert located(summary("Before it.[1]", trap), FINDING) is None
    assert located(summary(trap, "Between.[1]", TRUE), FINDING) == TRUE


@pytest.mark.parametrize("anchor", ["²", "[2]", "2."])
@pytest.mark.parametrize("mark", ["[2]", "[1]–[2]", "[1]-[3]", "[1–3]"])
def test_a_raised_number_of_a_reference_is_its_number(located, anchor, mark):
    told = summary(TRUE.replace("[2]", mark))
    marked = [
        structs.replace(each, anchor=anchor) if each.anchor == "2" else each
        for each in told.references
    ]
    (found,) = {located(structs.replace(told, references=tuple(marked)), FINDING)}
    assert found == TRUE.replace("[2]", mark)


@pytest.mark.parametrize("anchor", ["①", "½", "a", "", "9" * 5000])
def test_no_label_of_a_reference_and_no_mark_fails(anchor):
    told = summary(f"Senseless.[{'9' * 5000}] Told.[2]")
    named = structs.replace(told, references=(*told.references, Cited(anchor=anchor, pmid="5")))
    assert Pages(named).paragraphs[0].cites == Pages(told).paragraphs[0].cites


def test_two_places_as_good_are_ambiguous(located):
    other = "Again, in relapsed invented sarcoma, the 5-year OS rate was 62%.[2]"
    assert located(summary(TRUE, "Between.[1]", other), FINDING) == "ambiguous"


def test_items_below_a_citation_tell_of_the_paper_cited(located):
    item = "The 5-year OS rate was 62%."
    assert located(summary("A trial was reported.[2]", item), FINDING) == item
    assert located(summary("A trial was reported.[2]", "Another.[1]", item), FINDING) is None


def test_a_source_that_is_a_section_is_looked_for_there_alone(located):
    told = summary(TRUE)
    elsewhere = Section(heading=("Treatment of Others",), text=TRUE)
    listed = tuple(
        structs.replace(each, heading=("Treatment of Others",)) for each in told.references
    )
    both = structs.replace(
        told, body=(elsewhere, *told.body), references=(*listed, *told.references)
    )
    found = located(both, FINDING)
    assert found == TRUE
    empty = structs.replace(both, body=(elsewhere, summary("Nothing.[2]").body[0]))
    assert located(empty, FINDING) is None


def test_findings_of_one_statement_stand_near_each_other(located):
    others = [replace(FINDING, group="all", estimate=f"{n}%") for n in (41, 42)]
    near = "The 5-year OS rates were 41%, 42%, and 62%.[2]"
    told = summary(near)
    far = Section(heading=("Treatment of Relapse", "Far"), text=TRUE)
    assert located(structs.replace(told, body=(far, *told.body)), FINDING, *others) == near


def test_a_stage_of_another_group_is_not_its_stage(located):
    finding = replace(FINDING, group="stage 1")
    assert located(summary("In stage 2B the 5-year OS rate was 62%.[2]"), finding) is None
    own = "In stage I the 5-year OS rate was 62%.[2]"
    assert located(summary(own), finding) == own


@pytest.mark.parametrize(
    ("finding", "text", "found"),
    [
        ({"events": 5, "n": 24, "estimate": None}, "Response: the OS of 5 of 24 patients.", True),
        ({"events": 5, "n": 24, "estimate": None}, "OS of 5 months in 24 trials.", False),
        ({"interval": "40-80", "interval_kind": "CI"}, "OS 62% (95% CI, 40%–80%).", True),
        ({"interval": "40-80", "interval_kind": "CI"}, "OS 62% at age 40-80 years.", False),
        ({"interval": "40-80", "interval_kind": "CI"}, "OS 62% (95% CI, 40%–81%).", False),
        ({"p_value": ".09"}, "OS 62%, P = .09.", True),
        ({"p_value": ".09"}, "OS 62%, P < .09.", False),
        ({"estimate": "0.62", "effect": "HR"}, "OS was better (HR, 0.62).", True),
        ({"estimate": "0.62", "effect": "HR"}, "OS was better at 0.62 mg.", False),
    ],
)
def test_in_an_abstract_figures_are_known_by_their_sort(located, finding, text, found):
    record = Document(
        id="pubmed:222",
        kind="citation",
        pmid="222",
        title="A paper",
        abstract=(Section(text=f"Methods were used. {text} It ended."),),
    )
    changed = replace(FINDING, timepoint=None, **finding)
    assert located(record, changed, via=None) == (text if found else None)


def test_in_a_paper_the_results_of_others_are_not_its_own(located):
    paper = Document(
        id="pmc:1",
        kind="full text",
        pmid="222",
        title="A paper",
        body=(Section(heading=("Discussion",), text=f"The 5-year OS was 62%.[7]\n{FILLER}"),),
    )
    assert located(paper, FINDING, via=None) is None
    own = structs.replace(
        paper, body=(Section(heading=("Results",), text="The 5-year OS was 62%."),)
    )
    assert located(own, FINDING, via=None) == "The 5-year OS was 62%."


def test_without_its_figure_no_finding_of_the_library_keeps_its_place(library):
    """Every finding is told in an invented abstract, then with one digit of it exchanged."""
    locator, told = Locator(library), 0
    for statement in library.statements.values():
        finding = next(iter(statement.findings), None)
        figures = wanted(finding) if finding else None
        if not finding or not figures or not re.search(r"\d", finding.estimate or ""):
            continue
        place = statement.citation.via or statement.citation.source
        source = library.sources[place]
        n = f" in {finding.n} patients" if finding.n else ""
        text = f"In {finding.group}, {finding.endpoint} was {finding.estimate}{n}."
        alone = replace(finding, interval=None, interval_kind=None, p_value=None, events=None)
        one = replace(statement, findings=(replace(alone, coverage=None),))

        def places(words, one=one, source=source):
            section = Section(text=words)
            page = Document(id="x", kind="text", pmid=source.pmid, title="T", abstract=(section,))
            return locator.locate(one, Pages(page))

        if not places(text):
            continue
        told += 1
        digit = next(each for each in finding.estimate if each.isdigit())
        wrong = finding.estimate.replace(digit, str((int(digit) + 3) % 10))
        changed = text.replace(f"was {finding.estimate}", f"was {wrong}")
        assert places(changed) == {}, (statement.id, changed)
    assert told > 100


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It was seen.[62]", []),
        ("It was seen in 1962, in stage 4 and grade 3.", []),
        ("On April 12 and at age 15, Table 3.", []),
        ("It was seen in 24.", [24.0]),
    ],
)
def test_labels_years_and_marks_are_not_read(text, numbers):
    assert [value for value, _ in read(text).numbers] == numbers
