"""What the pathway finds for the patient a question is about, in cited sentences."""

from collections.abc import Iterator

from secondline.answers.answer import Sentence
from secondline.answers.composition import Composer
from secondline.answers.wording import AFTER_HEAD, figures, named_head
from secondline.assessment.assessment import MAY_APPLY, findings_of
from secondline.assessment.result import Assessment, OptionResult
from secondline.domain.pathways import Outlook
from secondline.library.library import Library


def sentences_for(assessment: Assessment, composer: Composer) -> Iterator[Sentence]:
    """Yield what the pathway finds for one patient: what holds, what is possible, what is open."""
    library = composer.library
    for text, ids in _lines(assessment, library):
        yield from composer.sentence(text, [library.statements[id_] for id_ in ids], {text})
    for stratum in assessment.strata:
        if stratum.truth == "met":
            for id_ in stratum.statements:
                yield from composer.figures(library.statements[id_], overview=True)
    yield from _outlook(assessment, composer)


def _lines(assessment: Assessment, library: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is settled, then what is open: options waiting for one fact together."""
    for stratum in assessment.strata:
        if stratum.truth == "met":
            why = "; ".join(stratum.because)
            yield f"{stratum.scheme}: {stratum.label} ({why}).", stratum.statements
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
    for caution in assessment.cautions:
        if caution.statements and not caution.text.startswith(MAY_APPLY):
            yield caution.text, caution.statements


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
