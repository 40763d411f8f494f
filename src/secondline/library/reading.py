"""From the texts of knowledge files to a Library, or to every problem that stands in the way."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from secondline.criteria.parse import CriterionError, parse_criterion, resolve
from secondline.criteria.tree import Criterion
from secondline.criteria.vocabulary import misfits, suggestion
from secondline.domain.evidence import Endpoint, Source, Standing, Statement
from secondline.domain.facts import FactDefinition
from secondline.domain.pathways import (
    AnyRule,
    Caution,
    Named,
    Option,
    Outlook,
    Pathway,
    Scheme,
    Stratum,
)
from secondline.domain.terms import Aspect, Case, Contradiction, Explanation, Refusal, Term
from secondline.library.documents import KnowledgeError, Problem, read_yaml
from secondline.library.library import Library, place_of
from secondline.library.literate import read_pathway
from secondline.library.phrases import with_treatments_named
from secondline.library.references import references
from secondline.library.review_log import (
    EMPTY_LOG,
    LOG_FILE,
    LogHead,
    ReviewLogError,
    head_of,
    log_lines,
    read_entries,
)
from secondline.library.schema import SchemaError, records
from secondline.library.standing import standings_of

TERM_FILES: Mapping[str, type[Any]] = {
    "facts": FactDefinition,
    "endpoints": Endpoint,
    "diseases": Term,
    "regimens": Term,
    "drugs": Term,
    "factors": Term,
    "aspects": Aspect,
    "refusals": Refusal,
    "contradictions": Contradiction,
    "explanations": Explanation,
}
FRONT_MATTER = {"id", "disease", "title"}
RULE_KINDS: Mapping[str, type[AnyRule]] = {
    "criterion": Named,
    "stratum": Stratum,
    "option": Option,
    "outlook": Outlook,
    "caution": Caution,
}


def read_library(
    root: Path, texts: Mapping[str, str], edition: str
) -> tuple[Library, list[Problem]]:
    """Read and validate every record of knowledge files.

    Args:
        root: the folder of the files.
        texts: their content by name, such as "terms/facts.yaml".
        edition: the hash of the files.

    Returns:
        The library of what could be read, and every problem: schema, ids, references, criteria.
        The library may be used only when there is no problem.
    """
    reader = _Reader(root, texts)
    return reader.library(edition), reader.problems


class _Reader:
    """Reads the files of one knowledge folder and keeps every problem it meets on the way."""

    def __init__(self, root: Path, texts: Mapping[str, str]) -> None:
        self.root = root
        self.texts = texts
        self.problems: list[Problem] = []
        self.origin: dict[str, str] = {}
        self.broken: set[str] = set()  # ids of records that exist and could not be read

    def _problem(self, file: str, where: int | str, message: str) -> None:
        place = (f"line {where}" if where else "") if isinstance(where, int) else where
        self.problems.append(Problem(f"knowledge/{file}", place, message))

    def library(self, edition: str) -> Library:
        terms = {name: self._terms(name, kind) for name, kind in TERM_FILES.items()}
        terms["facts"] = with_treatments_named(terms["facts"], terms["drugs"])
        sources = self._records("sources/", Source)
        statements = self._records("statements/", Statement)
        pathways = self._pathways()
        cases = self._records("cases/", Case)
        standings, log = self._log()
        library = Library(
            root=self.root,
            edition=edition,
            **terms,
            sources=sources,
            statements=statements,
            pathways=pathways,
            cases=cases,
            standings=standings,
            log=log,
            criteria=self._criteria(pathways, statements, terms["contradictions"], terms["facts"]),
            files=self.origin,
        )
        self._check_references(library)
        return library

    def _terms(self, name: str, kind: type[Any]) -> Mapping[str, Any]:
        file = f"terms/{name}.yaml"
        if file not in self.texts:
            self._problem(file, "", "the file is missing")
        return self._records(file, kind)

    def _records(self, prefix: str, kind: type[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for file, text in self.texts.items():
            if not file.startswith(prefix) or not file.endswith(".yaml"):
                continue
            try:
                read = records(kind, read_yaml(text))
            except KnowledgeError as error:
                self._problem(file, error.line, str(error))
                continue
            except SchemaError as error:
                self.broken.update(error.ids)
                for record, place, message in error.complaints:
                    self._problem(file, ", ".join(filter(None, (record, place))), message)
                continue
            for record in read:
                self._keep(found, getattr(record, "id", None) or record.name, record, file)
        return found

    def _keep(self, found: dict[str, Any], id_: str, record: Any, file: str) -> None:
        """Keep a record under its id, once. The words of a term file are a namespace of their own.

        A regimen and an option may share a name; two things that criteria or answers refer to by
        id alone, such as a statement and a rule, may not.
        """
        place = place_of(id_, file)
        if place in self.origin:
            self._problem(file, id_, f"the id is taken by knowledge/{self.origin[place]}")
        else:
            found[id_] = record
            self.origin[place] = file

    def _file_of(self, id_: str) -> str:
        """Return the file of a record, or of the term of that name."""
        names = (id_, *(place_of(id_, f"terms/{name}.yaml") for name in TERM_FILES))
        return next((self.origin[name] for name in names if name in self.origin), "?")

    def _log(self) -> tuple[Mapping[str, Mapping[str, Standing]], LogHead]:
        try:
            lines = log_lines(self.texts.get(LOG_FILE, ""))
            return standings_of(read_entries(lines)), head_of(lines)
        except ReviewLogError as error:
            self._problem(LOG_FILE, "", str(error))
            return {}, EMPTY_LOG

    def _pathways(self) -> dict[str, Pathway]:
        found: dict[str, Pathway] = {}
        rules_seen: dict[str, Any] = {}
        for file, text in self.texts.items():
            if not file.startswith("pathways/"):
                continue
            try:
                head, blocks = read_pathway(text)
            except KnowledgeError as error:
                self._problem(file, error.line, str(error))
                continue
            schemes: list[Scheme] = []
            rules: list[AnyRule] = []
            for block in blocks:
                data = block.data if isinstance(block.data, dict) else {}
                if block.kind == "scheme":
                    schemes.extend(self._block(file, block.line, Scheme, data))
                elif block.kind == "rule":
                    kind = next((k for k in RULE_KINDS if k in data), None)
                    if kind is None:
                        names = ", ".join(RULE_KINDS)
                        self._problem(file, block.line, f"a rule begins with one of {names}")
                        continue
                    data = {"id": data[kind], **{k: v for k, v in data.items() if k != kind}}
                    data["passage"] = block.passage
                    for rule in self._block(file, block.line, RULE_KINDS[kind], data):
                        self._keep(rules_seen, rule.id, rule, file)
                        rules.append(rule)
            if set(head) != FRONT_MATTER or not all(isinstance(v, str) for v in head.values()):
                self._problem(
                    file, 1, "the front matter holds exactly id, disease and title, as text"
                )
                continue
            pathway = Pathway(**head, schemes=tuple(schemes), rules=tuple(rules))
            self._keep(found, pathway.id, pathway, file)
        return found

    def _block(self, file: str, line: int, kind: type[Any], data: Any) -> tuple[Any, ...]:
        try:
            return records(kind, [data])
        except SchemaError as error:
            for record, place, message in error.complaints:
                where = ", ".join(filter(None, (f"line {line}", record, place)))
                self._problem(file, where, message)
            return ()

    def _criteria(
        self,
        pathways: Mapping[str, Pathway],
        statements: Mapping[str, Statement],
        contradictions: Mapping[str, Contradiction],
        facts: Mapping[str, FactDefinition],
    ) -> dict[str, Criterion]:
        texts: dict[str, tuple[str, str]] = {}
        for rule in (rule for pathway in pathways.values() for rule in pathway.rules):
            texts[rule.id] = (rule.when, "when")
            if rule.undecided_when:
                texts[f"{rule.id}?"] = (rule.undecided_when, "undecided_when")
        for statement in statements.values():
            if statement.applies_when:
                texts[statement.id] = (statement.applies_when, "applies_when")
        for contradiction in contradictions.values():
            if contradiction.never:
                texts[contradiction.id] = (contradiction.never, "never")
        parsed: dict[str, Criterion] = {}
        for id_, (text, key) in texts.items():
            try:
                parsed[id_] = parse_criterion(text)
            except CriterionError as error:
                self._complain(id_, key, str(error))
        resolved, wrong = resolve(parsed)
        for id_, message in wrong.items():
            self._complain(id_, texts[id_][1], message)
        for id_, criterion in parsed.items():
            for message in misfits(criterion, facts):
                self._complain(id_, texts[id_][1], message)
        return resolved

    def _complain(self, id_: str, key: str, message: str) -> None:
        id_ = id_.removesuffix("?")
        self._problem(self._file_of(id_), f"{id_}, {key}", message)

    def _check_references(self, library: Library) -> None:
        for id_, key, name, known in references(library):
            if name not in known and name not in self.broken:
                message = f"{name!r} does not exist{suggestion(name, known)}"
                self._problem(self._file_of(id_), ", ".join(filter(None, (id_, key))), message)
