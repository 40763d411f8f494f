"""Which address shows which page of the editorial desk."""

from collections.abc import Callable, Iterator
from typing import Any

from starlette.routing import Route

from secondline.interfaces.web import editorial_pages, log_pages, proposal_pages
from secondline.interfaces.web.editorial_visit import shown, written

LARGEST_PROPOSAL = 1024 * 1024  # bytes; the longest statement is some ten thousand


def editorial_routes(read: Callable[..., Any], sent: Callable[..., Any]) -> Iterator[Route]:
    """Yield the routes of the editorial pages.

    Args:
        read, sent: make an endpoint of a page that is read, or of one that takes a form; these
            pages check the token of a form themselves, so that what was typed is not lost.
    """
    pages = (
        ("/editorial", editorial_pages.queue),
        ("/editorial/find", editorial_pages.find),
        ("/editorial/statement/{id}", editorial_pages.statement),
        ("/editorial/statement/{id}/words", editorial_pages.words),
        ("/editorial/statement/{id}/change", proposal_pages.change),
        ("/editorial/new", proposal_pages.new),
        ("/editorial/log", log_pages.log),
        ("/editorial/log/{name}", log_pages.export),
        ("/editorial/editions", log_pages.editions),
        ("/editorial/editions/{edition}/{name}", log_pages.edition_file),
    )
    for address, page in pages:
        yield Route(address, read(shown(page)), methods=["GET"])
    proposal = written(proposal_pages.propose, proposal_pages.refused)
    forms = (
        ("/editorial/propose", proposal),
        ("/editorial/check", written(proposal_pages.check)),
        ("/editorial/scan", written(editorial_pages.scan)),
        ("/editorial/statement/{id}/{action}", written(editorial_pages.act)),
        ("/editorial/log", written(log_pages.verify)),
        ("/editorial/editions", written(log_pages.publish)),
    )
    for address, form in forms:
        yield Route(address, sent(form, LARGEST_PROPOSAL), methods=["POST"])
