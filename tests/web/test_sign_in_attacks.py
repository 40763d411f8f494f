"""What somebody may try at sign-in, and what a provider may do wrong: a clear page, a plain log."""

import base64
import contextlib
import functools
import hashlib
import hmac
import json
import logging
import threading
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from openid_provider import CLIENT_SECRET, payload_of, unsigned
from visitor import value_of, words

from secondline.interfaces.web import identity_provider
from secondline.interfaces.web.sign_in import own_page

NOT_COUNTED, NOT_NOW = "This sign-in does not count", "Signing in is not possible now"
SESSION = "__Host-secondline-session"


@pytest.fixture(autouse=True)
def plain_log(caplog, provider):
    """Whatever happens, the log holds no name, no secret and nothing that was sent."""
    caplog.set_level(logging.INFO, logger="secondline")
    yield
    said = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("secondline"))
    for secret in ("hospital.example", "subject-", "eyJ", CLIENT_SECRET, "code=", "state="):
        assert secret not in said


def refused(person, page, status=403, title=NOT_COUNTED):
    """Require a plain page, and that nobody is signed in."""
    assert page.status_code == status, words(page)
    assert title in words(page)
    for inner in ("Traceback", "JoseError", "nonce", "issuer", "claim", "eyJ"):
        assert inner not in page.text
    assert SESSION not in person.client.cookies
    assert person.get("/about").url.path == "/sign-in"


def logged(caplog):
    return [r.getMessage() for r in caplog.records if r.name == "secondline.web"][-1]


# The return from the provider


def test_a_wrong_state_is_refused(person, caplog):
    ann = person("ann")
    back = ann.from_provider(ann.to_provider())
    parts = urlsplit(back)
    query = {**{n: v[0] for n, v in parse_qs(parts.query).items()}, "state": "another"}
    refused(ann, ann.get(f"{parts.path}?{urlencode(query)}"))
    assert "state is unknown" in logged(caplog)


def test_a_return_without_anything_is_refused(person):
    ann = person("ann")
    for address in ("/sign-in/return", "/sign-in/return?state=&code=", "/sign-in/return?state=%00&code=%ff"):  # fmt: skip
        refused(ann, ann.get(address))


def test_the_return_of_somebody_else_does_not_sign_in_as_them(person):
    """Login CSRF: Eve has Ann open the address with Eve's code and state."""
    eve, ann = person("eve"), person("ann")
    back = eve.from_provider(eve.to_provider())
    refused(ann, ann.get(back))
    ann.to_provider()
    refused(ann, ann.get(back))
    assert "eve@hospital.example" in words(eve.get(back)), "her own browser may"


def test_a_return_counts_once(person):
    ann = person("ann")
    back = ann.from_provider(ann.to_provider())
    assert ann.get(back).status_code == 200
    ann.sign_out()
    refused(ann, ann.get(back))


def test_a_code_that_was_used_is_refused_by_the_provider(person, provider, caplog):
    ann = person("ann")
    back = ann.from_provider(ann.to_provider())
    provider.codes.clear()
    refused(ann, ann.get(back))
    assert "invalid_grant" in logged(caplog)


def test_a_code_of_another_sign_in_is_refused(person):
    """PKCE and the nonce tie a code to the browser that began; state alone would not."""
    eve, ann = person("eve"), person("ann")
    hers = parse_qs(urlsplit(eve.from_provider(eve.to_provider())).query)["code"][0]
    own = parse_qs(urlsplit(ann.from_provider(ann.to_provider())).query)["state"][0]
    refused(ann, ann.get("/sign-in/return?" + urlencode({"code": hers, "state": own})))


def test_a_sign_in_that_took_too_long_is_refused(person, clock):
    ann = person("ann")
    back = ann.from_provider(ann.to_provider())
    clock.later(601)
    refused(ann, ann.get(back))


def test_somebody_who_declines_is_not_signed_in(person, caplog):
    ann = person("ann")
    state = parse_qs(urlsplit(ann.to_provider()).query)["state"][0]
    said = {"state": state, "error": "access_denied", "error_description": "<script>ann</script>"}
    page = ann.get("/sign-in/return?" + urlencode(said))
    refused(ann, page)
    assert "script>ann" not in page.text and "access_denied" not in page.text


