"""Synthetic studies of any size, and how they are loaded.

Interviews have 250 turns, half of them a participant's, in German, Spanish and English. What is said is made of
sentences of the sample study and of the pairs in training/pairs, some far more often than others (Zipf-Mandelbrot). The
same seed makes the same study.

Run by `python -m bench.corpus FOLDER --utterances 20000 [--load DATA]`: it writes a study folder, which `verbatim
ingest` takes, and publishes it into a data directory.
"""

import argparse
import lzma
import random
import shutil
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import yaml

from app.evaluation.gold import read_gold
from app.services import Services, open_services
from app.settings import Settings
from app.tagging.store import read_codes
from app.tagging.taggings import NewTagging
from app.vocabulary import Polarity, Role
from ingest.catalogue import find_interview, save_study
from ingest.manifest import read_study
from ingest.passages import embed_with_questions, questions_before
from ingest.pipeline import PIPELINE, round_off
from ingest.roles import Attribution, Basis
from ingest.runs import claim_run
from ingest.store import AttributedUtterance, NewPassage, Publication, publish, read_source, register_transcript
from ingest.transcript import CueSpan, Turn

ROOT = Path(__file__).resolve().parent.parent
NIDO = ROOT / "examples" / "nido"
PAIRS = ROOT / "training" / "pairs"
LANGUAGES = {"de": 5, "es": 3, "en": 2}
"""Languages and how many of ten interviews are in them."""
TURNS_EACH = 250
TURN_MS = 12_000
TAGGED_SHARE = 0.6
DENIED_SHARE = 0.1
_FLATNESS = 1_000
_SEGMENTS = ("careful", "optimiser", "starter")


@dataclass(frozen=True)
class Said:
    """A turn of a synthetic interview."""

    role: Role
    text: str


@dataclass(frozen=True)
class Corpus:
    """A synthetic study: so many interviews, each in one language."""

    slug: str
    interviews: int
    seed: int

    @property
    def utterances(self) -> int:
        """How many utterances it has."""
        return self.interviews * TURNS_EACH

    def language(self, number: int) -> str:
        """The language of an interview."""
        return self._chance(number, "language").choices(tuple(LANGUAGES), tuple(LANGUAGES.values()))[0]

    def turns(self, number: int) -> list[Said]:
        """What is said in an interview, the interviewer first: one sentence, and two or three in return."""
        chance, (sentences, weights) = self._chance(number, "turns"), sentences_of(self.language(number))
        counts = [1 if turn % 2 == 0 else min(8, 1 + int(chance.expovariate(0.6))) for turn in range(TURNS_EACH)]
        drawn = iter(chance.choices(sentences, cum_weights=weights, k=sum(counts)))
        return [
            Said(Role.PARTICIPANT if turn % 2 else Role.INTERVIEWER, " ".join(next(drawn) for _ in range(count)))
            for turn, count in enumerate(counts)
        ]

    def _chance(self, number: int, of: str) -> random.Random:
        return random.Random(f"{self.seed} {number} {of}")  # noqa: S311


def make_corpus(utterances: int, slug: str = "bench", seed: int = 9) -> Corpus:
    """The study of about so many utterances."""
    return Corpus(slug, max(1, round(utterances / TURNS_EACH)), seed)


@cache
def sentences_of(language: str) -> tuple[tuple[str, ...], list[float]]:
    """Sentences of a language with cumulative weights, the n-th of them proportional to 1 / (n + 1000)."""
    turns = [turn for own in read_gold(NIDO / "gold.yaml").interviews.values() for turn in own]
    spoken = {turn.text for turn in turns if turn.role is Role.PARTICIPANT and turn.language == language}
    sentences = sorted(spoken | set(_paired(language)))
    random.Random(language).shuffle(sentences)  # noqa: S311
    return tuple(sentences), list(accumulate(1 / (place + _FLATNESS) for place in range(len(sentences))))


def _paired(language: str) -> Iterator[str]:
    file, column = {"de": ("eng-deu", 1), "es": ("eng-spa", 1), "en": ("eng-deu", 0)}[language]
    with lzma.open(PAIRS / f"{file}.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")[column]


def write_study(corpus: Corpus, folder: Path) -> None:
    """Write a study folder: manifest, codebook, segments, customers and transcripts."""
    (folder / "transcripts").mkdir(parents=True)
    for name in ("codebook.yaml", "segments.yaml"):
        shutil.copy(NIDO / name, folder / name)
    numbers = range(corpus.interviews)
    ltv_eur = [(number * 37) % 900 + 20 for number in numbers]
    customers = (f"C-{number},2026-03-02,{number + 1},{ltv},{ltv}" for number, ltv in enumerate(ltv_eur))
    rows = "\n".join(["customer_id,first_purchase,purchases,revenue_eur,ltv_eur", *customers])
    (folder / "customers.csv").write_text(rows + "\n", encoding="utf-8")
    for number in numbers:
        (folder / "transcripts" / f"{number}.vtt").write_text(
            transcript_of(corpus.turns(number), f"P{number}"), encoding="utf-8"
        )
    manifest = {
        "study": corpus.slug,
        "title": "A synthetic study",
        "languages": list(LANGUAGES),
        "codebook": "codebook.yaml",
        "segments": "segments.yaml",
        "customers": "customers.csv",
        "team": [{"id": "anna", "name": "Anna Brandt", "role": "researcher"}],
        "participants": [
            {
                "id": f"P{number}",
                "customer_id": f"C-{number}",
                "language": corpus.language(number),
                "segment": _SEGMENTS[number % len(_SEGMENTS)],
            }
            for number in numbers
        ],
        "interviews": [
            {
                "id": f"I{number}",
                "participant": f"P{number}",
                "interviewer": "anna",
                "interviewer_language": corpus.language(number),
                "files": [f"transcripts/{number}.vtt"],
            }
            for number in numbers
        ],
    }
    written = yaml.dump(manifest, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False)
    (folder / "study.yaml").write_text(written, encoding="utf-8")


