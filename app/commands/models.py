"""`verbatim models`: weights for machines without internet."""

import warnings
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from faster_whisper.utils import download_model

from app.commands.output import line, tell, write
from app.errors import UnavailableError

app = typer.Typer(help="Fetch the weights of speech models.", no_args_is_help=True)


class SpeechModelName(StrEnum):
    """The speech models that are worth their size for German, Spanish and English."""

    LARGE_V3 = "large-v3"
    LARGE_V3_TURBO = "large-v3-turbo"
    MEDIUM = "medium"
    SMALL = "small"


@app.callback()
def models() -> None:
    """Fetch the weights of speech models."""


@app.command()
def fetch(
    name: Annotated[SpeechModelName, typer.Argument(help="The speech model.")],
    to: Annotated[Path, typer.Option(help="Folder that the weights are written to.", file_okay=False)],
) -> None:
    """Fetch a speech model on a machine with internet; copy the folder to where it is needed.

    There VERBATIM_WHISPER_MODEL names its path.
    """
    tell(f"Fetching {name} to {to}: up to 3 GB.")
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            download_model(name, output_dir=str(to))
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"{name} could not be fetched from huggingface.co; run this on a machine that reaches it, "
            "and copy the folder here"
        ) from error
    write([line(f"VERBATIM_WHISPER_MODEL={to.resolve()}")])
