"""The editorial desk when something is wrong: clear pages, nothing lost, nothing leaked."""

import contextlib
import errno
import html
import logging
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from people_of_the_desk import ADA, ANN, BOB, ONE, ROB, SAYS, enrolled, typed
from test_editorial_pages import CHANGE, PAGE, act, propose, value_in_area
from visitor import Visitor, value_of, words

from postgres_server import Server
from secondline.editorial import store as stores
from secondline.interfaces.web.editorial_room import EditorialRoom
from secondline.interfaces.web.statement_labels import LABELS

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "'; DROP TABLE entries; --",
    "\x00\x07", "\u202eevil", "a" * 15_000, "${jndi:ldap://x}", "%s%n", "\\x", "-\n- : {", "😀",
)  # fmt: skip
FIELDS = [name.replace(".", ".1.") if name.split(".")[0] in {"findings", "claims"} else name for name in LABELS]  # fmt: skip


def is_clear(page):
    """Require a whole page that holds nothing of the machine."""
    assert page.text.count("<h1") == 1 and "</html>" in page.text
    for leak in ("Traceback", "sqlite", "log.db", "psycopg", "/tmp", ".py", "knowledge/", "secret"):
        assert leak not in page.text, leak


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_a_program_gets_problem_details_of_whatever_is_refused(desks, accept):
    """Read, done, proposed or verified in vain: never a page."""
    asked = {"accept": accept}
    ann, nobody = desks(ANN), desks(None)
    refused = [
        (404, ann.get("/editorial/statement/none", headers=asked)),
        (404, ann.get("/editorial/log/none.json", headers=asked)),
        (403, nobody.post("/editorial/propose", "/", headers=asked, do="propose")),
        (422, ann.post("/editorial/log", "/", headers=asked, entry="x")),
        (422, ann.post("/editorial/log", "/", headers=asked, checkpoint="{")),
        (403, ann.client.post("/editorial/propose", data={"do": "propose"}, headers=asked)),
    ]
    for status, response in refused:
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        told = response.json()
        assert set(told) == {"type", "title", "status", "detail"} and told["status"] == status
    browser = {"accept": "text/html,application/json;q=0.8"}
    assert "<h1" in ann.get("/editorial/statement/none", headers=browser).text


# Hostile and broken forms


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_every_field_of_a_proposal_is_data(desks, room, text):
    ann = desks(ANN)
    fields = dict.fromkeys((f"f__{name.replace('.', '__')}" for name in FIELDS), text)
    more = {"count__findings": "1", "count__claims": "1", "comment": text, "disease": text,
            "base": text, "statement": text, "yaml": text}  # fmt: skip
    for extra in ({}, {"as_text": "yes"}):
        for do in ("propose", "check", "add findings", "as-text", "as-form", text):
            page = ann.post("/editorial/propose", CHANGE, **fields, **more, **extra, do=do)
            assert page.status_code in {200, 409, 422}
            assert "<script>alert" not in page.text and "<img src=x" not in page.text
            assert ">49<" not in page.text
    assert room.checkpoint().size == 6


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_remarks_are_kept_as_they_were_typed_and_shown_as_text(desks, room, text):
    propose(desks(ANN))
    assert act(desks(ROB), "comment", comment=text).status_code == 200
    assert act(desks(ROB), "mark", mark="conflict", about=text).status_code == 200
    assert act(desks(ROB), "return", reason=text).status_code == 200
    for address in (PAGE, "/editorial", "/editorial/log"):
        page = desks(None).get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text and "<img src=x" not in page.text
    assert room.verify().holds
    assert room.history(ONE)[-1].says == text.replace("\r\n", "\n")


@pytest.mark.parametrize("text", ["", "   ", "\n"])
@pytest.mark.parametrize(("action", "field"), [("return", "reason"), ("withdraw", "reason"), ("comment", "comment")])  # fmt: skip
def test_a_reason_is_required(desks, room, action, field, text):
    propose(desks(ANN))
    page = act(desks(ADA), action, **{field: text})
    assert page.status_code == 409 and "is empty; say it in words" in words(page)
    assert room.words(ONE).stage == "submitted"


def test_an_unknown_action_or_mark_is_refused(desks):
    propose(desks(ANN))
    assert act(desks(ADA), "delete").status_code == 404
    page = act(desks(ADA), "mark", mark="because", about="x")
    assert page.status_code == 409 and "is no mark" in words(page)


def test_a_form_too_large_is_refused(desks, room):
    page = desks(ANN).post("/editorial/propose", CHANGE, f__says="x" * 1_100_000, do="propose")
    assert page.status_code == 413 and "bytes at most" in words(page)
    page = act(desks(ROB), "comment", comment="x" * 1_000_001) if propose(desks(ANN)) else None
    assert page.status_code == 409 and "at most 1,000,000" in words(page)
    assert room.verify().holds


