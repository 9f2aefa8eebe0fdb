"""What answering asks the database beside the search: the study, the scope, the counts of people, saved answers."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, TextClause, select, text
from sqlalchemy.orm import Session

from app.customer_value import ValueScheme
from app.errors import Fault, InvalidInputError, NotFoundError, suggest_name
from app.isolation import is_open, open_studies
from app.models import Answer, AnswerCitation, Study
from app.scope import Filters, filter_parameters, passage_conditions
from app.tagging.codes import CodeName, follow_names
from app.vocabulary import Polarity


@dataclass(frozen=True)
class CodeEntry:
    """A code of the codebook with the texts that name it."""

    code: str
    kind: str
    labels: dict[str, str]
    about: str

    def label(self, language: str) -> str:
        """Its label in a language, else in another, else the code."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.code)


@dataclass(frozen=True)
class StudyVocabulary:
    """What a study knows by name.

    The knowledge holder is who of the team held the most interviews. `competitors` are those of the product, with the
    participants who say of themselves that they compared with them: codes of alternatives name the competitor.
    `renamed_codes` leads from names of codes that were renamed or merged to those that have their taggings now.
    `leading_bands` are the fewest LTV bands that bring half of the revenue; `has_gists` is whether there are any gists.
    `bands` and `classes` are those that customers are of, `scheme_bands` all bands of the study.
    """

    study_id: uuid.UUID
    slug: str
    languages: tuple[str, ...]
    segments: dict[str, tuple[str, ...]]
    participants: tuple[str, ...]
    codes: dict[str, CodeEntry]
    bands: tuple[str, ...]
    classes: tuple[str, ...]
    tagged_kinds: frozenset[str]
    knowledge_holder: str | None
    competitors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    renamed_codes: dict[str, str] = field(default_factory=dict)
    leading_bands: tuple[str, ...] = ()
    has_gists: bool = False
    scheme_bands: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoredUtterance:
    """The stored words of an utterance with the places and times of its cues."""

    text: str
    start_ms: int | None
    end_ms: int | None
    cues: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class ClaimEvidence:
    """What is counted for one claim: everybody tagged with `code` in this polarity, and the utterances it cites."""

    code: str | None
    polarity: Polarity
    cited: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class PeopleCount:
    """Distinct participants in scope, in all, by segment and by language."""

    total: int
    by_segment: dict[str, int]
    by_language: dict[str, int]


@dataclass(frozen=True)
class ClaimCount:
    """Distinct participants who gave evidence for a claim, and with whom its topic came up at all."""

    gave: PeopleCount
    raised: int


_VOCABULARY = text("""
SELECT study.id, study.languages, study.value_scheme,
  (SELECT jsonb_object_agg(slug, labels) FROM segment WHERE study_id = study.id) AS labels,
  (SELECT jsonb_object_agg(slug, aliases) FROM segment WHERE study_id = study.id) AS aliases,
  ARRAY(SELECT code FROM participant WHERE study_id = study.id ORDER BY code) AS participants,
  (SELECT jsonb_agg(jsonb_build_array(code, kind, labels, about) ORDER BY code) FROM code
    WHERE study_id = study.id AND retired_at IS NULL) AS codes,
  (SELECT jsonb_agg(jsonb_build_array(id, code, former_names, merged_into)) FROM code WHERE study_id = study.id)
    AS code_names,
  ARRAY(SELECT DISTINCT band FROM customer WHERE study_id = study.id AND band IS NOT NULL ORDER BY band) AS bands,
  ARRAY(SELECT DISTINCT abcd_class FROM customer WHERE study_id = study.id AND abcd_class IS NOT NULL
    ORDER BY abcd_class) AS classes,
  ARRAY(SELECT DISTINCT kind FROM code WHERE study_id = study.id AND retired_at IS NULL
    AND EXISTS (SELECT FROM tagging JOIN quotable AS passage USING (utterance_id) WHERE code_id = code.id))
    AS tagged_kinds,
  (SELECT team_member.code FROM team_member LEFT JOIN interview
      ON interview.study_id = study.id AND interview.interviewer = team_member.code
    WHERE team_member.study_id = study.id
    GROUP BY team_member.code ORDER BY count(interview.id) DESC, team_member.code LIMIT 1) AS knowledge_holder,
  (SELECT jsonb_object_agg(competitor, ARRAY(
      SELECT DISTINCT participant.code FROM code JOIN tagging ON tagging.code_id = code.id
        JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
        JOIN participant ON participant.id = passage.participant_id
      WHERE code.study_id = study.id AND code.retired_at IS NULL AND code.kind IN ('alternative', 'competitor_reason')
        AND polarity = 'affirmed' AND position(lower(competitor) IN lower(CAST(code.labels AS text))) > 0
      ORDER BY participant.code))
    FROM unnest(study.competitors) AS competitor) AS competitors,
  ARRAY(SELECT band FROM (
      SELECT band, sum(revenue) OVER (ORDER BY revenue DESC, band) - revenue AS before, sum(revenue) OVER () AS total
      FROM (SELECT band, sum(revenue_eur) AS revenue FROM customer
        WHERE study_id = study.id AND band IS NOT NULL AND revenue_eur > 0 GROUP BY band) AS earning) AS ranked
    WHERE before < total / 2 ORDER BY before) AS leading_bands,
  EXISTS (SELECT FROM passage_gist WHERE passage_gist.study_id = study.id) AS has_gists
FROM study WHERE slug = :slug
""")


