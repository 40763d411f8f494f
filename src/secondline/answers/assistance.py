"""An answer with a language model's help: a hard question read, composed sentences reworded."""

from collections.abc import Mapping
from typing import Any

from secondline.answers.answer import Answer, Reader
from secondline.answers.answering import FOR_PATIENT, Answerer
from secondline.answers.faithful import verifier_over
from secondline.answers.hints import hinted
from secondline.answers.language_model import (
    LanguageModel,
    ModelFailureError,
    Session,
    require_client,
)
from secondline.answers.rewording import reworded


def assisted(
    answerer: Answerer,
    model: LanguageModel,
    question: str,
    reader: Reader,
    facts: Mapping[str, Any] | None,
) -> Answer:
    """Answer one question; whatever the model does, no fact of the patient is sent to it.

    Raises:
        QuestionError, PatientError: as `Answerer.answer`.
        ModelSettingsError: the HTTP client is not installed.
    """
    require_client()
    session = Session(model)
    read_as: tuple[str, ...] = ()
    failure = ""
    if answerer.is_hard(question, facts):
        try:
            read_as = hinted(question, answerer.library, session)
        except ModelFailureError as error:
            failure = str(error)
    answer = answerer.answer(question, reader, facts, read_as)
    return reworded(
        answer,
        session,
        verifier_over(answerer.lexicon),
        withheld={FOR_PATIENT},
        read_as=read_as,
        failure=failure,
    )
