"""A list of beliefs is taken in, and each of them tested."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from sqlalchemy.orm import Session

from app.answering.dialogue import Dialogue
from app.answering.queries import read_vocabulary
from app.chat import grant_allowance
from app.research.hypotheses.beliefs import KnownNames, WrittenBelief, read_beliefs, same_statement
from app.research.hypotheses.evidence import Claimed, Study, read_study, understand_claim
from app.research.hypotheses.examine import DEFAULT_RULE, settle
from app.research.hypotheses.queries import read_statements
from app.research.hypotheses.read import verdicts_of
from app.research.hypotheses.schemas import ImportedHypotheses
from app.research.hypotheses.sentences import say_report
from app.research.hypotheses.store import Belief, create, update
from app.services import Services

Advance = Callable[[str, int, int], None]
Became = Literal["created", "updated", "unchanged"]


def import_hypotheses(
    study: str,
    content: bytes,
    file: str,
    author: str,
    services: Services,
    language: str,
    advance: Advance = lambda *_: None,
    charge_to: str | None = None,
) -> ImportedHypotheses:
    """Take in a list of beliefs, all or nothing, and test every one; taken in again it updates, and repeats nothing.

    A belief is known again by its id, or without one by its statement.

    Args:
        study: its slug.
        content: the CSV file.
        file: what it is called in messages.
        author: who believes what nobody is named for.
        services: with a chat model or without one.
        language: of the sentence.
        advance: is told the id, how many are tested and of how many.
        charge_to: whose budget a chat model's tokens come from; unset, the codes alone judge.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the list is wrong somewhere; all faults are named.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        vocabulary = read_vocabulary(session, study)
        compared = read_study(session, study, services)
        written = read_beliefs(content, file, KnownNames.of(compared.names, vocabulary.segments))
        beliefs = [_as_given(session, compared, each, author, file, services) for each in written]
        became = _keep(session, vocabulary.study_id, beliefs)
    for done, code in enumerate(sorted(became)):
        advance(code, done, len(became))
        settle(compared, code, services, DEFAULT_RULE, _dialogue(services, charge_to))
    with services.database.sessions.begin() as session:
        verdicts = verdicts_of(session, vocabulary)
    return ImportedHypotheses(
        study=study,
        created=_of(became, "created"),
        updated=_of(became, "updated"),
        unchanged=_of(became, "unchanged"),
        verdicts=verdicts,
        sentence=say_report(verdicts, language),
    )


def _of(became: Mapping[str, Became], wanted: Became) -> tuple[str, ...]:
    return tuple(sorted(code for code, each in became.items() if each == wanted))


def _as_given(
    session: Session, study: Study, written: WrittenBelief, author: str, file: str, services: Services
) -> Belief:
    claimed = Claimed(written.statement, written.codes, written.polarity, written.segments)
    return Belief(
        written.statement,
        written.author or author,
        file,
        written.polarity or understand_claim(session, study, claimed, services).polarity,
        id=written.id,
        codes=written.codes,
        segments=written.segments,
    )


def _keep(session: Session, study_id: uuid.UUID, beliefs: Sequence[Belief]) -> dict[str, Became]:
    """Create or update hypotheses; gives by id what became of each."""
    kept = read_statements(session, study_id)
    by_statement = {same_statement(statement): code for code, (_, statement) in kept.items()}
    became: dict[str, Became] = {}
    for belief in beliefs:
        code = belief.id if belief.id in kept else by_statement.get(same_statement(belief.statement))
        if code is None:
            became[create(session, study_id, belief)] = "created"
        else:
            became[code] = "updated" if update(session, kept[code][0], belief) else "unchanged"
    return became


def _dialogue(services: Services, charge_to: str | None) -> Dialogue | None:
    if services.chat is None or charge_to is None:
        return None
    return Dialogue(services.chat, services.prompts, grant_allowance(services.settings, charge_to))
