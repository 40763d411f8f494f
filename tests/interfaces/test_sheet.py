"""The sheet: one page, nothing lost silently, the same bytes, and hostile text as text."""

import hashlib
import io
import json
import re
import struct
import subprocess
import sys
from dataclasses import replace
from typing import get_args

import pytest
from pypdf import PdfReader

from command import failed, run
from secondline.desk import Desk
from secondline.domain.pathways import Role
from secondline.domain.references import ReferenceList
from secondline.interfaces.sheet.answer_sheet import answer_sheet
from secondline.interfaces.sheet.assessment_sheet import ROLES, assessment_sheet
from secondline.interfaces.sheet.characters import LETTERS, SIGNS, printable
from secondline.interfaces.sheet.content import Block, Entry, Piece, Sheet
from secondline.interfaces.sheet.fitting import left_out, page_of
from secondline.interfaces.sheet.typesetting import Typeset
from secondline.library.review_log import LogHead

DISEASES = (
    "rhabdomyosarcoma",
    "soft-tissue-sarcoma",
    "neuroblastoma",
    "acute-lymphoblastic-leukemia",
)
FACTS = {
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "histology": "alveolar",
    "relapse_extent": "metastatic",
    "diagnosis_to_relapse_months": 10,
    "relapse_confirmed_by_biopsy": {"unknown": "pending"},
    "prior_therapies": ["vincristine", "dactinomycin", "ifosfamide"],
}
HOSTILE = (
    '#panic("x") *b* $1/0$ \\u{202e} <pages> `raw` #import "/etc/passwd" // é \u202e\x07 中文\ud800'
)


def text_of(pdf):
    """Return the words of the only page, whatever the lines."""
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(page.extract_text().replace("\u200b", "").split())


def sheet_of(desk, facts, paper="a4"):
    return Typeset(assessment_sheet(desk.assess(facts), facts, desk), paper)


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def extremes(library):
    """Return of every disease the invented patients of whom most and fewest facts are recorded."""
    by_disease = {}
    for case in library.cases.values():
        if case.facts.get("disease") in library.assessed:
            by_disease.setdefault(case.facts["disease"], []).append(case.facts)
    return {
        disease: (max(all_, key=len), min(all_, key=len)) for disease, all_ in by_disease.items()
    }


# One page


@pytest.mark.parametrize("disease", DISEASES)
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_fullest_and_the_sparsest_patient_get_one_page(desk, extremes, disease, paper):
    for facts in extremes[disease]:
        pdf = sheet_of(desk, facts, paper).written()
        (page,) = PdfReader(io.BytesIO(pdf)).pages
        width, height = map(float, (page.mediabox.width, page.mediabox.height))
        expected = {"a4": (595.3, 841.9), "letter": (612, 792)}[paper]
        assert (width, height) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("short", range(8))
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_long_facts_have_lines_of_their_own_beside_any_number_of_short_ones(desk, short, paper):
    few = {
        "histology": "alveolar", "relapse_extent": "metastatic", "metastatic_at_diagnosis": False,
        "diagnosis_to_relapse_months": 10, "age_years": 9, "age_at_diagnosis_years": 8,
        "prior_radiotherapy": True,
    }  # fmt: skip
    drugs = ["vincristine", "dactinomycin", "ifosfamide", "cyclophosphamide", "doxorubicin"]
    facts = {"disease": "rhabdomyosarcoma", **dict(list(few.items())[:short])}
    text = text_of(sheet_of(desk, facts | {"prior_therapies": drugs}, paper).written())
    assert all(drug in text for drug in drugs)


def test_codes_are_on_the_sheet_as_the_field_writes_them(desk):
    facts = {
        "disease": "acute-lymphoblastic-leukemia", "relapse_sites": ["cns"],
        "genetics": ["etv6-runx1", "kmt2a-rearranged"], "date_of_relapse": "2024-05-17",
        "mrd_end_of_reinduction_fraction": 0.00005,
    }  # fmt: skip
    text = text_of(sheet_of(desk, facts).written())
    for told in (
        "sites of relapse: CNS",
        "genetic findings: ETV6-RUNX1, KMT2A-rearranged",
        "date of relapse: 2024-05-17",
        "as a fraction: 0.00005",
    ):
        assert told in text


@pytest.mark.parametrize("reader", ["clinician", "family"])
@pytest.mark.parametrize(
    "question", ["What are the options?", "Is VIT better than VI?", "How much vincristine per kg?"]
)
def test_an_answer_gets_one_page_with_its_digest(desk, reader, question):
    answer = desk.ask(f"{question} Relapsed rhabdomyosarcoma.", reader=reader)
    text = text_of(Typeset(answer_sheet(answer, desk), "letter").written())
    assert question in text
    assert answer.digest[:16] in text
    assert answer.edition in text
    assert answer.disclaimer in text
    assert not answer.reason or answer.reason in text
    for asked in answer.visit_questions:
        assert asked in text


