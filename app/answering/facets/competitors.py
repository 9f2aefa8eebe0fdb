"""People whom a question chooses by a competitor that they compared with: "people who also tried Valora"."""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.answering.facets.identifiers import Identified
from app.answering.facets.question_text import QuestionText, whole_words
from app.answering.facets.reading import Reading
from app.scope import MOST_VALUES


def find_comparers(reading: Reading, competitors: Mapping[str, Sequence[str]]) -> Iterator[Identified]:
    """The participants who compared with a competitor that the question names; none where a filter cannot hold them.

    Args:
        reading: the question.
        competitors: the names of competitors with the participants who compared with them.
    """
    for name, participants in competitors.items():
        called = QuestionText(name).normal
        if called in reading.question.normal and len(participants) <= MOST_VALUES:
            named = re.escape(called)
            pattern = reading.grammar.comparing.replace("{name}", named)
            for start, end in reading.question.find(whole_words(pattern)):
                if not reading.is_excluded(start):
                    yield from (Identified("participants", code, (start, end), (start, end)) for code in participants)
