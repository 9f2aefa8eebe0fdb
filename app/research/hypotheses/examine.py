"""Hypotheses are created and tested: the only place of theirs that opens transactions; none across a model call."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.answering.answer import LOCAL
from app.answering.dialogue import Dialogue
from app.answering.queries import StudyVocabulary, read_vocabulary, suggest
from app.chat import Allowance, grant_allowance
from app.errors import Fault, InvalidInputError
from app.research.hypotheses.evidence import Claimed, Found, Gathered, Study, gather, read_study, understand_claim
from app.research.hypotheses.judging import judge_passages
from app.research.hypotheses.queries import hypothesis_by_code
from app.research.hypotheses.read import read_hypothesis
from app.research.hypotheses.rule import VerdictRule, count_evidence, judge
from app.research.hypotheses.schemas import Hypothesis, NewHypothesis
from app.research.hypotheses.store import Belief, create, keep_verdict, remove
from app.services import Services
from app.vocabulary import Polarity

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
        vocabulary = read_vocabulary(session, given.study)
        study = read_study(session, given.study, services)
        check_names(given.codes, given.segments, vocabulary, study.names)
        claimed = Claimed(given.statement, given.codes, given.polarity, given.segments)
        belief = Belief(
            given.statement,
            given.author or author,
            ORIGIN,
            understand_claim(session, study, claimed, services).polarity,
            id=given.id,
            codes=given.codes,
            segments=given.segments,
        )
        code = create(session, vocabulary.study_id, belief)
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
    dialogue = None
    if services.chat is not None:
        granted = allowance or grant_allowance(services.settings, LOCAL)
        dialogue = Dialogue(services.chat, services.prompts, granted)
    with services.database.sessions.begin() as session:
        compared = read_study(session, study, services)
    settle(compared, code, services, rule, dialogue)
    with services.database.sessions.begin() as session:
        return read_hypothesis(session, study, code, language)


def settle(study: Study, code: str, services: Services, rule: VerdictRule, dialogue: Dialogue | None) -> None:
    """Find out what the interviews say of a hypothesis now, and keep it; raises what `examine_hypothesis` raises."""
    with services.database.sessions.begin() as session:
        row = hypothesis_by_code(session, read_vocabulary(session, study.slug).study_id, code)
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


def check_names(
    codes: tuple[str, ...], segments: tuple[str, ...], vocabulary: StudyVocabulary, known_codes: Collection[str]
) -> None:
    """Refuse codes and segments that the study does not know, all at once.

    Raises:
        InvalidInputError: there are such names.
    """
    named = [
        *(("codes", place, code, tuple(known_codes), "code") for place, code in enumerate(codes)),
        *(("segments", place, slug, tuple(vocabulary.segments), "segment") for place, slug in enumerate(segments)),
    ]
    faults = tuple(
        Fault(f"{field}.{place}", f"{name!r} is no {noun} of study {vocabulary.slug}", suggest(name, known))
        for field, place, name, known, noun in named
        if name not in known
    )
    if faults:
        raise InvalidInputError("the hypothesis names what the study does not have", faults)


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