def test_the_checkpoint_of_the_review_stands_whole_on_the_sheets_of_its_edition(desk):
    facts = {"disease": "rhabdomyosarcoma"}
    answer = desk.ask("Is VIT better than VI? Relapsed rhabdomyosarcoma.")
    assert "Checkpoint" not in text_of(sheet_of(desk, facts).written()), "nothing was reviewed"
    log = LogHead(size=12, root=hashlib.sha256(b"a log").hexdigest())
    reviewed = Desk(replace(desk.library, log=log))
    told = squeezed(f"Checkpoint of the review: 12 entries, root {log.root}.")
    assert told in squeezed(text_of(sheet_of(reviewed, facts).written()))
    assert told in squeezed(text_of(Typeset(answer_sheet(answer, reviewed), "a4").written()))
    other = Desk(replace(reviewed.library, edition="another"))
    assert told not in squeezed(text_of(Typeset(answer_sheet(answer, other), "a4").written()))


# What stands on it


def test_the_sheet_shows_facts_strata_options_outlook_cautions_and_what_is_unknown(desk):
    assessment = desk.assess(FACTS)
    text = squeezed(text_of(sheet_of(desk, FACTS).written()))
    for label, value in desk.given(FACTS):
        assert squeezed(f"{label}: {value}") in text
    assert "relapseconfirmedbybiopsy:pending" in text
    for stratum in assessment.strata:
        if stratum.truth == "met":
            assert squeezed(stratum.label) in text
    for option in assessment.options:
        if option.verdict == "eligible":
            assert squeezed(option.label) in text
    figure = next(each for each in assessment.outlook if each.applies == "met")
    assert squeezed(f"{figure.estimate} ({figure.interval})") in text
    assert squeezed(figure.population) in text
    warnings = [each.text for each in assessment.cautions if not each.text.startswith("May apply")]
    assert squeezed(warnings[0]) in text
    assert squeezed(f"{assessment.missing[0].label} would help to decide") in text
    assert assessment.edition in text
    assert squeezed("Submitted means that no clinician has reviewed these words yet") in text
    assert squeezed(assessment.disclaimer) in text
    assert "Advisedagainst" in text


def test_every_reference_that_is_cited_is_listed_and_no_other(desk):
    sheet = assessment_sheet(desk.assess(FACTS), FACTS, desk)
    for steps in (0, 20, len(sheet.order)):
        page = page_of(sheet, steps, "a4", 8.0)
        cited = set()
        for block in page["blocks"]:
            for group in block["groups"]:
                for entry in group["entries"]:
                    for piece in entry["pieces"]:
                        for run_ in filter(None, piece["citations"].split(", ")):
                            first, _, last = run_.partition("–")
                            cited |= set(range(int(first), int(last or first) + 1))
        assert {int(reference["number"]) for reference in page["references"]} == cited


def test_references_are_told_apart_and_hold_no_remarks_of_editors(library):
    """A board prints many summaries in a year: the title tells which; its name would not."""
    cited = ReferenceList()
    numbers = cited.cite(library.sources.values())
    entry = Entry((Piece("", numbers),))
    sheet = Sheet(
        "Tumor-board sheet", "A", (), (Block("Options", (entry,), "option", "options"),),
        ((0, 0),), cited.references(), "secondline assess", "", "Edition 0.", "No device.",
    )  # fmt: skip
    printed = [each["text"] for each in page_of(sheet, 1, "a4", 8.0)["references"]]
    kinds = [each.kind for each in cited.references()]
    pairs = zip(printed, kinds, strict=True)
    summaries = [text for text, kind in pairs if kind == "evidence summary"]
    assert len(set(summaries)) == len(summaries)
    assert not [text for text in printed if re.search(r"authors not|[a-z)]\.\.(?!\.)", text)]


def test_contradictions_in_the_facts_are_on_the_sheet(desk):
    facts = {**FACTS, "relapse_extent": "local", "isolated_lung_metastases": True}
    assessment = desk.assess(facts)
    assert assessment.conflicts
    text = squeezed(text_of(sheet_of(desk, facts).written()))
    assert squeezed(assessment.conflicts[0]) in text


def test_every_role_has_its_name():
    assert set(ROLES) == set(get_args(Role))


# What has no room


