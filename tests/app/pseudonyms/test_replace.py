"""Placeholders are stable, and whatever stands beside them stays where it was, word for word."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.pseudonyms.findings import Finding, PersonalKind, without_overlaps
from app.pseudonyms.replace import Placeholders, replace_findings
from app.text import is_pseudonymised, without_placeholders
from ingest.pseudonymise import with_marks

_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="[]"), max_size=12)


def placeholders() -> Placeholders:
    """New ones, whose hashes can be read."""
    return Placeholders(lambda key: f"#{key}")


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    """A text made of pieces, some of which are findings."""
    pieces = draw(st.lists(st.tuples(_WORDS, st.sampled_from([None, *PersonalKind])), max_size=8))
    findings, position = [], 0
    for words, kind in pieces:
        if kind and words:
            findings.append(Finding(position, position + len(words), kind, (f"{kind} {words}",)))
        position += len(words)
    return "".join(words for words, _ in pieces), findings


@given(texts())
def test_offsets_hold(made: tuple[str, list[Finding]]) -> None:
    """What is not replaced is byte for byte what was said, at the moved offsets; the original can be had again."""
    text, findings = made
    replaced = replace_findings(text, findings, placeholders())
    assert replaced.original == text
    inside = {place for each in findings for place in range(each.start, each.end)}
    for place in range(len(text)):
        if place not in inside:
            start, end = replaced.moved(place, place + 1)
            assert replaced.text[start:end] == text[place]
    for finding, mark in zip(findings, replaced.marks, strict=True):
        assert replaced.moved(finding.start, finding.end) == (mark.start, mark.end)
        assert replaced.text[mark.start : mark.end] == mark.label
        assert mark.original == text[finding.start : finding.end]


@given(texts())
def test_marks_make_the_same_text_again(made: tuple[str, list[Finding]]) -> None:
    """A version that is processed once more has the words that it had."""
    replaced = replace_findings(*made, placeholders())
    assert with_marks(made[0], replaced.marks) == replaced


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=10))
def test_findings_that_are_kept_never_overlap(spans: list[tuple[int, int]]) -> None:
    """Each place has one placeholder, and what is left out touches something as long that is kept."""
    findings = [Finding(start, start + length, PersonalKind.NAME, ()) for start, length in spans]
    kept = without_overlaps(findings)
    assert all(first.end <= second.start for first, second in itertools.pairwise(kept))
    for finding in findings:
        assert any(
            each.start < finding.end
            and finding.start < each.end
            and each.end - each.start >= finding.end - finding.start
            for each in kept
        )


def test_the_same_person_has_the_same_placeholder() -> None:
    """By any key in common; others are numbered on, also after what is known from before."""
    known = placeholders()
    known.known["#old"] = "[Name 1]"
    selin = Finding(0, 1, PersonalKind.NAME, ("selin", "yildiz"))
    assert known.label_of(selin)[0] == "[Name 2]"
    assert known.label_of(Finding(0, 1, PersonalKind.NAME, ("yildiz",)))[0] == "[Name 2]"
    assert known.label_of(Finding(0, 1, PersonalKind.NAME, ("old",)))[0] == "[Name 1]"
    assert known.label_of(Finding(0, 1, PersonalKind.COMPANY, ("gmbh",)))[0] == "[Company 1]"
    assert known.label_of(Finding(0, 1, PersonalKind.EMAIL, ("a@b.example",)))[0] == "[E-Mail]"


def test_placeholders_are_known_as_such() -> None:
    """A quote with one is marked; embedded is what stands beside them."""
    assert is_pseudonymised("Da kam [Name 12] zur [Company 1].")
    assert is_pseudonymised("An [E-Mail], bitte.")
    assert not is_pseudonymised("Da kam [unverständlich] und [Name].")
    assert without_placeholders("Da kam [Name 12] an.") == "Da kam  an."
