"""The rules for the words of one statement: what each action requires of them and makes of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

from secondline.editorial.dossier import WAITING, Dossier, MarkReason, Revision, Stage
from secondline.editorial.problems import NotAllowed
from secondline.library.digest import words_digest
from secondline.library.review_log import Entry

Required = Callable[[Dossier, Entry], None]
Taken = Callable[[Dossier, Entry, int], None]


def wording(content: Mapping[str, Any]) -> str:
    """Return the digest of words without the id of their statement."""
    return words_digest({key: value for key, value in content.items() if key != "id"})


def require_content(entry: Entry) -> None:
    """Require that an entry which brings words names them by their digest.

    Raises:
        NotAllowed: it does not.
    """
    content = entry.content or {}
    if content.get("id") != entry.statement or words_digest(content) != entry.digest:
        raise NotAllowed(f"the digest {entry.digest} is not that of the words of {entry.statement}")
    if bool(content.get("withdrawn")) != (entry.action == "withdraw"):
        raise NotAllowed("withdrawn is written when a statement is withdrawn, and never before")
    if not entry.file.startswith("statements/") or ".." in entry.file.split("/"):
        raise NotAllowed(f"{entry.file!r} is not a file of statements/")


def is_stale(dossier: Dossier, base: str) -> bool:
    """Say whether words that were taken to be changed have since been replaced.

    Words that the log does not know at all stand in a library that was changed outside of it; they
    may be taken.
    """
    if not dossier.head or base == dossier.head:
        return False
    return not base or base in dossier.revisions or base in dossier.bases


def _known(dossier: Dossier, entry: Entry) -> Revision:
    if entry.digest not in dossier.revisions:
        raise NotAllowed(
            f"the log holds no words of {entry.statement} with the digest {entry.digest};"
            " secondline review history lists them"
        )
    return dossier.revisions[entry.digest]


def _at_stage(dossier: Dossier, entry: Entry, stages: tuple[Stage, ...]) -> None:
    revision = _known(dossier, entry)
    if revision.stage not in stages:
        raise NotAllowed(
            f"{entry.statement}: these words are {revision.stage}; to {entry.action} them they must"
            f" be {' or '.join(stages)}"
        )
    if not dossier.is_newer(revision):
        raise NotAllowed(
            f"{entry.statement}: newer words than these were approved; propose them again"
        )


def _require_proposal(dossier: Dossier, entry: Entry) -> None:
    if entry.digest == dossier.head:
        raise NotAllowed(f"{entry.statement} reads exactly so already; nothing is changed")
    known = dossier.revisions.get(entry.digest)
    if known and known.stage == "withdrawn":
        raise NotAllowed(f"{entry.statement}: these words were withdrawn; recover them first")
    if is_stale(dossier, entry.base):
        raise NotAllowed(
            f"{entry.statement} is no longer as it was taken; its head is {dossier.head}"
        )


def _require_submission(dossier: Dossier, entry: Entry) -> None:
    if entry.content is None:
        _at_stage(dossier, entry, ("draft", "returned"))
    elif dossier.head:
        raise NotAllowed(f"the log holds words of {entry.statement}; submit these by their digest")


def _require_waiting(dossier: Dossier, entry: Entry) -> None:
    _at_stage(dossier, entry, WAITING)


def _require_known(dossier: Dossier, entry: Entry) -> None:
    _known(dossier, entry)


def _require_withdrawal(dossier: Dossier, entry: Entry) -> None:
    before = {key: value for key, value in (entry.content or {}).items() if key != "withdrawn"}
    if words_digest(before) != entry.base or (entry.content or {})["withdrawn"] != entry.reason:
        raise NotAllowed(f"{entry.statement}: a withdrawal adds its reason to the words, no more")
    if dossier.in_force and entry.base != dossier.in_force:
        stage = dossier.revisions[dossier.in_force].stage
        raise NotAllowed(f"{entry.statement}: other words than these are in force ({stage})")


def _require_recovery(dossier: Dossier, entry: Entry) -> None:
    in_force = dossier.revisions.get(dossier.in_force)
    if in_force is None or in_force.stage != "withdrawn" or entry.base != in_force.digest:
        raise NotAllowed(f"{entry.statement} is not withdrawn")
    if entry.digest not in dossier.revisions:
        raise NotAllowed(f"{entry.statement}: only the words that were withdrawn are recovered")


def _require_mark(dossier: Dossier, entry: Entry) -> None:
    if entry.reason not in get_args(MarkReason):
        raise NotAllowed(f"{entry.reason!r} is no mark; expected {', '.join(get_args(MarkReason))}")
    if (entry.reason, entry.about) in dossier.marks:
        raise NotAllowed(f"{entry.statement} is marked already: {entry.reason}, {entry.about}")


def _require_settlement(dossier: Dossier, entry: Entry) -> None:
    if not dossier.open_marks():
        raise NotAllowed(f"{entry.statement} has no mark that is open")


REQUIRED: Mapping[str, Required] = {
    "propose": _require_proposal,
    "submit": _require_submission,
    "comment": _require_known,
    "review": _require_waiting,
    "approve": _require_waiting,
    "return": _require_waiting,
    "withdraw": _require_withdrawal,
    "recover": _require_recovery,
    "mark": _require_mark,
    "settle": _require_settlement,
}


def _bring(dossier: Dossier, entry: Entry, number: int, stage: Stage) -> None:
    dossier.revisions[entry.digest] = Revision(
        digest=entry.digest,
        wording=wording(entry.content or {}),
        number=number,
        by=entry.who,
        at=entry.at,
        stage=stage,
    )
    dossier.head = entry.digest
    dossier.file = entry.file
    if entry.base:
        dossier.bases.add(entry.base)


def _propose(dossier: Dossier, entry: Entry, number: int) -> None:
    _bring(dossier, entry, number, "draft")


def _submit(dossier: Dossier, entry: Entry, number: int) -> None:
    if entry.content is None:
        dossier.revisions[entry.digest].stage = "submitted"
    else:
        _bring(dossier, entry, number, "submitted")


def _nothing(dossier: Dossier, entry: Entry, number: int) -> None:
    """Keep the words as they are; the entry itself is what is said."""


def _review(dossier: Dossier, entry: Entry, _number: int) -> None:
    dossier.revisions[entry.digest].stage = "under review"


def _approve(dossier: Dossier, entry: Entry, _number: int) -> None:
    dossier.revisions[entry.digest].stage = "approved"
    dossier.in_force = entry.digest
    dossier.sources = entry.sources or {}
    dossier.settled.update(dossier.marks)


def _return(dossier: Dossier, entry: Entry, _number: int) -> None:
    dossier.revisions[entry.digest].stage = "returned"


def _withdraw(dossier: Dossier, entry: Entry, number: int) -> None:
    content = {key: value for key, value in (entry.content or {}).items() if key != "withdrawn"}
    if entry.base not in dossier.revisions:  # they stood in the library only
        before = replace(entry, digest=entry.base, base="", content=content)
        _bring(dossier, before, number, "withdrawn")
    dossier.revisions[entry.base].stage = "withdrawn"
    _bring(dossier, entry, number, "withdrawn")
    dossier.in_force = entry.digest
    dossier.settled.update(dossier.marks)


def _recover(dossier: Dossier, entry: Entry, number: int) -> None:
    _bring(dossier, entry, number, "submitted")


def _mark(dossier: Dossier, entry: Entry, number: int) -> None:
    dossier.marks[(entry.reason, entry.about)] = number


def _settle(dossier: Dossier, _entry: Entry, _number: int) -> None:
    dossier.settled.update(dossier.marks)


TAKEN: Mapping[str, Taken] = {
    "propose": _propose,
    "submit": _submit,
    "comment": _nothing,
    "review": _review,
    "approve": _approve,
    "return": _return,
    "withdraw": _withdraw,
    "recover": _recover,
    "mark": _mark,
    "settle": _settle,
}
