"""What the interviews do not tell, what to ask next time, and who of the team knows most."""

from collections.abc import Sequence

from app.answering.phrases import say
from app.answering.queries import PeopleCount
from app.answering.schemas import Claim, Gap
from app.answering.understand import Understanding


def find_gaps(
    understanding: Understanding, claims: Sequence[Claim], people: PeopleCount, knowledge_holder: str | None
) -> tuple[Gap, ...]:
    """Name the gaps: nothing at all, or segments and languages in scope without any evidence."""
    language = understanding.language
    ask_next = say("ask_next", language, question=understanding.text)

    def gap(kind: str, **values: object) -> Gap:
        detail = say(kind, language, **values)
        return Gap.model_validate(
            {"kind": kind, "detail": detail, "ask_next": ask_next, "knowledge_holder": knowledge_holder}
        )

    if not claims:
        return (gap("no_mention", of=people.total),)
    silent_segments = _silent([claim.support.by_segment for claim in claims], people.by_segment)
    silent_languages = _silent([claim.support.by_language for claim in claims], people.by_language)
    return (
        *(gap("segment_without_evidence", name=name, of=of) for name, of in silent_segments),
        *(gap("language_without_evidence", name=name, of=of) for name, of in silent_languages),
    )


def _silent(supports: Sequence[dict[str, tuple[int, int]]], people: dict[str, int]) -> list[tuple[str, int]]:
    return [(name, of) for name, of in people.items() if not any(support[name][0] for support in supports)]
