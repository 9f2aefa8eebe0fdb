"""The SQL of browsing: which utterances are wanted, in which order, and how many there are of each value of a facet."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.library.browse.wanted import FACETS, Facet, Order, WantedQuotes
from app.scope import filter_parameters, passage_conditions

_QUOTABLE = """
FROM quotable AS passage
  JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN interview ON interview.id = passage.interview_id
"""
_OF_PERSON = """
  JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN customer ON customer.id = participant.customer_id
"""
_OF_TAG = """
  JOIN tagging ON tagging.utterance_id = passage.utterance_id
  JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
"""

# Integers of at least 0, the smallest first, so that a cursor can hold them.
_RANKS: Mapping[Order, str] = {
    "said": "0",
    "newest": "coalesce(DATE '9999-12-31' - interview.date, 2147483647)",
    "longest": "2147483647 - char_length(utterance.text)",
    "shortest": "char_length(utterance.text)",
}

_PLACES = f"""
SELECT utterance.id, {{rank}} AS rank, interview.code AS interview, utterance.index {_QUOTABLE}
WHERE {{conditions}} AND ({{rank}}, interview.code, utterance.index) > (:after_rank, :after_interview, :after_index)
ORDER BY rank, interview.code, utterance.index LIMIT :limit
"""

_TOTAL = f"""
SELECT count(*) AS quotes, count(DISTINCT passage.participant_id) AS people {_QUOTABLE} WHERE {{conditions}}
"""

_COUNTS = f"""
SELECT '{{facet}}' AS facet, {{value}} AS value, count(DISTINCT passage.utterance_id) AS quotes {_QUOTABLE} {{joins}}
WHERE {{conditions}} AND {{value}} IS NOT NULL GROUP BY {{value}}
"""

_VALUES: Mapping[Facet, str] = {
    "segments": "segment.slug",
    "languages": "passage.language",
    "kinds": "code.kind",
    "codes": "code.code",
    "polarities": "tagging.polarity",
    "participants": "participant.code",
    "bands": "customer.band",
    "classes": "customer.abcd_class",
    "interviews": "interview.code",
}
_TAG_CONDITIONS: Mapping[Facet, str] = {
    "codes": "code.code = ANY(:codes)",
    "kinds": "code.kind = ANY(:kinds)",
    "polarities": "tagging.polarity = ANY(:polarities)",
}
_PERSON_FACETS: frozenset[Facet] = frozenset({"segments", "participants", "bands", "classes"})


def places_after(
    session: Session, study_id: uuid.UUID, wanted: WantedQuotes, after: tuple[int, str, int], limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` wanted utterances after (rank, interview, index), in the wanted order."""
    rank, interview, index = after
    statement = _PLACES.format(rank=_RANKS[wanted.order], conditions=_conditions(wanted))
    keys = {"after_rank": rank, "after_interview": interview, "after_index": index, "limit": limit}
    return _rows(session, statement, study_id, wanted, **keys)


def count_all(session: Session, study_id: uuid.UUID, wanted: WantedQuotes) -> RowMapping:
    """How many quotes are wanted, and how many people said them."""
    return _rows(session, _TOTAL.format(conditions=_conditions(wanted)), study_id, wanted)[0]


def count_values(session: Session, study_id: uuid.UUID, wanted: WantedQuotes) -> Sequence[RowMapping]:
    """How many quotes there would be of each value of each facet, under all other facets."""
    counts = [
        _COUNTS.format(
            facet=facet, value=_VALUES[facet], joins=_joins(facet), conditions=_conditions(wanted, but=facet)
        )
        for facet in FACETS
    ]
    return _rows(session, " UNION ALL ".join(counts), study_id, wanted)


def unknown_interviews(session: Session, study_id: uuid.UUID, interviews: Sequence[str]) -> list[str]:
    """Those of these interviews that the study does not have."""
    statement = text("SELECT code FROM interview WHERE study_id = :study_id AND code = ANY(:interviews)")
    known = set(session.scalars(statement, {"study_id": study_id, "interviews": list(interviews)}))
    return [interview for interview in interviews if interview not in known]


def _joins(facet: Facet) -> str:
    return _OF_PERSON if facet in _PERSON_FACETS else _OF_TAG if facet in _TAG_CONDITIONS else ""


def _conditions(wanted: WantedQuotes, but: Facet | None = None) -> str:
    """SQL conditions on a quotable utterance; those of the facet `but` are left out.

    Where a facet of tags is counted, its statement joins taggings: then the conditions are on the one that is counted.
    """
    of_tags: dict[str, tuple[()]] = {"codes": (), "kinds": ()}
    left = wanted.filters.model_copy(update=of_tags | ({but: ()} if but in type(wanted.filters).model_fields else {}))
    conditions = [passage_conditions(left)]
    if wanted.interviews and but != "interviews":
        conditions.append("interview.code = ANY(:interviews)")
    if wanted.words.split():
        conditions.append("utterance.text ILIKE ALL(:patterns)")
    tags = [sql for facet, sql in _TAG_CONDITIONS.items() if wanted.values(facet) and facet != but]
    if tags and but in _TAG_CONDITIONS:
        conditions += tags
    elif tags:
        conditions.append(
            "EXISTS (SELECT 1 FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL "  # noqa: S608 fixed fragments only
            f"WHERE tagging.utterance_id = passage.utterance_id AND {' AND '.join(tags)})"
        )
    return " AND ".join(conditions)


def _rows(
    session: Session, statement: str, study_id: uuid.UUID, wanted: WantedQuotes, **parameters: Any
) -> Sequence[RowMapping]:
    parameters |= filter_parameters(wanted.filters) | {
        "study_id": study_id,
        "interviews": list(wanted.interviews),
        "polarities": list(map(str, wanted.polarities)),
        "patterns": [f"%{_literal(word)}%" for word in wanted.words.split()],
    }
    return session.execute(text(statement), parameters).mappings().all()


def _literal(word: str) -> str:
    r"""A word for LIKE, in which `%`, `_` and `\` stand for themselves."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
