"""The command line as a whole: its commands, its help, what it imports."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runner import point_at
from typer.main import get_command

from app.cli import SUBJECTS, SUMMARIES, main
from app.database import Database

HEAVY = ("torch", "transformers", "sentence_transformers", "sqlalchemy", "fastapi", "numpy")
UNNEEDED = frozenset(
    "alembic authlib av ctranslate2 faster_whisper httpcore2 httpx2 ingest joserfc langchain langchain_core mako mcp "
    "onnxruntime phonenumbers pyarrow pypdf requests scipy sentence_transformers sklearn torch trafilatura "
    "transformers trio".split()
)
"""What the service does without until somebody needs it."""
UNTIL_READY = """
import sys
import app.commands.serve
from app.commands.opening import opened
from app.main import create_app
from app.rest.health import check_readiness
with opened() as services:
    create_app(services, require_keys=False)
    check_readiness(services)
    print(*sys.modules)
"""


def modules_after(*arguments: str) -> set[str]:
    """The packages that a process has imported after a command."""
    program = "import sys\nfrom app.cli import main\ntry:\n    main()\nfinally:\n"
    program += "    sys.stderr.write('imported ' + ' '.join(name for name in sys.modules if '.' not in name))"
    ended = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return set(ended.stderr.rpartition("imported ")[2].split())


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`verbatim --help` writes the name and the summary of each command to stdout and exits with 0."""
    with pytest.raises(SystemExit) as ending:
        main(["--help"])
    out = " ".join(capsys.readouterr().out.split())
    assert ending.value.code == 0
    for name, summary in SUMMARIES.items():
        assert f"{name} {summary}" in " ".join(out.replace("│", " ").split())


@pytest.mark.parametrize("name", SUMMARIES)
def test_summaries_are_those_of_the_commands(name: str) -> None:
    """What the list of commands says of one is the first line of its own help."""
    module = importlib.import_module(f"app.commands.{name}")
    help_text = get_command(module.app).help or ""
    assert help_text.splitlines()[0] == SUMMARIES[name]


@pytest.mark.parametrize("command", SUBJECTS)
def test_summaries_are_those_of_what_is_imported_and_exported(command: str) -> None:
    """`verbatim import --help` lists the subjects, each with the first line of its own help."""
    for subject, summary in SUBJECTS[command].items():
        module = importlib.import_module(f"app.commands.{command}s.{subject}")
        help_text = get_command(module.app).help or ""
        assert help_text.splitlines()[0] == summary


def test_help_imports_nothing_heavy() -> None:
    """Help comes at once: no command is imported for it."""
    assert modules_after("--help").isdisjoint(HEAVY)


def test_no_command_imports_torch() -> None:
    """With the bundled embedder torch stays out of every command, also where vectors are made."""
    names = [*SUMMARIES, *(f"{command}s.{subject}" for command in SUBJECTS for subject in SUBJECTS[command])]
    imports = "\n".join(f"import app.commands.{name}" for name in names)
    program = f"import sys\n{imports}\nfrom app.embedding import load_embedder\n"
    program += "load_embedder('bundled').embed_questions(['Angst'])\nsys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_serving_waits_for_neither_other_protocols_nor_other_processes(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The service is ready without what only MCP clients, chat models, workers, sources and older schemas need."""
    point_at(own_database, monkeypatch, tmp_path)
    ended = subprocess.run([sys.executable, "-c", UNTIL_READY], check=True, capture_output=True, text=True)
    assert UNNEEDED.isdisjoint(ended.stdout.split())


def test_what_a_command_imports_is_no_garbage() -> None:
    """It is never looked through again, though garbage is collected: the imports of a service are 300,000 objects."""
    program = "import gc\nfrom app.cli import main\ntry:\n    main(['serve', '--help'])\nfinally:\n"
    program += "    print('frozen', gc.get_freeze_count(), gc.isenabled())"
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    frozen, enabled = told.rpartition("frozen ")[2].split()
    assert (int(frozen) > 100_000, enabled) == (True, "True")


@pytest.mark.parametrize(("arguments", "advice"), [(["aks"], "'ask'"), (["ask"], "QUESTION"), ([], "Usage")])
def test_wrong_usage_exits_with_2(arguments: list[str], advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command, a missing argument, no command at all: 2, and a hint on what to write."""
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    written = capsys.readouterr()
    assert ending.value.code == 2
    assert advice.lower() in (written.out + written.err).lower()
