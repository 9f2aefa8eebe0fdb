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
        "en": "Untested: {raised_with} of {of} people say anything about it; {never_asked} were never asked.",
        "de": "Ungeprüft: {raised_with} von {of} Personen sagen etwas dazu; {never_asked} wurden nie gefragt.",
        "es": "Sin comprobar: {raised_with} de {of} personas dicen algo; a {never_asked} nunca se les preguntó.",
    },
}
_NO_CODE = {
    "en": "No code of the study stands out for it: name the codes that it is about.",
    "de": "Kein Code der Studie sticht dafür heraus: Codes angeben, um die es geht.",
    "es": "Ningún código del estudio destaca para ella: indique los códigos de los que trata.",
}
_REPORT = {
    "en": "Of {all} hypotheses {supported} survived, {contradicted} are contradicted, {mixed} mixed, "
    "{untested} untested.",
    "de": "Von {all} Hypothesen haben sich {supported} bewährt, {contradicted} sind widerlegt, {mixed} gemischt, "
    "{untested} ungeprüft.",
    "es": "De {all} hipótesis, {supported} se sostienen, {contradicted} se contradicen, {mixed} están divididas y "
    "{untested} sin comprobar.",
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
