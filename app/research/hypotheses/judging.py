"""A chat model reads passages beyond the codes: whether each supports a statement or contradicts it."""

from collections.abc import Mapping

from app.answering.dialogue import Dialogue
from app.answering.support import PROMPT
from app.prompt_outputs import Judgements
from app.prompts import json_line
from app.research.hypotheses.evidence import Found, Passage
from app.research.hypotheses.rule import Heard
from app.vocabulary import Stance

_STANCES: Mapping[str, Stance] = {"supports": Stance.FOR, "contradicts": Stance.AGAINST}


def judge_passages(statement: str, passages: tuple[Passage, ...], dialogue: Dialogue) -> tuple[Found, ...] | None:
    """Keep the passages that support a statement or contradict it by themselves; `None` where the model is of no use.

    Raises:
        ChatError: whoever asked has left.
    """
    if not passages:
        return ()
    offered = {f"u{number}": passage for number, passage in enumerate(passages, start=1)}
    texts = [json_line({"id": id_, "text": _text(passage)}) for id_, passage in offered.items()]
    claim = json_line({"claim": 1, "text": statement, "cites": list(offered)})
    said = dialogue.ask(PROMPT, {"claims": claim, "passages": "\n".join(texts)}, Judgements)
    if said is None:
        return None
    verdicts = {item.id: item.verdict for item in said.judgements if item.claim == 1}
    return tuple(
        _found(passage, _STANCES[verdicts[id_]])
        for id_, passage in offered.items()
        if verdicts.get(id_, "unrelated") in _STANCES
    )


def _text(passage: Passage) -> str:
    return passage.ranked.candidate.text[passage.span.start : passage.span.end]


def _found(passage: Passage, stance: Stance) -> Found:
    candidate, span = passage.ranked.candidate, passage.span
    heard = Heard(candidate.participant, candidate.language, stance)
    return Found(heard, (candidate.utterance_id, span.start, span.end))
