"""The SQL of erasure and access: what an installation holds of a person, or of an interview."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.privacy.originals import NO_SUCH_PARTICIPANT
from app.pseudonyms.store import hashes_of_name
from app.tagging.store import find_study
from app.vault import Vault

PERSONAL_TABLES = tuple(
    """
    interview consent_change interview_participant recording transcript alignment utterance ingest_run
    upload_key participant customer passage passage_gist tagging tagging_review quote_translation job_record
    job_record_entry insight_evidence hypothesis_evidence collected_quote pseudonym answer answer_citation
    answer_feedback delivery lexicon lexeme procrastinate_jobs procrastinate_events
    """.split()
)
"""Tables that hold what people said, or point to it."""

_INTERVIEWS_OF = """
SELECT interview_id AS id, (SELECT count(*) FROM interview_participant AS other
    WHERE other.interview_id = interview_participant.interview_id) > 1 AS is_shared
FROM interview_participant WHERE participant_id = :participant_id ORDER BY interview_id
"""

_UTTERANCES = """
SELECT id FROM utterance WHERE interview_id = ANY(:whole)
  OR (interview_id = ANY(:shared) AND participant_id = :participant_id)
"""

_DELIVERED = """
SELECT DISTINCT file ->> 'sha256' FROM delivery CROSS JOIN jsonb_array_elements(files) AS file
WHERE study_id = :study_id
"""

# What came before an erasure, and may be of its study for all that anybody knows.
_UNDECIDED = """
DELETE FROM delivery USING erasure
WHERE erasure.finished_at IS NULL AND delivery.created_at <= erasure.created_at AND delivery.study_id IS NULL
  AND coalesce(delivery.facts ->> 'study', delivery.plan ->> 'study', erasure.study) = erasure.study
RETURNING delivery.files
"""

_FILES = """
SELECT sha256 FROM recording WHERE interview_id = ANY(:interviews)
UNION SELECT source_sha256 FROM transcript WHERE interview_id = ANY(:interviews)
"""

_TOLD = """
SELECT (SELECT min(created_at) FROM transcript WHERE interview_id = ANY(:interviews)) AS since,
  ARRAY(SELECT code FROM participant WHERE id = :participant_id OR :participant_id IS NULL AND id IN (
    SELECT participant_id FROM interview_participant WHERE interview_id = ANY(:interviews))) AS people
"""

_ANSWERS = """
SELECT id FROM answer WHERE study_id = :study_id AND (
  EXISTS (SELECT FROM answer_citation WHERE answer_id = answer.id AND utterance_id = ANY(:utterances))
  OR body -> 'filters' -> 'participants' ? :person)
ORDER BY id FOR UPDATE
"""

_INSIGHTS = """
SELECT DISTINCT insight.code FROM insight JOIN insight_evidence ON insight_evidence.insight_id = insight.id
WHERE insight.study_id = :study_id AND insight_evidence.utterance_id = ANY(:utterances) ORDER BY insight.code
"""

_OF_UTTERANCES = """
    passage passage_gist tagging tagging_review quote_translation insight_evidence hypothesis_evidence job_record_entry
    collected_quote pseudonym answer_citation
""".split()
_COUNTED = {
    **dict.fromkeys(_OF_UTTERANCES, "utterance_id = ANY(:utterances)"),
    "transcript": "interview_id = ANY(:whole)",
    "recording": "interview_id = ANY(:interviews)",
    "ingest_run": "interview_id = ANY(:whole)",
    "upload_key": "recording_id IN (SELECT id FROM recording WHERE interview_id = ANY(:interviews))",
}

_IN_SHARED = "SELECT DISTINCT participant_id FROM interview_participant WHERE interview_id = ANY(:shared)"

_JOBS = """
DELETE FROM procrastinate_jobs WHERE args ->> 'run_id' IN (
  SELECT CAST(id AS text) FROM ingest_run WHERE interview_id = ANY(:interviews))
RETURNING id
"""

_GOES = (
    # What nobody ingested yet, or in part.
    "DELETE FROM delivery WHERE study_id = :study_id",
    "DELETE FROM recording WHERE interview_id = ANY(:interviews)",
    "DELETE FROM alignment WHERE transcript_id IN (SELECT id FROM transcript WHERE interview_id = ANY(:shared))",
    "UPDATE transcript SET source = '', corrected_words = NULL WHERE interview_id = ANY(:shared)",
    "DELETE FROM utterance WHERE interview_id = ANY(:shared) AND participant_id = :participant_id",
    """
    UPDATE interview SET speakers = coalesce((
      SELECT jsonb_object_agg(label, voice) FROM jsonb_each(speakers) AS labelled (label, voice)
      WHERE voice <> to_jsonb(CAST(:person AS text))), '{}')
    WHERE id = ANY(:shared)
    """,
    # In what others said the name of who goes is no longer opened. All else there is filed under somebody who stays.
    """
    DELETE FROM pseudonym USING utterance
    WHERE utterance.id = utterance_id AND interview_id = ANY(:shared) AND keys && CAST(:names AS text[])
    """,
    """
    UPDATE pseudonym SET participant_id = (
      SELECT other.participant_id FROM interview_participant AS other
      WHERE other.interview_id = utterance.interview_id AND other.participant_id <> :participant_id
      ORDER BY other.participant_id LIMIT 1)
    FROM utterance
    WHERE utterance.id = pseudonym.utterance_id AND utterance.interview_id = ANY(:shared)
      AND pseudonym.participant_id = :participant_id
    """,
    "DELETE FROM interview WHERE id = ANY(:whole)",
    "DELETE FROM participant WHERE id = :participant_id",
    "DELETE FROM lexicon WHERE study_id = :study_id",
)

_CUSTOMER = """
DELETE FROM customer WHERE study_id = :study_id AND code = :customer
  AND NOT EXISTS (SELECT FROM participant WHERE participant.customer_id = customer.id)
