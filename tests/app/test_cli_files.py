"""Files that commands write: whole, or not at all."""

from pathlib import Path

import pytest

from app.commands.files import written_whole
from app.errors import AppError, NotFoundError


def break_off(output: Path) -> None:
    """Write half a file."""
    with written_whole(output) as path:
        path.write_bytes(b"half")
        raise NotFoundError("there is no such participant")


def test_a_file_is_there_once_all_of_it_is(tmp_path: Path) -> None:
    """Until then the former one stays, and nothing else is left of the writing."""
    output = tmp_path / "P07.zip"
    output.write_bytes(b"former")
    with written_whole(output) as path:
        path.write_bytes(b"new")
        assert output.read_bytes() == b"former"
    assert (output.read_bytes(), list(tmp_path.iterdir())) == (b"new", [output])


def test_what_breaks_off_leaves_the_former_file(tmp_path: Path) -> None:
    """Whatever goes wrong is told as it is, and half a file is thrown away."""
    output = tmp_path / "P07.zip"
    output.write_bytes(b"former")
    with pytest.raises(NotFoundError):
        break_off(output)
    assert (output.read_bytes(), list(tmp_path.iterdir())) == (b"former", [output])


def test_a_folder_that_is_not_there_is_named_with_a_remedy(tmp_path: Path) -> None:
    """No traceback, and what to do next."""
    with pytest.raises(AppError, match="No such file or directory; make its folder first"):
        written_whole(tmp_path / "none" / "P07.zip").__enter__()
