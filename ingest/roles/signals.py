"""How much each turn sounds like asking rather than telling, as log-odds, from its words and its length alone."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.language import primary_language
from ingest.roles.cues import CUES, Cues
from ingest.transcript import Turn

# A transcript in which fewer turns than this hold a question mark was not punctuated: marks then say nothing.
PUNCTUATED_SHARE = 0.05
INTERJECTION_WORDS = 3
EVIDENCE_LIMIT = 4.0
SENTENCE_END = re.compile(r"[.!?…]+[\s\"'»”)]+")
LEADING_MARKS = "¿¡\"'«»„“”…-–— "
TRAILING_MARKS = "\"'«»“”) "

# Log-odds per unit of each signal: from ridge regressions over the sample study, with and without punctuation, whole
# turns and pieces of turns, in three languages. Question marks and length weigh less than they would there, since
# prompts in statements, participants who ask back and talkative interviewers are rare in it.
MARK_WEIGHT = 1.4
OPENING_WEIGHT = 1.2
ASKING_WEIGHT = 1.5
LISTENING_WEIGHT = 0.8
PERSON_WEIGHT = 1.8
ANSWERING_WEIGHT = -0.8
LENGTH_WEIGHT = -1.2
REPORTING_WEIGHT = 2.0
BASE = -0.2


def count_words(texts: Sequence[str]) -> NDArray[np.float64]:
    """The number of words of each text, at least one; shape (n_texts,)."""
    return np.array([max(len(text.split()), 1) for text in texts], dtype=np.float64)


def pauses_before(turns: Sequence[Turn]) -> list[int | None]:
    """The pause before each turn but the first, in milliseconds; negative where turns overlap, `None` without times."""
    return [
        None if before.end_ms is None or after.start_ms is None else after.start_ms - before.end_ms
        for before, after in pairwise(turns)
    ]


def asking_evidence(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float64]:
    """Log-odds that the speaker of each turn asks (interviewer) rather than tells (participant).

    Signals: question marks, where the transcript has any; interrogative openings, inversions and prompts ("tell me");
    second against first person; answering openings; length relative to the interview's median turn.

    Returns:
        shape (n_texts,), nats, range [-EVIDENCE_LIMIT, EVIDENCE_LIMIT].
    """
    if not texts:
        return np.zeros(0)
    words = count_words(texts)
    marks = _question_marks(texts)
    spoken = np.array(
        [
            _spoken_evidence(text, CUES.get(primary_language(language)))
            for text, language in zip(texts, languages, strict=True)
        ]
    )
    length = np.clip(np.log(words / np.median(words)), -2.0, 2.0)
    length[(words <= INTERJECTION_WORDS) & (marks <= 0) & (spoken <= 0)] = 0.0
    evidence: NDArray[np.float64] = BASE + MARK_WEIGHT * marks + LENGTH_WEIGHT * length + spoken
    return evidence.clip(-EVIDENCE_LIMIT, EVIDENCE_LIMIT)


def _question_marks(texts: Sequence[str]) -> NDArray[np.float64]:
    """1 for a turn that ends in a question, 0 for one that holds a question, below 0 for one without."""
    inside = np.array(["?" in text for text in texts])
    if inside.mean() < PUNCTUATED_SHARE:
        return np.zeros(len(texts))
    at_end = np.array([text.rstrip(TRAILING_MARKS).endswith("?") for text in texts])
    return np.where(at_end, 1.0, np.where(inside, 0.0, -0.4))


def _spoken_evidence(text: str, cues: Cues | None) -> float:
    if cues is None:
        return 0.0
    lowered = text.lower()
    sentences = [sentence for sentence in SENTENCE_END.split(lowered) if sentence]
    opens = any(_opens_question(sentence, cues) for sentence in (sentences[:1] + sentences[-1:]))
    turns_of_asking = len(cues.asking.findall(lowered)) / max(len(lowered.split()) / 12, 1.0)
    second = len(cues.second_person.findall(lowered)) + len(cues.formal_address.findall(text))
    first = len(cues.first_person.findall(lowered))
    return (
        OPENING_WEIGHT * opens
        + ASKING_WEIGHT * min(turns_of_asking, 1.0)
        + LISTENING_WEIGHT * bool(cues.listening.search(lowered))
        + PERSON_WEIGHT * (second - first) / (second + first + 1)
        + ANSWERING_WEIGHT * bool(cues.answering.match(lowered.lstrip(LEADING_MARKS)))
    )


def _opens_question(sentence: str, cues: Cues) -> bool:
    """Whether a sentence in lower case begins like a question, after "and", "okay" and the like."""
    bare = sentence.lstrip(LEADING_MARKS)
    return bool(cues.opening.match(cues.connectives.sub("", bare).lstrip(LEADING_MARKS)))


def reporting_evidence(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float64]:
    """Log-odds that a turn renders another's words, because it begins "she says", "fragt er"; shape (n_texts,)."""
    cues = [CUES.get(primary_language(language)) for language in languages]
    begins = [
        bool(cue and cue.reporting.match(text.lower().lstrip(LEADING_MARKS)))
        for text, cue in zip(texts, cues, strict=True)
    ]
    return REPORTING_WEIGHT * np.array(begins, dtype=np.float64)
