"""What may be quoted without being asked for: by its ids, at spans of it."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.answering.candidates import Candidate, read_candidates
from app.answering.cite import Quoted, cite
from app.answering.queries import StoredUtterance, stored_utterances
from app.answering.rank import Ranked
from app.answering.schemas import Citation
from app.answering.verify import verify
from app.text import Span
from app.vocabulary import Polarity


def cite_spans(
    session: Session, study: str, study_id: uuid.UUID, spans: Sequence[tuple[uuid.UUID, Span]]
) -> tuple[Citation | None, ...]:
    """Cite spans of utterances, each in its place; nothing in the place of what may not be quoted any more."""
    candidates = read_candidates(session, study_id, {utterance_id for utterance_id, _ in spans})
    stored = stored_utterances(session, list(candidates))
    return tuple(
        _cite(n, candidates.get(utterance_id), span, stored, study)
        for n, (utterance_id, span) in enumerate(spans, start=1)
    )


def _cite(
    n: int, candidate: Candidate | None, span: Span, stored: Mapping[uuid.UUID, StoredUtterance], study: str
) -> Citation | None:
    if candidate is None:
        return None
    quoted = Quoted(Ranked(candidate, 0.0, "fair", None), span, Polarity.AFFIRMED)
    kept, _ = verify([quoted], stored)
    citation = cite(n, quoted, stored[candidate.utterance_id], study) if kept else None
    return citation and citation.model_copy(update={"relevance": None})