def test_a_return_in_the_name_of_another_issuer_is_refused(person):
    ann = person("ann")
    back = ann.from_provider(ann.to_provider())
    refused(ann, ann.get(f"{back}&iss=https%3A%2F%2Fevil.example"))


# The ID token


def from_now(seconds):
    """Say a time when the test runs: tests may be collected long before."""
    return lambda: int(time.time()) + seconds


@pytest.mark.parametrize(
    ("claims", "about"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": ["another-client"], "azp": "secondline-tests"}, "aud"),
        ({"aud": ["secondline-tests", "another-client"]}, "azp"),
        ({"azp": "another-client"}, "azp"),
        ({"aud": None}, "aud"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"exp": from_now(-600)}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": float("nan")}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"iat": from_now(600)}, "iat"),
        ({"nbf": from_now(600)}, "nbf"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "sub"),
        ({"at_hash": "bm90IHRoaXMgb25l"}, "at_hash"),
    ],
)
def test_an_id_token_that_says_something_else_is_refused(person, provider, caplog, claims, about):
    ann = person("ann")
    claims = {name: value() if callable(value) else value for name, value in claims.items()}
    with provider.up_to(claims=claims):
        page = ann.sign_in()
    refused(ann, page)
    assert f"the ID token does not hold ({about}" in logged(caplog)


def test_clocks_may_differ_a_little(person, provider):
    with provider.up_to(claims={"exp": int(time.time()) - 60}):
        assert person("ann").sign_in().status_code == 200
    with provider.up_to(claims={"iat": int(time.time()) + 60}):
        assert person("bob").sign_in().status_code == 200


def with_no_signature(claims, provider):
    return unsigned({"alg": "none"}, claims) + "."


def with_no_signature_and_a_key(claims, provider):
    return unsigned({"alg": "none", "kid": provider.key.kid}, claims) + "."


def with_the_public_key_as_a_secret(claims, provider):
    """HS256, with what everybody may read taken for a secret."""
    start = unsigned({"alg": "HS256", "kid": provider.key.kid}, claims)
    secret = provider.key.as_pem(private=False)
    mac = hmac.new(secret, start.encode(), hashlib.sha256).digest()
    return f"{start}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def with_the_secret_of_the_client(claims, provider):
    start = unsigned({"alg": "HS256"}, claims)
    mac = hmac.new(CLIENT_SECRET.encode(), start.encode(), hashlib.sha256).digest()
    return f"{start}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def with_another_key(claims, provider):
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, RSAKey.generate_key(2048))


def with_an_unknown_key(claims, provider):
    key = RSAKey.generate_key(2048, auto_kid=True)
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def with_a_key_that_it_brings(claims, provider):
    key = RSAKey.generate_key(2048, auto_kid=True)
    header = {"alg": "RS256", "kid": key.kid, "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key)


def changed_after_signing(claims, provider):
    signed = jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key)
    start, _, end = signed.split(".")
    other = unsigned({}, {**claims, "email": "eve@hospital.example"}).split(".")[1]
    return f"{start}.{other}.{end}"


@pytest.mark.parametrize(
    "signed",
    [
        with_no_signature,
        with_no_signature_and_a_key,
        with_the_public_key_as_a_secret,
        with_the_secret_of_the_client,
        with_another_key,
        with_an_unknown_key,
        with_a_key_that_it_brings,
        changed_after_signing,
        lambda claims, provider: "not.a.token",
        lambda claims, provider: "",
        lambda claims, provider: "x" * 200_000,
    ],
)
def test_an_id_token_that_the_provider_did_not_sign_is_refused(person, provider, signed):
    """The provider of the tests says that it supports none and HS256; that does not count."""
    ann = person("ann")
    with provider.up_to(signed=signed):
        page = ann.sign_in()
    refused(ann, page)


def test_without_an_id_token_nobody_is_signed_in(person, provider, caplog):
    ann = person("ann")
    token = {"access_token": "a", "token_type": "Bearer"}
    with provider.up_to(answers={"/token": lambda handler: handler.send(token)}):
        refused(ann, ann.sign_in())
    assert "no ID token" in logged(caplog)


