"""What a verdict comes to, and what became of all hypotheses, in a sentence of the reader's language."""

from collections.abc import Mapping

from app.research.hypotheses.rule import EvidenceCounts, Verdict
from app.research.phrases import fill

_VERDICTS: Mapping[Verdict, Mapping[str, str]] = {
    "supported": {
        "en": "Supported: {supporting} of {of} people speak for it, {contradicting} against it.",
        "de": "Gestützt: {supporting} von {of} Personen sprechen dafür, {contradicting} dagegen.",
        "es": "Respaldada: {supporting} de {of} personas hablan a favor, {contradicting} en contra.",
    },
    "contradicted": {
        "en": "Contradicted: {contradicting} of {of} people speak against it, {supporting} for it.",
        "de": "Widerlegt: {contradicting} von {of} Personen sprechen dagegen, {supporting} dafür.",
        "es": "Contradicha: {contradicting} de {of} personas hablan en contra, {supporting} a favor.",
    },
    "mixed": {
        "en": "Mixed: {supporting} of {of} people speak for it, {contradicting} against it.",
        "de": "Gemischt: {supporting} von {of} Personen sprechen dafür, {contradicting} dagegen.",
        "es": "Dividida: {supporting} de {of} personas hablan a favor, {contradicting} en contra.",
    },
    "untested": {
        "en": "Untested: {raised_with} of {of} people say anything about it; never asked: {never_asked}.",
        "de": "Ungeprüft: {raised_with} von {of} Personen sagen etwas dazu; nie gefragt: {never_asked}.",
        "es": "Sin comprobar: {raised_with} de {of} personas dicen algo; nunca preguntadas: {never_asked}.",
    },
}
_NO_CODE = {
    "en": "No code of the study stands out for it: name the codes that it is about.",
    "de": "Kein Code der Studie sticht dafür heraus: Codes angeben, um die es geht.",
    "es": "Ningún código del estudio destaca para ella: indique los códigos de los que trata.",
}
_REPORT = {
    "en": "Hypotheses: {all}. Survived: {supported}, contradicted: {contradicted}, mixed: {mixed}, "
    "untested: {untested}.",
    "de": "Hypothesen: {all}. Bewährt: {supported}, widerlegt: {contradicted}, gemischt: {mixed}, "
    "ungeprüft: {untested}.",
    "es": "Hipótesis: {all}. Se sostienen: {supported}, contradichas: {contradicted}, divididas: {mixed}, "
    "sin comprobar: {untested}.",
}
_NONE = {
    "en": "There are no hypotheses yet: add one, or import the list of a workshop.",
    "de": "Noch gibt es keine Hypothesen: eine anlegen oder die Liste eines Workshops importieren.",
    "es": "Aún no hay hipótesis: añada una o importe la lista de un taller.",
}


def say_verdict(verdict: Verdict, counts: EvidenceCounts, language: str, *, has_codes: bool) -> str:
    """Say what the interviews say of a hypothesis, in numbers of people."""
    values = {name: value for name, value in counts if isinstance(value, int)}
    said = fill(_VERDICTS[verdict], language, **values)
    return said if has_codes or verdict != "untested" else f"{said} {fill(_NO_CODE, language)}"


def say_report(verdicts: Mapping[Verdict, int], language: str) -> str:
    """Say how many hypotheses survived."""
    counts = {str(verdict): number for verdict, number in verdicts.items()}
    return (
        fill(_REPORT, language, all=sum(counts.values()), **counts) if any(counts.values()) else fill(_NONE, language)
    )
