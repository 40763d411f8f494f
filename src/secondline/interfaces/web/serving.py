"""The server of the pages: worker processes that share one desk and keep nothing they are asked."""

import asyncio
import gc
import logging
import multiprocessing
import socket
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from starlette.applications import Starlette

from secondline.desk import Desk
from secondline.interfaces.web.application import application
from secondline.interfaces.web.editorial_room import EditorialRoom
from secondline.interfaces.web.own_address import is_loopback
from secondline.interfaces.web.serve_error import ServeError
from secondline.interfaces.web.sign_in_settings import SignInSettings

if TYPE_CHECKING:
    from secondline.interfaces.web.sign_in import SignIn

HEADERS_WITHIN_MS = 10_000  # a client that sends its headers slower is cut off
LARGEST_HEADERS = 64 * 1024  # bytes
STOP_WITHIN = 5  # seconds that open connections have to end, once the server is stopped
# Requests that a worker answers at once. More wait for their turn, and do not fill the memory.
MOST_AT_ONCE = 256


def serve(  # noqa: PLR0913  # what is served, where, and to whom
    opened: Desk,
    host: str,
    port: int,
    workers: int = 1,
    *,
    editorial: EditorialRoom | None = None,
    acting_as: str | None = None,
    sign_in: "SignIn | None" = None,
) -> None:
    """Serve the web pages until the process is interrupted.

    The desk is made ready once and the workers are forked from it: they share its memory.

    Args:
        opened: answers and assesses.
        host: an address of this machine; without sign-in one that no other machine reaches.
        port: 1 to 65535.
        workers: processes that answer, at least 1; one for each core that may be used.
        editorial: the room of the editorial pages; None for that of the user's own store.
        acting_as: the name under which whoever opens the pages is enrolled; None for nobody.
        sign_in: how people sign in; None for no sign-in.

    Raises:
        ServeError: others would reach the address, the port cannot be used, processes cannot be
            forked here, or nobody is enrolled under the name.
    """
    require_allowed(host, acting_as, sign_in)
    require_free(host, port)
    if "fork" not in multiprocessing.get_all_start_methods():
        raise ServeError("the pages are served on Linux and macOS: this system cannot fork")
    editorial = editorial or EditorialRoom(opened)
    if acting_as is not None:
        editorial.require_enrolled(acting_as)
        editorial.close()  # a connection cannot be shared by the workers: each opens its own
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    _warm(opened)
    made = application(opened, editorial=editorial, acting_as=acting_as, sign_in=sign_in)
    try:
        if sign_in is not None:
            asyncio.run(sign_in.look())
        _serve(made, host, port, workers)
    finally:
        if sign_in is not None:
            sign_in.store.close()


def _warm(opened: Desk) -> None:
    """Prepare what the first question, text and patient of each disease would wait for."""
    opened.ask("relapse")
    opened.audit("relapse")
    for disease in opened.library.assessed:
        opened.assess({"disease": disease})


def require_allowed(host: str, acting_as: str | None, sign_in: "SignIn | None") -> None:
    """Refuse what would let others act or ask without a sign-in.

    Raises:
        ServeError: with what is possible.
    """
    if sign_in is None and not is_loopback(host):
        raise ServeError(
            f"{host} may be reached by others, and there is no sign-in; use 127.0.0.1, or set up"
            " sign-in: docs/howto/sign-in.md"
        )
    if sign_in is not None and acting_as is not None:
        raise ServeError("--as names one person for everybody; with sign-in each has their own")


def opened_sign_in(settings: SignInSettings) -> "SignIn":
    """Return sign-in as it is set up.

    Raises:
        ServeError: the packages that it needs are not installed.
    """
    try:
        from secondline.interfaces.web.sign_in import SignIn  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise ServeError(
            f"sign-in needs the package {error.name}: pip install 'secondline[team]'"
        ) from None
    return SignIn(settings)


def require_free(host: str, port: int) -> None:
    """Refuse a port that somebody listens on: workers share theirs, so the system would not.

    Raises:
        ServeError: the port is taken, or this user may not listen on it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise ServeError(
                f"port {port} cannot be used ({error.strerror}); name another: --port"
            ) from None


def _serve(pages: Starlette, host: str, port: int, workers: int) -> None:
    multiprocessing.set_start_method("fork", force=True)
    # What stands now is shared with the workers as long as nobody writes to it; the collector of
    # garbage would. What they make from now on it collects, which other commands do without.
    gc.collect()
    gc.freeze()
    gc.enable()
    server = Granian(
        "secondline", address="127.0.0.1" if host == "localhost" else host, port=port,
        interface=Interfaces.ASGINL, workers=workers, backpressure=MOST_AT_ONCE,
        workers_kill_timeout=STOP_WITHIN, respawn_failed_workers=True,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADERS_WITHIN_MS, max_buffer_size=LARGEST_HEADERS
        ),
        websockets=False, log_enabled=False, log_access=False,
    )  # fmt: skip
    server.serve(target_loader=lambda *_: pages, wrap_loader=False)
