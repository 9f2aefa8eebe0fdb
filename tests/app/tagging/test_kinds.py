"""The kinds: complete, in plain words, invented; their cue words are found as words."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from app.tagging.kinds import LANGUAGES, KindBook, find_cues, kind_book, read_kinds
from app.vocabulary import Kind

NIDO = Path(__file__).resolve().parents[3] / "examples" / "nido"


def altered(tmp_path: Path, **changes: object) -> Path:
    """A file of kinds in which the entry of `aha` has other values."""
    content = kind_book().model_dump(mode="json")
    content["kinds"]["aha"].update(changes)
    path = tmp_path / "kinds.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def texts(book: KindBook) -> list[str]:
    """Everything that people say in the book."""
    talks = [*book.kinds.values(), book.small_talk]
    return [
        text for talk in talks for each in (talk.examples, talk.questions) for said in each.values() for text in said
    ]


def test_every_kind_speaks_three_languages() -> None:
    """Each kind has a label, a description, cue words, and at least four examples in each language."""
    for kind in Kind:
        entry = kind_book().kinds[kind]
        for language in LANGUAGES:
            assert entry.label[language]
            assert len(entry.about[language].split()) >= 6
            assert len(entry.examples[language]) >= 4
            assert entry.cues[language]


def test_no_text_stands_twice() -> None:
    """Each example and each question belongs to one kind."""
    said = texts(kind_book())
    assert sorted(said) == sorted(set(said))


def test_nothing_is_taken_from_the_sample_study() -> None:
    """No example or question stands in a transcript, nor in the gold questions."""
    files = [*NIDO.glob("gold/*.tsv"), NIDO / "gold.yaml", NIDO / "codebook.yaml"]
    study = "\n".join(file.read_text(encoding="utf-8") for file in files).casefold()
    assert [text for text in texts(kind_book()) if text.casefold() in study] == []


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    """A file with the same content gives the same kinds."""
    assert read_kinds(altered(tmp_path)) == kind_book()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"about": {"en": "only English"}}, "nothing in de, es"),
        ({"label": {"en": "", "de": "x", "es": "x"}}, "at least 1 character"),
        ({"examples": {language: ["too", "few"] for language in LANGUAGES}}, "at least 3"),
        ({"cues": {language: ["klick|klack"] for language in LANGUAGES}}, "no cue"),
        ({"cues": {language: ["kl*ck"] for language in LANGUAGES}}, "no cue"),
        ({"colour": "green"}, "Extra inputs"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, changes: dict[str, object], complaint: str) -> None:
    """What is missing, too little, no plain word or unknown is said."""
    with pytest.raises(ValidationError, match=complaint):
        read_kinds(altered(tmp_path, **changes))


def test_a_file_without_a_kind_is_refused(tmp_path: Path) -> None:
    """All kinds of the vocabulary are needed."""
    content = kind_book().model_dump(mode="json")
    del content["kinds"]["habit"]
    path = tmp_path / "kinds.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValidationError, match="no entry for habit"):
        read_kinds(path)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "Well, I was WORRIED about the wiring.", Kind.ANXIETY),
        ("en", "It was a wake-up call.", Kind.TRIGGER),
        ("de", "Das war der Auslöser.", Kind.TRIGGER),
        ("de", "Ich habe es aus Gewohnheit behalten.", Kind.HABIT),
        ("es", "Fue un chasco, la verdad.", Kind.DISAPPOINTMENT),
        ("es", "Se me puso la piel de gallina.", Kind.AHA),
    ],
)
def test_cue_words_are_found(language: str, text: str, kind: Kind) -> None:
    """Whatever the case, the marks around them and the ending where any is allowed."""
    assert kind in find_cues(text, language)


def test_cue_words_are_words_of_their_language() -> None:
    """Parts of other words are none, nor are words of another language; each cue counts once."""
    assert find_cues("Die Angstellte sprach vom Bangsta.", "de") == {}
    assert find_cues("Das war der Auslöser.", "en") == {}
    assert find_cues("Das war der Auslöser.", "fr") == {}
    assert find_cues("Angst, Angst, nichts als Angst.", "de") == {Kind.ANXIETY: 1}
