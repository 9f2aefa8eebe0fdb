"""The story of a job in one interview: what a chat model finds of it, each entry on the participant's own words."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.chat import Allowance, Chat
from app.language import english_name
from app.markup import names_an_address, plain_prose
from app.prompt_outputs import JobStory, StoryEntry
from app.prompts import Prompt
from app.vocabulary import JobField
from ingest.enrichment.offered import Offered, render_passages

PROMPT = "tell_job"
MOST_AT_ONCE = 60
MOST_CHARACTERS = 20_000
MOST_OF_FIELD = 6
LONGEST_STATEMENT = 240
_QUOTATION_MARKS = str.maketrans("", "", '"“”„‟«»‹›‘‚‛「」『』')


@dataclass(frozen=True)
class Entry:
    """One thing in the story, and the words that say it."""

    field: JobField
    statement: str
    utterance_id: uuid.UUID
    start: int
    end: int


def tell_story(
    parts: Sequence[Sequence[Offered]],
    language: str,
    chat: Chat,
    prompts: Mapping[str, Prompt],
    grant: Callable[[], Allowance],
) -> tuple[Entry, ...]:
    """Ask for the story, part by part of an interview, each within an allowance of its own.

    Raises:
        ChatError: the chat model gives nothing that can be used.
    """
    found: list[Entry] = []
    for part in parts:
        values = {"language": english_name(language), "passages": render_passages(part)}
        reply = chat.ask(prompts[PROMPT], values, JobStory, grant())
        found += check_entries(reply.value.entries, part)
    return tuple(_few_of_each(found))


def check_entries(said: Sequence[StoryEntry], offered: Sequence[Offered]) -> Iterator[Entry]:
    """Keep the entries that point at sentences that were offered, with a statement that is plain text."""
    by_id = {item.id: item for item in offered}
    for entry in said:
        item = by_id.get(entry.id)
        span = item.span(entry.sentences) if item else None
        statement = " ".join(plain_prose(entry.statement).translate(_QUOTATION_MARKS).split())
        if item is None or span is None or not _is_usable(statement):
            continue
        yield Entry(entry.field, statement, item.passage.utterance_id, span.start, span.end)


def _is_usable(statement: str) -> bool:
    has_words = any(character.isalnum() for character in statement)
    return has_words and len(statement) <= LONGEST_STATEMENT and not names_an_address(statement)


def _few_of_each(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Each thing once, and of each field the first ones."""
    told = Counter[JobField]()
    for entry in dict.fromkeys(entries):
        told[entry.field] += 1
        if told[entry.field] <= MOST_OF_FIELD:
            yield entry
