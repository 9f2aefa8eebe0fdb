"""The matrix of a study, read in one short transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.research.matrix.cells import Tally, tally
from app.research.matrix.mentions import Found, Wanted, find_asked, find_mentions
from app.research.matrix.options import ANY, HOUSE, US
from app.research.matrix.queries import MatrixCode
from app.research.matrix.schemas import Matrix, MatrixCell, MatrixOption, MatrixReason, MatrixRow, MatrixSegment
from app.research.phrases import fill
from app.research.queries import Person, read_people
from app.research.segments.criteria import in_language
from app.research.segments.queries import read_segments

_EVERYBODY = {"en": "everybody", "de": "alle", "es": "todos"}
_ANY_OPTION = {"en": "any option", "de": "irgendeine Option", "es": "cualquier opción"}
_HOUSE_ALTERNATIVE = {"en": "house alternative", "de": "eigene Lösung", "es": "solución propia"}


def read_matrix(session: Session, study: str, wanted: Wanted, embedder: Embedder) -> Matrix:
    """Count who named which criterion, for and against, of which option, by segment.

    Raises:
        NotFoundError: there is no such study.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    found = find_mentions(session, study, wanted, embedder)
    people = read_people(session, found.vocabulary.study_id)
    segments = (
        *(
            MatrixSegment(segment=each.slug, label=each.label(wanted.told_in), people=_count(people, each.slug))
            for each in read_segments(session, found.vocabulary.study_id)
        ),
        MatrixSegment(segment=None, label=fill(_EVERYBODY, wanted.told_in), people=len(people)),
    )
    counted = tally(found.voices, find_asked(session, found, embedder), {code.code for code in found.criteria})
    sheet, options = _Sheet(study, wanted, segments, people, counted), _options(found, wanted.told_in)
    return Matrix(
        study=study,
        by_persons=wanted.by_persons,
        options=options,
        segments=segments,
        rows=tuple(
            MatrixRow(
                code=code.code,
                label=_label(code, wanted.told_in),
                kind=code.kind,
                cells=sheet.cells(code.code, options),
            )
            for code in found.criteria
        ),
        totals=sheet.cells(None, options),
        reasons=tuple(
            MatrixReason(
                code=code.code,
                label=_label(code, wanted.told_in),
                option=option,
                cells=sheet.cells(code.code, options[:1]),
            )
            for code in found.reasons
            for option in sorted(found.owners[code.code]) or (HOUSE,)
        ),
    )


@dataclass(frozen=True)
class _Sheet:
    """What the cells are counted from."""

    study: str
    wanted: Wanted
    segments: Sequence[MatrixSegment]
    people: Sequence[Person]
    counted: Tally

    def cells(self, code: str | None, options: Iterable[MatrixOption]) -> tuple[MatrixCell, ...]:
        """The cells of a code, or of whoever named any criterion, by segment and option."""
        return tuple(self._cell(code, segment, each.option) for segment in self.segments for each in options)

    def _cell(self, code: str | None, segment: MatrixSegment, option: str) -> MatrixCell:
        inside = {each.code for each in self.people if segment.segment in (None, each.segment)}
        counts = self.counted.count(code, option, inside)
        opens = code is not None and counts.named_for + counts.named_against > 0
        return MatrixCell(
            segment=segment.segment,
            option=option,
            of=counts.of,
            named_for=counts.named_for,
            named_against=counts.named_against,
            named_both=counts.both,
            asked_without_mention=counts.asked_without_mention,
            never_asked=counts.never_asked,
            quotes=self._url(code, segment.segment, option) if opens else None,
        )

    def _url(self, code: str | None, segment: str | None, option: str) -> str:
        values = {"study": self.study, "criterion": code, "segment": segment, "option": option}
        values["by_persons"] = "true" if self.wanted.by_persons else None
        return f"/v1/matrix/quotes?{urlencode({name: value for name, value in values.items() if value})}"


def _options(found: Found, language: str) -> tuple[MatrixOption, ...]:
    return (
        MatrixOption(option=ANY, kind="any", label=fill(_ANY_OPTION, language)),
        MatrixOption(option=US, kind="us", label=found.product or found.vocabulary.slug),
        *(MatrixOption(option=name.competitor, kind="competitor", label=name.competitor) for name in found.names),
        MatrixOption(option=HOUSE, kind="house", label=fill(_HOUSE_ALTERNATIVE, language)),
    )


def _count(people: Iterable[Person], segment: str) -> int:
    return sum(person.segment == segment for person in people)


def _label(code: MatrixCode, language: str) -> str:
    return in_language(code.labels, language) or code.code
