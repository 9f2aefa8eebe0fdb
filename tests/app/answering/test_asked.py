"""What interviewers asked in words of a question: found by an index, as reading everything finds it."""

import json

import pytest
from sqlalchemy import text

from app.answering.queries import read_vocabulary
from app.answering.retrieve import LIST_DEPTH, Query, search_questions
from app.scope import Filters, filter_parameters, passage_conditions
from app.services import Services
from app.text_search import SEARCH_CONFIGURATIONS

ASKED = "Was war Ihre Sorge, als Sie das Konto wechselten? ¿Qué le preocupaba del dinero?"
READ_ALL = """
SELECT utterance.text, participant.code
FROM utterance JOIN interview USING (transcript_id)
  JOIN interview_participant AS present ON present.interview_id = interview.id
  JOIN participant ON participant.id = present.participant_id
  CROSS JOIN LATERAL (SELECT CAST(CAST(:configurations AS json) ->> utterance.language AS regconfig) AS stemmer) AS own
  CROSS JOIN LATERAL (SELECT CAST(string_agg(quote_literal(lexeme), ' | ') AS tsquery) AS query
    FROM unnest(tsvector_to_array(to_tsvector(stemmer, :question))) AS lexeme) AS asked
WHERE role IN ('interviewer', 'interpreter') AND words @@ query AND EXISTS (SELECT FROM quotable AS passage
  WHERE passage.interview_id = interview.id AND passage.participant_id = participant.id AND {conditions})
ORDER BY ts_rank(words, query) DESC, utterance.id, participant.code LIMIT :depth
"""


@pytest.mark.parametrize(
    "filters", [{}, {"languages": ["es"]}, {"segments": ["careful"]}, {"participants": ["P17"]}, {"kinds": ["anxiety"]}]
)
def test_the_index_finds_what_reading_all_finds(nido: Services, filters: dict[str, list[str]]) -> None:
    """Questions of interviewers and interpreters alone, put to people in scope, the nearest first."""
    chosen = Filters.model_validate(filters)
    with nido.database.sessions() as session:
        vocabulary = read_vocabulary(session, "nido")
        vector = nido.embedder.embed_questions([ASKED])[0]
        query = Query(ASKED, vector, vocabulary.study_id, vocabulary.languages, chosen, 100, 10_000)
        configurations = {language: SEARCH_CONFIGURATIONS.of(language) for language in vocabulary.languages}
        expected = session.execute(
            text(READ_ALL.format(conditions=passage_conditions(chosen))),
            {
                "question": ASKED,
                "configurations": json.dumps(configurations),
                "study_id": vocabulary.study_id,
                "depth": LIST_DEPTH,
                **filter_parameters(chosen),
            },
        ).all()
        assert search_questions(session, query) == [tuple(row) for row in expected] != []
