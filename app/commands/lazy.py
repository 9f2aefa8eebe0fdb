"""Commands whose modules are imported when they run, so that help comes at once."""

import gc
import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


class LazyCommand(TyperCommand):
    """A command known by its name and summary alone until it runs; its module has it as `app`."""

    def __init__(self, name: str, summary: str, module: str) -> None:
        super().__init__(name, help=summary)
        self._module = module

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Import the command's module and go on with the command itself."""
        with _no_collection():
            module = importlib.import_module(self._module)
        return get_command(module.app).make_context(info_name, args, parent=parent, **extra)


def lazy_group(name: str, summary: str, package: str, summaries: Mapping[str, str]) -> TyperGroup:
    """A command made of commands, each of which is a module of a package, by its name."""
    commands = [LazyCommand(each, about, f"{package}.{each}") for each, about in summaries.items()]
    return TyperGroup(name=name, help=summary, commands=commands, no_args_is_help=True)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Collect no garbage: an import makes hardly any, and looking for it takes a sixth of the time.

    Nor is what was imported looked through later on, over and over: it stays until the end.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
