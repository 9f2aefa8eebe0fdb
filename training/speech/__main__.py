"""Train the speech model and speak the sample recordings: `python -m training.speech --help`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import structlog
import typer
from tokenizers import Tokenizer

from training.speech.batches import read_material
from training.speech.clips import Clip, write_clips
from training.speech.export import export_model
from training.speech.fit import Fit, Trained, fit
from training.speech.labels import Labeller
from training.speech.measure import hear_lines, load_model, score
from training.speech.network import Network, Shape
from training.speech.recordings import write_recordings
from training.speech.texts import LANGUAGES, pair_lines, sample_lines
from training.speech.tokenizer import train_tokenizer

TEXT_TOKENS = 1500
SEED, MEASURED_SEED = 1, 2
UNSEEN_PAIRS = 300
"""Sentences of each language, first in the order of the seed, that training never uses."""

Keep = Annotated[Path, typer.Option(help="Folder that keeps clips and checkpoints.")]
Out = Annotated[Path, typer.Option(help="CTranslate2 folder.")]
Study = Annotated[Path, typer.Option(help="Folder of the sample study.")]
Pairs = Annotated[Path, typer.Option(help="Folder of eng-XXX.tsv.xz.")]
Voices = Annotated[int, typer.Option(help="Voices that speak each line of the sample recordings.")]
Sentences = Annotated[int, typer.Option(help="Sentences of the pairs in each language, one voice each.")]
Minutes = Annotated[float, typer.Option(help="How long to train; a checkpoint is gone on from.")]
KEEP, OUT = Path("build/speech"), Path("tests/fixtures/speech_model")
STUDY, PAIRS = Path("examples/nido"), Path("training/pairs")

log = structlog.get_logger()
command = typer.Typer(no_args_is_help=True, add_completion=False)


@dataclass(frozen=True)
class Workplace:
    """What a run consists of, kept in one folder."""

    tokenizer: Tokenizer
    labeller: Labeller
    shape: Shape
    trained: Trained
    checkpoint: Path


@command.command("all")
def do_all(
    keep: Keep = KEEP, out: Out = OUT, study: Study = STUDY, pairs: Pairs = PAIRS, minutes: Minutes = 60
) -> None:
    """Speak the recordings and what is trained on, train, write the model and measure it."""
    recordings(study)
    clips(keep, study, pairs)
    train(keep, out, minutes)
    measure(out, study, pairs)


@command.command()
def recordings(study: Study = STUDY) -> None:
    """Speak the sample recordings."""
    write_recordings(study, study / "recordings")


@command.command()
def clips(
    keep: Keep = KEEP, study: Study = STUDY, pairs: Pairs = PAIRS, voices: Voices = 40, sentences: Sentences = 1500
) -> None:
    """Speak what the model is trained on."""
    write_clips(sample_lines(study), voices, keep / "clips" / "samples", SEED)
    write_clips(pair_lines(pairs, sentences, UNSEEN_PAIRS, SEED), 1, keep / "clips" / "pairs", SEED)


@command.command()
def train(keep: Keep = KEEP, out: Out = OUT, minutes: Minutes = 60) -> None:
    """Train and write the model."""
    material = read_material(keep / "clips")
    pools = *material.samples.values(), *material.others.values()
    workplace = open_workplace(keep, [clip for pool in pools for clip in pool.clips])
    read = partial(read_material, keep / "clips")
    fit(workplace.trained, read, workplace.labeller, Fit(), minutes, workplace.checkpoint)
    export(workplace, out)


@command.command()
def convert(keep: Keep = KEEP, out: Out = OUT) -> None:
    """Write the model of the last checkpoint."""
    export(open_workplace(keep, []), out)


@command.command()
def measure(out: Out = OUT, study: Study = STUDY, pairs: Pairs = PAIRS, rounds: int = 3, unseen: int = 60) -> None:
    """Measure word error rates with voices and speeds that training never hears."""
    model = load_model(out)
    lines = {"recorded": sample_lines(study) * rounds, "unseen": pair_lines(pairs, unseen, 0, SEED)}
    for kind, spoken in lines.items():
        for language in LANGUAGES:
            result = score(hear_lines(model, [line for line in spoken if line.language == language], MEASURED_SEED))
            log.info(kind, language=language, word_error_rate=round(result.word_error_rate, 4), score=result)


def open_workplace(keep: Path, clips: Sequence[Clip]) -> Workplace:
    """Go on from the folder's checkpoint, or start anew with a tokenizer for the clips' texts."""
    kept, spelled, checkpoint = keep / "tokenizer.json", keep / "characters.txt", keep / "checkpoint.pt"
    if not kept.exists():
        texts = [clip.line.text for clip in clips]
        train_tokenizer(texts, TEXT_TOKENS).save(str(kept))
        spelled.write_text("".join(sorted({character for text in texts for character in text.lower()})), "utf-8")
    tokenizer, characters = Tokenizer.from_file(str(kept)), spelled.read_text("utf-8")
    labeller, shape = Labeller(tokenizer, characters), Shape()
    trained = Trained.begin(Network(shape, labeller.tokens, len(characters) + 1))
    if checkpoint.exists():
        trained.load(checkpoint)
    return Workplace(tokenizer, labeller, shape, trained, checkpoint)


def export(workplace: Workplace, out: Path) -> None:
    """Write the averaged weights as a model."""
    compact_ids = workplace.labeller.compact_ids()
    export_model(workplace.trained.average, workplace.shape, workplace.tokenizer, compact_ids, out)


if __name__ == "__main__":
    command()
