"""The words of the field: diseases, regimens, drugs, aspects of a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CodeSystem = Literal["mesh", "ncit", "snomed", "rxnorm", "atc", "umls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A thing with names: what it is called, by whom, and in plain words.

    Attributes:
        synonyms: other spellings and names, without the misspellings that a matcher finds.
        asked_as: what readers of this library call it, where others mean other things by it.
        drugs: for a regimen, the ids of its drugs.
        drug_class: for a drug, its class where a source names it.
        lay: words a family knows.
        about: for a factor, the facts it is one of: {"tumor_type": "synovial-sarcoma"}.
        codes: in published terminologies, where known for certain; absent rather than guessed.
    """

    id: str
    name: str
    abbreviation: str | None = None
    synonyms: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    drug_class: str | None = None
    lay: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[CodeSystem, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name and spelling, the preferred one first."""
        return (*self.document_names, *self.asked_as)

    @property
    def document_names(self) -> tuple[str, ...]:
        """Every name by which documents of others are about it, the preferred one first."""
        abbreviation = (self.abbreviation,) if self.abbreviation else ()
        return (self.name, *abbreviation, *self.synonyms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """What a question asks about, and where in an answer it is treated.

    Attributes:
        heading, plain_heading: of the section, for clinicians and for families.
        topics: the topics of the statements that belong to it.
        words: what readers say when they ask for it.
        whole: what they say when they ask for all of it, such as "options"; the pathway is told.
        beside: other aspects that a general question for this one cannot be answered without.
        follow_up, plain_follow_up: a question to offer next, to clinicians and to families.
        visit_questions: what a family may ask its care team about it, the most useful first.
    """

    id: str
    heading: str
    plain_heading: str
    topics: tuple[str, ...]
    words: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    follow_up: str | None = None
    plain_follow_up: str | None = None
    visit_questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A word of medicine that families meet, and what it means; it holds no clinical figure.

    Attributes:
        forms: the other forms in which it is met, such as the plural.
        means: what it means, in words of everyday.
    """

    id: str
    name: str
    forms: tuple[str, ...] = ()
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A kind of question that is not answered, how it is recognised and what is said instead.

    Attributes:
        needs: groups of phrases; the question holds at least one of each group.
        unless: phrases that make it another question.
        says, plain: what is said instead, to clinicians and to families.
        shows_groups: what groups of patients experienced is shown beside it, and to families what
            they may ask their care team.
    """

    id: str
    needs: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...] = ()
    says: str
    plain: str | None = None
    shows_groups: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Facts that cannot stand together: a criterion, or an order of two durations.

    Attributes:
        masks: the facts that become conflicting; all that the criterion names when empty.
    """

    id: str
    because: str
    never: str | None = None
    order: tuple[str, str] | None = None
    masks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An invented patient with the results that the rules must give.

    Attributes:
        expect: rule ids by expected result: met, not-met, unknown.
        missing: facts that must be reported missing.
    """

    id: str
    facts: dict[str, object]
    says: str
    expect: dict[Literal["met", "not-met", "unknown"], tuple[str, ...]]
    missing: tuple[str, ...] = ()
    pair: str | None = None
