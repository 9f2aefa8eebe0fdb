"""Re-ranking: another order of the same candidates, by a cross-encoder that can rank, or none at all."""

from pathlib import Path

import pytest
from candidate_factory import ranked

from app.answering.rerank import rerank
from app.cross_encoder import load_relevance
from app.errors import UnavailableError

CANDIDATES = [ranked("angst"), ranked("money money", asked="angst?"), ranked("something else"), ranked("angst money")]


def write_cross_encoder(folder: Path, labels: int) -> str:
    """Write a tiny cross-encoder with random weights."""
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "angst", "money"))}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")  # type: ignore[no-untyped-call]
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        initializer_range=2.0,
    )  # fmt: skip
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    wrapped.save_pretrained(folder)
    CrossEncoder(str(folder), device="cpu", local_files_only=True).save_pretrained(str(folder))
    return str(folder)


def test_without_a_model_the_order_stays() -> None:
    """The ranks of the search are the order."""
    assert rerank("angst", CANDIDATES, None) == CANDIDATES


@pytest.mark.models
def test_a_cross_encoder_orders_what_was_found(tmp_path: Path) -> None:
    """It reads the question with each passage and what was asked before it; nothing is added, lost or called better."""
    model = write_cross_encoder(tmp_path / "reranker", 1)
    reranked = rerank("angst", CANDIDATES, model)
    pairs = [("angst", text) for text in ("angst", "angst?\nmoney money", "something else", "angst money")]
    scores = load_relevance(model)(pairs)
    assert scores.shape == (4,)
    assert ((scores >= 0) & (scores <= 1)).all()
    best_first = sorted(range(4), key=lambda place: (-scores[place], str(CANDIDATES[place].candidate.utterance_id)))
    assert [item.candidate for item in reranked] == [CANDIDATES[place].candidate for place in best_first]
    assert {item.relevance for item in reranked} == {"strong"}
    assert rerank("angst", [], model) == []


@pytest.mark.models
def test_a_model_that_cannot_rank_is_refused(tmp_path: Path) -> None:
    """A model with several labels, and a path to nothing, are each refused with what to do."""
    for model in (write_cross_encoder(tmp_path / "judge", 3), str(tmp_path / "nothing" / "here")):
        with pytest.raises(UnavailableError, match="VERBATIM_RERANKER"):
            rerank("angst", CANDIDATES, model)
