"""The people of the tests of the editorial pages, and how they write in the form."""

import html
import re

ADA, PIA = "Ada Approver", "Pia Approver"
ANN, BOB, ROB, REA = "Ann Author", "Bob Author", "Rob Reviewer", "Rea Reader"
ONE = "rms-one"
SAYS = "Some of the children were alive after five years."
FIELD = re.compile(
    r'<(?:input|textarea|select)[^>]* name="(?P<name>(?:f|count)\.[^"]+|statement|base)"'
    r'(?:[^>]* value="(?P<value>[^"]*)")?[^>]*>(?P<text>[^<]*)(?P<chosen>(?:<option.*?</select>)?)'
)


def enrolled(room):
    """Enroll one person of each role, and a second author."""
    room.enroll(ADA, "approver")
    for name, role in ((REA, "reader"), (ANN, "author"), (BOB, "author"), (ROB, "reviewer"),
                       (PIA, "approver")):  # fmt: skip
        room.enroll(name, role, who=ADA)
    return room


def typed(visitor, address, says):
    """Return the fields of a form as a browser sends them, with other words for clinicians."""
    fields = {}
    for found in FIELD.finditer(visitor.get(address).text):
        value = found["value"] or found["text"] or ""
        if chosen := re.search(r'value="([^"]*)" selected', found["chosen"]):
            value = chosen[1]
        fields[found["name"].replace(".", "__")] = html.unescape(value)
    return fields | {"f__says": says}


def digest_of(room, says):
    """Return the digest of the words of the statement that say so."""
    return next(v.digest for v in room.docket(ONE).versions if v.content["says"] == says)
