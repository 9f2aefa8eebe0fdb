"""Filters on whose words are searched, and the SQL conditions that they become.

Who does not consent to be quoted is in no search: the view `quotable` has the passages of the others alone.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.vocabulary import Kind

MOST_VALUES = 100

Use = Literal["marketing"]
"""What words are wanted for beyond the company's own work, which takes consent of its own."""


def _values(about: str) -> Any:
    return Field(default=(), max_length=MOST_VALUES, description=about)


class Filters(BaseModel):
    """Which participants' words are searched. Values of one field widen, fields narrow."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segments: tuple[str, ...] = _values("segments of the study, for example `careful`")
    languages: tuple[str, ...] = _values("languages spoken, ISO 639-1")
    codes: tuple[str, ...] = _values("codes of the codebook")
    kinds: tuple[Kind, ...] = _values("kinds of the codebook")
    participants: tuple[str, ...] = _values("participant codes")
    bands: tuple[str, ...] = _values("LTV bands, for example `200-500`")
    classes: tuple[Literal["A", "B", "C", "D"], ...] = _values("ABCD classes")
    uses: tuple[Use, ...] = _values("what it is for: `marketing` leaves only whoever consented to that")


QUOTABLE = """
withheld AS MATERIALIZED (SELECT id FROM interview WHERE NOT consents_to(consent, 'quotes')),
quotable AS NOT MATERIALIZED (SELECT * FROM passage WHERE interview_id <> ALL (ARRAY(SELECT id FROM withheld)))"""
"""The view `quotable` for a statement that reads it again and again: the interviews are asked for consent once."""

_PERSON_CONDITIONS = {
    "segments": "segment.slug = ANY(:segments)",
    "participants": "participant.code = ANY(:participants)",
    "bands": "customer.band = ANY(:bands)",
    "classes": "customer.abcd_class = ANY(:classes)",
}
_TAG_CONDITIONS = {"codes": "code.code = ANY(:codes)", "kinds": "code.kind = ANY(:kinds)"}

PEOPLE = """
    SELECT participant.id FROM participant
    LEFT JOIN segment ON segment.id = participant.segment_id
    LEFT JOIN customer ON customer.id = participant.customer_id
    WHERE participant.study_id = :study_id"""


def people_sql(filters: Filters) -> str:
    """SQL for the ids of the participants of study `:study_id` that the filters on people leave."""
    conditions = [sql for name, sql in _PERSON_CONDITIONS.items() if getattr(filters, name)]
    return " AND ".join([PEOPLE, *conditions])


def passage_conditions(filters: Filters) -> str:
    """SQL conditions on `passage` for one study (`:study_id`) and the filters; every search goes through here."""
    conditions = ["passage.study_id = :study_id"]
    if filters.uses:
        conditions.append(
            "passage.interview_id IN (SELECT interview.id FROM interview WHERE interview.study_id = :study_id AND "
            "(SELECT bool_and(consents_to(interview.consent, used)) FROM unnest(CAST(:uses AS text[])) AS used))"
        )
    if filters.languages:
        conditions.append("passage.language = ANY(:languages)")
    if any(getattr(filters, name) for name in _PERSON_CONDITIONS):
        conditions.append(f"passage.participant_id IN ({people_sql(filters)})")
    tags = [sql for name, sql in _TAG_CONDITIONS.items() if getattr(filters, name)]
    if tags:
        conditions.append(
            "EXISTS (SELECT 1 FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL "  # noqa: S608 fixed fragments only
            f"WHERE tagging.utterance_id = passage.utterance_id AND {' AND '.join(tags)})"
        )
    return " AND ".join(conditions)


def filter_parameters(filters: Filters) -> dict[str, list[str]]:
    """The bind parameters of the conditions."""
    return {name: [str(value) for value in values] for name, values in filters if values}
