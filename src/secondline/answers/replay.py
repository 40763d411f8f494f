"""A saved answer asked for again: whether the same bytes come out, and if not, why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from secondline.answers.answer import Answer
from secondline.answers.difference import Difference, difference
from secondline.answers.rewording import Verifier, unfaithful
from secondline.answers.saved import SavedAnswer, read_saved


@dataclass(frozen=True, slots=True)
class Replay:
    """What came out when a saved answer was asked for again.

    Attributes:
        same: the same bytes came out, in canonical JSON.
        altered: the file holds something else than what its digest was made from.
        needs: the edition that is needed for the same bytes, where it is another one; else None.
        edition: the edition that was asked now.
        digest: as the file states it.
        digest_now: of the answer that came out.
        says: the verdict in words.
        differs: from the saved answer to the one that came out.
    """

    question: str
    same: bool
    altered: bool
    needs: str | None
    edition: str
    digest: str
    digest_now: str
    says: str
    differs: Difference


def checked(saved: SavedAnswer, verifier: Verifier) -> SavedAnswer:
    """Return a saved answer with its defect, if a rewording in it says something else."""
    if saved.defect or not (texts := unfaithful(saved.answer, verifier)):
        return saved
    return replace(saved, defect=f"a rewording in it does not say what was composed: {texts[0]!r}")


def replayed(saved: SavedAnswer, now: Answer) -> Replay:
    """Compare a saved answer with the one that came out."""
    return Replay(
        question=saved.answer.question,
        same=not saved.defect and now.digest == saved.digest,
        altered=bool(saved.defect),
        needs=saved.answer.edition if saved.answer.edition != now.edition else None,
        edition=now.edition,
        digest=saved.digest,
        digest_now=now.digest,
        says=" ".join(_verdict(saved, now)),
        differs=difference(saved.answer.composed(), now, (saved.name,) * bool(saved.defect)),
    )


def diff_answer(
    before: Answer | str, after: Answer | str, names: tuple[str, str] = ("before", "after")
) -> Difference:
    """Say what changed between two answers: sentences, figures, references, refusal, standing.

    Args:
        before, after: answers, or the JSON of saved ones.
        names: of the files, for messages.

    Raises:
        SavedAnswerError: a text is no answer of this version's contract.
    """
    old, new = (
        SavedAnswer(name, given, given.digest, defect="")
        if isinstance(given, Answer)
        else read_saved(given, name)
        for given, name in zip((before, after), names, strict=True)
    )
    altered = tuple(saved.name for saved in (old, new) if saved.defect)
    return difference(old.answer.composed(), new.answer.composed(), altered)


def _verdict(saved: SavedAnswer, now: Answer) -> list[str]:
    """Say what came out, whether the file is what was printed, and what is needed."""
    edition = saved.answer.edition
    told = list(_about_the_model(saved.answer))
    if saved.defect:
        told.append(f"The file was changed after it was printed: {saved.defect}.")
        if now.digest == saved.digest:
            return [*told, "The answer as it was composed comes out again."]
    elif now.digest == saved.digest:
        return [*told, "The same bytes come out."]
    else:
        told.append("Other bytes come out.")
    if edition != now.edition:
        return [
            *told,
            f"The answer was made from edition {edition}, this is edition {now.edition}:"
            f" give the folder of edition {edition} with --knowledge.",
        ]
    return [
        *told,
        "The edition is the same. Either the answer was asked with a patient: give the same file"
        " with --patient. Or another version of secondline made it.",
    ]


def _about_the_model(answer: Answer) -> Iterator[str]:
    """Say what is replayed of an answer that a language model helped with."""
    if answer.worded_by is None:
        return
    yield f"The language model {answer.worded_by.model} is not asked again."
    if answer.worded_by.rewordings:
        yield f"Of {len(answer.worded_by.rewordings)} sentences the words as composed are compared."
    if answer.worded_by.read_as:
        yield f"The question is read as it was then: {', '.join(answer.worded_by.read_as)}."
