"""Pages are fetched from where their address was checked to lead, within limits, and from nowhere else."""

import gzip
import ipaddress
import ssl
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from web_server import WebServer, web_server

from app.documents.addresses import Address, is_public
from app.documents.refusal import DocumentError
from app.documents.responses import MOST_BYTES
from app.documents.web import PublicWeb

LOOPBACK = ipaddress.ip_address("127.0.0.1")
PAGE = b"<html><body><p>Preise</p></body></html>"


class Names:
    """Where names lead, and how often each was looked up."""

    def __init__(self, **leads: str) -> None:
        self.leads = {name.replace("_", "."): address.split() for name, address in leads.items()}
        self.looked_up: list[str] = []

    def __call__(self, host: str, within_s: float) -> Sequence[Address]:  # noqa: ARG002 the signature of a resolver
        """Look a name up."""
        self.looked_up.append(host)
        return [ipaddress.ip_address(address) for address in self.leads.get(host, [])]


@pytest.fixture
def site() -> Iterator[WebServer]:
    """A server of this machine."""
    with web_server() as site:
        site.says("/preise", PAGE)
        yield site


def web(site: WebServer, names: Names, within_s: float = 20.0) -> PublicWeb:
    """A web in which this machine alone is public besides the internet, on the port of the server."""
    return PublicWeb(
        names, lambda address: address == LOOPBACK or is_public(address), frozenset({site.port}), within_s=within_s
    )


def test_a_name_is_looked_up_once_and_its_address_is_what_is_connected_to(site: WebServer) -> None:
    """The server sees the name that was asked for; nobody but us looked it up, and only once."""
    names = Names(valora_example="127.0.0.1")
    page = web(site, names).fetch(f"http://valora.example:{site.port}/preise")
    assert (page.name, page.data) == ("preise.html", PAGE)
    assert names.looked_up == ["valora.example"]
    ((path, headers),) = site.asked
    assert (path, headers["Host"]) == ("/preise", f"valora.example:{site.port}")
    assert headers["User-Agent"] == "Verbatim/1 (research sources)"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_an_address_with_signs_of_other_scripts(site: WebServer) -> None:
    """A name is brought into ASCII, a path is encoded; the name of the file is readable."""
    names = Names(**{"xn--bcher-kva_example": "127.0.0.1"})
    site.says("/%C3%BCber?x=%C3%A4", PAGE)
    assert web(site, names).fetch(f"http://bücher.example:{site.port}/über?x=ä#teil").name == "über.html"


@pytest.mark.parametrize(
    "addresses", ["10.0.0.1", "127.0.0.2", "::1", "169.254.169.254", "127.0.0.1 10.0.0.1", "::ffff:127.0.0.1", ""]
)
def test_a_name_that_leads_to_a_private_address_is_not_followed(site: WebServer, addresses: str) -> None:
    """Also where only one of its addresses is private; and no difference is told to a name that leads nowhere."""
    with pytest.raises(DocumentError, match="this leads to no server on the public internet → save the page"):
        web(site, Names(evil_example=addresses)).fetch(f"http://evil.example:{site.port}/preise")
    assert site.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "10.0.0.1"])