def test_text_that_is_not_utf_8_is_refused(desks):
    ann = desks(ANN)
    token = value_of(ann.get(CHANGE).text, "token")
    body = f"token={token}&do=propose&f.says=%ff%fe"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    page = ann.client.post("/editorial/propose", content=body, headers=headers)
    assert page.status_code == 400 and "not UTF-8" in words(page)
    for address in ("?words=%ff", "?entry=%ff", "?since=%00"):
        assert ann.get(PAGE + address).status_code in {200, 422, 409}


# Forms that are out of date, or of others


def test_a_form_of_before_a_restart_comes_back_with_what_was_typed(desks, room):
    """The key of the forms is another one after a restart."""
    ann = desks(ANN)
    fields = typed(ann, CHANGE, SAYS)
    named = {name.replace("__", "."): value for name, value in fields.items()}
    page = ann.client.post("/editorial/propose", data={**named, "token": "old", "do": "propose"})
    assert page.status_code == 403 and "out of date" in words(page)
    assert value_in_area(page, "f-says") == SAYS
    assert room.words(ONE).stage is None, "nothing was done"
    fields["base"] = value_of(page.text, "base")
    assert ann.post("/editorial/propose", CHANGE, **fields, do="submit").status_code == 200
    page = ann.client.post(f"{PAGE}/comment", data={"token": "old", "comment": "A long remark."})
    assert page.status_code == 403 and "A long remark." in words(page)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])  # fmt: skip
def test_nothing_that_another_site_sent_comes_back(desks, room, headers):
    fields = {"f.says": "evil words", "do": "propose", "token": "x"}
    for address in ("/editorial/propose", f"{PAGE}/comment", "/editorial/log"):
        page = desks(ANN).client.post(address, data=fields, headers=headers)
        assert page.status_code == 403 and "evil words" not in page.text
    assert room.checkpoint().size == 6


# The store fails


def test_a_store_that_is_gone_during_a_write_loses_nothing(desks, room, store, tmp_path):
    ann, rob = desks(ANN), desks(ROB)
    fields = typed(ann, CHANGE, SAYS) | {"comment": "Clearer for readers."}
    propose(desks(BOB), "Several children were alive.")
    remark = rob.get(PAGE).text
    room.close()
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            shutil.move(store + end, tmp_path / f"away{end}")
    page = ann.post("/editorial/propose", "/", **fields, do="propose")
    assert page.status_code == 503 and "Nothing was written" in words(page)
    assert value_in_area(page, "f-says") == SAYS
    assert value_in_area(page, "comment") == "Clearer for readers."
    is_clear(page)
    sent = {"seen": value_of(remark, "seen"), "digest": value_of(remark, "digest")}
    page = rob.post(f"{PAGE}/comment", "/", **sent, comment="Read with care.")
    assert page.status_code == 503 and "Read with care." in words(page)
    is_clear(page)
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            shutil.move(tmp_path / f"away{end}", store + end)
    page = rob.post(f"{PAGE}/comment", "/", **sent, comment=value_in_area(page, "kept-comment"))
    assert page.status_code == 200 and "Read with care." in words(page)


def test_a_store_that_somebody_locks_is_told(small_desk, room, store, editions, monkeypatch):
    monkeypatch.setattr(stores, "WAIT", 0.2)
    visitor = Visitor(small_desk, editorial=EditorialRoom(small_desk, store), acting_as=ANN)
    fields = typed(visitor, CHANGE, SAYS)
    with contextlib.closing(sqlite3.connect(store)) as other:
        other.execute("BEGIN EXCLUSIVE")
        page = visitor.post("/editorial/propose", CHANGE, **fields, do="propose")
        assert page.status_code == 503 and value_in_area(page, "f-says") == SAYS
        is_clear(page)
        other.rollback()
    assert visitor.post("/editorial/propose", CHANGE, **fields, do="propose").status_code == 200
    assert len(room.history(ONE)) == 1


def test_a_full_disk_is_told_and_what_was_typed_comes_back(desks, room, monkeypatch, caplog):
    ann = desks(ANN)
    fields = typed(ann, CHANGE, SAYS)

    def full(*_):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched, caplog.at_level(logging.DEBUG):
        patched.setattr(stores.Writing, "add", full)
        page = ann.post("/editorial/propose", CHANGE, **fields, do="propose")
    assert page.status_code == 503 and "its disk is full" in words(page)
    assert value_in_area(page, "f-says") == SAYS
    is_clear(page)
    told = "\n".join(
        record.getMessage() for record in caplog.records if "secondline" in record.name
    )
    assert "StoreError" in told and SAYS not in told and "log.db" not in told
    assert room.verify().holds
    assert ann.post("/editorial/propose", CHANGE, **fields, do="propose").status_code == 200


