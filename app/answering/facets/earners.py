"""Customers whom a question chooses by the money that they bring: "our best customers", "wer bringt den Umsatz"."""

import re
from collections.abc import Iterator, Sequence

from app.answering.facets.identifiers import Identified
from app.answering.facets.question_text import whole_words
from app.answering.facets.reading import Reading


def find_earners(reading: Reading, leading_bands: Sequence[str]) -> Iterator[Identified]:
    """The LTV bands that bring most of the revenue, where a question asks for those who do.

    Args:
        reading: the question.
        leading_bands: the fewest bands that bring half of the revenue of the study or more.
    """
    people = "|".join(sorted(map(re.escape, reading.grammar.people)))
    pattern = whole_words(reading.grammar.earners.replace("{people}", f"(?:{people})"))
    for start, end in reading.question.find(pattern):
        if not reading.is_excluded(start):
            yield from (Identified("bands", band, (start, end), (start, end)) for band in leading_bands)
