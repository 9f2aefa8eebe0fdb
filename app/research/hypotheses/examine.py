"""Hypotheses are created and tested: the only place of theirs that opens transactions; none across a model call."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from app.answering.answer import LOCAL
from app.answering.dialogue import Dialogue
from app.answering.queries import read_vocabulary
from app.chat import Allowance, grant_allowance
from app.errors import Fault, InvalidInputError, suggest_name
from app.research.hypotheses.evidence import Claimed, Found, Gathered, Study, gather, read_study, understand_claim
from app.research.hypotheses.judging import judge_passages
from app.research.hypotheses.queries import hypothesis_by_code
from app.research.hypotheses.read import read_hypothesis
from app.research.hypotheses.rule import VerdictRule, count_evidence, judge
from app.research.hypotheses.schemas import Hypothesis, NewHypothesis
from app.research.hypotheses.store import Belief, create, keep_verdict, remove
from app.services import Services
from app.vocabulary import Polarity

Advance = Callable[[str, int, int], None]

DEFAULT_RULE = VerdictRule()
BY_CODES = "codes"
ORIGIN = "added"


def add_hypothesis(
    given: NewHypothesis, author: str, services: Services, language: str, allowance: Allowance | None = None
) -> Hypothesis:
    """Keep a statement and test it.

    Args:
        given: the statement.
        author: who believes it, where that is not said.
        services: with a chat model or without one.
        language: of the sentences.
        allowance: time and tokens for the chat model; unset, what the settings grant.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: it has no such codes or segments; all of them are named.
        ConflictError: there is a hypothesis of that id.
    """
    with services.database.sessions.begin() as session:
        study = read_study(session, given.study, services)
        _check_names(given, study)
        claimed = Claimed(given.statement, given.codes, given.polarity, given.segments)
        belief = Belief(
            given.statement,
            given.author or author,
            ORIGIN,
            understand_claim(study, claimed, services.embedder).polarity,
            id=given.id,
            codes=given.codes,
            segments=given.segments,
        )
        code = create(session, study.vocabulary.study_id, belief)
    return examine_hypothesis(given.study, code, services, language, allowance=allowance)


def examine_hypothesis(
    study: str,
    code: str,
    services: Services,
    language: str,
    *,
    rule: VerdictRule = DEFAULT_RULE,
    allowance: Allowance | None = None,
) -> Hypothesis:
    """Test a hypothesis, or test it again: by what is tagged, and by a chat model on the nearest other passages.

    Raises:
        NotFoundError: there is no such study, or no such hypothesis in it.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        compared = read_study(session, study, services)
    _settle(compared, code, services, rule, _dialogue(services, allowance or grant_allowance(services.settings, LOCAL)))
    with services.database.sessions.begin() as session:
        return read_hypothesis(session, study, code, language)


def examine_all(
    study: Study, codes: Sequence[str], services: Services, rule: VerdictRule, advance: Advance, charge_to: str | None
) -> None:
    """Test several hypotheses of a study.

    Args:
        study: what they are compared with.
        codes: their ids.
        services: with a chat model or without one.
        rule: how they are judged.
        advance: is told the id of each, how many were tested before and of how many.
        charge_to: whose budget a chat model's tokens come from; `None`, the codes alone judge.
    """
    for done, code in enumerate(codes):
        advance(code, done, len(codes))
        allowance = grant_allowance(services.settings, charge_to) if charge_to else None
        _settle(study, code, services, rule, _dialogue(services, allowance))


def _settle(study: Study, code: str, services: Services, rule: VerdictRule, dialogue: Dialogue | None) -> None:
    """Find out what the interviews say of a hypothesis now, and keep it."""
    with services.database.sessions.begin() as session:
        row = hypothesis_by_code(session, study.vocabulary.study_id, code)
        claimed = Claimed(row["statement"], tuple(row["codes"]), Polarity(row["polarity"]), tuple(row["segments"]))
        gathered = gather(session, study, claimed, services, to_judge=dialogue is not None)
    judged = judge_passages(claimed.statement, gathered.passages, dialogue) if dialogue else ()
    found = (*gathered.found, *(judged or ()))
    verdict = _verdict(gathered, found, rule) | {"judge": _judge(dialogue, judged)}
    with services.database.sessions.begin() as session:
        keep_verdict(session, row["study_id"], row["id"], verdict, found)


def remove_hypothesis(session: Session, study: str, code: str) -> None:
    """Delete a hypothesis with everything that was found of it.

    Raises:
        NotFoundError: there is no such study, or no such hypothesis in it.
    """
    remove(session, hypothesis_by_code(session, read_vocabulary(session, study).study_id, code)["id"])


def _check_names(given: NewHypothesis, study: Study) -> None:
    """Refuse codes and segments that the study does not know, all at once.

    Raises:
        InvalidInputError: there are such names.
    """
    known = {"codes": tuple(study.names), "segments": tuple(study.vocabulary.segments)}
    faults = tuple(
        Fault(f"{field}.{place}", f"{name!r} is no {field[:-1]} of study {given.study}", suggest_name(name, names))
        for field, names in known.items()
        for place, name in enumerate(getattr(given, field))
        if name not in names
    )
    if faults:
        raise InvalidInputError("the hypothesis names what the study does not have", faults)


def _dialogue(services: Services, allowance: Allowance | None) -> Dialogue | None:
    """A chat model's help, where there is one and it may be used."""
    if services.chat is None or allowance is None:
        return None
    return Dialogue(services.chat, services.prompts, allowance)


def _verdict(gathered: Gathered, found: tuple[Found, ...], rule: VerdictRule) -> dict[str, object]:
    meaning = gathered.meaning
    heard = [each.heard for each in found]
    places = {(*each.place, each.heard.stance) for each in found}
    counts = count_evidence(gathered.people, heard, gathered.asked, len(places))
    basis = {
        **rule.model_dump(),
        "codes": list(meaning.codes),
        "polarity": str(meaning.polarity),
        "filters": meaning.filters.model_dump(mode="json"),
    }
    verdict = judge(rule, counts.supporting, counts.contradicting, counts.raised_with)
    return {"verdict": verdict, "counts": counts.model_dump(mode="json"), "rule": basis}


def _judge(dialogue: Dialogue | None, judged: tuple[Found, ...] | None) -> str:
    """Who judged: the codes alone, or a chat model too, by which version of its prompt."""
    if dialogue is None:
        return BY_CODES
    if judged is None:
        return f"{BY_CODES}; {dialogue.chat.identity} was of no use ({dialogue.failure})"
    prompts = ", ".join(f"{name} {version}" for name, version in dialogue.used.items())
    return f"{BY_CODES}; {dialogue.chat.identity} by {prompts}" if prompts else BY_CODES
