"""How well tagging without a chat model works, and which weights it wants.

Run by `python -m bench.tagging`. The gold turns of the sample study are tagged twice: by the codebook alone, and with
the passages that the researcher tagged in 15 interviews as examples for the other eight. No figure is of what was
fitted on: each half of the interviews is tagged with weights fitted on the other half, the eight with weights fitted on
the 15. The last lines are the weights fitted on all, from which those of `app.tagging.confidence` come.
"""

import sys
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.embedding import Embedder, load_embedder
from app.evaluation.gold import GoldTurn, read_gold
from app.evaluation.metrics import precision_recall
from app.tagging.codes import code_text
from app.tagging.confidence import USUAL_QUESTION_ON_KINDS, TagWeights, Weights, weigh
from app.tagging.features import Features, Said, embed_said, observe
from app.tagging.kinds import Language, Talk, kind_book
from app.tagging.polarity import Judgement, polarity_of
from app.tagging.similarity import Indices, Numbers, mean_of_best
from app.tagging.tagger import LEAST_CODE_CONFIDENCE, LEAST_KIND_CONFIDENCE
from app.tagging.targets import KINDS, TagCode, TaggedPassage, code_targets, kind_targets
from app.vocabulary import Kind, Polarity, Role
from ingest.manifest import read_study
from ingest.passages import questions_before

NIDO = Path(__file__).resolve().parent.parent / "examples" / "nido"
INVENTED_WEIGHT = 0.15
CODE = ("own", "sentence", "asked", "length")
PASSAGES = (*CODE, "passages", "passages_asked")
KIND = ("own", "asked", "cues", "length")

Flags = NDArray[np.bool_]
Tags = set[tuple[int, int, int]]
Part = tuple[Mapping[str, Numbers], Flags, float]


@dataclass(frozen=True)
class Observed:
    """An interview's features with its gold: which of c codes each of n turns affirms and denies, shape (n, c)."""

    is_tagged: bool
    features: Features
    judgements: tuple[Judgement, ...]
    affirmed: Flags
    denied: Flags
    code_kinds: Indices

    @property
    def denies(self) -> Flags:
        """Which turns deny, shape (n,)."""
        return np.array([judged.polarity is Polarity.DENIED for judged in self.judgements], bool)

    def of_kinds(self, of_codes: NDArray[np.generic]) -> Numbers:
        """The highest value among the codes of each kind, shape (n, k)."""
        groups = [np.flatnonzero(self.code_kinds == number) for number in range(len(KINDS))]
        return mean_of_best(of_codes.astype(np.float64), groups, 1)


def main() -> None:
    """Print the report, then the weights."""
    embedder = load_embedder("bundled")
    plain, exemplified = (observe_study(embedder, with_passages=each) for each in (False, True))
    invented = observe_invented(embedder)
    _say("by the codebook alone")
    halves = (plain[0::2], plain[1::2]), (exemplified[0::2], exemplified[1::2])
    report(
        [
            (observed, weights)
            for test, train in ((0, 1), (1, 0))
            for weights in [fit(halves[0][train], halves[1][train], invented)]
            for observed in halves[0][test]
        ]
    )
    _say("with the passages of 15 tagged interviews, in the other 8")
    weights = fit(
        [each for each in plain if each.is_tagged], [each for each in exemplified if each.is_tagged], invented
    )
    report([(observed, weights) for observed in exemplified if not observed.is_tagged])
    for name, values in asdict(fit(plain, exemplified, invented)).items():
        _say(f"{name} { ({feature: round(value, 2) for feature, value in values.items()}) }")


def observe_study(embedder: Embedder, *, with_passages: bool) -> list[Observed]:
    """Observe all interviews of the sample study, with the gold's turns and roles."""
    study, gold = read_study(NIDO), read_gold(NIDO / "gold.yaml")
    names = {entry.participants[0]: entry.id for entry in study.interviews}
    tagged = {tagging.interview for tagging in study.taggings}
    ids = {name: uuid.uuid5(uuid.NAMESPACE_OID, name) for name in gold.interviews}
    said = {name: _said(turns) for name, turns in gold.interviews.items()}
    codes = [
        TagCode(
            uuid.uuid4(),
            code.code,
            Kind(code.kind),
            code_text(code.labels, code.about or "", ()),
            tuple(
                TaggedPassage(ids[name], each.text, each.question)
                for name in gold.interviews
                for each, turn in said[name]
                if with_passages and names[name] in tagged and code.code in turn.affirmed
            ),
        )
        for code in study.codebook
    ]
    targets, kinds = code_targets(codes, embedder), kind_targets(embedder)
    return [
        Observed(
            names[name] in tagged,
            observe(spoken, kinds, targets, embedder, ids[name], embed_said(spoken, embedder)),
            tuple(polarity_of(each.text, each.language, each.question) for each, _ in turns),
            np.array([[code.code in turn.affirmed for code in codes] for _, turn in turns], bool),
            np.array([[code.code in turn.denied for code in codes] for _, turn in turns], bool),
            targets.kinds,
        )
        for name, turns in said.items()
        for spoken in [[each for each, _ in turns]]
    ]


