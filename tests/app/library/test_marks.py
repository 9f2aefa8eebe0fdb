"""Quotes at marks: in their order, numbered, in the polarity of the mark; nothing that may not be quoted."""

import uuid

from study_factory import MadeStudy

from app.answering.queries import read_vocabulary
from app.library.marks import Mark, quote_marks
from app.services import Services
from app.vocabulary import Polarity


def test_marks_are_quoted_in_their_order(services: Services, study: MadeStudy) -> None:
    """Each once, word for word, with the polarity that it is marked in."""
    first = Mark(study.utterances["I03", 1], 0, 3, Polarity.DENIED)
    second = Mark(study.utterances["I01", 1], 4, 17, Polarity.AFFIRMED)
    other_side = Mark(first.utterance_id, 0, 3, Polarity.AFFIRMED)
    with services.database.sessions() as session:
        quotes = quote_marks(session, read_vocabulary(session, "acme"), [first, second, first, other_side])
    assert [(quote.n, quote.quote, quote.polarity) for quote in quotes.values()] == [
        (1, "No,", "denied"),
        (2, "hatte Angst, ", "affirmed"),
        (3, "No,", "affirmed"),
    ]
    assert list(quotes) == [first, second, other_side]
    assert second.place == (second.utterance_id, 4, 17)


def test_what_no_participant_said_is_left_out(services: Services, study: MadeStudy) -> None:
    """Interviewers, utterances that are not there, and spans beyond the words."""
    marks = [
        Mark(study.utterances["I01", 0], 0, 3, Polarity.AFFIRMED),
        Mark(uuid.uuid4(), 0, 3, Polarity.AFFIRMED),
        Mark(study.utterances["I01", 1], 0, 9999, Polarity.AFFIRMED),
        Mark(study.utterances["I01", 1], 0, 3, Polarity.AFFIRMED),
    ]
    with services.database.sessions() as session:
        vocabulary = read_vocabulary(session, "acme")
        assert [quote.n for quote in quote_marks(session, vocabulary, marks).values()] == [1]
        assert quote_marks(session, vocabulary, []) == {}
