"""Propose: a new or changed statement in a form, or as YAML, looked at while it is written."""

from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response

from secondline import desk
from secondline.interfaces.web.editorial_pages import require_known, to_statement
from secondline.interfaces.web.editorial_visit import EditorialVisit, Refused, refusal_of
from secondline.interfaces.web.statement_fields import (
    MOST_GROUPS,
    Typed,
    sections,
    typed_from,
    typed_in,
)

Problems = tuple[tuple[str, str], ...]  # field and message of each


@dataclass(frozen=True)
class Draft:
    """A proposal as far as it is written.

    Attributes:
        statement: the id of the statement that is changed; empty for a new one.
        base: the digest of the words that it was made from.
        typed: what stands in the form; `text` is the same as YAML, when that is written instead.
    """

    statement: str = ""
    base: str = ""
    disease: str = ""
    comment: str = ""
    typed: Typed = field(default_factory=Typed)
    text: str = ""
    as_text: bool = False

    def data(self) -> dict[str, Any]:
        """Return the statement as a file gives it.

        Raises:
            KnowledgeError: the YAML does not hold exactly one record.
        """
        return desk.review.read_proposal(self.text)[0] if self.as_text else self.typed.data


def new(editorial: EditorialVisit) -> Response:
    """Show the form of a new statement."""
    asked = editorial.visit.request.query_params.get("disease", "")
    disease = asked if asked in editorial.visit.desk.library.diseases else ""
    return _form(editorial, Draft(disease=disease, typed=Typed(counts={"findings": 1})))


def change(editorial: EditorialVisit) -> Response:
    """Show the form of a statement that exists, filled with its words of now."""
    id_ = editorial.visit.request.path_params["id"]
    require_known(id_, editorial)
    words = editorial.room.words(id_)
    return _form(editorial, Draft(id_, words.digest, typed=typed_from(words.content)))


def propose(editorial: EditorialVisit) -> Response:
    """Propose what is written; or look at it, add or take away a group, or turn it into YAML."""
    draft = _draft(editorial)
    wish, *about = editorial.form["do"].split(" ")
    match wish, about:
        case (("propose" | "submit"), []):
            return _propose(editorial, draft, submit=wish == "submit")
        case "add", [name] if name in draft.typed.counts:
            return _changed(editorial, replace(draft, typed=draft.typed.with_group(name)))
        case "remove", [name, number] if name in draft.typed.counts and number.isdecimal():
            typed = draft.typed.without_group(name, int(number[:3]))
            return _changed(editorial, replace(draft, typed=typed))
        case "as-text", []:
            return _changed(editorial, replace(draft, text=_text_of(draft), as_text=True))
        case "as-form", []:
            return _as_form(editorial, draft)
        case _:
            problems = _problems(editorial, draft)
            return _form(editorial, draft, problems, looked=True)


def check(editorial: EditorialVisit) -> Response:
    """Say what is wrong with a proposal while it is written: the problems alone, field by field."""
    draft = _draft(editorial)
    problems = _problems(editorial, draft)
    return editorial.page(
        "editorial_check.html", problems=problems, sections=sections(draft.typed, problems),
        placed=_placed(draft, problems), general=_general(draft, problems), as_text=draft.as_text,
    )  # fmt: skip


def refused(editorial: EditorialVisit, refusal: Refused, error: Exception) -> Response:
    """Show the form as it was typed, with why it was not taken."""
    draft = _draft(editorial)
    problems: Problems = ()
    conflict = None
    if isinstance(error, desk.review.ProposalError):
        problems = tuple((each.field, each.message) for each in error.complaints)
    elif isinstance(error, desk.KnowledgeError):
        problems = (("", str(error)),)
        refusal = Refused(422, "Not in order yet", "The YAML cannot be read.")
    elif isinstance(error, desk.review.Conflict):
        conflict = error
        draft = replace(draft, base=error.digest)
    return _form(editorial, draft, problems, refusal=refusal, conflict=conflict)


