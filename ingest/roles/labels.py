"""Speaker labels that the study knows: the manifest's map, names of the team and participants, words such as "Host"."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from app.vocabulary import Role
from ingest.roles.attribution import Attribution, Basis, RoleContext

MANIFEST_CONFIDENCE = 1.0
NAME_CONFIDENCE = 0.98
PART_OF_NAME_CONFIDENCE = 0.9
WORD_CONFIDENCE = 0.95

NAME_PART = re.compile(r"[\w'’-]{2,}")
SUFFIX = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|[|/,–—].*| - .*)\s*$")

ROLE_WORDS: dict[Role, frozenset[str]] = {
    Role.INTERPRETER: frozenset(
        "interpreter interpreting interpretation interpreted dolmetscher dolmetscherin dolmetschung intérprete "
        "interpretación übersetzer übersetzerin übersetzung translator translation traductor traductora "
        "traducción".split()
    ),
    Role.INTERVIEWER: frozenset(
        "interviewer interviewers interviewerin interviewende interviewender entrevistador entrevistadora moderator "
        "moderatorin moderador moderadora researcher forscher forscherin investigador investigadora host gastgeber "
        "gastgeberin facilitator fragesteller fragestellerin".split()
    ),
    Role.PARTICIPANT: frozenset(
        "participant participants participante teilnehmer teilnehmerin teilnehmende teilnehmender interviewee "
        "interviewte interviewter entrevistado entrevistada befragte befragter respondent encuestado encuestada "
        "proband probandin interviewpartner interviewpartnerin".split()
    ),
    Role.OTHER: frozenset(
        "observer beobachter beobachterin observador observadora notetaker protokollant protokollantin technician "
        "techniker technikerin técnico técnica otter fireflies".split()
    ),
}
# These name a participant only when they stand alone: "Customer", not "Customer Success".
CUSTOMER_WORDS = frozenset("customer kunde kundin cliente clienta client user nutzer nutzerin usuario usuaria".split())


def known_voices(labels: Iterable[str], context: RoleContext) -> dict[str, Attribution]:
    """The attribution of each label that the manifest, a name or a word for a role decides; others are left out."""
    voices = {label: _known_voice(label, context) for label in labels}
    return {label: voice for label, voice in voices.items() if voice is not None}


def normal_label(label: str) -> str:
    """A label without case, compatibility forms, doubled spaces and closing marks, for comparison."""
    text = unicodedata.normalize("NFKC", label).casefold()
    return " ".join(text.split()).strip(" :.;,")


def _known_voice(label: str, context: RoleContext) -> Attribution | None:
    whole = normal_label(label)
    bare = normal_label(SUFFIX.sub("", whole))
    named, called = _from_names(whole, bare, context), _from_words(whole, context)
    return (
        _from_manifest(whole, context)
        or _from_interpreter_word(whole)
        or _from_manifest(bare, context)
        or (named if named and named.confidence == NAME_CONFIDENCE else None)
        or called
        or named
    )


def _from_manifest(form: str, context: RoleContext) -> Attribution | None:
    decisions = {normal_label(key): value.strip() for key, value in context.speakers.items()}
    value = decisions.get(form, "").casefold()
    codes = {code.casefold(): code for code in context.participants}
    if value in codes:
        return Attribution(Role.PARTICIPANT, codes[value], Basis.MANIFEST, MANIFEST_CONFIDENCE)
    if value not in frozenset(Role):
        return None
    participant = context.only_participant if value == Role.PARTICIPANT else None
    return Attribution(Role(value), participant, Basis.MANIFEST, MANIFEST_CONFIDENCE)


def _from_names(whole: str, bare: str, context: RoleContext) -> Attribution | None:
    """The person whose name the label shows, whole or in part; `None` when it could as well be somebody else."""
    people: dict[str | None, Sequence[str]] = {code: (code, *names) for code, names in context.participants.items()}
    people[None] = context.team
    shared = {code: max(_shared_parts(whole, bare, name) for name in (*names, "")) for code, names in people.items()}
    most = max(shared.values())
    best = [code for code, parts in shared.items() if parts == most]
    if most == 0 or len(best) > 1:
        return None
    exact = {whole, bare} & {normal_label(name) for name in people[best[0]]}
    role = Role.INTERVIEWER if best[0] is None else Role.PARTICIPANT
    return Attribution(role, best[0], Basis.NAME, NAME_CONFIDENCE if exact else PART_OF_NAME_CONFIDENCE)


def _shared_parts(whole: str, bare: str, name: str) -> int:
    """How many parts a label and a name share when one holds all of the other; else none."""
    normal = normal_label(name)
    if normal in {whole, bare} - {""}:
        return max(len(_name_parts(normal)), 1)
    shown, parts = _name_parts(whole), _name_parts(normal)
    return len(shown & parts) if shown and parts and (shown <= parts or parts <= shown) else 0


def _name_parts(label: str) -> frozenset[str]:
    return frozenset(NAME_PART.findall(label))


def _from_words(whole: str, context: RoleContext) -> Attribution | None:
    parts = _name_parts(whole)
    for role, words in ROLE_WORDS.items():
        if parts & words or (role is Role.PARTICIPANT and parts and parts <= CUSTOMER_WORDS):
            participant = context.only_participant if role is Role.PARTICIPANT else None
            return Attribution(role, participant, Basis.NAME, WORD_CONFIDENCE)
    return None


def _from_interpreter_word(whole: str) -> Attribution | None:
    if _name_parts(whole) & ROLE_WORDS[Role.INTERPRETER]:
        return Attribution(Role.INTERPRETER, None, Basis.NAME, WORD_CONFIDENCE)
    return None
