"""Under which address browsers reach the pages, and what follows from it: hosts, origins, cookies.

The address is configured, never read from a request: neither the Host header nor what a proxy adds
decides where a link, a cookie or a return from sign-in leads.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from secondline.interfaces.web.serve_error import ServeError

# Names under which a server on this machine is reached. Another name in the Host header is a page
# elsewhere that had its own name point here (DNS rebinding).
LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """The address of the pages.

    Attributes:
        origin: scheme, name and port, such as https://secondline.example; empty where any name of
            this machine will do.
    """

    origin: str = ""

    @property
    def secure(self) -> bool:
        """Whether browsers reach the pages over TLS."""
        return self.origin.startswith("https:")

    def is_own_host(self, host: str) -> bool:
        """Say whether a Host header names this server."""
        if not self.origin:
            return host_name(host) in LOOPBACK_NAMES
        return _place(f"{urlsplit(self.origin).scheme}://{host}") == _place(self.origin)

    def is_own_origin(self, origin: str) -> bool:
        """Say whether an Origin header names a page of this server."""
        if not self.origin:
            return urlsplit(origin).hostname in LOOPBACK_NAMES
        return _place(origin) == _place(self.origin)

    def cookie_name(self, purpose: str) -> str:
        """Return the name of a cookie; over TLS one that no other host can set in our place."""
        return f"{'__Host-' if self.secure else ''}secondline-{purpose}"

    def cookie(self, request: Request, purpose: str) -> str:
        """Return a cookie of a browser, empty where it sent none."""
        return request.cookies.get(self.cookie_name(purpose), "")

    def set_cookie(
        self, response: Response, purpose: str, value: str, seconds: int | None = None
    ) -> None:
        """Set a cookie that no script reads and no other site sends along with a form.

        Args:
            response: that sets it.
            purpose: of the cookie.
            value: a random text.
            seconds: for which the browser keeps it; None until it is closed.
        """
        response.set_cookie(
            self.cookie_name(purpose), value, max_age=seconds, path="/", httponly=True,
            secure=self.secure, samesite="lax",
        )  # fmt: skip

    def delete_cookie(self, response: Response, purpose: str) -> None:
        """Have a browser forget a cookie."""
        response.delete_cookie(
            self.cookie_name(purpose), path="/", httponly=True, secure=self.secure, samesite="lax"
        )


def public_address(text: str) -> OwnAddress:
    """Return the address that an organization gave the pages.

    Raises:
        ServeError: it is not https and reached by others, or it is more than scheme, name and port.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if (
        parts.path.strip("/")
        or parts.query
        or parts.fragment
        or parts.username
        or not _is_web(parts)
    ):
        raise ServeError(
            f"{text!r} is not the address of a server; expected https://NAME or https://NAME:PORT"
        )
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ServeError(f"{text} would carry sign-ins in the open; it must begin with https://")
    return OwnAddress(f"{parts.scheme}://{parts.netloc}")


def local_address(host: str, port: int) -> OwnAddress:
    """Return the address of pages that only this machine reaches.

    Raises:
        ServeError: others reach it; how they name it is not known.
    """
    if not is_loopback(host):
        raise ServeError(
            "sign-in needs the address under which browsers reach the pages: --public-address"
        )
    return OwnAddress(f"http://{f'[{host}]' if ':' in host else host}:{port}")


def _is_web(parts: SplitResult) -> bool:
    try:
        return parts.scheme in USUAL_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        return False


def is_loopback(host: str) -> bool:
    """Say whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port: "[::1]:8000" is ::1."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _place(address: str) -> tuple[str, str, int] | None:
    """Return scheme, name and port of an address; None for what is none."""
    try:
        parts = urlsplit(address)
        if parts.path or parts.query or parts.fragment or parts.username or not parts.hostname:
            return None
        return parts.scheme, parts.hostname, parts.port or USUAL_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
