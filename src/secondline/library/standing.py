"""Editorial standing of exact words, derived from the review log and the digest of the words."""

from collections.abc import Iterable, Mapping

from secondline.domain.evidence import Standing
from secondline.library.review_log import Entry

STANDINGS: Mapping[str, Standing] = {
    "submit": "submitted",
    "review": "under review",
    "approve": "approved",
    "return": "submitted",
    "withdraw": "withdrawn",
    "recover": "submitted",
}  # what an action makes of the words that it names; the other actions leave them as they are


def standings_of(entries: Iterable[Entry]) -> dict[str, dict[str, Standing]]:
    """Return the standing of all words that the log names: statement, then digest.

    Words that are not in it are submitted: nobody has reviewed them.
    """
    found: dict[str, dict[str, Standing]] = {}
    for entry in entries:
        if standing := STANDINGS.get(entry.action):
            words = found.setdefault(entry.statement, {})
            words[entry.digest] = standing
            if entry.action == "withdraw":  # the words themselves, and the record that says why
                words[entry.base] = standing
    return found
