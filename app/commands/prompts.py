"""`verbatim prompts`: what the chat model is told, by version and hash."""

from typing import Annotated

import typer

from app.commands import options
from app.commands.output import line, tell, write, write_json
from app.prompt_lock import find_unlocked, read_lock, write_lock
from app.prompts import Prompt, load_prompts

app = typer.Typer()


@app.command()
def prompts(
    lock: Annotated[bool, typer.Option("--lock", help="Lock the prompts as they are, after a change.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """List the prompts of the chat model with version, hash and purpose."""
    loaded = load_prompts()
    if lock:
        write_lock(loaded)
    for fault in find_unlocked(loaded, read_lock()):
        tell(str(fault))
    if as_json:
        write_json([_facts(prompt) for prompt in loaded.values()])
    else:
        write(line(f"{name:<24}", f"{prompt.provenance:<18}", prompt.front.purpose) for name, prompt in loaded.items())


def _facts(prompt: Prompt) -> dict[str, object]:
    front = prompt.front
    return {"name": prompt.name, "version": front.version, "sha256": prompt.sha256, "purpose": front.purpose}
