"""The prompts: files with a version, locked by hash, that fence foreign words with marks that nobody can guess."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import Fault, InvalidInputError

Input = Literal["data", "word"]

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
_PARTS = re.compile(r"\A---\n(?P<front>.*?)\n---\n+# System\n+(?P<system>.*?)\n+# User\n+(?P<user>.*?)\n*\Z", re.DOTALL)
_WORD = re.compile(r"[\w .,()-]{1,80}")

# What chat templates of open models read as the border of a message, or of a thought.
_BORDER = re.compile(
    r"<\||\|>|</?(?:s|bos|eos|think|(?:start|end)_of_turn)>|\[/?(?:INST|SYS)\]|<</?SYS>>", re.IGNORECASE
)
_HARMLESS = str.maketrans("<|>[]", "‹¦›()")


class FrontMatter(BaseModel):
    """What stands at the head of a prompt; `inputs` are foreign `data`, to be fenced, or a plain `word` of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern="^[a-z]+(_[a-z]+)+$")
    version: int = Field(ge=1)
    purpose: str = Field(min_length=1, max_length=200)
    inputs: dict[str, Input]
    output: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """A prompt with its values in it."""

    system: str
    user: str


@dataclass(frozen=True)
class Prompt:
    """One prompt; `sha256` is that of its file, and stored with its name and version beside whatever came of it."""

    front: FrontMatter
    system: str
    user: str
    sha256: str

    @property
    def name(self) -> str:
        """What it is called, and its file."""
        return self.front.name

    @property
    def provenance(self) -> str:
        """Version and hash in one word, such as `3@a1b2c3d4e5f6`."""
        return f"{self.front.version}@{self.sha256[:12]}"

    def render(self, values: Mapping[str, str], fence: str | None = None) -> Rendering:
        """Put values in: words as they are, data between fences that carry a random number, new each time.

        Raises:
            ValueError: a value is missing or unknown, or a word is none.
        """
        if set(values) != set(self.front.inputs):
            raise ValueError(f"{self.name} takes {sorted(self.front.inputs)}, not {sorted(values)}")
        mark = fence or secrets.token_hex(8)
        filled = {name: self._fill(name, value, mark) for name, value in values.items()}
        return Rendering(
            Template(self.system).substitute(filled, fence=mark), Template(self.user).substitute(filled, fence=mark)
        )

    def _fill(self, name: str, value: str, mark: str) -> str:
        if self.front.inputs[name] == "data":
            return f"<data-{mark} {name}>\n{defuse(value).replace(mark, '')}\n</data-{mark}>"
        if not _WORD.fullmatch(value):
            raise ValueError(f"{self.name}: {name} is no plain word")
        return value


def defuse(text: str) -> str:
    """Make the marks that chat templates read as borders of messages into similar ones that mean nothing."""
    return _BORDER.sub(lambda match: match[0].translate(_HARMLESS), text)


def json_line(value: Mapping[str, object]) -> str:
    """One object on one line, so that no text in it can pass for another object."""
    return json.dumps(value, ensure_ascii=False)


def load_prompts(folder: Path = PROMPTS) -> Mapping[str, Prompt]:
    """Read all prompts of a folder, by name.

    Raises:
        InvalidInputError: some are not written as prompts are; all of them are named.
    """
    faults: list[Fault] = []
    prompts: dict[str, Prompt] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            prompts[path.stem] = read_prompt(path.stem, path.read_text(encoding="utf-8"))
        except ValueError as error:
            faults.append(Fault(path.name, str(error), "write it as the other prompts are"))
    if faults:
        raise InvalidInputError("prompts cannot be read", tuple(faults))
    return prompts


def read_prompt(name: str, text: str) -> Prompt:
    """Read one prompt: front matter between `---`, then a section `# System` and a section `# User`.

    Raises:
        ValueError: a part is missing, or a placeholder is no input, or an input has no placeholder.
    """
    parts = _PARTS.match(text)
    if parts is None:
        raise ValueError("has no front matter between `---` with `# System` and `# User` after it")
    try:
        front = FrontMatter.model_validate(yaml.load(parts["front"], Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise ValueError("the front matter is not YAML") from error
    except ValidationError as error:
        raise ValueError(
            "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        ) from error
    placeholders = {*Template(parts["system"]).get_identifiers(), *Template(parts["user"]).get_identifiers()}
    if front.name != name or placeholders - {"fence"} != set(front.inputs):
        raise ValueError(f"is named {front.name} and takes {sorted(front.inputs)}, but uses {sorted(placeholders)}")
    return Prompt(front, parts["system"], parts["user"], hashlib.sha256(text.encode()).hexdigest())
