"""`verbatim ask`: one question, one answer with cited quotes."""

from typing import Annotated

import typer

from app.answering.answer import answer_question
from app.answering.schemas import Audience
from app.commands import options
from app.commands.answers import answer_lines
from app.commands.opening import local_url, opened
from app.commands.output import write, write_json
from app.commands.studies import choose_study

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
        slug = choose_study(services, study)
        asked = options.question_of(question, slug, filters, audience, limit)
        answer = answer_question(asked, services)
    if as_json:
        write_json(answer)
    else:
        write(answer_lines(answer, local_url(services.settings.host, services.settings.port)))