def load(corpus: Corpus, folder: Path, services: Services) -> uuid.UUID:
    """Publish a written study as ingest does, without finding out anew who speaks in which language about what.

    Returns:
        the id of the study.
    """
    with services.database.sessions.begin() as session:
        study_id = save_study(session, read_study(folder), services.embedder, services.vault)
        code_ids = [code.id for code in read_codes(session, study_id)]
    for number in range(corpus.interviews):
        _publish(corpus, number, code_ids, services)
        if number % 100 == 0:
            sys.stderr.write(f"\r{number} of {corpus.interviews} interviews")
    round_off(study_id, services)
    return study_id


def _publish(corpus: Corpus, number: int, code_ids: Sequence[uuid.UUID], services: Services) -> None:
    publication = _publication(corpus, number, code_ids, services)
    with services.database.sessions.begin() as session:
        interview = find_interview(session, corpus.slug, f"I{number}")
        name = f"{number}.vtt"
        run_id = register_transcript(session, interview, name, b"", name, name, PIPELINE)
        if run_id is None:
            return
        lease = claim_run(session, run_id)
        source = read_source(session, run_id, services.vault)
        if lease is not None:
            publish(session, source, lease, publication, services.vault)


def _publication(corpus: Corpus, number: int, code_ids: Sequence[uuid.UUID], services: Services) -> Publication:
    said, language = corpus.turns(number), corpus.language(number)
    questions = questions_before([turn.role for turn in said], [turn.text for turn in said])
    passages = [NewPassage(index, questions[index]) for index, turn in enumerate(said) if turn.role is Role.PARTICIPANT]
    asked = [None if passage.question_index is None else said[passage.question_index].text for passage in passages]
    vectors = embed_with_questions(services.embedder, [said[passage.index].text for passage in passages], asked)
    chance = random.Random(f"{corpus.seed} {number} taggings")  # noqa: S311
    return Publication(
        [_attributed(index, turn, number, language) for index, turn in enumerate(said)],
        passages,
        vectors,
        services.embedder.identity,
        [
            _tagging(passage.index, said[passage.index].text, chance, code_ids)
            for passage in passages
            if chance.random() < TAGGED_SHARE
        ],
    )


def _attributed(index: int, said: Said, number: int, language: str) -> AttributedUtterance:
    start_ms, end_ms = index * TURN_MS, (index + 1) * TURN_MS
    by_participant = said.role is Role.PARTICIPANT
    speaker = f"P{number}" if by_participant else "Anna Brandt"
    cue = CueSpan(index, 0, len(said.text), start_ms, end_ms)
    return AttributedUtterance(
        Turn(index, speaker, said.text, start_ms, end_ms, None, language, (cue,)),
        Attribution(said.role, speaker if by_participant else None, Basis.NAME, 1.0),
        language,
        1.0,
    )


def _tagging(index: int, text: str, chance: random.Random, code_ids: Sequence[uuid.UUID]) -> NewTagging:
    code_id = chance.choices(code_ids, [1 / (rank + 3) for rank in range(len(code_ids))])[0]
    polarity = Polarity.DENIED if chance.random() < DENIED_SHARE else Polarity.AFFIRMED
    return NewTagging(index, code_id, 0, len(text), polarity, "bench", "model", round(chance.uniform(0.5, 0.9), 3))


def transcript_of(said: Sequence[Said], participant: str) -> str:
    """What was said in an interview as WebVTT."""
    cues = (
        f"{_clock(index * TURN_MS)} --> {_clock((index + 1) * TURN_MS)}\n"
        f"<v {participant if turn.role is Role.PARTICIPANT else 'Anna Brandt'}>{turn.text}\n"
        for index, turn in enumerate(said)
    )
    return "\n".join(["WEBVTT\n", *cues])


def _clock(time_ms: int) -> str:
    return f"{time_ms // 3_600_000:02}:{time_ms // 60_000 % 60:02}:{time_ms // 1000 % 60:02}.{time_ms % 1000:03}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--utterances", type=int, default=20_000)
    parser.add_argument("--load", type=Path, help="data directory to publish it into")
    arguments = parser.parse_args()
    made = make_corpus(arguments.utterances)
    write_study(made, arguments.folder)
    if arguments.load:
        with open_services(Settings(data_dir=arguments.load)) as opened:
            load(made, arguments.folder, opened)