def test_a_new_key_of_the_provider_is_fetched_once(person, provider):
    make_all_known = person("ann").sign_in()
    assert make_all_known.status_code == 200
    provider.rotate_key()
    before = provider.asked["/keys"]
    assert person("bob").sign_in().status_code == 200
    assert person("eve").sign_in().status_code == 200
    assert provider.asked["/keys"] == before + 1


def test_what_the_provider_says_of_itself_is_kept_for_an_hour(person, provider, monkeypatch):
    for login in ("ann", "bob"):
        assert person(login).sign_in().status_code == 200
    place = "/.well-known/openid-configuration"
    assert provider.asked[place] == 1 and provider.asked["/keys"] == 1
    later = time.time() + 3_700
    monkeypatch.setattr(identity_provider.time, "time", lambda: later)
    person("eve").to_provider()
    assert provider.asked[place] == 2


# A provider that does not do what it should


WAITED = threading.Event()  # whoever asked has stopped waiting


def slow(handler):
    """Answer when nobody waits any longer."""
    WAITED.wait(600)
    handler.send({})


def drips(handler):
    """One byte at a time, so that no single step takes long, until nobody waits any longer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while not WAITED.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def floods(handler):
    """300 MB, as far as somebody reads them."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(300_000_000))
    handler.end_headers()
    handler.server.provider.flooded = 0
    for _ in range(300):
        handler.wfile.write(b" " * 1_000_000)
        handler.server.provider.flooded += 1_000_000


def compressed(handler):
    handler.send("{}", headers=[("Content-Encoding", "gzip")])


def elsewhere(handler):
    handler.send("", 302, [("Location", "http://localhost:1/")])


WRONG = {
    "fails": lambda handler: handler.send("<h1>broken: ann</h1>", 500),
    "is missing": lambda handler: handler.send("nothing", 404),
    "is slow": slow,
    "drips": drips,
    "floods": floods,
    "is compressed": compressed,
    "leads elsewhere": elsewhere,
    "is no JSON": lambda handler: handler.send("hello"),
    "is a list": lambda handler: handler.send([1]),
    "is deep": lambda handler: handler.send("[" * 100_000),
    "is not UTF-8": lambda handler: handler.wfile.write(
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe"
    ),
    "hangs up": lambda handler: handler.connection.close(),
}


@pytest.fixture
def hurried(monkeypatch):
    """Make a step of sign-in wait half a second for the provider, inside a block."""

    @contextlib.contextmanager
    def only_here():
        WAITED.clear()
        with monkeypatch.context() as patched:
            patched.setattr(identity_provider, "SECONDS", 0.5)
            yield
        WAITED.set()

    return only_here


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_provider_that_does_not_answer_as_it_should(person, provider, hurried, path, wrong):
    ann = person("ann")
    with provider.up_to(answers={path: WRONG[wrong]}):
        if path.startswith("/."):
            form = {"token": value_of(ann.get("/sign-in").text, "token")}
            step = functools.partial(ann.client.post, "/sign-in", data=form)
        else:
            step = functools.partial(ann.get, ann.from_provider(ann.to_provider()))
        # The others answer at once: a busy machine may take its time for them.
        with hurried() if WRONG[wrong] in {slow, drips} else contextlib.nullcontext():
            page = step()
    refused(ann, page, 502, NOT_NOW)
    assert "broken" not in page.text
    assert person("bob").sign_in().status_code == 200, "later it is possible"


@pytest.mark.parametrize("keys", [None, 7, [], [7], [{}], [{"kty": {}}], [{"kty": "RSA"}]])
def test_keys_of_odd_values_sign_nobody_in(person, provider, keys):
    ann = person("ann")
    with provider.up_to(answers={"/keys": lambda handler: handler.send({"keys": keys})}):
        page = ann.sign_in()
    assert page.status_code in {403, 502}
    assert ann.get("/about").url.path == "/sign-in"


