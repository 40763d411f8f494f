"""What stands below every answer and assessment: what this is, and who decides."""

from collections.abc import Mapping

from secondline.answers.answer import Reader

DISCLAIMER = (
    "Decision support for professionals and education for families: not a device and not a"
    " prescription. It reports what groups of patients experienced; the treating team decides"
    " with the family."
)
DISCLAIMERS: Mapping[Reader, str] = {
    "clinician": DISCLAIMER,
    "family": "This page can help you learn and get ready for a visit. It is not a device and not"
    " a prescription. It tells how groups of children did. Your care team decides with you.",
}
