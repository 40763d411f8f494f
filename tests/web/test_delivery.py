"""How pages arrive: compressed, in sections, with files that browsers keep, and errors by type."""

import gzip
import re
import zlib

import anyio
import jinja2
import pytest
from visitor import HERE, Visitor, value_of, words

from secondline.interfaces.web.masking import masked, unmasked

SURVIVAL = "Survival after relapsed rhabdomyosarcoma"
FIRST_LOAD = 150_000  # bytes, compressed, without fonts


def files_of(page):
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)


def size_of(visitor, address):
    """Return how many bytes of a body travel."""
    with visitor.client.stream("GET", address, headers={"accept-encoding": "gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        return sum(map(len, response.iter_raw()))


def test_the_first_load_is_small(visitor):
    page = visitor.get("/")
    assert sum(size_of(visitor, each) for each in ("/", *files_of(page))) < FIRST_LOAD


def test_style_sheet_and_scripts_are_kept_as_long_as_their_content_is_the_same(visitor):
    for address in files_of(visitor.get("/")):
        headers = visitor.get(address).headers
        assert "immutable" in headers["cache-control"]
        assert "Accept-Encoding" in headers["vary"]
        bare, _, _ = address.partition("?")
        assert visitor.get(bare).headers["cache-control"] == "no-cache"
        assert visitor.get(f"{bare}?other").headers["cache-control"] == "no-cache"


def test_a_client_that_takes_no_compression_gets_the_same(visitor):
    (sheet,) = [each for each in files_of(visitor.get("/")) if "style.css" in each]
    for address in ("/about", sheet):
        plain = visitor.get(address, headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert visitor.get(address).headers["content-encoding"] == "gzip"
        assert re.sub(r'value="\w{128}"', "", visitor.get(address).text) == plain.text


def test_the_token_of_a_form_looks_different_every_time(visitor):
    """What repeats in compressed pages could be guessed from their length."""
    tokens = {value_of(visitor.get("/").text, "token") for _ in range(3)}
    assert len(tokens) == 3
    assert len({unmasked(token) for token in tokens}) == 1


@pytest.mark.parametrize("text", ["", "0" * 64, "0" * 127, "x" * 128, "é" * 128, "0" * 130])
def test_what_is_no_masked_token_hides_none(text):
    assert unmasked(text) == ""
    assert unmasked(masked("ab" * 32)) == "ab" * 32


# Sections


async def pieces_of(visitor, question, accept_encoding="identity"):
    """Post a question as a server does, and return status, headers and the pieces of the page."""
    token = value_of(visitor.get("/").text, "token")
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
    body = f"token={token}&question={question.replace(' ', '+')}".encode()
    headers = {
        "host": HERE.partition("//")[2], "cookie": cookie, "accept-encoding": accept_encoding,
        "content-type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    scope = {
        "type": "http", "method": "POST", "path": "/", "query_string": b"", "http_version": "1.1",
        "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asked, sent = [{"type": "http.request", "body": body, "more_body": False}], []

    async def receive():
        if not asked:
            await anyio.sleep_forever()  # a client that stays
        return asked.pop()

    async def send(message):
        sent.append(message)

    await visitor.client.app(scope, receive, send)
    start, *bodies = sent
    return start, [message["body"] for message in bodies if message["body"]]


@pytest.fixture
def posted(visitor):
    return lambda question, coding="identity": anyio.run(pieces_of, visitor, question, coding)


def test_an_answer_comes_in_its_sections(posted, desk):
    start, pieces = posted(SURVIVAL)
    assert start["status"] == 200
    assert b"content-length" not in dict(start["headers"])
    sections = [s.heading for s in desk.ask(SURVIVAL).sections]
    assert b"</head>" in pieces[0] and b"</h1>" not in pieces[0]
    assert len(pieces) > len(sections)
    for heading in sections:
        assert sum(f">{heading}</h2>".encode() in piece for piece in pieces) == 1
    assert pieces[-1].rstrip().endswith(b"</html>")


def test_every_compressed_piece_can_be_read_when_it_arrives(posted):
    start, pieces = posted(SURVIVAL, "gzip")
    assert dict(start["headers"])[b"content-encoding"] == b"gzip"
    assert len(pieces) > 3
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert b"</head>" in reader.decompress(pieces[0])
    assert gzip.decompress(b"".join(pieces)).rstrip().endswith(b"</html>")


def test_an_error_before_the_first_section_is_an_error_page(visitor, monkeypatch):
    monkeypatch.setattr(jinja2.Environment, "get_template", broken_template(0))
    page = visitor.post("/", question=SURVIVAL, page="/evidence")
    assert page.status_code == 500 and "SECRET" not in page.text


def test_an_error_between_sections_is_said_on_the_page(visitor, monkeypatch, caplog):
    monkeypatch.setattr(jinja2.Environment, "get_template", broken_template(3))
    page = visitor.post("/", question=SURVIVAL, page="/evidence")
    assert page.status_code == 200
    assert "The page ends here" in words(page)
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in page.text and "SECRET" not in caplog.text


def broken_template(after):
    """Return a loader of templates whose answers fail after some sections."""
    loaded = jinja2.Environment.get_template

    def get_template(self, name, *more):
        template = loaded(self, name, *more)
        if name == "answer.html":
            template = type("Broken", (), {"generate": lambda *_: failing(after)})()
        return template

    return get_template


def failing(after):
    for number in range(after):
        yield f"<p>{number}</p></section>"
    raise RuntimeError("patient said: SECRET")


# Errors by type


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere", 404), ("/what-if", 405), ("/source/none", 404)]
)
def test_a_program_gets_problem_details(visitor, accept, address, status):
    response = visitor.get(address, headers={"accept": accept})
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert set(told) == {"type", "title", "status", "detail"}
    assert told["status"] == response.status_code == status
    assert response.headers["content-security-policy"]


def test_a_browser_gets_a_page(visitor):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8"
    for address in ("/nowhere", "/what-if"):
        page = visitor.get(address, headers={"accept": accept})
        assert page.headers["content-type"].startswith("text/html")
        assert page.text.count("<h1") == 1


def test_a_way_that_is_not_allowed_names_the_one_that_is(visitor):
    assert visitor.get("/what-if").headers["allow"] == "POST"
    assert visitor.client.delete("/").status_code == 405
    assert visitor.client.request("TRACE", "/").status_code == 405
    assert visitor.client.head("/").status_code == 200


def test_a_page_that_fails_says_so_to_a_program(desk, monkeypatch):
    visitor = Visitor(desk)

    def broken(*_, **__):
        raise RuntimeError("SECRET")

    monkeypatch.setattr(type(desk), "stats", broken)
    response = visitor.get("/about", headers={"accept": "application/json"})
    assert response.status_code == 500
    assert response.json()["title"] == "Something went wrong here"
    assert "SECRET" not in response.text
