"""Pages of the web, fetched from the public internet alone, whatever an address, a name or a redirect leads to."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
from httpcore2 import URL, ConnectionPool, NetworkError, ProtocolError, TimeoutException, default_ssl_context

from app.documents.addresses import (
    NOT_PUBLIC,
    REMEDY,
    Address,
    Resolve,
    is_public,
    literal_address,
    resolve_by_system,
)
from app.documents.connections import Deadline, PinnedBackend
from app.documents.pages import Page
from app.documents.refusal import refusal
from app.documents.responses import headers_of, read_page

MOST_REDIRECTS = 3
LONGEST_URL = 2_000
DEADLINE_S = 20.0

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = (
    ("User-Agent", "Verbatim/1 (research sources)"),
    ("Accept", "text/html, application/xhtml+xml, application/pdf, text/plain, text/markdown;q=0.9, */*;q=0.1"),
    ("Accept-Encoding", "gzip"),
)


@dataclass(frozen=True)
class PublicWeb:
    """What is reached of the web: where names lead, which addresses and ports are allowed, and within which time."""

    resolve: Resolve = resolve_by_system
    allows: Callable[[Address], bool] = is_public
    ports: frozenset[int] = frozenset(_PORTS.values())
    trust: ssl.SSLContext = field(default_factory=default_ssl_context)
    within_s: float = DEADLINE_S

    def fetch(self, url: str) -> Page:
        """Fetch a page; its redirects are followed, each checked like the address itself.

        Raises:
            DocumentError: the address is none that may be fetched, or nothing that can be read came from there.
        """
        deadline = Deadline.within(self.within_s)
        try:
            target = _read_url(url)
            for _ in range(MOST_REDIRECTS + 1):
                found = self._visit(target, deadline)
                if isinstance(found, Page):
                    return found
                target = found
        except TimeoutException as error:
            raise refusal(f"the server took longer than {self.within_s:.0f} seconds", REMEDY, "url") from error
        except (NetworkError, ProtocolError, ssl.SSLError) as error:
            raise refusal("the server cannot be reached, or broke off", REMEDY, "url") from error
        raise refusal(f"more than {MOST_REDIRECTS} redirects", "give the address that they lead to", "url")

    def _visit(self, target: httpx2.URL, deadline: Deadline) -> Page | httpx2.URL:
        """Fetch what is at one address: the page, or where it has gone."""
        host = target.raw_host.decode("ascii")
        backend = PinnedBackend(self._addresses(target, host, deadline), deadline)
        url = URL(scheme=target.scheme, host=host, port=target.port, target=target.raw_path)
        headers = [("Host", target.netloc.decode("ascii")), *_HEADERS]
        with (
            ConnectionPool(self.trust, network_backend=backend, max_connections=1) as pool,
            pool.stream("GET", url, headers=headers) as response,
        ):
            location = headers_of(response).get("location")
            if response.status in _REDIRECTS and location is not None:
                return _read_url(location, target)
            return read_page(response, host, target.path)

    def _addresses(self, target: httpx2.URL, host: str, deadline: Deadline) -> tuple[Address, ...]:
        """Where an address leads: looked up once, and nowhere at all unless everything found is allowed."""
        usual = _PORTS[target.scheme]
        if (target.port or usual) not in self.ports:
            raise refusal("an unusual port", f"give an address with port {usual}", "url")
        literal = literal_address(host)
        found = [literal] if literal else list(self.resolve(host, deadline.left_s(TimeoutException)))
        if not found or not all(map(self.allows, found)):
            raise refusal(NOT_PUBLIC, REMEDY, "url")
        return tuple(found)


def _read_url(url: str, base: httpx2.URL | None = None) -> httpx2.URL:
    """Read an address, or one that is written in relation to another."""
    try:
        read = None if len(url) > LONGEST_URL else base.join(url) if base else httpx2.URL(url)
    except httpx2.InvalidURL:
        read = None
    if read is None or read.scheme not in _PORTS or not read.raw_host:
        remedy = "write the whole address: `https://example.org/page`"
        raise refusal("no web address (http or https)", remedy, "url")
    if read.userinfo:
        raise refusal("a name and password in the address", "leave them out", "url")
    return read
