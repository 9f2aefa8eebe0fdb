"""The training recipe, with stub teachers on a small part of the pairs."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sentence_transformers import SentenceTransformer

from app.embedding import load_embedder, unit_rows
from training.corpus import Corpus, Lexicon, read_corpus, word_texts
from training.evaluate import measure_talk, score
from training.export import write_model
from training.student import Fit, fit_token_vectors
from training.teachers import KeptTeacher, Vectors
from training.train_embedder import Material, Recipe, train

PAIRS = Path(__file__).resolve().parents[2] / "training" / "pairs"
KEPT_PAIRS = 1500
RECIPE = Recipe(vocabulary_size=1500, dimension=16, single_words=5, handfuls=10, fit=Fit(iterations=5))


class StubTeacher:
    """Gives translations the same random vector, and any other text one of its own."""

    name = "stub"

    def __init__(self, corpus: Corpus) -> None:
        english, others = corpus.translations.T
        self._meanings = {
            corpus.sentences[other]: corpus.sentences[source] for source, other in zip(english, others, strict=True)
        }

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Draw the vector from the text's English meaning."""
        return np.stack([_random_vector(self._meanings.get(text, text)) for text in texts])


def _random_vector(text: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(24).astype(np.float32)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """A part of the pairs, short and long sentences."""
    whole = read_corpus(PAIRS)
    kept = whole.translations[:: len(whole.translations) // KEPT_PAIRS]
    rows = np.unique(kept)
    english_count = int((rows < whole.english_count).sum())
    return Corpus(tuple(whole.sentences[row] for row in rows), english_count, np.searchsorted(rows, kept))


@pytest.fixture(scope="module")
def model(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the recipe writes."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    lexicons = {"de": Lexicon(("und", "haus", "laufen"), np.array([5.0, 2.0, 1.0]), ("wisch",))}
    teacher = StubTeacher(corpus)
    write_model(*train(Material(corpus, lexicons, teacher, teacher), RECIPE), folder)
    return folder


def test_a_trained_model_embeds_translations_closer_than_other_pairs(model: Path, corpus: Corpus) -> None:
    """Sentence-transformers loads the folder, and a sentence is nearer to its translation than to another's."""
    transformer = SentenceTransformer(str(model), device="cpu")
    english, others = corpus.translations.T
    vectors = unit_rows(transformer.encode(list(corpus.sentences)).astype(np.float32))
    translated = (vectors[english] * vectors[others]).sum(axis=1).mean()
    shuffled = (vectors[english] * vectors[np.roll(others, 7)]).sum(axis=1).mean()
    assert translated > shuffled + 0.3


def test_the_service_reads_the_same_vectors_as_sentence_transformers(model: Path, corpus: Corpus) -> None:
    """The loader without torch gives the vectors of sentence-transformers."""
    texts = corpus.sentences[:50]
    expected = SentenceTransformer(str(model), device="cpu").encode(list(texts)).astype(np.float32)
    assert np.allclose(load_embedder(str(model)).embed_passages(texts), expected, atol=5e-3)


def test_writing_a_model_keeps_its_card(model: Path, tmp_path: Path) -> None:
    """A model written over another keeps the README.md beside it and nothing else of the old one."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").write_text("card")
    (folder / "stale.bin").write_text("old")
    transformer = SentenceTransformer(str(model), device="cpu")
    write_model(transformer.tokenizer, np.ones((transformer.tokenizer.get_vocab_size(), 4), np.float32), folder)
    assert (folder / "README.md").read_text() == "card"
    assert not (folder / "stale.bin").exists()
    assert load_embedder(str(folder)).identity.dimension == 4


@given(st.integers(0, 2**32 - 1))
def test_token_vectors_solve_the_ridge_regression(seed: int) -> None:
    """With enough iterations the conjugate gradients reach the solution of the normal equations."""
    random = np.random.default_rng(seed)
    counts = random.integers(0, 3, size=(30, 6)).astype(np.float32)
    targets = unit_rows(random.standard_normal((30, 3)).astype(np.float32))
    weights = 0.5 / (0.5 + np.full(6, 1 / 6))
    emphasis = np.sqrt(counts.sum(axis=1, keepdims=True) / counts.sum(axis=1).mean())
    design = emphasis * unit_rows(counts)
    exact = np.linalg.solve(design.T @ design + 0.3 * np.eye(6), design.T @ (emphasis * targets))
    found = fit_token_vectors(
        csr_matrix(counts), targets, np.full(6, 1 / 6), Fit(damping=0.5, ridge=0.3, iterations=30)
    )
    assert np.allclose(found, weights[:, None] ** 2 * exact, atol=1e-3)


def test_kept_vectors_are_not_computed_twice(corpus: Corpus, tmp_path: Path) -> None:
    """A second call with the same texts reads the file, other texts do not."""
    teacher = KeptTeacher(StubTeacher(corpus), tmp_path)
    first = teacher.embed(["a", "b"])
    assert np.array_equal(teacher.embed(["a", "b"]), first)
    assert len(list(tmp_path.iterdir())) == 1
    teacher.embed(["a", "c"])
    assert len(list(tmp_path.iterdir())) == 2


def test_word_texts_show_frequent_words_alone_and_words_in_handfuls() -> None:
    """Spoken words come by themselves before unheard ones, and the draws repeat with the seed."""
    lexicons = {"en": Lexicon(("the", "house", "ran"), np.array([9.0, 4.0, 1.0]), ("ostler",))}
    texts = word_texts(lexicons, singles=4, handfuls=20, seed=1)
    assert texts[:4] == ["the", "house", "ran", "ostler"]
    assert all(2 <= len(text.split()) <= 5 for text in texts[4:])
    assert texts == word_texts(lexicons, singles=4, handfuls=20, seed=1)


def test_a_folder_without_pairs_is_refused(tmp_path: Path) -> None:
    """The message says which files are missing."""
    with pytest.raises(SystemExit, match=r"eng-XXX\.tsv\.xz"):
        read_corpus(tmp_path)


def test_score_counts_the_first_wanted_item_that_no_filter_leaves_out() -> None:
    """The rank is that of the best wanted item; a query whose items are all filtered away does not count."""
    similarities = np.array([[0.9, 0.5, 0.1], [-np.inf, 0.2, 0.3], [-np.inf, 0.1, 0.2]], np.float32)
    wanted = np.array([[False, True, True], [True, True, False], [True, False, False]])
    assert score(similarities, wanted) == score(similarities[:2], wanted[:2])
    assert score(similarities, wanted).reciprocal_rank == pytest.approx((1 / 2 + 1 / 2) / 2)


def test_the_bundled_model_finds_talk_in_three_languages() -> None:
    """The shipped model is not worse on the held-out talk than its card says."""
    results = measure_talk(load_embedder("bundled"))
    assert results["questions"].reciprocal_rank > 0.5
    assert results["descriptions"].reciprocal_rank > 0.8
