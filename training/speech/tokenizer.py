"""A tokenizer in the layout of multilingual Whisper, with few text tokens."""

import json
from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers.models.whisper.tokenization_whisper import LANGUAGES

TEXT_IDS = 50_257
"""Where Whisper's special tokens begin."""
TIMESTAMPS = 1501
TIMESTAMP_MS = 20
END, START, TRANSCRIBE, NO_SPEECH, NO_TIMESTAMPS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|transcribe|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
LANGUAGE_TOKENS = [f"<|{language}|>" for language in list(LANGUAGES)[:99]]
TASK_TOKENS = ["<|translate|>", TRANSCRIBE, "<|startoflm|>", "<|startofprev|>", NO_SPEECH, NO_TIMESTAMPS]
TIMESTAMP_TOKENS = [f"<|{number * TIMESTAMP_MS / 1000:.2f}|>" for number in range(TIMESTAMPS)]
SUPPRESSED = (" -", " '")
"""faster-whisper suppresses the first token of these, which must not be a bare space."""


def train_tokenizer(texts: Iterable[str], text_tokens: int) -> Tokenizer:
    """Train byte-level pairs on the texts and pad the vocabulary to Whisper's layout."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=text_tokens, initial_alphabet=alphabet, show_progress=False)
    spaced = [f" {text}" for text in texts]
    tokenizer.train_from_iterator([*spaced, *SUPPRESSED * len(spaced)], trainer)
    described = json.loads(tokenizer.to_str())
    vocabulary = described["model"]["vocab"]
    # CTranslate2 takes a model for multilingual only when its vocabulary holds the empty token.
    vocabulary |= {f"<|unused{number}|>": number for number in range(len(vocabulary), TEXT_IDS - 1)}
    vocabulary[""] = TEXT_IDS - 1
    padded = Tokenizer.from_str(json.dumps(described))
    padded.add_special_tokens([END, START, *LANGUAGE_TOKENS, *TASK_TOKENS])
    padded.add_special_tokens(TIMESTAMP_TOKENS)
    return padded


def text_token_count(tokenizer: Tokenizer) -> int:
    """How many of the text ids stand for text; the others are padding."""
    first_unused = min(number for token, number in tokenizer.get_vocab().items() if token.startswith("<|unused"))
    return int(first_unused)


def token_id(tokenizer: Tokenizer, token: str) -> int:
    """Look up a token that is known to exist."""
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ValueError(f"the tokenizer lacks {token}")
    return int(number)
