"""What a visitor reads when something is not possible: a page, or problem details for a program."""

from http import HTTPStatus

from jinja2 import Environment
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from secondline.interfaces.web.form import FormError

PROBLEM = "application/problem+json"  # RFC 9457
NOT_FOUND = ("No such page", "There is no page at this address. Start from one of the pages above.")
NOT_ALLOWED = ("Not that way", "This address is not used like this. Open it, or send its form.")
NOT_UNDERSTOOD = ("Not understood", "The request cannot be read. Open the page again.")
FAILED = (
    "Something went wrong here",
    "The page could not be made. Nothing of what was sent was kept; try it again.",
)


def refusal(templates: Environment, headers: Headers, error: Exception | None) -> Response:
    """Say what is wrong and what to do; it repeats nothing of what was sent.

    Args:
        templates: of the pages.
        headers: of the request; they say whether a page or JSON is wanted.
        error: why; None where a page could not be made.
    """
    status, title, says = _told(error)
    if wants_json(headers):
        told = {"type": "about:blank", "title": title, "status": status, "detail": says}
        response: Response = JSONResponse(told, status, media_type=PROBLEM)
    else:
        text = templates.get_template("error.html").render(
            title=title, says=says, status=status, here="", token="", signed_in=None
        )
        response = HTMLResponse(text, status)
    response.headers["vary"] = "Accept"
    if isinstance(error, HTTPException) and "Allow" in (error.headers or {}):
        response.headers["allow"] = (error.headers or {})["Allow"]
    return response


def wants_json(headers: Headers) -> bool:
    """Say whether a program asks: it accepts JSON and no page."""
    accepted = headers.get("accept", "").lower()
    return "json" in accepted and "text/html" not in accepted


def _told(error: Exception | None) -> tuple[int, str, str]:
    match error:
        case FormError():
            return error.status, error.title, error.says
        case HTTPException(status_code=HTTPStatus.NOT_FOUND):
            return 404, *NOT_FOUND
        case HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED):
            return 405, *NOT_ALLOWED
        case HTTPException():
            return error.status_code, *NOT_UNDERSTOOD
        case _:
            return 500, *FAILED
