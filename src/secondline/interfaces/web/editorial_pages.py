"""The editorial desk: the queue, the docket of a statement, and what people do with its words."""

from collections.abc import Callable, Mapping
from typing import Any, get_args
from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from secondline import desk
from secondline.interfaces.web.editorial_visit import EditorialVisit, Refused, StalePage

ON_A_PAGE = 50
STAGES = ("submitted", "under review", "returned")
Action = Callable[[EditorialVisit, str, str], desk.review.Entry | None]


def queue(editorial: EditorialVisit) -> Response:
    """List what waits, why, since when, and for which disease."""
    asked = {name: _asked(editorial, name) for name in ("reason", "disease")}
    room = editorial.room
    waiting = [(each, _disease(each.statement, room)) for each in room.queue()]
    found = [
        (each, disease)
        for each, disease in waiting
        if asked["reason"] in {"", each.reason} and asked["disease"] in {"", disease}
    ]
    listed = [
        (each, disease, room.words(each.statement).content) for each, disease in found[:ON_A_PAGE]
    ]
    return editorial.page(
        "editorial_queue.html", listed=listed, found=len(found), waiting=len(waiting), asked=asked,
        reasons=(*STAGES, *get_args(desk.review.MarkReason)), limit=ON_A_PAGE,
        scanned=editorial.visit.request.query_params.get("scanned", ""),
    )  # fmt: skip


def find(editorial: EditorialVisit) -> Response:
    """Lead to a statement by its id."""
    statement = _asked(editorial, "statement").strip()
    require_known(statement, editorial)
    return to_statement(statement)


def statement(editorial: EditorialVisit) -> Response:
    """Show the docket of a statement: words, standing, versions, history, and what can be done."""
    id_ = editorial.visit.request.path_params["id"]
    require_known(id_, editorial)
    room = editorial.room
    name = editorial.editor.name if editorial.editor else None
    docket = room.docket(id_, digest=_asked(editorial, "words"), who=name)
    since = _asked(editorial, "since")
    known = (docket.in_force or docket.now, docket.now, *docket.versions)
    versions = {each.digest: each for each in known}
    before = versions.get(since) or docket.in_force
    events = room.history(id_)
    entry = _asked(editorial, "entry")
    return editorial.page(
        "editorial_statement.html", docket=docket, events=events,
        before=before, disease=_disease(id_, room),
        difference=desk.review.difference(before.content if before else None, docket.shown.content),
        text=desk.review.write_words(docket.shown) if docket.statement is None else "",
        told=[each for each in events if str(each.number) == entry],
        mark_reasons=get_args(desk.review.MarkReason),
    )  # fmt: skip


def words(editorial: EditorialVisit) -> Response:
    """Give the words of a statement as a file, as `review take` writes it."""
    id_ = editorial.visit.request.path_params["id"]
    require_known(id_, editorial)
    docket = editorial.room.docket(id_, digest=_asked(editorial, "words"))
    name = f"{docket.shown.statement}.yaml"
    return PlainTextResponse(
        desk.review.write_words(docket.shown),
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def act(editorial: EditorialVisit) -> Response:
    """Do one thing with the words of a statement, as they were when the page was made."""
    id_, action = (editorial.visit.request.path_params[name] for name in ("id", "action"))
    if action not in ACTIONS:
        raise Refused(404, "No such page", "There is no such thing to do.")
    who = editorial.acting(action)
    require_known(id_, editorial)
    docket = editorial.room.docket(id_, who=who)
    if action != "comment" and editorial.form["seen"] != str(docket.latest):
        raise StalePage(docket)
    if action not in {"settle", "mark", "withdraw", "recover"} and not editorial.form["digest"]:
        raise Refused(422, "Which words?", "The page did not name the words. Open it again.")
    entry = ACTIONS[action](editorial, id_, who)
    if entry is None:
        raise Refused(409, "Marked before", "What was marked once for one reason stays settled.")
    return to_statement(id_, editorial.room.docket(id_).latest)


def scan(editorial: EditorialVisit) -> Response:
    """Mark statements whose sources were retracted, or changed since their approval."""
    entries = editorial.room.scan(who=editorial.acting("mark"))
    return RedirectResponse(f"/editorial?scanned={len(entries)}", 303)


def _comment(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry:
    form = editorial.form
    return editorial.room.comment(id_, form["comment"], who=who, digest=form["digest"])


def _submit(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry:
    words = editorial.room.words(id_)
    # Words that only the library holds are submitted as they stand; the log has no digest of them.
    known = "" if words.stage is None else editorial.form["digest"]
    if not known and words.digest != editorial.form["digest"]:
        raise StalePage(editorial.room.docket(id_, who=who))
    return editorial.room.submit(id_, who=who, digest=known)


def _approve(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry:
    form = editorial.form
    return editorial.room.approve(id_, form["digest"], who=who, comment=form["comment"])


def _return(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry:
    form = editorial.form
    return editorial.room.return_(id_, form["reason"], who=who, digest=form["digest"])


def _withdraw(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry:
    return editorial.room.withdraw(id_, editorial.form["reason"], who=who)


def _recover(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry:
    return editorial.room.recover(id_, editorial.form["reason"], who=who)


def _settle(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry:
    return editorial.room.settle(id_, editorial.form["reason"], who=who)


def _mark(editorial: EditorialVisit, id_: str, who: str) -> desk.review.Entry | None:
    reason: Any = editorial.form["mark"]  # the room says which there are
    return editorial.room.mark(id_, reason, editorial.form["about"], who=who)


ACTIONS: Mapping[str, Action] = {
    "comment": _comment,
    "submit": _submit,
    "approve": _approve,
    "return": _return,
    "withdraw": _withdraw,
    "recover": _recover,
    "settle": _settle,
    "mark": _mark,
}


def _asked(editorial: EditorialVisit, name: str) -> str:
    return editorial.visit.request.query_params.get(name, "")


def to_statement(statement: str, entry: int = 0) -> Response:
    """Lead to the page of a statement, which tells of the entry that was just made."""
    told = f"?entry={entry}" if entry else ""
    return RedirectResponse(f"/editorial/statement/{quote(statement, safe='')}{told}", 303)


def require_known(statement: str, editorial: EditorialVisit) -> None:
    """Refuse an id that nobody knows, before it comes near an address."""
    try:
        editorial.room.words(statement)
    except (desk.review.LogDamagedError, desk.review.StoreError):
        raise
    except desk.review.EditorialError as error:
        raise Refused(
            404, "No such statement", f"{str(error)[:1].upper()}{str(error)[1:]}."
        ) from None


def _disease(statement: str, room: "desk.review.Editorial") -> str:
    """Return the disease of a statement, which is the folder of its file."""
    file = room.library.files.get(statement) or room.words(statement).file
    return file.split("/")[1] if file.count("/") > 1 else ""
