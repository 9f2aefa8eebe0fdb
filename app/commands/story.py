"""`verbatim story`: how a participant came to switch, as a chat model told it of an interview."""

from collections.abc import Iterator
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.library.export import spoken_at
from app.library.job_story import JobStory, read_job_story

app = typer.Typer()


@app.command()
def story(
    interview: Annotated[str, typer.Argument(help="The interview, I07.")],
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Show how a participant came to switch: the forces, the timeline, who was hired and fired."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_job_story(session, slug, interview)
    if as_json:
        write_json(found)
    else:
        write(_lines(found))


def _lines(found: JobStory) -> Iterator[Line]:
    yield line((f"{found.interview} · {', '.join(found.participants)}", "bold"))
    if found.chat_model is None:
        yield line("nobody told its story: set VERBATIM_CHAT_MODEL, then run `verbatim retag`")
        return
    yield line((f"told by {found.chat_model}; every quote is cut from its transcript", "dim"))
    for field, entries in found.story.items():
        yield line()
        yield line((field.replace("_", " "), "bold cyan"))
        if not entries:
            yield line(("not told", "dim"), indent=2)
        for entry in entries:
            yield line(entry.statement, indent=2)
            yield line((f"“{entry.quote.quote}” {spoken_at(entry.quote.start_ms)}", "dim"), indent=4)
