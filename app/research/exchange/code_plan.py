"""Which codes of a study the codes of a file are: known ones, or new ones to create."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.embedding import Embedder
from app.research.codebook.schemas import LONGEST_LINE, LONGEST_PROSE, MOST_EXAMPLES, NewCode
from app.research.exchange.code_words import DENIED, free_code, identify, read_description, read_name
from app.research.exchange.project_reader import CodeNode, shown
from app.research.exchange.schemas import ImportedCode
from app.tagging.nearest_kind import guess_kinds, kind_called
from app.vocabulary import Kind, Polarity

_STEP = " › "
_UNNAMED = "unnamed"


@dataclass(frozen=True)
class StoredCode:
    """A code of the study. What was merged is not among them: `names` holds all that leads to this code.

    `imported_as` are the identities that it had in files which it was imported from.
    """

    code: str
    kind: Kind
    labels: Mapping[str, str]
    names: frozenset[str]
    imported_as: frozenset[uuid.UUID]
    retired: bool


@dataclass(frozen=True)
class Target:
    """The code that a code of the file is, and what a coding with it says; without a code `reason` says why not."""

    code: str | None
    polarity: Polarity = Polarity.AFFIRMED
    reason: str = ""


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


@dataclass
class _Known:
    """The codes of the study by all that leads to them; by name or label each is found once."""

    identities: dict[uuid.UUID, Target]
    names: dict[str, StoredCode]
    found: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, stored: Iterable[StoredCode], study: str) -> "_Known":
        known = cls({}, {})
        for code in stored:
            target = Target(None, reason=f"{code.code} was retired") if code.retired else Target(code.code)
            for name in code.names:
                known.identities[identify(study, name)] = target
                known.identities[identify(study, name, DENIED)] = replace(target, polarity=Polarity.DENIED)
                known.names[name] = code
            known.identities |= dict.fromkeys(code.imported_as, target)
            for label in () if code.retired else code.labels.values():
                known.names.setdefault(label.casefold(), code)
        return known

    def find(self, name: str) -> Target | None:
        """The code of this name or label."""
        kind = kind_called(name)
        for called in (name, read_name(name)[0], name.casefold(), *([str(kind)] if kind else [])):
            code = self.names.get(called)
            if code is not None and code.code not in self.found:
                self.found.add(code.code)
                return Target(None, reason=f"{code.code} was retired") if code.retired else Target(code.code)
        return None


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
    different = list({node.guid: node for node in reversed(nodes)}.values())[::-1]
    known = _Known.of(stored, study)
    targets: dict[uuid.UUID, Target] = {}
    fresh: list[CodeNode] = []
    denials: list[CodeNode] = []
    called = {read_name(node.name)[0] for node in different} | known.names.keys()
    for node in different:
        if node.guid in known.identities:
            targets[node.guid] = known.identities[node.guid]
        elif not node.codable:
            targets[node.guid] = Target(None, reason="its code only groups others")
        elif node.name.removesuffix(DENIED) != node.name and node.name.removesuffix(DENIED) in called:
            denials.append(node)
        elif target := known.find(node.name):
            targets[node.guid] = target
        else:
            fresh.append(node)
    new = _new_codes(fresh, {name for code in stored for name in code.names}, kind, embedder)
    targets |= {each.guid: Target(each.new.code) for each in new}
    affirmed = {read_name(node.name)[0]: targets[node.guid] for node in different if node.guid in targets}
    for node in denials:
        name = node.name.removesuffix(DENIED)
        target = affirmed.get(name) or known.find(name) or Target(None, reason="nothing says what it denies")
        targets[node.guid] = replace(target, polarity=Polarity.DENIED)
    return CodePlan(targets, new, tuple(_tell(node, targets, new, known) for node in different))


def _new_codes(
    nodes: Sequence[CodeNode], taken: set[str], kind: Kind | None, embedder: Embedder
) -> tuple[PlannedCode, ...]:
    stated = [read_description(node.description).kind or kind or _kind_above(node) for node in nodes]
    unstated = [node for node, said in zip(nodes, stated, strict=True) if said is None]
    nearest = iter(guess_kinds([_STEP.join((*node.path, node.name, node.description)) for node in unstated], embedder))
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
    node: CodeNode, targets: Mapping[uuid.UUID, Target], new: Sequence[PlannedCode], known: _Known
) -> ImportedCode:
    name = _STEP.join(map(shown, (*node.path, node.name)))
    created = next((each for each in new if each.guid == node.guid), None)
    if created is not None:
        planned = created.new
        return ImportedCode(name=name, code=planned.code, outcome="created", kind=planned.kind, guessed=created.guessed)
    target = targets[node.guid]
    if target.code is None:
        outcome = "group" if not node.codable else "retired"
        return ImportedCode(name=name, code=None, outcome=outcome, kind=None)
    kinds = {each.new.code: each.new.kind for each in new}
    kind = known.names[target.code].kind if target.code in known.names else kinds[target.code]
    return ImportedCode(name=name, code=target.code, outcome="known", kind=kind)
