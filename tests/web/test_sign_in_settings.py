"""How sign-in is set up: by options and the environment, and what is refused before it serves."""

import asyncio
import re
import subprocess
import sys

import pytest

from secondline.interfaces.web.application import application
from secondline.interfaces.web.own_address import OwnAddress, public_address
from secondline.interfaces.web.serve_error import ServeError
from secondline.interfaces.web.sign_in import SignIn
from secondline.interfaces.web.sign_in_settings import SignInSettings, client_secret

GIVEN = {
    "issuer": "https://login.hospital.example/realms/staff",
    "client_id": "secondline",
    "client_secret": "s3cret",
    "address": OwnAddress("https://pages.hospital.example"),
}


def serve(*options, **environment):
    return subprocess.run(
        [sys.executable, "-m", "secondline", "serve", *options],
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path), **environment},
    )


SET = {
    "SECONDLINE_ISSUER": GIVEN["issuer"],
    "SECONDLINE_CLIENT_ID": "secondline",
    "SECONDLINE_CLIENT_SECRET": "s3cret",
    "SECONDLINE_PUBLIC_ADDRESS": "https://pages.hospital.example",
}


@pytest.mark.parametrize(
    ("changed", "options", "says"),
    [
        ({"SECONDLINE_CLIENT_SECRET": ""}, (), "sign-in needs a secret"),
        (
            {"SECONDLINE_CLIENT_SECRET_FILE": "/nowhere/secret"},
            (),
            "/nowhere/secret cannot be read",
        ),
        ({"SECONDLINE_CLIENT_ID": ""}, (), "sign-in needs the id"),
        ({"SECONDLINE_PUBLIC_ADDRESS": "http://pages.hospital.example"}, (), "https://"),
        (
            {"SECONDLINE_PUBLIC_ADDRESS": "https://a.example/b"},
            (),
            "is not the address of a server",
        ),
        ({"SECONDLINE_PUBLIC_ADDRESS": ""}, ("--host", "0.0.0.0"), "--public-address"),
        ({"SECONDLINE_ISSUER": "http://login.hospital.example"}, (), "asked in the open"),
        ({"SECONDLINE_ISSUER": ""}, (), "sign-in needs a provider"),
        ({}, ("--person-claim", "name"), "does not name one person"),
        ({}, ("--session-hours", "100"), "a session of 100 hours"),
        ({}, ("--idle-minutes", "0"), "0 idle minutes"),
        ({}, ("--as", "Ada Approver"), "--as names one person for everybody"),
    ],
)
def test_what_is_missing_or_not_safe_is_said_before_anything_is_served(changed, options, says):
    result = serve(*options, **{**SET, **changed})
    assert result.returncode == 2
    assert says in result.stderr
    assert "s3cret" not in result.stderr + result.stdout and "Traceback" not in result.stderr
    assert "Serving" not in result.stdout


def test_a_secret_is_never_an_argument():
    result = serve("--client-secret", "s3cret", **SET)
    assert result.returncode == 2


def test_without_the_packages_it_is_said_how_to_install_them(tmp_path):
    """A folder before all others holds an authlib that cannot be imported."""
    broken = tmp_path / "authlib"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ModuleNotFoundError(name='authlib')")
    result = serve(**SET, PYTHONPATH=":".join((str(tmp_path), *sys.path)))
    assert result.returncode == 2
    assert "sign-in needs the package authlib: pip install 'secondline[team]'" in result.stderr


def test_a_secret_is_read_from_a_file_or_the_environment(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    monkeypatch.setenv("SECONDLINE_CLIENT_SECRET", "from the environment")
    assert client_secret(None) == "from the environment"
    assert client_secret(file) == "from a file"
    monkeypatch.setenv("SECONDLINE_CLIENT_SECRET_FILE", str(file))
    assert client_secret(None) == "from a file"
    file.write_bytes(b"\xff")
    with pytest.raises(ServeError, match="not UTF-8"):
        client_secret(file)
    file.write_text("\n")
    with pytest.raises(ServeError, match="needs a secret"):
        client_secret(file)


def test_the_secret_is_not_shown():
    assert "s3cret" not in repr(SignInSettings(**GIVEN))


@pytest.mark.parametrize("claim", ["name", "nickname", "given_name", "", " "])
def test_a_claim_that_people_may_change_or_share_does_not_name_them(claim):
    with pytest.raises(ServeError, match="does not name one person"):
        SignInSettings(**GIVEN, claim=claim)


@pytest.mark.parametrize(
    ("claim", "scopes", "asked"),
    [
        ("email", (), "openid email"),
        ("sub", (), "openid"),
        ("preferred_username", (), "openid profile"),
        ("employee", ("staff", "openid"), "openid staff"),
    ],
)
def test_no_more_is_asked_than_the_claim_needs(claim, scopes, asked):
    assert SignInSettings(**GIVEN, claim=claim, scopes=scopes).scope == asked


@pytest.mark.parametrize(
    "issuer",
    ["", "login", "ftp://login.example", "https://", "https://a.example/?b", "https://a@b.example",
     "https://[", "http://127.0.0.1.example"],
)  # fmt: skip
def test_an_issuer_is_a_safe_address(issuer):
    with pytest.raises(ServeError):
        SignInSettings(**{**GIVEN, "issuer": issuer})


@pytest.mark.parametrize(
    "address",
    ["", "pages.example", "https://", "https://a.example/b", "https://a.example?b",
     "https://a.example:port", "https://a.example:0", "https://u@a.example", "ftp://a.example",
     "http://pages.example", "https://[", "https://a.example#b"],
)  # fmt: skip
def test_a_public_address_is_that_of_a_server_behind_tls(address):
    with pytest.raises(ServeError):
        public_address(address)


def test_addresses_that_are_possible():
    for address in ("https://pages.example", "https://pages.example:8443", "http://127.0.0.1:8000",
                    "http://localhost:8000", "http://[::1]:8000"):  # fmt: skip
        assert public_address(address).origin == address
        assert public_address(address + "/").origin == address
    assert public_address("https://a.example").secure
    assert not public_address("http://localhost:8000").secure


def test_a_provider_that_is_away_at_the_start_is_said_in_the_log(caplog):
    settings = SignInSettings(**{**GIVEN, "issuer": "http://localhost:1"})
    sign_in = SignIn(settings)
    asyncio.run(sign_in.look())
    sign_in.store.close()
    assert caplog.messages == ["nobody can sign in now: no connection (ConnectError)"]


def test_every_page_was_thought_of(desk):
    """A page is about nobody and may be opened to all, or it needs a sign-in: name it here."""
    sign_in = SignIn(SignInSettings(**GIVEN, open_pages=True))
    routes = application(desk, sign_in=sign_in).routes
    sign_in.store.close()
    closed = {
        route.path
        for route in routes
        if not sign_in.may_be_seen(re.sub(r"\{[^}]*\}", "x", route.path).rstrip("/") or "/")
    }
    asked = {path for path in closed if not path.startswith(("/editorial", "/static"))}
    assert asked == {"/person", "/sign-out"}
