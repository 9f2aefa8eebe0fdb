"""Which Postgres text search configuration stems which language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SearchConfigurations:
    """Language code (ISO 639-1) to the name of a built-in text search configuration; any other is not stemmed."""

    by_language: dict[str, str]

    def of(self, language: str) -> str:
        """Name of the configuration for a language."""
        return self.by_language.get(language, "simple")

    @property
    def words_expression(self) -> str:
        """SQL for the search vector of an utterance's text in the utterance's own language."""
        cases = " ".join(
            f"WHEN '{language}' THEN to_tsvector('{name}'::regconfig, text)"
            for language, name in sorted(self.by_language.items())
        )
        return f"CASE language {cases} ELSE to_tsvector('simple'::regconfig, text) END"


SEARCH_CONFIGURATIONS = SearchConfigurations(
    {
        "ar": "arabic",
        "ca": "catalan",
        "da": "danish",
        "de": "german",
        "el": "greek",
        "en": "english",
        "es": "spanish",
        "eu": "basque",
        "fi": "finnish",
        "fr": "french",
        "ga": "irish",
        "hi": "hindi",
        "hu": "hungarian",
        "hy": "armenian",
        "id": "indonesian",
        "it": "italian",
        "lt": "lithuanian",
        "ne": "nepali",
        "nl": "dutch",
        "no": "norwegian",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sr": "serbian",
        "sv": "swedish",
        "ta": "tamil",
        "tr": "turkish",
        "yi": "yiddish",
    }
)

SEARCHED_WORDS = "({table}.words || array_to_tsvector(ARRAY[CAST({table}.study_id AS text) || {table}.language]))"
"""SQL for the search vector of an utterance with one word more, which names its study and its language.

The index on it finds the words of one language of one study, however many other ones are stored.
"""
