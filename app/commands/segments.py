"""`verbatim segments`: who belongs to which segment, and what each is like."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated

import typer
from pydantic import ValidationError

from app.commands import options
from app.commands.answers import quote_lines
from app.commands.files import deliver, format_of, picture
from app.commands.opening import local_url, opened, opened_database, start
from app.commands.output import Line, line, tell, write, write_json
from app.commands.qualification import converse, qualification_lines
from app.commands.studies import choose_study
from app.research.charts.picture import draw
from app.research.segments.cases import Case
from app.research.segments.figures import profile_chart, profile_csv
from app.research.segments.profile import list_segments, read_segment
from app.research.segments.qualify import qualify as qualify_case
from app.research.segments.schemas import (
    AttributeRange,
    AttributeWords,
    ProfileCode,
    SegmentDefinition,
    SegmentProfile,
    TypicalPhrase,
)
from app.vocabulary import Polarity

app = typer.Typer(invoke_without_command=True)

_MET: Mapping[str, bool | None] = {"met": True, "failed": False, "unknown": None}


@app.callback()
def segments(context: typer.Context, study: options.StudyName = None, as_json: options.AsJson = False) -> None:
    """List the segments with their criteria, show what one is like, or say which one a customer belongs to."""
    if context.invoked_subcommand is not None:
        return
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = list_segments(session, slug)
    if as_json:
        write_json(found)
        return
    write(entry for segment in found.segments for entry in _segment_lines(segment))
    if not found.segments:
        tell(f"{slug} has no segments: name a file of them as `segments:` in study.yaml and ingest it again.")


@app.command()
def show(
    segment: Annotated[str, typer.Argument(help="The segment, careful.")],
    study: options.StudyName = None,
    told_in: options.ToldIn = "en",
    file_format: options.FigureFormats = None,
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what a segment is like: triggers, aha moments, criteria, problems, typical language."""
    chosen = format_of(file_format, output, options.FIGURES)
    settings = start()
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_segment(session, slug, segment, told_in)
    if chosen == "csv":
        deliver(profile_csv([found]), output)
    elif chosen:
        deliver(picture(draw(profile_chart(found, told_in)), chosen), output)
    elif as_json:
        write_json(found)
    else:
        write(_profile_lines(found, local_url(settings.host, settings.port)))


