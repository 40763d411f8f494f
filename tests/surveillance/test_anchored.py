"""Findings are anchored in the text of their source; the sentence is shown while it stands there."""

import hashlib
from dataclasses import replace

import pytest

from secondline.literature.passages import plain_text
from secondline.surveillance.anchored import kept_anchors, verify_in
from secondline.surveillance.upkeep import Upkeep


@pytest.fixture
def cited(library):
    """A statement with one finding, and its source: a paper with a PMID and a DOI."""
    for statement in library.statements.values():
        source = library.sources[statement.citation.source]
        counted = [f for f in statement.findings if f.events is not None and not f.unanchored]
        if counted and source.pmid and source.doi and not statement.citation.via:
            return replace(statement, findings=(counted[0],)), replace(source, read="abstract")
    raise LookupError


@pytest.fixture
def small(library, cited):
    """The library with this one statement."""
    statement, source = cited
    sources = {**library.sources, source.id: source}
    return replace(library, statements={statement.id: statement}, sources=sources)


@pytest.fixture
def upkeep(small, literature):
    return Upkeep(small, literature)


def told(finding):
    """Return a sentence that prints every figure of a finding."""
    p_value = finding.p_value and f"P {finding.p_value}"
    figures = (finding.estimate, finding.interval, p_value, finding.coverage)
    printed = "; ".join(filter(None, figures)) or "seen"
    counts = f"{finding.events} of {finding.n} patients"
    return f"The {finding.endpoint} of {finding.group} was {printed} ({counts})."


def record(statement, source, **changed):
    text = f"Before it. {told(statement.findings[0])} After it."
    return {"id": "x", "title": "T", "text": text, "pmid": source.pmid, **changed}


def of(verification, statement):
    return [each for each in verification.anchored if each.statement == statement.id]


def test_the_sentence_its_offsets_and_its_hash_are_kept(upkeep, literature, added, cited):
    statement, source = cited
    added([record(statement, source)])
    (anchor,) = of(upkeep.verify(), statement)
    assert anchor.sentence == told(statement.findings[0])
    text = plain_text(literature.document("text:x").document)
    assert text[anchor.start : anchor.end] == anchor.sentence
    assert anchor.sha256 == hashlib.sha256(anchor.sentence.encode()).hexdigest()
    (kept,) = kept_anchors(statement, literature)
    assert kept["sentence"] == anchor.sentence
    assert (kept["document"], kept["start"], kept["end"]) == ("text:x", anchor.start, anchor.end)


@pytest.mark.parametrize("number", ["pmid", "doi", "id"])
def test_a_document_is_known_by_any_of_its_numbers(upkeep, added, cited, number):
    statement, source = cited
    numbers = {"pmid": None, "doi": None, "id": "x", number: getattr(source, number)}
    given = {key: value for key, value in numbers.items() if value}
    added([{**record(statement, source), "pmid": "", **given}])
    assert len(of(upkeep.verify(), statement)) == 1


def test_a_trial_is_known_by_its_registration(small, literature, added, cited):
    statement, source = cited
    sources = {**small.sources, source.id: replace(source, registration="NCT99999999", pmid=None)}
    text = told(statement.findings[0])
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT99999999", "briefTitle": "T"},
            "descriptionModule": {"briefSummary": text},
        }
    }
    assert added([study]).format == "trials"
    found = verify_in(replace(small, sources=sources), literature)
    assert [each.kind for each in of(found, statement)] == ["registry record"]


def test_a_figure_that_is_not_in_the_abstract_that_was_read_is_not_found(upkeep, added, cited):
    statement, source = cited
    added([record(statement, source, text="Nothing of it.")])
    found = upkeep.verify()
    (missing,) = (each for each in found.not_found if each.statement == statement.id)
    assert missing.documents == ("text:x",)
    assert missing.missing
    assert not found.holds


def test_what_was_read_beyond_an_abstract_is_not_missed_in_it(small, literature, added, cited):
    statement, source = cited
    sources = {**small.sources, source.id: replace(source, read="full text")}
    added(
        '<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">'
        f"{source.pmid}</PMID><Article><ArticleTitle>T</ArticleTitle></Article></MedlineCitation>"
        "</PubmedArticle></PubmedArticleSet>"
    )
    found = verify_in(replace(small, sources=sources), literature)
    assert statement.id in {each.statement for each in found.beyond}
    assert found.holds


def test_a_source_of_which_nothing_is_held_is_counted(upkeep):
    found = upkeep.verify()
    assert (found.held, found.anchored, found.not_found) == (0, (), ())
    assert found.not_held == found.findings == 1
    assert found.holds


def test_a_deleted_document_is_no_source(upkeep, added, cited):
    statement, source = cited
    xml = (
        f'<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">{source.pmid}</PMID>'
        f"<Article><ArticleTitle>{told(statement.findings[0])}</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>{}</PubmedArticleSet>"
    )
    added(xml.format(""))
    assert len(of(upkeep.verify(), statement)) == 1
    added(xml.format(f"<DeleteCitation><PMID>{source.pmid}</PMID></DeleteCitation>"))
    (shown,) = kept_anchors(statement, upkeep.literature)
    assert "deleted" in shown["changed"]
    assert of(upkeep.verify(), statement) == []


def test_a_document_that_changed_shows_no_sentence(upkeep, literature, added, cited):
    statement, source = cited
    added([record(statement, source)])
    upkeep.verify()
    added([record(statement, source, title="Another title")])
    (shown,) = kept_anchors(statement, literature)
    assert "no longer prints this sentence" in shown["changed"]
    assert "sentence" not in shown


def test_words_that_changed_show_no_sentence(upkeep, literature, added, cited):
    statement, source = cited
    added([record(statement, source)])
    upkeep.verify()
    (shown,) = kept_anchors(replace(statement, says="Other words."), literature)
    assert "words of the statement changed" in shown["changed"]


def test_what_nlm_issued_comes_before_what_a_user_wrote(upkeep, added, cited):
    statement, source = cited
    figures = told(statement.findings[0])
    added([record(statement, source)])
    added(
        f'<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">{source.pmid}</PMID>'
        f"<Article><ArticleTitle>{figures}</ArticleTitle></Article></MedlineCitation>"
        "</PubmedArticle></PubmedArticleSet>"
    )
    assert [each.kind for each in of(upkeep.verify(), statement)] == ["citation"]


def test_a_text_too_long_to_be_a_source_is_named(upkeep, added, cited):
    statement, source = cited
    added([record(statement, source, text="1 of 2. " * 700_000)])
    found = upkeep.verify()
    assert found.too_long == ("text:x",)
    assert of(found, statement) == []


def test_verifying_again_replaces_what_was_kept(small, literature, upkeep, added, cited):
    statement, source = cited
    added([record(statement, source)])
    upkeep.verify()
    assert len(list(kept_anchors(statement, literature))) == 1
    Upkeep(replace(small, statements={}), literature).verify()
    assert list(kept_anchors(statement, literature)) == []
