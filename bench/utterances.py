"""How fast utterances get their roles, languages, tags and vectors; `bench.spine` prints it."""

import time
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.models import IngestRun
from app.services import Services
from app.tagging.features import Said, embed_said
from app.tagging.store import find_study, read_codes
from app.tagging.tagger import Tagger
from app.tagging.targets import TagCode
from app.vault import Vault
from app.vocabulary import Role
from ingest.passages import questions_before, with_questions
from ingest.reading import read_utterances
from ingest.store import InterviewSource, read_source


def utterances_per_s(services: Services, study: str) -> float:
    """Process all interviews of an ingested study once more, from the bytes of a transcript on; nothing is stored."""
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        codes, sources = read_codes(session, study_id), _sources(session, study_id, services.vault)
    start = time.perf_counter()
    utterances = sum(_process(source, codes, services.embedder) for source in sources)
    return utterances / (time.perf_counter() - start)


def _sources(session: Session, study_id: uuid.UUID, vault: Vault) -> list[InterviewSource]:
    runs = session.scalars(select(IngestRun.id).where(IngestRun.study_id == study_id)).all()
    return [read_source(session, run_id, vault) for run_id in runs]


def _process(source: InterviewSource, codes: Sequence[TagCode], embedder: Embedder) -> int:
    """Do for an interview what ingest does between reading and publishing it; how many utterances it has."""
    utterances = read_utterances(source, embedder).utterances
    texts = [utterance.turn.text for utterance in utterances]
    questions = questions_before([utterance.attribution.role for utterance in utterances], texts)
    said = [
        Said(index, texts[index], utterance.language, None if question is None else texts[question])
        for index, (utterance, question) in enumerate(zip(utterances, questions, strict=True))
        if utterance.attribution.role is Role.PARTICIPANT
    ]
    vectors = embed_said(said, embedder)
    Tagger.of(codes, embedder).tag(said, source.interview_id, vectors)
    with_questions(vectors.own, vectors.questions)
    return len(utterances)
