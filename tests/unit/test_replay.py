"""The digest of an answer, its replay, and what differs between two answers."""

import dataclasses
import hashlib
import json
import shutil

import pytest

import secondline
from secondline import desk as door
from secondline.answers.answer import Answer
from secondline.answers.digest import digest_of
from secondline.interfaces import contract
from secondline.library.library import bundled_knowledge

QUESTION = "Is VIT better than VI?"
PATIENT = {
    "disease": "rhabdomyosarcoma",
    "disease_status": "first-relapse",
    "metastatic_at_diagnosis": False,
    "relapse_extent": "local",
}


@pytest.fixture(scope="module")
def answer(desk):
    return desk.ask(QUESTION)


@pytest.fixture(scope="module")
def saved(answer):
    return contract.json_text(answer)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Another edition: one count is corrected, one source was read deeper."""
    folder = tmp_path_factory.mktemp("other") / "knowledge"
    shutil.copytree(bundled_knowledge(), folder)
    for file in folder.glob("statements/**/*.yaml"):
        file.write_text(file.read_text("utf-8").replace('estimate: "44%"', 'estimate: "45%"'))
    source = next(folder.glob("sources/rhabdomyosarcoma.yaml"))
    source.write_text(source.read_text("utf-8").replace("read: abstract", "read: full text"))
    return secondline.open(folder)


def changed(text, **values):
    return json.dumps({**json.loads(text), **values}, ensure_ascii=False, indent=2)


# The digest


def test_the_digest_is_the_sha256_of_the_answer_without_it(answer, saved):
    content = json.loads(saved)
    assert content.pop("digest") == answer.digest
    beside = {"worded_by", "literature"}
    covered = {key: value for key, value in content.items() if key not in beside}
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode("ascii")).hexdigest() == answer.digest


def test_every_key_but_the_digest_is_covered(saved, answer):
    content = json.loads(saved)
    for key in content.keys() - {"digest", "worded_by", "literature"}:
        assert digest_of({**content, key: "other"}) != answer.digest, key
    assert digest_of({**content, "digest": "other"}) == answer.digest


def test_every_detail_of_a_sentence_is_covered(saved, answer):
    for key in ("text", "citations", "statements", "level"):
        content = json.loads(saved)
        content["sections"][0]["sentences"][0][key] = "other"
        assert digest_of(content) != answer.digest, key


def test_a_refusal_has_a_digest_and_odd_characters_do_no_harm(desk):
    assert desk.ask("What dose of vincristine?").digest != desk.ask("What dose of it?").digest
    assert len(desk.ask("VIT \ud800 Münster 🙂?").digest) == 64


# Replay


def test_the_same_bytes_come_out(desk, saved, answer):
    replay = desk.replay(saved)
    assert replay.same
    assert replay.says == "The same bytes come out."
    assert replay.digest == replay.digest_now == answer.digest
    assert replay.differs.same
    assert replay.needs is None


def test_the_layout_of_the_file_does_not_count(desk, saved):
    assert desk.replay(json.dumps(json.loads(saved), sort_keys=True)).same


def test_an_answer_for_a_family_is_replayed_for_a_family(desk):
    assert desk.replay(contract.json_text(desk.ask(QUESTION, reader="family"))).same


def test_an_answer_about_a_patient_needs_the_patient(desk):
    saved = contract.json_text(desk.ask("What are the options?", facts=PATIENT))
    assert desk.replay(saved, facts=PATIENT).same
    without = desk.replay(saved)
    assert not without.same
    assert "give the same file with --patient" in without.says
    headings = {c.before.heading for c in without.differs.sentences if c.kind == "removed"}
    assert "For a patient with these facts" in headings


def test_a_tampered_figure_fails_the_digest_and_is_named(desk, saved):
    replay = desk.replay(saved.replace("44%", "54%"))
    assert not replay.same
    assert replay.altered
    assert "The file was changed after it was printed: it states the digest" in replay.says
    assert "The answer as it was composed comes out again" in replay.says
    figures = {(f.before, f.after) for c in replay.differs.sentences for f in c.figures}
    assert figures == {("54%", "44%")}


def test_a_changed_digest_is_noticed(desk, saved):
    replay = desk.replay(changed(saved, digest="0" * 64))
    assert replay.altered
    assert not replay.same


def test_a_number_that_became_text_is_noticed(desk, saved):
    content = json.loads(saved)
    content["references"][0]["number"] = "1"
    assert desk.replay(json.dumps(content)).altered


def test_another_edition_is_named_and_what_differs_is_shown(saved, other, answer):
    replay = other.replay(saved)
    assert not replay.same
    assert not replay.altered
    assert replay.needs == answer.edition
    assert f"made from edition {answer.edition}, this is edition {replay.edition}" in replay.says
    assert f"folder of edition {answer.edition} with --knowledge" in replay.says
    assert any(c.figures for c in replay.differs.sentences)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("Is VIT better than VI?", "not JSON"),
        ("[1, 2]", "not an answer; save one with"),
        ('"text"', "not an answer; save one with"),
        ('{"disease": "neuroblastoma", "strata": []}', "not an answer; save one with"),
    ],
)
def test_what_is_no_answer_is_refused(desk, text, message):
    with pytest.raises(door.SavedAnswerError, match=message):
        desk.replay(text)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sections": "none"}, "not an answer: sections: 'none' is not a list"),
        ({"reader": "lawyer"}, "not an answer: reader: 'lawyer' is none of"),
        ({"question": 5}, "not an answer: question: 5 is not text"),
        ({"sections": [{"heading": "x", "sentences": [{"text": "y"}]}]}, "it is missing"),
        ({"tone": "kind"}, "another version of secondline: this version does not know its tone"),
    ],
)
def test_an_answer_of_another_shape_is_refused(desk, saved, values, message):
    with pytest.raises(door.SavedAnswerError, match=message):
        desk.replay(changed(saved, **values), name="old.json")


def test_an_answer_of_an_older_contract_is_refused(desk, saved):
    content = json.loads(saved)
    del content["digest"], content["review"]
    with pytest.raises(
        door.SavedAnswerError, match=r"old\.json: .* it has no digest, review\. Use"
    ):
        desk.replay(json.dumps(content), name="old.json")


def test_an_answer_of_endless_sentences_is_refused(desk, saved):
    content = json.loads(saved)
    content["sections"][0]["sentences"] *= 1_001
    with pytest.raises(door.SavedAnswerError, match="more than 1,000 sentences"):
        desk.replay(json.dumps(content))


def test_a_saved_answer_without_a_question_is_refused_as_a_question(desk, saved):
    with pytest.raises(door.QuestionError, match="empty"):
        desk.replay(changed(saved, question=" "))


# Differences


def with_sentences(answer: Answer, change) -> Answer:
    """Return an answer whose longest section holds other sentences."""
    longest = max(answer.sections, key=lambda section: len(section.sentences))
    other = dataclasses.replace(longest, sentences=tuple(change(longest.sentences)))
    return dataclasses.replace(
        answer, sections=tuple(other if each is longest else each for each in answer.sections)
    )


def test_an_answer_does_not_differ_from_itself(answer):
    found = door.diff_answer(answer, answer)
    assert found.same
    assert not (found.sentences or found.reordered or found.references or found.values)


def test_an_added_sentence_is_removed_in_the_other_direction(answer):
    shorter = with_sentences(answer, lambda sentences: sentences[1:])
    removed = door.diff_answer(answer, shorter)
    added = door.diff_answer(shorter, answer)
    assert [change.kind for change in removed.sentences] == ["removed"]
    assert [change.kind for change in added.sentences] == ["added"]
    assert added.sentences[0].after == removed.sentences[0].before
    assert not removed.reordered


def test_a_sentence_that_reads_otherwise_is_changed_with_its_figures(answer):
    def reword(sentences):
        for sentence in sentences:
            text = sentence.text.replace("44% (24 of 55)", "45.5% (25 of 55)")
            yield dataclasses.replace(sentence, text=text)

    changes = door.diff_answer(answer, with_sentences(answer, reword)).sentences
    assert {(change.kind, change.differs) for change in changes} == {("changed", ("text",))}
    assert {(f.before, f.after) for c in changes for f in c.figures} == {("44% 24", "45.5% 25")}


def test_another_level_and_other_sources_are_changes(answer):
    def regrade(sentences):
        first, *rest = sentences
        return [dataclasses.replace(first, level="9z", citations=()), *rest]

    (change,) = door.diff_answer(answer, with_sentences(answer, regrade)).sentences
    assert change.differs == ("level", "sources")
    assert change.figures == ()


def test_another_order_is_told_and_nothing_else(answer):
    found = door.diff_answer(answer, with_sentences(answer, reversed))
    assert found.reordered
    assert not found.same
    assert found.sentences == ()


def test_a_section_that_is_empty_is_not_the_same(answer):
    emptied = dataclasses.replace(
        answer, sections=(*answer.sections, dataclasses.replace(answer.sections[0], sentences=()))
    )
    assert door.diff_answer(answer, emptied).reordered


def test_a_refusal_is_a_change_of_the_answer(answer):
    refused = dataclasses.replace(answer, abstained=True, reason="Not for software.", sections=())
    found = door.diff_answer(answer, refused)
    assert [(v.name, v.after) for v in found.values] == [
        ("abstained", True),
        ("reason", "Not for software."),
    ]
    assert {change.kind for change in found.sentences} == {"removed"}


def test_standing_is_compared(answer):
    submitted = answer.review["submitted"]
    approved = dataclasses.replace(
        answer, review={"submitted": 0, "under review": 0, "approved": submitted}
    )
    found = door.diff_answer(answer, approved).standing
    assert [(v.name, v.before, v.after) for v in found] == [
        ("submitted", submitted, 0),
        ("approved", 0, submitted),
    ]


def test_two_editions_differ_in_figures_and_references(answer, other):
    found = door.diff_answer(answer, other.ask(QUESTION))
    assert {(f.before, f.after) for c in found.sentences for f in c.figures} == {("44%", "45%")}
    read = {v.name: v.after for r in found.references for v in r.values}
    assert set(read) == {"read"}
    assert found.editions == (answer.edition, other.library.edition)
    assert not found.reordered


def test_a_tampered_file_is_named(answer, saved):
    found = door.diff_answer(saved.replace("44%", "54%"), answer, ("old.json", "new"))
    assert found.altered == ("old.json",)
