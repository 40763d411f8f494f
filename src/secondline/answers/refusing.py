"""Whether a question may be answered; if not, why, and where to turn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from secondline.answers.answer import Reader
from secondline.answers.lexicon import DRUG_ENDING, NEAREST_TYPO, sound
from secondline.answers.ranking import PARTICULAR, Ranking
from secondline.answers.understanding import Understanding
from secondline.answers.words import STOP_WORDS, stems
from secondline.domain.terms import Term
from secondline.library.library import Library

SPAN = re.compile(r"^(\d+)$")
SPAN_UNITS = {"year", "years", "yr", "yrs", "month", "months"}
# What stands beside an age or a time to relapse, which ask for no figure at that time.
NOT_A_TIMEPOINT = {
    "old",
    "after",
    "from",
    "since",
    "off",
    "ago",
    "of",
    "later",
    "post",
    "age",
    "to",
}
NOT_A_TIMEPOINT |= {
    "aged",
    "within",
    "under",
    "over",
    "before",
    "between",
    "boy",
    "girl",
    "remission",
}
RELAPSE = re.compile(
    r"\b(?:relaps\w*|recur\w*|refractory|return(?:ed|s)?|(?:came|come|comes|coming|is) back)\b"
)

REASONS: Mapping[str, Mapping[Reader, str]] = {
    "not held": {
        "clinician": "Not in the library: {about}.",
        "family": "We have no studies about this here: {about}.",
    },
    "no statement": {
        "clinician": "The library holds no statement about {about}.",
        "family": "We have no studies about {about}.",
    },
    "nothing": {
        "clinician": "The library holds nothing that answers this.",
        "family": "We are sorry. We found nothing that answers this.",
    },
    "which": {
        "clinician": "Which cancer is meant? Name it and ask again.",
        "family": "Which cancer do you mean? Please name it and ask again.",
    },
    "no figure": {
        "clinician": "No finding in the library is given at {about}.",
        "family": "No study here gives a number for {about}.",
    },
}
MEANT: Mapping[Reader, str] = {
    "clinician": "Is {about} meant? Then ask again. ",
    "family": "Do you mean {about}? Then please ask again. ",
}
HOLDINGS: Mapping[Reader, str] = {
    "clinician": "This edition holds relapsed and refractory {held}; for anything else, ask the"
    " treating center or look in current guidelines.",
    "family": "You can ask here about these cancers when they have come back: {held}. For all"
    " else, please ask your care team.",
}


@dataclass(frozen=True, slots=True)
class WithoutEvidence:
    """Names of drugs and procedures that no statement is about.

    A question about such a drug must not be answered around; one that names a procedure besides
    something else is answered for the rest.
    """

    drugs: tuple[str, ...]
    procedures: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join((*self.drugs, *self.procedures))


class Refuser:
    """Knows what a library does not answer, and says so to a reader."""

    def __init__(self, library: Library, ranking: Ranking) -> None:
        self.library = library
        self.ranking = ranking

    def reason(
        self,
        understanding: Understanding,
        diseases: list[str],
        disease: str | None,
        reader: Reader,
    ) -> str | None:
        """Return why a question is not answered, and where to turn; None when it may be.

        Args:
            understanding: what was understood of the question.
            diseases: the diseases it names, or that are recorded.
            disease: the one that it would be answered for; None when it is not held.
            reader: to whom it is said.
        """
        if understanding.refusal:
            refusal = self.library.refusals[understanding.refusal]
            return (refusal.plain if reader == "family" else None) or refusal.says
        if diseases and disease is None:
            return self._says("not held", reader, ", ".join(diseases))
        if understanding.unheld:
            says = self._says("not held", reader, ", ".join(understanding.unheld))
            meant = filter(None, map(self._drug_alike, understanding.unheld))
            asks = "".join(MEANT[reader].format(about=name) for name in dict.fromkeys(meant))
            return f"{asks}{says}"
        if foreign := self._drugs_not_told_of(understanding, disease):
            return self._says("no statement", reader, f"{', '.join(foreign)} here")
        nothing = self.terms_without_evidence(understanding, disease, reader)
        if nothing.drugs or (nothing.procedures and not self._particulars(understanding, disease)):
            where = self._where(disease, reader) if disease else ""
            return self._says("no statement", reader, f"{nothing}{where}")
        on_subject = understanding.ids("disease") or (diseases and understanding.aspects)
        if not on_subject and not self._is_covered(understanding):
            return self.not_found(reader)
        if not understanding.ids("disease") and self._is_mostly_unknown(understanding):
            return self.not_found(reader)
        if not diseases and not self.ranking.is_specific(understanding):
            return self._says("which", reader)
        if understanding.unknown and self._hangs_on_the_unknown(understanding):
            return self._says("not held", reader, ", ".join(understanding.unknown))
        return self._figure_not_held(understanding, disease, reader)

    def _drug_alike(self, word: str) -> str | None:
        """Return the drug whose name sounds almost like a word; nothing is answered for it yet.

        An invented drug must not turn into a real one, so that the reader is asked.
        """
        from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # most questions are answered
        from rapidfuzz.process import extractOne  # noqa: PLC0415

        if not DRUG_ENDING.search(word):
            return None
        names = {sound(drug.name): drug.name for drug in self.library.drugs.values()}
        match = extractOne(sound(word), list(names), scorer=ratio, score_cutoff=NEAREST_TYPO)
        return names[str(match[0])] if match else None

    def _where(self, disease: str, reader: Reader) -> str:
        name = plain_name(self.library.diseases[disease], reader)
        return f" in {name} that came back" if reader == "family" else f" in relapsed {name}"

    def _says(self, kind: str, reader: Reader, about: str = "") -> str:
        """Say one of the reasons, then what is held."""
        return f"{REASONS[kind][reader].format(about=about)} {self._holdings(reader)}"

    def _drugs_not_told_of(self, understanding: Understanding, disease: str | None) -> list[str]:
        """Name words that look like drugs and that only statements of other diseases mention."""
        told = self.ranking.features(understanding, disease)
        return [
            word
            for word in understanding.words
            if DRUG_ENDING.search(word) and ("word", stems([word])[0]) not in told
        ]

    def _particulars(self, understanding: Understanding, disease: str | None) -> bool:
        """Say whether a question names something particular that the disease has statements on."""
        features = self.ranking.features(understanding, disease)
        return any(kind in PARTICULAR for kind, _ in features)

    def terms_without_evidence(
        self, understanding: Understanding, disease: str | None, reader: Reader
    ) -> WithoutEvidence:
        """Return what a question names and no statement of the disease is about."""
        asked = {id_ for _, id_ in self.ranking.features(understanding, disease)}
        drugs = [self.library.drugs[id_].name for id_ in understanding.ids("drug") - asked]
        regimens = [self.library.regimens[id_] for id_ in understanding.ids("regimen")]
        answered = [set(regimen.drugs) for regimen in regimens if regimen.id in asked]
        without = [
            regimen
            for regimen in regimens
            if regimen.id not in asked and not any(set(regimen.drugs) < all_ for all_ in answered)
        ]
        drugs += [regimen.name for regimen in without if regimen.drugs]
        return WithoutEvidence(
            tuple(sorted(set(drugs))),
            tuple(sorted(plain_name(r, reader) for r in without if not r.drugs)),
        )

    def _hangs_on_the_unknown(self, understanding: Understanding) -> bool:
        """Say whether a word nobody knows is what the question is about.

        It is when the question names nothing particular that the library holds and asks for no
        aspect of the disease.
        """
        return not self.ranking.is_specific(understanding) and not understanding.aspects

    def _is_mostly_unknown(self, understanding: Understanding) -> bool:
        """Say whether at least half of the words of a question stand in no text of the library."""
        telling = [word for word in understanding.words if word not in STOP_WORDS]
        return 2 * sum(word in understanding.unknown for word in telling) >= len(telling) > 0

    def _is_covered(self, understanding: Understanding) -> bool:
        """Say whether a question that names no disease is still about what the library holds."""
        kinds = {kind for kind, _ in self.ranking.features(understanding)}
        if kinds & PARTICULAR or "supportive" in understanding.aspects:
            return True
        if understanding.aspects and RELAPSE.search(" ".join(understanding.words)):
            return True
        return "endpoint" in kinds and not understanding.unknown

    def _figure_not_held(
        self, understanding: Understanding, disease: str | None, reader: Reader
    ) -> str | None:
        """Refuse a figure at a time for which no finding exists: "20-year survival after VIT"."""
        spans = _timepoints(understanding.words)
        if not spans or not understanding.ids("endpoint") or "factors" in understanding.aspects:
            return None
        for statement in self.library.statements.values():
            if disease not in {None, self.library.disease_of(statement.id)}:
                continue
            if any(_span_of(f.timepoint) in spans for f in statement.findings):
                return None
        times = " or ".join(
            f"{span // 12} years" if span % 12 == 0 else f"{span} months" for span in sorted(spans)
        )
        return self._says("no figure", reader, times)

    def not_found(self, reader: Reader) -> str:
        """Say that nothing was found, and what is held."""
        return self._says("nothing", reader)

    def _holdings(self, reader: Reader) -> str:
        held = [plain_name(self.library.diseases[id_], reader) for id_ in self.library.held]
        return HOLDINGS[reader].format(held=", ".join(held))


def plain_name(term: Term, reader: Reader) -> str:
    """Return the name of a term, for a family in words it knows where there are some."""
    return (term.lay if reader == "family" else None) or term.name


def _timepoints(words: tuple[str, ...]) -> set[int]:
    """Return the times in months at which a question asks for a figure: {60, 18}.

    Ages and times to relapse ("7 year old", "18 months after diagnosis") are none.
    """
    found: set[int] = set()
    for place, (number, unit) in enumerate(pairwise(words)):
        before, after = words[place - 1 : place], words[place + 2 : place + 3]
        is_span = SPAN.match(number) and unit in SPAN_UNITS
        if is_span and NOT_A_TIMEPOINT.isdisjoint((*before, *after)):
            found.add(_months(number, unit))
    return found


def _span_of(timepoint: str | None) -> int:
    words = (timepoint or "").split()
    is_span = len(words) > 1 and SPAN.match(words[0]) and words[1] in SPAN_UNITS
    return _months(words[0], words[1]) if is_span else 0


def _months(number: str, unit: str) -> int:
    return int(number) * (12 if unit[0] == "y" else 1)
