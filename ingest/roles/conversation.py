"""Who asks and who tells when nobody interprets: by label where there are labels, else turn by turn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.language import LanguageGuess, primary_language
from app.vocabulary import Role
from ingest.roles.attribution import SURE, Attribution, Basis, RoleContext, inferred
from ingest.roles.cast import infer_cast
from ingest.roles.chain import state_posteriors
from ingest.roles.signals import asking_evidence, count_words, pauses_before
from ingest.transcript import Turn

# Pseudo-counts of who speaks after whom; rows and columns: interviewer, participant. Turns alternate strictly, or
# mostly, or they are pieces of turns.
TURN_TAKING = (
    np.array([[0.5, 99.0], [99.0, 0.5]]),
    np.array([[2.0, 8.0], [8.0, 2.0]]),
    np.array([[4.0, 6.0], [4.0, 6.0]]),
)

# Log-odds of asking for a turn in the interviewer's language, where the participant speaks another.
LANGUAGE_EVIDENCE = 2.0


def attribute_conversation(
    turns: Sequence[Turn],
    languages: Sequence[LanguageGuess],
    given: Sequence[Attribution | None],
    context: RoleContext,
) -> tuple[Attribution, ...]:
    """Attribute the turns of an interview without interpreter; `given` are kept as they are."""
    texts = [turn.text for turn in turns]
    asking = asking_evidence(texts, [guess.language for guess in languages]) + _language_evidence(languages, context)
    by_label = _label_attributions(turns, given, asking, count_words(texts), context)
    settled = [attribution or by_label.get(turn.speaker or "") for turn, attribution in zip(turns, given, strict=True)]
    roles = [attribution.role if attribution else None for attribution in settled]
    by_turn = _infer_turns(asking, roles, pauses_before(turns))
    return tuple(
        attribution or inferred(role, confidence, context.only_participant)
        for attribution, (role, confidence) in zip(settled, by_turn, strict=True)
    )


def _language_evidence(languages: Sequence[LanguageGuess], context: RoleContext) -> NDArray[np.float64]:
    """Log-odds of asking from the language of each turn, where interviewer and participant do not share one."""
    asked_in = context.interviewer_language
    if asked_in is None or context.in_participant_language(asked_in):
        return np.zeros(len(languages))
    asks = [primary_language(guess.language) == primary_language(asked_in) for guess in languages]
    tells = [context.in_participant_language(guess.language) for guess in languages]
    confidence = np.array([guess.confidence for guess in languages])
    return LANGUAGE_EVIDENCE * confidence * (np.array(asks, dtype=np.float64) - np.array(tells, dtype=np.float64))


def _label_attributions(
    turns: Sequence[Turn],
    given: Sequence[Attribution | None],
    asking: NDArray[np.float64],
    words: NDArray[np.float64],
    context: RoleContext,
) -> dict[str, Attribution]:
    """Attributions of the labels that no one knows; none where one such label stands for everybody."""
    labelled = np.array([bool(turn.speaker) for turn in turns])
    labels = [turn.speaker for turn in turns if turn.speaker]
    known = {
        turn.speaker: attribution.role
        for turn, attribution in zip(turns, given, strict=True)
        if turn.speaker and attribution and attribution.basis is not Basis.PERSON
    }
    if len(set(labels)) < 2:
        return {}
    cast = infer_cast(labels, asking[labelled], words[labelled], known, len(context.participants) == 1)
    tellers = [label for label, (role, sure) in cast.items() if role is Role.PARTICIPANT and sure >= SURE]
    taken = {attribution.participant for attribution in given if attribution}
    left = [code for code in context.participants if code not in taken]
    code = left[0] if len(left) == len(tellers) == 1 else context.only_participant
    return {label: inferred(*cast.get(label, (Role.UNKNOWN, 0.0)), code) for label in set(labels) - set(known)}


def _infer_turns(
    asking: NDArray[np.float64], given: Sequence[Role | None], pauses_ms: Sequence[int | None]
) -> list[tuple[Role, float]]:
    """Interviewer or participant for each turn, with the probability, from the words and from turn-taking.

    Given roles other than these two say nothing about their neighbours.
    """
    evidence = np.column_stack([asking / 2, -asking / 2])
    for turn, role in enumerate(given):
        if role is not None:
            evidence[turn] = (
                -np.inf if role is Role.PARTICIPANT else 0.0,
                -np.inf if role is Role.INTERVIEWER else 0.0,
            )
    posteriors = state_posteriors(evidence, TURN_TAKING, pauses_ms)
    return [
        (Role.INTERVIEWER, float(asks)) if asks >= tells else (Role.PARTICIPANT, float(tells))
        for asks, tells in posteriors
    ]
