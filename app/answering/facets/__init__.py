"""What a question asks for besides its matter: whose words, in which language, of which kind."""

from app.answering.facets.recognise import recognise_facets
from app.answering.facets.searchable import searchable_text

__all__ = ["recognise_facets", "searchable_text"]
