"""The story of a job: every entry stands on words that were offered, and says nothing that looks like a quote."""

import uuid

from app.prompt_outputs import StoryEntry
from app.vocabulary import JobField
from ingest.enrichment.offered import Passage, batches
from ingest.enrichment.story import check_entries

TEXT = "Denn kam der Wisch. Da hab ich gesucht."
(OFFERED,) = batches([Passage(uuid.uuid4(), TEXT, "de", None)], 60, 20_000)


def entry(statement: str = "A letter came", named: str = "u1", *sentences: int) -> StoryEntry:
    """An entry of what pushed somebody."""
    return StoryEntry(field=JobField.PUSH, statement=statement, id=named, sentences=sentences)


def test_an_entry_points_at_the_words_that_say_it() -> None:
    """By the sentences that it names; by all of the passage, where it names none."""
    found = list(check_entries([entry("A letter came", "u1", 1), entry()], OFFERED))
    assert [TEXT[each.start : each.end] for each in found] == ["Denn kam der Wisch.", TEXT]


def test_what_has_no_evidence_is_no_story() -> None:
    """Ids and sentences that do not exist, statements without words, and addresses."""
    wrong = [entry(named="u2"), entry("A letter came", "u1", 3), entry("***"), entry("see www.evil.example")]
    assert not list(check_entries(wrong, OFFERED))


def test_a_statement_is_no_quotation() -> None:
    """Quotation marks and markup are taken out."""
    (found,) = check_entries([entry("She says „the *letter* came“")], OFFERED)
    assert found.statement == "She says the letter came"
