"""What the pathway finds for the patient a question is about, in cited sentences."""

from collections.abc import Collection, Iterator

from secondline.answers.answer import Sentence
from secondline.answers.composition import Composer
from secondline.answers.wording import AFTER_HEAD, figures, named_head
from secondline.assessment.assessment import MAY_APPLY, findings_of
from secondline.assessment.result import Assessment, OptionResult
from secondline.domain.pathways import Outlook
from secondline.library.library import Library


def sentences_for(
    assessment: Assessment, aspects: Collection[str], composer: Composer
) -> Iterator[Sentence]:
    """Yield what the pathway finds for one patient: strata, outlook, cautions, then options.

    Args:
        assessment: of the patient.
        aspects: what the question asks for; options are told unless it asks for something else.
        composer: of the answer.
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
    yield from _outlook(assessment, composer)
    for caution in assessment.cautions:
        if caution.statements and not caution.text.startswith(MAY_APPLY):
            cited = [library.statements[id_] for id_ in caution.statements]
            yield from composer.sentence(caution.text, cited, {caution.text})
    if not aspects or "options" in aspects or "local-control" in aspects:
        for text, ids in _options(assessment, library):
            yield from composer.sentence(text, [library.statements[id_] for id_ in ids], {text})


def _options(assessment: Assessment, library: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the options that are possible, then those that wait, by the facts they wait for."""
    waiting: dict[tuple[str, ...], list[OptionResult]] = {(): []}
    for option in assessment.options:
        if option.role != "avoid" and (option.verdict == "eligible" or option.missing):
            waiting.setdefault(option.missing, []).append(option)
    for missing, options in waiting.items():
        names = "; ".join(option.label for option in options)
        cited = tuple(dict.fromkeys(id_ for option in options for id_ in option.statements))
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