@pytest.mark.parametrize(
    "wrong",
    [
        {"access_token": "a", "expires_in": {}},
        {"access_token": 7, "id_token": "a.b.c"},
        {"error": ["x"]},
        {"error": {"a": 1}},
    ],
)
def test_a_token_of_odd_values_signs_nobody_in(person, provider, wrong):
    ann = person("ann")
    with provider.up_to(answers={"/token": lambda handler: handler.send(wrong)}):
        page = ann.sign_in()
    assert page.status_code in {403, 502}
    assert ann.get("/about").url.path == "/sign-in"


def test_of_a_flood_little_is_read(person, provider):
    with provider.up_to(answers={"/token": floods}):
        refused(ann := person("ann"), ann.sign_in(), 502, NOT_NOW)
    assert provider.flooded < 20_000_000


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ["https://login.example"]},
        {"userinfo_endpoint": "https://login.example/#x"},
    ],
)
def test_a_description_that_is_not_that_of_our_provider_is_refused(person, provider, described):
    ann = person("ann")
    with provider.up_to(described=described):
        form = {"token": value_of(ann.get("/sign-in").text, "token")}
        refused(ann, ann.client.post("/sign-in", data=form), 502, NOT_NOW)


def test_a_provider_that_is_away_and_comes_back(person, provider):
    ann = person("ann")
    form = {"token": value_of(ann.get("/sign-in").text, "token")}
    provider.stop()
    refused(ann, ann.client.post("/sign-in", data=form), 502, NOT_NOW)
    provider.start()
    back = ann.from_provider(ann.to_provider())
    provider.stop()
    refused(ann, ann.get(back), 502, NOT_NOW)
    provider.start()
    assert ann.sign_in().status_code == 200
    provider.stop()
    assert ann.get("/about").url.path == "/about", "who is signed in stays so"
    assert "signed out of secondline" in words(ann.sign_out()), "and can sign out"
    provider.start()


def test_a_secret_that_the_provider_does_not_take_is_told_to_those_who_run_the_service(
    person_of_pages, provider, caplog
):
    make = person_of_pages()
    ann = make("ann")
    provider.client.check_client_secret = lambda _: False
    try:
        refused(ann, ann.sign_in())
    finally:
        del provider.client.check_client_secret
    assert "invalid_client" in logged(caplog)


def test_a_provider_that_takes_the_secret_only_in_the_body_is_given_it_there(person, provider):
    provider.client.method = "client_secret_post"
    assert person("ann").sign_in().status_code == 200


# Cookies, forms, and where one is led


def test_cookies_can_be_neither_read_nor_set_by_others(person):
    ann = person("ann")
    ann.client.follow_redirects = False
    first = ann.client.get("/sign-in")
    leads_to = ann.to_provider(first)
    signed = ann.client.get(ann.from_provider(leads_to))
    said = [c for page in (first, signed) for c in page.headers.get_list("set-cookie")]
    kept = [cookie for cookie in said if "Max-Age=0" not in cookie]
    assert len(kept) == 2
    for cookie in said:
        assert cookie.startswith("__Host-secondline-")
        for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize("forged", ["x", "0" * 43, "../../etc", "\xff", "a" * 10_000])
def test_a_forged_session_is_none(person, forged):
    ann = person("ann")
    cookie = f"{SESSION}={forged}".encode("latin-1")
    page = ann.client.get("/about", headers={b"cookie": cookie})
    assert page.url.path == "/sign-in"


def test_a_session_that_was_planted_is_not_taken_up(person):
    """Session fixation: the secret is new at every sign-in, and an older one ends."""
    ann = person("ann")
    ann.client.cookies.set(SESSION, "planted", domain="pages.hospital.example")
    ann.sign_in()
    first = [c.value for c in ann.client.cookies.jar if c.name == SESSION]
    assert "planted" not in first
    ann.sign_in()
    eve = person("eve")
    eve.client.cookies.set(SESSION, first[0], domain="pages.hospital.example")
    assert eve.get("/about").url.path == "/sign-in", "what ann had before ended"


