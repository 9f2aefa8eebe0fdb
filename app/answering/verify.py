"""The gate before anything is shown: a quote is the stored words of a participant, or it is dropped and counted."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from app.answering.cite import Quoted
from app.answering.queries import StoredUtterance
from app.answering.schemas import Dropped


def verify(quoted: Sequence[Quoted], stored: Mapping[uuid.UUID, StoredUtterance]) -> tuple[list[Quoted], Dropped]:
    """Keep the quotes whose span lies in the stored words of a participant's utterance, unaltered.

    Args:
        quoted: what is about to be cited.
        stored: what the database holds for those utterances, participants' only.
    """
    kept, reasons = [], Counter[str]()
    for item in quoted:
        reason = _fault(item, stored.get(item.ranked.candidate.utterance_id))
        if reason is None:
            kept.append(item)
        else:
            reasons[reason] += 1
    return kept, Dropped(**reasons)


def _fault(item: Quoted, stored: StoredUtterance | None) -> str | None:
    if stored is None:
        return "wrong_speaker"
    if not 0 <= item.span.start < item.span.end <= len(stored.text):
        return "fabricated"
    if stored.text != item.ranked.candidate.text:
        return "altered"
    return None
