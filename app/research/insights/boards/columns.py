"""Which column of a board's table holds what, told by its header in English, German or Spanish."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Column(StrEnum):
    """What a column of a board may hold."""

    STATEMENT = "statement"
    EVIDENCE = "evidence"
    AGAINST = "against"
    THEME = "theme"
    SEGMENT = "segment"
    AUTHOR = "author"
    DATE = "date"
    CODE = "code"
    TAGS = "tags"


# The words of a header without accents, the surest first. Mural calls its columns ID, Text, BG Color, Sticky type, …,
# Area, …, Last Updated By, Last Updated, …, Tags; plugins of FigJam and people write the others.
_WORDS: Mapping[Column, list[str]] = {
    Column.STATEMENT: (
        "insight, insights, statement, finding, findings, conclusion, conclusions, learning, learnings, takeaway, "
        "erkenntnis, erkenntnisse, einsicht, einsichten, aussage, befund, befunde, fazit, schlussfolgerung, "
        "hallazgo, hallazgos, conclusiones, afirmacion, aprendizaje, aprendizajes, idea, ideas, "
        "sticky text, sticky note, sticky, text, texto, content, inhalt, contenido, note, notes, notiz, haftnotiz, "
        "nota, notas, nota adhesiva, card, karte, tarjeta, title, titel, titulo"
    ).split(", "),
    Column.EVIDENCE: (
        "evidence, quote, quotes, verbatim, verbatims, customer quote, beleg, belege, zitat, zitate, o-ton, evidencia, "
        "evidencias, cita, citas"
    ).split(", "),
    Column.AGAINST: (
        "evidence against, counter evidence, counter-evidence, gegenbeleg, gegenbelege, contraevidencia, en contra"
    ).split(", "),
    Column.THEME: (
        "theme, themes, thema, themen, tema, temas, section, abschnitt, seccion, area, bereich, frame, rahmen, marco, "
        "cluster, group, gruppe, grupo, category, kategorie, categoria, column, spalte, columna, heading, topic"
    ).split(", "),
    Column.SEGMENT: (
        "segment, segments, segmente, kundensegment, segmento, segmentos, persona, personas, zielgruppe"
    ).split(", "),
    Column.AUTHOR: (
        "author, autor, autora, autorin, verfasser, verfasserin, researcher, created by, erstellt von, creado por, "
        "creator, last content edited by, last updated by"
    ).split(", "),
    Column.DATE: (
        "date, datum, fecha, created, created at, created on, erstellt am, creado el, last content edited, last updated"
    ).split(", "),
    Column.CODE: "id, code, identifier, kennung, codigo".split(", "),
    Column.TAGS: "tags, tag, labels, label, schlagworte, etiquetas".split(", "),
}


def find_columns(header: Sequence[str]) -> dict[Column, int]:
    """The place of each column that a header names; nothing where it names none that holds text."""
    names = [_plain(name) for name in header]
    found = {
        column: next(names.index(word) for word in words if word in names)
        for column, words in _WORDS.items()
        if any(word in names for word in words)
    }
    return found if Column.STATEMENT in found or Column.EVIDENCE in found else {}


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    without_accents = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^\w-]+", " ", without_accents.replace("_", " ")).strip()