def read_vocabulary(session: Session, slug: str) -> StudyVocabulary:
    """Read what a study knows by name.

    Raises:
        NotFoundError: there is no such study.
    """
    row = session.execute(_VOCABULARY, {"slug": slug}).one_or_none()
    if row is None or not is_open(session, row.id):
        known = _known_slugs(session)
        advice = f"known: {', '.join(known)}" if known else "run `verbatim ingest FOLDER` first"
        raise NotFoundError(f"there is no study {slug!r}; {advice}")
    return StudyVocabulary(
        row.id,
        slug,
        tuple(row.languages),
        {name: (*labels.values(), *row.aliases[name]) for name, labels in (row.labels or {}).items()},
        tuple(row.participants),
        {code: CodeEntry(code, kind, labels, about) for code, kind, labels, about in row.codes or ()},
        tuple(row.bands),
        tuple(row.classes),
        frozenset(row.tagged_kinds),
        row.knowledge_holder,
        {name: tuple(people) for name, people in (row.competitors or {}).items()},
        _renamed_codes(row.code_names or ()),
        tuple(row.leading_bands),
        row.has_gists,
        ValueScheme.model_validate(row.value_scheme or {}).bands,
    )


def check_filters(vocabulary: StudyVocabulary, filters: Filters) -> None:
    """Refuse filter values that the study does not know, all at once, each with the nearest known one."""
    known: dict[str, Sequence[str]] = {
        "segments": tuple(vocabulary.segments),
        "languages": vocabulary.languages,
        "codes": tuple(vocabulary.codes),
        "participants": vocabulary.participants,
        "bands": tuple(dict.fromkeys((*vocabulary.scheme_bands, *vocabulary.bands))),
    }
    renamed = vocabulary.renamed_codes
    faults = tuple(
        Fault(f"filters.{field}", f"{value!r} is unknown in study {vocabulary.slug}", _remedy(value, words, renamed))
        for field, words in known.items()
        for value in getattr(filters, field)
        if value not in words
    )
    if faults:
        raise InvalidInputError("the filters name things that this study does not have", faults)


def count_scope(session: Session, study_id: uuid.UUID, filters: Filters, most: int) -> int:
    """Count the passages that the filters leave, up to `most`."""
    statement = _counting(passage_conditions(filters))
    return session.scalar(statement, {"study_id": study_id, "most": most, **filter_parameters(filters)}) or 0


@lru_cache(128)
def _counting(conditions: str) -> TextClause:
    return text(f"SELECT count(*) FROM (SELECT FROM quotable AS passage WHERE {conditions} LIMIT :most) AS rows")  # noqa: S608 fixed fragments only


# Looks for one passage of each person in each language, in place of reading all passages.
_PEOPLE = """
WITH RECURSIVE spoken AS (
  (SELECT language FROM quotable AS passage WHERE study_id = :study_id ORDER BY language LIMIT 1)
  UNION ALL SELECT (
    SELECT language FROM quotable AS passage WHERE study_id = :study_id AND passage.language > spoken.language
    ORDER BY language LIMIT 1)
  FROM spoken WHERE language IS NOT NULL)
SELECT segment.slug AS segment, spoken.language, count(DISTINCT person.id) AS people
FROM participant AS person LEFT JOIN segment ON segment.id = person.segment_id CROSS JOIN spoken
  CROSS JOIN LATERAL (SELECT FROM quotable AS passage
    WHERE passage.participant_id = person.id AND passage.language = spoken.language AND {conditions} LIMIT 1) AS heard
WHERE person.study_id = :study_id
GROUP BY GROUPING SETS ((), (segment.slug), (spoken.language))
"""

