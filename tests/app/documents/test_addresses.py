"""What counts as the public internet: no address of a private or special network, and none in disguise."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.addresses import is_public, literal_address, resolve_by_system
from app.documents.refusal import DocumentError


@pytest.mark.parametrize(
    "address",
    [
        *"0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255".split(),
        *"192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1".split(),
        *"239.255.255.250 240.0.0.1 255.255.255.255".split(),
        *":: ::1 fe80::1 fc00::1 fd12:3456::1 ff02::1 100::1 2001:db8::1 2001::1 2001:2::1 3fff::1 5f00::1".split(),
        *"::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1".split(),
        *"2002:7f00:1:: 2002:808:808::1 fec0::1".split(),
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    """Loopback, private, shared, link-local, documentation, multicast, reserved, and IPv4 embedded in IPv6."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", "8.8.8.8 1.1.1.1 172.32.0.1 100.128.0.1 2606:4700::1111 2a00:1450::1".split())
def test_ordinary_addresses_are_public(address: str) -> None:
    """Servers of the internet."""
    assert is_public(ipaddress.ip_address(address))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_nothing_is_public_that_the_standard_library_knows_as_special(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Whatever is private, loopback, link-local, multicast, reserved or unspecified there is not public here."""
    special = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
    )
    assert not (is_public(address) and any(special))


@pytest.mark.parametrize(
    "host",
    [
        *"2130706433 0x7f000001 0177.0.0.1 127.1 127.0.1 0x7f.1 010.0.0.1 1 256.1.1.1 127.0.0.1. 1.2.3.4.5".split(),
        *"%31%32%37.0.0.1 fe80::1%25eth0 fe80::1%eth0 a..b -a.example example.0x1 ex%61mple.org".split(),
        *["", ".", "a" * 64 + ".org", "a." * 130 + "org", "exa mple.org", "bücher.example"],
    ],
)
def test_addresses_in_other_notations_are_refused(host: str) -> None:
    """What is neither a name nor an address in its usual notation."""
    with pytest.raises(DocumentError, match="no server on the public internet"):
        literal_address(host)


def test_names_and_addresses_are_told_apart() -> None:
    """A name is looked up, an address is taken as it is."""
    assert literal_address("xn--bcher-kva.example") is None
    assert literal_address("localhost.") is None
    assert literal_address("8.8.8.8") == ipaddress.ip_address("8.8.8.8")
    assert literal_address("2606:4700::1111") == ipaddress.ip_address("2606:4700::1111")


def test_the_system_is_asked_and_not_waited_for() -> None:
    """A name of this machine leads to it; who has no time, or asks for what is no name, finds nothing."""
    assert {address.is_loopback for address in resolve_by_system("localhost", 10.0)} == {True}
    assert resolve_by_system("no-such-name.invalid", 10.0) == ()
    assert resolve_by_system("localhost", -1.0) in ((), resolve_by_system("localhost", 10.0))
    assert resolve_by_system("a" * 300, 10.0) == ()
