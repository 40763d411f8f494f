"""The verification of a library against stored texts of its sources, as one result."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from secondline.library.anchoring import Anchor, Defect, anchors, defects
from secondline.library.documents import Problem
from secondline.library.library import Library
from secondline.library.stored import stored_texts


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in the stored texts and what was not.

    Attributes:
        findings: how many findings have figures.
        anchored: how many of them have all figures near each other in the text of their source.
        explained: how many of the others say why theirs cannot be found.
        not_found: the others: figures, and which are missing.
        superfluous: findings that say why their figures cannot be found, which were found.
        defects: counts of the texts that contradict the percentage printed beside them.
        problems: lines and files of the folder that could not be read.
    """

    edition: str
    texts: int
    findings: int
    anchored: int
    explained: int
    not_found: tuple[Anchor, ...]
    superfluous: tuple[Anchor, ...]
    defects: tuple[Defect, ...]
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Say whether every figure was found or explained, and every defect is known."""
        return not self.not_found and all(defect.known for defect in self.defects)


def verification(library: Library, folder: Path) -> Verification:
    """Verify a library against a folder of stored texts.

    Raises:
        KnowledgeError: there is no such folder, or it holds no stored text.
    """
    texts, problems = stored_texts(folder)
    found = tuple(anchors(library, texts))
    return Verification(
        edition=library.edition,
        texts=len(texts),
        findings=len(found),
        anchored=sum(anchor.holds for anchor in found),
        explained=sum(not a.holds and a.reason is not None for a in found),
        not_found=tuple(a for a in found if not a.holds and a.reason is None),
        superfluous=tuple(a for a in found if a.holds and a.reason is not None),
        defects=tuple(_distinct(library, texts)),
        problems=problems,
    )


def _distinct(library: Library, texts: Mapping[str, str]) -> list[Defect]:
    return list(dict.fromkeys(defects(library, texts)))
