"""Which entries of the tenant's lists hold an indicator, read for many at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from soc.models import IndicatorListEntry

Name = tuple[str, str]
Networks = dict[tuple[int, int, int], list[IndicatorListEntry]]
NAMED = ("domain", "hostname")
EXACT = 1_000  # precision of the value itself, above every network and name
VERDICTS = {"known_good": "benign", "known_bad": "malicious", "watch": "suspicious"}
_ORDER = ("watch", "known_bad", "known_good")


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that holds a value. The longer its network or name, the more precise it is."""

    entry_id: UUID
    kind: str
    value: str
    reason: str
    precision: int

    @property
    def sentence(self) -> str:
        words = self.kind.replace("_", " ")
        return f"on the list {words} as {self.value}" + (f": {self.reason}" if self.reason else "")


def matches(names: Iterable[Name]) -> dict[Name, list[Match]]:
    """The live entries, not expired, that hold each (type, value): two queries for any number."""
    wanted = list(dict.fromkeys(names))
    spellings = {value for name in wanted for _, value, _ in _spellings(name)}
    exact: dict[Name, list[IndicatorListEntry]] = defaultdict(list)
    for entry in _live().filter(value__in=spellings):
        exact[entry.type, entry.value].append(entry)
    networks = _networks()
    found: dict[Name, list[Match]] = {}
    for name in wanted:
        held = [
            _match(entry, precision)
            for kind, value, precision in _spellings(name)
            for entry in exact.get((kind, value), ())
        ]
        held += [_match(entry, entry.network_length or 0) for entry in _holding(name, networks)]
        if held:
            found[name] = held
    return found


def deciding(held: Iterable[Match]) -> Match | None:
    """The entry whose verdict counts: the most precise; of equals, known good before known bad
    before watch.
    """
    judged = [match for match in held if match.kind in VERDICTS]
    return max(judged, key=lambda match: (match.precision, _ORDER.index(match.kind)), default=None)


def is_common(held: Iterable[Match]) -> bool:
    """Whether the lists say that sharing this value ties no alerts together."""
    known = list(held)
    decided = deciding(known)
    return any(match.kind == "ignore_similarity" for match in known) or (
        decided is not None and decided.kind == "known_good"
    )


def _live() -> QuerySet[IndicatorListEntry]:
    rows: QuerySet[IndicatorListEntry] = IndicatorListEntry.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    )
    return rows


def _spellings(name: Name) -> list[tuple[str, str, int]]:
    """The value itself, and for a name each part that a line beginning with a dot would hold."""
    kind, value = name
    found = [(kind, value, EXACT)]
    if kind in NAMED:
        labels = value.split(".")
        tails = [".".join(labels[at:]) for at in range(len(labels))]
        found += [(kind, f".{tail}", len(tail)) for tail in tails]
    return found


def _networks() -> Networks:
    """The live networks by version, length, and the bits that every address in them begins with."""
    found: Networks = defaultdict(list)
    for entry in _live().filter(network_length__isnull=False):
        network = ip_network(entry.value)
        found[_begins(network.network_address, network.prefixlen)].append(entry)
    return found


def _holding(name: Name, networks: Networks) -> list[IndicatorListEntry]:
    """The networks that hold an address, the longest first: a look-up for each length, however
    many networks there are.
    """
    kind, value = name
    if kind != "ip" or not networks:
        return []
    address = ip_address(value)
    lengths = range(address.max_prefixlen, -1, -1)
    return [entry for length in lengths for entry in networks.get(_begins(address, length), ())]


def _begins(address: IPv4Address | IPv6Address, length: int) -> tuple[int, int, int]:
    return address.version, length, int(address) >> (address.max_prefixlen - length)


def _match(entry: IndicatorListEntry, precision: int) -> Match:
    return Match(entry.pk, entry.kind, entry.value, entry.reason, precision)
