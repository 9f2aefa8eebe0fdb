"""What commands write as files: to the path that was named, whole or not at all, or else to stdout."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from app.commands.output import tell, write_json
from app.errors import AppError
from app.research.charts.drawing import Drawing, to_svg
from app.research.charts.png import to_png


def format_of(chosen: str | None, output: Path | None, known: tuple[str, ...]) -> str | None:
    """The format that was named, else the one that the name of the file ends with."""
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    suffix = {"md": "markdown"}.get(suffix, suffix)
    if chosen or not output:
        return chosen
    if suffix not in known:
        raise typer.BadParameter(f"say --format, one of {', '.join(known)}", param_hint="--output")
    return suffix


def picture(drawing: Drawing, chosen: str) -> str | bytes:
    """A drawing as `svg` or as `png`."""
    return to_svg(drawing) if chosen == "svg" else to_png(drawing)


def deliver(content: str | bytes, output: Path | None, *, as_json: bool = False) -> None:
    """Write content to a file, or to stdout, where a terminal is not sent bytes; as JSON, what was written, or a text.

    Raises:
        AppError: the file cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    if output is not None:
        with written_whole(output) as path:
            path.write_bytes(data)
        if as_json:
            write_json({"file": str(output), "bytes": len(data)})
        else:
            tell(f"{output}: {len(data):,} bytes")
        return
    if isinstance(content, bytes) and sys.stdout.isatty():
        raise typer.BadParameter("name a file: this is no text for a terminal", param_hint="--output")
    if isinstance(content, str):
        write_json({"content": content}) if as_json else sys.stdout.write(content)
    else:
        sys.stdout.buffer.write(content)


@contextmanager
def written_whole(output: Path) -> Iterator[Path]:
    """A path to write to, which becomes the file that was named once all of it is there.

    Raises:
        AppError: the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        os.close(handle)
        try:
            yield Path(name)
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
            Path(name).replace(output)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        remedy = "; make its folder first" if isinstance(error, FileNotFoundError) else ""
        raise AppError(f"{output} cannot be written: {error.strerror}{remedy}") from error
