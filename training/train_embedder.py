"""Train the bundled embedder: `python -m training.train_embedder`, after `pip install -r training/requirements.txt`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from tokenizers import Tokenizer

from training.corpus import Corpus, Lexicon, read_corpus, read_lexicons, word_texts
from training.export import write_model
from training.student import Fit, fit_token_vectors, token_shares
from training.targets import ask_teachers, main_directions
from training.teachers import EnglishTeacher, KeptTeacher, MultilingualTeacher, Teacher, Vectors
from training.vocabulary import count_tokens, train_tokenizer


@dataclass(frozen=True)
class Recipe:
    """All choices of the training."""

    vocabulary_size: int = 83_000
    dimension: int = 256
    single_words: int = 50_000
    handfuls: int = 70_000
    seed: int = 0
    fit: Fit = Fit()  # noqa: RUF009


@dataclass(frozen=True)
class Material:
    """What is learned from, and from whom: one teacher reads every language, the other English alone but better."""

    corpus: Corpus
    lexicons: Mapping[str, Lexicon]
    multilingual: Teacher
    english: Teacher


def train(material: Material, recipe: Recipe) -> tuple[Tokenizer, Vectors]:
    """Train a tokenizer, and a vector for each of its tokens; of zeros for those that mean nothing by themselves."""
    sentences = material.corpus.sentences
    words = word_texts(material.lexicons, recipe.single_words, recipe.handfuls, recipe.seed)
    tokenizer = train_tokenizer(sentences, material.lexicons, recipe.vocabulary_size)
    taught = ask_teachers(material.corpus, words, material.multilingual, material.english)
    targets = main_directions(taught, recipe.dimension)
    counts = count_tokens(tokenizer, [*sentences, *words])
    vectors = fit_token_vectors(counts, targets, token_shares(counts[: len(sentences)]), recipe.fit)
    return tokenizer, vectors


def main(
    pairs: Annotated[Path, typer.Option(help="Folder of eng-XXX.tsv.xz.")] = Path("training/pairs"),
    out: Annotated[Path, typer.Option(help="sentence-transformers folder to write.")] = Path("app/bundled_embedder"),
    keep: Annotated[Path, typer.Option(help="Folder that keeps the teachers' vectors.")] = Path("build/training"),
) -> None:
    """Train on the pairs of the repository and put the model in place of the bundled one."""
    multilingual, english = KeptTeacher(MultilingualTeacher(), keep), KeptTeacher(EnglishTeacher(), keep)
    tokenizer, vectors = train(Material(read_corpus(pairs), read_lexicons(), multilingual, english), Recipe())
    write_model(tokenizer, vectors, out)


if __name__ == "__main__":
    typer.run(main)
