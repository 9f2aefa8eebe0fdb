"""`verbatim eval`: how good answers, roles and tags are, by a gold file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened
from app.commands.output import Line, line, write, write_json
from app.evaluation.evaluate import Evaluation, evaluate

app = typer.Typer()


@app.command()
def measure(
    gold: Annotated[Path, typer.Argument(help="A gold file, for example examples/nido/gold.yaml.")],
    chat: Annotated[
        bool, typer.Option(help="Also with the chat model, where one is configured, side by side with quotes alone.")
    ] = True,
    as_json: options.AsJson = False,
) -> None:
    """Measure answers, roles and tags against a gold file."""
    with opened() as services:
        alone = evaluate(gold, replace(services, chat=None))
        worded = evaluate(gold, services) if chat and services.chat else None
    if as_json:
        write_json(alone if worded is None else alone.model_dump() | {"chat": worded})
    else:
        write(_lines(alone, worded))


def _lines(alone: Evaluation, worded: Evaluation | None) -> Iterator[Line]:
    """All figures without a chat model, and beside them those that one changes."""
    yield line((f"{alone.study}: {alone.questions} questions", "bold"))
    columns = [_rates(evaluation) for evaluation in (alone, worded) if evaluation]
    if worded is not None:
        yield line((f"{'':<26} {'quotes alone':<14} {worded.chat_model}", "dim"), indent=2)
    for name in columns[0]:
        yield line(f"{name:<26} {' '.join(f'{rates[name]:<14}' for rates in columns).rstrip()}", indent=2)
    if worded is not None:
        yield line(f"{'quotes alone after all':<26} {worded.fallbacks} of {worded.questions}", indent=2)
        dropped = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in worded.dropped.items() if count)
        yield line(f"{'dropped':<26} {dropped or 'nothing'}", indent=2)
    yield from _table("question language × language cited", alone.language_parity)
    if worded is not None:
        yield from _table(f"the same with {worded.chat_model}", worded.language_parity)
    yield from _table("true role × role given", alone.role_confusion)
    tagging = {kind: dict(zip(("precision", "recall"), pair, strict=True)) for kind, pair in _tagging(alone)}
    yield from _table("tagging by kind", tagging)


def _rates(evaluation: Evaluation) -> dict[str, str]:
    rates = {
        "hit@5": evaluation.hit_at_5,
        "precision@5": evaluation.precision_at_5,
        "MRR": evaluation.mrr,
        "recall of participants": evaluation.participant_recall,
        "language gap": evaluation.language_gap,
        "silent where unanswerable": evaluation.abstention,
        "silent where answerable": evaluation.wrongful_abstention,
        "denied as denied": evaluation.denied_as_denied,
        "role accuracy": evaluation.role_accuracy,
        "language accuracy": evaluation.language_accuracy,
        "verbatim fidelity": evaluation.verbatim_fidelity,
    }
    took = {} if evaluation.answer_p50_ms is None else {"median answer": f"{evaluation.answer_p50_ms:.0f} ms"}
    return {name: _rate(value) for name, value in rates.items()} | took


def _tagging(evaluation: Evaluation) -> list[tuple[str, tuple[float | None, float | None]]]:
    return list(evaluation.tagging_by_kind.items())


def _table(title: str, rows: Mapping[str, Mapping[str, float | int | None]]) -> Iterator[Line]:
    columns = sorted({column for row in rows.values() for column in row})
    if not columns:
        return
    yield line()
    yield line((title, "bold"))
    yield line(f"{'':<20}" + "".join(f"{column:>13}" for column in columns), indent=2)
    for name, row in rows.items():
        yield line(f"{name:<20}" + "".join(f"{_cell(row.get(column)):>13}" for column in columns), indent=2)


def _cell(value: float | int | None) -> str:
    return str(value) if isinstance(value, int) else _rate(value)


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
