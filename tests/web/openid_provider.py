"""A small OpenID provider on a port of this machine, for the tests of signing in.

Codes, PKCE and the secret of the client are checked by the server side of Authlib, which no page of
ours uses. What a test wants to go wrong it says in `Mischief`; without any, all is as it should be.
"""

import base64
import json
import sys
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Error, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

SCOPE_OF = {"email": "email", "email_verified": "email", "employee": "staff"}
CLIENT_ID, CLIENT_SECRET = "secondline-tests", "s3cret: with spaces & signs, 100%41 ü"


@dataclass
class Mischief:
    """What goes wrong: claims other than they should be, another signature, another answer."""

    claims: dict = field(default_factory=dict)  # of the ID token; None takes one away
    userinfo: dict = field(default_factory=dict)
    described: dict = field(default_factory=dict)
    signed: object = None  # (claims, provider) -> ID token
    answers: dict = field(default_factory=dict)  # path -> (handler) -> None


@dataclass
class Code:
    """An authorization code, as the grant of Authlib asks for it."""

    value: str
    redirect_uri: str
    scope: str
    nonce: str
    login: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time

    def get_acr(self):
        return None

    def get_amr(self):
        return ["pwd"]


class Client:
    """The one client: the pages."""

    def __init__(self):
        self.returns, self.returns_out = set(), set()
        self.method = "client_secret_basic"

    def get_client_id(self):
        return CLIENT_ID

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri in self.returns

    def check_client_secret(self, client_secret):
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"


class Payload(OAuth2Payload):
    def __init__(self, pairs):
        self._data, self._datalist = dict(pairs), defaultdict(list)
        for name, value in pairs:
            self._datalist[name].append(value)

    @property
    def data(self):
        return self._data

    @property
    def datalist(self):
        return self._datalist


class Request(OAuth2Request):
    def __init__(self, handler):
        super().__init__(
            handler.command, handler.provider.issuer + handler.path, headers=handler.headers
        )
        self._form = handler.form
        self.payload = Payload([*parse_qsl(urlsplit(handler.path).query), *handler.form.items()])

    @property
    def args(self):
        return dict(self.payload.data)

    @property
    def form(self):
        return self._form


class Grant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def save_authorization_code(self, code, request):
        asked = request.payload.data
        self.server.provider.nonces.add(asked["nonce"])
        self.server.provider.codes[code] = Code(
            code, asked["redirect_uri"], request.scope, asked["nonce"], request.user,
            asked["code_challenge"], asked["code_challenge_method"],
        )  # fmt: skip

    def query_authorization_code(self, code, client):
        return self.server.provider.codes.get(code)

    def delete_authorization_code(self, authorization_code):
        del self.server.provider.codes[authorization_code.value]

    def authenticate_user(self, authorization_code):
        return authorization_code.login


class IdToken(OpenIDCode):
    def __init__(self, provider):
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, nonce, request):
        return nonce in self.provider.nonces

    def resolve_client_private_key(self, client):
        return self.provider.key

    def get_client_claims(self, client):
        return {"iss": self.provider.issuer, "aud": [CLIENT_ID]}

    def get_encode_header(self, client):
        return {"alg": "RS256", "kid": self.provider.key.kid}

    def generate_user_info(self, user, scope):
        return self.provider.claims_of(user, scope if self.provider.tells_at_once else "openid")

    def encode_id_token(self, token, request):
        """Sign as Authlib does, and again where a test wants something else to be signed."""
        signed = super().encode_id_token(token, request)
        mischief = self.provider.mischief
        if not mischief.claims and not mischief.signed:
            return signed
        claims = {**payload_of(signed), **mischief.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        if mischief.signed:
            return mischief.signed(claims, self.provider)
        return jwt.encode(self.get_encode_header(None), claims, self.provider.key)


class Authorization(AuthorizationServer):
    def __init__(self, provider):
        super().__init__()
        self.provider = provider
        self.register_token_generator(
            "default", BearerTokenGenerator(lambda **_: generate_token(42))
        )
        self.register_grant(Grant, [IdToken(provider), CodeChallenge(required=True)])

    def query_client(self, client_id):
        return self.provider.client if client_id == CLIENT_ID else None

    def save_token(self, token, request):
        self.provider.tokens[token["access_token"]] = (request.user, token["scope"])

    def send_signal(self, name, *args, **kwargs):
        """Nobody listens."""

    def create_oauth2_request(self, request):
        return Request(request)

    def handle_response(self, status, body, headers):
        return status, body, headers


class Provider:
    """The provider: who there is, its key, and what it gave out."""

    def __init__(self):
        self.people = {}
        self.client = Client()
        self.mischief = Mischief()
        self.tells_at_once = True  # whether claims stand in the ID token
        self.codes, self.tokens, self.sessions, self.nonces = {}, {}, {}, set()
        self.asked = defaultdict(int)  # requests by path
        self.rotate_key()
        self.authorization = Authorization(self)
        self._server = None
        self.port = 0
        self.start()

    @property
    def issuer(self):
        return f"http://localhost:{self.port}"

    def start(self):
        self._server = Listening(("127.0.0.1", self.port), Handler)
        self._server.provider = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def rotate_key(self):
        self.key = RSAKey.generate_key(2048, auto_kid=True)

    def enroll(self, login, **claims):
        """Let somebody sign in, with an email of their own."""
        email = f"{login}@hospital.example"
        self.people[login] = {
            "sub": f"subject-{login}", "email": email, "email_verified": True, **claims
        }  # fmt: skip
        return email

    def claims_of(self, login, scope):
        scopes = {"openid", *scope.split()}
        return {
            name: value
            for name, value in self.people[login].items()
            if SCOPE_OF.get(name, "openid") in scopes
        }

    @property
    def described(self):
        named = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end-session",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
            "token_endpoint_auth_methods_supported": [self.client.method],
            "code_challenge_methods_supported": ["S256"],
            **self.mischief.described,
        }
        return {name: value for name, value in named.items() if value is not None}

    @contextmanager
    def up_to(self, **mischief):
        """Let something go wrong for a while."""
        self.mischief = Mischief(**mischief)
        try:
            yield
        finally:
            self.mischief = Mischief()


