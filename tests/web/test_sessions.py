"""Sessions: bounded in number and time, shared by processes, gone with the server."""

import multiprocessing
import stat

import pytest

from secondline.interfaces.web import sessions as module
from secondline.interfaces.web.session_store import SessionStore
from secondline.interfaces.web.sessions import Attempts, Sessions


@pytest.fixture
def store():
    opened = SessionStore()
    yield opened
    opened.close()


@pytest.fixture
def sessions(store, clock):
    return Sessions(store, longest=8 * 3_600, idle=1_800, clock=clock)


@pytest.fixture
def attempts(store, clock):
    return Attempts(store, clock=clock)


def test_a_session_is_found_by_its_secret_alone(sessions):
    ann, bob = sessions.begin("ann"), sessions.begin("bob")
    assert sessions.of(ann).person == "ann" and sessions.of(bob).person == "bob"
    assert sessions.of(ann + "x") is None and sessions.of("") is None
    sessions.end(ann)
    assert sessions.of(ann) is None and sessions.of(bob).person == "bob"


def test_two_sessions_of_one_person_are_two(sessions):
    first, second = sessions.begin("ann"), sessions.begin("ann")
    sessions.end(first)
    assert sessions.of(second).person == "ann"


def test_beyond_the_most_the_one_idle_longest_ends(sessions, clock, monkeypatch):
    monkeypatch.setattr(module, "MOST_SESSIONS", 3)
    begun = []
    for name in "abc":
        begun.append(sessions.begin(name))
        clock.later(1)
    clock.later(100)
    assert sessions.of(begun[0]).person == "a"
    clock.later(1)
    begun.append(sessions.begin("d"))
    assert [bool(sessions.of(secret)) for secret in begun] == [True, False, True, True]


def test_sign_ins_that_nobody_ends_do_not_fill_the_memory(attempts, store, clock, monkeypatch):
    monkeypatch.setattr(module, "MOST_ATTEMPTS", 3)
    for _ in range(10):
        attempts.begin("browser", "/")
        clock.later(1)
    assert store.run("SELECT count(*) FROM attempts") == [(3,)]
    clock.later(600)
    attempts.begin("browser", "/")
    assert store.run("SELECT count(*) FROM attempts") == [(1,)]


def test_what_is_kept_signs_nobody_in(sessions, attempts, store):
    secret = sessions.begin("ann")
    state, _ = attempts.begin("browser", "/")
    kept = str(store.run("SELECT * FROM sessions") + store.run("SELECT * FROM attempts"))
    assert secret not in kept and state not in kept and "browser" not in kept


def test_only_this_user_reads_it_and_it_goes_with_the_server():
    store = SessionStore()
    folder = store._file.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    Sessions(store, 60, 60).begin("ann")
    store.close()
    assert not folder.exists()


def in_another_process(sessions, secret, told):
    told.put((sessions.of(secret).person, sessions.begin("bob")))


def test_processes_of_one_server_share_their_sessions(store):
    """Each signs in and out for all; one that ends leaves the sessions of the others."""
    sessions = Sessions(store, 3_600, 3_600)
    secret = sessions.begin("ann")
    context = multiprocessing.get_context("fork")
    told = context.Queue()
    worker = context.Process(target=in_another_process, args=(sessions, secret, told))
    worker.start()
    person, begun = told.get(timeout=120)
    worker.join(120)
    assert worker.exitcode == 0
    assert person == "ann"
    assert sessions.of(begun).person == "bob"
    sessions.end(secret)
    assert sessions.of(secret) is None
