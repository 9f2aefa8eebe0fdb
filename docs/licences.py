"""Write `docs/licences.md`: what Verbatim is made of, and under which licences. `make licences` runs it."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

TARGET = Path(__file__).with_name("licences.md")
HEAD = """\
# Licences of what Verbatim is made of

Verbatim is Apache-2.0. These packages come with it, without extras, in the versions of constraints.txt.
Made by `make licences` from what the packages say of themselves. `make sbom` writes the same and more as CycloneDX.

| package | version | licence |
|---|---|---|
"""
LONGEST = 80


def needed(name: str, found: dict[str, tuple[str, str, str]]) -> None:
    """Collect a package and whatever it needs."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return
    found[key] = (package.metadata["Name"], package.version, licence(package.metadata))
    for requirement in map(Requirement, package.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needed(requirement.name, found)


def licence(metadata: object) -> str:
    """What a package says that its licence is: an expression, else classifiers, else the first line of its text."""
    fields = dict(metadata.items()) if hasattr(metadata, "items") else {}
    if expression := fields.get("License-Expression"):
        return str(expression)
    told = list(_classified(metadata)) or [str(fields.get("License", "")).strip().partition("\n")[0]]
    return ", ".join(told)[:LONGEST] or "see the package"


def _classified(metadata: object) -> Iterator[str]:
    classifiers = metadata.get_all("Classifier") if hasattr(metadata, "get_all") else ()
    for classifier in classifiers or ():
        if classifier.startswith("License :: ") and classifier != "License :: OSI Approved":
            yield classifier.rpartition(" :: ")[2]


if __name__ == "__main__":
    packages: dict[str, tuple[str, str, str]] = {}
    needed("verbatim", packages)
    packages.pop("verbatim", None)
    rows = [f"| {name} | {version} | {told} |" for name, version, told in (packages[key] for key in sorted(packages))]
    TARGET.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
