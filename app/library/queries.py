"""The SQL of the library. Every statement on what belongs to a study names the study."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.isolation import is_open, open_studies
from app.models import Study

_STUDIES = """
SELECT slug, title, product, languages, competitors,
  (SELECT count(*) FROM participant WHERE participant.study_id = study.id) AS participants,
  (SELECT count(*) FROM interview WHERE interview.study_id = study.id AND transcript_id IS NOT NULL) AS interviews
FROM study WHERE {condition} AND (CAST(:open AS uuid[]) IS NULL OR id = ANY(:open)) ORDER BY slug LIMIT :limit
"""

_SEGMENTS = """
SELECT slug, labels, description,
  (SELECT count(*) FROM participant WHERE participant.segment_id = segment.id) AS participants
FROM segment WHERE study_id = :study_id ORDER BY slug
"""

_CODES = """
SELECT code, kind, labels, about FROM code WHERE study_id = :study_id AND retired_at IS NULL ORDER BY code
"""

_TEAM = """
SELECT code, name, role, contact FROM team_member WHERE study_id = :study_id ORDER BY code
"""

# A name among the attributes is what transcripts call the person; over the network people have their codes alone.
_PARTICIPANTS = """
SELECT participant.code, participant.language, segment.slug AS segment, customer.band, customer.abcd_class,
  participant.attributes - 'name' AS attributes,
  ARRAY(
    SELECT interview.code FROM interview_participant
    JOIN interview ON interview.id = interview_participant.interview_id
    WHERE interview_participant.participant_id = participant.id ORDER BY interview.code) AS interviews
FROM participant
  LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN customer ON customer.id = participant.customer_id
WHERE participant.study_id = :study_id AND {condition}
ORDER BY participant.code LIMIT :limit
"""

_INTERVIEWS = """
SELECT interview.code, interview.date, interview.mode, interview.interviewer, interview.interviewer_language,
  interview.consent, interview.published_at, transcript.id AS transcript, transcript.version,
  ARRAY(
    SELECT participant.code FROM interview_participant
    JOIN participant ON participant.id = interview_participant.participant_id
    WHERE interview_participant.interview_id = interview.id ORDER BY participant.code) AS participants,
  (SELECT count(*) FROM utterance WHERE utterance.transcript_id = interview.transcript_id) AS utterances,
  (SELECT max(end_ms) FROM utterance WHERE utterance.transcript_id = interview.transcript_id) AS duration_ms,
  ARRAY(
    SELECT DISTINCT participant.language FROM interview_participant
    JOIN participant ON participant.id = interview_participant.participant_id
    WHERE interview_participant.interview_id = interview.id AND participant.language IS NOT NULL
    ORDER BY 1) AS languages,
  ARRAY(
    SELECT DISTINCT segment.slug FROM interview_participant
    JOIN participant ON participant.id = interview_participant.participant_id
    JOIN segment ON segment.id = participant.segment_id
    WHERE interview_participant.interview_id = interview.id ORDER BY 1) AS segments,
  coalesce(
    (SELECT status FROM ingest_run WHERE ingest_run.interview_id = interview.id
      ORDER BY status IN ('queued', 'running') DESC, updated_at DESC, id LIMIT 1),
    'published') AS status,
  NOT consents_to(interview.consent, 'quotes') AS withheld
FROM interview LEFT JOIN transcript ON transcript.id = interview.transcript_id
WHERE interview.study_id = :study_id AND {condition}
ORDER BY interview.code LIMIT :limit
"""

_INTERVIEWED = """
interview_participant JOIN participant ON participant.id = interview_participant.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
WHERE interview_participant.interview_id = interview.id"""
_WANTED_INTERVIEWS = {
    "words": f"""NOT EXISTS (
  SELECT FROM unnest(CAST(:words AS text[])) AS word
  WHERE strpos(lower(concat_ws(' ', interview.code, interview.interviewer,
    (SELECT string_agg(participant.code, ' ') FROM {_INTERVIEWED}))), lower(word)) = 0)""",  # noqa: S608 fixed fragments only
    "segments": f"EXISTS (SELECT FROM {_INTERVIEWED} AND segment.slug = ANY(:segments))",
    "languages": f"EXISTS (SELECT FROM {_INTERVIEWED} AND participant.language = ANY(:languages))",
}

_TRANSCRIPT = """
SELECT transcript.study_id, transcript.id, transcript.version,
  transcript.id IS DISTINCT FROM interview.transcript_id AS superseded,
  NOT consents_to(interview.consent, 'quotes') AS withheld
