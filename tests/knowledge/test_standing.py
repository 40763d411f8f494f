"""An approval belongs to exact words, and a log to its checkpoint."""

from dataclasses import replace

import pytest

from secondline import desk
from secondline.library.digest import content_digest
from secondline.library.review_log import Checkpoint, Entry, entry_line, head_of

STATEMENTS = "statements/rhabdomyosarcoma/paper.yaml"
AT = "2026-01-01T00:00:00Z"
MORE = {
    "approve": {"sources": {}},
    "review": {"comment": "Read."},
    "comment": {"comment": "Hm."},
    "return": {"reason": "Why?"},
}


def log_of(folder, *actions, digest):
    """Write a log and its checkpoint into a folder; return the lines."""
    lines = [
        entry_line(
            Entry(
                at=AT,
                who="x",
                action=action,
                statement="rms-one",
                digest=digest,
                **MORE.get(action, {}),
            )
        )
        for action in actions
    ]
    write(folder, lines, lines)
    return lines


def write(folder, lines, kept):
    """Write the lines of a log beside the checkpoint of those that were kept."""
    folder.write("reviews.jsonl", "".join(f"{line}\n" for line in lines))
    head = head_of(kept)
    folder.write("checkpoint.json", Checkpoint(size=head.size, root=head.root, time=AT).text())


def test_everything_bundled_is_submitted(library):
    assert {library.standing(id_) for id_ in library.statements} == {"submitted"}
    assert library.log.size == 0


@pytest.mark.parametrize(
    ("actions", "standing"),
    [
        (["submit"], "submitted"),
        (["submit", "review"], "under review"),
        (["submit", "comment"], "submitted"),
        (["submit", "review", "approve"], "approved"),
        (["submit", "review", "return"], "submitted"),
    ],
)
def test_standing_follows_from_what_was_done_to_exactly_these_words(folder, actions, standing):
    statement = desk.open(folder.root).library.statements["rms-one"]
    log_of(folder, *actions, digest=content_digest(statement))
    assert desk.open(folder.root).library.standing("rms-one") == standing


def test_an_approval_holds_until_a_character_changes(folder):
    statement = desk.open(folder.root).library.statements["rms-one"]
    log_of(folder, "submit", "approve", digest=content_digest(statement))
    assert desk.open(folder.root).library.standing("rms-one") == "approved"
    folder.replace(STATEMENTS, "Some children", "Many children")
    assert desk.open(folder.root).library.standing("rms-one") == "submitted"


@pytest.mark.parametrize(
    "broken",
    [
        lambda lines: lines[1:],
        lambda lines: lines[:-1],
        lambda lines: [],
        lambda lines: [lines[0].replace('"x"', '"y"'), *lines[1:]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], *lines],
        lambda lines: [line.replace('"x"', '"y"') for line in lines],
    ],
    ids=["cut in front", "cut behind", "emptied", "edited", "swapped", "inserted", "rewritten"],
)
def test_a_log_that_is_not_the_one_of_its_checkpoint_is_refused(folder, broken):
    lines = log_of(folder, "submit", "review", "approve", digest="d" * 64)
    desk.open(folder.root)  # now a kept library exists, which must not hide what follows
    write(folder, broken(lines), lines)
    with pytest.raises(desk.LibraryError, match="the log was edited; restore both"):
        desk.open(folder.root)


def test_a_log_without_its_checkpoint_is_refused_and_the_other_way_around(folder):
    log_of(folder, "submit", digest="d" * 64)
    (folder.root / "checkpoint.json").unlink()
    with pytest.raises(desk.LibraryError, match=r"checkpoint\.json is missing"):
        desk.open(folder.root)
    log_of(folder, "submit", digest="d" * 64)
    (folder.root / "reviews.jsonl").unlink()
    with pytest.raises(desk.LibraryError, match="it has 0 entries"):
        desk.open(folder.root)
    folder.write("checkpoint.json", "{}")
    with pytest.raises(desk.LibraryError, match="does not hold exactly"):
        desk.open(folder.root)


def test_the_gate_holds_the_log_against_the_rules_of_review(folder):
    statement = desk.open(folder.root).library.statements["rms-one"]
    log_of(folder, "approve", digest=content_digest(statement))
    assert ["nobody is enrolled" in problem for problem in folder.problems()] == [True]


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
