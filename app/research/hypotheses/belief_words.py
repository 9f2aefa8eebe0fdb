"""What the columns of a list of beliefs may be called, and how it says yes and no, in three languages."""

from collections.abc import Mapping

from app.vocabulary import Polarity

COLUMNS: Mapping[str, frozenset[str]] = {
    "id": frozenset("id nr no number nummer key kennung numero n.º nº".split()),
    "statement": frozenset(
        "statement belief hypothesis assumption claim aussage annahme hypothese überzeugung these behauptung "
        "hipótesis creencia afirmación supuesto enunciado suposición".split()
    ),
    "author": frozenset("author who by owner person name autor autorin wer von autora quién quien responsable".split()),
    "segments": frozenset("segment segments segmente kundensegment segmento segmentos grupo gruppe group".split()),
    "codes": frozenset("code codes tag tags código códigos etiqueta".split()),
    "polarity": frozenset("polarity polarität polaridad".split()),
}
POLARITIES: Mapping[str, Polarity] = {
    **dict.fromkeys(("affirmed", "bejaht", "afirmado", "afirmada", "+"), Polarity.AFFIRMED),
    **dict.fromkeys(("denied", "verneint", "negado", "negada", "-"), Polarity.DENIED),
}
