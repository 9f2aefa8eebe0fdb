"""Whether quotes bear a claim out: by likeness, by a cross-encoder for entailment, by the chat model."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from candidate_factory import ranked
from hypothesis import given
from hypothesis import strategies as st
from scripted_provider import Fails, Says, ScriptedProvider, scripted_provider

from app.answering.check import CheckedClaim
from app.answering.cite import Quoted
from app.answering.dialogue import Dialogue
from app.answering.support import deviations, weak
from app.chat import grant_allowance, open_chat
from app.embedding import unit_rows
from app.errors import UnavailableError
from app.prompts import load_prompts
from app.services import Services
from app.settings import Settings
from app.text import Span
from app.vocabulary import Polarity


def claim(text: str, *quotes: str) -> CheckedClaim:
    """A claim with whole utterances as its quotes."""
    quoted = tuple(Quoted(ranked(quote), Span(0, len(quote)), Polarity.AFFIRMED) for quote in quotes)
    return CheckedClaim(text, None, Polarity.AFFIRMED, quoted, (), 1)


CLAIMS = (
    claim("Customers were afraid of losing their money.", "Ich hatte Angst, dass mein Geld weg ist.", "Tenía miedo."),
    claim("Customers want a card made of wood.", "Ich hatte Angst, dass mein Geld weg ist.", "No me fiaba de la app."),
)


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    """A chat model that fails unless told otherwise."""
    with scripted_provider(lambda _: Fails(401)) as provider:
        yield provider


@pytest.fixture
def dialogue(provider: ScriptedProvider, services: Services) -> Iterator[Dialogue]:
    """A dialogue with it."""
    settings = Settings(chat_model="openai:scripted", chat_base_url=provider.url, chat_api_key="key")
    with open_chat(settings, services.database) as chat:
        assert chat is not None
        yield Dialogue(chat, load_prompts(), grant_allowance(settings, "a key"))


def judged_by(services: Services, judge: str | None) -> Services:
    """The services with another judge."""
    return replace(services, settings=Settings(judge=judge))


def test_unlike_quotes_are_weak_in_any_language(services: Services, dialogue: Dialogue) -> None:
    """An English claim is borne out by German and Spanish words for it, and not by words about something else."""
    assert weak(CLAIMS, dialogue, services) == [False, True]
    assert weak((), dialogue, services) == []
    assert weak((claim("***", "Ich hatte Angst."),), dialogue, services) == [True]


@given(st.integers(1, 5), st.integers(2, 20), st.integers(0, 2**32 - 1))
def test_likeness_is_measured_against_chance(quotes: int, background: int, seed: int) -> None:
    """A claim is nearest to its own words, and no measure is needed where chance does not vary."""
    draw = np.random.default_rng(seed)
    vectors = unit_rows(draw.normal(size=(quotes + background + 1, 8)).astype(np.float32))
    own, others, chance = vectors[0], vectors[1 : quotes + 1], vectors[quotes + 1 :]
    assert deviations(own, own[None], chance) >= deviations(own, others, chance)
    assert deviations(own, others, np.repeat(chance[:1], 2, axis=0)) == 0


def test_the_chat_model_may_judge(services: Services, dialogue: Dialogue, provider: ScriptedProvider) -> None:
    """A claim is borne out where one quote says it; a claim without a whole verdict is judged by likeness."""
    verdicts = [
        {"claim": 1, "id": "u1", "verdict": "partly"},
        {"claim": 1, "id": "u2", "verdict": "contradicts"},
        {"claim": 2, "id": "u3", "verdict": "unrelated"},
        {"claim": 2, "id": "u4", "verdict": "supports"},
        {"claim": 7, "id": "u9", "verdict": "supports"},
    ]
    by_chat = judged_by(services, "chat")
    provider.will(Says({"judgements": verdicts}), Says({"judgements": verdicts[:3]}))
    assert weak(CLAIMS, dialogue, by_chat) == [True, False]
    assert weak(CLAIMS, dialogue, by_chat) == [True, True]
    assert weak(CLAIMS, dialogue, by_chat) == [False, True]
    assert weak((), dialogue, by_chat) == []
    assert [line.get("cites") for line in provider.asked[0].lines[:2]] == [["u1", "u2"], ["u3", "u4"]]


def write_cross_encoder(folder: Path, labels: tuple[str, ...], favoured: int) -> Path:
    """Write a tiny cross-encoder with random weights that favours one of its labels whatever it reads."""
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "angst", "money"))}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")  # type: ignore[no-untyped-call]
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label=dict(enumerate(labels)), label2id={label: number for number, label in enumerate(labels)},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    model.classifier.bias.data[favoured] += 9.0
    model.save_pretrained(folder)
    wrapped.save_pretrained(folder)
    CrossEncoder(str(folder), device="cpu", local_files_only=True).save_pretrained(str(folder))
    return folder


@pytest.mark.models
@pytest.mark.parametrize(("favoured", "expected"), [(1, [False, False]), (2, [True, True])])
def test_a_cross_encoder_may_judge(
    favoured: int, expected: list[bool], services: Services, dialogue: Dialogue, tmp_path: Path
) -> None:
    """A model for entailment decides by its own label for it, wherever that stands among its labels."""
    folder = write_cross_encoder(tmp_path / "judge", ("contradiction", "ENTAILMENT", "neutral"), favoured)
    by_entailment = judged_by(services, str(folder))
    assert weak(CLAIMS, dialogue, by_entailment) == expected
    assert weak((), dialogue, by_entailment) == []


@pytest.mark.models
def test_a_model_that_cannot_judge_is_refused(services: Services, dialogue: Dialogue, tmp_path: Path) -> None:
    """A model without a label for entailment, and a path to nothing, are each refused with what to do."""
    folder = write_cross_encoder(tmp_path / "judge", ("toxic", "harmless", "other"), 0)
    for judge in (str(folder), str(tmp_path / "nothing" / "here")):
        with pytest.raises(UnavailableError, match="VERBATIM_JUDGE"):
            weak(CLAIMS, dialogue, judged_by(services, judge))
