"""The SQL of access: what is held of one participant, and nothing that others said or are."""

import uuid
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.isolation import is_open
from app.privacy.originals import NO_SUCH_PARTICIPANT

_PERSON = """
SELECT participant.id, participant.study_id, participant.code, study.slug AS study, study.title, participant.language,
  segment.slug AS segment, participant.attributes, participant.customer_code, customer.first_purchase,
  customer.purchases, customer.revenue_eur, customer.ltv_eur, customer.band, customer.abcd_class,
  customer.attributes AS customer_attributes
FROM participant JOIN study ON study.id = participant.study_id
  LEFT JOIN segment ON segment.id = participant.segment_id
  LEFT JOIN customer ON customer.id = participant.customer_id
WHERE study.slug = :study AND participant.code = :code
"""

_INTERVIEWS = """
SELECT interview.id, interview.code, interview.date, interview.mode, interview.consent, interview.published_at,
  interview.transcript_id, interview.speakers, (SELECT count(*) FROM interview_participant AS other
    WHERE other.interview_id = interview.id) > 1 AS is_shared
FROM interview JOIN interview_participant ON interview_participant.interview_id = interview.id
WHERE interview_participant.participant_id = :participant_id ORDER BY interview.code
"""

# Of a shared interview only what the person says: who asks whom there is not known.
_UTTERANCES = """
SELECT utterance.id, transcript.version, utterance.index, utterance.role, utterance.language, utterance.text,
  utterance.start_ms, utterance.end_ms,
  CASE WHEN utterance.participant_id = :participant_id THEN utterance.speaker END AS speaker
FROM utterance JOIN transcript ON transcript.id = utterance.transcript_id
WHERE utterance.interview_id = :interview_id
  AND (utterance.participant_id = :participant_id
    OR (NOT :is_shared AND utterance.participant_id IS NULL AND utterance.transcript_id = :transcript_id))
ORDER BY transcript.version, utterance.index
"""

_TAGGINGS = """
SELECT utterance.id AS utterance, code.code, code.kind, tagging.polarity, tagging.start, tagging."end", tagging.basis,
  tagging.confidence
FROM tagging JOIN utterance ON utterance.id = tagging.utterance_id JOIN code ON code.id = tagging.code_id
WHERE utterance.participant_id = :participant_id ORDER BY utterance.id, tagging.start, code.code
"""

_GISTS = """
SELECT utterance.id AS utterance, passage_gist.text, passage_gist.language, passage_gist.chat_model
FROM passage_gist JOIN utterance ON utterance.id = passage_gist.utterance_id
WHERE utterance.participant_id = :participant_id ORDER BY utterance.id
"""

_TRANSLATIONS = """
SELECT utterance.id AS utterance, quote_translation.start, quote_translation."end", quote_translation.language,
  quote_translation.text, quote_translation.model
FROM quote_translation JOIN utterance ON utterance.id = quote_translation.utterance_id
WHERE utterance.participant_id = :participant_id ORDER BY utterance.id, quote_translation.start
"""

_STORY = """
SELECT job_record_entry.field, job_record_entry.statement, utterance.id AS utterance, job_record_entry.start,
  job_record_entry."end"
FROM job_record_entry JOIN utterance ON utterance.id = job_record_entry.utterance_id
WHERE utterance.participant_id = :participant_id ORDER BY job_record_entry.record_id, field, place
"""

_INSIGHTS = """
SELECT insight.code, insight.statement, insight.status, utterance.id AS utterance, insight_evidence.stance,
  insight_evidence.start, insight_evidence."end"
FROM insight JOIN insight_evidence ON insight_evidence.insight_id = insight.id
  JOIN utterance ON utterance.id = insight_evidence.utterance_id
WHERE utterance.participant_id = :participant_id ORDER BY insight.code, utterance.id
"""

_REVIEWS = """
SELECT utterance.id AS utterance, code.code, tagging_review.verdict, tagging_review.polarity, tagging_review.start,
  tagging_review."end", tagging_review.basis, tagging_review.confidence, tagging_review.created_at,
  tagging_review.undone_at
FROM tagging_review JOIN utterance ON utterance.id = tagging_review.utterance_id
  JOIN code ON code.id = tagging_review.code_id
WHERE utterance.participant_id = :participant_id ORDER BY tagging_review.created_at, tagging_review.id
"""

_HYPOTHESES = """
SELECT hypothesis.code, hypothesis.statement, hypothesis_verdict.verdict, hypothesis_verdict.created_at,
  utterance.id AS utterance, hypothesis_evidence.stance, hypothesis_evidence.start, hypothesis_evidence."end"
FROM hypothesis_evidence JOIN hypothesis_verdict ON hypothesis_verdict.id = hypothesis_evidence.verdict_id
  JOIN hypothesis ON hypothesis.id = hypothesis_verdict.hypothesis_id
  JOIN utterance ON utterance.id = hypothesis_evidence.utterance_id
WHERE utterance.participant_id = :participant_id
ORDER BY hypothesis.code, hypothesis_verdict.created_at, utterance.id, hypothesis_evidence.start
"""

