"""The command that serves the web pages on this machine."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from secondline import desk
from secondline.interfaces.cli.review_commands import Store
from secondline.interfaces.cli.sign_in_options import NO_SIGN_IN, SignInOptions, settings_from
from secondline.interfaces.cli.terminal import OK, Knowledge, print_line

Port = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=65535))]
Workers = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=64))]


def serve(  # noqa: PLR0913  # an option is a parameter
    *,
    port: Port = 8000,
    host: str = "127.0.0.1",
    workers: Workers = 1,
    as_: Annotated[str | None, Parameter(name="--as", help="Your name, as enrolled.")] = None,
    store: Store = None,
    editions: Path | None = None,
    knowledge: Knowledge = None,
    sign_in: SignInOptions = NO_SIGN_IN,
) -> int:
    """Serve the web pages on this machine until Ctrl-C: ask, assess, evidence, audit, pathways.

    Nothing that is asked is stored or logged. Other machines are served only with sign-in. With
    --as whoever opens the editorial pages proposes and reviews under that name; without it, or a
    sign-in, they are read.

    Parameters
    ----------
    port:
        The port to listen on.
    host:
        The address to listen on; without sign-in, one that others reach is refused.
    workers:
        Processes that answer; more use more cores.
    editions:
        The folder under which the editorial pages publish editions; without it they publish none.
    """
    # No other command waits for the import of the server.
    from secondline.interfaces.web import editorial_room, serving  # noqa: PLC0415

    named = f"[{host}]" if ":" in host else host
    settings = settings_from(sign_in, host, port)
    opened_sign_in = serving.opened_sign_in(settings) if settings else None
    serving.require_allowed(host, as_, opened_sign_in)
    serving.require_free(host, port)
    if settings is None:
        print_line(f"Serving http://{named}:{port}/ on this machine only. Stop with Ctrl-C.")
    else:
        print_line(
            f"Serving {settings.address.origin}/ to those who sign in at {settings.issuer},"
            f" listening on {named}:{port}. Stop with Ctrl-C."
        )
    opened = desk.open(knowledge)
    room = editorial_room.EditorialRoom(opened, store, editions)
    serving.serve(
        opened, host, port, workers, editorial=room, acting_as=as_, sign_in=opened_sign_in
    )
    return OK
