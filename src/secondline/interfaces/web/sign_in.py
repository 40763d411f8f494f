"""The pages of signing in and out, and the gate that asks for it."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from secondline.interfaces.web.form import Form, FormError, read_form
from secondline.interfaces.web.identity_provider import IdentityProvider
from secondline.interfaces.web.pages import Site, Visit
from secondline.interfaces.web.people import enrolled_people, person_of
from secondline.interfaces.web.provider_error import ProviderError, ProviderUnreachableError
from secondline.interfaces.web.refusals import refusal
from secondline.interfaces.web.session_store import SessionStore
from secondline.interfaces.web.sessions import STATE, Attempts, Sessions, new_secret
from secondline.interfaces.web.sign_in_settings import SignInSettings

LOGGER = logging.getLogger("secondline.web")
LARGEST_FORM = 4_096  # bytes
SESSION, BROWSER = "session", "sign-in"  # purposes of cookies
# An own page: one slash, then no other, and none of what browsers read as another host.
OWN_PAGE = re.compile(r"/(?!/)[A-Za-z0-9/_.~?=&%+:,-]{0,1000}")
# Pages about nobody that need no sign-in where open pages are chosen. Whatever is not named here
# needs one, so that a new page is never open by oversight.
OPEN_PAGES = re.compile(
    r"/|/(assess|what-if|sheet|evidence|findings|figure|audit|pathways|about)"
    r"|/(source|export|pathways)/[^/]+"
)
NEVER_ASKED = re.compile(r"/static/.*|/sign-in|/sign-in/return|/signed-out")

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass
class SignIn:
    """Everything behind signing in: the provider, sign-ins that were begun, and sessions."""

    settings: SignInSettings
    store: SessionStore = field(default_factory=SessionStore, repr=False)
    attempts: Attempts = field(init=False)
    provider: IdentityProvider = field(init=False)
    sessions: Sessions = field(init=False)

    def __post_init__(self) -> None:
        self.attempts = Attempts(self.store)
        self.provider = IdentityProvider(self.settings)
        self.sessions = Sessions(
            self.store, self.settings.session_hours * 3_600, self.settings.idle_minutes * 60
        )

    def may_be_seen(self, path: str) -> bool:
        """Say whether a page needs no sign-in."""
        if NEVER_ASKED.fullmatch(path):
            return True
        return self.settings.open_pages and OPEN_PAGES.fullmatch(path) is not None

    async def look(self) -> None:
        """Look whether people can sign in, and say in the log if they cannot."""
        try:
            await self.provider.describe()
        except ProviderError as error:
            LOGGER.warning("nobody can sign in now: %s", error)


class Gate:
    """Wraps the pages: says who is signed in, and asks whoever is not to do so first."""

    def __init__(self, app: ASGIApp, sign_in: SignIn, site: Site) -> None:
        self.app = app
        self.sign_in = sign_in
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with its session, or answer it with where to sign in."""
        request = Request(scope)
        secret = self.sign_in.settings.address.cookie(request, SESSION)
        session = self.sign_in.sessions.of(secret) if secret else None
        setattr(request.state, STATE, session)
        if session is not None or self.sign_in.may_be_seen(request.url.path):
            await self.app(scope, receive, send)
            return
        await self._first(request)(scope, receive, send)

    def _first(self, request: Request) -> Response:
        if request.method == "GET" and "hx-request" not in request.headers:
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?return_to={quote(own_page(here), safe='')}", 303)
        says = (
            "You are not signed in, or your session has ended. Nothing of what was sent was kept."
            " Open the front page in another tab and sign in; then go back here and send it again."
        )
        error = FormError(403, "Sign in first", says)
        return refusal(self.site.templates, request.headers, error)


def routes(site: Site, sign_in: SignIn) -> list[Route]:
    """Return the addresses of signing in and out."""
    pages = SignInPages(site, sign_in)
    return [
        Route("/sign-in", pages.ask, methods=["GET"]),
        Route("/sign-in", pages.begin, methods=["POST"]),
        Route("/sign-in/return", pages.end, methods=["GET"]),
        Route("/sign-out", pages.sign_out, methods=["POST"]),
        Route("/signed-out", pages.signed_out, methods=["GET"]),
        Route("/person", pages.person, methods=["GET"]),
    ]


