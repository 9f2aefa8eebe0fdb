"""`verbatim …`: the command line. A command's module is imported when the command runs, so that help comes at once."""

import importlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from app.commands.boundary import guard

SUMMARIES = {
    "demo": "Ingest the sample study, ask it three questions, transcribe its recordings, and serve it.",
    "serve": "Serve answers over HTTP, and the web page.",
    "mcp": "Serve an AI client that starts this command (Model Context Protocol over stdio).",
    "ingest": "Ingest study folders, or a conversation: its transcript, its recording or both.",
    "status": "Show what became of each interview, external source and insight.",
    "speakers": "List who speaks in an interview, or put right who does.",
    "ask": "Ask a question; the answer stands on cited quotes.",
    "quotes": "Search or list what participants said, word for word.",
    "economics": "Show which customers bring the money, who of them was interviewed, and whom to invite next.",
    "saturation": "Show how much each further interview still tells, and whether the study can stop.",
    "insights": "List what researchers concluded, with the quotes behind it; add, edit, link and import.",
    "sources": "List external documents; add, refresh, compare, show and remove them.",
    "report": "Write what a study comes to as one HTML file, which needs nothing else and fetches nothing.",
    "eval": "Measure answers, roles and tags against a gold file.",
    "reembed": "Make all vectors anew with the configured embedder.",
    "retag": "Tag all interviews of a study anew; what persons tagged stays.",
    "models": "Fetch the weights of speech models.",
    "worker": "Process the interviews that wait, until told to end.",
    "migrate": "Bring the schema of the database up to date.",
    "doctor": "Show what is in use, and what is missing with its remedy.",
    "prompts": "List the prompts of the chat model with version, hash and purpose.",
    "keys": "Create, list and revoke API keys.",
}


class LazyCommand(TyperCommand):
    """A command known by its name and summary alone until it runs."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Import the command's module and go on with the command itself."""
        module = importlib.import_module(f"app.commands.{self.name}")
        return get_command(module.app).make_context(info_name, args, parent=parent, **extra)


command_line = TyperGroup(
    name="verbatim",
    help="Answers from customer interviews, with quotes that are word for word what a customer said.",
    commands={name: LazyCommand(name, help=summary) for name, summary in SUMMARIES.items()},
    no_args_is_help=True,
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; exits with 0, with 1 when something failed, with 2 when the command was written wrongly."""
    sys.exit(guard(lambda: command_line(arguments, prog_name="verbatim")))