_CLAIMS = """
WITH claim AS (
  SELECT * FROM unnest(CAST(:numbers AS int[]), CAST(:claim_codes AS text[]), CAST(:polarities AS text[]))
    AS claim(number, code, polarity)),
cited AS (
  SELECT * FROM unnest(CAST(:cited_numbers AS int[]), CAST(:cited AS uuid[])) AS cited(number, utterance_id)),
evidence AS (
  SELECT claim.number, tagging.utterance_id, tagging.polarity = claim.polarity AS agrees
  FROM claim JOIN code ON code.code = claim.code AND code.study_id = :study_id
    JOIN tagging ON tagging.code_id = code.id
  UNION SELECT number, utterance_id, true FROM cited)
SELECT evidence.number, segment.slug AS segment, passage.language,
  count(DISTINCT passage.participant_id) FILTER (WHERE agrees) AS gave,
  count(DISTINCT passage.participant_id) AS raised,
  GROUPING(segment.slug, passage.language) AS level
FROM evidence JOIN quotable AS passage USING (utterance_id)
  JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
WHERE {conditions}
GROUP BY GROUPING SETS ((evidence.number), (evidence.number, segment.slug), (evidence.number, passage.language))
"""


_POLARITIES = """
SELECT code.code,
  count(DISTINCT passage.participant_id) FILTER (WHERE polarity = 'affirmed') AS affirming,
  count(DISTINCT passage.participant_id) FILTER (WHERE polarity = 'denied') AS denying
FROM tagging JOIN code ON code.id = tagging.code_id
  JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
WHERE code.study_id = :study_id AND code.code = ANY(:claim_codes) AND {conditions}
GROUP BY code.code
"""


def prevailing_polarities(
    session: Session, study_id: uuid.UUID, filters: Filters, codes: Collection[str]
) -> dict[str, Polarity]:
    """Whether more people in scope affirm a code or deny it; of two equal numbers the affirmation prevails."""
    people = filters.model_copy(update={"codes": (), "kinds": ()})
    parameters = {"study_id": study_id, "claim_codes": sorted(codes), **filter_parameters(people)}
    rows = session.execute(text(_POLARITIES.format(conditions=passage_conditions(people))), parameters)
    return {row.code: Polarity.DENIED if row.denying > row.affirming else Polarity.AFFIRMED for row in rows}


def count_people(session: Session, study_id: uuid.UUID, filters: Filters) -> PeopleCount:
    """Count the distinct participants in scope; filters on codes and kinds do not shrink the denominator."""
    people = filters.model_copy(update={"codes": (), "kinds": ()})
    statement = text(_PEOPLE.format(conditions=passage_conditions(people)))
    rows = session.execute(statement, {"study_id": study_id, **filter_parameters(people)}).all()
    return _people_count([(row.segment, row.language, row.people) for row in rows])


def count_claims(
    session: Session, study_id: uuid.UUID, filters: Filters, claims: Sequence[ClaimEvidence]
) -> tuple[ClaimCount, ...]:
    """Count the distinct participants behind each claim."""
    people = filters.model_copy(update={"codes": (), "kinds": ()})
    parameters: dict[str, Any] = {
        "study_id": study_id,
        "numbers": list(range(len(claims))),
        "claim_codes": [claim.code for claim in claims],
        "polarities": [str(claim.polarity) for claim in claims],
        "cited_numbers": [number for number, claim in enumerate(claims) for _ in claim.cited],
        "cited": [utterance for claim in claims for utterance in claim.cited],
        **filter_parameters(people),
    }
    rows = session.execute(text(_CLAIMS.format(conditions=passage_conditions(people))), parameters).all()
    return tuple(_claim_count([row for row in rows if row.number == number]) for number in range(len(claims)))


def save_answer(session: Session, study: str, answer_id: uuid.UUID, body: dict[str, Any]) -> None:
    """Keep an answer under its permanent link."""
    study_id = session.scalars(select(Study.id).where(Study.slug == study)).one()
    session.add(Answer(id=answer_id, study_id=study_id, question=body["question"], body=body))
    session.flush()
    session.add_all(
        AnswerCitation(answer_id=answer_id, n=citation["n"], utterance_id=uuid.UUID(citation["utterance"]))
        for citation in body["citations"]
        if citation["utterance"] is not None
    )


