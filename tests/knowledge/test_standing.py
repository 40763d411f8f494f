"""An approval belongs to exact words."""

import json
from dataclasses import replace

from secondline import desk
from secondline.library.digest import content_digest

STATEMENTS = "statements/rhabdomyosarcoma/paper.yaml"


def review(folder, action, digest):
    line = {"at": "2026-01-01", "who": "x", "action": action, "statement": "rms-one"}
    folder.write("reviews.jsonl", json.dumps({**line, "digest": digest}) + "\n")


def test_everything_bundled_is_submitted(library):
    assert {library.standing(id_) for id_ in library.statements} == {"submitted"}


def test_an_approval_holds_until_a_character_changes(folder):
    statement = desk.open(folder.root).library.statements["rms-one"]
    review(folder, "approve", content_digest(statement))
    assert desk.open(folder.root).library.standing("rms-one") == "approved"
    folder.replace(STATEMENTS, "Some children", "Many children")
    assert desk.open(folder.root).library.standing("rms-one") == "submitted"


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
