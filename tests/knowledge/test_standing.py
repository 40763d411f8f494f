"""An approval belongs to exact words."""

import json
from dataclasses import replace

import pytest

from secondline import desk
from secondline.library.digest import content_digest
from secondline.library.standing import line_digest

STATEMENTS = "statements/rhabdomyosarcoma/paper.yaml"


def review(folder, *actions, digest):
    lines, previous = [], ""
    for action in actions:
        entry = {"previous": previous, "at": "2026-01-01", "who": "x", "action": action}
        lines.append(json.dumps({**entry, "statement": "rms-one", "digest": digest}))
        previous = line_digest(lines[-1])
    folder.write("reviews.jsonl", "\n".join(lines) + "\n")
    return lines


def test_everything_bundled_is_submitted(library):
    assert {library.standing(id_) for id_ in library.statements} == {"submitted"}


def test_an_approval_holds_until_a_character_changes(folder):
    statement = desk.open(folder.root).library.statements["rms-one"]
    review(folder, "review", "approve", digest=content_digest(statement))
    assert desk.open(folder.root).library.standing("rms-one") == "approved"
    folder.replace(STATEMENTS, "Some children", "Many children")
    assert desk.open(folder.root).library.standing("rms-one") == "submitted"


@pytest.mark.parametrize(
    "broken",
    [
        lambda lines: [lines[1]],
        lambda lines: [lines[0].replace('"x"', '"y"'), lines[1]],
        lambda lines: [lines[1], lines[0]],
        lambda lines: [lines[0], lines[0], lines[1]],
    ],
    ids=["cut at the front", "edited", "swapped", "inserted"],
)
def test_a_broken_chain_of_reviews_is_refused(folder, broken):
    lines = review(folder, "review", "approve", digest="d")
    folder.write("reviews.jsonl", "\n".join(broken(lines)) + "\n")
    assert ["the log was edited; restore it" in problem for problem in folder.problems()] == [True]


def test_layout_does_not_touch_an_approval_and_content_does(folder):
    statement = desk.open(folder.root).library.statements["rms-one"]
    digest = content_digest(statement)
    folder.replace(
        STATEMENTS, "    Some children were alive.", "    Some children\n    were alive."
    )
    assert content_digest(desk.open(folder.root).library.statements["rms-one"]) == digest
    assert content_digest(replace(statement, caution="Small.")) != digest


def test_the_edition_names_exactly_what_was_read(folder):
    before = desk.open(folder.root).library.edition
    assert desk.open(folder.root).library.edition == before
    folder.replace(STATEMENTS, "Some children", "Many children")
    assert desk.open(folder.root).library.edition != before
