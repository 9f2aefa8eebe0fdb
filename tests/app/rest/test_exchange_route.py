"""Files come in and go out over HTTP: codebooks, taggings, projects."""

import pytest
from fastapi.testclient import TestClient
from refi_factory import archive, code, codebook, project, selection, source

from app.main import create_app
from app.privacy.keys import KeyRole, create_key
from app.services import Services

pytestmark = pytest.mark.usefixtures("study")

FORM = {"study": "acme"}
CODEBOOK, PROJECT, TAGGINGS = "/v1/codebook/import", "/v1/codebook/project", "/v1/taggings/import"

RIGHT = {
    CODEBOOK: codebook(code("Money")),
    PROJECT: archive(project(code("Money"), "")),
    TAGGINGS: b"interview,quote,code\n",
}


def test_a_codebook_goes_out_and_comes_in(client: TestClient) -> None:
    """As REFI-QDA and as CSV; what comes back is known."""
    for form, kind, name in (("qdc", "application/xml", "acme.qdc"), ("csv", "text/csv", "acme-codebook.csv")):
        out = client.get("/v1/codebook/export", params={**FORM, "format": form})
        assert out.headers["content-type"].startswith(kind)
        assert name in out.headers["content-disposition"]
        back = client.post(CODEBOOK, data=FORM, files={"file": (name, out.content)})
        assert (back.status_code, [each["outcome"] for each in back.json()["codes"]]) == (200, ["known"])


def test_a_project_goes_out_and_comes_in(client: TestClient) -> None:
    """With its taggings, which are known."""
    out = client.get("/v1/codebook/project", params=FORM)
    assert (out.headers["content-type"], out.content[:2]) == ("application/zip", b"PK")
    back = client.post(PROJECT, data=FORM, files={"file": ("acme.qdpx", out.content)}).json()
    assert (back["added"], back["known"], back["unplaced"]) == (0, 3, [])


def test_taggings_go_out_and_come_in(client: TestClient) -> None:
    """As CSV."""
    out = client.get("/v1/taggings/export", params=FORM)
    assert out.headers["content-type"].startswith("text/csv")
    back = client.post(TAGGINGS, data=FORM, files={"file": ("taggings.csv", out.content)}).json()
    assert (back["added"], back["known"], back["unplaced"]) == (0, 3, [])


def test_a_dry_run_only_tells(client: TestClient) -> None:
    """What would become of a file, with the kind that is given."""
    form = {**FORM, "dry_run": "true", "kind": "habit"}
    told = client.post(CODEBOOK, data=form, files={"file": ("codes.qdc", codebook(code("Money")))}).json()
    assert (told["dry_run"], told["codes"][0]["outcome"], told["codes"][0]["kind"]) == (True, "created", "habit")
    assert len(client.get("/v1/codebook", params=FORM).json()["codes"]) == 1


@pytest.mark.parametrize(
    ("url", "name", "data", "place"),
    [
        (CODEBOOK, "codes.qdc", codebook("<Kode/>"), "codes.qdc:3"),
        (CODEBOOK, "codes.csv", b"code,label\nAX1,x\nN1,\n", "codes.csv:3"),
        (CODEBOOK, "codes.csv", b"", "codes.csv:1"),
        (CODEBOOK, "a.qdpx", archive(b""), "a.qdpx"),
        (PROJECT, "a.qdpx", b"no archive", "archive"),
        (PROJECT, "a.qdpx", archive(b"<Project/>"), "project.qde:1"),
        (TAGGINGS, "t.csv", b"interview,quote,code\nI01,Angst,AX9\n", "t.csv:2"),
    ],
)
def test_a_wrong_file_is_a_problem(client: TestClient, url: str, name: str, data: bytes, place: str) -> None:
    """Which says the line."""
    response = client.post(url, data=FORM, files={"file": (name, data)})
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    errors = [(error["pointer"], error["detail"].partition(": ")[0]) for error in response.json()["errors"]]
    assert errors == [("#/file", place)]


@pytest.mark.parametrize("url", [CODEBOOK, PROJECT, TAGGINGS])
def test_a_form_must_be_whole(client: TestClient, url: str) -> None:
    """A file, a study that there is, a kind that there is."""
    files = {"file": ("x", b"x")}
    assert client.post(url, files=files).status_code == 422
    assert client.post(url, data={**FORM, "dry_run": "perhaps"}, files=files).status_code == 422
    assert client.post(url, data={**FORM, "colour": "red"}, files=files).status_code == 422
    assert client.post(url, data=FORM).status_code == client.post(url, json=FORM).status_code == 415
    assert client.post(url, data={"study": "nope"}, files={"file": ("x", RIGHT[url])}).status_code == 404


def test_large_files_come_in(client: TestClient) -> None:
    """Larger than what any other request may be."""
    words = "Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet."
    text = f"Anna: Was hat Sie zögern lassen?\n{words}\n" + "Mehr davon. " * 300_000
    document = project(code("AX1"), source("K", selection(33, 36, "AX1"), path="internal://k.txt"))
    data = archive(document, {"sources/k.txt": text.encode()})
    table = b"interview,quote,code\n" + b"I01,Angst,AX1\n" * 100_000
    assert client.post(TAGGINGS, data=FORM, files={"file": ("t.csv", table)}).json()["added"] == 1
    assert client.post(PROJECT, data=FORM, files={"file": ("k.qdpx", data)}).status_code in {200, 422}


def test_who_only_reads_brings_nothing(services: Services) -> None:
    """But may take all out."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "ben", KeyRole.VIEWER)
    with TestClient(create_app(services, require_keys=True)) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        for url in (CODEBOOK, PROJECT, TAGGINGS):
            assert client.post(url, data=FORM, files={"file": ("x", codebook(code("a")))}).status_code == 403
        for url in ("/v1/codebook/export", "/v1/codebook/project", "/v1/taggings/export"):
            assert client.get(url, params=FORM).status_code == 200


def test_another_page_brings_nothing(client: TestClient) -> None:
    """A form of another site that a browser sends is refused."""
    response = client.post(
        CODEBOOK,
        data=FORM,
        files={"file": ("codes.qdc", codebook(code("Money")))},
        headers={"Origin": "https://evil.example"},
    )
    assert response.status_code == 403
