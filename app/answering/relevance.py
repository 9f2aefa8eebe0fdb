"""How relevant a candidate is, on a scale whose meaning is known: how often chance alone scores as high."""

from app.answering.retrieve import Candidate
from app.answering.schemas import Relevance
from app.calibration import Thresholds

LEXICAL_SHARE = 0.2
CODE_SHARE = 0.2


def evidence_score(candidate: Candidate) -> float:
    """Join what speaks for a candidate: cosine, share of the question's rare words, nearness of a code of its."""
    return candidate.dense_score + LEXICAL_SHARE * candidate.lexical_score + CODE_SHARE * candidate.code_score


def relevance_of(candidate: Candidate, thresholds: Thresholds) -> Relevance:
    """Place a candidate's score between chance and certainty."""
    score = evidence_score(candidate)
    if score >= thresholds.strong:
        return "strong"
    return "fair" if score >= thresholds.fair else "weak"
