"""Whether a study knows the names that are told of a customer."""

from collections.abc import Collection

from app.answering.queries import StudyVocabulary
from app.errors import Fault, InvalidInputError, suggest_name
from app.research.segments.cases import Case


def check_names(case: Case, vocabulary: StudyVocabulary, criteria: Collection[str], codes: Collection[str]) -> None:
    """Refuse names that the study does not know, all at once, each with the nearest known one.

    Raises:
        InvalidInputError: there are such names.
    """
    answered = ((f"answers.{place}.criterion", each.criterion) for place, each in enumerate(case.answers))
    named: list[tuple[str, str | None, Collection[str], str]] = [
        ("participant", case.participant, vocabulary.participants, "participant"),
        *((place, criterion, criteria, "criterion") for place, criterion in answered),
        *((f"facts.criteria.{name}", name, criteria, "criterion") for name in case.facts.criteria),
        *((f"facts.codes.{name}", name, codes, "code") for name in case.facts.codes),
    ]
    faults = tuple(
        Fault(place, f"{name!r} is no {noun} of study {vocabulary.slug}", suggest_name(name, sorted(known)))
        for place, name, known, noun in named
        if name is not None and name not in known
    )
    if faults:
        raise InvalidInputError("the study does not have what is told of", faults)
