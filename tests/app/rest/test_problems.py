"""Every error is a problem document, whose type leads to its explanation."""

import json

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_factory import MadeStudy

from app.rest.problems import PROBLEM_TYPES, Problem, ProblemType


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/studies/", 404),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/../pages.py", 404),
        ("GET", "/interviews/I01", 422),
        ("GET", "/interviews/I01?study=nobody", 404),
        ("PUT", "/v1/answers", 405),
        ("POST", "/v1/studies", 405),
        ("DELETE", "/v1/studies/acme", 405),
        ("OPTIONS", "/v1/studies", 405),
        ("PROPFIND", "/v1/studies", 405),
        ("POST", "/livez", 405),
        ("POST", "/static/style.css", 405),
        ("PUT", "/", 405),
    ],
)
def test_every_error_is_a_problem_document(client: TestClient, method: str, url: str, status: int) -> None:
    """Unknown addresses, methods and files answer like everything else."""
    response = client.request(method, url)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate(response.json())
    assert (problem.status, problem.title) == (status, PROBLEM_TYPES[status].title)
    assert problem.instance == url.partition("?")[0].replace("/static/..", "")
    assert ("Allow" in response.headers) == (status == 405)


def test_a_refused_method_names_those_of_all_routes_of_the_address(client: TestClient) -> None:
    """RFC 9110, section 15.5.6; the methods of one address are spread over several routes."""
    assert client.put("/v1/codebook").headers["Allow"] == "GET, POST"
    assert client.put("/v1/insights/x").headers["Allow"] == "GET, PATCH"
    assert client.put("/v1/codebook/history").headers["Allow"] == "GET"
    assert client.delete("/v1/taggings/queue").headers["Allow"] == "GET"


@pytest.mark.parametrize("kind", PROBLEM_TYPES.values())
def test_the_type_of_a_problem_leads_to_its_explanation(client: TestClient, kind: ProblemType) -> None:
    """The page of problems explains every kind under its anchor."""
    assert f'id="{kind.slug}"' in client.get("/problems").text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        ["/v1/quotes", "/v1/participants", "/v1/interviews/I01/transcript", "/v1/interviews/I01", "/v1/studies"]
    ),
    st.dictionaries(
        st.sampled_from(["study", "q", "segment", "language", "code", "band", "limit", "cursor", "version", "format"]),
        st.one_of(st.text(max_size=40), st.sampled_from(["acme", "careful", "1", "AX1", "csv"])),
    ),
)
def test_no_query_breaks_the_service(client: TestClient, study: MadeStudy, url: str, query: dict[str, str]) -> None:
    """Whatever stands in a query is answered or refused, never a fault of ours."""
    response = client.get(url, params=query)
    assert response.status_code < 500
    if response.status_code >= 400:
        assert Problem.model_validate(response.json()).status == response.status_code


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(
                st.sampled_from(["question", "study", "filters", "codes", "limit", "x/~y"]), inner, max_size=4
            ),
        ),
        max_leaves=12,
    )
)
def test_no_body_breaks_the_service(client: TestClient, study: MadeStudy, body: object) -> None:
    """Whatever JSON is sent is answered or refused, never a fault of ours."""
    response = client.post("/v1/answers", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert response.status_code < 500