@app.command()
def qualify(
    study: options.StudyName = None,
    participant: Annotated[str | None, typer.Option(help="Somebody who was interviewed, P07.")] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(help="What the customer says; CRITERION=… says what was asked about. Repeatable."),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(help="AX1=affirmed or AX1=denied; careful-risk=met, failed or unknown. Repeatable."),
    ] = None,
    attribute: Annotated[
        list[str] | None, typer.Option(help="What is known of the customer, age=34 or occupation=nurse. Repeatable.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of what is told and asked next: de.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """Say which segment a customer belongs to; on a terminal, with nothing given, ask until it is decided."""
    with opened() as services:
        slug = choose_study(services.database, study)
        with services.database.sessions() as session:
            criteria = {one.id for each in list_segments(session, slug).segments for one in each.criteria}
        answers = [_answer(text, criteria) for text in answer or ()]
        case = _case(
            study=slug,
            answers=answers,
            facts=_facts(fact or ()),
            attributes=_attributes(attribute or ()),
            participant=participant,
            language=language,
        )
        if not (participant or answer or fact or attribute or as_json) and sys.stdin.isatty():
            found = converse(case, services)
        else:
            with services.database.sessions() as session:
                found = qualify_case(session, case, services.embedder)
    if as_json:
        write_json(found)
    else:
        write(qualification_lines(found, local_url(services.settings.host, services.settings.port)))


def _case(**given: object) -> Case:
    try:
        return Case.model_validate(given)
    except ValidationError as error:
        raise options.wrong_usage(error) from error


def _answer(text: str, criteria: Collection[str]) -> dict[str, str]:
    criterion, equals, said = text.partition("=")
    if equals and criterion.strip() in criteria:
        return {"criterion": criterion.strip(), "text": said.strip()}
    return {"text": text}


def _facts(written: Sequence[str]) -> dict[str, dict[str, object]]:
    codes: dict[str, object] = {}
    criteria: dict[str, object] = {}
    for text in written:
        name, _, value = (part.strip() for part in text.partition("="))
        if value in list(Polarity):
            codes[name] = value
        elif value in _MET:
            criteria[name] = _MET[value]
        else:
            forms = "CODE=affirmed, CODE=denied, CRITERION=met, CRITERION=failed or CRITERION=unknown"
            raise typer.BadParameter(f"{text!r} is no fact: write {forms}", param_hint="--fact")
    return {"codes": codes, "criteria": criteria}


def _attributes(written: Sequence[str]) -> dict[str, str]:
    told = {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in written)}
    if not all(name and value for name, value in told.items()):
        raise typer.BadParameter("write NAME=VALUE, age=34", param_hint="--attribute")
    return told


def _segment_lines(segment: SegmentDefinition) -> Iterator[Line]:
    names = " · ".join(dict.fromkeys(segment.labels.values()))
    yield line((segment.slug, "bold"), f"  {names}", (f"  {segment.participants} participants", "dim"))
    if segment.description:
        yield line((segment.description, "dim"), indent=2)
    for criterion in segment.criteria:
        dimension = f" ({criterion.dimension})" if criterion.dimension else ""
        yield line((criterion.id, "cyan"), (dimension, "dim"), f"  {criterion.statement}", indent=2)
        for sign, codes in (("+", criterion.speaks_for), ("–", criterion.speaks_against)):
            if codes:
                yield line((f"{sign} {' '.join(codes)}", "dim"), indent=4)
        for name, test in criterion.attributes.items():
            yield line((f"{name}: {_test_words(test)}", "dim"), indent=4)
        if criterion.unknown_codes:
            yield line((f"not in the codebook: {' '.join(criterion.unknown_codes)}", "yellow"), indent=4)


def _test_words(test: AttributeRange | AttributeWords) -> str:
    if isinstance(test, AttributeWords):
        return " or ".join(test.one_of)
    ends = (("at least", test.at_least), ("at most", test.at_most))
    return ", ".join(f"{name} {end:g}" for name, end in ends if end is not None)


def _profile_lines(profile: SegmentProfile, base_url: str) -> Iterator[Line]:
    yield from _segment_lines(profile.segment)
    if not profile.people:
        yield line("Nobody of this segment can be quoted yet.")
    for group in profile.groups:
        yield line()
        yield line((group.label, "bold"))
        for code in group.codes:
            yield from _code_lines(code, base_url)
    for language, phrases in profile.typical_language.items():
        yield line()
        yield line((f"Typical language ({language})", "bold"), ("  z-score, people here, people elsewhere", "dim"))
        for phrase in phrases:
            yield from _phrase_lines(phrase)


def _code_lines(code: ProfileCode, base_url: str) -> Iterator[Line]:
    here, elsewhere = code.segment, code.elsewhere
    denied = f", {here.denied} deny it" if here.denied else ""
    yield line(
        (code.code, "cyan"),
        f"  {code.label}: {here.affirmed} of {here.of} people{denied}",
        (f"  elsewhere {elsewhere.affirmed} of {elsewhere.of}", "dim"),
        indent=2,
    )
    yield from (Line(each.text, each.indent + 4) for each in quote_lines(code.quotes, base_url))


def _phrase_lines(phrase: TypicalPhrase) -> Iterator[Line]:
    counts = f"{phrase.people} of {phrase.of}, {phrase.elsewhere} of {phrase.elsewhere_of}"
    yield line((phrase.phrase, "cyan"), f"  {phrase.z:.2f}", (f"  {counts}", "dim"), indent=2)
    yield line(f"“{phrase.quote.quote}”", (f"  {phrase.quote.participant}", "dim"), indent=4)
