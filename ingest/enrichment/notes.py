"""What of a chat model's notes on passages holds: tags of known codes on real sentences, gists that say something."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.chat import Allowance, Chat
from app.language import english_name
from app.markup import names_an_address, plain_prose
from app.prompt_outputs import PassageNote, PassageNotes, PassageTag
from app.prompts import Prompt
from app.tagging.targets import TagCode
from app.vocabulary import Polarity
from ingest.enrichment.offered import Offered, render_codes, render_passages

PROMPT = "tag_passages"
MOST_AT_ONCE = 12
MOST_CHARACTERS = 9_000
MOST_TAGS = 6
LEAST_CONFIDENCE = 0.3
LONGEST_GIST = 300


@dataclass(frozen=True)
class ChatTag:
    """A code on a span of an utterance, as a chat model sees it."""

    code_id: uuid.UUID
    start: int
    end: int
    polarity: Polarity
    confidence: float


@dataclass(frozen=True)
class Note:
    """What is kept of the notes on one passage; a gist that says nothing is empty."""

    utterance_id: uuid.UUID
    gist: str
    tags: tuple[ChatTag, ...]


def take_notes(
    batch: Sequence[Offered],
    codes: Sequence[TagCode],
    language: str,
    chat: Chat,
    prompts: Mapping[str, Prompt],
    allowance: Allowance,
) -> tuple[Note, ...]:
    """Ask for notes on some passages.

    Raises:
        ChatError: the chat model gives nothing that can be used.
    """
    values = {"language": english_name(language), "codes": render_codes(codes), "passages": render_passages(batch)}
    reply = chat.ask(prompts[PROMPT], values, PassageNotes, allowance)
    return tuple(check_notes(reply.value.notes, batch, codes))


def check_notes(said: Sequence[PassageNote], batch: Sequence[Offered], codes: Sequence[TagCode]) -> Iterator[Note]:
    """Keep what points at something that was offered; a passage without a note has no tags, and no gist.

    Codes that persons gave a passage or refused it are theirs to decide, and where they gave it one of the study's own,
    it gets no other of these.
    """
    noted = {note.id: note for note in reversed(said)}
    known = {code.code: code for code in codes}
    for item in batch:
        note = noted.get(item.id)
        tags = dict(_tags(note.tags, item, known)) if note else {}
        yield Note(item.passage.utterance_id, _gist(note.gist) if note else "", tuple(tags.values())[:MOST_TAGS])


def _tags(
    said: Sequence[PassageTag], item: Offered, known: Mapping[str, TagCode]
) -> Iterator[tuple[uuid.UUID, ChatTag]]:
    own = {code.id for code in known.values() if not code.is_general}
    is_coded = bool(item.passage.given & own)
    for tag in sorted(said, key=lambda tag: tag.confidence):
        code, span = known.get(tag.code), item.span(tag.sentences)
        if code is None or span is None or tag.confidence < LEAST_CONFIDENCE:
            continue
        if code.id in item.passage.settled or (is_coded and not code.is_general):
            continue
        yield code.id, ChatTag(code.id, span.start, span.end, tag.polarity, round(tag.confidence, 3))


def _gist(said: str) -> str:
    """One plain line; empty where it says nothing, is no line, or names an address."""
    line = " ".join(plain_prose(said).split())
    is_usable = any(character.isalnum() for character in line) and len(line) <= LONGEST_GIST
    return line if is_usable and not names_an_address(line) else ""
