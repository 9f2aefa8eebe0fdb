"""Hypotheses with their verdicts, evidence and history, read in one short transaction."""

from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, read_vocabulary
from app.answering.schemas import Citation
from app.library.marks import Mark, quote_marks
from app.library.pages import PageRequest, cut_page, decode_cursor
from app.research.hypotheses.queries import (
    count_verdicts,
    hypotheses_after,
    hypothesis_by_code,
    read_evidence,
    read_history,
)
from app.research.hypotheses.rule import VERDICTS, EvidenceCounts, Verdict, VerdictRule
from app.research.hypotheses.schemas import Hypothesis, HypothesisEntry, HypothesisPage, VerdictEntry
from app.research.hypotheses.sentences import say_report, say_verdict
from app.vocabulary import Polarity, Stance

MOST_QUOTES = 20


def list_hypotheses(session: Session, study: str, page: PageRequest, language: str) -> HypothesisPage:
    """One page of the hypotheses of a study with their current verdicts, and how many survived.

    Raises:
        NotFoundError: there is no such study.
    """
    vocabulary = read_vocabulary(session, study)
    (after,) = decode_cursor(page.cursor, ("",))
    found = hypotheses_after(session, vocabulary.study_id, after, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [row["code"]])
    verdicts = verdicts_of(session, vocabulary)
    return HypothesisPage(
        study=study,
        hypotheses=tuple(HypothesisEntry(**_entry(row, language)) for row in rows),
        verdicts=verdicts,
        sentence=say_report(verdicts, language),
        next_cursor=next_cursor,
    )


def read_hypothesis(session: Session, study: str, code: str, language: str) -> Hypothesis:
    """One hypothesis with its evidence and its history.

    Raises:
        NotFoundError: there is no such study, or no such hypothesis in it.
    """
    vocabulary = read_vocabulary(session, study)
    row = hypothesis_by_code(session, vocabulary.study_id, code)
    quotes = _quotes(session, vocabulary, row)
    return Hypothesis(
        **_entry(row, language),
        study=study,
        supporting=quotes[Stance.FOR][:MOST_QUOTES],
        contradicting=quotes[Stance.AGAINST][:MOST_QUOTES],
        left_out=sum(max(0, len(each) - MOST_QUOTES) for each in quotes.values()),
        history=tuple(
            _verdict(
                {
                    "verdict": each.verdict,
                    "counts": each.counts,
                    "rule": each.rule,
                    "judge": each.judge,
                    "tested_at": each.created_at,
                },
                language,
            )
            for each in read_history(session, row["id"])
        ),
    )


def verdicts_of(session: Session, vocabulary: StudyVocabulary) -> dict[Verdict, int]:
    """How many hypotheses of a study have which verdict."""
    counted = count_verdicts(session, vocabulary.study_id)
    return {verdict: counted.get(verdict, 0) for verdict in VERDICTS}


def _quotes(session: Session, vocabulary: StudyVocabulary, row: RowMapping) -> dict[Stance, tuple[Citation, ...]]:
    if row["verdict_id"] is None:
        return dict.fromkeys(Stance, ())
    places = read_evidence(session, vocabulary.study_id, row["verdict_id"])
    claimed = Polarity(row["rule"]["polarity"])
    denied = next(polarity for polarity in Polarity if polarity is not claimed)
    said = {Stance.FOR: claimed, Stance.AGAINST: denied}
    marks = {
        stance: [
            Mark(each.utterance_id, each.start, each.end, said[stance]) for each in places if each.stance is stance
        ]
        for stance in Stance
    }
    quotes = quote_marks(session, vocabulary, [mark for stance in Stance for mark in marks[stance]])
    return {stance: tuple(quotes[mark] for mark in own if mark in quotes) for stance, own in marks.items()}


def _entry(row: RowMapping, language: str) -> dict[str, Any]:
    kept = ("statement", "author", "origin", "codes", "polarity", "segments", "created_at")
    current = _verdict(row, language) if row["verdict_id"] else None
    stale = current is not None and row["quotable"] < current.counts.quotes
    return {"id": row["code"], **{name: row[name] for name in kept}, "current": current, "stale": stale}


def _verdict(row: Any, language: str) -> VerdictEntry:
    # Postgres keeps the keys of an object in an order of its own.
    groups = {name: dict(sorted(row["counts"][name].items())) for name in ("by_segment", "by_language")}
    counts, basis = EvidenceCounts.model_validate(row["counts"] | groups), row["rule"]
    return VerdictEntry(
        verdict=row["verdict"],
        sentence=say_verdict(row["verdict"], counts, language, has_codes=bool(basis["codes"])),
        counts=counts,
        rule=VerdictRule(least_people=basis["least_people"], ratio=basis["ratio"]),
        codes=tuple(basis["codes"]),
        polarity=basis["polarity"],
        filters=basis["filters"],
        judge=row["judge"],
        tested_at=row["tested_at"],
    )
