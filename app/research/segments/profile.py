"""What a segment is like: what its people say by kind, with typical quotes, and how they say it in each language."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, read_vocabulary
from app.answering.schemas import Citation
from app.errors import NotFoundError
from app.library.marks import Mark, quote_marks
from app.research.phrases import FALLBACK
from app.research.queries import read_people
from app.research.segments.attributes import AttributeTest
from app.research.segments.criteria import Criterion, Segment, in_language
from app.research.segments.queries import (
    CodeCount,
    Words,
    content_words,
    count_codes,
    read_segments,
    read_words,
    typical_marks,
)
from app.research.segments.schemas import (
    AttributeRange,
    AttributeWords,
    CriterionEntry,
    People,
    ProfileCode,
    ProfileGroup,
    SegmentDefinition,
    SegmentList,
    SegmentProfile,
    TypicalPhrase,
)
from app.research.segments.typical import Typical, choose_quotes, find_typical, spelling_of
from app.tagging.kinds import kind_book
from app.text import split_sentences
from app.vocabulary import Kind, Polarity

KINDS = (
    Kind.TRIGGER,
    Kind.AHA,
    Kind.CRITERION,
    Kind.PROBLEM,
    Kind.DISAPPOINTMENT,
    Kind.JOB_FUNCTIONAL,
    Kind.JOB_EMOTIONAL,
    Kind.JOB_SOCIAL,
    Kind.ANXIETY,
)
MOST_QUOTES = 3


def list_segments(session: Session, study: str) -> SegmentList:
    """The segments of a study with their criteria.

    Raises:
        NotFoundError: there is no such study.
    """
    segments = read_segments(session, read_vocabulary(session, study).study_id)
    return SegmentList(study=study, segments=tuple(map(_segment_entry, segments)))


def read_segment(session: Session, study: str, slug: str, language: str = FALLBACK) -> SegmentProfile:
    """What one segment is like; kinds and codes are called as `language` calls them, where it is known.

    Raises:
        NotFoundError: there is no such study, or no such segment in it.
    """
    vocabulary = read_vocabulary(session, study)
    segments = {segment.slug: segment for segment in read_segments(session, vocabulary.study_id)}
    if slug not in segments:
        advice = f"known: {', '.join(segments)}" if segments else "it has no segments"
        raise NotFoundError(f"there is no segment {slug!r} in study {study}; {advice}")
    people = read_people(session, vocabulary.study_id)
    inside = sum(person.segment == slug for person in people)
    return SegmentProfile(
        study=study,
        segment=_segment_entry(segments[slug]),
        people=inside,
        groups=_groups(session, vocabulary, slug, (inside, len(people) - inside), language),
        typical_language=_typical_language(session, vocabulary, slug),
    )


def _groups(
    session: Session, vocabulary: StudyVocabulary, slug: str, people: tuple[int, int], language: str
) -> tuple[ProfileGroup, ...]:
    counts = sorted(count_codes(session, vocabulary.study_id, slug, KINDS), key=lambda each: KINDS.index(each.kind))
    marks = typical_marks(session, vocabulary.study_id, slug, [each.code for each in counts], MOST_QUOTES)
    quotes = quote_marks(session, vocabulary, (mark for each in counts for mark in marks.get(each.code, ())))
    entries: dict[Kind, list[ProfileCode]] = defaultdict(list)
    for each in counts:
        own = tuple(quotes[mark] for mark in marks.get(each.code, ()) if mark in quotes)
        entries[each.kind].append(_profile_code(each, people, own, language))
    return tuple(
        ProfileGroup(kind=kind, label=_kind_label(kind, language), codes=tuple(entries[kind]))
        for kind in KINDS
        if entries[kind]
    )


def _kind_label(kind: Kind, language: str) -> str:
    labels = {str(known): label for known, label in kind_book().kinds[kind].label.items()}
    return in_language(labels, language) or kind


def _profile_code(
    count: CodeCount, people: tuple[int, int], quotes: tuple[Citation, ...], language: str
) -> ProfileCode:
    inside, elsewhere = people
    return ProfileCode(
        code=count.code,
        label=in_language(count.labels, language) or count.code,
        segment=People(affirmed=count.affirmed, denied=count.denied, of=inside),
        elsewhere=People(affirmed=count.affirmed_elsewhere, denied=count.denied_elsewhere, of=elsewhere),
        quotes=quotes,
    )


def _typical_language(session: Session, vocabulary: StudyVocabulary, slug: str) -> dict[str, tuple[TypicalPhrase, ...]]:
    said: dict[str, list[Words]] = defaultdict(list)
    for words in read_words(session, vocabulary.study_id, slug):
        said[words.language].append(words)
    found = {
        language: find_typical(spoken, partial(content_words, session, language=language))
        for language, spoken in sorted(said.items())
    }
    marks = {language: _marks(typical) for language, typical in found.items()}
    quotes = quote_marks(session, vocabulary, (mark for each in marks.values() for mark in each.values()))
    return {
        language: tuple(
            _phrase(each, said[language], quote)
            for each in typical
            if (quote := quotes.get(marks[language][each.words]))
        )
        for language, typical in found.items()
        if typical
    }


def _marks(found: Sequence[Typical]) -> Mapping[tuple[str, ...], Mark]:
    """The sentence to quote for each phrase."""
    marks = {}
    for words, (said, phrase) in choose_quotes(found).items():
        sentences = split_sentences(said.text, said.language)
        first = next(span for span in sentences if phrase.start < span.end)
        last = next(span for span in sentences if phrase.end <= span.end)
        marks[words] = Mark(said.utterance_id, first.start, last.end, Polarity.AFFIRMED)
    return marks


def _phrase(typical: Typical, said: Sequence[Words], quote: Citation) -> TypicalPhrase:
    return TypicalPhrase(
        phrase=spelling_of(typical),
        z=round(typical.z, 2),
        people=typical.people,
        of=len({words.person for words in said if words.inside}),
        elsewhere=typical.elsewhere,
        elsewhere_of=len({words.person for words in said if not words.inside}),
        quote=quote,
    )


def _segment_entry(segment: Segment) -> SegmentDefinition:
    return SegmentDefinition(
        slug=segment.slug,
        labels=dict(segment.labels),
        aliases=segment.aliases,
        description=segment.description,
        participants=segment.participants,
        criteria=tuple(map(_criterion_entry, segment.criteria)),
    )


def _criterion_entry(criterion: Criterion) -> CriterionEntry:
    return CriterionEntry(
        id=criterion.id,
        dimension=criterion.dimension,
        statement=criterion.statement,
        ask=dict(criterion.ask),
        speaks_for=tuple(sorted(criterion.speaks_for)),
        speaks_against=tuple(sorted(criterion.speaks_against)),
        unknown_codes=criterion.unknown_codes,
        attributes={name: _attribute_entry(test) for name, test in criterion.attributes.items()},
    )


def _attribute_entry(test: AttributeTest) -> AttributeRange | AttributeWords:
    if test.one_of:
        return AttributeWords(one_of=test.one_of)
    return AttributeRange(at_least=test.at_least, at_most=test.at_most)
