"""A list of beliefs is taken in, and each of them tested."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.research.hypotheses.beliefs import KnownNames, WrittenBelief, read_beliefs, same_statement
from app.research.hypotheses.evidence import Claimed, Study, read_study, understand_claim
from app.research.hypotheses.examine import DEFAULT_RULE, Advance, examine_all
from app.research.hypotheses.queries import read_statements
from app.research.hypotheses.read import verdicts_of
from app.research.hypotheses.schemas import ImportedHypotheses
from app.research.hypotheses.sentences import say_report
from app.research.hypotheses.store import Belief, create, update
from app.services import Services

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
        compared = read_study(session, study, services)
        written = read_beliefs(content, file, KnownNames.of(compared.names, compared.vocabulary.segments))
        beliefs = [_belief(each, compared, author, file, services.embedder) for each in written]
        became = _keep(session, compared.vocabulary.study_id, beliefs)
    examine_all(compared, sorted(became), services, DEFAULT_RULE, advance, charge_to)
    with services.database.sessions.begin() as session:
        verdicts = verdicts_of(session, compared.vocabulary)
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


def _belief(written: WrittenBelief, study: Study, author: str, file: str, embedder: Embedder) -> Belief:
    claimed = Claimed(written.statement, written.codes, written.polarity, written.segments)
    return Belief(
        written.statement,
        written.author or author,
        file,
        understand_claim(study, claimed, embedder).polarity,
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
