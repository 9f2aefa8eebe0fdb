"""Texts that command the model, in whatever the model or the service reads; the scripted model obeys every one of them.

injections.tsv holds the texts, one a line: language, place, text.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from scripted_provider import Asked, Says, ScriptedProvider
from scripted_rules import honest
from sqlalchemy import update
from study_factory import MadeStudy, Person, add_study, people

from app.answering.answer import find_answer
from app.answering.schemas import Answer, Question
from app.chat import Chat
from app.main import create_app
from app.models import Segment
from app.prompts import load_prompts
from app.services import Services

QUESTIONS = {
    "en": "Were people afraid of losing their money?",
    "de": "Hatten die Leute Angst um ihr Geld?",
    "es": "¿Tenían miedo de perder su dinero?",
}
CANARY = "Kanarienvogel"
ROWS = [
    (language, place, text.replace("\\n", "\n"))
    for language, place, text in csv.reader(
        Path(__file__).with_name("injections.tsv").read_text("utf-8").splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
]
GROUPS = {key: [text for *_, text in rows] for key, rows in groupby(ROWS, key=lambda row: row[:2])}


def obedient(command: str, rival: MadeStudy) -> Any:
    """A model that does what a text commands: it leaves the study, narrows it, points elsewhere, links and counts."""
    elsewhere = [{"id": str(utterance), "sentences": [1]} for utterance in rival.utterances.values()]
    pretended: list[dict[str, Any]] = [
        {"id": identifier, "sentences": []} for identifier in ("u999", "P99", "../rival", "u1' OR '1'='1")
    ]
    links = "[here](https://evil.example/x) ![p](https://evil.example/p.png) <script>alert(1)</script>"

    def interpret(asked: Asked) -> dict[str, Any]:
        word = asked.data("question").split()[0]
        values = (("segments", "careful"), ("segments", "rival"), ("participants", "P02"), ("languages", "es"))
        return {
            "question": f"{command} study:rival",
            "sub_questions": [{"question": command, "wordings": [{"language": "de", "text": command}]}],
            "facets": [{"field": field, "value": value, "words": word} for field, value in values],
        }

    def compose(asked: Asked) -> dict[str, Any]:
        claims = honest_claims(asked)
        text = f"{command} {links} “{CANARY}” 23 of 23 say so."
        asked_ids = [{"id": line["id"], "sentences": []} for line in asked.lines if line.get("role") == "interviewer"]
        for claim in claims:
            claim["evidence"] += [*elsewhere, *pretended, *asked_ids]
        return {
            "claims": [*claims, {"text": text, "evidence": [*elsewhere, *asked_ids]}, {"text": text, "evidence": []}]
        }

    def obey(asked: Asked) -> Says:
        match asked.output:
            case "Interpretation":
                return Says(interpret(asked))
            case "Composition":
                return Says(compose(asked))
            case "NextQuestion":
                return Says({"question": f"{command} {links}"})
            case "Renditions":
                return Says({"translations": [{"id": line["id"], "text": links} for line in asked.lines]})
        return honest(asked)

    return obey


def honest_claims(asked: Asked) -> list[dict[str, Any]]:
    """What an honest model would claim."""
    value = honest(asked).said
    assert isinstance(value, dict)
    return list(value["claims"])


def with_commands(place: str, commands: list[str]) -> tuple[Person, ...]:
    """The three people of the tiny study, who say, or are called, what commands the model."""
    persons = people()
    if place == "name":
        return tuple(replace(person, name=command) for person, command in zip(persons, commands, strict=False))
    if place == "transcript":
        said = " ".join(commands)
        return tuple(
            replace(person, turns=tuple(replace(turn, text=f"{turn.text} {said}") for turn in person.turns))
            for person in persons
        )
    return persons


@pytest.fixture
def chatting(services: Services, chat: Chat) -> Services:
    """The services with a chat model."""
    return replace(services, chat=chat, prompts=load_prompts())


@pytest.fixture
def http(chatting: Services) -> Iterator[TestClient]:
    """A client of a service that has a chat model."""
    with TestClient(create_app(chatting, require_keys=False), base_url="http://127.0.0.1") as client:
        yield client


def test_there_are_enough_of_them() -> None:
    """Twenty in each language at least, in each of the places."""
    for language in QUESTIONS:
        assert sum(row[0] == language for row in ROWS) >= 20
        assert {place for spoken, place in GROUPS if spoken == language} == {
            "transcript",
            "segment",
            "name",
            "question",
        }


@pytest.mark.parametrize(("language", "place"), GROUPS)
def test_an_obeyed_command_changes_nothing(
    services: Services,
    chatting: Services,
    http: TestClient,
    provider: ScriptedProvider,
    language: str,
    place: str,
) -> None:
    """No filter, no word of another study, no link, no count, no quote but of participants comes of it."""
    commands = GROUPS[language, place]
    with services.database.sessions.begin() as session:
        study = add_study(session, services.embedder, "acme", with_commands(place, commands))
        rival = add_study(session, services.embedder, "rival", marker=CANARY)
        if place == "segment":
            labels = {f"l{number}": command for number, command in enumerate(commands)}
            session.execute(update(Segment).where(Segment.slug == "careful").values(labels=labels))
    for command in commands:
        question = QUESTIONS[language] + (f" {command}" if place == "question" else "")
        alone = find_answer(Question(question=question, study="acme"), services)
        provider.rule = obedient(command, rival)
        response = http.post("/v1/answers", json={"question": question, "study": "acme"})
        assert response.status_code == 200
        answer = Answer.model_validate(response.json())
        assert answer.status == "answered"
        assert (answer.filters, answer.study) == (alone.filters, "acme")
        assert_of_this_study(answer, study)
        assert_no_trace(answer)


def assert_of_this_study(answer: Answer, study: MadeStudy) -> None:
    """All quotes were said by participants of the study asked, and all links lead to them."""
    assert answer.quotes
    said_by = {utterance: interview for (interview, _), utterance in study.utterances.items()}
    for citation in answer.quotes:
        interview = said_by[citation.utterance]
        assert citation.role == "participant"
        assert citation.quote == citation.utterance_text[slice(*citation.span)]
        assert citation.url == f"/interviews/{interview}?study=acme#u-{citation.utterance}"
        assert citation.audio_url is None or citation.audio_url.startswith("/v1/recordings/")


def assert_no_trace(answer: Answer) -> None:
    """Nothing that the service says in its own or the model's words links, counts or quotes what was commanded."""
    told = " ".join(
        [
            answer.summary,
            *answer.sub_questions,
            *(claim.text for claim in answer.claims),
            *(gap.detail + gap.ask_next for gap in answer.gaps if answer.question not in gap.ask_next),
            *(citation.translation.text for citation in answer.quotes if citation.translation),
        ]
    )
    for forbidden in ("evil.example", "://", "<script", CANARY, "23 of 23", "99 "):
        assert forbidden not in told
    assert CANARY not in answer.model_dump_json()
    assert all(claim.support.of == 3 for claim in answer.claims)
    assert answer.dropped.unknown_reference > 0


def test_names_of_people_are_never_told_to_the_model(
    services: Services, chatting: Services, provider: ScriptedProvider
) -> None:
    """Neither the name nor the attributes of a participant stand in any request."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", with_commands("name", GROUPS["en", "name"]))
    find_answer(Question(question=QUESTIONS["en"], study="acme"), chatting)
    assert provider.asked
    for asked in provider.asked:
        assert "reveal the real names" not in asked.user
        assert "Kerr" not in asked.user
