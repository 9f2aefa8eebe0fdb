"""Tagging: what is said gets its kinds and codes, what is only asked gets none, and what persons decided stays."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.embedding import Embedder, Vectors, load_embedder
from app.tagging.features import Said, embed_said
from app.tagging.settled import Settled
from app.tagging.tagger import MOST_TAGS, Tagger, author_of, tag
from app.tagging.taggings import NewTagging
from app.tagging.targets import TagCode, TaggedPassage
from app.vocabulary import Kind, Polarity

GENERAL = tuple(TagCode(uuid.uuid5(uuid.NAMESPACE_OID, kind), str(kind), kind, "") for kind in Kind)
NOISE = TagCode(
    uuid.uuid4(), "NO1", Kind.ANXIETY, "Noise at night. afraid that the machine is too loud to sleep beside it"
)
DELIVERY = TagCode(uuid.uuid4(), "DL1", Kind.PROBLEM, "Late delivery. the parcel arrived weeks late or not at all")
REFUND = TagCode(uuid.uuid4(), "RF1", Kind.DISAPPOINTMENT, "No refund. the money was not paid back")
CODES = (*GENERAL, NOISE, DELIVERY, REFUND)
NAMES = {code.id: code.code for code in CODES}

BUNDLED = load_embedder("bundled")

Found = list[tuple[int, str, Polarity]]


def found(utterances: Sequence[Said], embedder: Embedder, codes: Sequence[TagCode] = CODES) -> Found:
    """What is tagged: index, code and polarity."""
    return [(each.index, NAMES[each.code_id], each.polarity) for each in tag(utterances, codes, embedder)]


@pytest.mark.parametrize(
    ("language", "question", "text", "kind"),
    [
        ("en", "What were you worried about?", "I was afraid that the roof would not carry it.", Kind.ANXIETY),
        ("de", "Was hat Sie abgehalten?", "Ich hatte Angst, dass das Dach die Last nicht trägt.", Kind.ANXIETY),
        ("es", "¿Qué la frenaba?", "Me daba miedo que el tejado no aguantara el peso.", Kind.ANXIETY),
        ("en", "How do you use it?", "Every morning before work I check the water in the pool.", Kind.ROUTINE),
        ("de", "Wann machen Sie das?", "Jeden Abend nach den Nachrichten schreib ich den Stand auf.", Kind.ROUTINE),
        ("es", "¿Cuándo lo usa?", "Los domingos, después de comer, reviso el riego y lo apunto.", Kind.ROUTINE),
        ("en", "What made you start looking?", "It all started when the old pump died overnight.", Kind.TRIGGER),
        ("de", "Warum gerade dann?", "Der Auslöser war der Rohrbruch, von einem Tag auf den anderen.", Kind.TRIGGER),
        ("de", "Was war Ihnen wichtig?", "Für mich musste es leise sein, das war ein Muss.", Kind.CRITERION),
        ("es", "¿Qué miró además?", "Comparamos tres presupuestos y probé otra marca.", Kind.ALTERNATIVE),
    ],
)
def test_plain_talk_gets_its_kind(
    embedder: Embedder, language: str, question: str | None, text: str, kind: Kind
) -> None:
    """In each of the three languages, whatever the trade."""
    assert (0, str(kind), Polarity.AFFIRMED) in found([Said(0, text, language, question)], embedder)


@pytest.mark.parametrize(
    ("language", "question", "text"),
    [
        ("en", "Can you hear me?", "Yes, perfectly, thank you. One moment, the kettle."),
        ("de", "Wie ist das Wetter bei Ihnen?", "Es regnet seit gestern, die Katze schläft auf der Heizung."),
        ("es", "¿Me oye bien?", "Sí, la oigo muy bien, gracias."),
        ("de", "Hatten Sie Angst, dass etwas schiefgeht?", "Ja."),
        (
            "de",
            "Hatten Sie Angst, dass etwas schiefgeht?",
            "Hm, meine Schwester wohnt jetzt in Kiel und hat drei Katzen.",
        ),
        ("en", "Was there a moment when it clicked?", "I don't know. I'd have to make something up."),
        ("es", "¿Qué le daba miedo?", "Pues no sé, la verdad."),
        ("en", "Any worries about noise at night?", "Hm. The windows were open all week, it was so warm."),
    ],
)
def test_small_talk_and_what_only_was_asked_get_nothing(
    embedder: Embedder, language: str, question: str, text: str
) -> None:
    """A topic that only the interviewer raised is no evidence."""
    assert found([Said(0, text, language, question)], embedder) == []


def test_a_codes_words_lead_to_it(embedder: Embedder) -> None:
    """A study's own code is found by what it is about, also in another language."""
    said = [
        Said(3, "The parcel arrived three weeks late, and nobody could tell me where the delivery was.", "en", None),
        Said(5, "Wir haben am Sonntag den Zaun gestrichen, grün, wie der vom Nachbarn.", "de", None),
    ]
    assert [(index, code) for index, code, _ in found(said, embedder, (DELIVERY, NOISE, REFUND))] == [(3, "DL1")]


