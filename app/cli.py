"""`verbatim …`: the command line. A command's module is imported when the command runs, so that help comes at once."""

import sys
from collections.abc import Sequence
from typing import NoReturn

from app.commands import exports, imports
from app.commands.boundary import guard
from app.commands.lazy import lazy_group

SUMMARIES = {
    "demo": "Ingest the sample study, ask it three questions, transcribe its recordings, and serve it.",
    "serve": "Serve answers over HTTP, and the web page.",
    "mcp": "Serve an AI client that starts this command (Model Context Protocol over stdio).",
    "ingest": "Ingest study folders, or a conversation: its transcript, its recording or both.",
    "status": "Show what became of each interview, external source and insight.",
    "speakers": "List who speaks in an interview, or put right who does.",
    "story": "Show how a participant came to switch: the forces, the timeline, who was hired and fired.",
    "ask": "Ask a question; the answer stands on cited quotes.",
    "quotes": "Search or list what participants said, word for word.",
    "codebook": "List and change the codes of a study; see what none names yet.",
    "taggings": "List, add, remove and review codes on words of participants.",
    "segments": "List the segments with their criteria, show what one is like, or say which one a customer belongs to.",
    "economics": "Show which customers bring the money, who of them was interviewed, and whom to invite next.",
    "matrix": "Show who named which selection criterion, for and against, of us, of competitors, of the house.",
    "saturation": "Show how much each further interview still tells, and whether the study can stop.",
    "hypotheses": "List hypotheses with their verdicts; add, import and test them; report which survived.",
    "insights": "List what researchers concluded, with the quotes behind it; add, edit, link and import.",
    "sources": "List external documents; add, refresh, compare, show and remove them.",
    "report": "Write what a study comes to as one HTML file, which needs nothing else, or as Markdown.",
    "eval": "Measure answers, roles and tags against a gold file.",
    "reembed": "Make all vectors anew with the configured embedder.",
    "retag": "Tag all interviews of a study anew; what persons tagged stays.",
    "models": "Fetch the weights of speech models.",
    "worker": "Process the interviews that wait, until told to end.",
    "backup": "Write everything that this installation holds into one file: the database, and the recordings.",
    "restore": "Put a backup into an installation without studies.",
    "migrate": "Bring the schema of the database up to date.",
    "doctor": "Show what is in use, and what is missing with its remedy.",
    "prompts": "List the prompts of the chat model with version, hash and purpose.",
    "consent": "List, give and withdraw consent to interviews.",
    "reveal": "Show what the placeholders in a participant's interviews stand for.",
    "retention": "Show or say how long a study keeps interviews; erase what was kept for long enough.",
    "erase": "Erase a participant or an interview for ever, with a receipt.",
    "keys": "Create, list and revoke API keys.",
    "sessions": "List and end the sessions of the web pages.",
    "audit": "Show who read, exported, changed and erased what; check the chain.",
}

SUBJECTS = {"import": imports.SUMMARIES, "export": exports.SUMMARIES}
"""What can be imported and exported: modules of `app.commands.imports` and `app.commands.exports`."""

command_line = lazy_group(
    "verbatim",
    "Answers from customer interviews, with quotes that are word for word what a customer said.",
    "app.commands",
    SUMMARIES,
)
command_line.add_command(
    lazy_group("import", "Take in what other tools hold.", "app.commands.imports", imports.SUMMARIES)
)
command_line.add_command(
    lazy_group("export", "Write files for other tools.", "app.commands.exports", exports.SUMMARIES)
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; exits with 0, with 1 when something failed, with 2 when the command was written wrongly."""
    sys.exit(guard(lambda: command_line(arguments, prog_name="verbatim")))
