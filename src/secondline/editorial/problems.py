"""What the editorial room refuses, and why; each is an answer that a person can act on."""

from collections.abc import Mapping, Sequence
from typing import Any

from secondline.library.candidate import Complaint


class EditorialError(ValueError):
    """Something that the editorial room does not do; the message says why and what to do."""


class NotAllowed(EditorialError):  # noqa: N818  # a rule that holds is no error
    """An action that the rules do not give to this person, or to words at this stage."""


class ProposalError(EditorialError):
    """A statement that is not in order. `complaints` holds all of it, field by field."""

    def __init__(self, statement: str, complaints: Sequence[Complaint]) -> None:
        self.statement = statement
        self.complaints = tuple(complaints)
        count = f"{len(complaints)} problem{'s' if len(complaints) != 1 else ''}"
        super().__init__("\n".join([f"{statement} has {count}", *(f"  {c}" for c in complaints)]))


class Conflict(EditorialError):  # noqa: N818  # it is shown, and nobody did wrong
    """Somebody else changed the statement first. Nothing is lost: both texts are here.

    Attributes:
        mine: the words that were to be proposed, plain data.
        theirs: the words as they stand now, plain data; `digest` is theirs, to start again from.
        who, at: who brought them, and when; empty when they stand in the library.
        difference: from theirs to mine, line by line.
    """

    def __init__(  # noqa: PLR0913  # what a person needs to see to resolve it
        self,
        statement: str,
        *,
        mine: Mapping[str, Any],
        theirs: Mapping[str, Any],
        digest: str,
        who: str,
        at: str,
        difference: str,
    ) -> None:
        self.statement = statement
        self.mine = mine
        self.theirs = theirs
        self.digest = digest
        self.who = who
        self.at = at
        self.difference = difference
        by = f"{who} changed it on {at}" if who else "the library holds other words"
        super().__init__(
            f"{statement} is no longer as you took it: {by}. Join the two, and propose on the base"
            f" {digest}"
        )


class LogDamagedError(EditorialError):
    """A stored log that does not agree with itself."""


class StoreError(EditorialError):
    """A store that cannot be opened, read or written; nothing was changed."""
