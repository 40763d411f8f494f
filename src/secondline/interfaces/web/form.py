"""A posted form: read within limits, and only from a page that this server made."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from secondline.interfaces.web.masking import unmasked
from secondline.interfaces.web.own_address import OwnAddress
from secondline.interfaces.web.sessions import signed_in

PURPOSE = "form"  # of the cookie
TOKEN = "token"
MOST_FIELDS = 2_000
MOST_SECONDS = 30  # for a body to arrive
URLENCODED = "application/x-www-form-urlencoded"


class FormError(Exception):
    """A form that is not taken: the HTTP status, what is wrong, and what to do."""

    def __init__(self, status: int, title: str, says: str) -> None:
        self.status = status
        self.title = title
        self.says = says
        super().__init__(title)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form by name, each with all its values."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field; empty for a field that was not sent."""
        return self.values.get(name, ())

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)


async def read_form(request: Request, largest: int) -> Form:
    """Read the body of a request as a form.

    Args:
        request: not yet read.
        largest: bytes that the body may have.

    Raises:
        FormError: it is too large, too slow, of another type, or not UTF-8 text.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != URLENCODED:
        raise FormError(415, "Not a form", f"Send the fields as {URLENCODED}.")
    try:
        body = (await _body(request, largest)).decode("ascii")
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise FormError(400, "Not text", "A field is not UTF-8 text. Type it in again.") from None
    except ValueError:
        raise FormError(413, "Too many fields", f"A form has at most {MOST_FIELDS}.") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        # Browsers send line ends as CR LF; a lone NUL is no text that anybody typed.
        values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Form({name: tuple(its) for name, its in values.items()})


async def _body(request: Request, largest: int) -> bytes:
    """Read a body that is not larger than it may be; a declared length is not trusted."""
    too_large = FormError(413, "Too large", f"A form here may have {largest:,} bytes at most.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > largest:
                    raise too_large
    except TimeoutError:
        raise FormError(
            408, "Too slow", "The form did not arrive in time. Send it again."
        ) from None
    except ClientDisconnect:
        raise FormError(400, "Cut off", "The form did not arrive whole.") from None
    return bytes(body)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Ties every form to the browser and the person that it was made for, without keeping anything.

    The token in a form is a keyed hash of a random cookie (the signed double-submit pattern) and of
    who is signed in; the key lives as long as the server. Whoever signs in again as the same person
    may send a form that was begun before; the next person at the same machine may not.
    """

    address: OwnAddress = field(default_factory=OwnAddress)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def cookie_of(self, request: Request) -> str:
        """Return the cookie of a browser, or a new one."""
        return self.address.cookie(request, PURPOSE) or secrets.token_urlsafe(24)

    def keep(self, cookie: str, request: Request, response: Response) -> None:
        """Set the cookie in a browser that does not have it."""
        if self.address.cookie(request, PURPOSE) != cookie:
            self.address.set_cookie(response, PURPOSE, cookie)

    def token(self, cookie: str, request: Request) -> str:
        """Return the token of forms for the browser with this cookie, and for who is signed in."""
        tied = f"{cookie}\n{signed_in(request) or ''}".encode("utf-8", "replace")
        return hmac.new(self.key, tied, hashlib.sha256).hexdigest()

    def check(self, request: Request, form: Form) -> None:
        """Refuse a form that another site sent, or that was made for another browser or person.

        Raises:
            FormError: with what to do about it.
        """
        cookie = self.address.cookie(request, PURPOSE)
        expected = self.token(cookie, request).encode()
        good = hmac.compare_digest(expected, unmasked(form[TOKEN]).encode("utf-8", "replace"))
        if not cookie or not good or not self.is_own(request):
            raise FormError(
                403,
                "This form is out of date",
                "It was made by another server, for somebody else, or before this server was"
                " started. Open the page again and send it from there.",
            )

    def is_own(self, request: Request) -> bool:
        """Say whether a browser sent a form from a page of this server, as far as it tells."""
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = request.headers.get("origin")
        # Under `Referrer-Policy: no-referrer` browsers send "null" for a form of the same origin.
        return origin in {None, "null"} or self.address.is_own_origin(origin or "")
