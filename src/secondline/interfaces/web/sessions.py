"""Who is signed in, by a random secret in a cookie; and the sign-ins that were begun."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from secondline.interfaces.web.session_store import SessionStore

MOST_SESSIONS = 10_000  # beyond it the one that was idle longest ends
MOST_ATTEMPTS = 10_000  # sign-ins that were begun; beyond it the oldest is forgotten
ATTEMPT_SECONDS = 600  # for a password and a second factor
NOTED_SECONDS = 60  # how often it is noted that a session was used
STATE = "session"  # where a request carries its session


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in.

    Attributes:
        person: what the claim says that names people; whether somebody is enrolled under it is not
            known here.
    """

    person: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that was begun: what its end must fit.

    Attributes:
        nonce: stands in the token that the provider signs.
        verifier: proves to the provider that who ends it began it (PKCE).
        return_to: the own page that is opened afterwards.
    """

    nonce: str
    verifier: str
    return_to: str


@dataclass(slots=True)
class Sessions:
    """The sessions of all who are signed in, by the hash of their secret.

    Attributes:
        longest: seconds after which a session ends in any case.
        idle: seconds without a page after which it ends, give or take those of a note.
    """

    store: SessionStore
    longest: float
    idle: float
    clock: Callable[[], float] = time.time  # a monotonic clock stands still while a machine sleeps

    def begin(self, person: str) -> str:
        """Begin a session and return its secret, which is new each time."""
        now, secret = self.clock(), new_secret()
        run = self.store.run
        run(
            "DELETE FROM sessions WHERE began <= ? OR seen <= ?",
            now - self.longest,
            now - self.idle,
        )
        run(
            "DELETE FROM sessions WHERE secret IN"
            " (SELECT secret FROM sessions ORDER BY seen DESC LIMIT -1 OFFSET ?)",
            MOST_SESSIONS - 1,
        )
        run("INSERT INTO sessions VALUES (?, ?, ?, ?)", hash_of(secret), person, now, now)
        return secret

    def of(self, secret: str) -> Session | None:
        """Return the session of a secret, if it lasts, and note that it was used."""
        key, now = hash_of(secret), self.clock()
        found = self.store.run("SELECT person, began, seen FROM sessions WHERE secret = ?", key)
        if not found:
            return None
        person, began, seen = found[0]
        if now - began >= self.longest or now - seen >= self.idle:
            self.end(secret)
            return None
        if now - seen >= min(NOTED_SECONDS, self.idle / 2):
            self.store.run("UPDATE sessions SET seen = ? WHERE secret = ?", now, key)
        return Session(person)

    def end(self, secret: str) -> None:
        """End the session of a secret, if there is one."""
        self.store.run("DELETE FROM sessions WHERE secret = ?", hash_of(secret))


@dataclass(slots=True)
class Attempts:
    """Sign-ins that were begun, by their state; each ends once, in the browser that began it."""

    store: SessionStore
    clock: Callable[[], float] = field(default=time.time)

    def begin(self, browser: str, return_to: str) -> tuple[str, Attempt]:
        """Begin a sign-in and return its state, a random text, with what belongs to it.

        Args:
            browser: the secret of the browser.
            return_to: an own page.
        """
        now, state = self.clock(), new_secret()
        attempt = Attempt(new_secret(), new_secret(), return_to)
        run = self.store.run
        run("DELETE FROM attempts WHERE began <= ?", now - ATTEMPT_SECONDS)
        run(
            "DELETE FROM attempts WHERE state IN"
            " (SELECT state FROM attempts ORDER BY began DESC LIMIT -1 OFFSET ?)",
            MOST_ATTEMPTS - 1,
        )
        run(
            "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?)",
            hash_of(state), hash_of(browser), attempt.nonce, attempt.verifier, return_to, now,
        )  # fmt: skip
        return state, attempt

    def end(self, state: str, browser: str) -> Attempt | None:
        """Return what belongs to a state, once; None for one that this browser did not begin."""
        found = self.store.run(
            "DELETE FROM attempts WHERE state = ? AND browser = ?"
            " RETURNING nonce, verifier, return_to, began",
            hash_of(state), hash_of(browser),
        )  # fmt: skip
        if not found:
            return None
        nonce, verifier, return_to, began = found[0]
        if self.clock() - began >= ATTEMPT_SECONDS:
            return None
        return Attempt(nonce, verifier, return_to)


def signed_in(request: HTTPConnection) -> str | None:
    """Return who is signed in, by the claim that names people; None for nobody."""
    session: Session | None = getattr(request.state, STATE, None)
    return session.person if session else None


def new_secret() -> str:
    """Return 256 random bits as text that a cookie or an address may hold."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return the hash by which a secret is kept: what is kept signs nobody in."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