def test_this_machine_and_its_network_are_out_of_reach(site: WebServer, host: str) -> None:
    """However they are written, of the web that users reach."""
    with pytest.raises(DocumentError, match="no server on the public internet"):
        PublicWeb(ports=frozenset({site.port})).fetch(f"http://{host}:{site.port}/preise")
    assert site.asked == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("file:///etc/passwd", "no web address"),
        ("gopher://valora.example/", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("valora.example", "no web address"),
        ("http://", "no web address"),
        ("http:///x", "no web address"),
        ("http://valora.example/\r\nX-Evil: 1", "no web address"),
        ("http://" + "a" * 2000, "no web address"),
        ("http://user:secret@valora.example/", "a name and password"),
        ("http://valora.example:22/", "an unusual port → give an address with port 80"),
        ("https://valora.example:6379/", "an unusual port → give an address with port 443"),
        ("http://example.org\\@127.0.0.1/", "a name and password"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url: str, problem: str) -> None:
    """Other schemes, secrets in the address, ports of other services, headers in disguise: nothing is looked up."""
    names = Names(valora_example="127.0.0.1")
    with pytest.raises(DocumentError, match=problem):
        PublicWeb(names).fetch(url)
    assert names.looked_up == []


def test_redirects_are_followed_and_each_is_looked_up(site: WebServer) -> None:
    """Three of them, also in relation to the page; cookies on the way are not sent on."""
    names = Names(a_example="127.0.0.1", b_example="127.0.0.1")
    site.sends_on("/1", "/2")
    site.sends_on("/2", f"http://b.example:{site.port}/3", 307)
    site.sends_on("/3", "preise", 308)
    assert web(site, names).fetch(f"http://a.example:{site.port}/1").data == PAGE
    assert names.looked_up == ["a.example", "a.example", "b.example", "b.example"]
    assert not any("Cookie" in headers for _, headers in site.asked)


@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ("http://10.0.0.1/secret", "an unusual port"),
        ("http://10.0.0.1:{port}/secret", "no server on the public internet"),
        ("http://evil.example:{port}/preise", "no server on the public internet"),
        ("//evil.example:{port}/preise", "no server on the public internet"),
        ("file:///etc/passwd", "no web address"),
        ("http://user@a.example:{port}/preise", "a name and password"),
        ("http://[::1", "no web address"),
    ],
)
def test_a_redirect_leads_nowhere_that_the_address_may_not(site: WebServer, location: str, problem: str) -> None:
    """To a private address, a name of one, a file: each hop is checked like the first."""
    site.sends_on("/1", location.format(port=site.port))
    with pytest.raises(DocumentError, match=problem):
        web(site, Names(a_example="127.0.0.1", evil_example="192.168.1.1")).fetch(f"http://a.example:{site.port}/1")
    assert [path for path, _ in site.asked] == ["/1"]


def test_too_many_redirects_end(site: WebServer) -> None:
    """A fourth is not followed, nor a page that leads to itself for ever."""
    site.sends_on("/1", "/1")
    with pytest.raises(DocumentError, match="more than 3 redirects"):
        web(site, Names(a_example="127.0.0.1")).fetch(f"http://a.example:{site.port}/1")
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, bytes(MOST_BYTES + 1)),
        ({"Content_Length": "10000000000"}, b"x"),
        ({"Content_Encoding": "gzip"}, gzip.compress(bytes(100_000_000), mtime=0)),
        ({"Content_Encoding": "deflate"}, zlib.compress(bytes(100_000_000))),
    ],
)
def test_too_many_bytes_are_not_taken(site: WebServer, headers: dict[str, str], body: bytes) -> None:
    """Sent, announced, or packed: counted as they come, unpacked in small pieces."""
    site.says("/big", body, **headers)
    with pytest.raises(DocumentError, match="more than 10,000,000 bytes"):
        web(site, Names(a_example="127.0.0.1")).fetch(f"http://a.example:{site.port}/big")


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "deflate", "identity"])
def test_packed_pages_are_unpacked(site: WebServer, packing: str) -> None:
    """In each packing that servers use."""
    body = PAGE + bytes(200_000)
    packed = {"deflate": zlib.compress(body), "identity": body}.get(packing, gzip.compress(body))
    site.says("/packed", packed, Content_Encoding=packing)
    assert web(site, Names(a_example="127.0.0.1")).fetch(f"http://a.example:{site.port}/packed").data == body


