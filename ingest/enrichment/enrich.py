"""Enrichment of published interviews by the chat model: what is missing, or everything anew.

No transaction is open while the model works, and what was made stays when the next call fails: who goes on later does
not begin anew. Two processes never enrich the same interview at the same time.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from app.chat import Allowance, Chat, ChatError, ChatReason, grant_allowance
from app.embedding import Vectors
from app.services import Services
from app.tagging.store import published_interviews, read_codes
from app.tagging.targets import TagCode
from ingest.enrichment import notes, story
from ingest.enrichment.offered import Offered, batches
from ingest.enrichment.store import (
    Maker,
    has_story,
    keep_notes,
    keep_story,
    published_transcript,
    read_passages,
    working_language,
)
from ingest.runs import alone_with

INGEST = "ingest"
"""Whom the tokens of enrichment are charged to."""
_OF_ONE_CALL: frozenset[ChatReason] = frozenset({"malformed", "refused", "timeout"})

log = structlog.get_logger()

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class EnrichmentReport:
    """How many passages got notes and how many interviews a story; `failed` calls gave nothing.

    `ended_by` is why the rest was left for later, if it was.
    """

    passages: int = 0
    stories: int = 0
    failed: int = 0
    ended_by: str | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was made."""
        return bool(self.passages or self.stories)

    def plus(self, passages: int = 0, stories: int = 0, failed: int = 0) -> "EnrichmentReport":
        """The report with so much more."""
        return EnrichmentReport(self.passages + passages, self.stories + stories, self.failed + failed, self.ended_by)


NOT_ENRICHED = EnrichmentReport()


def enrich_study(
    study_id: uuid.UUID, services: Services, progress: Progress, *, anew: bool = False
) -> EnrichmentReport:
    """Enrich the published interviews of a study; without a chat model nothing happens.

    Args:
        study_id: the study.
        services: the opened services.
        progress: called with (interview, done, total) before each interview.
        anew: whether what was made before is made again.
    """
    report = NOT_ENRICHED
    if services.chat is None:
        return report
    with services.database.sessions.begin() as session:
        interviews = published_interviews(session, study_id)
        desk = _Desk(
            study_id,
            services,
            services.chat,
            read_codes(session, study_id),
            working_language(session, study_id),
            anew=anew,
        )
    for done, (interview, interview_id) in enumerate(interviews.items()):
        progress(interview, done, len(interviews))
        try:
            for more in _enrich(interview_id, desk):
                report = report.plus(*more)
        except ChatError as error:
            log.warning("enrichment is left for later", interview=interview, reason=error.reason)
            return EnrichmentReport(report.passages, report.stories, report.failed, error.message)
    return report


@dataclass(frozen=True)
class _Desk:
    """What the steps of one study share."""

    study_id: uuid.UUID
    services: Services
    chat: Chat
    codes: Sequence[TagCode]
    language: str
    anew: bool

    def grant(self) -> Allowance:
        """Time and tokens of one call."""
        return grant_allowance(self.services.settings, INGEST)

    def maker(self, prompt: str) -> Maker:
        """What makes things by a prompt."""
        return Maker(self.chat.identity, self.services.prompts[prompt].provenance)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, zero for empty ones: shape (n, dimension)."""
        embedder = self.services.embedder
        vectors = np.zeros((len(texts), embedder.identity.dimension), np.float32)
        filled = [place for place, text in enumerate(texts) if text]
        if filled:
            vectors[filled] = embedder.embed_passages([texts[place] for place in filled])
        return vectors


def _enrich(interview_id: uuid.UUID, desk: _Desk) -> Iterator[tuple[int, int, int]]:
    """Enrich one interview, unless another process does: passages, stories and failed calls of each step."""
    lock = uuid.uuid5(interview_id, "enrichment")
    with alone_with(desk.services.database.engine, lock) as alone:
        if not alone:
            return
        with desk.services.database.sessions.begin() as session:
            transcript_id = published_transcript(session, interview_id)
            missing = read_passages(session, interview_id, anew=desk.anew)
            told = transcript_id is None or (not desk.anew and has_story(session, transcript_id))
            whole = () if told else read_passages(session, interview_id, anew=True)
        if transcript_id is None:
            return
        for batch in batches(missing, notes.MOST_AT_ONCE, notes.MOST_CHARACTERS):
            yield _note(batch, interview_id, transcript_id, desk)
        if whole:
            parts = list(batches(whole, story.MOST_AT_ONCE, story.MOST_CHARACTERS))
            yield _tell(parts, interview_id, transcript_id, desk)


def _note(
    batch: Sequence[Offered], interview_id: uuid.UUID, transcript_id: uuid.UUID, desk: _Desk
) -> tuple[int, int, int]:
    services = desk.services
    try:
        taken = notes.take_notes(batch, desk.codes, desk.language, desk.chat, services.prompts, desk.grant())
    except ChatError as error:
        if error.reason not in _OF_ONE_CALL:
            raise
        return 0, 0, 1
    gists = desk.embed([note.gist for note in taken])
    with services.database.sessions.begin() as session:
        if published_transcript(session, interview_id) != transcript_id:
            return 0, 0, 0
        maker = desk.maker(notes.PROMPT)
        keep_notes(session, desk.study_id, taken, gists, desk.language, maker, services.embedder.identity)
    return len(taken), 0, 0


def _tell(
    parts: Sequence[Sequence[Offered]], interview_id: uuid.UUID, transcript_id: uuid.UUID, desk: _Desk
) -> tuple[int, int, int]:
    services = desk.services
    try:
        entries = story.tell_story(parts, desk.language, desk.chat, services.prompts, desk.grant)
    except ChatError as error:
        if error.reason not in _OF_ONE_CALL:
            raise
        return 0, 0, 1
    with services.database.sessions.begin() as session:
        if published_transcript(session, interview_id) != transcript_id:
            return 0, 0, 0
        keep_story(session, desk.study_id, transcript_id, entries, desk.maker(story.PROMPT))
    return 0, 1, 0
