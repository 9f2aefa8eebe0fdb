"""How many people: distinct participants by what was tagged or by who they are, counted by SQL."""

from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, check_filters, read_vocabulary
from app.library.schemas import Entry
from app.scope import Filters, filter_parameters, passage_conditions

Grouping = Literal["code", "kind", "segment", "language", "band", "class"]


class PeopleGroup(Entry):
    """The people of one group.

    `of` are in scope. With `raised_with` of them something tagged with the codes or kinds in question came up;
    `affirmed` and `denied` say what they said of it, whoever did both is in both. The three are `null` where the
    counting is about no codes.
    """

    value: str | None
    label: str | None = None
    of: int
    raised_with: int | None
    affirmed: int | None
    denied: int | None


class PeopleCounts(Entry):
    """The groups, most people first, and all of them together; `left_out` groups were beyond the limit."""

    study: str
    by: Grouping
    filters: Filters
    total: PeopleGroup
    groups: tuple[PeopleGroup, ...]
    left_out: int


_Counts = dict[str | None, tuple[int, int, int]]

_TAGGED = ("code", "kind")
_COLUMNS: dict[Grouping, str] = {
    "code": "code.code",
    "kind": "code.kind",
    "segment": "segment.slug",
    "language": "passage.language",
    "band": "customer.band",
    "class": "customer.abcd_class",
}
_PEOPLE = """
FROM quotable AS passage JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN customer ON customer.id = participant.customer_id
"""
_IN_SCOPE = """
SELECT {column} AS value, GROUPING({column}) AS is_total, count(DISTINCT passage.participant_id) AS people
{people} WHERE {conditions} GROUP BY GROUPING SETS ((), ({column}))
"""
_RAISED = """
SELECT {column} AS value, GROUPING({column}) AS is_total, count(DISTINCT passage.participant_id) AS raised,
  count(DISTINCT passage.participant_id) FILTER (WHERE tagging.polarity = 'affirmed') AS affirmed,
  count(DISTINCT passage.participant_id) FILTER (WHERE tagging.polarity = 'denied') AS denied
{people} JOIN tagging ON tagging.utterance_id = passage.utterance_id
  JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
WHERE {conditions} AND (:any_code OR code.code = ANY(:counted_codes)) AND (:any_kind OR code.kind = ANY(:counted_kinds))
GROUP BY GROUPING SETS ((), ({column}))
"""


def count_people_by(session: Session, study: str, by: Grouping, filters: Filters, limit: int) -> PeopleCounts:
    """Count the people of a study, or of what filters leave of it, in groups.

    Filters on codes and kinds say what is counted; they leave the number of people in scope as it is.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have.
    """
    vocabulary = read_vocabulary(session, study)
    check_filters(vocabulary, filters)
    about_codes = by in _TAGGED or bool(filters.codes or filters.kinds)
    scope, everybody = _in_scope(session, vocabulary, by, filters)
    raised, all_raised = _raised(session, vocabulary, by, filters) if about_codes else ({}, (0, 0, 0))
    values = _tagged_values(vocabulary, by, filters) if by in _TAGGED else tuple(scope)
    groups = [
        _group(value, _label(vocabulary, by, value), scope.get(value, everybody), raised.get(value), about_codes)
        for value in values
    ]
    groups.sort(key=lambda group: (-(group.raised_with or 0), -group.of, group.value or ""))
    return PeopleCounts(
        study=study,
        by=by,
        filters=filters,
        total=_group(None, None, everybody, all_raised, about_codes),
        groups=tuple(groups[:limit]),
        left_out=max(0, len(groups) - limit),
    )


def _in_scope(
    session: Session, vocabulary: StudyVocabulary, by: Grouping, filters: Filters
) -> tuple[dict[str | None, int], int]:
    people = filters.model_copy(update={"codes": (), "kinds": ()})
    column = "passage.language" if by in _TAGGED else _COLUMNS[by]
    statement = text(_IN_SCOPE.format(column=column, people=_PEOPLE, conditions=passage_conditions(people)))
    rows = session.execute(statement, {"study_id": vocabulary.study_id, **filter_parameters(people)}).all()
    everybody = sum(row.people for row in rows if row.is_total)
    return {} if by in _TAGGED else {row.value: row.people for row in rows if not row.is_total}, everybody


def _raised(
    session: Session, vocabulary: StudyVocabulary, by: Grouping, filters: Filters
) -> tuple[_Counts, tuple[int, int, int]]:
    people = filters.model_copy(update={"codes": (), "kinds": ()})
    statement = _RAISED.format(column=_COLUMNS[by], people=_PEOPLE, conditions=passage_conditions(people))
    parameters = {
        "study_id": vocabulary.study_id,
        "any_code": not filters.codes,
        "any_kind": not filters.kinds,
        "counted_codes": list(filters.codes),
        "counted_kinds": [str(kind) for kind in filters.kinds],
        **filter_parameters(people),
    }
    rows = session.execute(text(statement), parameters).all()
    counts = {row.value: (row.raised, row.affirmed, row.denied) for row in rows if not row.is_total}
    total = next((row.raised, row.affirmed, row.denied) for row in rows if row.is_total)
    return counts, total


def _tagged_values(vocabulary: StudyVocabulary, by: Grouping, filters: Filters) -> tuple[str, ...]:
    """The codes or kinds in question, also those that nobody spoke of."""
    entries = [
        entry
        for entry in vocabulary.codes.values()
        if (not filters.codes or entry.code in filters.codes) and (not filters.kinds or entry.kind in filters.kinds)
    ]
    return tuple(dict.fromkeys(entry.code if by == "code" else entry.kind for entry in entries))


def _label(vocabulary: StudyVocabulary, by: Grouping, value: str | None) -> str | None:
    return vocabulary.codes[value].label("en") if by == "code" and value is not None else None


def _group(
    value: str | None, label: str | None, of: int, raised: tuple[int, int, int] | None, about_codes: bool
) -> PeopleGroup:
    raised_with, affirmed, denied = (raised or (0, 0, 0)) if about_codes else (None, None, None)
    return PeopleGroup(value=value, label=label, of=of, raised_with=raised_with, affirmed=affirmed, denied=denied)
