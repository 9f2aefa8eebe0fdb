"""The quotes behind a point of the curve: what an interview told that none before it had."""

from sqlalchemy.orm import Session

from app.answering.queries import read_vocabulary
from app.answering.schemas import Citation
from app.errors import NotFoundError
from app.frozen import Frozen
from app.library.interviews import read_interview
from app.library.marks import quote_marks
from app.research.queries import read_tagged
from app.research.saturation.read import Wanted, read_saturation
from app.research.saturation.schemas import SaturationStep
from app.vocabulary import Polarity


class NewCode(Frozen):
    """A code that an interview was the first to tell, with what was said."""

    code: str
    label: str
    quotes: tuple[Citation, ...]


class News(Frozen):
    """What an interview told that none before it had."""

    step: SaturationStep
    codes: tuple[NewCode, ...]


def read_news(session: Session, study: str, interview: str, wanted: Wanted) -> News:
    """Read the quotes behind a point of the curve.

    Raises:
        NotFoundError: there is no such study, or the curve has no such interview.
        InvalidInputError: the study has no such segment or language.
    """
    steps = {step.interview: step for step in read_saturation(session, study, wanted).steps}
    if interview not in steps:
        raise NotFoundError(f"the curve has no interview {interview!r}")
    step, vocabulary = steps[interview], read_vocabulary(session, study)
    people = tuple(read_interview(session, study, interview).participants)
    filters = wanted.filters.model_copy(update={"participants": people})
    tagged = [
        each
        for each in read_tagged(session, vocabulary.study_id, step.new, filters, by_persons=wanted.by_persons)
        if each.mark.polarity is Polarity.AFFIRMED
    ]
    quotes = quote_marks(session, vocabulary, (each.mark for each in tagged))
    said = {mark: quote for mark, quote in quotes.items() if quote.interview == interview}
    marks = {code: dict.fromkeys(each.mark for each in tagged if each.code == code) for code in step.new}
    return News(
        step=step,
        codes=tuple(
            NewCode(
                code=code,
                label=vocabulary.codes[code].label(wanted.told_in),
                quotes=tuple(said[mark] for mark in own if mark in said),
            )
            for code, own in marks.items()
        ),
    )
