"""What a question asks for besides its matter: whose words, in which language, of which kind."""

from app.answering.facets.earners import asks_worth
from app.answering.facets.recognise import recognise_facets
from app.answering.facets.searchable import only_contrasts, says_no_more, searchable_text
from app.answering.facets.words import names_of_speech

__all__ = ["asks_worth", "names_of_speech", "only_contrasts", "recognise_facets", "says_no_more", "searchable_text"]