def observe_invented(embedder: Embedder) -> Part:
    """Observe the invented talk, each example without those that tell the same scene.

    Of four examples one answers no question, two one of their kind, and one a question of another kind.
    """
    kinds, nothing = kind_targets(embedder), code_targets([], embedder)
    talks = [*(kind_book().kinds[kind] for kind in KINDS), kind_book().small_talk]
    rows = [
        (number, place, Said(0, text, language, _question(talks, number, language, place)))
        for number, talk in enumerate(talks)
        for language, texts in talk.examples.items()
        for place, text in enumerate(texts)
    ]
    observed = []
    for scene in sorted({place for _, place, _ in rows}):
        kept = np.array([place != scene for _, place, _ in rows])
        columns = tuple(
            columns[(columns >= len(rows)) | kept[np.minimum(columns, len(rows) - 1)]] for columns in kinds.said_columns
        )
        here = [row for row in rows if row[1] == scene]
        without = replace(kinds, said_columns=columns)
        utterances = [said for _, _, said in here]
        features = observe(utterances, without, nothing, embedder, None, embed_said(utterances, embedder))
        true = np.array([[number == kind for kind in range(len(KINDS))] for number, _, _ in here], bool)
        observed.append((_settled(features), true))
    arrays = {name: np.vstack([found[name] for found, _ in observed]) for name in KIND}
    return arrays, np.vstack([true for _, true in observed]), INVENTED_WEIGHT


def _question(talks: Sequence[Talk], number: int, language: Language, place: int) -> str | None:
    if place % 4 == 0:
        return None
    asking = talks[(number + 7 * (place % 4 == 3)) % len(talks)]
    return asking.questions[language][place % len(asking.questions[language])]


def fit(plain: Sequence[Observed], exemplified: Sequence[Observed], invented: Part) -> TagWeights:
    """Fit all weights, by logistic regression."""
    code = _regress([_rows(each.features.codes, each.affirmed, ~each.denies) for each in plain], CODE)
    tagged = [each for each in exemplified if each.is_tagged]
    passages = _regress([_rows(each.features.codes, each.affirmed, ~each.denies) for each in tagged], PASSAGES)
    denied = _regress([_rows(each.features.codes, each.denied, each.denies) for each in plain], ("own", "asked"))
    kinds = [_kind_rows(each, code, each.affirmed, ~each.denies) for each in plain]
    kinds_by_passages = [_kind_rows(each, passages, each.affirmed, ~each.denies) for each in tagged]
    denied_kinds = [_kind_rows(each, denied, each.denied, each.denies) for each in plain]
    return TagWeights(
        code=code,
        code_with_passages=passages,
        kind=_regress([*kinds, invented], KIND),
        kind_with_codes=_regress([*kinds, *kinds_by_passages], (*KIND, "codes")),
        denied_code=denied,
        denied_kind=_regress(denied_kinds, ("asked",)),
        denied_kind_with_codes=_regress(denied_kinds, ("asked", "codes")),
    )


