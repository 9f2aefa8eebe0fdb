"""What commands write: whatever a transcript holds, the terminal is not steered and no markup is read."""

import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from app.commands.output import Line, line, tell, visible, write, write_json
from app.commands.progress import progress_bar

STEERING = "\x1b[31m\x9b2J\x07\x7f\u202e\u2066\u2028\ud800"


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def written(lines: list[Line], stream: StringIO) -> str:
    """What lines look like on a stream."""
    with redirect_stdout(stream):
        write(lines)
    return stream.getvalue()


@given(st.text())
def test_shown_text_holds_no_controls(text: str) -> None:
    """What is shown has as many characters as the text, none of which moves or colours anything."""
    shown = visible(text)
    assert len(shown) == len(text)
    assert all(unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") for character in shown)
    assert not any(0x202A <= ord(character) <= 0x202E or 0x2066 <= ord(character) <= 0x2069 for character in shown)


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" ")))
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    """Letters, marks, digits, signs and spaces of any script stay."""
    assert visible(text) == text


def test_joiners_that_emoji_and_scripts_need_stay() -> None:
    """A family emoji is one picture of several characters."""
    assert visible("👩\u200d👧 می\u200cخواهم") == "👩\u200d👧 می\u200cخواهم"


def test_a_terminal_is_not_steered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape sequences of a transcript are visible on a terminal, markup is plain text; our own styles remain."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = written([line(("[bold]Angst[/bold] :smile:", "red"), STEERING)], Terminal())
    assert "\x1b[31m[bold]Angst[/bold] :smile:\x1b[0m" in shown
    assert shown.count("\x1b") == 2
    assert not set("\x9b\x07\x7f\u202e\u2066\u2028") & set(shown)


def test_a_pipe_gets_whole_lines_without_styles() -> None:
    """Long lines are not wrapped, so that a quote is found by grep."""
    quote = "Denn kam der Wisch " * 40
    assert written([line((quote, "red"), indent=4), line()], StringIO()) == f"    {quote}\n\n"


def test_a_terminal_gets_wrapped_lines_and_empty_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrapped lines keep their indent, and an empty line separates."""
    monkeypatch.setenv("COLUMNS", "20")
    shown = written([line("eins zwei drei vier", indent=8), line(), line("fünf")], Terminal())
    assert [row.rstrip() for row in shown.splitlines()] == ["        eins zwei", "        drei vier", "", "fünf"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_is_read_back_and_steers_nothing(text: str) -> None:
    """JSON keeps every character and writes those that steer a terminal as escapes."""
    stream = StringIO()
    with redirect_stdout(stream):
        write_json({"quote": text})
    assert from_json(stream.getvalue()) == {"quote": text}
    assert not any(unicodedata.category(character) == "Cc" and character != "\n" for character in stream.getvalue())
    assert not any(unicodedata.bidirectional(character) in ("RLO", "LRO", "RLI") for character in stream.getvalue())


def test_notes_go_to_stderr() -> None:
    """What is told to people never mixes with the data."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        tell("The key is shown once.")
    assert (out.getvalue(), err.getvalue()) == ("", "The key is shown once.\n")


@pytest.mark.parametrize(("stream", "shows"), [(StringIO(), False), (Terminal(), True)])
def test_a_progress_bar_needs_a_terminal(stream: StringIO, shows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log file or a pipe gets nothing of it; the name of a part is no markup."""
    monkeypatch.setenv("TERM", "xterm")
    with redirect_stderr(stream), progress_bar("Ingesting") as advance:
        advance("[red]I01[/red]", 1, 2)
    assert ("[red]I01[/red]" in stream.getvalue()) is shows
