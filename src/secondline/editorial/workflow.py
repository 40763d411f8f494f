"""The state of the review: what the entries of a log make, one after the other.

Everything is derived from the entries and from nothing else: people and their roles, the stage of
all words, marks, publications. An entry that the rules refuse is refused wherever it is met: when
it is made, when a log is imported, and when a log is verified.
"""

from collections.abc import Mapping

from secondline.editorial.dossier import ROLES, Dossier, Person, Role, person_key
from secondline.editorial.problems import NotAllowed
from secondline.editorial.rules import REQUIRED, TAKEN, require_content, wording
from secondline.library.review_log import Entry

NEEDED: Mapping[str, Role] = {
    "enroll": "approver",
    "propose": "author",
    "submit": "author",
    "comment": "author",
    "mark": "author",
    "review": "reviewer",
    "return": "reviewer",
    "settle": "reviewer",
    "approve": "approver",
    "withdraw": "approver",
    "recover": "approver",
    "publish": "approver",
}
LONGEST_NAME = 100


class State:
    """What the entries of a log make, one after the other."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.dossiers: dict[str, Dossier] = {}
        self.publications: list[Entry] = []
        self.brought: dict[str, list[int]] = {}  # numbers of entries with words, by person
        self._wordings: dict[str, set[str]] = {}  # who brought words, by their digest without id

    def person(self, name: str) -> Person:
        """Return somebody who is enrolled.

        Raises:
            NotAllowed: nobody of that name is.
        """
        person = self.people.get(person_key(name))
        if person is None or person.name != name:
            meant = f"; did you mean {person.name!r}?" if person else ""
            raise NotAllowed(f"{name!r} is not enrolled{meant}; secondline review user lists names")
        return person

    def take(self, number: int, entry: Entry) -> None:
        """Take the next entry of the log.

        Raises:
            NotAllowed: the rules refuse it; nothing has changed.
        """
        self.require(entry)
        if entry.action == "enroll":
            role = ROLES[ROLES.index(entry.role)]
            self.people[person_key(entry.name)] = Person(entry.name, role)
            return
        if entry.action == "publish":
            self.publications.append(entry)
            return
        dossier = self.dossiers.setdefault(entry.statement, Dossier())
        dossier.numbers.append(number)
        TAKEN[entry.action](dossier, entry, number)
        if entry.content is not None:
            self._bring(dossier, entry, number)

    def _bring(self, dossier: Dossier, entry: Entry, number: int) -> None:
        dossier.file = entry.file
        if entry.action not in {"propose", "submit"}:
            return  # who withdraws or recovers words did not write them
        key = person_key(entry.who)
        dossier.authors.add(key)
        self.brought.setdefault(key, []).append(number)
        self._wordings.setdefault(wording(entry.content or {}), set()).add(key)

    def require(self, entry: Entry) -> None:
        """Require that the rules allow an entry now.

        Raises:
            NotAllowed: they do not; the message says why, and what to do.
        """
        if entry.action == "enroll":
            self._require_enrollment(entry)
        self.require_role(entry.who, entry.action)
        for key in ("reason", "comment"):
            if getattr(entry, key) and not getattr(entry, key).strip():
                raise NotAllowed(f"the {key} is empty")
        if entry.content is not None:
            require_content(entry)
        dossier = self.dossiers.get(entry.statement, Dossier())
        if entry.action in REQUIRED:
            REQUIRED[entry.action](dossier, entry)
        if entry.action == "approve":
            self._require_others_words(dossier, entry)

    def require_role(self, who: str, action: str) -> None:
        """Require that somebody is enrolled in a role that an action takes.

        Raises:
            NotAllowed: the message says which role it takes.
        """
        if self.people:
            person = self.person(who)
            needed = NEEDED[action]
            if ROLES.index(person.role) < ROLES.index(needed):
                raise NotAllowed(f"{who} is {a_(person.role)}; to {action} takes {a_(needed)}")
        elif action != "enroll":
            raise NotAllowed("nobody is enrolled; the first person is enrolled as an approver")

    def _require_enrollment(self, entry: Entry) -> None:
        name, key = entry.name, person_key(entry.name)
        if name != " ".join(name.split()) or not name.isprintable() or len(name) > LONGEST_NAME:
            raise NotAllowed(f"{name[:LONGEST_NAME]!r} cannot be a name; write it as one line")
        if entry.role not in ROLES:
            raise NotAllowed(f"{entry.role!r} is not a role; expected {', '.join(ROLES)}")
        known = self.people.get(key)
        if known and known.name != name:
            raise NotAllowed(f"{name!r} is too like {known.name!r}, who is enrolled")
        if not self.people and (entry.who != name or entry.role != "approver"):
            raise NotAllowed("the first person enrolls himself or herself, as an approver")
        approvers = [p.name for p in self.people.values() if p.role == "approver"]
        if entry.role != "approver" and approvers == [name]:
            raise NotAllowed(f"{name} is the only approver; enroll another one first")

    def _require_others_words(self, dossier: Dossier, entry: Entry) -> None:
        """Require that an approver wrote none of the statement, nor these words elsewhere."""
        key = person_key(entry.who)
        if key in dossier.authors:
            raise NotAllowed(
                f"{entry.who} wrote words of {entry.statement}; nobody approves their own words,"
                " nor words made from them. Ask another approver"
            )
        if key in self._wordings.get(dossier.revisions[entry.digest].wording, set()):
            raise NotAllowed(
                f"{entry.who} proposed the same words for another statement; nobody approves their"
                " own words. Ask another approver"
            )


def a_(role: str) -> str:
    """Write a role with its article."""
    return f"{'an' if role[0] in 'ae' else 'a'} {role}"