def report(tagged: Sequence[tuple[Observed, TagWeights]]) -> None:
    """Print precision and recall of codes, of kinds and of denials; a tag is an interview, a turn, a column.

    And how often a right code is the likeliest, or among the three likeliest, for a turn that affirms one.
    """
    found: dict[str, Tags] = defaultdict(set)
    true: dict[str, Tags] = defaultdict(set)
    ranks: list[int] = []
    for number, (observed, weights) in enumerate(tagged):
        sure = weigh(observed.features, observed.code_kinds, observed.judgements, weights)
        in_study = np.isin(np.arange(len(KINDS)), observed.code_kinds)
        for polarity, codes, kinds, gold in (
            ("affirmed", sure.affirmed_codes, sure.affirmed_kinds, observed.affirmed),
            ("denied", sure.denied_codes, sure.denied_kinds, observed.denied),
        ):
            found[f"codes {polarity}"] |= _tags(number, codes >= LEAST_CODE_CONFIDENCE)
            true[f"codes {polarity}"] |= _tags(number, gold)
            found[f"kinds {polarity}"] |= _tags(number, (kinds >= LEAST_KIND_CONFIDENCE) & in_study)
            true[f"kinds {polarity}"] |= _tags(number, observed.of_kinds(gold) > 0)
        ranks += _ranks(sure.affirmed_codes, observed.affirmed)
        only_denied = observed.denied.any(axis=1) & ~observed.affirmed.any(axis=1)
        coded = observed.denied.any(axis=1) | observed.affirmed.any(axis=1)
        found["turns that deny"] |= _tags(number, np.column_stack([observed.denies & coded]))
        true["turns that deny"] |= _tags(number, np.column_stack([only_denied]))
    for name in true:
        _print(name, found[name], true[name])
    first, first_three = (np.mean(np.array(ranks) < most) for most in (1, 3))
    _say(f"right code first       {first:.2f}, among the first three {first_three:.2f}  (turns {len(ranks)})")
    for column, kind in enumerate(KINDS):
        of_kind = [
            {tag for polarity in ("affirmed", "denied") for tag in tags[f"kinds {polarity}"] if tag[2] == column}
            for tags in (found, true)
        ]
        if of_kind[1]:
            _print(f"  {kind}", *of_kind)


def _ranks(sure: Numbers, true: Flags) -> list[int]:
    """How many codes are likelier than the likeliest right one, for each turn that affirms a code."""
    affirm = true.any(axis=1)
    right = np.where(true, sure, -1).max(axis=1, keepdims=True)
    return [int(likelier) for likelier in (sure > right).sum(axis=1)[affirm]]


def _tags(interview: int, flags: Flags) -> Tags:
    return {(interview, int(turn), int(column)) for turn, column in np.argwhere(flags)}


def _print(name: str, found: Tags, true: Tags) -> None:
    precision, recall = precision_recall(frozenset(found), frozenset(true))
    f1 = 2 * len(found & true) / (len(found) + len(true))
    rates = f"precision {precision or 0:.2f}  recall {recall or 0:.2f}  F1 {f1:.2f}"
    _say(f"{name:<22} {rates}  (found {len(found)}, true {len(true)})")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _said(turns: Sequence[GoldTurn]) -> list[tuple[Said, GoldTurn]]:
    asked = questions_before([turn.role for turn in turns], [turn.text for turn in turns])
    return [
        (Said(place, turn.text, turn.language, None if question is None else turns[question].text), turn)
        for place, (turn, question) in enumerate(zip(turns, asked, strict=True))
        if turn.role is Role.PARTICIPANT
    ]


def _settled(features: Features) -> dict[str, Numbers]:
    """The features of kinds, each with a column for each kind, and the usual question where none was asked."""
    asked = np.where(features.asked[:, None], features.kinds["asked"], USUAL_QUESTION_ON_KINDS["asked"])
    arrays = {**features.kinds, "asked": asked}
    return {name: np.broadcast_to(array, asked.shape) for name, array in arrays.items()}


def _rows(arrays: Mapping[str, Numbers], true: Flags, chosen: Flags) -> Part:
    return {name: np.broadcast_to(array, true.shape)[chosen] for name, array in arrays.items()}, true[chosen], 1.0


def _kind_rows(observed: Observed, codes: Weights, true: Flags, chosen: Flags) -> Part:
    """Rows of the kinds that the study has codes of, with the evidence of these codes."""
    found = observed.features.codes
    logits = codes["bias"] + sum(weight * found[name] for name, weight in codes.items() if name != "bias")
    arrays = {**_settled(observed.features), "codes": observed.of_kinds(np.asarray(logits))}
    columns = np.unique(observed.code_kinds)
    cells = np.ix_(chosen, columns)
    return {name: array[cells] for name, array in arrays.items()}, (observed.of_kinds(true) > 0)[cells], 1.0


def _regress(parts: Sequence[Part], names: Sequence[str]) -> Weights:
    features = np.vstack([np.column_stack([arrays[name].ravel() for name in names]) for arrays, _, _ in parts])
    true = np.concatenate([flags.ravel() for _, flags, _ in parts])
    weight = np.concatenate([np.full(flags.size, weight) for _, flags, weight in parts])
    fitted = LogisticRegression().fit(features, true, sample_weight=weight)
    return {"bias": float(fitted.intercept_[0]), **dict(zip(names, map(float, fitted.coef_[0]), strict=True))}


if __name__ == "__main__":
    main()
