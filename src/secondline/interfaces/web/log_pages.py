"""The log of the review: its checkpoint and proofs, its export, and the editions made from it."""

import re
from datetime import UTC, datetime
from pathlib import Path

from starlette.responses import RedirectResponse, Response

from secondline import desk
from secondline.interfaces.web.editorial_visit import EditorialVisit, Refused, refusal_of

ON_A_PAGE = 50
NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?")
SERVED = "served"  # names the edition that is served, among those that can be compared
CHECKPOINT, LOG = "checkpoint.json", "reviews.jsonl"
FILES = {CHECKPOINT: "application/json", LOG: "application/x-ndjson"}


def log(editorial: EditorialVisit) -> Response:
    """Show the log: how long it is, its root, who takes part, and its latest entries."""
    return _log(editorial)


def verify(editorial: EditorialVisit) -> Response:
    """Read the whole log again, against a checkpoint that was pasted; prove that an entry is in."""
    form = editorial.form
    pasted, wish = form["checkpoint"].strip(), form["entry"].strip()
    if wish and not (wish.isascii() and wish.isdecimal() and len(wish) < 10):
        refusal = Refused(422, "Which entry?", "The number of an entry is a whole number.")
        return _log(editorial, refusal=refusal)
    try:
        known = desk.review.read_checkpoint(pasted) if pasted else None
        found = editorial.room.verify(known, entry=int(wish) if wish else None)
    except (desk.review.ReviewLogError, desk.review.EditorialError) as error:
        return _log(editorial, refusal=refusal_of(error))
    return _log(editorial, found=found)


def _log(
    editorial: EditorialVisit,
    *,
    found: "desk.review.LogVerification | None" = None,
    refusal: Refused | None = None,
) -> Response:
    """Show the log; one that was touched is shown as far as it can be: that it was."""
    asked = editorial.visit.request.query_params.get("before", "")
    people: tuple[desk.review.Person, ...] = ()
    entries: tuple[tuple[int, desk.review.Entry], ...] = ()
    checkpoint = editor = None
    try:
        checkpoint = editorial.room.checkpoint()
        people = editorial.room.people()
        editor = editorial.editor
        last = min(int(asked), checkpoint.size) if asked.isdecimal() and len(asked) < 9 else 0
        last = last or checkpoint.size
        numbers = range(max(last - ON_A_PAGE, 0) + 1, last + 1)
        entries = editorial.room.entries(numbers)[::-1]
    except desk.review.EditorialError as error:
        refusal = refusal or refusal_of(error)
        if found is None and isinstance(error, desk.review.LogDamagedError):
            found = editorial.room.verify()
    if refusal:
        editorial.told(refusal)
    return editorial.visit.page(
        "editorial_log.html", refusal.status if refusal else 200, who=editorial.who, editor=editor,
        checkpoint=checkpoint, people=people, entries=entries, found=found, refusal=refusal,
        pasted=editorial.form["checkpoint"], wish=editorial.form["entry"],
        earlier=entries[-1][0] - 1 if entries else 0,
    )  # fmt: skip


def export(editorial: EditorialVisit) -> Response:
    """Give the whole log, or its checkpoint, as a file."""
    name = editorial.visit.request.path_params["name"]
    if name not in FILES:
        raise Refused(404, "No such file", f"There are {' and '.join(FILES)}.")
    if name == CHECKPOINT:
        return _file(name, editorial.room.checkpoint().text())
    return _file(name, editorial.room.export_log()[0])


def _file(name: str, text: str) -> Response:
    stamp = datetime.now(UTC).strftime("%Y-%m-%d")
    disposition = {"content-disposition": f'attachment; filename="{stamp}-{name}"'}
    return Response(text, media_type=f"{FILES[name]}; charset=utf-8", headers=disposition)


# Editions


def editions(editorial: EditorialVisit) -> Response:
    """List the editions that were published here, and show what differs between two of them."""
    query = editorial.visit.request.query_params
    before, after = query.get("before", ""), query.get("after", "")
    found = None
    if before and after:
        found = desk.review.edition_changes(
            *(_edition(name, editorial) for name in (before, after))
        )
    return editorial.page(
        "editorial_editions.html", published=_published(editorial), before=before, after=after,
        found=found, served=SERVED, possible=editorial.editorial.editions is not None,
        free=_free_name(editorial), told=query.get("published", ""),
    )  # fmt: skip


def publish(editorial: EditorialVisit) -> Response:
    """Publish an edition into a new folder below the one that the server was started with."""
    who = editorial.acting("publish")
    name = editorial.form["name"].strip()
    root = editorial.editorial.editions
    if root is None:
        raise Refused(
            409, "Nowhere to publish",
            "This server was started without a folder for editions: secondline serve --editions"
            " FOLDER. The command line publishes too: secondline review publish FOLDER.",
        )  # fmt: skip
    if not NAME.fullmatch(name) or name == SERVED:
        raise Refused(
            422, "Not a name for an edition",
            "A name has lower-case letters, digits, dots and hyphens, such as 2026-11-edition.",
        )  # fmt: skip
    try:
        editorial.room.publish(root / name, who=who)
    except desk.review.EditorialError as error:
        if isinstance(error, (desk.review.StoreError, desk.review.LogDamagedError)):
            raise
        raise Refused(409, "Not published", _without_folders(str(error), root, editorial)) from None
    return RedirectResponse(f"/editorial/editions?published={name}", 303)


def _without_folders(says: str, root: Path, editorial: EditorialVisit) -> str:
    """Leave out where the server keeps its folders: that is nobody's business in a browser."""
    said = says.replace(f"{root}/", "").replace(str(root), "the folder of editions")
    return said.replace(str(editorial.visit.desk.library.root), "the knowledge")


def edition_file(editorial: EditorialVisit) -> Response:
    """Give the log or the checkpoint of an edition as a file."""
    name, file = (editorial.visit.request.path_params[key] for key in ("edition", "name"))
    folder = _edition(name, editorial)
    if file not in FILES or folder is None:
        raise Refused(404, "No such file", f"There are {' and '.join(FILES)}.")
    return _file(file, desk.read_text(folder / file, desk.review.LARGEST_LOG))


def _published(editorial: EditorialVisit) -> list[tuple[str, "desk.review.Checkpoint"]]:
    """Return the editions below the folder of the server, the latest first."""
    root = editorial.editorial.editions
    if root is None or not root.is_dir():
        return []
    found = []
    for folder in root.iterdir():
        if NAME.fullmatch(folder.name) and (folder / CHECKPOINT).is_file():
            try:
                text = desk.read_text(folder / CHECKPOINT)
                found.append((folder.name, desk.review.read_checkpoint(text)))
            except (desk.KnowledgeError, desk.review.ReviewLogError):
                continue  # no edition that this program wrote
    return sorted(found, key=lambda each: each[1].time, reverse=True)


def _edition(name: str, editorial: EditorialVisit) -> Path:
    """Return the folder of an edition by its name among those that are listed."""
    if name == SERVED:
        return editorial.visit.desk.library.root
    root = editorial.editorial.editions
    if root is None or name not in {listed for listed, _ in _published(editorial)}:
        raise Refused(404, "No such edition", "Choose one from the list of editions.")
    return root / name


def _free_name(editorial: EditorialVisit) -> str:
    """Return a name for the next edition."""
    taken = {name for name, _ in _published(editorial)}
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    later = (f"{today}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (today, *later) if name not in taken)
