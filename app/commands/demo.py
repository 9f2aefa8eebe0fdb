"""`verbatim demo`: the main job on the sample study, from transcripts and recordings to cited answers."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import BaseModel, ValidationError

from app.answering.answer import answer_question
from app.answering.schemas import Answer, Question
from app.commands import options
from app.commands.answers import answer_lines
from app.commands.boundary import FAILED
from app.commands.ingest import report_lines
from app.commands.opening import local_url, opened
from app.commands.output import line, write, write_json
from app.commands.progress import progress_bar
from app.commands.server import open_next_socket, run_server, url_of
from app.errors import InvalidInputError, NotFoundError
from app.scope import Filters
from app.services import Services
from ingest.pipeline import IngestReport, ingest_study

app = typer.Typer()

_CLONE = Path(__file__).resolve().parents[2]
_SAMPLES = (_CLONE / "examples" / "nido", Path("examples") / "nido")
_SPEECH_MODEL = _CLONE / "tests" / "fixtures" / "speech_model"
"""What hears the synthetic voices of the sample recordings where no real model is set."""


class DemoQuestion(BaseModel):
    """A question that the demo asks, with one value for each filter."""

    question: str
    filters: dict[str, str] = {}


class DemoQuestions(BaseModel):
    """The file `questions.yaml` of a study folder."""

    demo: tuple[DemoQuestion, ...]


@dataclass(frozen=True)
class Shown:
    """What became of one study folder, and the answers to its questions."""

    report: IngestReport
    answers: tuple[Answer, ...]


@app.command()
def demo(
    serve: Annotated[bool, typer.Option(help="Serve the study afterwards, until interrupted.")] = True,
    study_folder: Annotated[Path | None, typer.Option(help="Another study than the sample.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """Ingest the sample study, ask it three questions, transcribe its recordings, and serve it."""
    folder = study_folder or _sample()
    with opened() as services:
        settings = services.settings
        with open_next_socket(settings.host, settings.port) if serve else nullcontext() as listening:
            shown = [_do("Ingesting", folder, services)]
            if (folder / "recordings" / "study.yaml").is_file():
                shown.append(_do("Transcribing", folder / "recordings", _hearing(services)))
            base_url = url_of(listening) if listening else local_url(settings.host, settings.port)
            _show(shown, base_url, as_json=as_json)
            if listening:
                run_server(services, listening)
    if not all(each.report.succeeded for each in shown):
        raise typer.Exit(FAILED)


def _do(doing: str, folder: Path, services: Services) -> Shown:
    with progress_bar(doing) as advance:
        report = ingest_study(folder, services, advance)
    asked = _questions(folder, report.study)
    return Shown(report, tuple(answer_question(question, services) for question in asked))


def _hearing(services: Services) -> Services:
    """The services with the speech model of the tests, unless a real one is set."""
    settings = services.settings
    if settings.whisper_model is not None or not _SPEECH_MODEL.is_dir():
        return services
    return replace(services, settings=settings.model_copy(update={"whisper_model": str(_SPEECH_MODEL)}))


def _sample() -> Path:
    found = next((folder for folder in _SAMPLES if folder.is_dir()), None)
    if found is None:
        raise NotFoundError(
            "the sample study is not here; run this in a clone of the repository, or add --study-folder"
        )
    return found


def _questions(folder: Path, study: str) -> list[Question]:
    """The questions of a study folder; none where it has no such file."""
    file = folder / "questions.yaml"
    if not file.is_file():
        return []
    try:
        listed = DemoQuestions.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))).demo
        return [Question(question=entry.question, study=study, filters=_filters(entry.filters)) for entry in listed]
    except (yaml.YAMLError, ValidationError) as error:
        raise InvalidInputError(f"{file} cannot be read; write `demo: [{{question: …, filters: {{}}}}]`") from error


def _filters(chosen: Mapping[str, str]) -> Filters:
    return Filters.model_validate({f"{name}s": (value,) for name, value in chosen.items()})


def _show(shown: Sequence[Shown], base_url: str, *, as_json: bool) -> None:
    if as_json:
        first, *others = ({"ingest": each.report, "answers": each.answers} for each in shown)
        write_json(first | {"recordings": others[0] if others else None})
        return
    for each in shown:
        write(report_lines(each.report))
        for answer in each.answers:
            write([line(), *answer_lines(answer, base_url)])
        write([line()])
