"""`verbatim quotes`: what participants said, word for word."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from app.answering.answer import LOCAL
from app.answering.dialogue import Dialogue
from app.answering.schemas import Citation
from app.answering.translate import MOST_QUOTES_AT_ONCE, translate, with_kept_translations
from app.chat import Chat, grant_allowance
from app.commands import options
from app.commands.answers import quote_lines
from app.commands.files import deliver, format_of
from app.commands.opening import local_url, opened
from app.commands.output import tell, write, write_json
from app.commands.studies import choose_study
from app.library.browse.wanted import WantedQuotes
from app.library.export import to_csv
from app.library.pages import MOST_LIMIT, PageRequest
from app.library.quote_pack import QuotePack, pack_docx, pack_markdown, pack_quotes
from app.library.quotes import gather_quotes, search_quotes
from app.library.schemas import QuotePage
from app.scope import Filters
from app.services import Services

app = typer.Typer()

MOST_QUOTES = 10_000
_FORMATS = ("csv", "markdown", "docx")
_WRITERS: dict[str, Callable[[QuotePack], str | bytes]] = {
    "csv": lambda pack: to_csv(pack.quotes, pack.host),
    "markdown": pack_markdown,
    "docx": pack_docx,
}


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
    use: Annotated[
        Literal["marketing"] | None, typer.Option(help="What for: marketing leaves only whoever consented to that.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST_QUOTES, help="Most quotes.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Go on with a list where `next_cursor` says.")] = None,
    translate_to: Annotated[
        str | None, typer.Option("--translate", help="Add machine translations, en: those kept, with a chat model all.")
    ] = None,
    file_format: Annotated[
        Literal["csv", "markdown", "docx"] | None, typer.Option("--format", help="Write a file.")
    ] = None,
    output: options.Output = None,
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
        uses=[use] if use else None,
    )
    chosen = format_of(file_format, output, _FORMATS)
    with opened() as services:
        slug = choose_study(services.database, study)
        url = local_url(services.settings.host, services.settings.port)
        page = _find(query, slug, filters, PageRequest(limit, cursor), services)
        if translate_to:
            page = page.model_copy(update={"quotes": _translated(page.quotes, translate_to, services)})
        with services.database.sessions() as session:
            pack = pack_quotes(session, page, datetime.now(UTC).date(), url)
    if chosen:
        deliver(_WRITERS[chosen](pack), output)
        return
    if as_json:
        write_json(page)
        return
    write(quote_lines(page.quotes, url))
    if page.next_cursor:
        tell(f"There are more: go on with `--cursor {page.next_cursor}`.")
    elif not page.quotes:
        tell("No quote fits.")


def _find(query: str | None, study: str, filters: Filters, page: PageRequest, services: Services) -> QuotePage:
    with services.database.sessions() as session:
        if query is None:
            return gather_quotes(session, study, WantedQuotes(filters), page)
        most = min(page.limit, MOST_LIMIT)
        return search_quotes(session, options.question_of(query, study, filters), most, services)


def _translated(quotes: tuple[Citation, ...], language: str, services: Services) -> tuple[Citation, ...]:
    """Add the translations that are kept; with a chat model those that are missing, some quotes at a time."""
    if not re.fullmatch("[a-z]{2}", language):
        raise typer.BadParameter("write the two letters of a language: en", param_hint="--translate")
    if services.chat is not None:
        parts = [quotes[start : start + MOST_QUOTES_AT_ONCE] for start in range(0, len(quotes), MOST_QUOTES_AT_ONCE)]
        quotes = tuple(quote for part in parts for quote in _translate(part, language, services.chat, services))
    with services.database.sessions() as session:
        return with_kept_translations(session, quotes, language)


def _translate(quotes: tuple[Citation, ...], language: str, chat: Chat, services: Services) -> tuple[Citation, ...]:
    allowance = grant_allowance(services.settings, LOCAL)
    return translate(quotes, language, Dialogue(chat, services.prompts, allowance), services)
