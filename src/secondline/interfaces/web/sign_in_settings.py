"""How people sign in: the provider, the claim that names them, and how long a session lasts."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from secondline.interfaces.web.own_address import OwnAddress, is_loopback
from secondline.interfaces.web.serve_error import ServeError

SECRET = "SECONDLINE_CLIENT_SECRET"
SECRET_FILE = "SECONDLINE_CLIENT_SECRET_FILE"
LARGEST_SECRET = 10_000  # bytes
USUAL_CLAIM = "email"
# Claims that people may change themselves, or that two people may share.
NO_NAMES = frozenset(
    {
        "name",
        "nickname",
        "given_name",
        "family_name",
        "middle_name",
        "profile",
        "picture",
        "website",
    }
)
# Claims that a provider gives only when it is asked for their scope.
SCOPES = {"email": "email", "preferred_username": "profile"}
LONGEST_SESSION = 24.0  # hours


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """How people sign in.

    Attributes:
        issuer: the address of the provider, exactly as it names itself.
        client_id: under which the provider knows this service.
        client_secret: with which this service shows that it is the one.
        address: under which browsers reach the pages.
        claim: the one that names people; an email counts when the provider says it is verified.
        scopes: asked for, in addition to openid and what the claim needs.
        session_hours: after which one signs in again in any case.
        idle_minutes: without a page after which one signs in again.
        open_pages: whether pages that only answer and show evidence need no sign-in.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    address: OwnAddress
    claim: str = USUAL_CLAIM
    scopes: tuple[str, ...] = ()
    session_hours: float = 8.0
    idle_minutes: float = 30.0
    open_pages: bool = False

    def __post_init__(self) -> None:
        _require_issuer(self.issuer)
        if not self.client_id.strip():
            raise ServeError("sign-in needs the id under which the provider knows this service")
        if not self.address.origin:
            raise ServeError("sign-in needs the public address of the pages: --public-address")
        if self.claim in NO_NAMES or not self.claim.strip():
            raise ServeError(
                f"the claim {self.claim!r} does not name one person: people may change it or share"
                f" it; expected {USUAL_CLAIM}, sub, or a claim that your organization assigns"
            )
        if not 0 < self.session_hours <= LONGEST_SESSION:
            raise ServeError(
                f"a session of {self.session_hours:g} hours; expected more than 0 and at most"
                f" {LONGEST_SESSION:g}"
            )
        if not 0 < self.idle_minutes <= self.session_hours * 60:
            raise ServeError(
                f"{self.idle_minutes:g} idle minutes; expected more than 0 and no longer than a"
                " session"
            )

    @property
    def scope(self) -> str:
        """What is asked of the provider, and nothing beyond what the claim needs."""
        needed = ("openid", SCOPES.get(self.claim, ""), *self.scopes)
        return " ".join(dict.fromkeys(scope for scope in needed if scope))

    @property
    def provider_name(self) -> str:
        """The name of the provider's server, for people."""
        return urlsplit(self.issuer).netloc


def client_secret(file: Path | None) -> str:
    """Return the secret of this service from a file or the environment; never from an argument.

    Args:
        file: None for the one that SECONDLINE_CLIENT_SECRET_FILE names, if it does.

    Raises:
        ServeError: there is none, or the file cannot be read.
    """
    named = file or (Path(os.environ[SECRET_FILE]) if os.environ.get(SECRET_FILE) else None)
    if named is None:
        secret = os.environ.get(SECRET, "")
    else:
        try:
            with named.open("rb") as opened:
                secret = opened.read(LARGEST_SECRET).decode("utf-8").strip()
        except OSError as error:
            raise ServeError(f"{named} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ServeError(f"{named} is not UTF-8 text") from None
    if not secret:
        raise ServeError(f"sign-in needs a secret: set {SECRET} or name a file by {SECRET_FILE}")
    return secret


def _require_issuer(issuer: str) -> None:
    try:
        parts = urlsplit(issuer)
        host = parts.hostname or ""
    except ValueError:
        raise ServeError(f"the issuer {issuer!r} is not an address") from None
    if not host or parts.query or parts.fragment or parts.username:
        raise ServeError(f"the issuer {issuer!r} is not an address; expected https://NAME/PATH")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ServeError(f"the issuer {issuer} would be asked in the open; expected https://")
