"""Two people at one statement, many sessions at one log, and a store that fails."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from secondline import desk
from secondline.desk import review
from secondline.editorial import store as stores

ANN, BOB, ROB = "Ann Author", "Bob Author", "Rob Reviewer"
ONE = "rms-one"


def words_of(room, says):
    words = room.words(ONE)
    return {**words.content, "says": says}, words.digest


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(room, open_room):
    other = open_room()
    mine, base = words_of(room, "Some children lived.")
    theirs, same = words_of(other, "Several children were alive.")
    assert base == same
    other.propose(theirs, who=BOB, base=base)
    with pytest.raises(
        review.Conflict, match="is no longer as you took it: Bob Author changed it"
    ) as caught:
        room.propose(mine, who=ANN, base=base)
    conflict = caught.value
    assert conflict.mine["says"] == "Some children lived."
    assert conflict.theirs["says"] == "Several children were alive."
    assert "-  says: Several children were alive." in conflict.difference
    assert "+  says: Some children lived." in conflict.difference
    room.propose({**mine, "says": "Several children lived."}, who=ANN, base=conflict.digest)
    assert [event.who for event in room.history(ONE)] == [BOB, ANN]


def test_a_new_statement_is_new_once(room, open_room):
    data = {**room.words(ONE).content, "id": "rms-two"}
    other = open_room()
    other.propose({**data, "says": "Few lived."}, who=BOB, disease="neuroblastoma")
    with pytest.raises(review.Conflict, match="Bob Author changed it"):
        room.propose({**data, "says": "Many lived."}, who=ANN, disease="neuroblastoma")


def test_words_that_are_not_based_on_the_library_are_a_conflict(room):
    mine, _ = words_of(room, "Some children lived.")
    with pytest.raises(review.Conflict, match="the library holds other words"):
        room.propose(mine, who=ANN)
    with pytest.raises(review.EditorialError, match="is new; nothing has the digest"):
        room.propose({**mine, "id": "rms-new"}, who=ANN, base="0" * 64, disease="neuroblastoma")


def test_the_same_proposal_twice_is_told(room):
    mine, base = words_of(room, "Some children lived.")
    room.propose(mine, who=ANN, base=base)
    with pytest.raises(review.NotAllowed, match="reads exactly so already"):
        room.propose(mine, who=ANN, base=base)


def test_of_many_proposals_on_one_base_exactly_one_is_taken(room, open_room):
    rooms = [open_room() for _ in range(4)]
    drafts = [words_of(each, f"Version {n} of these words.") for n, each in enumerate(rooms)]
    start = Barrier(len(rooms))

    def propose(n):
        start.wait()
        try:
            return rooms[n].propose(drafts[n][0], who=ANN, base=drafts[n][1])
        except review.Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(rooms)) as pool:
        results = list(pool.map(propose, range(len(rooms))))
    conflicts = [each for each in results if isinstance(each, review.Conflict)]
    assert len(conflicts) == len(rooms) - 1
    assert len(room.history(ONE)) == 1
    assert {conflict.mine["says"] for conflict in conflicts} < {d[0]["says"] for d in drafts}


def test_many_sessions_and_threads_write_one_unbroken_log(room, open_room):
    room.submit(ONE, who=ANN)
    rooms = [open_room() for _ in range(3)]
    start = Barrier(6)

    def remark(n):
        start.wait()
        for turn in range(5):
            rooms[n % 3].comment(ONE, f"Remark {turn} of {n}.", who=ROB)
            rooms[n % 3].queue()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(remark, range(6)))
    found = room.verify(room.checkpoint())
    assert found.holds
    said = [event.says for event in room.history(ONE) if event.action == "review"]
    assert sorted(said) == sorted(f"Remark {turn} of {n}." for turn in range(5) for n in range(6))


def test_a_refused_entry_leaves_no_trace_in_memory(room):
    """A batch of entries is taken whole or not at all."""
    entry = room.submit(ONE, who=ANN)
    before = room.checkpoint().root
    with pytest.raises(ZeroDivisionError):
        room.log.append(lambda _: [entry, 1 / 0])
    with pytest.raises(review.NotAllowed):
        room.log.append(lambda _: [comment(entry), entry])
    assert room.checkpoint().root == before
    room.comment(ONE, "It goes on.", who=ROB)
    assert room.verify().holds


def test_an_entry_too_long_to_be_read_again_is_not_kept(room):
    room.submit(ONE, who=ANN)
    with pytest.raises(review.NotAllowed, match="characters; at most 1,000,000"):
        room.comment(ONE, "x" * 1_000_000, who=ROB)
    assert room.verify().holds and len(room.history(ONE)) == 1


def comment(entry):
    return type(entry)(
        at=entry.at, who=ROB, action="comment", statement=ONE, digest=entry.digest, comment="x"
    )


# The store fails


def test_a_write_that_fails_changes_nothing_and_says_why(sqlite_room, monkeypatch):
    room = sqlite_room
    before = room.checkpoint().root

    def full(*_):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(stores.Writing, "add", full)
    with pytest.raises(review.StoreError, match="cannot be used: database or disk is full"):
        room.submit(ONE, who=ANN)
    monkeypatch.undo()
    assert room.checkpoint().root == before
    room.submit(ONE, who=ANN)
    assert room.verify().holds


def test_a_full_disk_is_told_by_sqlite_itself(sqlite_room):
    engine = sqlite_room.log.store._engine

    @sa.event.listens_for(engine, "begin")
    def limit(connection):
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    with pytest.raises(review.StoreError, match="full"):
        sqlite_room.submit(ONE, who=ANN) and [
            sqlite_room.comment(ONE, "x" * 50_000, who=ROB) for _ in range(20)
        ]
    sa.event.remove(engine, "begin", limit)
    assert desk.open(sqlite_room.library.root).editorial(sqlite_room.log.store._file).verify().holds


def test_a_store_whose_file_is_gone_is_not_written_anew(sqlite_room):
    sqlite_room.log.store._file.unlink()
    with pytest.raises(review.StoreError, match="has gone away; restore its file"):
        sqlite_room.submit(ONE, who=ANN)


def test_a_database_that_drops_its_connections_is_reached_again(room, open_room):
    room.submit(ONE, who=ANN)
    engine = room.log.store._engine
    if engine.dialect.name == "postgresql":
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        with open_room().log.store._engine.begin() as connection:
            connection.execute(sa.text(end))
    else:
        engine.dispose()
    room.comment(ONE, "Again.", who=ROB)
    assert room.verify().holds


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("mysql://host/x", "a store is the path of a file, sqlite:///FILE or postgresql://"),
        ("sqlite://", "a store is the path"),
        ("://", "not a connection URL"),
        ("postgresql://user:secret@127.0.0.1:1/none", "cannot be used"),
    ],
)
def test_a_store_that_cannot_be_opened_is_told_without_its_password(where, message, folder):
    with pytest.raises(review.StoreError, match=message) as caught:
        desk.open(folder.root).editorial(where)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_told(folder, tmp_path):
    (tmp_path / "x.db").write_text("words " * 1000, "utf-8")
    with pytest.raises(review.StoreError, match="not a database"):
        desk.open(folder.root).editorial(tmp_path / "x.db")
    with pytest.raises(review.StoreError, match="cannot be created"):
        desk.open(folder.root).editorial(tmp_path / "x.db" / "y.db")


def test_the_migrations_make_exactly_the_tables_that_are_used(room):
    with room.log.store._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, stores.METADATA) == []
        assert context.get_current_revision() == stores.LATEST_STEP
    scripts = ScriptDirectory(str(Path(stores.__file__).parent / "migrations"))
    assert scripts.get_heads() == [stores.LATEST_STEP]


def test_sqlite_keeps_what_it_was_told_to_keep(sqlite_room):
    """FULL is 2: an entry that was acknowledged survives a loss of power."""
    with sqlite_room.log.store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
