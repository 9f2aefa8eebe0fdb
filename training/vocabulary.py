"""The tokens of the student: whole words where they are frequent, pieces of words elsewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from training.corpus import Lexicon

UNKNOWN = "[UNK]"
_RUNNING_WORDS = 1_500_000
_FREQUENT_WORDS = 25_000
_MOST_REPEATS = 300
_FEWEST_OCCURRENCES = 2


def train_tokenizer(sentences: Sequence[str], lexicons: Mapping[str, Lexicon], size: int) -> Tokenizer:
    """Train a lower-case WordPiece tokenizer on sentences and on the spoken words of each lexicon."""
    tokenizer = _tokenizer({})
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        special_tokens=_first_tokens(sentences),
        min_frequency=_FEWEST_OCCURRENCES,
        limit_alphabet=1,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_training_texts(sentences, lexicons), trainer)
    return _tokenizer(tokenizer.get_vocab())


def _tokenizer(tokens: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(tokens, unk_token=UNKNOWN, max_input_chars_per_word=64))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def _first_tokens(sentences: Sequence[str]) -> list[str]:
    """List the characters, alone and inside a word: the trainer by itself numbers them, and so merges, by chance."""
    counts = Counter(character for sentence in sentences for character in sentence.lower() if not character.isspace())
    characters = sorted(character for character, count in counts.items() if count >= _FEWEST_OCCURRENCES)
    return [UNKNOWN, *characters, *(f"##{character}" for character in characters)]


def _training_texts(sentences: Iterable[str], lexicons: Mapping[str, Lexicon]) -> Iterator[str]:
    """Yield the sentences, then each spoken word as in 1.5 million running words, the frequent ones twice more."""
    yield from sentences
    for lexicon in lexicons.values():
        repeats = np.round(lexicon.counts / lexicon.counts.sum() * _RUNNING_WORDS).astype(int)
        repeats[:_FREQUENT_WORDS] += 2
        for word, times in zip(lexicon.spoken, np.minimum(repeats, _MOST_REPEATS), strict=True):
            for _ in range(times):
                yield word


def count_tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> csr_matrix:
    """Count the tokens of each text that can mean something, shape (n_texts, vocabulary), float32."""
    tokens = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
    ends = np.cumsum([0] + [len(ids) for ids in tokens])
    flat = np.fromiter((token for ids in tokens for token in ids), dtype=np.int32, count=int(ends[-1]))
    shape = (len(texts), tokenizer.get_vocab_size())
    counts = csr_matrix((_meaningful(tokenizer)[flat], flat, ends), shape=shape)
    counts.sum_duplicates()
    counts.eliminate_zeros()
    return counts


def _meaningful(tokenizer: Tokenizer) -> NDArray[np.float32]:
    """1 for tokens that can mean something, 0 for the others: single characters, and pieces of a word of one or two."""
    weights = np.ones(tokenizer.get_vocab_size(), np.float32)
    for token, place in tokenizer.get_vocab().items():
        if token == UNKNOWN or len(token) == 1 or (token.startswith("##") and len(token) <= 4):
            weights[place] = 0
    return weights
