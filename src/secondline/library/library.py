"""The library: everything under knowledge/, read once, checked for references, in one object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from secondline.criteria.gaps import Gaps
from secondline.criteria.tree import Criterion, decision, interned
from secondline.domain.evidence import Endpoint, Source, Standing, Statement
from secondline.domain.facts import FactDefinition
from secondline.domain.pathways import AnyRule, Pathway, Scheme
from secondline.domain.terms import Aspect, Case, Contradiction, Explanation, Refusal, Term
from secondline.library.digest import content_digest
from secondline.library.review_log import LogHead

RESTATING = {"evidence summary", "review", "web page"}  # kinds that restate others' results
NAMED_BY_ID_ALONE = "terms/contradictions.yaml"  # its criteria are kept with those of rules


def place_of(id_: str, file: str) -> str:
    """Return the key of a record in `Library.files`: its id, or for a term "drugs:irinotecan"."""
    if not file.startswith("terms/") or file == NAMED_BY_ID_ALONE:
        return id_
    return f"{file.removeprefix('terms/').removesuffix('.yaml')}:{id_}"


@dataclass(frozen=True)
class Library:
    """What is known, as one immutable object. Every mapping is keyed by id.

    Attributes:
        standings: the standing of all words that the review log names: statement, then digest.
        log: the head of the review log.
        criteria: every criterion, parsed and with its references resolved, keyed by rule id,
            by "<rule id>?" for `undecided_when`, by statement id for `applies_when`.
        files: the file each record was read from, by `place_of`.
        edition: the hash of everything that was read.
    """

    root: Path
    edition: str
    facts: Mapping[str, FactDefinition]
    endpoints: Mapping[str, Endpoint]
    diseases: Mapping[str, Term]
    regimens: Mapping[str, Term]
    drugs: Mapping[str, Term]
    factors: Mapping[str, Term]
    aspects: Mapping[str, Aspect]
    refusals: Mapping[str, Refusal]
    contradictions: Mapping[str, Contradiction]
    explanations: Mapping[str, Explanation]
    sources: Mapping[str, Source]
    statements: Mapping[str, Statement]
    pathways: Mapping[str, Pathway]
    cases: Mapping[str, Case]
    standings: Mapping[str, Mapping[str, Standing]]
    log: LogHead
    criteria: Mapping[str, Criterion]
    files: Mapping[str, str] = field(repr=False)

    @cached_property
    def rules(self) -> Mapping[str, AnyRule]:
        """Every rule of every pathway, by id."""
        return {rule.id: rule for pathway in self.pathways.values() for rule in pathway.rules}

    @cached_property
    def decisions(self) -> Mapping[str, Criterion]:
        """The criterion of every rule joined with the gap that its sources leave, by rule id.

        Equal parts of them are one object, so that each is explained once.
        """
        pool: dict[Criterion, Criterion] = {}
        return {
            id_: interned(decision(self.criteria[id_], self.criteria.get(f"{id_}?")), pool)
            for id_ in self.rules
        }

    @cached_property
    def gaps(self) -> Gaps:
        """What would decide criteria that are open; found once for many patients."""
        return Gaps(self.facts)

    def standing(self, statement: str) -> Standing:
        """Return the editorial standing of a statement's exact words."""
        words = self.standings.get(statement)
        if words is None:
            return "submitted"
        return words.get(content_digest(self.statements[statement]), "submitted")

    def disease_of(self, statement: str) -> str | None:
        """Return the disease a statement belongs to, by the folder of its file; None without."""
        return self._disease_of.get(statement)

    @cached_property
    def _disease_of(self) -> Mapping[str, str]:
        folders = {id_: self.files[id_].split("/") for id_ in self.statements}
        return {id_: parts[1] for id_, parts in folders.items() if parts[1] in self.diseases}

    @cached_property
    def of_disease(self) -> Mapping[str, tuple[Statement, ...]]:
        """The statements of each disease, in the order of their files."""
        found: dict[str, list[Statement]] = {disease: [] for disease in self.diseases}
        for id_, disease in self._disease_of.items():
            found[disease].append(self.statements[id_])
        return {disease: tuple(its) for disease, its in found.items()}

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The diseases that statements belong to, in the order of the vocabulary."""
        return tuple(disease for disease in self.diseases if self.of_disease[disease])

    def citing(self, source: str) -> tuple[Statement, ...]:
        """Return the statements that cite a source, or that are known through it."""
        return tuple(
            statement
            for statement in self.statements.values()
            if source in (statement.citation.source, statement.citation.via)
        )

    def restates(self, statement: Statement) -> bool:
        """Say whether a statement is known through somebody who restates the paper's results."""
        source = self.sources[statement.citation.source]
        through = statement.citation.via is not None or source.read == "secondary"
        return through or source.kind in RESTATING

    def yields(self, statement: Statement) -> bool:
        """Say whether the paper's own figures, in another statement, lead over these."""
        if not self.restates(statement):
            return False
        source = self.sources[statement.citation.source]
        for other in (self.statements[id_] for id_ in statement.conflicts_with):
            same_paper = source.pmid and source.pmid == self.sources[other.citation.source].pmid
            same_study = statement.study and statement.study == other.study
            if not self.restates(other) and (same_paper or same_study):
                return True
        return False

    @cached_property
    def assessed(self) -> tuple[str, ...]:
        """The diseases that this edition holds a pathway for, in the order of the vocabulary."""
        return tuple(disease for disease in self.diseases if self.pathways_of(disease))

    def pathways_of(self, disease: str) -> tuple[Pathway, ...]:
        """Return the pathways of a disease, the general one first; empty when none is held."""
        found = (p for p in self.pathways.values() if p.disease == disease)
        return tuple(sorted(found, key=lambda pathway: pathway.id))

    def rules_of(self, disease: str) -> tuple[AnyRule, ...]:
        """Return the rules of all pathways of a disease, in the order of their passages."""
        return tuple(rule for pathway in self.pathways_of(disease) for rule in pathway.rules)

    def schemes_of(self, disease: str) -> Mapping[str, Scheme]:
        """Return the schemes of all pathways of a disease, by id."""
        return {s.scheme: s for pathway in self.pathways_of(disease) for s in pathway.schemes}

    def sources_of(self, statement: Statement) -> tuple[Source, ...]:
        """Return the source of a statement, then the one it is known through, if any."""
        cited = (statement.citation.source, statement.citation.via)
        return tuple(self.sources[id_] for id_ in cited if id_)


def bundled_knowledge() -> Path:
    """Return the folder of the knowledge that ships with the package."""
    return Path(str(files("secondline").joinpath("knowledge")))
