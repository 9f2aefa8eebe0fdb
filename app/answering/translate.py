"""Quotes in the question's language, beside the original and never in its place; each is translated once."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from app.answering.dialogue import Dialogue
from app.answering.kept_translations import keep_translations, read_any_translations, read_translations
from app.answering.schemas import Citation, Translation
from app.answering.statements import Place
from app.language import english_name, primary_language
from app.markup import names_an_address, plain_prose
from app.prompt_outputs import Renditions
from app.prompts import json_line
from app.services import Services

PROMPT = "translate_quotes"
MOST_QUOTES_AT_ONCE = 12
MOST_CHARACTERS_AT_ONCE = 8_000
_LONGEST_FACTOR = 4
_LONGEST_EXTRA_CHARACTERS = 80


def translate(
    citations: Sequence[Citation], language: str, dialogue: Dialogue, services: Services
) -> tuple[Citation, ...]:
    """Add a translation to the quotes in other languages; where the chat model gives none, a quote stays without.

    Opens two short transactions, none across a call of the model.

    Raises:
        ChatError: whoever asked has left.
    """
    foreign = {
        _place(citation): citation.quote
        for citation in citations
        if citation.evidence == "interview" and primary_language(citation.language) != primary_language(language)
    }
    if not foreign:
        return tuple(citations)
    made_by = language, dialogue.chat.identity, dialogue.prompts[PROMPT].provenance
    with services.database.begin_in_turn() as session:
        translations = read_translations(session, foreign.keys(), *made_by)
    missing = {place: quote for place, quote in foreign.items() if place not in translations}
    made = dict(_translated(missing, language, dialogue))
    if made:
        with services.database.begin_in_turn() as session:
            keep_translations(session, made, *made_by)
    return tuple(_with(citation, (translations | made).get(_place(citation)), language) for citation in citations)


def with_kept_translations(session: Session, citations: Sequence[Citation], language: str) -> tuple[Citation, ...]:
    """Add the translations into a language that were made before to the quotes in other languages that have none."""
    missing = {
        _place(citation)
        for citation in citations
        if citation.translation is None and primary_language(citation.language) != primary_language(language)
    }
    kept = read_any_translations(session, missing, language) if missing else {}
    return tuple(_with(citation, kept.get(_place(citation)), language) for citation in citations)


def usable_translation(text: str, quote: str) -> str | None:
    """A translation as plain text on one line; none if it is empty, the quote itself, too long or has a link."""
    plain = " ".join(plain_prose(text).split())
    most = _LONGEST_FACTOR * len(quote) + _LONGEST_EXTRA_CHARACTERS
    is_other = bool(plain) and plain.casefold() != quote.casefold()
    return plain if is_other and len(plain) <= most and not names_an_address(plain) else None


def _translated(missing: Mapping[Place, str], language: str, dialogue: Dialogue) -> Iterator[tuple[Place, str]]:
    """Translate what is missing, as far as the model and its allowance go."""
    for batch in _batches(missing):
        offered = {f"t{number}": place for number, place in enumerate(batch, start=1)}
        values = {
            "language": english_name(language),
            "passages": "\n".join(json_line({"id": id_, "text": missing[place]}) for id_, place in offered.items()),
        }
        said = dialogue.ask(PROMPT, values, Renditions)
        if said is None:
            return
        for rendition in said.translations:
            place = offered.pop(rendition.id, None)
            text = usable_translation(rendition.text, missing[place]) if place else None
            if place and text:
                yield place, text


def _batches(missing: Mapping[Place, str]) -> Iterator[list[Place]]:
    """Group quotes into calls of bounded size; a quote that is too long for any call is left out."""
    batch: list[Place] = []
    characters = 0
    for place, quote in missing.items():
        if len(quote) > MOST_CHARACTERS_AT_ONCE:
            continue
        if len(batch) == MOST_QUOTES_AT_ONCE or characters + len(quote) > MOST_CHARACTERS_AT_ONCE:
            yield batch
            batch, characters = [], 0
        batch.append(place)
        characters += len(quote)
    if batch:
        yield batch


def _with(citation: Citation, text: str | None, language: str) -> Citation:
    if text is None:
        return citation
    return citation.model_copy(update={"translation": Translation(text=text, language=language, machine=True)})


def _place(citation: Citation) -> Place:
    return (citation.utterance, *citation.span)
