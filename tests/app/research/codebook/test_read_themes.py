"""What several people speak of alike is told by its most typical quotes, and becomes a code once somebody names it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest
from sqlalchemy import select
from study_factory import MadeStudy, Person, Turn, add_study

from app.embedding import Embedder, EmbedderIdentity, Vectors
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.library.pages import PageRequest
from app.models import CodeChange, Tagging
from app.privacy.consent import ConsentChanges, change_consent
from app.research.codebook.moves import retire_code
from app.research.codebook.read import list_codes
from app.research.codebook.read_themes import name_theme, read_themes
from app.research.codebook.theme_schemas import Theme, ThemeNaming
from app.services import Services
from app.vocabulary import Kind, Polarity

DOG = {
    "de": "Mein Hund ist alt und krank, der Tierarzt kostet im Monat zweihundert Euro.",
    "en": "My dog is old and sick, the vet costs me two hundred a month.",
    "es": "Mi perro es viejo y está enfermo, el veterinario me cuesta doscientos al mes.",
}
HELLO = {"de": "Ja, hallo, guten Tag, ich freue mich auch.", "en": "Yes, hello, good morning, nice to meet you too."}
LANGUAGES = ("de", "en", "es", "en")


def person(number: int, language: str, *texts: str) -> Person:
    """A participant who says this."""
    turns = tuple(Turn(text, language, speaker="X") for text in texts)
    return Person(f"P{number:02}", "X", language, "careful" if number % 2 else "starter", 40, "C", turns)


@pytest.fixture
def vets(services: Services) -> MadeStudy:
    """Four people in three languages with a sick dog, who also greet, and each has something else to say."""
    others = (
        "Die Pension meiner Tante in Graz läuft gut, sie backt jeden Morgen Brot.",
        "The train to Leeds broke down again and nobody told us anything.",
        "Mi hermano toca la guitarra en un grupo y viaja todos los veranos.",
        "We painted the kitchen blue and then regretted it for years.",
    )
    persons = tuple(
        person(number, language, HELLO.get(language, HELLO["en"]), DOG[language], other)
        for number, (language, other) in enumerate(zip(LANGUAGES, others, strict=True), 1)
    )
    with services.database.sessions.begin() as session:
        return add_study(session, services.embedder, "acme", persons)


def dogs(services: Services) -> Theme:
    """The theme of the sick dogs."""
    (theme,) = read_themes(services, "acme", 20).themes
    return theme


@pytest.mark.usefixtures("vets")
def test_a_theme_has_people_languages_and_quotes(services: Services) -> None:
    """One quote a person; the most typical is its name. Greetings are no theme."""
    theme = dogs(services)
    assert (theme.people, theme.of, theme.passages) == (4, 4, 4)
    assert theme.by_language == {"de": 1, "en": 2, "es": 1}
    assert theme.by_segment == {"careful": 2, "starter": 2}
    assert {quote.participant for quote in theme.quotes} == {"P01", "P02", "P03", "P04"}
    assert {quote.quote for quote in theme.quotes} == set(DOG.values())
    assert theme.name == theme.quotes[0].quote


def test_a_theme_becomes_a_code_once_that_is_confirmed(services: Services, vets: MadeStudy) -> None:
    """Its passages are taggings of who names it then, and it is none any more; retired, it is one again."""
    theme = dogs(services)
    naming = ThemeNaming(code="DOG", labels={"en": "Sick dog"}, about="the vet is expensive")
    asked = name_theme(services, "acme", theme.id, naming, "tina")
    assert (asked.code, asked.taggings, asked.people) == (None, 4, 4)
    with services.database.sessions() as session:
        assert session.scalars(select(Tagging).where(Tagging.author == "tina")).all() == []
    named = name_theme(services, "acme", theme.id, naming.model_copy(update={"confirmed": True}), "tina")
    assert named.code is not None
    assert (named.code.code, named.code.kind, named.code.affirmed_by) == ("DOG", theme.kind, 4)
    with services.database.sessions() as session:
        made = session.scalars(select(Tagging).where(Tagging.author == "tina")).all()
        assert {(each.basis, each.confidence, each.polarity) for each in made} == {("person", 1.0, Polarity.AFFIRMED)}
        assert {each.utterance_id for each in made} == {vets.utterances[f"I0{number}", 1] for number in range(1, 5)}
        changes = session.scalars(select(CodeChange)).all()
        assert [(change.action, change.author) for change in changes] == [("create", "tina")]
    assert read_themes(services, "acme", 20).themes == ()
    with services.database.sessions.begin() as session:
        retire_code(session, "acme", "DOG", "tina")
    assert dogs(services).id == theme.id


def test_only_chosen_passages_are_tagged(services: Services, vets: MadeStudy) -> None:
    """Under another kind, if one is given."""
    theme = dogs(services)
    chosen = (vets.utterances["I01", 1], vets.utterances["I03", 1])
    naming = ThemeNaming(code="DOG", kind=Kind.HABIT, labels={"de": "Hund"}, utterances=chosen, confirmed=True)
    named = name_theme(services, "acme", theme.id, naming, "tina")
    assert named.code is not None
    assert (named.taggings, named.people, named.code.kind, named.code.affirmed_by) == (2, 2, Kind.HABIT, 2)


def test_what_cannot_be_named_changes_nothing(services: Services, vets: MadeStudy) -> None:
    """A theme that there is not, a name that is taken, passages of something else."""
    theme = dogs(services)
    naming = ThemeNaming(code="DOG", labels={"en": "Sick dog"}, confirmed=True)
    with pytest.raises(NotFoundError):
        name_theme(services, "acme", uuid.uuid4(), naming, "tina")
    with pytest.raises(NotFoundError):
        name_theme(services, "nope", theme.id, naming, "tina")
    with pytest.raises(ConflictError):
        name_theme(services, "acme", theme.id, naming.model_copy(update={"code": "AX1"}), "tina")
    foreign = naming.model_copy(update={"utterances": (vets.utterances["I01", 0],)})
    with pytest.raises(InvalidInputError) as error:
        name_theme(services, "acme", theme.id, foreign, "tina")
    assert error.value.faults[0].place == "utterances.0"
    with services.database.sessions() as session:
        assert [code.code for code in list_codes(session, "acme", PageRequest(50, None)).codes] == ["AX1"]


def test_the_sample_study_has_themes_over_languages(nido: Services) -> None:
    """Each of at least three people, whose quotes are what they said; the same each time."""
    found = read_themes(nido, "nido", 50)
    assert found == read_themes(nido, "nido", 50)
    assert len(found.themes) >= 3
    assert any(len(theme.by_language) > 1 for theme in found.themes)
    counts = [theme.people for theme in found.themes]
    assert counts == sorted(counts, reverse=True)
    for theme in found.themes:
        assert theme.people >= 3
        assert max(theme.by_language.values()) <= theme.people <= sum(theme.by_language.values())
        assert len({quote.participant for quote in theme.quotes}) == len(theme.quotes) >= 3
        assert all(quote.utterance_text[slice(*quote.span)] == quote.quote for quote in theme.quotes)
    assert read_themes(nido, "nido", 2).left_out == len(found.themes) + found.left_out - 2


@dataclass(frozen=True, eq=False)
class MeanwhileEmbedder:
    """An embedder while which something else happens."""

    embedder: Embedder
    meanwhile: Callable[[], None]

    @property
    def identity(self) -> EmbedderIdentity:
        """That of the real one."""
        return self.embedder.identity

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what somebody asks."""
        return self.embedder.embed_questions(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is to be found, when something else has happened."""
        self.meanwhile()
        return self.embedder.embed_passages(texts)


def test_a_theme_nobody_may_be_quoted_of_any_more_is_none(services: Services, vets: MadeStudy) -> None:
    """Consent that is withdrawn while themes are searched leaves no theme without a quote, and none to name."""

    def withdraw(*, quotes: bool) -> None:
        with services.database.sessions.begin() as session:
            for interview in ("I01", "I02", "I03", "I04"):
                change_consent(session, "acme", interview, ConsentChanges(quotes=quotes), "anna")

    def withdrawing() -> Services:
        return replace(services, embedder=MeanwhileEmbedder(services.embedder, partial(withdraw, quotes=False)))

    theme = dogs(services)
    assert read_themes(withdrawing(), "acme", 20).themes == ()
    withdraw(quotes=True)
    with pytest.raises(NotFoundError, match="list the themes anew"):
        name_theme(withdrawing(), "acme", theme.id, ThemeNaming(code="DOG", labels={"en": "Sick dog"}), "tina")
