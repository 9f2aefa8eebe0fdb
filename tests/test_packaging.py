"""What a clone needs to set itself up, and what an installation needs to run."""

import re
import tomllib
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split())
PACKAGES = ("app", "ingest", "migrations", "prompts")


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_pinned_within_its_range() -> None:
    """What `pip install -c constraints.txt` takes is known beforehand, for users and for developers."""
    project = PROJECT["project"]
    declared = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["dev"]]
    pins = {canonical(name): pin for name, pin in PINS.items()}
    for requirement in declared:
        assert canonical(requirement.name) in pins
        assert requirement.specifier.contains(pins[canonical(requirement.name)])


def test_pins_are_exact_and_public() -> None:
    """No local version such as `+cpu`, which only some index has."""
    assert PINS["torch"] == "2.13.0"
    assert all(re.fullmatch(r"[\d.]+((post|b)\d+)?", pin) for pin in PINS.values())


def test_what_is_installed_is_what_is_pinned() -> None:
    """The tests run on the versions that a new clone gets."""
    installed = {name: found.partition("+")[0] for name in PINS if (found := installed_version(name))}
    assert installed == {name: PINS[name] for name in installed}


def installed_version(name: str) -> str | None:
    """The version of a distribution; some are only needed on other systems."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_licences_tell_all_that_is_installed() -> None:
    """Each package that the project names, in the version that is pinned, and nothing in another version."""
    table = re.findall(r"^\| ([\w.-]+) \| ([\w.+]+) \|", (ROOT / "docs/licences.md").read_text("utf-8"), re.MULTILINE)
    told = {canonical(name): found for name, found in table if name != "package"}
    needed = {canonical(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    pins = {canonical(name): pin for name, pin in PINS.items()}
    assert needed <= told.keys()
    assert {name: pin for name, pin in pins.items() if name in told and told[name].partition("+")[0] != pin} == {}


def test_data_files_are_part_of_the_package() -> None:
    """An installation without the source tree has the model, the pages and the migrations too."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    left_out = [
        str(path.relative_to(ROOT))
        for path in files
        if path.suffix not in (".py", ".pyc") and not any(fnmatch(path.name, pattern) for pattern in patterns["*"])
    ]
    assert left_out == []


def test_the_command_exists() -> None:
    """The entry point names something that can be called."""
    module, function = PROJECT["project"]["scripts"]["verbatim"].split(":")
    assert callable(getattr(__import__(module, fromlist=[function]), function))


def compose() -> dict[str, Any]:
    """The services of `compose.yaml`."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("name", ["db", "migrate", "web", "worker"])
def test_services_are_confined(name: str) -> None:
    """Each has an init, a root file system that cannot be written, and no way to more privileges."""
    service = compose()["services"][name]
    assert service["init"] is True
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]


def test_services_start_in_order_with_secrets_of_files() -> None:
    """The schema is there before it is used, and no password stands in the file."""
    services = compose()["services"]
    assert services["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert not any("PASSWORD" in key and not key.endswith("_FILE") for key in services["db"]["environment"])
    assert all(set(secret) == {"file"} for secret in compose()["secrets"].values())


def test_the_image_runs_as_an_ordinary_user() -> None:
    """The last user of the Dockerfile is not root, and the build tools stay behind in the first stage."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last_stage = lines[max(place for place, line in enumerate(lines) if line.startswith("FROM")) :]
    assert [line for line in last_stage if line.startswith("USER")] == ["USER verbatim"]
    assert not any("pip install" in line for line in last_stage)
    assert any("/livez" in line for line in last_stage)
