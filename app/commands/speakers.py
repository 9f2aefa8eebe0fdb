"""`verbatim speakers`: who speaks in an interview, and putting it right."""

import uuid
from collections.abc import Iterator
from typing import Annotated

import typer

from app.commands import options
from app.commands.boundary import FAILED
from app.commands.opening import note_command, opened
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.library.corrections import (
    Corrected,
    SpeakerEntry,
    UtteranceEntry,
    Voice,
    correct_label,
    correct_utterance_of,
    list_speakers,
    list_utterances,
)
from app.library.export import spoken_at
from app.services import Services
from app.vocabulary import Role
from ingest.pipeline import process_run, round_off
from ingest.speech.recordings import SpeechProcess

app = typer.Typer()


@app.command()
def speakers(
    interview: Annotated[str, typer.Argument(help="The interview, I07.")],
    study: options.StudyName = None,
    label: Annotated[str | None, typer.Option(help="Say who speaks under this label of the transcript.")] = None,
    utterance: Annotated[uuid.UUID | None, typer.Option(help="Say who speaks this one utterance.")] = None,
    utterances: Annotated[bool, typer.Option("--utterances", help="List every utterance, with its id.")] = False,
    role: Annotated[Role | None, typer.Option(help="As what they speak.")] = None,
    participant: Annotated[str | None, typer.Option(help="Which participant, where several were interviewed.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """List who speaks in an interview, or put right who does.

    What a person said of it stays when the interview is processed again.
    """
    if (label is None) == (utterance is None) and role is not None:
        raise typer.BadParameter("say of whom: give --label or --utterance", param_hint="--role")
    if role is None and (label or utterance or participant):
        raise typer.BadParameter("say as what they speak: give --role", param_hint="--role")
    with opened() as services:
        slug = choose_study(services.database, study)
        if role is None:
            _list(services, slug, interview, by_utterance=utterances, as_json=as_json)
            return
        note_command(services.database, changes=True)
        with services.database.sessions.begin() as session:
            voice = Voice(role, participant)
            if utterance is not None:
                corrected = correct_utterance_of(session, slug, interview, utterance, voice)
            else:
                corrected = correct_label(session, slug, interview, str(label), voice)
        with SpeechProcess() as speech:
            report = process_run(corrected.run, corrected.interview, services, speech)
        if report.status == "published":
            round_off(corrected.study, services)
    _tell(corrected, as_json)
    if report.status == "failed":
        raise typer.Exit(FAILED)


def _list(services: Services, study: str, interview: str, *, by_utterance: bool, as_json: bool) -> None:
    with services.database.sessions() as session:
        found = (list_utterances if by_utterance else list_speakers)(session, study, interview)
    if as_json:
        write_json(found)
    else:
        write(entry for each in found for entry in _lines(each))


def _lines(entry: SpeakerEntry | UtteranceEntry) -> Iterator[Line]:
    if isinstance(entry, UtteranceEntry):
        who = entry.participant or entry.role
        decided = ", as a person said" if entry.decided else ""
        time = spoken_at(entry.start_ms) if entry.start_ms is not None else "no time"
        yield line((str(entry.id), "bold"), f"  {time}  {entry.label or 'without a label'}: {who}{decided}")
        yield line((_start_of(entry.text), "dim"), indent=4)
        return
    roles = ", ".join(f"{role} {count}" for role, count in entry.roles.items())
    people = f" ({', '.join(entry.participants)})" if entry.participants else ""
    yield line((entry.label or "without a label", "bold"), f"  {roles}{people}")
    yield line((_start_of(entry.example), "dim"), indent=4)


def _start_of(text: str) -> str:
    return f"“{text[:90]}{'…' if len(text) > 90 else ''}”"


def _tell(corrected: Corrected, as_json: bool) -> None:
    if as_json:
        write_json(corrected)
    else:
        noun = "utterance" if corrected.utterances == 1 else "utterances"
        write(
            [line(f"{corrected.interview}: {corrected.utterances} {noun} put right; the interview is processed anew.")]
        )
