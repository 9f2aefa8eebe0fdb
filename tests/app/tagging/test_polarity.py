"""Polarity: who denies what was raised, who complains, who takes a no back, who leaves it open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tagging.polarity import polarity_of
from app.vocabulary import Polarity

DENIED = [
    ("de", "Spielte der Preis eine Rolle?", "Nein, das war kein Thema."),
    ("de", "Hat Sie die Lautstärke gestört?", "Nee, überhaupt nicht."),
    ("de", "War Ihnen der Standort wichtig?", "Ach, eigentlich nicht. Wir fahren eh mit dem Auto."),
    ("de", "Haben Sie sich um die Batterie gesorgt?", "Nö."),
    ("de", "Hatten Sie Bedenken wegen der Nebenwirkungen?", "Gar keine. Mein Arzt nimmt das selber."),
    ("de", "Und die Farbe, war die entscheidend?", "Die Farbe war mir völlig wurscht, Hauptsache es fährt."),
    ("de", "Haben Sie auch woanders geschaut oder selbst gebaut?", "Weder noch. Ich hab gleich bestellt."),
    ("de", "Hattest du Angst vor der Prüfung?", "Hatte ich nicht."),
    ("de", "Wie wichtig war Ihnen das Siegel?", "Gar nicht wichtig. Ich schau auf den Preis."),
    ("de", "Welche Rolle spielte die Werbung?", "Überhaupt keine."),
    ("de", "Haben Sie an eine Mietlösung gedacht?", "Kam für uns nicht infrage."),
    ("de", "Waren die Fragen lästig?", "Nein, nein, gar nicht, die waren ja schnell beantwortet."),
    ("de", "Fanden Sie das zu teuer?", "Na, gar net. Des war mir des wert."),
    ("de", "War das Wetter ein Grund?", "Mit dem Wetter hatte das nichts zu tun."),
    ("de", "hat der preis eine rolle gespielt", "nein das war eigentlich nie ein thema bei uns"),
    ("de", "War Ihr Mann dagegen?", "Der? Nie im Leben. Der wollte es ja."),
    ("de", "Gab es Ärger mit dem Nachbarn?", "Ärger, nein, der hat sogar geholfen."),
    ("de", "Haben Sie den Umstieg bereut?", "Keine Sekunde."),
    ("es", "¿Le importó el color?", "No, para nada."),
    ("es", "¿Influyó la publicidad?", "No, eso no influyó."),
    ("es", "¿Tuvo miedo de que le doliera?", "Qué va."),
    ("es", "¿Pensó en alquilarlo?", "Ni se me ocurrió, la verdad."),
    ("es", "¿Y su marido puso pegas?", "¿Mi marido? No, él encantado."),
    ("es", "¿Qué importancia tuvo la garantía?", "Ninguna, la verdad, ni la leí."),
    ("es", "¿El precio pesó en la decisión?", "El precio no pintó nada, lo pagaba la empresa."),
    ("es", "¿Se sintió presionada?", "Tampoco. Fueron muy correctos."),
    ("es", "¿Le molestan los mensajes?", "Hombre, no. Son dos a la semana."),
    ("es", "le preocupaba el precio", "no para nada la verdad"),
    ("es", "¿Hubo discusiones en casa?", "Discusiones no, ninguna."),
    ("en", "Did the price play a role?", "Not at all, that never came up."),
    ("en", "Were you worried about the side effects?", "No, not really."),
    ("en", "Did you look at other brands?", "Nope."),
    ("en", "Was the noise a problem?", "No, it was fine."),
    ("en", "Did you think about renting?", "It never crossed my mind."),
    ("en", "Did the brand matter?", "The brand made no difference to me."),
    ("en", "Were you tempted by the cheaper one?", "I wasn't."),
    ("en", "Did you hesitate?", "Yeah, no, not really."),
    ("en", "did the colour matter to you", "no not really i just wanted it to work"),
    ("es", "Were you worried about the battery?", "No, en absoluto."),
    ("de", None, "Das hat für mich keine Rolle gespielt."),
    ("es", None, "Eso no me influyó."),
    ("en", None, "That was not a factor for me."),
]

NOT_DENIED = [
    ("de", "Hat Ihnen die Einführung gefallen?", "Nein, das hat mir nicht gefallen, viel zu lang."),
    ("de", "Was war mit der Hotline?", "Da hat keiner abgenommen. Nie. Ich hab dreimal angerufen."),
    ("de", "Spielte der Preis eine Rolle?", "Nein, ich meine ja, natürlich spielte der eine Rolle."),
    ("de", "Ging es Ihnen um den Preis?", "Nicht nur um den Preis, auch um die Garantie."),
    ("de", "Ging es Ihnen um den Preis?", "Nein, nicht nur. Auch der Service zählt."),
    ("de", "War Ihnen die Farbe wichtig?", "Na ja, nicht ganz unwichtig war sie schon."),
    ("de", "Hat die Garantie gezählt?", "Ich kann nicht sagen, dass das keine Rolle gespielt hat."),
    ("de", "Hatten Sie Angst vor dem Eingriff?", "Weiß ich nicht mehr."),
    ("de", "Haben Sie Angst gehabt?", "Nein. Obwohl, doch, am ersten Tag schon."),
    ("de", "Was hat Sie aufgehalten?", "Ich wusste nicht, ob ich da wieder rauskomme."),
    ("de", "War die Anleitung verständlich?", "Nein. Kein Wort hab ich kapiert."),
    ("de", "War Ihnen das egal?", "Nein, das war mir überhaupt nicht egal."),
    ("de", "Gab es Stress mit der Lieferung?", "Ja und nein. Der erste Termin ist geplatzt."),
    ("de", "Wie war die erste Woche?", "Nein, also, das war unglaublich, ich hab nur gestaunt."),
    ("de", None, "Nein, wirklich, das war ein schöner Tag."),
    ("es", "¿Le gustó la formación?", "No me gustó nada, demasiado larga."),
    ("es", "¿Qué pasó con la entrega?", "No llegó nunca. Tuve que llamar tres veces."),
    ("es", "¿Le importó el precio?", "No, bueno, sí, un poco sí."),
    ("es", "¿Fue por el precio?", "No solo por el precio, también por el trato."),
    ("es", "¿Tuvo dudas?", "No sé, supongo que alguna."),
    ("es", "¿Le daba igual la marca?", "No me daba igual, qué va."),
    ("es", "¿Funcionó a la primera?", "No, qué va. Se colgó tres veces."),
    ("es", "¿Hace viento allí?", "No veas. Te lleva volando."),
    ("es", "¿Le importaba el servicio?", "No es que no me importara, es que lo pensé después."),
    ("en", "Did you like the training?", "No, I didn't like it, far too long."),
    ("en", "Was it about the price?", "Not only the price, the service as well."),
    ("en", "Did you have doubts?", "I don't know, maybe."),
    ("en", "Did the warranty matter?", "No, I mean yes, of course it did."),
    ("en", "Did the warranty matter?", "It's not that it didn't matter, I just trusted them."),
    ("en", "What was the worst part?", "Nobody answered the phone. Not once."),
    ("en", "Was it windy?", "No kidding, it blew the roof off."),
    ("en", "Did support help you?", "No, never. They just sent links."),
    ("en", "Was the price important?", "It wasn't unimportant, put it that way."),
]

CERTAIN = [
    ("de", "Hat Sie die Lautstärke gestört?", "Nein, überhaupt nicht."),
    ("es", "¿Le importó el color?", "No, para nada."),
    ("en", "Did the price matter?", "Not at all."),
]


@pytest.mark.parametrize(("language", "question", "text"), DENIED)
def test_a_denial_is_recognised(language: str, question: str | None, text: str) -> None:
    """A no to a question that asks for one, an emphatic no, or a statement that something mattered to nobody."""
    assert polarity_of(text, language, question).polarity is Polarity.DENIED


@pytest.mark.parametrize(("language", "question", "text"), NOT_DENIED)
def test_what_only_looks_like_a_denial_is_none(language: str, question: str | None, text: str) -> None:
    """Complaints, double negations, noes taken back, and answers that leave it open deny nothing."""
    assert polarity_of(text, language, question).polarity is Polarity.AFFIRMED


@pytest.mark.parametrize(("language", "question", "text"), CERTAIN)
def test_a_plain_denial_is_surer_than_one_without_a_question(language: str, question: str, text: str) -> None:
    """The question that asks for yes or no adds certainty."""
    assert polarity_of(text, language, question).confidence > polarity_of(text, language, None).confidence


def test_a_bare_no_to_nothing_denies_nothing() -> None:
    """Without a question, or after one that yes and no do not answer, a no is only a word."""
    for question in (None, "", "Was ist dann passiert?", "Erzählen Sie mal."):
        assert polarity_of("Nein. Da war ich im Urlaub.", "de", question).polarity is Polarity.AFFIRMED


def test_stage_directions_say_nothing() -> None:
    """A laugh before the answer does not hide it."""
    assert polarity_of("(lacht) Nein. [Pause] Gar nicht.", "de", "War das teuer?").polarity is Polarity.DENIED


def test_other_languages_count_as_affirmed_and_unsure() -> None:
    """There are no rules for French."""
    judged = polarity_of("Non, pas du tout.", "fr", "Est-ce que le prix a compté ?")
    assert (judged.polarity, judged.confidence) == (Polarity.AFFIRMED, 0.5)


WORDS = st.sampled_from(
    "nein nee nicht no nunca not never kein ja sí yes ¿ ? . , … das hat eine Rolle me importó".split()
)
TALK = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map(" ".join))


@given(TALK, st.sampled_from(["de", "es", "en", "es-MX", "fr"]), st.none() | TALK)
def test_any_words_are_judged(text: str, language: str, question: str | None) -> None:
    """Whatever is said and asked, there is a judgement with a confidence, and the same again."""
    judged = polarity_of(text, language, question)
    assert judged.polarity in Polarity
    assert 0.5 <= judged.confidence <= 1
    assert judged == polarity_of(text, language, question)
