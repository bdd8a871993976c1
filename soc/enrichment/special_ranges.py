"""Addresses and names that belong to nobody on the Internet, told from the value alone."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

from soc.enrichment.findings import Finding

# The first that holds an address tells what it is (IANA's special-purpose registries).
RANGES = tuple(
    (ip_network(net), words, ours)
    for net, words, ours in (
        ("10.0.0.0/8", "private address (RFC 1918)", True),
        ("172.16.0.0/12", "private address (RFC 1918)", True),
        ("192.168.0.0/16", "private address (RFC 1918)", True),
        ("100.64.0.0/10", "address shared behind a carrier (RFC 6598)", False),
        ("127.0.0.0/8", "address of the machine itself (RFC 1122)", True),
        ("169.254.0.0/16", "address of the local link (RFC 3927)", True),
        ("192.0.2.0/24", "address for documentation (RFC 5737)", False),
        ("198.51.100.0/24", "address for documentation (RFC 5737)", False),
        ("203.0.113.0/24", "address for documentation (RFC 5737)", False),
        ("198.18.0.0/15", "address for benchmarks (RFC 2544)", False),
        ("224.0.0.0/4", "multicast address (RFC 5771)", False),
        ("0.0.0.0/8", "address of this network (RFC 791)", False),
        ("240.0.0.0/4", "reserved address (RFC 1112)", False),
        ("::1/128", "address of the machine itself (RFC 4291)", True),
        ("fe80::/10", "address of the local link (RFC 4291)", True),
        ("fc00::/7", "private address (RFC 4193)", True),
        ("2001:db8::/32", "address for documentation (RFC 3849)", False),
        ("3fff::/20", "address for documentation (RFC 9637)", False),
        ("ff00::/8", "multicast address (RFC 4291)", False),
    )
)
ENDINGS = {
    "local": ("name of the local link (RFC 6762)", True),
    "home.arpa": ("name of a home network (RFC 8375)", True),
    "internal": ("name of an inside network (ICANN, 2024)", True),
    "localhost": ("name of the machine itself (RFC 6761)", True),
    "test": ("name for tests (RFC 6761)", False),
    "invalid": ("name that never exists (RFC 6761)", False),
    "example": ("name for documentation (RFC 6761)", False),
    "example.com": ("name for documentation (RFC 6761)", False),
    "example.net": ("name for documentation (RFC 6761)", False),
    "example.org": ("name for documentation (RFC 6761)", False),
}
ONION = Finding("name of a hidden service (RFC 7686); seldom reached for work", "suspicious")


@lru_cache(maxsize=16_384)
def tell(kind: str, value: str) -> Finding | None:
    """What a normalised value is by its range; None for an ordinary one."""
    if kind == "ip":
        return _address(value)
    return _name(value) if kind in ("domain", "hostname") else None


def _address(value: str) -> Finding | None:
    address = ip_address(value)
    for net, words, ours in RANGES:
        if address in net:
            return Finding(words, ours=ours)
    return None


def _name(value: str) -> Finding | None:
    if value.endswith(".onion"):
        return ONION
    for ending, (words, ours) in ENDINGS.items():
        if value == ending or value.endswith(f".{ending}"):
            return Finding(words, ours=ours)
    return None