RETURNING id
"""


@dataclass(frozen=True)
class Doomed:
    """What is to go: a participant or none, whole interviews, and of shared interviews the part of the participant."""

    study_id: uuid.UUID
    participant_id: uuid.UUID | None
    person: str | None
    customer: str | None
    whole: tuple[uuid.UUID, ...]
    shared: tuple[uuid.UUID, ...]
    interview_codes: tuple[str, ...]
    utterances: tuple[uuid.UUID, ...]

    @property
    def parameters(self) -> dict[str, Any]:
        """The bind parameters of the statements."""
        return {
            "study_id": self.study_id,
            "participant_id": self.participant_id,
            "person": self.person,
            "whole": list(self.whole),
            "shared": list(self.shared),
            "interviews": [*self.whole, *self.shared],
            "utterances": list(self.utterances),
        }


def study_of(session: Session, slug: str) -> uuid.UUID:
    """The id of a study, of which nobody else erases anything until the transaction ends.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, slug)
    session.execute(text("SELECT FROM study WHERE id = :study_id FOR UPDATE"), {"study_id": study_id})
    return study_id


def holdings_of_participant(session: Session, study_id: uuid.UUID, code: str) -> Doomed:
    """What is held of a participant.

    Raises:
        NotFoundError: the study has no such participant.
    """
    statement = text("SELECT id, customer_code FROM participant WHERE study_id = :study_id AND code = :code FOR UPDATE")
    person = session.execute(statement, {"study_id": study_id, "code": code}).one_or_none()
    if person is None:
        raise NotFoundError(NO_SUCH_PARTICIPANT)
    held = session.execute(text(_INTERVIEWS_OF), {"participant_id": person.id}).all()
    whole, shared = ([row.id for row in held if row.is_shared is which] for which in (False, True))
    return _doomed(session, study_id, whole, shared, (person.id, code, person.customer_code))


def holdings_of_interview(session: Session, study_id: uuid.UUID, code: str) -> Doomed:
    """What is held of an interview.

    Raises:
        NotFoundError: the study has no such interview.
    """
    statement = text("SELECT id FROM interview WHERE study_id = :study_id AND code = :code FOR UPDATE")
    found = session.scalar(statement, {"study_id": study_id, "code": code})
    if found is None:
        raise NotFoundError("there is no such interview in this study")
    return _doomed(session, study_id, [found], [], (None, None, None))


def _doomed(
    session: Session,
    study_id: uuid.UUID,
    whole: Sequence[uuid.UUID],
    shared: Sequence[uuid.UUID],
    person: tuple[uuid.UUID | None, str | None, str | None],
) -> Doomed:
    chosen = {"whole": list(whole), "shared": list(shared), "participant_id": person[0]}
    codes = session.scalars(text("SELECT code FROM interview WHERE id = ANY(:whole) ORDER BY code"), chosen)
    return Doomed(
        study_id,
        *person,
        tuple(whole),
        tuple(shared),
        tuple(codes),
        tuple(session.scalars(text(_UTTERANCES), chosen)),
    )


def files_of(session: Session, doomed: Doomed) -> tuple[str, ...]:
    """The SHA-256 of the recordings and transcript files."""
    return tuple(sorted(session.scalars(text(_FILES), doomed.parameters)))


def delivered_to(session: Session, doomed: Doomed) -> tuple[str, ...]:
    """The SHA-256 of files that wait to be ingested into the study, whoever they are of."""
    return tuple(session.scalars(text(_DELIVERED), doomed.parameters))


def forget_undecided(session: Session) -> frozenset[str]:
    """Delete deliveries whose study is not known yet, where they came before an erasure that is to be finished.

    Args:
        session: one that sees all studies.

    Returns:
        the SHA-256 of their files.
    """
    return frozenset(file["sha256"] for files in session.scalars(text(_UNDECIDED)) for file in files)


def told_since(session: Session, doomed: Doomed) -> tuple[dt.datetime | None, list[str]]:
    """When the first of what goes came in, if anything did, and who took part."""
    row = session.execute(text(_TOLD), doomed.parameters).one()
    return row.since, row.people


def answers_of(session: Session, doomed: Doomed) -> list[uuid.UUID]:
    """The kept answers that quote what goes, or were asked about the person."""
    return list(session.scalars(text(_ANSWERS), {**doomed.parameters, "person": doomed.person or ""}))


def insights_of(session: Session, doomed: Doomed) -> tuple[str, ...]:
    """The insights that rest on what goes."""
    return tuple(session.scalars(text(_INSIGHTS), doomed.parameters))


def take_away(session: Session, vault: Vault, doomed: Doomed) -> dict[str, int]:
    """Delete it all; gives how many rows of each table went."""
    parameters = doomed.parameters
    counts = {"participant": int(doomed.participant_id is not None), "interview": len(doomed.whole)}
    counts["utterance"] = len(doomed.utterances)
    for table, condition in _COUNTED.items():
        counted = session.scalar(text(f"SELECT count(*) FROM {table} WHERE {condition}"), parameters)  # noqa: S608 fixed
        counts[table] = counted or 0
    counts["job"] = len(session.execute(text(_JOBS), parameters).all())
    others = session.scalars(text(_IN_SHARED), parameters)
    names = hashes_of_name(vault, others, doomed.person) if doomed.person else []
    for statement in _GOES:
        session.execute(text(statement), {**parameters, "names": names})
    gone = session.execute(text(_CUSTOMER), {**parameters, "customer": doomed.customer}).all()
    counts["customer"] = len(gone)
    return counts