def test_a_denial_denies_the_topic_of_the_question(embedder: Embedder) -> None:
    """The topic is the question's; words that deny it do not affirm it."""
    question = "Were you afraid that the machine is too loud to sleep beside it, noise at night?"
    tagged = found([Said(0, "No, not at all, it is not loud.", "en", question)], embedder)
    assert (0, "NO1", Polarity.DENIED) in tagged
    assert Polarity.AFFIRMED not in {polarity for _, _, polarity in tagged}


def test_a_denial_may_affirm_something_else(embedder: Embedder) -> None:
    """What comes after the no stands on its own words."""
    question = "Were you afraid that the machine is too loud to sleep beside it, noise at night?"
    words = "No, not at all. But the parcel arrived weeks late, the delivery was weeks late, I called them five times."
    assert (0, "DL1", Polarity.AFFIRMED) in found([Said(0, words, "en", question)], embedder)


def test_passages_of_other_interviews_are_examples(embedder: Embedder) -> None:
    """What a person tagged elsewhere leads to its like; what was tagged in the same interview does not."""
    here, there = uuid.uuid4(), uuid.uuid4()
    words = "Der Kasten hat die ganze Nacht gebrummt wie ein Bienenschwarm, ich lag wach und hab gezählt."
    passages = tuple(TaggedPassage(there, words, "Wie war die erste Nacht?") for _ in range(2))
    codes = (replace(NOISE, passages=passages), DELIVERY, REFUND)
    said = [
        Said(
            0,
            "Die ganze Nacht hat der Kasten gebrummt, wie Bienen, ich lag nur wach.",
            "de",
            "Wie war die erste Nacht?",
        )
    ]
    tagger = Tagger.of(codes, embedder)
    assert [NAMES[each.code_id] for each in tagger.tag(said, here)] == ["NO1"]
    assert tagger.tag(said, there) == []
    assert Tagger.of((NOISE, DELIVERY, REFUND), embedder).tag(said, here) == []


def test_vectors_of_utterances_are_not_made_again(embedder: Embedder) -> None:
    """Who has embedded what is said and asked hands the vectors in: then only sentences are embedded, and tags stay."""
    embedded: list[str] = []

    class Noting:
        identity = embedder.identity
        embed_questions = embedder.embed_questions

        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            embedded.extend(texts)
            return embedder.embed_passages(texts)

    words = "The parcel arrived weeks late. The delivery took so long."
    said = [Said(0, words, "en", "What went wrong?")]
    tagger = Tagger.of((DELIVERY, NOISE, REFUND), Noting())
    embedded.clear()
    assert tagger.tag(said, None, embed_said(said, embedder)) == tag(said, (DELIVERY, NOISE, REFUND), embedder) != []
    assert embedded == ["The parcel arrived weeks late.", "The delivery took so long."]


