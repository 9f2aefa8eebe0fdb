"""`verbatim codebook`, `add`, `edit` and `history`."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.opening import opened, opened_database
from app.commands.output import Line, line, tell_more, write, write_json
from app.commands.studies import choose_study
from app.library.pages import PageRequest
from app.research.codebook.codes import create_code, edit_code
from app.research.codebook.read import ListedState, list_codes, read_history
from app.research.codebook.schemas import CodebookEntry, CodeChangeEntry, CodeEdit, NewCode
from app.vocabulary import Kind

app = typer.Typer()

Name = Annotated[str, typer.Argument(help="The code, AX1.")]
_LABEL = typer.Option("--label", help="A label, `en=App and money gone`. Repeatable.")
Label = Annotated[list[str], _LABEL]
OtherLabel = Annotated[list[str] | None, _LABEL]
Example = Annotated[list[str] | None, typer.Option("--example", help="How it sounds. Repeatable.")]
About = Annotated[str | None, typer.Option(help="What it is about.")]
Most = Annotated[int, typer.Option("--limit", min=1, max=200, help="Most lines.")]


def list_all(
    context: typer.Context,
    study: options.StudyName = None,
    kind: options.Kinds = None,
    state: Annotated[ListedState, typer.Option(help="Which codes.")] = "live",
    limit: Most = 200,
    cursor: options.Cursor = None,
    as_json: options.AsJson = False,
) -> None:
    """List the codes of a study with how many people affirm and deny each."""
    if context.invoked_subcommand is not None:
        return
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            page = list_codes(session, slug, PageRequest(limit, cursor), state, kind or ())
    if as_json:
        write_json(page)
        return
    write(code_line(code) for code in page.codes)
    tell_more(page.next_cursor, "" if page.codes else f"{slug} has no such code; add one with `codebook add`.")


@app.command()
def add(
    code: Name,
    kind: Annotated[Kind, typer.Option(help="The kind that it is under.")],
    label: Label,
    about: About = None,
    example: Example = None,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Create a code."""
    fields = {"code": code, "kind": kind, "labels": labels_of(label), "about": about or "", "examples": example or ()}
    new = options.form_of(NewCode, **fields)
    with opened() as services:
        slug = choose_study(services.database, study)
        with services.database.sessions.begin() as session:
            entry = create_code(session, slug, new, author_of(author), services.embedder)
    tell_code(entry, as_json)


@app.command()
def edit(
    code: Name,
    rename: Annotated[str | None, typer.Option(help="A new name; the former one leads to it.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Another kind.")] = None,
    label: OtherLabel = None,
    about: About = None,
    example: Example = None,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Rename a code, or change its labels, examples, kind or what it is about.

    A label without text, `--label en=`, goes. Examples that are given take the place of all former ones.
    """
    labels = {language: text or None for language, text in labels_of(label or ()).items()}
    changes = {"code": rename, "kind": kind, "labels": labels, "about": about, "examples": example}
    change = options.form_of(CodeEdit, **changes)
    with opened() as services:
        slug = choose_study(services.database, study)
        with services.database.sessions.begin() as session:
            entry = edit_code(session, slug, code, change, author_of(author), services.embedder)
    tell_code(entry, as_json)


@app.command()
def history(
    code: Annotated[str | None, typer.Argument(help="Only what was called so then.")] = None,
    study: options.StudyName = None,
    limit: Most = 50,
    cursor: options.Cursor = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what was done to the codebook, by whom and when, the newest first."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            page = read_history(session, slug, PageRequest(limit, cursor), code)
    if as_json:
        write_json(page)
        return
    write(_change_line(change) for change in page.changes)
    tell_more(page.next_cursor, "" if page.changes else "Nobody has changed a code yet.")


def labels_of(pairs: Sequence[str]) -> dict[str, str]:
    """Read labels `language=text`; a text without a language has the language `und`."""
    labels = {}
    for pair in pairs:
        language, equals, text = pair.partition("=")
        labels.update({language.strip(): text.strip()} if equals else {"und": pair.strip()})
    return labels


def code_line(code: CodebookEntry) -> Line:
    """A code with its kind, its label and its people."""
    label = code.labels.get("en") or next(iter(code.labels.values()), "")
    state = "" if code.state == "live" else f" · {code.state}{f' into {code.merged_into}' if code.merged_into else ''}"
    return line(
        (f"{code.code:<12}", "bold"),
        (f"{code.kind:<18}", "dim"),
        f"{code.affirmed_by:>4} yes {code.denied_by:>4} no  {label}",
        (state, "yellow"),
    )


def tell_code(entry: CodebookEntry, as_json: bool) -> None:
    """Write one code."""
    if as_json:
        write_json(entry)
    else:
        write([code_line(entry)])


def _change_line(change: CodeChangeEntry) -> Line:
    return line(
        (f"{change.created_at:%Y-%m-%d %H:%M}  ", "dim"),
        (f"{change.action:<8}", "bold"),
        f"{change.code:<12} {', '.join(_details(change.details))}",
        (f"  {change.author}", "dim"),
    )


def _details(details: dict[str, Any]) -> Iterator[str]:
    for name, value in details.items():
        if isinstance(value, dict) and value.keys() == {"before", "after"}:
            yield f"{name}: {value['before']} → {value['after']}"
        elif value and name != "code" and not isinstance(value, dict | list):
            yield f"{name}: {value}"
