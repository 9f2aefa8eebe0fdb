"""Role attribution: whose words every turn of an interview holds, by pure functions with a confidence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.language import LanguageGuess, identify_languages, primary_language
from app.vocabulary import Mode, Role
from ingest.roles.attribution import Attribution, Basis, Embed, RoleContext
from ingest.roles.conversation import attribute_conversation
from ingest.roles.interpreter import attribute_interpreted
from ingest.roles.labels import known_voices
from ingest.roles.pieces import Spoken, join_pieces, split_turns
from ingest.transcript import Turn

__all__ = ["Attribution", "Basis", "Embed", "RoleContext", "Spoken", "attribute_roles", "attribute_speech"]


def attribute_speech(
    turns: Sequence[Turn], candidates: Sequence[str], context: RoleContext, embed: Embed | None = None
) -> tuple[Spoken, ...]:
    """Find the language and the role of everything said in an interview, and what belongs to one stretch of speech.

    Turns that may hold several people's words are cut into pieces first and joined by what was found; the concatenated
    text stays the same.

    Args:
        turns: the turns of one interview as the file shows them, in order.
        candidates: the languages that may be spoken.
        context: what the study knows about the people.
        embed: as for `attribute_roles`.
    """
    pieces = split_turns(turns, context.mode)
    texts, labels = [piece.text for piece in pieces], [piece.speaker for piece in pieces]
    languages = identify_languages(texts, candidates, context.participant_language, labels)
    return join_pieces(pieces, languages, attribute_roles(pieces, languages, context, embed))


def attribute_roles(
    turns: Sequence[Turn],
    languages: Sequence[LanguageGuess],
    context: RoleContext,
    embed: Embed | None = None,
    decided: Mapping[int, Attribution] | None = None,
) -> tuple[Attribution, ...]:
    """Say whose words each turn holds; what is uncertain is `unknown`.

    A person's decision comes first, then the manifest's map of labels, then labels that show a known name or a word for
    a role; the rest is inferred from the conversation. In an interpreted interview a turn that is not in the
    participant's language is never the participant's, whoever says so; and as long as no label is the interpreter's
    own, a turn under anybody's label may turn out to be the interpreter's.

    Args:
        turns: the turns of one interview, in order.
        languages: the language of each turn.
        context: what the study knows about the people.
        embed: gives unit vectors for texts, near each other for translations; it helps to tell renditions from
            originals.
        decided: attributions made by a person, by `Turn.index`.

    Raises:
        ValueError: not one language per turn.
    """
    if len(turns) != len(languages):
        raise ValueError("attribute_roles needs one language per turn")
    if not turns:
        return ()
    context = _with_participant_language(context, languages)
    voices = known_voices({turn.speaker for turn in turns if turn.speaker}, context)
    by_person = decided or {}
    given = [by_person.get(turn.index) or voices.get(turn.speaker or "") for turn in turns]
    if context.mode is not Mode.INTERPRETED:
        return attribute_conversation(turns, languages, given, context)
    interpreter_has_label = any(voice.role is Role.INTERPRETER for voice in voices.values())
    firm = [interpreter_has_label or turn.index in by_person for turn in turns]
    return attribute_interpreted(turns, languages, given, firm, context, embed)


def _with_participant_language(context: RoleContext, languages: Sequence[LanguageGuess]) -> RoleContext:
    """The context with the participant's language; if not known, the most heard one beside the interviewer's."""
    if context.participant_language is not None:
        return context
    heard = Counter(primary_language(guess.language) for guess in languages)
    if context.interviewer_language is not None:
        heard[primary_language(context.interviewer_language)] = 0
    return replace(context, participant_language=heard.most_common(1)[0][0])
