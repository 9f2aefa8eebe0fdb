"""`verbatim quotes`: what participants said, word for word."""

from typing import Annotated

import typer

from app.commands import options
from app.commands.answers import quote_lines
from app.commands.opening import local_url, opened
from app.commands.output import tell, write, write_json
from app.commands.studies import choose_study
from app.library.pages import PageRequest
from app.library.quotes import browse_quotes, search_quotes
from app.library.schemas import QuotePage
from app.scope import Filters
from app.services import Services

app = typer.Typer()


@app.command()
def quotes(
    query: Annotated[str | None, typer.Argument(help="What to look for; without it all quotes are listed.")] = None,
    study: options.StudyName = None,
    segment: options.Segments = None,
    language: options.Languages = None,
    code: options.Codes = None,
    kind: options.Kinds = None,
    participant: options.Participants = None,
    band: options.Bands = None,
    customer_class: options.Classes = None,
    limit: options.Limit = 20,
    cursor: Annotated[str | None, typer.Option(help="Go on with a list where `next_cursor` says.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """Search or list what participants said, word for word."""
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
        page = _find(query, slug, filters, PageRequest(limit, cursor), services)
    if as_json:
        write_json(page)
        return
    write(quote_lines(page.quotes, local_url(services.settings.host, services.settings.port)))
    if page.next_cursor:
        tell(f"There are more: go on with `--cursor {page.next_cursor}`.")
    elif not page.quotes:
        tell("No quote fits.")


def _find(query: str | None, study: str, filters: Filters, page: PageRequest, services: Services) -> QuotePage:
    with services.database.sessions() as session:
        if query is None:
            return browse_quotes(session, study, filters, page)
        return search_quotes(session, options.question_of(query, study, filters), page.limit, services)
