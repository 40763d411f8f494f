"""What stands before every page: who may call, which headers go out, what an error may say."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secondline.interfaces.web.own_address import OwnAddress

LOGGER = logging.getLogger("secondline.web")
# Nothing is loaded from elsewhere, no script stands in a page, and no page may frame one of ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
        " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(),"
        " publickey-credentials-get=(), screen-wake-lock=(), usb=()"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Only over TLS: a browser that came by http would ignore it, and must not learn it on loopback.
TLS_ONLY = {"strict-transport-security": "max-age=31536000"}


class Guard:
    """Wraps the application: refuses foreign hosts, sets security headers, hides what went wrong.

    An error is logged by its type and place alone: its message may hold what somebody typed.
    """

    def __init__(
        self,
        app: ASGIApp,
        failed: Callable[[Headers], Response],
        address: OwnAddress | None = None,
    ) -> None:
        self.app = app
        self.failed = failed
        self.address = address or OwnAddress()
        self.headers = {**HEADERS, **(TLS_ONLY if self.address.secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                # What a form answers is about a patient or a question: no cache keeps it.
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if not self.address.is_own_host(Headers(scope=scope).get("host", "")):
            refusal = PlainTextResponse(self._elsewhere(), 421)
            await refusal(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception as error:  # the last place that can keep it from a log
            LOGGER.error("%s", place_of(error))  # noqa: TRY400  # a traceback holds the message
            if not started:
                await self.failed(Headers(scope=scope))(scope, receive, guarded)

    def _elsewhere(self) -> str:
        if not self.address.origin:
            return "This server answers on this machine only.\n"
        return f"This server answers under {self.address.origin} only.\n"


def place_of(error: BaseException) -> str:
    """Say of what type an error is and where it was raised, and nothing of its message."""
    frames = traceback.extract_tb(error.__traceback__)
    where = (f"{Path(f.filename).name} {f.lineno}" for f in frames if "secondline" in f.filename)
    return " < ".join((type(error).__name__, *reversed([*where])))
