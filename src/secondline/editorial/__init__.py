"""Proposals, their review, the log that nobody can rewrite unseen, and editions made from it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secondline.editorial.differences import EditionDifference, difference, edition_changes
    from secondline.editorial.docket import Docket, may
    from secondline.editorial.dossier import MarkReason, Person, Role
    from secondline.editorial.editing import Editorial
    from secondline.editorial.opening import open_editorial
    from secondline.editorial.problems import (
        Conflict,
        EditorialError,
        LogDamagedError,
        NotAllowed,
        ProposalError,
        StoreError,
    )
    from secondline.editorial.proposals import read_proposal, write_words
    from secondline.editorial.tampering import LogVerification, verify_log
    from secondline.editorial.waiting import Event, Waiting
    from secondline.editorial.words import Words
    from secondline.library.review_log import (
        LARGEST_LOG,
        Checkpoint,
        Entry,
        ReviewLogError,
        read_checkpoint,
    )

__all__ = [
    "LARGEST_LOG",
    "Checkpoint",
    "Conflict",
    "Docket",
    "EditionDifference",
    "Editorial",
    "EditorialError",
    "Entry",
    "Event",
    "LogDamagedError",
    "LogVerification",
    "MarkReason",
    "NotAllowed",
    "Person",
    "ProposalError",
    "ReviewLogError",
    "Role",
    "StoreError",
    "Waiting",
    "Words",
    "difference",
    "edition_changes",
    "may",
    "open_editorial",
    "read_checkpoint",
    "read_proposal",
    "verify_log",
    "write_words",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is first used: few who open a library edit it."""
    modules = {
        "editorial.differences": {"EditionDifference", "difference", "edition_changes"},
        "editorial.docket": {"Docket", "may"},
        "editorial.dossier": {"MarkReason", "Person", "Role"},
        "editorial.editing": {"Editorial"},
        "editorial.opening": {"open_editorial"},
        "editorial.problems": {
            "Conflict",
            "EditorialError",
            "LogDamagedError",
            "NotAllowed",
            "ProposalError",
            "StoreError",
        },
        "editorial.proposals": {"read_proposal", "write_words"},
        "editorial.tampering": {"LogVerification", "verify_log"},
        "editorial.waiting": {"Event", "Waiting"},
        "editorial.words": {"Words"},
        "library.review_log": {
            "Checkpoint",
            "Entry",
            "LARGEST_LOG",
            "ReviewLogError",
            "read_checkpoint",
        },
    }
    for module, names in modules.items():
        if name in names:
            return getattr(import_module(f"secondline.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