FROM interview JOIN transcript ON transcript.interview_id = interview.id
WHERE interview.study_id = :study_id AND interview.code = :interview
  AND coalesce(transcript.version = CAST(:version AS int), transcript.id = interview.transcript_id)
  AND EXISTS (SELECT 1 FROM utterance WHERE utterance.transcript_id = transcript.id)
"""

# Whoever a label stands for anywhere in the transcript is shown by the code: platforms put the participant's name also
# on what the interpreter says.
_UTTERANCES = """
WITH label AS (
  SELECT utterance.transcript_id, utterance.speaker, min(participant.code) AS participant
  FROM utterance JOIN participant ON participant.id = utterance.participant_id
  WHERE utterance.transcript_id = :transcript_id GROUP BY utterance.transcript_id, utterance.speaker)
SELECT utterance.id, utterance.index, utterance.role, utterance.role_confidence, participant.code AS participant,
  coalesce(participant.code, label.participant, utterance.speaker) AS speaker,
  utterance.language, utterance.text, utterance.start_ms, utterance.end_ms, utterance.confidence,
  ARRAY(
    SELECT DISTINCT code.code FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
    WHERE tagging.utterance_id = utterance.id ORDER BY code.code) AS codes
FROM utterance
  LEFT JOIN participant ON participant.id = utterance.participant_id
  LEFT JOIN label ON label.speaker = utterance.speaker
WHERE utterance.transcript_id = :transcript_id AND {condition}
ORDER BY utterance.index LIMIT :limit
"""

_PLACE_OF_UTTERANCE = """
SELECT study.id AS study_id, study.slug AS study, interview.code AS interview, transcript.id AS transcript,
  transcript.version,
  transcript.id IS DISTINCT FROM interview.transcript_id AS superseded,
  NOT consents_to(interview.consent, 'quotes') AS withheld
FROM utterance
  JOIN transcript ON transcript.id = utterance.transcript_id
  JOIN interview ON interview.id = utterance.interview_id
  JOIN study ON study.id = utterance.study_id
WHERE utterance.id = :utterance_id
"""

_RECORDING = """
SELECT recording.sha256, recording.name, recording.media_type, interview.code AS interview, study.slug AS study,
  recording.study_id,
  NOT (consents_to(interview.consent, 'quotes') AND consents_to(interview.consent, 'recording')) AS withheld
FROM recording
  JOIN interview ON interview.id = recording.interview_id
  JOIN study ON study.id = recording.study_id
WHERE recording.id = :recording_id
"""


def find_study(session: Session, slug: str) -> uuid.UUID:
    """Id of a study.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = session.scalar(select(Study.id).where(Study.slug == slug))
    if study_id is None or not is_open(session, study_id):
        raise NotFoundError("there is no such study; /v1/studies lists them")
    return study_id


def studies_after(session: Session, slug: str, limit: int) -> Sequence[RowMapping]:
    """Up to `limit` studies after a slug, with their numbers of people and published interviews."""
    return _rows(session, _STUDIES.format(condition="slug > :slug"), slug=slug, limit=limit, open=open_studies(session))


def study_by_id(session: Session, study_id: uuid.UUID) -> RowMapping:
    """One study, as in the list of studies."""
    return _rows(session, _STUDIES.format(condition="id = :study_id"), study_id=study_id, limit=1, open=None)[0]


def segments_of(session: Session, study_id: uuid.UUID) -> Sequence[RowMapping]:
    """The segments of a study with their numbers of participants."""
    return _rows(session, _SEGMENTS, study_id=study_id)


def codes_of(session: Session, study_id: uuid.UUID) -> Sequence[RowMapping]:
    """The codebook of a study."""
    return _rows(session, _CODES, study_id=study_id)


def team_of(session: Session, study_id: uuid.UUID) -> Sequence[RowMapping]:
    """The colleagues of a study."""
    return _rows(session, _TEAM, study_id=study_id)


def participants_after(session: Session, study_id: uuid.UUID, code: str, limit: int) -> Sequence[RowMapping]:
    """Up to `limit` participants of a study after a code."""
    return _rows(
        session, _PARTICIPANTS.format(condition="participant.code > :code"), study_id=study_id, code=code, limit=limit
    )


