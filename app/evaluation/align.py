"""Which true turn stands behind stored words, however a platform cut the turns."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+")


def align(turns: Sequence[str], texts: Sequence[str]) -> tuple[int | None, ...]:
    """Find for each text the turn that shares most of its words with it, both in the order of the interview.

    What the platform cut as the gold does is matched whole; what it cut otherwise goes, word by word, to the turn that
    fills most of it (Ratcliff and Obershelp, as in `difflib`).

    Returns:
        shape (len(texts),): index of the turn, `None` where no word matches.
    """
    whole = _whole_turns([" ".join(turn.split()) for turn in turns], [" ".join(text.split()) for text in texts])
    if len(whole) == len(texts):
        return tuple(whole[index] for index in range(len(texts)))
    by_words = _most_words(turns, texts)
    return tuple(whole.get(index, by_words[index]) for index in range(len(texts)))


def _whole_turns(turns: Sequence[str], texts: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, turns, texts, autojunk=False).get_matching_blocks()
    return {block.b + offset: block.a + offset for block in blocks for offset in range(block.size)}


def _most_words(turns: Sequence[str], texts: Sequence[str]) -> list[int | None]:
    turn_words, turn_of = _words(turns)
    text_words, text_of = _words(texts)
    votes: list[Counter[int]] = [Counter() for _ in texts]
    for block in SequenceMatcher(None, turn_words, text_words, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            votes[text_of[block.b + offset]][turn_of[block.a + offset]] += 1
    return [vote.most_common(1)[0][0] if vote else None for vote in votes]


def _words(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    words, origin = [], []
    for index, text in enumerate(texts):
        found = _WORD.findall(text.casefold())
        words.extend(found)
        origin.extend([index] * len(found))
    return words, origin
