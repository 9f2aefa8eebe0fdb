"""Roles in an interpreted interview: a chain of who asks, who renders the question, who answers, who renders that.

Platforms give the interpreter's words a label of their own, the label of the speaker rendered, the label of the
listener, or none; so labels are evidence here whose weight is learnt from the interview, beside the language of a turn,
its sounding like asking or telling, and its likeness to the words in the other language before and after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.language import LanguageGuess
from app.vocabulary import Role
from ingest.roles.attribution import Attribution, Embed, RoleContext, inferred
from ingest.roles.chain import state_posteriors
from ingest.roles.likeness import rendition_evidence
from ingest.roles.signals import asking_evidence, count_words, pauses_before, reporting_evidence
from ingest.transcript import Turn

ASKS, RENDERS_QUESTION, ANSWERS, RENDERS_ANSWER = range(4)
STATE_ROLES = (Role.INTERVIEWER, Role.INTERPRETER, Role.PARTICIPANT, Role.INTERPRETER)

# Sign of "sounds like asking" in each state, and of "renders what came before".
ASKING_SIGN = np.array([0.5, 0.5, -0.5, -0.5])
RENDERING_SIGN = np.array([-0.5, 0.5, -0.5, 0.5])

# Probability that a turn in each state is not in the participant's language; an answer never is.
FOREIGN = np.array([0.93, 0.03, 0.0, 0.97])

# Pseudo-counts of the transitions: question, its rendition, answer, its rendition, and again. Either rendition may be
# missing, where the two understood each other or only one channel was recorded.
TURN_TAKING = (
    np.array([[0.5, 9.0, 0.7, 0.3], [0.7, 0.5, 9.0, 0.3], [0.7, 0.3, 0.5, 9.0], [9.0, 0.5, 0.7, 0.5]]),
    np.array([[4.0, 5.0, 0.7, 0.3], [0.7, 4.0, 5.0, 0.3], [0.7, 0.3, 5.0, 4.0], [4.0, 0.5, 0.7, 5.0]]),
)

# Pseudo-count of a label in the state that it names, beside 1 in the others.
LABEL_TRUST = 6.0
LABEL_ROUNDS = 4


@dataclass(frozen=True)
class Evidence:
    """What is known of each turn of an interpreted interview before the chain; one element a turn.

    `foreign`: not in the participant's language, `language_confidence` how sure that is; `asking`: log-odds of asking
    against telling; `rendering`: log-odds of rendering what was said before; `given`: the role that a person, the
    manifest or a name gives; `firm`: that role stands. Where it does not, the turn may be the interpreter's too.
    """

    foreign: NDArray[np.bool_]
    language_confidence: NDArray[np.float64]
    asking: NDArray[np.float64]
    rendering: NDArray[np.float64]
    labels: Sequence[str]
    given: Sequence[Role | None]
    firm: Sequence[bool]
    pauses_ms: Sequence[int | None]


def attribute_interpreted(
    turns: Sequence[Turn],
    languages: Sequence[LanguageGuess],
    given: Sequence[Attribution | None],
    firm: Sequence[bool],
    context: RoleContext,
    embed: Embed | None,
) -> tuple[Attribution, ...]:
    """Attribute the turns of an interpreted interview.

    Onlookers keep what they are given and are left out of the chain. A firm attribution stands, unless it would make a
    participant of someone who speaks another language.
    """
    attributions = list(given)
    chain = [place for place, attribution in enumerate(given) if not attribution or attribution.role in STATE_ROLES]
    evidence = _gather(
        [turns[place] for place in chain],
        [languages[place] for place in chain],
        [given[place] for place in chain],
        [firm[place] for place in chain],
        context,
        embed,
    )
    for place, foreign, (role, confidence) in zip(chain, evidence.foreign, _infer(evidence), strict=True):
        attributions[place] = _settled(given[place], firm[place], bool(foreign), role, confidence, context)
    return tuple(attribution for attribution in attributions if attribution)


def _settled(
    given: Attribution | None, firm: bool, foreign: bool, role: Role, confidence: float, context: RoleContext
) -> Attribution:
    """What was given where it may stand, else what the conversation suggests."""
    if given is None:
        return inferred(role, confidence, context.only_participant)
    if firm and not (given.role is Role.PARTICIPANT and foreign):
        return given
    attribution = inferred(role, confidence, given.participant)
    return replace(given, confidence=confidence) if attribution.role is given.role else attribution


def _gather(
    turns: Sequence[Turn],
    languages: Sequence[LanguageGuess],
    given: Sequence[Attribution | None],
    firm: Sequence[bool],
    context: RoleContext,
    embed: Embed | None,
) -> Evidence:
    texts = [turn.text for turn in turns]
    codes = [guess.language for guess in languages]
    foreign = np.array([not context.in_participant_language(code) for code in codes], dtype=np.bool_)
    return Evidence(
        foreign=foreign,
        language_confidence=np.array([guess.confidence for guess in languages]),
        asking=asking_evidence(texts, codes),
        rendering=rendition_evidence(texts, foreign, count_words(texts), embed) + reporting_evidence(texts, codes),
        labels=[turn.speaker or "" for turn in turns],
        given=[attribution.role if attribution else None for attribution in given],
        firm=firm,
        pauses_ms=pauses_before(turns),
    )


def _infer(evidence: Evidence) -> list[tuple[Role, float]]:
    """The likeliest role of each turn and its probability.

    What a label says of the state is learnt together with the states, by expectation maximisation.
    """
    spoken = (
        np.outer(evidence.asking, ASKING_SIGN)
        + np.outer(evidence.rendering, RENDERING_SIGN)
        + _language_evidence(evidence)
        + np.where(_allowed_states(evidence), 0.0, -np.inf)
    )
    names, label_of = np.unique(np.array(evidence.labels, dtype=object), return_inverse=True)
    trust = np.ones((len(names), len(STATE_ROLES)))
    for label, role in zip(label_of, evidence.given, strict=True):
        if role is not None:
            trust[label] = [LABEL_TRUST if state_role is role else 1.0 for state_role in STATE_ROLES]
    counts, posteriors = trust, spoken
    for _ in range(LABEL_ROUNDS):
        posteriors = state_posteriors(
            spoken + np.log(counts / counts.sum(axis=0))[label_of], TURN_TAKING, evidence.pauses_ms
        )
        counts = trust.copy()
        np.add.at(counts, label_of, posteriors)
    return [_likeliest(row) for row in posteriors]


def _allowed_states(evidence: Evidence) -> NDArray[np.bool_]:
    """Shape (n_turns, n_states): what given roles and the language of a turn leave possible."""
    allowed = np.ones((len(evidence.labels), len(STATE_ROLES)), dtype=np.bool_)
    for turn, (role, firm) in enumerate(zip(evidence.given, evidence.firm, strict=True)):
        if role is not None:
            open_roles = {role} if firm else {role, Role.INTERPRETER}
            allowed[turn] = [state_role in open_roles for state_role in STATE_ROLES]
    allowed[evidence.foreign, ANSWERS] = False
    allowed[~allowed.any(axis=1)] = [state_role is not Role.PARTICIPANT for state_role in STATE_ROLES]
    return allowed


def _language_evidence(evidence: Evidence) -> NDArray[np.float64]:
    """Log-likelihood of each turn's language in each state; the confidence of the language tempers it."""
    sure = evidence.language_confidence[:, None]
    foreign = np.where(evidence.foreign[:, None], sure, 1 - sure)
    likelihood: NDArray[np.float64] = foreign * FOREIGN + (1 - foreign) * (1 - FOREIGN)
    return np.log(likelihood + 1e-6)


def _likeliest(posterior: NDArray[np.float64]) -> tuple[Role, float]:
    chances: dict[Role, float] = {}
    for role, chance in zip(STATE_ROLES, posterior, strict=True):
        chances[role] = chances.get(role, 0.0) + float(chance)
    best = max(chances, key=lambda role: chances[role])
    return best, min(chances[best], 1.0)