def participant_by_code(session: Session, study_id: uuid.UUID, code: str) -> RowMapping:
    """One participant of a study.

    Raises:
        NotFoundError: the study has no such participant.
    """
    statement = _PARTICIPANTS.format(condition="participant.code = :code")
    return _only(_rows(session, statement, study_id=study_id, code=code, limit=1), "participant")


@dataclass(frozen=True)
class WantedInterviews:
    """Which interviews are meant: all words in their names or those of who speaks, one of the values of each other."""

    words: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def interviews_after(
    session: Session, study_id: uuid.UUID, code: str, limit: int, wanted: WantedInterviews
) -> Sequence[RowMapping]:
    """Up to `limit` of the wanted interviews of a study after a code."""
    given = {name: list(values) for name, values in vars(wanted).items() if values}
    condition = " AND ".join(("interview.code > :code", *(_WANTED_INTERVIEWS[name] for name in given)))
    statement = _INTERVIEWS.format(condition=condition)
    return _rows(session, statement, study_id=study_id, code=code, limit=limit, **given)


def dates_of(session: Session, study_id: uuid.UUID, interviews: Sequence[str]) -> Sequence[RowMapping]:
    """The days on which these interviews were held, where they are known."""
    statement = (
        "SELECT code, date FROM interview WHERE study_id = :study_id AND code = ANY(:interviews) AND date IS NOT NULL"
    )
    return _rows(session, statement, study_id=study_id, interviews=list(interviews))


def interview_by_code(session: Session, study_id: uuid.UUID, code: str) -> RowMapping:
    """One interview of a study.

    Raises:
        NotFoundError: the study has no such interview.
    """
    statement = _INTERVIEWS.format(condition="interview.code = :code")
    return _only(_rows(session, statement, study_id=study_id, code=code, limit=1), "interview")


def transcript_of(session: Session, study_id: uuid.UUID, interview: str, version: int | None) -> RowMapping:
    """The published transcript of an interview, or an earlier version of it.

    Raises:
        NotFoundError: there is no such interview or version, or it is not published.
    """
    return _only(
        _rows(session, _TRANSCRIPT, study_id=study_id, interview=interview, version=version), "published transcript"
    )


def recordings_of(session: Session, study_id: uuid.UUID, interview: str) -> Sequence[RowMapping]:
    """The recordings of an interview that can be played; that of all speakers comes before tracks of one."""
    statement = """
SELECT recording.id, recording.label, recording.duration_ms
FROM recording JOIN interview ON interview.id = recording.interview_id
WHERE recording.study_id = :study_id AND interview.code = :interview
ORDER BY recording.label IS NOT NULL, recording.label, recording.id
"""
    return _rows(session, statement, study_id=study_id, interview=interview)


def utterances_after(session: Session, transcript_id: uuid.UUID, index: int, limit: int) -> Sequence[RowMapping]:
    """Up to `limit` utterances of a transcript after an index, in order."""
    statement = _UTTERANCES.format(condition="utterance.index > :index")
    return _rows(session, statement, transcript_id=transcript_id, index=index, limit=limit)


def utterance_by_id(session: Session, utterance_id: uuid.UUID) -> tuple[RowMapping, RowMapping]:
    """One utterance of any transcript version, and where it stands: study, interview, transcript.

    Raises:
        NotFoundError: there is no such utterance.
    """
    place = _of_open_study(session, _rows(session, _PLACE_OF_UTTERANCE, utterance_id=utterance_id), "utterance")
    statement = _UTTERANCES.format(condition="utterance.id = :utterance_id")
    return _rows(session, statement, transcript_id=place["transcript"], utterance_id=utterance_id, limit=1)[0], place


def recording_by_id(session: Session, recording_id: uuid.UUID) -> RowMapping:
    """One recording, its interview and its study.

    Raises:
        NotFoundError: there is no such recording.
    """
    return _of_open_study(session, _rows(session, _RECORDING, recording_id=recording_id), "recording")


def _rows(session: Session, statement: str, **parameters: Any) -> Sequence[RowMapping]:
    return session.execute(text(statement), parameters).mappings().all()


def _of_open_study(session: Session, rows: Sequence[RowMapping], thing: str) -> RowMapping:
    found = _only(rows, thing)
    return _only(rows if is_open(session, found["study_id"]) else (), thing)


def _only(rows: Sequence[RowMapping], thing: str) -> RowMapping:
    if not rows:
        raise NotFoundError(f"there is no such {thing} in this study")
    return rows[0]
