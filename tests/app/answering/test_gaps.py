"""Gaps: what was never asked, asked in vain, or could not be asked of anybody; who knows most, and nobody invented."""

from dataclasses import replace

import pytest
from candidate_factory import ranked
from sqlalchemy import delete, update
from study_factory import MadeStudy, Person, Turn, add_study

from app.answering.answer import find_answer
from app.answering.gaps import nearest_holder
from app.answering.rank import Ranked
from app.answering.schemas import Answer, Question
from app.models import Calibration, Interview, TeamMember
from app.scope import Filters
from app.services import Services
from app.vocabulary import Role

EVASIVE = Person(
    "P04",
    "Eva Siv",
    "en",
    "starter",
    100,
    "B",
    (
        Turn("Would you insure your bicycle with us against theft?", "en", Role.INTERVIEWER, "Owen"),
        Turn("Well, the weather is nice today.", "en", speaker="Eva Siv"),
    ),
)


def ask_in_vain(services: Services, question: str, **fields: object) -> Answer:
    """Ask a study in which nothing passes for evidence."""
    with services.database.sessions.begin() as session:
        session.execute(update(Calibration).values(strong=[9.0], fair=[9.0]))
    return find_answer(Question.model_validate({"question": question, "study": "acme", **fields}), services)


@pytest.mark.parametrize(
    ("question", "kind", "detail"),
    [
        ("Would they insure their bicycle with us against theft?", "no_mention", "1 of the 1 people"),
        ("Quarks in the accelerator?", "never_asked", "none of the 1 people"),
    ],
)
def test_asked_in_vain_is_not_never_asked(services: Services, question: str, kind: str, detail: str) -> None:
    """A question that an interviewer put and nobody answered is told from one that nobody put."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (EVASIVE,))
    answer = ask_in_vain(services, question)
    assert (answer.status, answer.citations) == ("no_evidence", ())
    (gap,) = answer.gaps
    assert gap.kind == kind
    assert gap.detail.startswith(detail)
    assert question in gap.ask_next


def test_denied_is_neither_of_them(services: Services, study: MadeStudy) -> None:
    """Where those asked deny it, that is a claim with their quotes, and no gap."""
    question = {"question": "Afraid of losing money?", "study": "acme", "filters": Filters(participants=("P03",))}
    answer = find_answer(Question.model_validate(question), services)
    (claim,) = answer.claims
    assert (claim.polarity, claim.support.participants, claim.support.raised_with) == ("denied", 1, 1)
    assert answer.gaps == ()


def test_nobody_of_a_segment_was_interviewed(services: Services) -> None:
    """A filter that leaves nobody is named as such, for each segment and language asked for."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (EVASIVE,))
    answer = ask_in_vain(services, "Why?", filters={"segments": ["careful"], "languages": ["de"]})
    assert [gap.kind for gap in answer.gaps] == ["segment_without_evidence", "language_without_evidence"]
    assert "careful" in answer.gaps[0].detail


def of_interviews(*interviews: str) -> list[Ranked]:
    """Candidates of these interviews, best first."""
    items = [ranked("Something.") for _ in interviews]
    return [
        replace(item, candidate=replace(item.candidate, interview=interview))
        for item, interview in zip(items, interviews, strict=True)
    ]


def test_who_held_the_nearest_interviews_knows_most() -> None:
    """Of the team's interviewers the one with most of the nearest passages, else who held most interviews."""
    held = {"I01": "anna", "I02": "owen", "I03": "owen"}
    assert nearest_holder(of_interviews("I01", "I02", "I03"), held, "anna") == "owen"
    assert nearest_holder(of_interviews("I04"), held, "anna") == "anna"
    assert nearest_holder([], held, None) is None


def test_nobody_is_made_up(services: Services, study: MadeStudy) -> None:
    """An interviewer whom the team does not list is no knowledge holder."""
    with services.database.sessions.begin() as session:
        session.execute(update(Interview).values(interviewer="somebody"))
    assert ask_in_vain(services, "Quarks?").gaps[0].knowledge_holder == "anna"
    with services.database.sessions.begin() as session:
        session.execute(delete(TeamMember))
    assert ask_in_vain(services, "Quarks?").gaps[0].knowledge_holder is None