def test_another_site_can_neither_sign_in_nor_out(person):
    ann = person("ann")
    page = ann.sign_in()
    token = value_of(page.text, "token")
    for path in ("/sign-out", "/sign-in"):
        assert ann.client.post(path, data={"token": "guessed"}).status_code == 403
        assert ann.client.post(path, data={"token": ""}).status_code == 403
        for header in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"},
                       {"origin": "http://pages.hospital.example"},
                       {"origin": "https://pages.hospital.example:444"}):  # fmt: skip
            sent = ann.client.post(path, data={"token": token}, headers=header)
            assert sent.status_code == 403, header
        assert ann.client.get(path).status_code in {200, 405}
    assert ann.get("/about").url.path == "/about", "still signed in"
    own = {"origin": "https://pages.hospital.example", "sec-fetch-site": "same-origin"}
    assert ann.client.post("/sign-out", data={"token": token}, headers=own).status_code == 200


def test_a_form_made_before_sign_in_is_not_taken_from_who_signed_in(person):
    ann = person("ann")
    before = value_of(ann.get("/sign-in").text, "token")
    ann.sign_in()
    assert ann.client.post("/sign-out", data={"token": before}).status_code == 403


ELSEWHERE = (
    "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil",
    "javascript:alert(1)", "evil.example", "", " /about", "/about\r\nset-cookie: a=b", "/%0d%0a\n",
    "/@evil.example\x00", "///evil.example", "http:/about", "/" + "a" * 2_000, "/sign-in",
    "/sign-out", "/static/style.css", "/<script>",
)  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_after_sign_in_one_is_led_to_own_pages_only(person, elsewhere):
    assert own_page(elsewhere) == "/"
    ann = person("ann")
    page = ann.get("/sign-in?" + urlencode({"return_to": elsewhere}))
    token = value_of(page.text, "token")
    led = ann.client.post("/sign-in", data={"token": token, "return_to": elsewhere})
    ann.client.follow_redirects = False
    back = ann.from_provider(led.text.split("url=")[1].split('"')[0].replace("&amp;", "&"))
    assert ann.get(back).headers["location"] == "/"


def test_own_pages_are_led_to():
    for page in (
        "/",
        "/about",
        "/findings?statement=rms-chisholm-cured&view=a%20b",
        "/source/x2011",
    ):
        assert own_page(page) == page


# Headers


def test_over_tls_browsers_are_told_to_stay_there(person, visitor):
    ann = person("ann")
    page = ann.get("/sign-in")
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in visitor.get("/").headers, "never on loopback"


def test_pages_of_signing_in_have_the_strict_policy(person):
    ann = person("ann")
    first = ann.get("/sign-in")
    form = {"token": value_of(first.text, "token")}
    for page in (first, ann.client.post("/sign-in", data=form), ann.get("/signed-out"),
                 ann.get("/sign-in/return")):  # fmt: skip
        assert "form-action 'self'" in page.headers["content-security-policy"]
        assert "localhost" not in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cross-origin-opener-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"


def test_the_public_address_decides_and_no_header_of_a_proxy(person):
    ann = person("ann")
    for host in ("evil.example", "127.0.0.1:8000", "pages.hospital.example:444",
                 "pages.hospital.example.evil.example", "evil@pages.hospital.example", ""):  # fmt: skip
        assert ann.get("/sign-in", headers={"host": host}).status_code == 421, host
    for host in ("pages.hospital.example", "pages.hospital.example:443", "PAGES.hospital.example"):
        assert ann.get("/sign-in", headers={"host": host}).status_code == 200, host
    forwarded = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http",
                 "forwarded": "host=evil.example;proto=http", "x-forwarded-for": "1.2.3.4"}  # fmt: skip
    page = ann.get("/sign-in", headers=forwarded)
    assert "evil.example" not in page.text
    ann.client.headers.update(forwarded)
    back = parse_qs(urlsplit(ann.to_provider()).query)["redirect_uri"]
    assert back == ["https://pages.hospital.example/sign-in/return"]


def test_the_claims_of_the_provider_of_the_tests_are_what_they_seem():
    """The tests above would pass for nothing if a token were refused for its form alone."""
    assert payload_of(unsigned({"alg": "none"}, {"a": 1}) + ".") == {"a": 1}
    assert json.loads('{"a": NaN}')["a"] != 0
