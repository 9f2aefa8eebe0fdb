"""The adapter for Presidio, with a scripted package in its place: its models are too large for the tests.

What the script promises is what presidio-analyzer 2.2.366 does.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import UnavailableError
from app.pseudonyms.find import Known, Said, find_personal
from app.pseudonyms.findings import PersonalKind
from app.pseudonyms.presidio import load_presidio

ANALYZER = """
import re
from types import SimpleNamespace


class RecognizerRegistry:
    def __init__(self, recognizers=None, supported_languages=None):
        self.languages = [each.language for each in recognizers]


class AnalyzerEngine:
    def __init__(self, registry=None, nlp_engine=None, supported_languages=None):
        assert registry.languages == supported_languages == nlp_engine.languages

    def analyze(self, text, language, entities, score_threshold):
        assert entities == ["PERSON"]
        names = re.finditer("Quillbert|Nido|P07", text)
        return [SimpleNamespace(start=name.start(), end=name.end(), score=0.85) for name in names]
"""
ENGINE = """
from types import SimpleNamespace


class NlpEngineProvider:
    def __init__(self, nlp_configuration):
        assert nlp_configuration["nlp_engine_name"] == "spacy"
        self.models = nlp_configuration["models"]

    def create_engine(self):
        if any("broken" in each["model_name"] for each in self.models):
            raise OSError("no pipeline")
        return SimpleNamespace(languages=[each["lang_code"] for each in self.models])
"""
RECOGNIZERS = """
class SpacyRecognizer:
    def __init__(self, supported_language):
        self.language = supported_language
"""


@pytest.fixture(autouse=True)
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    package = tmp_path / "site" / "presidio_analyzer"
    (package / "nlp_engine").mkdir(parents=True)
    (package / "predefined_recognizers").mkdir()
    (package / "__init__.py").write_text(ANALYZER)
    (package / "nlp_engine" / "__init__.py").write_text(ENGINE)
    (package / "predefined_recognizers" / "__init__.py").write_text(RECOGNIZERS)
    _forget()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    yield
    _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "presidio_analyzer"]:
        del sys.modules[name]


@pytest.fixture
def model(tmp_path: Path) -> str:
    """The folder of a model."""
    folder = tmp_path / "names_de"
    folder.mkdir()
    return str(folder)


def test_names_are_found_beside_those_of_the_rules(model: str) -> None:
    """In languages with a model; words of the study and codes are no names."""
    known = Known(keep=frozenset({"nido"}), finders=(load_presidio({"de": model}),))
    text = "Da kam Quillbert mit Nido und P07, unter anna@example.org."
    (found,) = find_personal([Said(text, "de")], known)
    assert [(text[each.start : each.end], each.kind) for each in found] == [
        ("Quillbert", PersonalKind.NAME),
        ("anna@example.org", PersonalKind.EMAIL),
    ]
    (elsewhere,) = find_personal([Said("Vino Quillbert.", "es")], known)
    assert elsewhere == []


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """A model that is not there is told with its remedy."""
    with pytest.raises(UnavailableError, match="spacy download de_core_none"):
        load_presidio({"de": "de_core_none"})


def test_a_broken_model_is_told(tmp_path: Path) -> None:
    """In one message, whatever its parts raise."""
    broken = tmp_path / "broken"
    broken.mkdir()
    with pytest.raises(UnavailableError, match="no pipeline"):
        load_presidio({"de": str(broken)})
