"""Pages that are read: the pathways, an audited text, and what secondline is."""

from markdown_it import MarkdownIt
from starlette.responses import Response

from secondline import desk
from secondline.interfaces.web.form import FormError
from secondline.interfaces.web.pages import Visit

PROSE = MarkdownIt("commonmark", {"html": False})
# The order in which verdicts are counted above an audited text: what a reader must know first.
VERDICTS = {
    "contradicted": "A source says otherwise.",
    "figure-differs": "The source has another figure, or this one for another endpoint or time.",
    "population-differs": "The figure is right, for other patients or another starting point.",
    "arithmetic": "The figures do not add up.",
    "overstated": "The direction holds; the strength or the generality does not.",
    "outdated": "Right for its date; newer evidence changes it.",
    "not-found": "No source in the library carries it. That does not make it false.",
    "supported": "A source says so, with these figures.",
}


def pathways(visit: Visit) -> Response:
    """List the pathways by disease."""
    library = visit.desk.library
    listed = {disease: library.pathways_of(disease) for disease in library.assessed}
    return visit.page("pathways.html", listed=listed)


def pathway(visit: Visit) -> Response:
    """Show a pathway as a diagram, and as its passages, each above the rule that it became."""
    id_ = visit.request.path_params["id"]
    try:
        parts = desk.pathway_text(id_, visit.desk.library)
    except desk.NoSuchRecord:
        raise FormError(404, "No such pathway", "Choose one from the list of pathways.") from None
    rules = visit.desk.library.rules
    shown = [
        (rules[part.rule], "") if part.rule else (None, PROSE.render(part.text)) for part in parts
    ]
    flow = desk.pathway_flow(id_, visit.desk.library)
    # The title and what the pathway is about stand above the diagram, the passages below it.
    opening, step, passage = shown[0][1].partition("<h2")
    shown[0] = (None, step + passage)
    return visit.page(
        "pathway.html", pathway=visit.desk.library.pathways[id_], opening=opening, parts_=shown,
        strata=[branch for branch in flow if branch.sort == "strata"],
        options=[branch for branch in flow if branch.sort == "options"],
    )  # fmt: skip


def audit_form(visit: Visit) -> Response:
    """Show the form of a text to be audited."""
    return visit.page("audit.html", audit=None, problem="", verdicts=VERDICTS, counts={})


def audit(visit: Visit) -> Response:
    """Audit a text or the source of a page, claim by claim; nothing of it is kept."""
    try:
        result = visit.desk.audit(visit.form["text"])
    except desk.TextError as error:
        return visit.page(
            "audit.html", 422, audit=None, problem=str(error), verdicts=VERDICTS, counts={}
        )
    counts = {v: sum(c.verdict == v for c in result.claims) for v in VERDICTS}
    return visit.page("audit.html", audit=result, problem="", verdicts=VERDICTS, counts=counts)


def about(visit: Visit) -> Response:
    """Show what secondline is and is not, how it works, and what its edition holds."""
    library = visit.desk.library
    changes = {
        disease: visit.desk.find(disease=disease, topic="change") for disease in library.held
    }
    return visit.page(
        "about.html",
        stats=visit.desk.stats(),
        disclaimer=desk.DISCLAIMER,
        changes=changes,
    )