@dataclass(frozen=True)
class SignInPages:
    """The pages of signing in and out."""

    site: Site
    sign_in: SignIn

    async def ask(self, request: Request) -> Response:
        """Offer to sign in."""
        return self._page(request, "sign_in.html", return_to=request.query_params.get("return_to"))

    async def begin(self, request: Request) -> Response:
        """Begin a sign-in; the page leads on to the provider.

        It does so itself: a redirect that answers a form would have to be allowed by the policy
        for content, to every server to which the provider may in turn redirect.
        """
        form = await read_form(request, LARGEST_FORM)
        self.site.tokens.check(request, form)
        address = self.sign_in.settings.address
        browser = address.cookie(request, BROWSER) or new_secret()
        state, attempt = self.sign_in.attempts.begin(browser, own_page(form["return_to"]))
        try:
            leads_to = await self.sign_in.provider.sign_in_address(state, attempt)
        except ProviderError as error:
            raise self._failed(error) from None
        response = self._page(request, "to_provider.html", address=leads_to)
        address.set_cookie(response, BROWSER, browser)
        return response

    async def end(self, request: Request) -> Response:
        """End a sign-in: check what the provider says, and begin a session."""
        address = self.sign_in.settings.address
        given = request.query_params
        browser = address.cookie(request, BROWSER)
        attempt = self.sign_in.attempts.end(given.get("state", ""), browser)
        if attempt is None:
            LOGGER.warning("sign-in refused: its state is unknown, over, or of another browser")
            raise refused("It was begun in another browser, or too long ago.")
        if given.get("iss", self.sign_in.settings.issuer) != self.sign_in.settings.issuer:
            LOGGER.warning("sign-in refused: the return names another issuer")
            raise refused("It was answered by somebody else.")
        if not given.get("code"):
            LOGGER.warning("sign-in refused: the provider returned no code")
            raise refused("It was not completed where you sign in.")
        try:
            person = await self.sign_in.provider.person(given["code"], attempt)
        except ProviderError as error:
            raise self._failed(error) from None
        self.sign_in.sessions.end(address.cookie(request, SESSION))
        response = RedirectResponse(attempt.return_to, 303)
        address.set_cookie(response, SESSION, self.sign_in.sessions.begin(person))
        address.delete_cookie(response, BROWSER)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session here, and offer to end that with the provider."""
        form = await read_form(request, LARGEST_FORM)
        self.site.tokens.check(request, form)
        address = self.sign_in.settings.address
        self.sign_in.sessions.end(address.cookie(request, SESSION))
        setattr(request.state, STATE, None)
        ends = await self.sign_in.provider.sign_out_address()
        response = self._page(request, "signed_out.html", address=ends)
        address.delete_cookie(response, SESSION)
        return response

    async def signed_out(self, request: Request) -> Response:
        """Say that somebody signed out; the provider leads back here."""
        return self._page(request, "signed_out.html", address=None)

    async def person(self, request: Request) -> Response:
        """Say who is signed in, in which role, and whom to ask for one."""

        def told() -> Response:
            people = enrolled_people(request)
            name = person_of(request)
            return self._page(
                request,
                "person.html",
                role=next((person.role for person in people if person.name == name), None),
                approvers=[person.name for person in people if person.role == "approver"],
            )

        return await run_in_threadpool(told)

    def _page(self, request: Request, name: str, **content: Any) -> Response:
        settings = self.sign_in.settings
        visit = Visit(self.site, request, Form())
        return visit.page(name, provider=settings.provider_name, settings=settings, **content)

    def _failed(self, error: ProviderError) -> FormError:
        LOGGER.warning("sign-in came to nothing: %s", error)
        if not isinstance(error, ProviderUnreachableError):
            return refused("What came back from there does not hold.")
        return FormError(
            502,
            "Signing in is not possible now",
            f"{self.sign_in.settings.provider_name}, where you sign in, does not answer as it"
            " should. Try again in a minute; if it stays so, tell those who run this service.",
        )


def refused(why: str) -> FormError:
    """Return what is said of a sign-in that does not count."""
    says = f"{why} You are not signed in. Open a page and sign in again from there."
    return FormError(403, "This sign-in does not count", says)


def own_page(text: str) -> str:
    """Return an own page to open after signing in; the first for anything that is none."""
    if not OWN_PAGE.fullmatch(text) or text.startswith(("/sign", "/static/")):
        return "/"
    return text
