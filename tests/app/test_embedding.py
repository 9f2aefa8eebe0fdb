"""Embedders: unit vectors with provenance, equal to those of sentence-transformers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.embedding import Embedder, load_embedder, unit_rows
from app.errors import UnavailableError

TEXTS = ["Die Gebühr kam mit der Post.", "¿Quién responde si cierran?", "", "the fee", "☃", "a " * 3000]


@given(st.lists(st.text(), max_size=8))
def test_vectors_are_unit_or_zero(embedder: Embedder, texts: list[str]) -> None:
    """Any text gives a row of length 1, or of zeros when no token of it is known."""
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (len(texts), embedder.identity.dimension)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-3) | (lengths == 0))


def test_a_text_has_one_vector_alone_and_among_many(embedder: Embedder) -> None:
    """Neither the batch nor its size matters."""
    alone = np.concatenate([embedder.embed_questions([text]) for text in TEXTS])
    among = embedder.embed_questions(TEXTS * 300)[: len(TEXTS)]
    assert np.allclose(alone, among, atol=1e-6)


def test_translations_are_nearer_than_other_sentences(embedder: Embedder) -> None:
    """The same thing said in three languages is nearer than different things in one."""
    english = ["I was afraid of losing all my money.", "The support answered only after a week."]
    german = [
        "Ich hatte Angst, mein ganzes Geld zu verlieren.",
        "Der Kundendienst hat erst nach einer Woche geantwortet.",
    ]
    spanish = ["Tenía miedo de perder todo mi dinero.", "El servicio de atención respondió solo después de una semana."]
    one, two, three = (embedder.embed_passages(texts) for texts in (english, german, spanish))
    for other in (two, three):
        near = one @ other.T
        assert near.diagonal().min() > max(near[0, 1], near[1, 0])


@pytest.mark.models
def test_the_bundled_embedder_is_a_sentence_transformers_model(embedder: Embedder) -> None:
    """sentence-transformers loads the same folder and gives the same vectors."""
    from sentence_transformers import SentenceTransformer

    import app

    folder = Path(app.__file__).parent / "bundled_embedder"
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    known = [text for text, vector in zip(TEXTS, embedder.embed_passages(TEXTS), strict=True) if vector.any()]
    theirs = np.asarray(model.encode(known, normalize_embeddings=True), np.float32)
    assert len(known) >= 3
    assert np.allclose(theirs, embedder.embed_passages(known), atol=2e-3)


@pytest.mark.models
def test_any_sentence_transformers_model_can_be_configured(tmp_path: Path) -> None:
    """A transformer saved to a folder loads by its path, says its revision, and gives unit vectors."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = {word: index for index, word in enumerate(["[PAD]", "[UNK]", "query", ":", "passage", "fee", "bank"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    raw = tmp_path / "raw"
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")  # type: ignore[no-untyped-call]
    wrapped.save_pretrained(raw)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(raw)
    transformer = Transformer(str(raw))
    folder = tmp_path / "tiny-e5-small"
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").save(str(folder))
    embedder = load_embedder(str(folder))
    questions, passages = embedder.embed_questions(["fee bank"]), embedder.embed_passages(["fee bank"])
    assert embedder.identity.dimension == 16
    assert embedder.identity.revision == load_embedder(str(folder)).identity.revision
    assert np.linalg.norm(questions) == pytest.approx(1, abs=1e-4)
    assert not np.allclose(questions, passages), "an e5 model embeds questions and passages under different prefixes"


@pytest.mark.parametrize("name", ["no/such/folder", "./model", "../model", "/no/model", "~/model", "models\\e5", ""])
def test_a_path_to_nothing_is_refused_at_once(name: str) -> None:
    """What cannot be a model's name on the hub is not looked for there."""
    with pytest.raises(UnavailableError, match=r"there is no embedder at .* set VERBATIM_EMBEDDER to the path"):
        load_embedder(name)


@pytest.mark.models
def test_a_model_that_is_not_there_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a hub an unknown model is one clear error with the remedy, and no word of attempts to reach the hub."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    program = "from app.embedding import load_embedder\nload_embedder('nobody/nothing')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "UnavailableError: the embedder nobody/nothing cannot be loaded" in ended.stderr
    assert "set VERBATIM_EMBEDDER to its path" in ended.stderr
    assert "Retrying" not in ended.stderr


def test_rows_of_zeros_stay() -> None:
    """Scaling divides by nothing."""
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32)).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)],
        [0.0, 0.0],
    ]
