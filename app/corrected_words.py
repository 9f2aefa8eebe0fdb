"""The words that a person put in the place of what a transcript had, sealed like the transcript itself."""

import json
from collections.abc import Mapping

from app.models import Transcript
from app.vault import Vault


def words_fingerprint(vault: Vault, words: Mapping[int, str], original: str) -> str:
    """Identify a version by the one that it corrects and its words, which nobody can try out without the key."""
    return vault.keyed_hash("corrected words", original, json.dumps(words, sort_keys=True))


def seal_words(vault: Vault, words: Mapping[int, str], fingerprint: str) -> bytes:
    """Seal corrected words, by the index of their utterance, for the version with a fingerprint."""
    return vault.seal(json.dumps(words, sort_keys=True).encode(), f"words {fingerprint}")


def open_words(vault: Vault, transcript: Transcript) -> dict[int, str]:
    """The corrected words of a version, by the index of their utterance; none where nobody corrected any.

    Raises:
        UnavailableError: they were sealed with another key.
    """
    if transcript.corrected_words is None:
        return {}
    opened = json.loads(vault.open(transcript.corrected_words, f"words {transcript.fingerprint}"))
    return {int(index): text for index, text in opened.items()}
