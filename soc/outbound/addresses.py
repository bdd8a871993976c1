"""Which addresses may be called. A name is resolved once, each of its addresses is judged, and the
connection goes to the one that was judged: a name that answers otherwise a moment later gains
nothing.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PORTS = {"http": 80, "https": 443, "smtp": 25, "smtps": 465}
_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z][a-z0-9-]{0,62}\.?"
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """An address that may not be called, or a name that leads nowhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads: the name it was written with, and the port."""

    scheme: str
    host: str
    port: int
    path: str = ""


Resolver = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"The name {host} leads to no address.") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def read(url: str, schemes: Sequence[str]) -> Place:
    """A URL as it may be kept; Refused says what is wrong with it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("This is no address.") from error
    if parts.scheme not in schemes:
        raise Refused(f"Begin with {' or '.join(f'{each}://' for each in schemes)}.")
    _check_parts(url, parts)
    host = (parts.hostname or "").lower()
    if _literal(host) is None and not _NAME.fullmatch(host):
        raise Refused("Name the host as a name, or as an address in its usual form.")
    return Place(parts.scheme, host, port or PORTS[parts.scheme], parts.path.rstrip("/"))


def _check_parts(url: str, parts: SplitResult) -> None:
    if "@" in parts.netloc:
        raise Refused("Leave user and password out of the address; the secret has its own field.")
    if parts.query or parts.fragment:
        raise Refused("Leave out what follows ? and #.")
    if any(ord(each) <= 32 or ord(each) == 127 for each in url) or "\\" in url:
        raise Refused("An address holds no blanks and no backslashes.")


def check_literal(host: str, allowed: Sequence[Network]) -> None:
    """Refuse an address that is written out and may not be called; names are judged when called."""
    address = _literal(host)
    if address is not None and not may_call(address, allowed):
        raise Refused(_told(host))


def choose(host: str, port: int, allowed: Sequence[Network], resolver: Resolver = resolve) -> str:
    """The address to connect to. One inside among several refuses all of them."""
    literal = _literal(host)
    found = [str(literal)] if literal is not None else list(resolver(host, port))
    if not found:
        raise Refused(f"The name {host} leads to no address.")
    for text in found:
        if not may_call(ipaddress.ip_address(text.partition("%")[0]), allowed):
            raise Refused(_told(host))
    return found[0]


def may_call(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether an address is one of the public internet, or in a network that the operator allows.
    What is wrapped into IPv6 is judged as what it is.
    """
    real = _unwrapped(address)
    if any(real.version == net.version and real in net for net in allowed):
        return True
    return real.is_global and not (real.is_multicast or real.is_reserved or real.is_unspecified)


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is None and address.teredo:
        inner = address.teredo[1]
    return inner or address


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _told(host: str) -> str:
    return f"{host} leads to an address inside, which connectors may not call."
