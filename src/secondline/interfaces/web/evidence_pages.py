"""Evidence: statements, findings and sources to browse, each record, and exports."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from starlette.responses import Response

from secondline import desk
from secondline.interfaces.web import figure_pages
from secondline.interfaces.web.filters import asked_filters, asked_for, filtered
from secondline.interfaces.web.form import FormError
from secondline.interfaces.web.pages import Visit

ON_A_PAGE = 40
MOST_PANELS = 60  # statements behind one citation; the longest sentence rests on fewer
VIEWS = {
    "statements": "Statements", "findings": "Findings", "plot": "Forest plot", "sources": "Sources",
}  # fmt: skip
EXPORTS = {
    "findings-csv": ("findings.csv", "text/csv"),
    "bibtex": ("sources.bib", "application/x-bibtex"),
    "ris": ("sources.ris", "application/x-research-info-systems"),
    "csl-json": ("sources.json", "application/vnd.citationstyles.csl+json"),
}
Item = TypeVar("Item")


def evidence(visit: Visit) -> Response:
    """List what the library holds, filtered; words to look for come in the body of a form."""
    asked = asked_filters(visit)
    view = asked_for(visit, "view") or "statements"
    if view not in VIEWS:
        raise FormError(404, "No such list", f"There are {', '.join(VIEWS)}.")
    statements: list[desk.Statement] = []
    problem = ""
    try:
        statements = filtered(visit, asked)
    except desk.QuestionError as error:
        problem = str(error)
    listed = _listed(view, statements, asked, visit.desk.library)
    page, pages, shown = _paged(listed, asked_for(visit, "page"))
    return visit.page(
        "evidence.html", 422 if problem else 200,
        view=view, views=VIEWS, asked=asked, words=visit.form["words"].strip(), problem=problem,
        found=len(listed), page=page, pages=pages, shown=shown, choices=_choices(visit.desk),
        figure=figure_pages.shown(visit, statements, asked) if view == "plot" else None,
        downloads=figure_pages.DOWNLOADS,
    )  # fmt: skip


def findings(visit: Visit) -> Response:
    """Show statements with their findings: what a citation opens."""
    ids = visit.request.query_params.getlist("statement")
    held = visit.desk.library.statements
    statements = [held[id_] for id_ in dict.fromkeys(ids) if id_ in held][:MOST_PANELS]
    if not statements:
        raise FormError(404, "No such statement", "The library holds no statement of this name.")
    return visit.page("findings.html", statements=statements)


def source(visit: Visit) -> Response:
    """Show one source, how deep it was read, and the statements that cite it."""
    id_ = visit.request.path_params["id"]
    library = visit.desk.library
    if id_ not in library.sources:
        raise FormError(404, "No such source", "The library holds no source of this name.")
    return visit.page("source.html", source=library.sources[id_], statements=library.citing(id_))


def export(visit: Visit) -> Response:
    """Give the library, or the part of one disease, as a file in a format of others."""
    form = visit.request.path_params["form"]
    disease = visit.request.query_params.get("disease") or None
    if form not in EXPORTS:
        raise FormError(404, "No such format", f"There are {', '.join(EXPORTS)}.")
    try:
        text = visit.desk.export(cast(desk.ExportFormat, form), disease=disease)
    except desk.NoSuchRecord:
        raise FormError(404, "No such disease", "The library does not hold it.") from None
    name, media_type = EXPORTS[form]
    called = f"secondline-{disease}-{name}" if disease else f"secondline-{name}"
    disposition = {"content-disposition": f'attachment; filename="{called}"'}
    return Response(text, media_type=f"{media_type}; charset=utf-8", headers=disposition)


def _listed(
    view: str,
    statements: list[desk.Statement],
    asked: dict[str, str | None],
    library: desk.Library,
) -> Sequence[Any]:
    """Return the items of a view: statements, findings with their statement, or sources."""
    endpoint = asked["endpoint"]
    if view == "findings":
        return [(s, f) for s in statements for f in s.findings if endpoint in {None, f.endpoint}]
    if view == "sources":
        return list({x.id: x for s in statements for x in library.sources_of(s)}.values())
    return statements if view == "statements" else ()


def _paged(listed: Sequence[Item], asked: str | None) -> tuple[int, int, Sequence[Item]]:
    """Return the number of the page, how many there are, and what stands on it."""
    pages = max(1, -(-len(listed) // ON_A_PAGE))
    page = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    page = min(max(page, 1), pages)
    return page, pages, listed[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]


def _choices(opened: desk.Desk) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter may be, with the words for it."""
    library, stats = opened.library, opened.stats()
    used = {f.endpoint for s in library.statements.values() for f in s.findings}
    return {
        "disease": [(id_, library.diseases[id_].name) for id_ in library.held],
        "topic": [(topic, topic.replace("-", " ")) for topic in sorted(stats.topics)],
        "setting": [
            (each, each) for each in sorted({s.setting for s in library.statements.values()})
        ],
        "endpoint": [(each, each) for each in sorted(used)],
        "kind": [(kind, kind) for kind in stats.kinds],
        "read": [(depth, depth) for depth in stats.read],
    }
