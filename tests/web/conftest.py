"""What the tests of the pages share: a visitor without JavaScript, editors, people who sign in."""

import re
from html import unescape

import httpx2
import pytest
from behind_tls import served_behind_tls, sign_in_at
from openid_provider import CLIENT_ID, CLIENT_SECRET, Provider
from people_of_the_desk import enrolled
from starlette.responses import Response
from starlette.testclient import TestClient
from visitor import Visitor, value_of

from secondline import desk as opening
from secondline.interfaces.web.application import application
from secondline.interfaces.web.editorial_room import EditorialRoom
from secondline.interfaces.web.own_address import OwnAddress
from secondline.interfaces.web.people import person_of
from secondline.interfaces.web.sign_in import SignIn
from secondline.interfaces.web.sign_in_settings import SignInSettings
from small_knowledge import Folder

PAGES = "https://pages.hospital.example"
# What a console says of an HTTP status; the tests look at statuses themselves.
A_STATUS = ("Failed to load resource: the server responded", "Response Status Error Code")


@pytest.fixture(scope="session")
def visitor(desk):
    return Visitor(desk)


@pytest.fixture(scope="session")
def small_desk(tmp_path_factory):
    return opening.open(Folder(tmp_path_factory.mktemp("small") / "knowledge").root)


@pytest.fixture
def editions(tmp_path):
    return tmp_path / "served" / "editions"


@pytest.fixture
def store(tmp_path):
    return str(tmp_path / "log.db")


@pytest.fixture
def room(small_desk, store):
    """The room as another session has it open, with its people enrolled."""
    opened = enrolled(small_desk.editorial(store))
    yield opened
    opened.close()


@pytest.fixture
def desks(small_desk, room, store, editions):
    """Visit the pages under a name, as a server of one's own on the same store shows them."""
    editions.parent.mkdir()
    served = {}

    def named(name, folder=editions):
        if (name, folder) not in served:
            editorial = EditorialRoom(small_desk, store, folder)
            served[name, folder] = (
                Visitor(small_desk, editorial=editorial, acting_as=name),
                editorial,
            )
        return served[name, folder][0]

    yield named
    for _, editorial in served.values():
        editorial.close()


@pytest.fixture(scope="session")
def running_provider():
    started = Provider()
    yield started
    started.stop()


@pytest.fixture
def provider(running_provider):
    """The provider, as it should be; what a test changes is undone."""
    yield running_provider
    running_provider.mischief = type(running_provider.mischief)()
    running_provider.tells_at_once = True
    running_provider.client.method = "client_secret_basic"
    running_provider.asked.clear()


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now

    def later(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


class Person:
    """Somebody with a browser, which knows the pages and the provider."""

    def __init__(self, login, pages, provider):
        self.login = login
        self.pages = pages
        self.client = TestClient(pages, base_url=PAGES, follow_redirects=True)
        self.at_provider = httpx2.Client(follow_redirects=False)
        self.provider = provider

    def get(self, address, **more):
        return self.client.get(address, **more)

    def to_provider(self, page=None):
        """Press the button; return where it leads."""
        page = page or self.get("/sign-in")
        sent = {name: value_of(page.text, name) for name in ("token", "return_to")}
        led = self.client.post("/sign-in", data=sent)
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', led.text)
        assert found, led.text
        return unescape(found[1])

    def from_provider(self, leads_to):
        """Say who it is; return the address to which the provider leads back."""
        sent = self.at_provider.post(leads_to, data={"login": self.login})
        assert sent.status_code == 302, sent.text
        return sent.headers["location"]

    def sign_in(self, page=None):
        """Sign in and return the page that is opened then."""
        return self.get(self.from_provider(self.to_provider(page)))

    def sign_out(self):
        token = value_of(self.get("/person").text, "token")
        return self.client.post("/sign-out", data={"token": token})

    def who(self):
        """Return under which name the pages know this person as enrolled."""
        heard = []
        self.pages.state.heard = heard
        self.get("/tests/who")
        return heard[0]


@pytest.fixture
def room_of_pages(desk, tmp_path):
    opened = EditorialRoom(desk, str(tmp_path / "log.db"))
    yield opened
    opened.close()


@pytest.fixture
def review_room(room_of_pages):
    return room_of_pages.room()


@pytest.fixture
def application_of(desk, provider, clock, room_of_pages):
    """Make the pages with sign-in, as `serve` does, at a public address behind TLS."""

    stores = []

    def made(**settings):
        given = {"address": OwnAddress(PAGES), **settings}
        sign_in = SignIn(SignInSettings(provider.issuer, CLIENT_ID, CLIENT_SECRET, **given))
        stores.append(sign_in.store)
        sign_in.sessions.clock = sign_in.attempts.clock = clock
        pages = application(desk, editorial=room_of_pages, sign_in=sign_in)
        origin = given["address"].origin
        provider.client.returns.add(f"{origin}/sign-in/return")
        provider.client.returns_out.add(f"{origin}/signed-out")

        def who(request):
            request.app.state.heard.append(person_of(request))
            return Response()

        pages.add_route("/tests/who", who)
        return pages

    yield made
    for store in stores:
        store.close()


@pytest.fixture
def person_of_pages(application_of, provider):
    """Return what makes people who use the same pages, by how these are set up."""

    def of(**settings):
        pages = application_of(**settings)

        def made(login, **claims):
            provider.enroll(login, **claims)
            return Person(login, pages, provider)

        return made

    return of


@pytest.fixture(scope="module")
def signed_in_store(tmp_path_factory):
    """The review log of the served pages."""
    return str(tmp_path_factory.mktemp("signed-in") / "log.db")


@pytest.fixture(scope="module")
def signed_in_server(running_provider, signed_in_store):
    """The command as an organization starts it: behind a proxy that ends TLS, with sign-in."""
    with served_behind_tls(running_provider, signed_in_store) as origin:
        running_provider.client.returns.add(f"{origin}/sign-in/return")
        running_provider.client.returns_out.add(f"{origin}/signed-out")
        yield origin


@pytest.fixture
def signed_in_browser(browser, signed_in_server, running_provider, request):
    """Return what opens a page as somebody who signed in: `signed_in_browser("ann")`.

    The name in the review log is the email, ann@hospital.example. Uses the fixture `browser`.
    """
    contexts, heard = [], []

    def opened(login, **settings):
        running_provider.enroll(login)
        size = {"viewport": {"width": 1280, "height": 900}, **settings}
        context = browser.new_context(base_url=signed_in_server, ignore_https_errors=True, **size)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        sign_in_at(page, login)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [each for each in heard if not each.startswith(A_STATUS)] == []


@pytest.fixture
def person(person_of_pages):
    return person_of_pages()
