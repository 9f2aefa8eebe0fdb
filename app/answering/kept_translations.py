"""Translations of quotes that were made before: read and kept by span, language, model and prompt."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.answering.statements import Place
from app.models import QuoteTranslation, Utterance


def read_translations(
    session: Session, places: Collection[Place], language: str, model: str, prompt: str
) -> dict[Place, str]:
    """Read the translations into a language that this model made by this prompt, of those places that have one."""
    kept = QuoteTranslation
    rows = session.scalars(
        select(kept).where(
            kept.utterance_id.in_({utterance for utterance, _, _ in places}),
            kept.language == language,
            kept.model == model,
            kept.prompt == prompt,
        )
    )
    found = {(row.utterance_id, row.start, row.end): row.text for row in rows}
    return {place: text for place, text in found.items() if place in places}


def read_any_translations(session: Session, places: Collection[Place], language: str) -> dict[Place, str]:
    """Read the translations into a language, whatever model made them; of several the newest."""
    kept = QuoteTranslation
    rows = session.scalars(
        select(kept)
        .where(kept.utterance_id.in_({utterance for utterance, _, _ in places}), kept.language == language)
        .order_by(kept.created_at, kept.model, kept.prompt)
    )
    found = {(row.utterance_id, row.start, row.end): row.text for row in rows}
    return {place: text for place, text in found.items() if place in places}


def keep_translations(
    session: Session, translations: Mapping[Place, str], language: str, model: str, prompt: str
) -> None:
    """Keep translations; one that somebody else kept meanwhile stays, and one of words that were erased is not kept."""
    stored = frozenset(
        session.scalars(
            select(Utterance.id)
            .where(Utterance.id.in_({place[0] for place in translations}))
            .with_for_update(read=True, key_share=True)
        )
    )
    rows = [
        {
            "utterance_id": utterance,
            "start": start,
            "end": end,
            "language": language,
            "model": model,
            "prompt": prompt,
            "text": text,
        }
        for (utterance, start, end), text in sorted(translations.items())
        if utterance in stored
    ]
    if rows:
        session.execute(insert(QuoteTranslation).on_conflict_do_nothing(), rows)
