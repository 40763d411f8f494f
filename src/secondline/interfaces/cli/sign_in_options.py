"""Options and environment variables by which sign-in is set up."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from secondline.interfaces.web.sign_in_settings import SignInSettings


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class SignInOptions:
    """How people sign in; without an issuer nobody does."""

    issuer: Annotated[
        str | None,
        Parameter(
            env_var="SECONDLINE_ISSUER",
            help="The OpenID provider at which people sign in, exactly as it names itself. With it,"
            " every page needs a sign-in, and any --host is possible. Needs the extra:"
            " pip install 'secondline[team]'.",
        ),
    ] = None
    client_id: Annotated[
        str,
        Parameter(
            env_var="SECONDLINE_CLIENT_ID", help="Under which the provider knows this service."
        ),
    ] = ""
    client_secret_file: Annotated[
        Path | None,
        Parameter(
            env_var="SECONDLINE_CLIENT_SECRET_FILE",
            help="A file with the secret of this service; SECONDLINE_CLIENT_SECRET holds it, too.",
        ),
    ] = None
    public_address: Annotated[
        str | None,
        Parameter(
            env_var="SECONDLINE_PUBLIC_ADDRESS",
            help="Under which browsers reach the pages, such as https://secondline.example.",
        ),
    ] = None
    person_claim: Annotated[
        str,
        Parameter(
            env_var="SECONDLINE_PERSON_CLAIM",
            help="The claim that names a person as the review log does; an email must be verified.",
        ),
    ] = "email"
    scopes: Annotated[
        str,
        Parameter(
            env_var="SECONDLINE_SCOPES",
            help="More to ask the provider for, where a claim needs it.",
        ),
    ] = ""
    session_hours: Annotated[
        float, Parameter(env_var="SECONDLINE_SESSION_HOURS", help="Then people sign in again.")
    ] = 8.0
    idle_minutes: Annotated[
        float,
        Parameter(env_var="SECONDLINE_IDLE_MINUTES", help="Without a page, people sign in again."),
    ] = 30.0
    open_pages: Annotated[
        bool,
        Parameter(
            env_var="SECONDLINE_OPEN_PAGES",
            negative="",
            help="Ask, assess, evidence, audit and pathways without sign-in, for all who reach the"
            " server.",
        ),
    ] = False


NO_SIGN_IN = SignInOptions()


def settings_from(options: SignInOptions, host: str, port: int) -> "SignInSettings | None":
    """Return how people sign in; None where no provider is named.

    Args:
        options: as given.
        host: that the server listens on; with its port the public address, where it is on this
            machine and no other was given.
        port: that the server listens on.

    Raises:
        ServeError: what was given is not enough, or not safe.
    """
    # No other command waits for the import of the server.
    from secondline.interfaces.web.own_address import (  # noqa: PLC0415
        local_address,
        public_address,
    )
    from secondline.interfaces.web.serve_error import ServeError  # noqa: PLC0415
    from secondline.interfaces.web.sign_in_settings import (  # noqa: PLC0415
        SignInSettings,
        client_secret,
    )

    if not options.issuer:
        if options.open_pages or options.public_address or options.client_id:
            raise ServeError("sign-in needs a provider: --issuer, or SECONDLINE_ISSUER")
        return None
    return SignInSettings(
        issuer=options.issuer,
        client_id=options.client_id,
        client_secret=client_secret(options.client_secret_file),
        address=public_address(options.public_address)
        if options.public_address
        else local_address(host, port),
        claim=options.person_claim,
        scopes=tuple(options.scopes.split()),
        session_hours=options.session_hours,
        idle_minutes=options.idle_minutes,
        open_pages=options.open_pages,
    )
