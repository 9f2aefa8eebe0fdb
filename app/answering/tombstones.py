"""What is left of a kept answer when a quote of it may be shown no more: a tombstone, and that it is stale."""

import uuid
from collections.abc import Collection
from collections.abc import Set as AbstractSet

from app.answering.count import summarise
from app.answering.phrases import say
from app.answering.schemas import Answer, AnyCitation, Citation, Claim, Removal

FORGOTTEN = "…"


def bury(answer: Answer, utterances: Collection[uuid.UUID], reason: Removal) -> Answer:
    """Put tombstones in the place of the quotes of these utterances.

    Claims that a model worded from them lose their wording, which may tell what was said. The counts stay as they were
    counted then.
    """
    citations = tuple(_buried(citation, utterances, reason) for citation in answer.citations)
    gone = {old.n for old, new in zip(answer.citations, citations, strict=True) if new is not old}
    if not gone:
        return answer
    changes: dict[str, object] = {"citations": citations, "stale": True}
    if answer.provenance.chat_model is not None:
        claims = tuple(_unworded(claim, gone, answer.language) for claim in answer.claims)
        changes |= {"claims": claims, "summary": summarise(claims, answer.language, worded=True)}
    return answer.model_copy(update=changes)


def forget_person(answer: Answer, code: str) -> Answer:
    """Take a participant's code out of what was asked."""
    filters = answer.filters
    people = tuple(person for person in filters.participants if person != code)
    return answer.model_copy(
        update={
            "question": answer.question.replace(code, FORGOTTEN),
            "standalone_question": answer.standalone_question and answer.standalone_question.replace(code, FORGOTTEN),
            "sub_questions": tuple(part.replace(code, FORGOTTEN) for part in answer.sub_questions),
            "filters": filters.model_copy(update={"participants": people}),
            "facets": tuple(facet for facet in answer.facets if facet.value != code),
            "stale": True,
        }
    )


def _buried(citation: AnyCitation, utterances: Collection[uuid.UUID], reason: Removal) -> AnyCitation:
    if not isinstance(citation, Citation) or citation.utterance not in utterances:
        return citation
    return citation.model_copy(
        update={
            "removed": reason,
            "quote": "",
            "translation": None,
            "participant": "",
            "segment": None,
            "interview": "",
            "span": (0, 0),
            "utterance_text": "",
            "question_before": None,
            "start_ms": None,
            "end_ms": None,
            "codes": (),
            "url": "",
            "audio_url": None,
        }
    )


def _unworded(claim: Claim, gone: AbstractSet[int], language: str) -> Claim:
    if gone.isdisjoint({*claim.citations, *claim.counter_evidence}):
        return claim
    return claim.model_copy(update={"text": say("removed_claim", language)})
