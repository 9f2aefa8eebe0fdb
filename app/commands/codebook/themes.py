"""`verbatim codebook themes` and `name-theme`."""

import sys
import uuid
from collections.abc import Iterator
from typing import Annotated

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.boundary import FAILED
from app.commands.codebook.codes import About, Label, labels_of
from app.commands.opening import opened
from app.commands.output import Line, line, tell, write, write_json
from app.commands.studies import choose_study
from app.research.codebook.read_themes import name_theme, read_themes
from app.research.codebook.theme_schemas import MOST_THEMES, NamedTheme, Theme, ThemeNaming
from app.vocabulary import Kind

app = typer.Typer()


@app.command()
def themes(
    study: options.StudyName = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_THEMES, help="Most themes.")] = 20,
    as_json: options.AsJson = False,
) -> None:
    """Show what several people speak of alike, in whatever language, and no code names yet."""
    with opened() as services:
        slug = choose_study(services.database, study)
        found = read_themes(services, slug, limit)
    if as_json:
        write_json(found)
        return
    write(each for theme in found.themes for each in _lines(theme))
    if not found.themes:
        tell(f"No three people speak alike in the {found.passages} passages without a code.")
    elif found.left_out:
        tell(f"There are {found.left_out} more: raise `--limit`.")


@app.command("name-theme")
def name(
    theme: Annotated[uuid.UUID, typer.Argument(help="The theme, as `verbatim codebook themes` shows it.")],
    code: Annotated[str, typer.Argument(help="What its code is called, AX5.")],
    label: Label,
    kind: Annotated[Kind | None, typer.Option(help="Its kind; unset, the guessed one.")] = None,
    about: About = None,
    utterance: Annotated[list[uuid.UUID] | None, typer.Option(help="Tag only this passage. Repeatable.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Make a theme a code, and tag its passages as your own taggings, once that is confirmed."""
    by = author_of(author)
    words = {"code": code, "kind": kind, "labels": labels_of(label), "about": about or ""}
    wanted = options.form_of(ThemeNaming, **words, utterances=utterance or (), confirmed=yes)
    with opened() as services:
        slug = choose_study(services.database, study)
        named = name_theme(services, slug, theme, wanted, by)
        if not yes and not as_json and _confirms(named):
            confirmed = wanted.model_copy(update={"confirmed": True})
            named = name_theme(services, slug, theme, confirmed, by)
    if as_json:
        write_json(named)
    elif named.code is not None:
        write([line((named.code.code, "bold"), f": {named.taggings} taggings of {named.people} people")])
    if named.code is None:
        tell("Nothing was changed; add --yes to do it.")
        raise typer.Exit(FAILED)


def _confirms(named: NamedTheme) -> bool:
    write(_lines(named.theme))
    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"Tag {named.taggings} passages of {named.people} people?", err=True)


def _lines(theme: Theme) -> Iterator[Line]:
    languages = ", ".join(f"{language} {people}" for language, people in theme.by_language.items())
    yield line((f"“{theme.name}”", "bold"))
    about = f"{theme.people} of {theme.of} people ({languages}) · {theme.passages} passages · {theme.kind}?"
    yield line(about, (f"  {theme.id}", "dim"), indent=2)
    for quote in theme.quotes:
        yield line((f"{quote.participant} {quote.language} ", "dim"), f"“{quote.quote}”", indent=4)