def test_what_is_shown_and_what_is_left_out_are_everything_at_every_step(desk):
    sheet = assessment_sheet(desk.assess(FACTS), FACTS, desk)
    assert list(left_out(sheet, len(sheet.order))) == []
    for steps in range(0, len(sheet.order), 7):
        told = {line.split(": ")[0]: line for line in left_out(sheet, steps)}
        shown = set(sheet.order[:steps])
        for number, block in enumerate(sheet.blocks):
            absent = sum(
                entry.weight
                for place, entry in enumerate(block.entries)
                if (number, place) not in shown
            )
            if absent:
                assert re.search(
                    rf": {absent} (more )?({block.one}|{block.many})\b", told[block.heading]
                )


def test_the_sheet_says_what_it_has_no_room_for_and_where_it_is(desk, extremes):
    page = sheet_of(desk, extremes["acute-lymphoblastic-leukemia"][0])
    text = squeezed(text_of(page.written()))
    assert page.left_out
    for line in page.left_out:
        assert squeezed(line.partition(": ")[2]) in text
    assert squeezed("see secondline assess") in text


def test_an_option_keeps_its_mark_when_the_words_of_its_caution_have_no_room():
    entry = Entry((Piece("", (1,), "Option"), Piece("Mind: a caution")), cautioned=True)
    sheet = Sheet(
        "Tumor-board sheet", "A", (), (Block("Options", (entry,), "option", "options"),),
        ((0, 0), (0, 0)), (), "secondline assess", "", "Edition 0.", "No device.",
    )  # fmt: skip
    (block,) = page_of(sheet, 1, "a4", 8.0)["blocks"]
    assert block["groups"][0]["entries"][0]["cautioned"]
    assert block["left"] == "1 option shortened: see secondline assess."
    assert list(left_out(sheet, 0)) == ["Options: 1 option"]


def test_what_is_left_out_is_counted_once_where_all_of_it_is_of_one_group():
    entries = tuple(Entry((Piece("", (), name),), group="Not eligible") for name in "AB")
    opened = Entry((Piece("", (), "C"),), group="Open")
    for more, told in (
        ((), "2 options (not eligible)"),
        ((opened,), "3 options (2 not eligible; 1 open)"),
    ):
        block = Block("Options", (*entries, *more), "option", "options")
        sheet = Sheet("Sheet", "A", (), (block,), (), (), "assess", "", "", "")
        assert list(left_out(sheet, 0)) == [f"Options: {told}"]


def test_a_point_of_an_answer_is_never_cut(desk):
    sheet = answer_sheet(desk.ask("What are the options in relapsed rhabdomyosarcoma?"), desk)
    assert all(entry.steps == 1 for block in sheet.blocks for entry in block.entries)


def test_what_stands_on_every_sheet_must_have_room(desk):
    sheet = assessment_sheet(desk.assess(FACTS), FACTS, desk)
    with pytest.raises(ValueError, match="longer than a page"):
        Typeset(replace(sheet, disclaimer="word " * 20_000), "a4")


# The same bytes, for every reader


def test_the_same_patient_gives_the_same_bytes_in_another_process(desk, tmp_path):
    path = tmp_path / "patient.json"
    path.write_text(json.dumps({"facts": FACTS}))
    process = run("sheet", str(path), "-o", str(tmp_path / "sheet.pdf"))
    assert process.returncode == 0
    assert (tmp_path / "sheet.pdf").read_bytes() == sheet_of(desk, FACTS).written()


def test_the_pdf_is_tagged_and_says_so_and_names_no_day(desk):
    reader = PdfReader(io.BytesIO(sheet_of(desk, FACTS).written()))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a PDF object, no bool
    assert root["/Lang"].startswith("en")
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Tumor-board sheet: Rhabdomyosarcoma"
    assert reader.metadata.creation_date is None


# Hostile text


def test_hostile_facts_are_text(desk):
    facts = {**FACTS, "prior_therapies": ["vincristine", HOSTILE, "x" * 5_000]}
    text = text_of(sheet_of(desk, facts).written())
    assert '#panic("x") *b* $1/0$' in text
    assert "[U+202E]" in text
    assert "[U+0007]" in text
    assert "[U+4E2D]" in text
    assert "[U+D800]" in text
    assert "more characters are left out" in text


def test_a_hostile_question_is_text(desk):
    text = text_of(
        Typeset(answer_sheet(desk.ask("#panic() *VIT* or $VI$ \u202e?"), desk), "a4").written()
    )
    assert "#panic() *VIT* or $VI$ [U+202E]?" in text


def test_every_fact_of_the_vocabulary_at_once_fits_one_page(desk):
    facts = {
        fact.name: {"unknown": "asked-none-found"}
        for fact in desk.library.facts.values()
        if fact.name != "disease"
    }
    text_of(sheet_of(desk, {**facts, "disease": "neuroblastoma"}).written())


