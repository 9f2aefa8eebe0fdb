"""The agreement of coders is computed from what they tagged, and from what the tagger says without knowing that."""

import pytest
from codebook_factory import add_model_tagging
from pgvector import HalfVector
from study_factory import MadeStudy

from app.errors import InvalidInputError, NotFoundError
from app.models import PassageGist
from app.research.codebook.codes import create_code
from app.research.codebook.moves import retire_code
from app.research.codebook.read_agreement import WantedAgreement, read_agreement
from app.research.codebook.schemas import NewCode
from app.research.codebook.tagging_schemas import NewTagging
from app.research.codebook.taggings import add_tagging
from app.services import Services
from app.tagging.store import TAGGER
from app.vocabulary import Kind, Polarity

PLACES = (("I01", 1), ("I01", 3), ("I02", 2), ("I03", 1))


def tag(services: Services, study: MadeStudy, author: str, *said: tuple[tuple[str, int], str, Polarity]) -> None:
    """Let somebody put codes on the first words of utterances."""
    with services.database.sessions.begin() as session:
        for place, code, polarity in said:
            new = NewTagging(code=code, utterance=study.utterances[place], start=0, end=3, polarity=polarity)
            add_tagging(session, "acme", new, author)


@pytest.fixture
def coded(services: Services, study: MadeStudy) -> MadeStudy:
    """Two coders of the same four utterances, with two codes; Anna has three of them from the start."""
    with services.database.sessions.begin() as session:
        new = NewCode(code="H1", kind=Kind.HABIT, labels={"en": "Saves by itself"})
        create_code(session, "acme", new, "tina", services.embedder)
    yes, no = Polarity.AFFIRMED, Polarity.DENIED
    tag(services, study, "anna", (PLACES[1], "H1", yes))
    tag(services, study, "tina", *zip(PLACES, ("AX1", "H1", "H1", "AX1"), (yes, yes, yes, no), strict=True))
    return study


def test_two_coders_by_hand(services: Services, coded: MadeStudy) -> None:
    """Over four utterances and two codes.

    AX1: anna yes, -, yes, no; tina yes, -, -, no. Observed 3/4; by chance 2/4 · 1/4 + 1/4 · 2/4 + 1/4 · 1/4 = 5/16;
    kappa (12/16 - 5/16) / (11/16) = 7/11. H1: anna -, yes, -, -; tina -, yes, yes, -. Observed 3/4, by chance
    3/4 · 2/4 + 1/4 · 2/4 = 1/2; kappa 1/2.
    """
    found = read_agreement(services, "acme", WantedAgreement())
    assert found.coders == ("anna", "tina")
    fear, habit = found.codes
    assert (fear.code, habit.code, fear.utterances) == ("AX1", "H1", 4)
    assert fear.pairs[0].kappa.value == pytest.approx(7 / 11)
    assert habit.pairs[0].kappa.value == pytest.approx(1 / 2)
    assert found.overall.pairs[0].observed == pytest.approx(6 / 8)
    assert found.overall.units == 8


def test_what_models_tagged_and_what_is_retired_is_out(services: Services, coded: MadeStudy) -> None:
    """Only what persons said of codes in use is compared."""
    with services.database.sessions.begin() as session:
        add_model_tagging(session, coded, PLACES[2], "H1", 0.9)
        retire_code(session, "acme", "H1", "tina")
    found = read_agreement(services, "acme", WantedAgreement())
    assert [code.code for code in found.codes] == ["AX1"]
    assert found.coders == ("anna", "tina")


def test_the_tagger_is_a_coder(services: Services, coded: MadeStudy) -> None:
    """It has read all that the others coded; by kind as well."""
    found = read_agreement(services, "acme", WantedAgreement(("anna", TAGGER)))
    assert found.coders == ("anna", TAGGER)
    assert found.overall.pairs[0].utterances == 4
    by_kind = read_agreement(services, "acme", WantedAgreement(("anna", "tina"), "kind"))
    assert {code.code for code in by_kind.codes} == {"anxiety", "habit"}


def test_what_a_chat_model_tags_is_read_by_the_tagger_too(services: Services, coded: MadeStudy) -> None:
    """It is asked anew, whoever tags the study."""
    words = {"text": "", "language": "en", "chat_model": "m", "prompt": "p", "model_id": coded.model_id}
    vector = HalfVector(services.embedder.embed_passages([""])[0])
    with services.database.sessions.begin() as session:
        for place in PLACES:
            gist = PassageGist(utterance_id=coded.utterances[place], study_id=coded.study_id, embedding=vector, **words)
            session.add(gist)
    found = read_agreement(services, "acme", WantedAgreement(("anna", TAGGER)))
    assert found.overall.pairs[0].utterances == 4


@pytest.mark.usefixtures("study")
def test_it_takes_two(services: Services) -> None:
    """One coder, named twice or alone, is refused; so is who coded nothing."""
    for coders in ((), ("anna",), ("anna", "anna")):
        with pytest.raises(InvalidInputError, match="two"):
            read_agreement(services, "acme", WantedAgreement(coders))
    with pytest.raises(InvalidInputError) as error:
        read_agreement(services, "acme", WantedAgreement(("anna", "ana")))
    assert error.value.faults[0].remedy == "did you mean 'anna'?"
    with pytest.raises(NotFoundError):
        read_agreement(services, "nope", WantedAgreement())


def test_the_sample_study_agrees_with_the_tagger_somewhat(nido: Services) -> None:
    """Its coder and the tagger: better than chance, and far from perfect."""
    found = read_agreement(nido, "nido", WantedAgreement(("anna", TAGGER), "kind"))
    kappa = found.overall.pairs[0].kappa.value
    assert kappa is not None
    assert 0 < kappa < 1
