"""External sources over HTTP: in as files and from the web, read, compared, removed, each within its study."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from study_factory import MadeStudy, add_study
from web_server import WebServer, web_server

from app.documents.extraction import MOST_BYTES
from app.documents.web import PublicWeb
from app.main import create_app
from app.models import Source, SourceChunk, SourceVersion
from app.privacy.keys import KeyRole, create_key
from app.rest.gate import MOST_BODY_BYTES
from app.rest.sources import reached_web
from app.services import Services

PAGE = "<html><title>Preise</title><body><h1>Preise</h1><p>Eine Order kostet {} €, für alle.</p></body></html>"
DOCUMENTS = Path(__file__).resolve().parents[2] / "conformance" / "docs_onyx"


@pytest.fixture
def site(client: TestClient) -> Iterator[WebServer]:
    """A server under the name `valora.example`, which is the only one that the service reaches."""
    loopback = ipaddress.ip_address("127.0.0.1")
    with web_server() as site:
        site.says("/preise", PAGE.format("1,00").encode())
        reached = PublicWeb(
            lambda host, _: [loopback] if host == "valora.example" else [ipaddress.ip_address("10.0.0.1")],
            lambda address: address == loopback,
            frozenset({site.port}),
        )
        client.app.dependency_overrides[reached_web] = lambda: reached  # type: ignore[attr-defined]
        yield site


def send(client: TestClient, data: bytes = b"# Preise\n\nEin Euro.", name: str = "preise.md", **fields: str) -> Any:
    """Send a file as a form."""
    return client.post("/v1/sources", data={"study": "acme", **fields}, files={"file": (name, data)})


def fetch(client: TestClient, url: str, **fields: str) -> Any:
    """Have a page fetched."""
    return client.post("/v1/sources", json={"study": "acme", "url": url, **fields})


def test_a_file_comes_in(client: TestClient, study: MadeStudy) -> None:
    """As a source with a title, a language and chunks; the same again is the same source."""
    taken = send(client, kind="competitor", competitor="Valora", date="2026-01-12").json()
    assert (taken["outcome"], taken["warnings"]) == ("added", [])
    source = taken["source"]
    assert (source["code"], source["kind"], source["competitor"], source["title"]) == (
        "S01",
        "competitor",
        "Valora",
        "Preise",
    )
    assert (source["version"], source["versions"], source["language"], source["date"]) == (1, 1, "de", "2026-01-12")
    assert send(client, name="other.md").json()["outcome"] == "unchanged"
    listed = client.get("/v1/sources?study=acme").json()
    assert [entry["code"] for entry in listed["sources"]] == ["S01"]
    assert client.get("/v1/sources?study=acme&kind=article").json()["sources"] == []
    assert len(client.get("/v1/sources?study=acme&competitor=valora").json()["sources"]) == 1


def test_a_page_is_fetched_refreshed_and_compared(client: TestClient, study: MadeStudy, site: WebServer) -> None:
    """Fetched again unchanged it has no new version; with another price it has, and the change is told."""
    url = f"http://valora.example:{site.port}/preise"
    first = fetch(client, url, kind="competitor").json()
    assert (first["outcome"], first["source"]["url"], first["source"]["title"]) == ("added", url, "Preise")
    assert client.post("/v1/sources/S01/refresh?study=acme").json()["outcome"] == "unchanged"
    site.says("/preise", PAGE.format("1,50").encode())
    again = client.post("/v1/sources/S01/refresh?study=acme").json()
    assert (again["outcome"], again["source"]["version"]) == ("changed", 2)
    changes = client.get("/v1/sources/S01/changes?study=acme").json()
    assert (changes["before"]["version"], changes["after"]["version"]) == (1, 2)
    assert changes["changed"] == [
        {
            "before": "Eine Order kostet 1,00 €, für alle.",
            "after": "Eine Order kostet 1,50 €, für alle.",
            "numbers_before": ["1,00 €"],
            "numbers_after": ["1,50 €"],
        }
    ]
    backwards = client.get("/v1/sources/S01/changes?study=acme&from=2&to=1").json()
    assert backwards["changed"][0]["after"] == "Eine Order kostet 1,00 €, für alle."
    assert fetch(client, url).json()["outcome"] == "unchanged"


def test_the_text_of_each_version_is_read_page_by_page(client: TestClient, study: MadeStudy) -> None:
    """The pages together are the text, and each begins where the one before ended."""
    words = "# Lang\n\n" + "\n\n".join(f"Absatz {number} mit einigen Worten darin." for number in range(1500))
    send(client, words.encode())
    send(client, b"# Kurz", source="S01")
    detail = client.get("/v1/sources/S01?study=acme").json()
    assert (detail["shown_version"], detail["text"], detail["next_cursor"]) == (2, "# Kurz", None)
    assert [version["version"] for version in detail["versions"]] == [1, 2]
    read, cursor, pages = "", None, 0
    while pages == 0 or cursor:
        going_on: dict[str, str] = {"cursor": cursor} if cursor else {}
        page = client.get("/v1/sources/S01", params={"study": "acme", "version": "1", **going_on}).json()
        assert page["start"] == len(read)
        read, cursor, pages = read + page["text"], page["next_cursor"], pages + 1
        assert page["end"] == len(read)
    assert (read, pages) == (words, 3)


def test_what_changed_since_a_day(client: TestClient, study: MadeStudy) -> None:
    """Compared is the version that was known then; before all of them, the first."""
    for day, price in (("2026-01-01", "1"), ("2026-03-01", "2"), ("2026-06-01", "3")):
        fields = {} if day == "2026-01-01" else {"source": "S01"}
        send(client, f"Eine Order kostet {price} Euro.".encode(), date=day, **fields)
    for since, before in (("2026-04-01", 2), ("2026-03-01", 2), ("2026-02-01", 1), ("2020-01-01", 1)):
        changes = client.get(f"/v1/sources/S01/changes?study=acme&since={since}").json()
        assert (changes["before"]["version"], changes["after"]["version"]) == (before, 3)
    first = client.get("/v1/sources/S01/changes?study=acme&to=1").json()
    assert (first["before"]["version"], first["changed"], first["added"], first["removed"]) == (1, [], [], [])


def test_a_source_is_removed_whole(client: TestClient, study: MadeStudy, services: Services) -> None:
    """With all versions and chunks; what comes later has another code."""
    send(client)
    send(client, b"Anders.", source="S01")
    send(client, b"Noch etwas.")
    assert client.delete("/v1/sources/S01?study=acme").status_code == 204
    with services.database.sessions() as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) for table in (Source, SourceVersion, SourceChunk)
        ]
    assert counts == [1, 1, 1]
    assert client.delete("/v1/sources/S01?study=acme").status_code == 404
    assert send(client, b"Und noch etwas.").json()["source"]["code"] == "S03"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/preise",
        "http://localhost:{port}/preise",
        "http://[::1]:{port}/preise",
        "http://2130706433:{port}/preise",
        "http://0x7f000001:{port}/preise",
        "http://0177.0.0.1:{port}/preise",
        "http://127.1:{port}/preise",
        "http://[::ffff:127.0.0.1]:{port}/preise",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://user:secret@valora.example/",
        "http://valora.example:22/",
        "https://localhost/",
    ],
)
def test_the_service_fetches_nothing_of_its_own_network(client: TestClient, study: MadeStudy, url: str) -> None:
    """With the web that users reach; the problem says why and what to do, and nothing is stored."""
    with web_server() as site:
        response = fetch(client, url.format(port=site.port))
        assert site.asked == []
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "#/url"
    assert client.get("/v1/sources?study=acme").json()["sources"] == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/", "valora.example", "http://a b/", "javascript:1", 7]
)
def test_what_is_no_address_is_refused(client: TestClient, study: MadeStudy, url: object) -> None:
    """Before anything is looked up."""
    response = fetch(client, url)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "#/url")


def test_a_redirect_into_the_network_is_not_followed(client: TestClient, study: MadeStudy, site: WebServer) -> None:
    """Neither to an address nor to a name that leads to one."""
    for location in (f"http://10.0.0.1:{site.port}/", f"http://intranet.example:{site.port}/", "file:///etc/passwd"):
        site.sends_on("/away", location)
        response = fetch(client, f"http://valora.example:{site.port}/away")
        assert response.status_code == 422
    assert {path for path, _ in site.asked} == {"/away"}


def test_a_refresh_that_fails_is_kept_as_the_problem(client: TestClient, study: MadeStudy, site: WebServer) -> None:
    """The source stays as it is; when the page is back, the problem is gone."""
    fetch(client, f"http://valora.example:{site.port}/preise")
    site.fails("/preise", 500)
    response = client.post("/v1/sources/S01/refresh?study=acme")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "#/path/code")
    (source,) = client.get("/v1/sources?study=acme").json()["sources"]
    assert (source["version"], source["problem"]) == (1, "the server answers 500 → check the address in a browser")
    site.says("/preise", PAGE.format("1,00").encode())
    assert client.post("/v1/sources/S01/refresh?study=acme").json()["source"]["problem"] is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("encrypted.pdf", "a document with a password → save a copy"),
        ("shredded_strips.pdf", "a PDF of pictures without text"),
        ("empty.pdf", "a PDF without text"),
    ],
)
def test_documents_that_cannot_be_read_are_refused(
    client: TestClient, study: MadeStudy, name: str, problem: str
) -> None:
    """With the reason at the file."""
    response = send(client, (DOCUMENTS / name).read_bytes(), name)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["pointer"]) == (422, "#/file")
    assert error["detail"].startswith(problem)


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"study": "nosuch"}, 404, None),
        ({"kind": "gossip"}, 422, "#/kind"),
        ({"date": "yesterday"}, 422, "#/date"),
        ({"source": "S99"}, 404, None),
        ({"url": "ftp://a.example"}, 422, "#/url"),
        ({"colour": "red"}, 422, "#/colour"),
        ({"title": "a\0b"}, 422, None),
    ],
)
def test_wrong_fields_are_refused(
    client: TestClient, study: MadeStudy, fields: dict[str, Any], status: int, pointer: str | None
) -> None:
    """Each with its place; nothing is stored."""
    response = send(client, **fields)
    assert response.status_code == status
    assert pointer in (None, *(error["pointer"] for error in response.json()["errors"]))
    assert client.get("/v1/sources?study=acme").json()["sources"] == []


def test_bodies_have_their_limits(client: TestClient, study: MadeStudy) -> None:
    """A file of more than 50 MB, JSON of more than 1 MB, other bodies, forms without a file."""
    assert send(client, bytes(MOST_BYTES + 1)).status_code == 413
    big = client.post("/v1/sources", content=b" " * (MOST_BODY_BYTES + 1), headers={"Content-Type": "application/json"})
    assert big.status_code == 413
    assert client.post("/v1/sources", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.post("/v1/sources", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert client.post("/v1/sources", json={"study": "acme"}).json()["errors"][0]["pointer"] == "#/url"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    empty = client.post("/v1/sources", content=b"--x--\r\n", headers=form)
    assert (empty.status_code, empty.json()["errors"][0]["pointer"]) == (422, "#/file")


def test_nothing_of_another_study_is_there(client: TestClient, study: MadeStudy, services: Services) -> None:
    """A source of another study has no address here: it cannot be read, compared, refreshed, added to, removed."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
    send(client, study="rival")
    assert client.get("/v1/sources?study=acme").json()["sources"] == []
    for url in ("/v1/sources/S01", "/v1/sources/S01/changes"):
        assert client.get(url, params={"study": "acme"}).status_code == 404
    assert client.post("/v1/sources/S01/refresh?study=acme").status_code == 404
    assert send(client, b"Anders.", source="S01").status_code == 404
    assert client.delete("/v1/sources/S01?study=acme").status_code == 404
    assert len(client.get("/v1/sources?study=rival").json()["sources"]) == 1