_COLLECTIONS = """
SELECT collection.title AS collection, utterance.id AS utterance, collected_quote.start, collected_quote."end",
  collected_quote.note, collected_quote.created_at
FROM collected_quote JOIN collection ON collection.id = collected_quote.collection_id
  JOIN utterance ON utterance.id = collected_quote.utterance_id
WHERE utterance.participant_id = :participant_id ORDER BY collected_quote.created_at, collected_quote.id
"""

_CONSENT = """
SELECT interview.code AS interview, consent_change.consent, consent_change.created_at
FROM consent_change JOIN interview ON interview.id = consent_change.interview_id
  JOIN interview_participant ON interview_participant.interview_id = interview.id
WHERE interview_participant.participant_id = :participant_id ORDER BY consent_change.created_at, consent_change.id
"""

_ANSWERS = """
SELECT answer.id AS answer, answer.created_at, utterance.id AS utterance
FROM answer_citation JOIN answer ON answer.id = answer_citation.answer_id
  JOIN utterance ON utterance.id = answer_citation.utterance_id
WHERE utterance.participant_id = :participant_id ORDER BY answer.created_at, answer.id, n
"""

# What somebody asked of this person alone, or among others.
_QUESTIONS = """
SELECT answer.id AS answer, answer.question, answer.created_at FROM answer
WHERE answer.study_id = (SELECT study_id FROM participant WHERE id = :participant_id)
  AND body -> 'filters' -> 'participants' ? (SELECT code FROM participant WHERE id = :participant_id)
ORDER BY answer.created_at, answer.id
"""

# Files of one conversation; of a study folder nothing says whose they are before it is ingested.
_DELIVERIES = """
SELECT delivery.facts, delivery.status, delivery.created_at,
  ARRAY(SELECT file ->> 'name' FROM jsonb_array_elements(delivery.files) AS file) AS files
FROM delivery JOIN participant ON participant.study_id = delivery.study_id
WHERE participant.id = :participant_id AND delivery.facts ->> 'participant' = participant.code
ORDER BY delivery.created_at, delivery.id
"""

MADE_OF_IT = {
    "taggings": _TAGGINGS,
    "reviews": _REVIEWS,
    "gists": _GISTS,
    "translations": _TRANSLATIONS,
    "story": _STORY,
    "insights": _INSIGHTS,
    "hypotheses": _HYPOTHESES,
    "collections": _COLLECTIONS,
    "answers": _ANSWERS,
    "questions": _QUESTIONS,
    "deliveries": _DELIVERIES,
    "consent": _CONSENT,
}
"""What was made of a person's words, asked of them, entered of the consent and sent in, by its name in an archive."""

_RECORDINGS = """
SELECT sha256, name, media_type, size_bytes, duration_ms, label
FROM recording WHERE interview_id = :interview_id ORDER BY name, id
"""


def person_of(session: Session, study: str, code: str) -> RowMapping:
    """A participant with segment and customer.

    Raises:
        NotFoundError: there is no such participant in such a study.
    """
    row = session.execute(text(_PERSON), {"study": study, "code": code}).mappings().one_or_none()
    if row is None or not is_open(session, row["study_id"]):
        raise NotFoundError(NO_SUCH_PARTICIPANT)
    return row


def interviews_of(session: Session, participant_id: uuid.UUID) -> list[RowMapping]:
    """The interviews of a participant; `is_shared` are those with several."""
    return _rows(session, _INTERVIEWS, participant_id=participant_id)


def said_in(session: Session, interview: RowMapping, participant_id: uuid.UUID) -> list[RowMapping]:
    """What the participant said in an interview, in every version, and what was asked in the newest."""
    place = {"interview_id": interview["id"], "transcript_id": interview["transcript_id"]}
    return _rows(session, _UTTERANCES, participant_id=participant_id, is_shared=interview["is_shared"], **place)


def recordings_of(session: Session, interview_id: uuid.UUID) -> list[RowMapping]:
    """The recordings of an interview."""
    return _rows(session, _RECORDINGS, interview_id=interview_id)


def made_of(session: Session, what: str, participant_id: uuid.UUID) -> list[RowMapping]:
    """One kind of what was made of a person's words, by its name in `MADE_OF_IT`."""
    return _rows(session, MADE_OF_IT[what], participant_id=participant_id)


def _rows(session: Session, statement: str, **parameters: Any) -> list[RowMapping]:
    return list(session.execute(text(statement), parameters).mappings())
