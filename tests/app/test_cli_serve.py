"""Commands that stay: serve, demo, worker. They say where they are, and end in order when they are told to."""

import json
import re
import signal
import socket
from pathlib import Path

import httpx2
import psutil  # type: ignore[import-untyped]
import pytest
from cli_runner import point_at, read_until, run, started
from study_factory import add_study

from app.commands.server import open_next_socket, open_socket, url_of
from app.database import Database
from app.embedded_postgres import postgres_status
from app.embedding import Embedder
from app.errors import UnavailableError

URL = re.compile(r"http://\S+:\d+")
MANIFEST = """\
study: shop
languages: [de]
codebook: codebook.yaml
participants: [{id: P01, language: de}, {id: P02, language: de}]
interviews:
  - {id: I01, participant: P01, files: [P01.txt]}
  - {id: I02, participant: P02, files: [P02.txt]}
taggings: taggings.csv
"""


@pytest.fixture
def acme(own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """The study `acme`, in the database that the commands are set to; any free port."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    point_at(own_database, monkeypatch, tmp_path)
    monkeypatch.setenv("VERBATIM_PORT", "0")
    return own_database


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A study folder with a question for the demo."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "P01.txt").write_text("Anna: Was war?\nP01: Ich hatte Angst, dass mein Geld weg ist.\n", "utf-8")
    (folder / "P02.txt").write_text("Anna: Was war?\nP02: Die App hat mir sofort gefallen.\n", "utf-8")
    (folder / "codebook.yaml").write_text("codes: [{code: AX1, kind: anxiety, label: Angst um das Geld}]\n", "utf-8")
    (folder / "taggings.csv").write_text("interview,quote,code,author\nI01,Ich hatte Angst,AX1,anna\n", "utf-8")
    (folder / "questions.yaml").write_text("demo: [{question: 'Wer hatte Angst um das Geld?'}]\n", "utf-8")
    return folder


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_until_it_is_told_to_end(acme: Database, number: signal.Signals) -> None:
    """The URL goes to stderr, requests are answered, and the end is in order: exit code 0."""
    with started("serve") as process:
        url = URL.findall(read_until(process, "serves on"))[0]
        assert httpx2.get(f"{url}/livez").status_code == 200
        asked = {"question": "Who was afraid of losing money?", "study": "acme"}
        assert httpx2.post(f"{url}/v1/answers", json=asked).json()["citations"]
        process.send_signal(number)
        out, err = process.communicate()
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_several_processes_answer_on_one_address(acme: Database) -> None:
    """All of them, and all end with the first, also when it is killed."""
    with started("serve", "--processes", "2") as process:
        url = URL.findall(read_until(process, "serves on"))[0]
        (other,) = psutil.Process(process.pid).children()
        process.send_signal(signal.SIGSTOP)  # now the other one has to answer
        assert httpx2.get(f"{url}/livez", timeout=60).status_code == 200
        process.kill()
        other.wait(timeout=60)


def test_what_is_in_hand_is_answered_before_the_end(acme: Database) -> None:
    """Told to end in the middle of a request, the service takes no new ones, answers that one, and ends in order."""
    body = json.dumps({"question": "Who was afraid of losing money?", "study": "acme"}).encode()
    head = (
        "POST /v1/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    ).encode()
    with started("serve") as process:
        port = int(URL.findall(read_until(process, "serves on"))[0].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(head)
            assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")  # the application waits for the body
            process.send_signal(signal.SIGTERM)
            while not refuses(port):
                pass
            connection.sendall(body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        _, err = process.communicate(timeout=30)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"status":"answered"' in answer
    assert (process.returncode, "Traceback" in err) == (0, False)


def refuses(port: int) -> bool:
    """Whether nobody listens on a port any more."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


def test_beyond_this_machine_there_must_be_a_key(acme: Database) -> None:
    """Without a key the service refuses to start; with one it starts and asks for it."""
    refused = run("serve", "--host", "0.0.0.0")  # noqa: S104 refused
    assert refused.code == 1
    assert "verbatim keys create --role admin" in refused.err
    key = run("keys", "create", "--role", "viewer").out.strip()
    with started("serve", "--host", "0.0.0.0") as process:  # noqa: S104 with a key
        url = URL.findall(read_until(process, "serves on"))[0]
        assert httpx2.get(f"{url}/v1/studies").status_code == 401
        assert httpx2.get(f"{url}/v1/studies", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_taken_port_is_one_clear_message(acme: Database) -> None:
    """Which port it is, and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("serve", "--port", str(port))
    assert outcome.code == 1
    assert outcome.err == (
        f"error: port {port} of 127.0.0.1 is taken: end what uses it, or choose another with `--port`\n"
    )


def test_an_address_of_another_machine_is_refused() -> None:
    """An address that cannot be listened on is no unexpected error."""
    for host in ("203.0.113.9", "no-such-host.invalid"):
        with pytest.raises(UnavailableError, match="cannot listen"):
            open_socket(host, 0)


def test_the_next_free_port_is_found() -> None:
    """What another service uses is passed over."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with open_next_socket("127.0.0.1", port) as found:
            assert found.getsockname()[1] != port
            assert url_of(found).startswith("http://127.0.0.1:")


def test_the_demo_ingests_asks_and_serves(acme: Database, shop: Path) -> None:
    """Its links lead to the port that it serves on; Ctrl-C ends it with exit code 0."""
    with started("demo", "--study-folder", str(shop)) as process:
        url = URL.findall(read_until(process, "serves on"))[0]
        page = httpx2.get(f"{url}/v1/quotes", params={"study": "shop"})
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate()
    assert process.returncode == 0
    assert page.json()["quotes"]
    assert "shop: 2 published" in out
    assert "Wer hatte Angst um das Geld?" in out
    assert set(URL.findall(out)) <= {url}


def test_the_demo_brings_its_own_database(shop: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing has to be there; the second time nothing is ingested twice; no server is left behind."""
    monkeypatch.setenv("VERBATIM_DATA_DIR", str(tmp_path / "data"))
    first = run("demo", "--no-serve", "--study-folder", str(shop), "--json")
    assert first.code == 0
    assert [interview["status"] for interview in first.json["ingest"]["interviews"]] == ["published", "published"]
    assert [answer["question"] for answer in first.json["answers"]] == ["Wer hatte Angst um das Geld?"]
    second = run("demo", "--no-serve", "--study-folder", str(shop))
    assert "shop: 2 unchanged" in second.out
    assert not postgres_status(tmp_path / "data").running


def test_questions_that_cannot_be_read_are_said(acme: Database, shop: Path) -> None:
    """The file and its form are named."""
    (shop / "questions.yaml").write_text("demo: [{frage: Wer?}]\n", "utf-8")
    outcome = run("demo", "--no-serve", "--study-folder", str(shop))
    assert outcome.code == 1
    assert "questions.yaml cannot be read" in outcome.err


def test_the_worker_waits_until_it_is_told_to_end(acme: Database) -> None:
    """SIGTERM ends it with exit code 0."""
    with started("worker") as process:
        read_until(process, "waits for interviews")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_migrate_brings_the_schema_up_to_date(acme: Database) -> None:
    """What `compose.yaml` runs before the services; a second time it changes nothing."""
    assert run("migrate").code == 0
