"""Where errors of commands end: a message and an exit code, never a traceback."""

import signal
from pathlib import Path

import pytest
from cli_runner import point_at, run, started
from study_factory import add_study

from app.commands.boundary import guard, on_signals
from app.database import Database
from app.embedding import Embedder
from app.errors import Fault, InvalidInputError


def raiser(error: BaseException) -> None:
    """Raise an error."""
    raise error


def test_faults_are_said_with_place_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    """An error for the user exits with 1; stdout, which is for data, stays empty."""
    faults = (Fault("study.yaml:3", "a is wrong", "write b"), Fault("study.yaml:9", "c is missing", "add it"))
    assert guard(lambda: raiser(InvalidInputError("the folder has 2 faults", faults))) == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.splitlines() == [
        "error: the folder has 2 faults",
        "  study.yaml:3: a is wrong → write b",
        "  study.yaml:9: c is missing → add it",
    ]


def test_an_unexpected_error_is_one_line_without_what_it_stumbled_over(capsys: pytest.CaptureFixture[str]) -> None:
    """Its type and place are told, its message, which may quote a participant, is not."""
    assert guard(lambda: raiser(ValueError("meine Kontonummer ist 4711"))) == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert len(written.err.splitlines()) == 1
    assert "unexpected ValueError in test_cli_boundary.py" in written.err
    assert "4711" not in written.err


def test_a_file_that_cannot_be_read_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What the operating system refuses is said with the path."""
    assert guard(lambda: (tmp_path / "nothing").read_bytes()) == 1
    assert capsys.readouterr().err == f"error: {tmp_path}/nothing: No such file or directory\n"


def test_sigterm_unwinds_the_command() -> None:
    """What a command opened is closed when it is told to end, and the exit code says by what."""
    closed = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            closed.append(True)

    assert guard(work) == 128 + signal.SIGTERM
    assert closed == [True]


def test_handlers_of_signals_last_as_long_as_their_context() -> None:
    """A command's answer to a signal does not outlive it."""
    before = signal.getsignal(signal.SIGTERM)
    told: list[str] = []
    with on_signals(lambda: told.append("end"), signal.SIGTERM):
        signal.raise_signal(signal.SIGTERM)
    assert told == ["end"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_closed_pipe_ends_a_command_quietly(
    own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`verbatim quotes | true` complains of nothing."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    point_at(own_database, monkeypatch, tmp_path)
    with started("quotes") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 1


def test_wrong_settings_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each variable that cannot be used is said at once."""
    monkeypatch.setenv("VERBATIM_PORT", "many")
    monkeypatch.setenv("VERBATIM_POOL_SIZE", "0")
    outcome = run("status")
    assert outcome.code == 1
    assert "VERBATIM_PORT" in outcome.err
    assert "VERBATIM_POOL_SIZE" in outcome.err


def test_a_database_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback and no password, but where it was looked for."""
    monkeypatch.setenv("VERBATIM_DATABASE_URL", "postgresql://me:hush@127.0.0.1:1/verbatim")
    outcome = run("status")
    assert outcome.code == 1
    assert "127.0.0.1:1" in outcome.err
    assert "hush" not in outcome.err
    assert "Traceback" not in outcome.err
