"""How many passages of a study hold which word: what a search needs in order not to read all of the common ones."""

import uuid

from sqlalchemy import text
from sqlalchemy.orm import Session

LEAST_PASSAGES = 10
"""A word is listed when so many passages hold it."""
RECOUNT_SHARE = 0.05

_SIZES = "SELECT language, count(*) AS passages FROM passage WHERE study_id = :study_id GROUP BY language"
_CHANGED = f"""
SELECT coalesce(bool_or(now IS NULL OR lexicon IS NULL)
  OR sum(abs(now.passages - lexicon.passages)) > :share * sum(lexicon.passages), false)
FROM ({_SIZES}) AS now FULL JOIN (SELECT * FROM lexicon WHERE study_id = :study_id) AS lexicon USING (language)
"""  # noqa: S608 fixed texts
_LEXICON = f"INSERT INTO lexicon (study_id, language, passages) SELECT :study_id, * FROM ({_SIZES}) AS now"  # noqa: S608
_LEXEMES = """
INSERT INTO lexeme (study_id, language, lexeme, passages)
SELECT :study_id, passage.language, word.lexeme, count(*)
FROM passage JOIN utterance ON utterance.id = passage.utterance_id CROSS JOIN unnest(utterance.words) AS word
WHERE passage.study_id = :study_id
GROUP BY passage.language, word.lexeme HAVING count(*) >= :least
"""


def count_words(session: Session, study_id: uuid.UUID) -> None:
    """Count the words of a study's passages anew, unless hardly any passage came or went since they were counted."""
    of_study = {"study_id": study_id, "share": RECOUNT_SHARE, "least": LEAST_PASSAGES}
    session.execute(text("SELECT FROM study WHERE id = :study_id FOR NO KEY UPDATE"), of_study)
    if session.scalar(text(_CHANGED), of_study):
        for statement in ("DELETE FROM lexicon WHERE study_id = :study_id", _LEXICON, _LEXEMES):
            session.execute(text(statement), of_study)