class Listening(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """Tell of mistakes here; a client that hangs up is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """The pages and the documents of the provider."""

    form: dict

    @property
    def provider(self):
        return self.server.provider

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        self.form = {}
        self.answer()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self.form = dict(parse_qsl(body, keep_blank_values=True))
        self.answer()

    def answer(self):
        path = urlsplit(self.path).path
        self.provider.asked[path] += 1
        if instead := self.provider.mischief.answers.get(path):
            instead(self)
            return
        answers = {
            "/.well-known/openid-configuration": lambda: self.send(self.provider.described),
            "/keys": lambda: self.send(KeySet([self.provider.key]).as_dict(private=False)),
            "/authorize": self.authorize,
            "/token": self.token,
            "/userinfo": self.userinfo,
            "/end-session": self.end_session,
        }
        answers.get(path, lambda: self.send("nothing here", 404))()

    def send(self, body, status=200, headers=()):
        kind = "text/html; charset=utf-8" if isinstance(body, str) else "application/json"
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        names = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "content-type" not in names:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def page(self, content, status=200):
        self.send(f"<!doctype html><html lang=en><title>Provider</title><main>{content}", status)

    def authorize(self):
        """Ask who it is, unless this browser is known; then send a code back."""
        known = SimpleCookie(self.headers.get("cookie", "")).get("provider-session")
        login = self.form.get("login") or self.provider.sessions.get(known and known.value)
        server = self.provider.authorization
        try:
            grant = server.get_consent_grant(self, end_user=login)
        except OAuth2Error as error:
            self.page(f"<p>refused: {escape(error.error)}", 400)
            return
        if login not in self.provider.people:
            self.page(
                "<h1>Provider</h1><form method=post><label>Login <input name=login></label>"
                "<button>Sign in</button><button name=login value='' formnovalidate hidden></button></form>"
            )
            return
        status, body, headers = server.create_authorization_response(grant.request, login, grant)
        secret = generate_token(30)
        self.provider.sessions[secret] = login
        cookie = ("Set-Cookie", f"provider-session={secret}; Path=/; HttpOnly; SameSite=Lax")
        self.send(body or "", status, [*headers, cookie])

    def token(self):
        status, body, headers = self.provider.authorization.create_token_response(self)
        self.send(body, status, headers)

    def userinfo(self):
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.provider.tokens:
            self.send({"error": "invalid_token"}, 401)
            return
        claims = self.provider.claims_of(*self.provider.tokens[token])
        self.send({**claims, **self.provider.mischief.userinfo})

    def end_session(self):
        """Ask first, as a provider does that was sent no token; then forget this browser."""
        asked = dict(parse_qsl(urlsplit(self.path).query))
        if self.command == "GET":
            self.page("<h1>Provider</h1><form method=post><button>Yes, sign out</button></form>")
            return
        known = SimpleCookie(self.headers.get("cookie", "")).get("provider-session")
        self.provider.sessions.pop(known and known.value, None)
        leads_to = asked.get("post_logout_redirect_uri")
        if asked.get("client_id") == CLIENT_ID and leads_to in self.provider.client.returns_out:
            self.send("", 303, [("Location", leads_to)])
        else:
            self.page("<p>signed out")


def payload_of(token):
    """Return the claims of a signed token, unchecked."""
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def unsigned(header, claims):
    """Return the part of a token that is signed."""
    parts = (json.dumps(each).encode() for each in (header, claims))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def code_at(address, **more):
    """Return an address with more in its query."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(more)}"
