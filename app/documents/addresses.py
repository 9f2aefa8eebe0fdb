"""Which addresses lie on the public internet, and which hosts a page may be fetched from."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address
from queue import Empty, SimpleQueue
from threading import Thread

from app.documents.refusal import refusal

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, float], Sequence[Address]]
"""The addresses of a host name, found within some seconds; none where it has none."""

# IANA special-purpose registries (RFC 6890), multicast and reserved space.
_SPECIAL_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4".split(),
    )
)
# Beyond global unicast lie loopback, link-local, unique local and multicast addresses, and IPv4 mapped or translated
# (NAT64); within it, tunnels that embed IPv4 (Teredo, 6to4) and documentation.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))

_HOST_NAME = re.compile(r"(?=.{1,253}\.?$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)

NOT_PUBLIC = "this leads to no server on the public internet"
REMEDY = "save the page as a file, and add that"


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and no other address in disguise."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    return address in _GLOBAL_V6 and not any(address in network for network in _SPECIAL_V6)


def literal_address(host: str) -> Address | None:
    """The address that a host is written as, `None` for a name.

    Raises:
        DocumentError: it is neither an address in its usual notation nor a name.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        if _HOST_NAME.fullmatch(host) and not _NUMBER.fullmatch(last):
            return None
        raise refusal(NOT_PUBLIC, REMEDY, "url") from None
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise refusal(NOT_PUBLIC, REMEDY, "url")
    return address


def resolve_by_system(host: str, within_s: float) -> Sequence[Address]:
    """Ask the system for the addresses of a host name; none where it has none or nobody answers in time."""
    found: SimpleQueue[Sequence[Address]] = SimpleQueue()
    # The call cannot be broken off: whoever waits goes on without it.
    Thread(target=lambda: found.put(_look_up(host)), daemon=True).start()
    try:
        return found.get(timeout=max(0.0, within_s))
    except Empty:
        return ()


def _look_up(host: str) -> Sequence[Address]:
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(ipaddress.ip_address(str(entry[4][0])) for entry in entries))