@pytest.mark.parametrize(
    ("headers", "body", "problem"),
    [
        ({"Content_Encoding": "gzip"}, b"no gzip", "whose packing is broken"),
        ({"Content_Encoding": "gzip"}, gzip.compress(PAGE, mtime=0)[:-12], "that broke off"),
        ({"Content_Encoding": "br"}, b"x", "in an unknown packing"),
        ({"media_type": "image/png"}, b"x", "neither a page nor a document"),
        ({"media_type": "application/json"}, b"{}", "neither a page nor a document"),
        ({"media_type": "video/mp4; codecs=x"}, b"x", "neither a page nor a document"),
        ({"Content_Length": "100"}, b"x", "cannot be reached, or broke off"),
    ],
)
def test_what_is_no_page_is_refused(site: WebServer, headers: dict[str, str], body: bytes, problem: str) -> None:
    """Broken packings, other types, bodies that end too soon."""
    site.says("/x", body, **headers)
    with pytest.raises(DocumentError, match=problem):
        web(site, Names(a_example="127.0.0.1")).fetch(f"http://a.example:{site.port}/x")


@pytest.mark.parametrize(
    ("status", "problem"), [(401, "wants a login"), (403, "refuses robots"), (404, "answers 404"), (500, "answers 500")]
)
def test_errors_of_servers_are_told(site: WebServer, status: int, problem: str) -> None:
    """With what to do about it."""
    site.fails("/x", status)
    with pytest.raises(DocumentError, match=problem):
        web(site, Names(a_example="127.0.0.1")).fetch(f"http://a.example:{site.port}/x")


@pytest.mark.parametrize("when", ["headers", "body"])
def test_a_server_that_drips_is_left_at_the_deadline(site: WebServer, when: str) -> None:
    """The time is that of the whole fetch: bytes that come one by one do not make it longer."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        if when == "body":
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.end_headers()
        sender = iter(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000)
        while handler.connection.send(bytes([next(sender)])):
            handler.connection.settimeout(0.05)
            try:
                handler.connection.recv(1)
                return
            except TimeoutError:
                continue

    site.answers["/slow"] = drip
    with pytest.raises(DocumentError, match="took longer than 1 seconds"):
        web(site, Names(a_example="127.0.0.1"), within_s=1.0).fetch(f"http://a.example:{site.port}/slow")


def test_nobody_at_the_address(site: WebServer) -> None:
    """Each address of a name is tried; where none takes the connection, that is told."""
    names = Names(a_example="127.0.0.1 127.0.0.1")
    closed = PublicWeb(names, lambda _: True, frozenset({1}))
    with pytest.raises(DocumentError, match="cannot be reached"):
        closed.fetch("http://a.example:1/preise")


def test_proxies_of_the_environment_are_not_used(site: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would look names up anew, and reach what we may not."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    page = web(site, Names(a_example="127.0.0.1")).fetch(f"http://a.example:{site.port}/preise")
    assert page.data == PAGE


def test_tls_is_for_the_name_that_was_asked_for(tmp_path: Path) -> None:
    """The server is told the name, and its certificate has to be for it, while the address is the one looked up."""
    serving, trusting, names_told = certified(tmp_path, "valora.example")
    with web_server(serving) as site:
        site.says("/preise", PAGE)
        names = Names(valora_example="127.0.0.1", other_example="127.0.0.1")
        reached = PublicWeb(names, lambda address: address == LOOPBACK, frozenset({site.port}), trusting)
        assert reached.fetch(f"https://valora.example:{site.port}/preise").data == PAGE
        assert names_told == ["valora.example"]
        with pytest.raises(DocumentError, match="cannot be reached"):
            reached.fetch(f"https://other.example:{site.port}/preise")
        assert len(site.asked) == 1


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext, list[str]]:
    """A context to serve a name with, one that trusts it, and a list of the names that clients ask for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(private + certificate.public_bytes(encoding))
    (folder / "public.pem").write_bytes(certificate.public_bytes(encoding))
    told: list[str] = []
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "both.pem")
    serving.sni_callback = lambda _socket, server_name, _context: told.append(server_name)
    return serving, ssl.create_default_context(cafile=str(folder / "public.pem")), told
