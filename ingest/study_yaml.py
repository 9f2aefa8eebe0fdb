"""YAML whose every value keeps its line: texts, lists and keys only; tags, aliases and repeated keys are faults."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from ingest.study_faults import FaultLog, Place, shown
from ingest.study_files import StudyFile, describe_unprintable, find_unprintable, read_text

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: the same events, ten times slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

MAX_DEPTH = 12
_NULLS = {"", "~", "null", "Null", "NULL"}
_SYNTAX = "indent with spaces, close quotes and brackets, and quote a text that holds `: ` or begins with a sign"

Plain = str | list["Plain"] | dict[str, "Plain"] | None


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file, with the line of its key, or where it has none, its own.

    Scalars stay as they are written, so that an id `007` or a language `no` is not taken for something else.
    """

    line: int
    value: "str | list[Node] | dict[str, Node] | None"
    spoiled: bool = False

    def child(self, step: int | str) -> "Node | None":
        """Find the value at a key or an index."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def items(self) -> "list[Node]":
        """List the items, none where the value is no list."""
        return self.value if isinstance(self.value, list) else []

    def text(self) -> str:
        """Text without white space around it; empty where the value is no text."""
        return self.value.strip() if isinstance(self.value, str) else ""

    def plain(self) -> Plain:
        """Strip the lines."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value


@dataclass(frozen=True, slots=True)
class Tree:
    """A YAML file, read."""

    file: str
    root: Node
    how_to_add: str = "add `{name}: {example}`"

    def locate(self, steps: Sequence[int | str]) -> Place:
        """Find the value at the end of these keys and indexes, or the last one on the way that exists."""
        node, name, spoiled = self.root, self.file, self.root.spoiled
        for step in steps:
            child = node.child(step)
            if child is None:
                break
            name = f"{name} {step + 1}" if isinstance(step, int) else step
            node, spoiled = child, spoiled or child.spoiled
        return Place(node.line, name, spoiled)


def read_tree(file: StudyFile, faults: FaultLog) -> Tree | None:
    """Read a YAML file; report what is wrong with its notation, and return nothing where it cannot be followed."""
    text = read_text(file, faults)
    if text is None:
        return None
    try:
        return Tree(file.name, _Builder(file.name, yaml.parse(text, Loader=Loader), faults).document())
    except _Unreadable as error:
        faults.add(file.name, error.line, error.problem, error.remedy)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.add(file.name, line, f"this is not YAML: {error.problem}", _SYNTAX)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        faults.add(file.name, 1, f"this is not YAML: {error}", _SYNTAX)
    return None


class _Unreadable(Exception):  # noqa: N818
    """The file cannot be followed any further."""

    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


class _Builder:
    """Makes nodes of the events of a YAML parser, which never nests, so that depth is limited before it costs."""

    def __init__(self, file: str, events: Iterator[Any], faults: FaultLog) -> None:
        self._file, self._events, self._faults = file, events, faults

    def document(self) -> Node:
        """Build the one document of the file."""
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise _Unreadable(1, "the file holds nothing", "write its keys, or do not name it in study.yaml")
        root = self._node(next(self._events), depth=0)
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            raise _Unreadable(_line(end), "a second document begins here", "delete the line `---`")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        line = _line(event)
        if depth > MAX_DEPTH:
            raise _Unreadable(line, f"values are nested more than {MAX_DEPTH} deep", "write them flatter")
        if isinstance(event, yaml.AliasEvent):
            self._faults.add(self._file, line, f"the alias {shown(f'*{event.anchor}')} is not read", "repeat the value")
            return Node(line, None, spoiled=True)
        if event.tag is not None:
            self._faults.add(self._file, line, f"the tag {shown(event.tag)} is not read", "leave the tag out")
        if isinstance(event, yaml.MappingStartEvent):
            node = Node(line, self._mapping(depth))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node(line, self._sequence(depth))
        else:
            node = self._scalar(event, line)
        return replace(node, spoiled=node.spoiled or event.tag is not None)

    def _sequence(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key.value, str):
                if not key.spoiled:
                    self._faults.add(self._file, key.line, "a key is not a text", "write a text before the colon")
            elif key.value in entries:
                problem = f"{shown(key.value)} is given twice, first in line {entries[key.value].line}"
                self._faults.add(self._file, key.line, problem, "keep one of the two")
            else:
                entries[key.value] = replace(value, line=key.line)
        return entries

    def _scalar(self, event: Any, line: int) -> Node:
        if event.implicit[0] and event.value in _NULLS:
            return Node(line, None)
        unprintable = find_unprintable(event.value)
        if unprintable:
            self._faults.add(self._file, line, *describe_unprintable(unprintable))
            return Node(line, None, spoiled=True)
        return Node(line, event.value)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
