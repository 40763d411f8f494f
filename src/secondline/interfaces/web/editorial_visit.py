"""What every editorial page shares: who acts, and a page that loses nothing when it is refused."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.responses import HTMLResponse, Response

from secondline import desk
from secondline.interfaces.web.editorial_room import EditorialRoom
from secondline.interfaces.web.form import Form, FormError
from secondline.interfaces.web.guard import place_of
from secondline.interfaces.web.pages import Visit
from secondline.interfaces.web.people import person_of
from secondline.interfaces.web.refusals import wants_json

LOGGER = logging.getLogger("secondline.web")
KEPT_VISIBLE = {"comment": "Comment", "reason": "Reason", "about": "What it is about"}
UNUSABLE = (
    "The store of the review log cannot be used now: it is gone, locked, or its disk is full."
    " Nothing was written, and nothing that was written before is lost. Try it again, or tell"
    " whoever runs this server; secondline review verify names the cause."
)


class Refused(Exception):  # noqa: N818  # a rule that holds is no error
    """Something that a page does not do: the HTTP status, what is wrong, and what to do."""

    def __init__(self, status: int, title: str, says: str) -> None:
        self.status = status
        self.title = title
        self.says = says
        super().__init__(title)


class StalePage(Refused):
    """A page that was made before somebody else did something; what was done is in it."""

    def __init__(self, docket: "desk.review.Docket") -> None:
        self.docket = docket
        super().__init__(
            409,
            "Somebody was here meanwhile",
            "The page that you sent was made before. Nothing was done with it: read what happened,"
            " then decide again.",
        )


@dataclass(frozen=True, slots=True)
class Editor:
    """Who acts: the name as enrolled, and the role."""

    name: str
    role: "desk.review.Role"

    def may(self, action: str) -> bool:
        """Say whether the role is enough for an action."""
        return desk.review.may(self.role, action)  # type: ignore[arg-type]  # of templates


class EditorialVisit:
    """One visit to the editorial room."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.form: Form = visit.form
        self.editorial: EditorialRoom = visit.request.app.state.editorial
        self.who = person_of(visit.request)

    @cached_property
    def room(self) -> "desk.review.Editorial":
        """The room. Raises: StoreError."""
        return self.editorial.room()

    @cached_property
    def editor(self) -> Editor | None:
        """Who acts; None for somebody who only reads."""
        people = {person.name: person for person in self.room.people()}
        person = people.get(self.who or "")
        return Editor(person.name, person.role) if person else None

    def acting(self, action: str) -> str:
        """Return the name of who acts.

        Raises:
            Refused: nobody does, or the role is not enough.
        """
        if self.editor is None:
            raise Refused(
                403, "Nobody is named",
                "Whoever acts here is enrolled by name. Start the server with your name:"
                " secondline serve --as NAME",
            )  # fmt: skip
        if not self.editor.may(action):
            raise Refused(
                403, "Not in your role",
                f"{self.editor.name} is enrolled as {self.editor.role}; that is not enough to"
                f" {action}.",
            )  # fmt: skip
        return self.editor.name

    def told(self, refused: Refused) -> Refused:
        """Return why something is refused, for a page.

        Raises:
            FormError: a program asks, which gets problem details and no page.
        """
        if wants_json(self.visit.request.headers):
            raise FormError(refused.status, refused.title, refused.says) from refused
        return refused

    def page(self, name: str, status: int = 200, **content: Any) -> HTMLResponse:
        """Fill a template of the editorial pages."""
        return self.visit.page(name, status, editor=self.editor, who=self.who, **content)


Shown = Callable[[EditorialVisit], Response]
OnRefusal = Callable[[EditorialVisit, Refused, Exception], Response]


def refusal_of(error: Exception) -> Refused:
    """Return what a page says about an error of the room; nothing of the machine is in it."""
    review = desk.review
    match error:
        case Refused():
            return error
        case FormError():
            return Refused(error.status, error.title, error.says)
        case review.LogDamagedError():
            return Refused(
                503, "The review log has been touched",
                f"Nothing was written. {error}. The log page says what does not agree; restore the"
                " log from an export, or its store from a backup.",
            )  # fmt: skip
        case review.StoreError() | OSError():
            LOGGER.error("%s", place_of(error))
            return Refused(503, "The log cannot be reached", UNUSABLE)
        case review.Conflict():
            who = f"{error.who} changed {error.statement}" if error.who else "There are other words"
            return Refused(
                409, "Somebody else changed it first",
                f"{who} since you took it. Nothing was proposed, and nothing that you wrote is"
                " lost.",
            )  # fmt: skip
        case review.NotAllowed():
            return Refused(409, "Not possible now", f"{str(error)[:1].upper()}{str(error)[1:]}.")
        case review.ProposalError():
            return Refused(422, "Not in order yet", "Nothing was proposed: repair what is named.")
        case desk.LibraryError():
            return Refused(422, "The gate found problems", str(error))
        case _:
            return Refused(422, "Not done", str(error))


HANDLED = (desk.review.EditorialError, desk.review.ReviewLogError, desk.LibraryError,
           desk.KnowledgeError, FormError, Refused, OSError)  # fmt: skip


def shown(page: Shown) -> Callable[[Visit], Response]:
    """Return a page that is read; when the log cannot be, it says so."""

    def made(visit: Visit) -> Response:
        editorial = EditorialVisit(visit)
        try:
            return page(editorial)
        except HANDLED as error:
            refused = editorial.told(refusal_of(error))
            return visit.page(
                "editorial_refused.html", refused.status, refused=refused, stale=None, kept=[],
                hidden=[], who=editorial.who, editor=None,
            )  # fmt: skip

    return made


def written(page: Shown, on_refusal: OnRefusal | None = None) -> Callable[[Visit], Response]:
    """Return a page that does something; when it is refused, what was typed comes back."""

    def made(visit: Visit) -> Response:
        editorial = EditorialVisit(visit)
        try:
            visit.site.tokens.check(visit.request, visit.form)
            return page(editorial)
        except HANDLED as error:
            if isinstance(error, FormError) and not visit.site.tokens.is_own(visit.request):
                raise  # nothing that another site sent comes back
            return (on_refusal or _refused)(editorial, editorial.told(refusal_of(error)), error)

    return made


def _refused(editorial: EditorialVisit, refused: Refused, error: Exception) -> Response:
    stale = error.docket if isinstance(error, StalePage) else None
    sent = {name: editorial.form[name] for name in editorial.form if name not in {"token", "seen"}}
    if stale:
        sent["seen"] = str(stale.latest)
    visible = [
        (name, KEPT_VISIBLE[name], sent.pop(name)) for name in KEPT_VISIBLE if sent.get(name)
    ]
    return editorial.visit.page(
        "editorial_refused.html", refused.status, refused=refused,
        stale=_since(editorial, stale) if stale else None, kept=visible, hidden=list(sent.items()),
        who=editorial.who, editor=None,
    )  # fmt: skip


def _since(editorial: EditorialVisit, docket: "desk.review.Docket") -> dict[str, Any]:
    """Return what happened since a page was made: the entries, and both texts where they differ."""
    seen, read = editorial.form["seen"], editorial.form["digest"]
    after = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
    before = next((each for each in docket.versions if read and each.digest == read), None)
    changed = before is not None and before.digest != docket.now.digest
    return {
        "docket": docket,
        "events": [e for e in editorial.room.history(docket.now.statement) if e.number > after],
        "before": before if changed else None,
        "difference": desk.review.difference(before.content, docket.now.content, whole=True)
        if changed and before else "",
    }  # fmt: skip