def test_a_store_at_its_limit_is_told_by_the_database_itself(desks, room):
    propose(desks(ANN))
    rob = desks(ROB)
    act(rob, "comment", comment="It begins.")
    engine = rob.client.app.state.editorial.room().log.store._engine

    @sa.event.listens_for(engine, "begin")
    def limit(connection):
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    sizes = []
    for _ in range(6):
        page = act(rob, "comment", comment="x" * 50_000)
        sizes.append(page.status_code)
        if page.status_code == 503:
            break
    sa.event.remove(engine, "begin", limit)
    assert sizes[-1] == 503 and "x" * 50_000 in page.text
    is_clear(page)
    assert room.verify().holds


def test_an_edition_that_does_not_fit_on_the_disk_leaves_nothing(desks, editions, monkeypatch):
    propose(desks(ANN))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", str(editions))

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", full)
        page = desks(ADA).post("/editorial/editions", "/editorial/editions", name="one")
    assert page.status_code == 409 and "No space left on device" in words(page)
    assert str(editions) not in page.text
    assert list(editions.rglob("*")) == []
    assert (
        desks(ADA).post("/editorial/editions", "/editorial/editions", name="one").status_code == 200
    )


def test_a_log_cut_in_the_middle_stops_the_desk_and_says_so(desks, room, store):
    propose(desks(ANN))
    rob = desks(ROB)
    page = rob.get(PAGE).text
    sent = {"seen": value_of(page, "seen"), "digest": value_of(page, "digest")}
    kept = desks(None).get("/editorial/log/checkpoint.json").text
    with contextlib.closing(sqlite3.connect(store)) as cut:
        rows = cut.execute("SELECT * FROM entries WHERE number > 5").fetchall()
        for (name,) in cut.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            cut.execute(f"DROP TRIGGER {name}")
        cut.execute("DELETE FROM entries WHERE number > 5")
        cut.commit()
    page = rob.post(f"{PAGE}/comment", "/", **sent, comment="Read with care.")
    assert page.status_code == 503 and "entries were removed" in words(page)
    assert value_in_area(page, "kept-comment") == "Read with care."
    is_clear(page)
    page = rob.post("/editorial/log", "/", checkpoint=kept)
    assert "its end was cut off" in words(page)
    with contextlib.closing(sqlite3.connect(store)) as cut:
        cut.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)
        cut.execute("UPDATE entries SET line = replace(line, 'Some', 'Many') WHERE number = 7")
        cut.commit()
    fresh = desks(BOB)
    for address in ("/editorial", PAGE, "/editorial/log"):
        page = fresh.get(address)
        assert page.status_code == 503 and "The review log has been touched" in words(page)
        is_clear(page)
    assert "entry 7" in words(fresh.get("/editorial/log"))
    typed_again = {"statement": ONE, "f__says": SAYS, "do": "propose"}
    page = fresh.post("/editorial/propose", "/", **typed_again)
    assert page.status_code == 503 and value_in_area(page, "f-says") == SAYS
    assert fresh.get("/").status_code == 200, "answers do not need the log"


def test_a_store_that_cannot_be_opened_leaves_the_other_pages(small_desk, tmp_path):
    (tmp_path / "x.db").write_text("words " * 1000, "utf-8")
    visitor = Visitor(small_desk, editorial=EditorialRoom(small_desk, str(tmp_path / "x.db")))
    for address in ("/editorial", PAGE, "/editorial/log", "/editorial/editions"):
        page = visitor.get(address)
        assert page.status_code == 503
        is_clear(page)
    page = visitor.get("/editorial/new")
    assert page.status_code == 503 and 'name="f.says"' in page.text
    (tmp_path / "x.db").unlink()
    assert visitor.get("/editorial").status_code == 200, "it is tried again"


def test_a_database_that_stops_during_the_work_is_told_and_reached_again(small_desk):
    server = Server(extensions=False)
    try:
        where = server.database()
        room = enrolled(small_desk.editorial(where))
        room.close()
        editorial = EditorialRoom(small_desk, where)
        visitor = Visitor(small_desk, editorial=editorial, acting_as=ANN)
        fields = typed(visitor, CHANGE, SAYS)
        server.stop()
        page = visitor.post("/editorial/propose", "/", **fields, do="submit")
        assert page.status_code == 503
        assert html.unescape(value_in_area(page, "f-says")) == SAYS
        is_clear(page)
        assert str(server.folder) not in page.text
        server.start()
        assert visitor.post("/editorial/propose", "/", **fields, do="submit").status_code == 200
        editorial.close()
    finally:
        server.remove()
    assert not Path(server.folder).exists()
