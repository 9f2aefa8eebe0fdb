"""Which codes of a study the codes of a file are: known ones, or new ones to create."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.embedding import Embedder
from app.research.codebook.schemas import LONGEST_LINE, LONGEST_PROSE, MOST_EXAMPLES, NewCode
from app.research.exchange.code_words import DENIED, free_code, read_description, read_name
from app.research.exchange.known_codes import KnownCodes, StoredCode, Target, target_of
from app.research.exchange.project_nodes import CodeNode
from app.research.exchange.project_reader import shown
from app.research.exchange.schemas import ImportedCode
from app.tagging.nearest_kind import guess_kinds, kind_called
from app.vocabulary import Kind, Polarity

_STEP = " › "
_UNNAMED = "unnamed"


_GROUP = Target(None, reason="its code only groups others")


@dataclass(frozen=True)
class PlannedCode:
    """A code to create, as the file identifies it; `guessed` where nobody says its kind."""

    guid: uuid.UUID
    new: NewCode
    guessed: bool


@dataclass(frozen=True)
class CodePlan:
    """What becomes of the codes of a file."""

    targets: Mapping[uuid.UUID, Target]
    new: tuple[PlannedCode, ...]
    told: tuple[ImportedCode, ...]


def plan_codes(
    nodes: Sequence[CodeNode], stored: Sequence[StoredCode], study: str, kind: Kind | None, embedder: Embedder
) -> CodePlan:
    """Plan what becomes of the codes of a file.

    A code is known by its identity, if it came from this study or was imported before, else by its name or label. A new
    one gets the kind that its description states, else the one that is given, else that of a group that it is in and
    that is called as a kind, else the nearest.

    Args:
        nodes: the codes of the file, those above before those below.
        stored: the codes of the study.
        study: its slug.
        kind: of codes that do not say theirs.
        embedder: for the nearest kind.
    """
    first = {node.guid: node for node in reversed(nodes)}
    different = [node for node in nodes if node is first[node.guid]]
    known = KnownCodes.of(stored, study)
    targets: dict[uuid.UUID, Target] = {}
    fresh: list[CodeNode] = []
    denials: list[CodeNode] = []
    called = {read_name(node.name)[0] for node in different if not node.name.endswith(DENIED)} | known.names.keys()
    for node in different:
        if node.guid in known.identities:
            targets[node.guid] = known.identities[node.guid]
        elif not node.codable:
            targets[node.guid] = _GROUP
        elif node.name.endswith(DENIED) and node.name.removesuffix(DENIED) in called:
            denials.append(node)
        elif target := known.find(node.name):
            targets[node.guid] = target
        else:
            fresh.append(node)
    new = _new_codes(fresh, {name for code in stored for name in code.names}, kind, embedder)
    targets |= {each.guid: Target(each.new.code) for each in new}
    targets |= _deny(denials, different, targets, known)
    created = {each.guid: each for each in new}
    kinds = {code.code: code.kind for code in stored} | {each.new.code: each.new.kind for each in new}
    return CodePlan(targets, new, tuple(_tell(node, targets, created, kinds) for node in different))


def _deny(
    denials: Sequence[CodeNode], nodes: Sequence[CodeNode], targets: Mapping[uuid.UUID, Target], known: KnownCodes
) -> dict[uuid.UUID, Target]:
    """What the codes are that hold denials of others: those others, denied."""
    affirmed = {read_name(node.name)[0]: targets[node.guid] for node in nodes if node.guid in targets}
    names = {node.guid: node.name.removesuffix(DENIED) for node in denials}
    denied = {guid: affirmed.get(name) or target_of(known.names[name]) for guid, name in names.items()}
    return {guid: replace(target, polarity=Polarity.DENIED) for guid, target in denied.items()}


def _new_codes(
    nodes: Sequence[CodeNode], taken: set[str], kind: Kind | None, embedder: Embedder
) -> tuple[PlannedCode, ...]:
    stated = [read_description(node.description).kind or kind or _kind_above(node) for node in nodes]
    unstated = [node for node, said in zip(nodes, stated, strict=True) if said is None]
    words = [_STEP.join((*node.path, node.name, node.description))[:LONGEST_PROSE] for node in unstated]
    nearest = iter(guess_kinds(words, embedder))
    planned = []
    for node, said in zip(nodes, stated, strict=True):
        new = _new_code(node, said or next(nearest), taken)
        taken.add(new.code)
        planned.append(PlannedCode(node.guid, new, guessed=said is None))
    return tuple(planned)


def _kind_above(node: CodeNode) -> Kind | None:
    """The kind that the nearest group with the name of one is called as."""
    return next((kind for name in reversed(node.path) if (kind := kind_called(read_name(name)[0]))), None)


def _new_code(node: CodeNode, kind: Kind, taken: set[str]) -> NewCode:
    described = read_description(node.description)
    name, label = read_name(shown(node.name) or _UNNAMED)
    groups = [group for group in node.path if kind_called(read_name(group)[0]) is None]
    about = f"{_STEP.join((*groups, label))}. {described.about}".strip() if groups else described.about
    return NewCode(
        code=free_code(name, taken),
        kind=kind,
        labels=dict(described.labels) or {"und": label[:LONGEST_LINE]},
        about=about[:LONGEST_PROSE],
        examples=tuple(example[:LONGEST_LINE] for example in described.examples[:MOST_EXAMPLES]),
    )


def _tell(
    node: CodeNode,
    targets: Mapping[uuid.UUID, Target],
    created: Mapping[uuid.UUID, PlannedCode],
    kinds: Mapping[str, Kind],
) -> ImportedCode:
    name = _STEP.join(map(shown, (*node.path, node.name)))
    planned = created.get(node.guid)
    if planned is not None:
        code, kind = planned.new.code, planned.new.kind
        return ImportedCode(name=name, code=code, outcome="created", kind=kind, guessed=planned.guessed)
    target = targets[node.guid]
    if target.code is None:
        outcome = "group" if target.reason == _GROUP.reason else "retired"
        return ImportedCode(name=name, code=None, outcome=outcome, kind=None)
    return ImportedCode(name=name, code=target.code, outcome="known", kind=kinds[target.code])
