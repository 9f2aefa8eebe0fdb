"""What people speak of, for a report: codes with counts of people, and quotes of different people."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, count_people
from app.answering.schemas import Citation
from app.answering.translate import with_kept_translations
from app.library.counts import PeopleGroup, count_people_by
from app.library.quotes import quote_code
from app.research.report.inputs import CardCode, CardGroup, CardSegment, CodeQuotes, People, SegmentCard
from app.research.report.queries import best_places
from app.scope import Filters
from app.vocabulary import Kind

MOST_TOPICS = 24
QUOTES_A_TOPIC = 3
ENTRIES_A_GROUP = 4

CARD_KINDS = (Kind.TRIGGER, Kind.AHA, Kind.CRITERION, Kind.PROBLEM, Kind.DISAPPOINTMENT)


def read_topics(session: Session, vocabulary: StudyVocabulary, language: str) -> tuple[CodeQuotes, ...]:
    """The study's own codes that came up with most people."""
    counted = _counted(session, vocabulary, Filters(), MOST_TOPICS)
    quotes = _quotes(session, vocabulary, counted, QUOTES_A_TOPIC, language)
    return tuple(
        CodeQuotes(
            code=code,
            label=vocabulary.codes[code].label(language),
            kind=_kind_label(vocabulary, vocabulary.codes[code].kind, language),
            raised_with=group.raised_with or 0,
            affirmed=group.affirmed or 0,
            denied=group.denied or 0,
            of=group.of,
            quotes=quotes[code],
        )
        for code, group in counted.items()
    )


def read_card(session: Session, vocabulary: StudyVocabulary, segment: CardSegment, language: str) -> SegmentCard:
    """What people of a segment say of the kinds that a card shows."""
    groups = []
    for kind in CARD_KINDS:
        counted = _counted(session, vocabulary, Filters(segments=(segment.slug,), kinds=(kind,)), ENTRIES_A_GROUP)
        quotes = _quotes(session, vocabulary, counted, 1, language, segment.slug)
        codes = tuple(
            CardCode(
                code=code,
                label=vocabulary.codes[code].label(language),
                segment=People(affirmed=group.affirmed or 0, denied=group.denied or 0, of=group.of),
                quotes=quotes[code],
            )
            for code, group in counted.items()
        )
        groups += [CardGroup(kind=kind, label=_kind_label(vocabulary, kind, language), codes=codes)] if codes else []
    people = count_people(session, vocabulary.study_id, Filters(segments=(segment.slug,))).total
    return SegmentCard(segment=segment, people=people, groups=tuple(groups))


def _kind_label(vocabulary: StudyVocabulary, kind: str, language: str) -> str:
    """What a kind is called; the general code of each has its name."""
    return vocabulary.codes[kind].label(language) if kind in vocabulary.codes else kind.replace("_", " ")


def _counted(session: Session, vocabulary: StudyVocabulary, filters: Filters, most: int) -> dict[str, PeopleGroup]:
    """The study's own codes that anybody spoke of, most people first."""
    counts = count_people_by(session, vocabulary.slug, "code", filters, len(vocabulary.codes))
    own = {code.code for code in vocabulary.codes.values() if code.code != code.kind}
    told = [(group.value, group) for group in counts.groups if group.value in own and group.raised_with]
    return {code: group for code, group in told[:most] if code is not None}


def _quotes(
    session: Session,
    vocabulary: StudyVocabulary,
    codes: Collection[str],
    most: int,
    language: str,
    segment: str | None = None,
) -> dict[str, tuple[Citation, ...]]:
    """Quotes for each code, with the translations that are kept."""
    places = best_places(session, vocabulary.study_id, codes, most, segment)
    quotes = {code: quote_code(session, vocabulary.slug, code, places.get(code, [])) for code in codes}
    return {code: with_kept_translations(session, found, language) for code, found in quotes.items()}
