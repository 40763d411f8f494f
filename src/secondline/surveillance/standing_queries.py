"""Standing queries: whom statements are about and what was given, looked for in new documents.

A query is a disease, a setting and an intervention of the library, with the statements about them.
A document matches when title, abstract or subjects name all three, in any of the names that the
library gives them. There is nothing to be ranked: a document matches or it does not. A text longer
than an abstract names most things somewhere: one of its paragraphs must name what the title, the
subjects and the headings above it do not. A disease that none of those names may stand there for
comparison ("agents as for ..."): one sentence must name it with the intervention or a drug of it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick

from secondline.domain.evidence import Setting, Statement
from secondline.library.library import Library
from secondline.literature.records import Document, Section
from secondline.literature.subjects import SHORTEST, Subjects, plain_words, printed_words
from secondline.surveillance.paragraphs import sentence_spans

RELAPSED = "relapsed or refractory"
NEW = "newly diagnosed"
# Papers say "relapsed or refractory" of both, and tell progression as one of them.
SETTINGS: Mapping[Setting, str] = {
    "relapse": RELAPSED,
    "refractory": RELAPSED,
    "progression": RELAPSED,
    "newly diagnosed": NEW,
}
SAID = {
    RELAPSED: re.compile(r" (?:relaps|recurr|refractory|progressi|salvage |second line )"),
    NEW: re.compile(r" (?:newly diagnosed |previously untreated |first ?line |front ?line )"),
}
JOINING = {"and", "plus", "with", "or", "then"}  # names of drugs
LETTERS_BESIDE_A_DIGIT = 3  # of a name such as a code; shorter ones mean other things elsewhere
LONGEST_ABSTRACT = 5_000  # characters; the longest of 15,003 of PubMed has 4,507
RULES = 3  # counted up whenever a document may match other queries by the same names


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingQuery:
    """What is looked for in every new document.

    Attributes:
        setting: relapsed or refractory, or newly diagnosed.
        intervention: the id of a regimen or procedure.
        drugs: the ids of its drugs that have a name to be looked for; a document that names all of
            them names it.
        statements: the ids of those that a match concerns.
    """

    disease: str
    setting: str
    intervention: str
    drugs: frozenset[str]
    statements: tuple[str, ...]


class StandingQueries:
    """The standing queries of a library."""

    def __init__(self, library: Library) -> None:
        self.queries = tuple(_queries(library))
        self._of_disease: dict[str, list[StandingQuery]] = {}
        for query in self.queries:
            self._of_disease.setdefault(query.disease, []).append(query)
        self._named = _Named(library, self.queries)
        told = [(q.disease, q.setting, q.intervention, q.statements) for q in self.queries]
        rules = [RULES, told, self._named.told]
        self.digest = hashlib.sha256(json.dumps(rules).encode()).hexdigest()

    def matched(self, document: Document) -> list[StandingQuery]:
        """Return the queries that a document matches.

        A regimen that is part of another one that matches is left out, unless a name of its own
        stands there: whoever names four drugs does not tell of each alone.
        """
        subject = _subject(document)
        found: set[StandingQuery]
        if not _is_long(running := _running(document)):
            abstract = "\n".join(section.text for section in running)
            found = {*self._named_in(f"{subject}\n{abstract}")}
        elif about := self._named.diseases(subject):
            told = (self._named_in(f"{subject}\n{a}\n{text}") for a, text in _paragraphs(running))
            found = {query for named in told for query in named if query.disease in about}
        else:
            pairs = ((f"{subject}\n{above}", text) for above, text in _paragraphs(running))
            found = {query for above, text in pairs for query in self._told_in(above, text)}
        return sorted(found, key=lambda query: (query.disease, query.setting, query.intervention))

    def _told_in(self, above: str, paragraph: str) -> list[StandingQuery]:
        """Return the queries that a paragraph tells of, where its document is about no disease."""
        named = self._named_in(f"{above}\n{paragraph}")
        headed = self._named.diseases(above)
        if all(query.disease in headed for query in named):
            return named
        around = plain_words(paragraph)
        sentences = [
            self._named.of(printed, printed.lower(), around)
            for start, end in sentence_spans(paragraph)
            if (printed := printed_words(f"{above}\n{paragraph[start:end]}"))
        ]
        return [
            query
            for query in named
            if query.disease in headed
            or any(
                ("disease", query.disease) in told and _is_begun(query, told) for told in sentences
            )
        ]

    def _named_in(self, text: str) -> list[StandingQuery]:
        printed = printed_words(text)
        words = printed.lower()
        named = self._named.of(printed, words)
        settings = {setting for setting, said in SAID.items() if said.search(words)}
        found = [
            query
            for kind, disease in named
            if kind == "disease"
            for query in self._of_disease.get(disease, ())
            if query.setting in settings and _is_named(query, named)
        ]
        return [
            query
            for query in found
            if ("regimen", query.intervention) in named
            or not any(_is_part(query, other) for other in found)
        ]


def _is_named(query: StandingQuery, named: set[tuple[str, str]]) -> bool:
    return ("regimen", query.intervention) in named or (
        bool(query.drugs) and all(("drug", drug) in named for drug in query.drugs)
    )


def _is_begun(query: StandingQuery, named: set[tuple[str, str]]) -> bool:
    """Say whether an intervention is named, or a drug of it, beside which the others may follow."""
    return ("regimen", query.intervention) in named or any(
        ("drug", drug) in named for drug in query.drugs
    )


def _is_part(query: StandingQuery, other: StandingQuery) -> bool:
    same = (query.disease, query.setting) == (other.disease, other.setting)
    return same and query.drugs < other.drugs


def _queries(library: Library) -> Iterator[StandingQuery]:
    found: dict[tuple[str, str, str], list[Statement]] = {}
    for statement in library.statements.values():
        disease = library.disease_of(statement.id)
        if disease is None or statement.intervention is None or statement.withdrawn:
            continue
        key = (disease, SETTINGS[statement.setting], statement.intervention)
        found.setdefault(key, []).append(statement)
    for (disease, setting, intervention), statements in sorted(found.items()):
        yield StandingQuery(
            disease=disease,
            setting=setting,
            intervention=intervention,
            drugs=frozenset(
                drug
                for drug in library.regimens[intervention].drugs
                if any(map(_means_one_thing, library.drugs[drug].names))
            ),
            statements=tuple(statement.id for statement in statements),
        )


class _Named:
    """Finds what the queries name, by every name that is long enough to mean one thing."""

    def __init__(self, library: Library, queries: Iterable[StandingQuery]) -> None:
        diseases = {query.disease for query in queries}
        self._subjects = Subjects({id_: library.diseases[id_].document_names for id_ in diseases})
        asked = {("regimen", query.intervention) for query in queries}
        asked |= {("drug", drug) for query in queries for drug in query.drugs}
        terms = {"regimen": library.regimens, "drug": library.drugs}
        words_of_drugs = _words_of_drugs(library)
        names: dict[str, list[tuple[str, str]]] = {}
        for kind, id_ in sorted(asked):
            term = terms[kind][id_]
            for name in filter(_means_one_thing, term.document_names):
                plain = plain_words(name)
                # What names the drugs and no more is found by them, in any order.
                by_drugs = kind == "regimen" and term.drugs and words_of_drugs >= {*plain.split()}
                if not by_drugs:
                    names.setdefault(plain, []).append((kind, id_))
        self._automaton = ahocorasick.Automaton()
        for name, meant in names.items():
            self._automaton.add_word(name, meant)
        if names:
            self._automaton.make_automaton()
        self.told = [self._subjects.digest, sorted(names.items())]

    def diseases(self, text: str) -> tuple[str, ...]:
        """Return the diseases that a text names."""
        return self._subjects.named_in(printed_words(text))

    def of(self, printed: str, words: str, beside: str = "") -> set[tuple[str, str]]:
        """Return what words name, as kinds and ids; without a disease nothing else is told.

        Args:
            printed: as `printed_words` returned them.
            words: the same in small letters.
            beside: small letters of the text around them, which may say what they shorten.
        """
        diseases = self._subjects.named_in(printed, beside)
        if not diseases or not len(self._automaton):
            return set()
        others = {meant for _, all_meant in self._automaton.iter(words) for meant in all_meant}
        return others | {("disease", id_) for id_ in diseases}


def _words_of_drugs(library: Library) -> set[str]:
    """Return the words of the names of drugs, and those that join them."""
    names = (name for drug in library.drugs.values() for name in (drug.name, drug.id))
    return {word for name in names for word in plain_words(name).split()} | JOINING


def _means_one_thing(name: str) -> bool:
    small = sum(letter.islower() for letter in name)
    letters = sum(letter.isalpha() for letter in name)
    has_digit = any(letter.isdigit() for letter in name)
    return small >= SHORTEST or (has_digit and letters >= LETTERS_BESIDE_A_DIGIT)


def _subject(document: Document) -> str:
    """Return what says of a whole document what it is about."""
    return "\n".join(
        (
            document.title,
            *document.keywords,
            *document.conditions,
            *document.interventions,
            *document.substances,
            *(heading.descriptor for heading in document.mesh),
        )
    )


def _running(document: Document) -> tuple[Section, ...]:
    """Return the running text that is read: the abstract, or all there is in place of one."""
    return document.abstract or document.body


def _is_long(sections: Sequence[Section]) -> bool:
    return sum(len(section.text) for section in sections) > LONGEST_ABSTRACT


def _paragraphs(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    """Yield each paragraph of a long text below the headings above it."""
    for section in sections:
        above = "\n".join(section.heading)
        yield from ((above, paragraph) for paragraph in section.text.split("\n"))
