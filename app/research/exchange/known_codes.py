"""The codes of a study, and all that leads to them: names, labels, and what other files identify them by."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.research.exchange.code_words import DENIED, identify, read_name
from app.tagging.nearest_kind import kind_called
from app.vocabulary import Kind, Polarity


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


@dataclass
class KnownCodes:
    """The codes of the study by all that leads to them; by name or label each is found once."""

    identities: dict[uuid.UUID, Target]
    names: dict[str, StoredCode]
    found: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, stored: Iterable[StoredCode], study: str) -> "KnownCodes":
        """All that leads to the codes of a study."""
        known = cls({}, {})
        for code in stored:
            target = target_of(code)
            for name in code.names:
                known.identities[identify(study, name)] = target
                known.identities[identify(study, name, DENIED)] = replace(target, polarity=Polarity.DENIED)
                known.names[name] = code
            known.identities |= dict.fromkeys(code.imported_as, target)
            for label in () if code.retired else code.labels.values():
                known.names.setdefault(label.strip().casefold(), code)
        return known

    def find(self, name: str) -> Target | None:
        """The code of this name or label, if no other was found to be it."""
        kind = kind_called(name)
        for called in (name, read_name(name)[0], name.casefold(), *([str(kind)] if kind else [])):
            code = self.names.get(called)
            if code is not None and code.code not in self.found:
                self.found.add(code.code)
                return target_of(code)
        return None


def target_of(code: StoredCode) -> Target:
    """What a coding with a code of the study says."""
    return Target(None, reason=f"{code.code} was retired") if code.retired else Target(code.code)
