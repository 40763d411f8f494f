"""What the filters of the evidence leave of its statements."""

from secondline import desk
from secondline.interfaces.web.pages import Visit

FILTERS = ("disease", "topic", "setting", "endpoint", "kind", "read")


def asked_for(visit: Visit, name: str) -> str | None:
    """Return a filter, from the form that was sent or from the address."""
    return visit.form[name] or visit.request.query_params.get(name) or None


def asked_filters(visit: Visit) -> dict[str, str | None]:
    """Return every filter by its name; words to look for are none: they stand in no address."""
    return {name: asked_for(visit, name) for name in FILTERS}


def filtered(visit: Visit, asked: dict[str, str | None]) -> list[desk.Statement]:
    """Return the statements that the filters leave, those nearest to the words first.

    Raises:
        QuestionError: the words cannot be looked for.
    """
    found = visit.desk.find(
        visit.form["words"].strip(),
        disease=asked["disease"], topic=asked["topic"], setting=asked["setting"],
    )  # fmt: skip
    kind, read, endpoint = asked["kind"], asked["read"], asked["endpoint"]
    sources = visit.desk.library.sources
    return [
        s
        for s in found
        if kind in {None, sources[s.citation.source].kind}
        and read in {None, sources[s.citation.source].read}
        and (endpoint is None or any(f.endpoint == endpoint for f in s.findings))
    ]