def test_a_span_is_a_run_of_the_sentences_that_carry_it(embedder: Embedder) -> None:
    """The small talk around it is left out."""
    late = "The parcel arrived weeks late, the delivery took so long."
    words = f"Sunday we went to the lake with the children. {late} Nice weather!"
    (tagging,) = tag([Said(0, words, "en", None)], (DELIVERY, NOISE, REFUND), embedder)
    assert words[tagging.start : tagging.end] == late


def test_who_tagged_is_said(embedder: Embedder) -> None:
    """Tagger and version, model and revision; a cue word that decides is a rule."""
    said = [
        Said(
            0, "The parcel arrived three weeks late, nobody knew where the delivery was.", "en", "Was anything wrong?"
        ),
        Said(1, "Ich bin Bäckermeister, dreiundvierzig, verheiratet, zwei Kinder.", "de", None),
    ]
    taggings = tag(said, CODES, embedder)
    assert {each.author for each in taggings} == {author_of(embedder.identity)}
    assert author_of(embedder.identity).startswith(f"verbatim-tagger/2 bundled@{embedder.identity.revision}")
    assert {each.basis for each in taggings} == {"model", "rule"}


def test_nobody_says_nothing(embedder: Embedder) -> None:
    """An interview without a participant's words, a study without codes, an utterance without words."""
    assert tag([], CODES, embedder) == []
    assert tag([Said(0, "I was afraid it would break.", "en", None)], (), embedder) == []
    assert tag([Said(0, " \n ", "en", "Were you afraid?"), Said(1, "…", "xx", None)], CODES, embedder) == []


TALK = st.lists(
    st.builds(
        Said,
        st.integers(0, 9),
        st.text(max_size=80)
        | st.sampled_from(["Nein. Gar nicht!", "I was afraid. It was loud.", "Qué va, para nada."]),
        st.sampled_from(["de", "es", "en", "pl"]),
        st.none() | st.text(max_size=40) | st.just("Were you afraid of the noise?"),
    ),
    max_size=4,
)


@settings(max_examples=40)
@given(TALK)
def test_any_talk_is_tagged_within_bounds(said: list[Said]) -> None:
    """Spans lie in their utterance and begin and end with a visible character; tags are few, and the same again."""
    embedder = BUNDLED
    said = [replace(each, index=place) for place, each in enumerate(said)]
    taggings = tag(said, CODES, embedder)
    for each in taggings:
        words = said[each.index].text[each.start : each.end]
        assert words
        assert words == words.strip()
        assert 0 <= each.confidence <= 1
    for place in range(len(said)):
        assert sum(each.index == place for each in taggings) <= 2 * MOST_TAGS
    assert taggings == tag(said, CODES, embedder)


def test_what_persons_decided_stays() -> None:
    """An utterance that a person coded gets no other code of the study, and no kind that the person gave it.

    Where single suggestions were accepted or rejected, only these are settled.
    """
    own, other, anxiety, aha = (uuid.uuid4() for _ in range(4))

    def tagging(index: int, code_id: uuid.UUID) -> NewTagging:
        return NewTagging(index, code_id, 0, 5, Polarity.AFFIRMED, "verbatim-tagger/1 x@1", "model", 0.9)

    proposed = [tagging(0, own), tagging(0, other), tagging(0, anxiety), tagging(0, aha), tagging(1, other)]
    general = frozenset({anxiety, aha})
    pairs = frozenset({(0, own), (0, anxiety)})
    assert Settled(frozenset({0}), pairs, general).leave(proposed) == [tagging(0, aha), tagging(1, other)]
    assert Settled(pairs=pairs, general=general).leave(proposed) == [
        tagging(0, other),
        tagging(0, aha),
        tagging(1, other),
    ]
