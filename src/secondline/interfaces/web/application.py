"""The web application: which address shows which page, and how large a form may be."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from secondline.desk import LARGEST_PAGE, Desk
from secondline.interfaces.web import (
    ask_pages,
    assess_pages,
    assets,
    evidence_pages,
    figure_pages,
    reading_pages,
    sheet_pages,
)
from secondline.interfaces.web.editorial_room import EditorialRoom
from secondline.interfaces.web.editorial_routes import editorial_routes
from secondline.interfaces.web.form import Form, FormError, Tokens, read_form
from secondline.interfaces.web.guard import Guard
from secondline.interfaces.web.own_address import OwnAddress
from secondline.interfaces.web.pages import Site, Visit
from secondline.interfaces.web.refusals import refusal

if TYPE_CHECKING:
    from secondline.interfaces.web.sign_in import SignIn

LARGEST_FORM = 256 * 1024  # bytes; a question, a conversation or all facts of a patient
LARGEST_AUDIT = 3 * LARGEST_PAGE  # the same characters, percent-encoded
COMPRESSION = 6  # of 9: a higher level takes longer and saves almost nothing

Page = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def application(
    opened: Desk,
    *,
    editorial: EditorialRoom | None = None,
    acting_as: str | None = None,
    sign_in: "SignIn | None" = None,
) -> Starlette:
    """Return the web application of a desk. It keeps nothing of what is asked.

    What is asked and what is known of a patient comes in the body of a form and goes out in its
    answer: never in an address, a file or a log.

    Args:
        opened: answers and assesses.
        editorial: the room of the editorial pages; None for that of the user's own store.
        acting_as: the name under which whoever opens the pages is enrolled; None for nobody.
        sign_in: how people sign in; None for a server that only this machine reaches.
    """
    address = sign_in.settings.address if sign_in else OwnAddress()
    site = Site(opened, Tokens(address), sign_in_offered=sign_in is not None)

    def shown(page: Page) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(page, Visit(site, request, Form()))

        return endpoint

    def received(page: Page, largest: int) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            form = await read_form(request, largest)
            return await run_in_threadpool(page, Visit(site, request, form))

        return endpoint

    def sent(page: Page, largest: int = LARGEST_FORM) -> Endpoint:
        def checked(visit: Visit) -> Response:
            site.tokens.check(visit.request, visit.form)
            return page(visit)

        return received(checked, largest)

    def refused(request: Request, error: Exception) -> Response:
        return refusal(site.templates, request.headers, error)

    def failed(headers: Headers) -> Response:
        return refusal(site.templates, headers, None)

    def static(request: Request) -> Response:
        return assets.sent(site.assets, request)

    served = Starlette(
        routes=[
            Route("/", shown(ask_pages.ask_form), methods=["GET"]),
            Route("/", sent(ask_pages.ask), methods=["POST"]),
            Route("/assess", shown(assess_pages.choose_disease), methods=["GET"]),
            Route("/assess", sent(assess_pages.assess), methods=["POST"]),
            Route("/what-if", sent(assess_pages.what_if), methods=["POST"]),
            Route("/sheet", sent(sheet_pages.sheet), methods=["POST"]),
            Route("/evidence", shown(evidence_pages.evidence), methods=["GET"]),
            Route("/evidence", sent(evidence_pages.evidence), methods=["POST"]),
            Route("/figure", sent(figure_pages.download), methods=["POST"]),
            Route("/findings", shown(evidence_pages.findings), methods=["GET"]),
            Route("/source/{id}", shown(evidence_pages.source), methods=["GET"]),
            Route("/export/{form}", shown(evidence_pages.export), methods=["GET"]),
            Route("/audit", shown(reading_pages.audit_form), methods=["GET"]),
            Route("/audit", sent(reading_pages.audit, LARGEST_AUDIT), methods=["POST"]),
            Route("/pathways", shown(reading_pages.pathways), methods=["GET"]),
            Route("/pathways/{id}", shown(reading_pages.pathway), methods=["GET"]),
            Route("/about", shown(reading_pages.about), methods=["GET"]),
            *editorial_routes(shown, received),
            *(_sign_in_routes(site, sign_in) if sign_in else ()),
            Route("/static/{name}", static, methods=["GET"]),
        ],
        middleware=[
            Middleware(Guard, failed=failed, address=address),
            *(_gate(site, sign_in) if sign_in else ()),
            Middleware(GZipMiddleware, compresslevel=COMPRESSION),
        ],
        exception_handlers={FormError: refused, HTTPException: refused},
    )
    served.state.editorial = editorial or EditorialRoom(opened)
    served.state.acting_as = acting_as
    return served


def _sign_in_routes(site: Site, sign_in: "SignIn") -> list[Route]:
    from secondline.interfaces.web.sign_in import routes  # noqa: PLC0415  # needs an extra

    return routes(site, sign_in)


def _gate(site: Site, sign_in: "SignIn") -> list[Middleware]:
    from secondline.interfaces.web.sign_in import Gate  # noqa: PLC0415  # needs an extra

    return [Middleware(Gate, sign_in=sign_in, site=site)]
