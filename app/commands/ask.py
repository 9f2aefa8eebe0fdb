"""`verbatim ask`: one question, one answer with cited quotes."""

import sys
import uuid
from contextlib import nullcontext
from typing import Annotated

import typer
from rich.console import Console

from app.answering.answer import answer_events
from app.answering.events import Answered, Began
from app.answering.schemas import Answer, Audience, Question
from app.commands import options
from app.commands.answers import answer_lines
from app.commands.opening import local_url, opened
from app.commands.output import write, write_json
from app.commands.studies import choose_study
from app.services import Services

_DOING = {
    "understand": "understanding the question",
    "search": "searching the interviews",
    "compose": "waiting for the chat model",
    "check": "checking what it says",
    "translate": "translating quotes",
}

app = typer.Typer()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In any language of the study.")],
    study: options.StudyName = None,
    segment: options.Segments = None,
    language: options.Languages = None,
    code: options.Codes = None,
    kind: options.Kinds = None,
    participant: options.Participants = None,
    band: options.Bands = None,
    customer_class: options.Classes = None,
    limit: options.Limit = 8,
    audience: Annotated[Audience, typer.Option(help="Who asks.")] = "product",
    thread: Annotated[uuid.UUID | None, typer.Option(help="Ask on: the thread of an earlier answer.")] = None,
    recognise: Annotated[
        bool, typer.Option(help="Whether words of the question, such as “Spanish customers”, narrow whose words count.")
    ] = True,
    as_json: options.AsJson = False,
) -> None:
    """Ask a question; the answer stands on cited quotes."""
    filters = options.filters_of(
        segments=segment,
        languages=language,
        codes=code,
        kinds=kind,
        participants=participant,
        bands=band,
        classes=customer_class,
    )
    with opened() as services:
        slug = choose_study(services.database, study)
        asked = options.question_of(question, slug, filters, audience, limit)
        answer = _answer(asked.model_copy(update={"thread_id": thread, "recognise": recognise}), services)
    if as_json:
        write_json(answer)
    else:
        write(answer_lines(answer, local_url(services.settings.host, services.settings.port)))


def _answer(question: Question, services: Services) -> Answer:
    """Answer, and tell people on a terminal what is being done meanwhile."""
    console = Console(file=sys.stderr)
    with console.status("…") if console.is_terminal and services.chat else nullcontext() as status:
        for event in answer_events(question, services):
            if isinstance(event, Answered):
                return event.answer
            if isinstance(event, Began) and status is not None:
                status.update(f"{_DOING[event.stage]} …")
    raise AssertionError("the last event is the answer")
