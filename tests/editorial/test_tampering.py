"""Whatever is done to a log, its checkpoint tells; on both stores and in exported files."""

import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import enrolled

from secondline import desk
from secondline.desk import review
from secondline.editorial.store import ENTRIES, Row
from secondline.editorial.tampering import verify_rows
from secondline.library.hash_tree import HashTree, proves_consistency, proves_inclusion
from secondline.library.review_log import Checkpoint
from small_knowledge import Folder

ADA, ANN, ROB = "Ada Approver", "Ann Author", "Rob Reviewer"
ONE = "rms-one"


def worked(room):
    """Let people work a while; return the checkpoint of the log."""
    entry = room.submit(ONE, who=ANN)
    for number in range(5):
        room.comment(ONE, f"Remark {number}.", who=ROB)
    room.approve(ONE, entry.digest, who=ADA)
    return room.checkpoint()


def rewritten(rows, change):
    """Change the lines of a log as a forger would: with roots computed again."""
    lines = change([row.line for row in rows])
    tree, forged = HashTree(), []
    for number, line in enumerate(lines, start=1):
        tree.append(line.encode())
        forged.append(Row(number, line, tree.root().hex()))
    return forged


FORGERIES = {
    "edit": lambda lines: [*lines[:8], lines[8].replace("Remark 1", "Remark 9"), *lines[9:]],
    "delete": lambda lines: [*lines[:8], *lines[9:]],
    "insert": lambda lines: [*lines[:8], lines[8], *lines[8:]],
    "swap": lambda lines: [*lines[:8], lines[9], lines[8], *lines[10:]],
    "truncate": lambda lines: lines[:-1],
    "empty": lambda lines: [],
    "rewrite all": lambda lines: [line.replace("Rob Reviewer", "Rob Revised") for line in lines],
    "extend a cut log": lambda lines: [*lines[:-1], lines[-2], lines[-2]],
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_store_does_not_agree_with_an_exported_checkpoint(room, store, forgery):
    checkpoint = worked(room)
    assert room.verify(checkpoint).holds
    rows = rewritten(list(room.log.store.rows()), FORGERIES[forgery])
    overwrite(room.log.store, rows)
    found = room.verify(checkpoint)
    assert not found.holds
    assert ("cut off" in found.problems[0]) == (len(rows) < checkpoint.size)
    if forgery in {"rewrite all", "truncate", "edit"}:
        assert room.verify().holds, "such a log agrees with itself: only a checkpoint tells"


def overwrite(store, rows):
    """Change a store as somebody may who owns the database."""
    with store._engine.begin() as connection:
        if store._file:
            connection.execute(sa.text("DROP TRIGGER entries_refuse_update"))
            connection.execute(sa.text("DROP TRIGGER entries_refuse_delete"))
        else:
            connection.execute(sa.text("DROP TRIGGER entries_refuse_change ON entries"))
        connection.execute(sa.delete(ENTRIES))
        if rows:
            values = [{"number": r.number, "line": r.line, "root": r.root} for r in rows]
            connection.execute(sa.insert(ENTRIES), values)


@pytest.mark.parametrize("change", ["UPDATE entries SET line = ''", "DELETE FROM entries"])
def test_a_slip_does_not_change_the_log(room, change):
    checkpoint = worked(room)
    with (
        pytest.raises(sa.exc.DatabaseError, match="an entry of the review log is final"),
        room.log.store._engine.begin() as connection,
    ):
        connection.execute(sa.text(change))
    assert room.verify(checkpoint).holds


def test_a_careless_change_shows_without_a_checkpoint(room):
    worked(room)
    rows = list(room.log.store.rows())
    for forged in (
        [*rows[:8], Row(9, rows[8].line.replace("Remark 1", "Remark 9"), rows[8].root), *rows[9:]],
        [*rows[:8], *rows[9:]],
        [
            *rows[:8],
            Row(9, rows[9].line, rows[9].root),
            Row(10, rows[8].line, rows[8].root),
            *rows[10:],
        ],
        [*rows[:8], Row(9, "no entry", rows[8].root), *rows[9:]],
    ):
        assert not verify_rows(forged).holds


def test_a_running_session_refuses_a_store_that_was_changed_under_it(room, open_room):
    worked(room)
    rows = list(room.log.store.rows())
    overwrite(room.log.store, rows[:-1])
    with pytest.raises(review.LogDamagedError, match="entries were removed"):
        room.submit(ONE, who=ANN)
    other = Row(rows[0].number, rows[0].line.replace(ADA, "Eve Approver"), rows[0].root)
    with room.log.store._engine.begin() as connection:
        connection.execute(sa.delete(ENTRIES))
        connection.execute(
            sa.insert(ENTRIES), [{"number": 1, "line": other.line, "root": other.root}]
        )
    with pytest.raises(review.LogDamagedError, match="review verify"):
        open_room().queue()


def test_the_proofs_can_be_checked_by_somebody_who_holds_two_roots(room):
    checkpoint = worked(room)
    room.comment(ONE, "Later.", who=ROB)
    found = room.verify(checkpoint, entry=3)
    old, new = bytes.fromhex(checkpoint.root), bytes.fromhex(found.root)
    consistency = [bytes.fromhex(each) for each in found.consistency]
    assert proves_consistency(checkpoint.size, found.size, old, new, consistency)
    inclusion = [bytes.fromhex(each) for each in found.inclusion]
    assert proves_inclusion(bytes.fromhex(found.leaf), 2, found.size, inclusion, new)
    with pytest.raises(review.EditorialError, match="there is no entry 99"):
        room.verify(entry=99)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A log as lines, with its checkpoint."""
    root = tmp_path_factory.mktemp("log")
    room = enrolled(desk.open(Folder(root / "knowledge").root).editorial(root / "log.db"))
    worked(room)
    text, checkpoint = room.export_log()
    room.log.store.close()
    return text, checkpoint


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.data())
def test_no_changed_byte_of_an_exported_log_goes_unseen(exported, data):
    text, checkpoint = exported
    raw = text.encode()
    place = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != raw[place]))
    changed = (raw[:place] + bytes([byte]) + raw[place + 1 :]).decode("utf-8", "replace")
    try:
        assert not review.verify_log(changed, checkpoint).holds
    except review.ReviewLogError as error:
        assert "cut in the middle" in str(error)


@settings(max_examples=100)
@given(st.data())
def test_no_rearrangement_of_lines_goes_unseen(exported, data):
    text, checkpoint = exported
    lines = text.splitlines()
    count = len(lines)
    places = st.integers(0, count - 1)
    chosen = data.draw(
        st.lists(places, max_size=count + 3).filter(lambda o: o[:count] != list(range(count)))
    )
    changed = "".join(f"{lines[place]}\n" for place in chosen)
    assert not review.verify_log(changed, checkpoint).holds


def test_a_log_cut_in_the_middle_of_a_line_says_so(exported, tmp_path):
    text, checkpoint = exported
    with pytest.raises(review.ReviewLogError, match="cut in the middle of a line"):
        review.verify_log(text[:-20], checkpoint)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[1]", "does not hold exactly size, root, time, edition"),
        ('{"size": true, "root": "", "time": "", "edition": ""}', "size of the checkpoint is True"),
        ('{"size": 1, "root": "00", "time": "", "edition": ""}', "root of the checkpoint is '00'"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_checkpoint_that_is_none_is_refused(text, message):
    with pytest.raises(review.ReviewLogError, match=message):
        review.read_checkpoint(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda entry: {**entry, "action": "bless"}, "'bless' is not an action"),
        (lambda entry: {**entry, "digest": "0" * 64}, "is not that of the words"),
        (lambda entry: {**entry, "file": "statements/../../x"}, "is not a file of statements"),
        (lambda entry: {**entry, "at": "yesterday"}, "expected a time"),
        (lambda entry: {**entry, "mood": "good"}, "mood does not belong to submit"),
        (lambda entry: {k: v for k, v in entry.items() if k != "statement"}, "submit is without statement"),
        (lambda entry: {**entry, "content": "words"}, "expected dict"),
        (lambda entry: {**entry, "previous": ""}, "earlier format"),
        (lambda entry: {**entry, "who": ROB.upper()}, "is not enrolled"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_stand_is_named(exported, change, message):
    lines = exported[0].splitlines()
    entry = change(json.loads(lines[6]))
    lines[6] = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    found = review.verify_log("".join(f"{line}\n" for line in lines))
    assert "entry 7 cannot stand in a log" in found.problems[0]
    assert message in found.problems[0]


def test_a_line_that_is_written_otherwise_is_refused(exported):
    lines = exported[0].splitlines()
    lines[6] = lines[6].replace('{"action"', '{ "action"')
    assert (
        "not written as the log writes it" in review.verify_log("\n".join([*lines, ""])).problems[0]
    )


def test_a_checkpoint_of_another_log_is_not_this_one(exported):
    other = Checkpoint(size=3, root="0" * 64, time="2026-01-01T00:00:00Z")
    assert "they had 000" in review.verify_log(exported[0], other).problems[0]
