"""Nothing of one study is visible from another, on no route."""

import pytest
from fastapi.testclient import TestClient
from study_factory import MadeStudy, add_study, people

from app.services import Services

OWN, FOREIGN = "zebra", "heron"

ROUTES = (
    "/v1/studies/acme",
    "/v1/participants?study=acme",
    "/v1/participants/P01?study=acme",
    "/v1/interviews?study=acme",
    "/v1/interviews/I01?study=acme",
    "/v1/interviews/I01/transcript?study=acme",
    "/v1/quotes?study=acme",
    "/v1/quotes?study=acme&code=AX1",
    f"/v1/quotes?study=acme&q={FOREIGN}&limit=200",
    "/v1/quotes?study=acme&q=miedo&participant=P02&segment=starter&language=es",
    "/v1/quotes?study=acme&format=csv",
    "/v1/quotes?study=acme&format=markdown",
    "/v1/codebook?study=acme&state=all",
    "/v1/codebook/AX1?study=acme",
    "/v1/codebook/history?study=acme",
    "/v1/codebook/themes?study=acme",
    "/v1/codebook/export?study=acme",
    "/v1/codebook/export?study=acme&format=csv",
    "/v1/taggings?study=acme",
    "/v1/taggings/queue?study=acme",
    "/v1/taggings/reviews?study=acme",
    "/v1/taggings/export?study=acme&with_models=true",
    "/v1/segments?study=acme",
    "/v1/segments/careful?study=acme",
    "/v1/matrix?study=acme",
    "/v1/hypotheses?study=acme",
    "/v1/quotes?study=acme&format=docx",
    "/v1/economics?study=acme&format=csv",
    "/v1/saturation?study=acme&segment=careful",
    "/v1/saturation/groups?study=acme&by=segment",
    "/v1/report?study=acme",
    "/v1/answers?study=acme",
    "/v1/collections?study=acme",
    f"/?study=acme&q=money%20{FOREIGN}",
    "/interviews/I01?study=acme",
)


@pytest.fixture
def twins(services: Services) -> tuple[MadeStudy, MadeStudy]:
    """Two studies with the same codes of people, interviews and tags; the texts of each hold its own marker."""
    with services.database.sessions.begin() as session:
        acme = add_study(session, services.embedder, "acme", people(OWN), OWN)
        rival = add_study(session, services.embedder, "rival", people(FOREIGN), FOREIGN)
    return acme, rival


@pytest.mark.parametrize("url", ROUTES)
def test_no_route_shows_the_other_study(client: TestClient, twins: tuple[MadeStudy, MadeStudy], url: str) -> None:
    """Neither words nor ids of the other study appear, but for its title in the list, and what was asked for."""
    _, rival = twins
    response = client.get(url)
    assert response.status_code == 200
    shown = response.text
    for asked_for in (f"money {FOREIGN}", f"money+{FOREIGN}", f"Why they stay {FOREIGN}"):
        shown = shown.replace(asked_for, "")
    assert FOREIGN not in shown
    foreign_ids = {*rival.utterances.values(), *rival.transcripts.values(), rival.study_id}
    assert not [identifier for identifier in foreign_ids if str(identifier) in response.text]


@pytest.mark.parametrize("question", [f"Did anybody mention a {FOREIGN}?", "Were people afraid of losing their money?"])
def test_no_answer_cites_the_other_study(client: TestClient, twins: tuple[MadeStudy, MadeStudy], question: str) -> None:
    """Words that only the other study holds are never cited, and its people are not counted."""
    acme, _ = twins
    answer = client.post("/v1/answers", json={"question": question, "study": "acme", "limit": 50}).json()
    assert {citation["utterance"] for citation in answer["citations"]} <= {str(own) for own in acme.utterances.values()}
    assert all(claim["support"]["of"] == 3 and claim["support"]["participants"] <= 3 for claim in answer["claims"])


def test_hypotheses_are_of_one_study(client: TestClient, twins: tuple[MadeStudy, MadeStudy]) -> None:
    """Neither people nor words of the other study are evidence, and what was believed there is unknown here."""
    acme, _ = twins
    body = {"study": "acme", "statement": f"Money {FOREIGN}", "codes": ["AX1"]}
    made = client.post("/v1/hypotheses", json=body).json()
    quotes = (*made["supporting"], *made["contradicting"])
    assert {quote["utterance"] for quote in quotes} <= {str(own) for own in acme.utterances.values()}
    assert (made["current"]["counts"]["of"], len(quotes)) == (3, 3)
    assert client.get(f"/v1/hypotheses/{made['id']}?study=rival").status_code == 404
    assert client.delete(f"/v1/hypotheses/{made['id']}?study=rival").status_code == 404
    assert client.get("/v1/hypotheses?study=rival").json()["hypotheses"] == []


def test_a_case_is_of_one_study(client: TestClient, twins: tuple[MadeStudy, MadeStudy]) -> None:
    """The same code of a person means the one of the study that was named."""
    case = client.post("/v1/segments/qualify", json={"study": "acme", "participant": "P01"})
    assert case.status_code == 200
    assert FOREIGN not in case.text


def test_what_only_the_other_study_has_is_unknown(client: TestClient, twins: tuple[MadeStudy, MadeStudy]) -> None:
    """A participant, an interview or a code of another study does not exist here."""
    assert client.get("/v1/participants/P01?study=basil").status_code == 404
    for url in ("/v1/participants/P09", "/v1/interviews/I09", "/v1/interviews/I09/transcript"):
        assert client.get(url, params={"study": "acme"}).status_code == 404