def test_every_character_that_is_printed_has_a_glyph(desk):
    """PDF/UA refuses a character without a glyph, so that one page with all of them is the proof."""
    letters = [chr(code) for first, last in LETTERS for code in range(first, last + 1)]
    every = " ".join([*letters, *sorted(SIGNS)])
    sheet = assessment_sheet(desk.assess(FACTS), FACTS, desk)
    bold = Entry((Piece(every, lead=every),), group=every)
    block = Block(every, (bold,), "a", "b", note=every)
    made = Typeset(replace(sheet, blocks=(block,), order=((0, 0),), references=()), "a4")
    assert made.left_out == ()
    assert "[U+" not in printable(every)


# The command


def test_a_saved_answer_gives_the_sheet_that_asking_gave(tmp_path):
    asked, saved, again = (str(tmp_path / name) for name in ("a.pdf", "a.json", "b.pdf"))
    process = run("ask", "Is VIT better than VI?", "--json", "--sheet", asked)
    assert process.returncode == 0
    (tmp_path / "a.json").write_bytes(process.stdout)
    assert run("sheet", "--answer", saved, "-o", again).returncode == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_the_facts_that_a_question_was_asked_with_are_on_its_sheet(desk, tmp_path):
    path = tmp_path / "patient.json"
    path.write_text(json.dumps({"facts": FACTS}))
    sheet = str(tmp_path / "a.pdf")
    assert run("ask", "Which options?", "--patient", str(path), "--sheet", sheet).returncode == 0
    assert "histology: alveolar" in text_of((tmp_path / "a.pdf").read_bytes())


def test_an_altered_answer_gets_no_sheet(desk, tmp_path):
    answer = json.loads(run("ask", "Is VIT better than VI?", "--json").stdout)
    answer["sections"][0]["sentences"][0]["text"] = "VIT cures."
    (tmp_path / "a.json").write_text(json.dumps(answer))
    process = run("sheet", "--answer", str(tmp_path / "a.json"), "-o", str(tmp_path / "a.pdf"))
    failed(process, 3, "changed after it was printed")
    assert not (tmp_path / "a.pdf").exists()


def test_what_is_no_pdf_is_not_replaced(tmp_path):
    path = tmp_path / "patient.json"
    path.write_text(json.dumps({"facts": FACTS}))
    failed(run("sheet", str(path), "-o", str(path)), 2, "exists and is no PDF; name another file")
    assert json.loads(path.read_text()) == {"facts": FACTS}
    missing = str(tmp_path / "no" / "sheet.pdf")
    failed(run("sheet", str(path), "-o", missing), 2, "cannot be written: No such file")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("-o", "x.pdf"), 2, "give a patient file, or a saved answer with --answer"),
        (("-", "--answer", "-", "-o", "x.pdf"), 2, "give a patient file, or a saved answer"),
        (("-", "-o", "x.pdf", "--paper", "a3"), 2, "a4"),
        (("-",), 2, "output"),
        (("-", "-o", "x.pdf"), 3, "the patient is not JSON"),
    ],
)
def test_wrong_use_is_told(arguments, code, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    process = run("sheet", *arguments)
    assert process.returncode == code
    assert message in process.stderr.decode()
    assert b"Traceback" not in process.stderr


def test_a_sheet_as_a_picture_is_the_one_page_in_its_paper(desk):
    """A4 and Letter at 150 pixels an inch: what the page shows, for those who cannot show a PDF."""
    for paper, inches in (("a4", (210 / 25.4, 297 / 25.4)), ("letter", (8.5, 11))):
        page = sheet_of(desk, FACTS, paper)
        png = page.written("png")
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        size = struct.unpack(">II", png[16:24])
        assert size == pytest.approx([150 * side for side in inches], abs=1)
        assert png == page.written("png")
    other = sheet_of(desk, {"disease": "neuroblastoma"}).written("png")
    assert other != sheet_of(desk, FACTS).written("png")


def test_without_the_typesetting_library_the_message_names_the_extra(tmp_path):
    program = (
        "import sys; sys.modules['typst'] = None;"
        "from secondline.interfaces.cli.app import app, run;"
        "sys.exit(run(lambda: app(sys.argv[1:], exit_on_error=False, print_error=False)))"
    )
    words = ["sheet", "-", "-o", str(tmp_path / "sheet.pdf")]
    process = subprocess.run(
        [sys.executable, "-c", program, *words],
        input=json.dumps({"facts": FACTS}).encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    failed(process, 2, "pip install 'secondline[sheet]'")


@pytest.mark.parametrize("name", ["sheet.png", "sheet.SVG", "sheet.jpeg"])
def test_a_pdf_is_not_written_under_the_name_of_a_picture(tmp_path, name):
    stdin = json.dumps({"facts": FACTS}).encode()
    failed(run("sheet", "-", "-o", str(tmp_path / name), stdin=stdin), 2, "name it .pdf")
    assert not list(tmp_path.iterdir())