def read_answer(session: Session, answer_id: uuid.UUID) -> dict[str, Any]:
    """Read a kept answer as it was given.

    Raises:
        NotFoundError: there is no such answer.
    """
    answer = session.get(Answer, answer_id)
    if answer is None or not is_open(session, answer.study_id):
        raise NotFoundError(f"there is no answer {answer_id}")
    return answer.body


def _known_slugs(session: Session) -> list[str]:
    """The names of the studies that this session may see."""
    opened, statement = open_studies(session), select(Study.slug).order_by(Study.slug)
    return list(session.scalars(statement if opened is None else statement.where(Study.id.in_(opened))))


def read_turns(session: Session, study_id: uuid.UUID, thread_id: uuid.UUID, most: int) -> list[dict[str, Any]]:
    """Read the last answers of a thread of one study, oldest first."""
    statement = (
        select(Answer.body)
        .where(Answer.study_id == study_id, Answer.body["thread_id"].astext == str(thread_id))
        .order_by(Answer.created_at.desc(), Answer.id)
        .limit(most)
    )
    return list(session.scalars(statement))[::-1]


def interviewers_of(session: Session, study_id: uuid.UUID, interviews: Collection[str]) -> dict[str, str]:
    """Who of the team held these interviews, by interview; one whom the team does not list is left out."""
    statement = text(
        "SELECT interview.code, team_member.code AS member FROM interview JOIN team_member "
        "ON team_member.study_id = interview.study_id AND team_member.code = interview.interviewer "
        "WHERE interview.study_id = :study_id AND interview.code = ANY(:interviews)"
    )
    rows = session.execute(statement, {"study_id": study_id, "interviews": sorted(interviews)})
    return {row.code: row.member for row in rows}


def superseded_transcripts(session: Session, transcripts: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Which of these transcript versions are no longer the published one of their interview."""
    statement = text(
        "SELECT transcript.id FROM transcript JOIN interview ON interview.id = transcript.interview_id "
        "WHERE transcript.id = ANY(:ids) AND interview.transcript_id IS DISTINCT FROM transcript.id"
    )
    return frozenset(session.scalars(statement, {"ids": list(transcripts)}))


def withheld_utterances(session: Session, utterances: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Which of these utterances are of interviews of which nobody may be quoted any more."""
    statement = text(
        "SELECT utterance.id FROM utterance JOIN interview ON interview.id = utterance.interview_id "
        "WHERE utterance.id = ANY(:ids) AND NOT consents_to(interview.consent, 'quotes')"
    )
    return frozenset(session.scalars(statement, {"ids": list(utterances)}))


_STORED = text("""
SELECT id, text, start_ms, end_ms, cues FROM utterance WHERE id = ANY(:utterances) AND role = 'participant'
""")


def stored_utterances(session: Session, utterances: Sequence[uuid.UUID]) -> dict[uuid.UUID, StoredUtterance]:
    """What is stored of participants' utterances; those of anybody else are not among them."""
    rows = session.execute(_STORED, {"utterances": list(utterances)})
    return {row.id: StoredUtterance(row.text, row.start_ms, row.end_ms, tuple(row.cues)) for row in rows}


def _renamed_codes(rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    names = follow_names([CodeName(row[0], row[1], tuple(row[2]), row[3]) for row in rows])
    return {name: code.code for name, code in names.items() if code.code != name}


def _remedy(value: str, words: Sequence[str], renamed: Mapping[str, str]) -> str:
    if renamed.get(value) in words:
        return f"write {renamed[value]!r}, which it is called now"
    return suggest_name(value, words)


def _people_count(rows: Sequence[tuple[str | None, str | None, int]]) -> PeopleCount:
    by_segment = {segment: people for segment, language, people in rows if segment and not language}
    by_language = {language: people for segment, language, people in rows if language and not segment}
    total = max((people for segment, language, people in rows if not segment and not language), default=0)
    return PeopleCount(total, dict(sorted(by_segment.items())), dict(sorted(by_language.items())))


def _claim_count(rows: Sequence[Row[Any]]) -> ClaimCount:
    gave = _people_count([(row.segment, row.language, row.gave) for row in rows])
    return ClaimCount(gave, max((row.raised for row in rows), default=0))