def test_who_may_only_read_changes_nothing(services: Services, study: MadeStudy) -> None:
    """A viewer lists sources; to add, refresh and remove takes a researcher; pages of elsewhere may not either."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "somebody", KeyRole.VIEWER)
    with TestClient(create_app(services, require_keys=True), headers={"Authorization": f"Bearer {key}"}) as client:
        assert client.get("/v1/sources?study=acme").status_code == 200
        assert send(client).status_code == 403
        assert fetch(client, "https://valora.example/").status_code == 403
        assert client.post("/v1/sources/S01/refresh?study=acme").status_code == 403
        assert client.delete("/v1/sources/S01?study=acme").status_code == 403


def test_pages_of_elsewhere_send_nothing(client: TestClient, study: MadeStudy) -> None:
    """A form that a page of another origin sends is refused."""
    response = client.post(
        "/v1/sources",
        data={"study": "acme"},
        files={"file": ("a.md", b"# x")},
        headers={"Origin": "https://evil.example"},
    )
    assert response.status_code == 403


def test_lists_are_paged(client: TestClient, study: MadeStudy) -> None:
    """In the order of codes, each source once."""
    for number in range(3):
        send(client, f"Nummer {number}.".encode())
    first = client.get("/v1/sources?study=acme&limit=2")
    assert 'rel="next"' in first.headers["link"]
    second = client.get(
        "/v1/sources", params={"study": "acme", "limit": 2, "cursor": first.json()["next_cursor"]}
    ).json()
    codes = [entry["code"] for page in (first.json(), second) for entry in page["sources"]]
    assert (codes, second["next_cursor"]) == (["S01", "S02", "S03"], None)
    assert client.get("/v1/sources?study=acme&cursor=nonsense").status_code == 422
