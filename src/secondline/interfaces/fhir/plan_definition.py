"""The pathways of a disease as a FHIR R4 bundle: Library, PlanDefinition, ActivityDefinition.

Everything is a draft: no resource claims a review that no clinician made. Activities say what can
be done and never how much of it: the library holds no doses of drugs.

Source:
    HL7 FHIR 4.0.1, http://hl7.org/fhir/R4/plandefinition.html.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from secondline.desk import DISCLAIMER, Desk, NoSuchRecord, Option

Resource = dict[str, Any]
CODES = "http://terminology.hl7.org/CodeSystem"
CANONICAL = "https://example.org/secondline/fhir"
TYPES = {"bool": "boolean", "code": "string", "number": "Range", "set": "string"}


def bundle(disease: str | None, opened: Desk, canonical: str = CANONICAL) -> Resource:
    """Return the pathways of a disease as a bundle of resources.

    Args:
        disease: an id of the vocabulary.
        opened: the desk.
        canonical: the base of the canonical addresses, of whoever publishes the bundle.

    Raises:
        NoSuchRecord: the disease is not named, or has no pathway.
    """
    if disease not in opened.library.assessed:
        held = ", ".join(opened.library.assessed)
        raise NoSuchRecord(f"{disease!r} is no disease with a pathway; name one of: {held}")
    return _Bundle(disease, opened, canonical.rstrip("/")).bundle()


class _Bundle:
    """Writes the resources of one disease."""

    def __init__(self, disease: str, opened: Desk, canonical: str) -> None:
        self.disease = disease
        self.desk = opened
        self.canonical = canonical
        self.library = opened.library

    def bundle(self) -> Resource:
        resources = [self._library(), *self._plans(), *self._activities()]
        return {
            "resourceType": "Bundle",
            "id": f"secondline-{self.disease}",
            "type": "collection",
            "entry": [{"fullUrl": each["url"], "resource": each} for each in resources],
        }

    def _resource(self, kind: str, id_: str, title: str) -> Resource:
        return {
            "resourceType": kind,
            "id": _fhir_id(id_),
            "url": self._url(kind, id_),
            "version": self.library.edition,
            "name": _computer_name(id_),
            "title": title,
            "status": "draft",
            "experimental": True,
        }

    def _url(self, kind: str, id_: str) -> str:
        return f"{self.canonical}/{kind}/{_fhir_id(id_)}"

    def _library(self) -> Resource:
        name = self.library.diseases[self.disease].name
        content = {
            "text/cql": self.desk.export("cql", disease=self.disease),
            "application/elm+json": self.desk.export("elm", disease=self.disease),
        }
        return {
            **self._resource("Library", f"secondline-{self.disease}", f"Relapse of {name}: rules"),
            "type": _concept("library-type", "logic-library"),
            "description": DISCLAIMER,
            "parameter": [
                {
                    "name": fact.name,
                    "use": "in",
                    "min": 0,
                    "max": "*" if fact.kind == "set" else "1",
                    "documentation": fact.label,
                    "type": TYPES[fact.kind],
                }
                for fact in self.desk.asked(self.disease)
            ],
            "content": [
                {"contentType": kind, "data": b64encode(text.encode()).decode()}
                for kind, text in content.items()
            ],
        }

    def _plans(self) -> Iterator[Resource]:
        for pathway in self.library.pathways_of(self.disease):
            options = [rule for rule in pathway.rules if isinstance(rule, Option)]
            if options:
                yield {
                    **self._resource("PlanDefinition", pathway.id, pathway.title),
                    "type": _concept("plan-definition-type", "clinical-protocol"),
                    "description": DISCLAIMER,
                    "library": [self._url("Library", f"secondline-{self.disease}")],
                    "action": [self._action(option) for option in options],
                }

    def _action(self, option: Option) -> Resource:
        return {
            "id": option.id,
            "title": option.label,
            "description": option.passage,
            **({"textEquivalent": option.caution} if option.caution else {}),
            "code": [{"text": option.role}],
            "documentation": self._citations(option.statements),
            "condition": [
                {
                    "kind": "applicability",
                    "expression": {
                        "description": option.when,
                        "language": "text/cql",
                        "expression": f'"{option.id}"',
                    },
                }
            ],
            "definitionCanonical": self._url("ActivityDefinition", option.id),
        }

    def _activities(self) -> Iterator[Resource]:
        for rule in self.library.rules_of(self.disease):
            if not isinstance(rule, Option):
                continue
            yield {
                **self._resource("ActivityDefinition", rule.id, rule.label),
                "description": rule.passage,
                "relatedArtifact": self._citations(rule.statements),
                "kind": "ServiceRequest",
                "code": {"text": rule.label},
                "intent": "proposal",
                **({"doNotPerform": True} if rule.role == "avoid" else {}),
            }

    def _citations(self, statements: Iterable[str]) -> list[Resource]:
        found: dict[str, Resource] = {}
        for id_ in statements:
            for source in self.library.sources_of(self.library.statements[id_]):
                cited = _plain(
                    ". ".join(
                        str(part) for part in (source.title, source.journal, source.year) if part
                    )
                )
                citation: Resource = {"type": "citation", "label": source.id, "citation": cited}
                if source.pmid:
                    citation["url"] = f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
                elif source.doi:
                    citation["url"] = f"https://doi.org/{source.doi}"
                found[source.id] = citation
        return list(found.values())


def _plain(text: str) -> str:
    """Write text with ordinary blanks: FHIR's strings take no others."""
    return " ".join(text.split())


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{CODES}/{system}", "code": code}]}


def _fhir_id(id_: str) -> str:
    """Shorten an id to the 64 characters that FHIR allows, at the end of a word."""
    return id_ if len(id_) <= 64 else id_[:64].rpartition("-")[0]


def _computer_name(id_: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", id_.title())
