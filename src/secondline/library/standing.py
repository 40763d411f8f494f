"""Editorial standing of a statement, derived from the review log and the digest of its words."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

from secondline.domain.evidence import Standing

ACTIONS: Mapping[str, Standing] = {
    "submit": "submitted",
    "review": "under review",
    "approve": "approved",
    "return": "submitted",
    "withdraw": "withdrawn",
}


class ReviewLogError(ValueError):
    """A line of the review log that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One entry of the append-only log: who did what to which exact words, and when.

    Attributes:
        previous: the digest of the line before, empty in the first; it ties the entries together.
    """

    previous: str
    at: str
    who: str
    action: str
    statement: str
    digest: str
    reason: str = ""


def line_digest(line: str) -> str:
    """Return the SHA-256 of a line of the log, 64 hexadecimal digits."""
    return hashlib.sha256(line.encode()).hexdigest()


def read_reviews(text: str) -> tuple[Review, ...]:
    """Read the review log, one JSON object a line; an empty log is a log.

    Raises:
        ReviewLogError: a line is not a review, or does not follow the line before it; the message
            names the line and the repair.
    """
    reviews = []
    previous = ""
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        try:
            review = Review(**json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise ReviewLogError(f"line {number} is not a review: {error}") from None
        if not all(isinstance(value, str) for value in astuple(review)):
            raise ReviewLogError(f"line {number} is not a review: every value is text")
        if review.action not in ACTIONS:
            raise ReviewLogError(
                f"line {number}: {review.action!r} is not an action; expected {', '.join(ACTIONS)}"
            )
        if review.previous != previous:
            raise ReviewLogError(
                f"line {number} follows {review.previous or 'nothing'}, the line before it is"
                f" {previous or 'nothing'}: the log was edited; restore it, and add lines at its"
                " end only"
            )
        previous = line_digest(line)
        reviews.append(review)
    return tuple(reviews)


def standing_of(statement: str, digest: str, reviews: Iterable[Review]) -> Standing:
    """Return the standing of exactly these words. Words nobody reviewed are submitted."""
    standing: Standing = "submitted"
    for review in reviews:
        if review.statement == statement and review.digest == digest:
            standing = ACTIONS[review.action]
    return standing
