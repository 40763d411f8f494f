"""What the pathway finds for the patient a question is about, in cited sentences."""

from collections.abc import Collection, Iterator

from secondline.answers.answer import Sentence
from secondline.answers.composition import Composer
from secondline.answers.situation import Situation
from secondline.answers.wording import AFTER_HEAD, figures, named_head
from secondline.assessment.assessment import MAY_APPLY, findings_of
from secondline.assessment.result import Assessment, CautionResult, OptionResult, StratumResult
from secondline.domain.pathways import Outlook
from secondline.library.library import Library

TREATMENT = frozenset({"options", "local-control", "transplant", "maintenance", "approach"})
MOST_CAUTIONS = 3
MOST_MISSING = 2  # facts that an option named as open waits for
MOST_GROUPS = 4  # of open options, by what they wait for
MOST_OF_A_GROUP = 6


def sentences_for(
    assessment: Assessment, aspects: Collection[str], composer: Composer, situation: Situation
) -> Iterator[Sentence]:
    """Yield what the pathway finds for one patient: strata, outlook, cautions, then options.

    Only what the recorded facts single out is told, the closest first; the assessment has the rest.

    Args:
        assessment: of the patient.
        aspects: what the question asks for; options are told unless it asks for something else.
        composer: of the answer.
        situation: of the same patient.
    """
    library = composer.library
    of_a_class = {r.statement for r in library.rules.values() if isinstance(r, Outlook)}
    for stratum in assessment.strata:
        if stratum.truth != "met":
            continue
        cited = [library.statements[id_] for id_ in stratum.statements]
        text = f"{stratum.scheme}: {stratum.label} ({'; '.join(stratum.because)})."
        yield from composer.sentence(text, cited, {text})
        for statement in cited:
            if statement.id not in of_a_class:  # those are told for the patient's class alone
                yield from composer.figures(statement, overview=True)
    for text, ids in _open_strata(assessment, library):
        yield from composer.sentence(text, [library.statements[id_] for id_ in ids], {text})
    yield from _outlook(assessment, composer)
    for caution in _cautions(assessment, library, situation):
        composer.told_rules.add(caution.id)
        cited = [library.statements[id_] for id_ in caution.statements]
        yield from composer.sentence(caution.text, cited, {caution.text})
    if not aspects or TREATMENT.intersection(aspects):
        for text, ids in _options(assessment, library, situation):
            yield from composer.sentence(text, [library.statements[id_] for id_ in ids], {text})


def _cautions(
    assessment: Assessment, library: Library, situation: Situation
) -> Iterator[CautionResult]:
    """Yield the warnings that hold for the facts of this patient, the closest first."""
    close = {
        caution: situation.closeness(library.rules[caution.id])
        for caution in assessment.cautions
        if caution.id in library.rules and not caution.text.startswith(MAY_APPLY)
    }
    told = [caution for caution in close if close[caution] and caution.statements]
    yield from sorted(told, key=lambda c: -close[c])[:MOST_CAUTIONS]


def _open_strata(assessment: Assessment, library: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the classes that are alone possible in a scheme, by the one fact they wait for."""
    by_scheme: dict[str, list[StratumResult]] = {}
    for stratum in assessment.strata:
        if stratum.truth != "not-met":
            by_scheme.setdefault(stratum.scheme, []).append(stratum)
    waiting: dict[str, list[StratumResult]] = {}
    for strata in by_scheme.values():
        if len(strata) == 1 and strata[0].truth == "unknown" and len(strata[0].missing) == 1:
            waiting.setdefault(strata[0].missing[0], []).append(strata[0])
    for fact, strata in waiting.items():
        labels = "; ".join(stratum.label for stratum in strata)
        cited = tuple(dict.fromkeys(id_ for stratum in strata for id_ in stratum.statements))
        yield f"Open only until recorded ({library.facts[fact].label}): {labels}.", cited


def _options(
    assessment: Assessment, library: Library, situation: Situation
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the options that are possible, then those that wait, by the facts they wait for."""
    close = {o.id: situation.closeness(library.rules[o.id]) for o in assessment.options}
    waiting: dict[tuple[str, ...], list[OptionResult]] = {(): []}
    for option in sorted(assessment.options, key=lambda o: -close[o.id]):
        singled_out = close[option.id] > 0 and len(option.missing) <= MOST_MISSING
        if option.role != "avoid" and (option.verdict == "eligible" or singled_out):
            waiting.setdefault(option.missing, []).append(option)
    for missing, options in [*waiting.items()][:MOST_GROUPS]:
        names = "; ".join(option.label for option in options[:MOST_OF_A_GROUP])
        told = options[:MOST_OF_A_GROUP]
        cited = tuple(dict.fromkeys(id_ for option in told for id_ in option.statements))
        labels = ", ".join(library.facts[fact].label for fact in missing)
        if options:
            when = f"Open until recorded ({labels})" if missing else "Possible by the facts given"
            yield f"{when}: {names}.", cited


def _outlook(assessment: Assessment, composer: Composer) -> Iterator[Sentence]:
    """Yield the published figures that describe such patients, each with its study."""
    for result in assessment.outlook:
        rule = composer.library.rules[result.id]
        if result.applies != "met" or not isinstance(rule, Outlook):
            continue
        statement = composer.library.statements[rule.statement]
        for finding in findings_of(rule, statement):
            if finding.endpoint == result.endpoint:
                beginning = named_head(finding, statement.study)
                text = f"{beginning}{AFTER_HEAD}{figures(finding)}."
                yield from composer.sentence(text, (statement,))
