"""`verbatim eval`: how good answers, roles and tags are, by a gold file."""

from collections.abc import Iterator, Mapping
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
    as_json: options.AsJson = False,
) -> None:
    """Measure answers, roles and tags against a gold file."""
    with opened() as services:
        evaluation = evaluate(gold, services)
    if as_json:
        write_json(evaluation)
    else:
        write(_lines(evaluation))


def _lines(evaluation: Evaluation) -> Iterator[Line]:
    yield line((f"{evaluation.study}: {evaluation.questions} questions", "bold"))
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
    for name, value in rates.items():
        yield line(f"{name:<26} {_rate(value)}", indent=2)
    if evaluation.answer_p50_ms is not None:
        yield line(f"{'median answer':<26} {evaluation.answer_p50_ms:.0f} ms", indent=2)
    yield from _table("question language × language cited", evaluation.language_parity)
    yield from _table("true role × role given", evaluation.role_confusion)
    tagging = {kind: dict(zip(("precision", "recall"), pair, strict=True)) for kind, pair in _tagging(evaluation)}
    yield from _table("tagging by kind", tagging)


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