def _propose(editorial: EditorialVisit, draft: Draft, *, submit: bool) -> Response:
    who = editorial.acting("propose")
    data = draft.data()
    entry = editorial.room.propose(
        data, who=who, base=draft.base, disease=draft.disease or None, comment=draft.comment
    )
    if submit:
        editorial.room.submit(entry.statement, who=who, digest=entry.digest)
    return to_statement(entry.statement, editorial.room.docket(entry.statement).latest)


def _draft(editorial: EditorialVisit) -> Draft:
    form = editorial.form
    said, text = "", form["yaml"]
    if form["as_text"]:
        try:
            said = desk.review.read_proposal(text)[1]
        except desk.KnowledgeError:
            said = ""  # whoever reads the text says why it cannot be read
    return Draft(
        form["statement"], form["base"] or said, form["disease"], form["comment"].strip(),
        typed_in(form), text, bool(form["as_text"]),
    )  # fmt: skip


def _problems(editorial: EditorialVisit, draft: Draft) -> Problems:
    try:
        found = editorial.room.examine(draft.data())
    except desk.KnowledgeError as error:
        return (("", str(error)),)
    return tuple((each.field, each.message) for each in found)


def _text_of(draft: Draft) -> str:
    """Return what is typed in the form as YAML, without the line that names its base."""
    words = desk.review.Words(draft.statement, draft.typed.data, draft.base, "")
    return desk.review.write_words(words).partition("\n")[2]


def _as_form(editorial: EditorialVisit, draft: Draft) -> Response:
    try:
        typed = typed_from(draft.data())
    except desk.KnowledgeError as error:
        return _form(editorial, draft, (("", str(error)),))
    except ValueError as error:
        return _form(editorial, draft, (("", f"{error}; stay with YAML, or repair it"),))
    return _changed(editorial, replace(draft, typed=typed, as_text=False))


def _changed(editorial: EditorialVisit, draft: Draft) -> Response:
    """Show the form in its new shape, still with what is wrong in it."""
    return _form(editorial, draft, _problems(editorial, draft), changed=True)


def _placed(draft: Draft, problems: Problems) -> list[tuple[str, str, str]]:
    """Return the problems that have a field: its id in the page, its name, the message."""
    found = ((draft.typed.place(where), where, says) for where, says in problems)
    return [(name.replace(".", "-"), where, says) for name, where, says in found if name]


def _general(draft: Draft, problems: Problems) -> list[str]:
    return [
        f"{where}: {says}" if where else says
        for where, says in problems
        if draft.as_text or not draft.typed.place(where)
    ]


def _form(  # noqa: PLR0913  # what the page may tell
    editorial: EditorialVisit,
    draft: Draft,
    problems: Problems = (),
    *,
    looked: bool = False,
    changed: bool = False,
    refusal: Refused | None = None,
    conflict: "desk.review.Conflict | None" = None,
) -> Response:
    """Show the form; it needs no store, so that nothing typed is lost when the store is gone."""
    library = editorial.visit.desk.library
    topics = sorted({topic for aspect in library.aspects.values() for topic in aspect.topics})
    status = refusal.status if refusal else 422 if problems and not changed else 200
    editor = None
    try:
        editor = editorial.editor
    except (desk.review.EditorialError, OSError) as error:
        refusal = refusal or refusal_of(error)
        status = max(status, refusal.status)
    return editorial.visit.page(
        "editorial_proposal.html", status, who=editorial.who, editor=editor, draft=draft,
        sections=sections(draft.typed, problems), placed=_placed(draft, problems),
        general=_general(draft, problems), problems=problems, looked=looked, refusal=refusal,
        conflict=conflict, most=MOST_GROUPS,
        topics=[(topic, topic.replace("-", " ")) for topic in topics],
        theirs=desk.review.write_words(_words_of(conflict)).partition("\n")[2] if conflict else "",
    )  # fmt: skip


def _words_of(conflict: "desk.review.Conflict") -> "desk.review.Words":
    return desk.review.Words(conflict.statement, conflict.theirs, conflict.digest, "")
