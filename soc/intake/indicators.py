"""Indicators of a record: those a format names, and those found in its texts."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from soc.intake.domains import looks_inside, looks_like_domain
from soc.intake.drafts import Sighting
from soc.intake.normalise import is_plain_v4, normalise

MAX_SIGHTINGS = 200  # of a record
MAX_TEXT = 64 * 1024  # of a leaf
MAX_TEXTS = 1024 * 1024  # of all leaves of a record
CACHED_TEXT = 256

# Every pattern starts where a word starts and never goes back, so that time is linear.
_DEFANGED = re.compile(
    r"(?P<dot>\s?[\[({](?:\.|dot)[\])}]\s?|\[\.(?=\w))|(?P<colon>\[:\])|(?P<slashes>\[:?//\])"
    r"|(?P<slash>\[/\])|(?P<at>\s?[\[({](?:@|at)[\])}]\s?)"
    r"|(?P<scheme>\bh(?:xx|xt|tx)p(?=s?(?::|\[)))",
    re.IGNORECASE,
)
_REFANGED = {
    "dot": ".",
    "colon": ":",
    "slashes": "://",
    "slash": "/",
    "at": "@",
    "scheme": "http",
}
_URL = re.compile(
    r"(?<![a-z])(?:https?|s?ftps?|wss?|ldaps?|rmi|smb|ssh)://[^\s\"'<>\\^`{|}]++",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.%+@-])([\w.%+-]{1,64}+)@([\w-]++(?:\.[\w-]++)++)")
_IPV4 = re.compile(r"(?<![\w.\-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.\w)", re.ASCII)
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:.]{3,45}+(?![\w])", re.ASCII)
_DOTTED = re.compile(r"(?<![\w.@/\\$%-])[\w-]++(?:\.[\w-]++)++(?![@(\w])")
_HASH = re.compile(r"\b[0-9A-Fa-f]{32,64}+(?!\w)", re.ASCII)
_CVE = re.compile(r"(?<!\w)CVE[-_][0-9]{4}[-_][0-9]{4,19}+(?!\w)", re.IGNORECASE | re.ASCII)
_MAC = re.compile(
    r"(?<![\w:-])(?:[0-9A-F]{2}([:-])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2})(?![\w:-])", re.IGNORECASE
)
# Four digits or more: AS400 and AS2 are no networks.
_ASN = re.compile(r"(?<!\w)(?:AS[0-9]{4,10}|ASN[ :]?[0-9]{1,10})(?!\w)", re.ASCII)
_DEFANGING = ("[", "(", "{", "hxxp", "hxtp", "htxp")  # without one of these nothing is defanged
_REGISTRY = re.compile(r"\\?(?:HKLM|HKCU|HKCR|HKU|HKEY_[A-Z_]+|REGISTRY):?\\", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]+(?:Z|[+-][0-9:]{4,6})?", re.ASCII)
# A product's version before an address-like number: `Chrome/120.0.0.0`, `version 10.0.2.1`.
_VERSION = re.compile(
    r"(?:[A-Za-z]/|\bv(?:er(?:sion)?)?\.?\s?|\bbuild\s|\brelease\s)$", re.IGNORECASE
)
_MUTE_KEY = re.compile(r"user[-_.]?agent|version|(?:^|[._])oid$", re.IGNORECASE)
_ID_KEY = re.compile(r"(?:id|serial|token|cursor|trace|span|session|cookie|nonce)$", re.IGNORECASE)
_HASHES = {32: "hash_md5", 40: "hash_sha1", 64: "hash_sha256"}


def extract(record: dict[str, Any], mapped: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Give the mapped sightings, normalised, then what the texts of the record hold.

    Each type and value once, the first role wins, at most 200.
    """
    found: dict[tuple[str, str], Sighting] = {}
    for sighting in mapped:
        value = normalise(sighting.type, sighting.value)
        if value and len(found) < MAX_SIGHTINGS:
            found.setdefault((sighting.type, value), Sighting(sighting.type, value, sighting.role))
    for key in _keys_in_record(record):
        if len(found) >= MAX_SIGHTINGS:
            break
        found.setdefault(key, Sighting(*key, "other"))
    return tuple(found.values())


def refang(text: str) -> str:
    """Undo hxxp, [.], (dot), [:], [/], [at] and their like."""
    return _DEFANGED.sub(lambda found: _REFANGED[found.lastgroup or ""], text)


def leaves(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Walk the string leaves with the key each hangs on, in the record's order."""
    stack: list[tuple[str, Any]] = [("", record)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            stack.extend(reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((key, item) for item in reversed(value))


def _keys_in_record(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    budget = MAX_TEXTS
    for key, text in leaves(record):
        if len(text) < 4 or _is_mute(key):
            continue
        looked_at = text[: min(MAX_TEXT, budget)]
        budget -= len(looked_at)
        search = _cached if len(looked_at) <= CACHED_TEXT else find
        yield from search(looked_at, not _is_id(key))  # an id of 32 hex digits is no MD5
        if budget <= 0:
            return


@lru_cache(maxsize=4_096)
def _is_mute(key: str) -> bool:
    return _MUTE_KEY.search(key) is not None


@lru_cache(maxsize=4_096)
def _is_id(key: str) -> bool:
    return _ID_KEY.search(key) is not None


def find(text: str, hashes: bool = True) -> tuple[tuple[str, str], ...]:
    """Give (type, value) of the indicators in a text, normalised, in no promised order."""
    if is_plain_v4(text):
        return tuple(_addresses(text))
    lowered = text.lower()
    if any(mark in lowered for mark in _DEFANGING):
        text = refang(text)
    if "." not in text and ":" not in text and "\\" not in text:
        return tuple(_bare(text, hashes))
    if len(text) < 40 and _TIME.fullmatch(text):
        return ()
    return tuple(_all(text, hashes))


_cached = lru_cache(maxsize=16_384)(find)


def _all(text: str, hashes: bool) -> Iterator[tuple[str, str]]:
    if "://" in text:
        for found in _URL.findall(text):
            yield from _url_and_host(found.rstrip(".,;:!?)]*"))
        text = _URL.sub(" ", text)
    if "@" in text:
        yield from _kept("email", ("@".join(pair) for pair in _EMAIL.findall(text)))
    if "." in text:
        yield from _addresses(text)
        yield from _names(text)
    if text.count(":") > 1:
        yield from _addresses_v6(text)
    if _REGISTRY.match(text):
        yield from _kept("registry_key", [text])
    yield from _bare(text, hashes)


def _kept(kind: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        if known := normalise(kind, value):
            yield kind, known


def _url_and_host(text: str) -> Iterator[tuple[str, str]]:
    url = normalise("url", text)
    if not url:
        return
    yield "url", url
    yield from host_of(url)


def host_of(url: str) -> Iterator[tuple[str, str]]:
    """The host of a normalised URL, as an ip or a domain; nothing for a bare name."""
    host = url.partition("://")[2].partition("/")[0]
    yield from [*_kept("ip", [host]), *_kept("domain", [host.rpartition(":")[0] or host])][:1]


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    for found in _IPV4.finditer(text):
        address = found[0]
        before = text[max(0, found.start() - 10) : found.start()]
        if not address.startswith(("0.", "127.")) and not _VERSION.search(before):
            yield from _kept("ip", [address])


def _addresses_v6(text: str) -> Iterator[tuple[str, str]]:
    """IPv6, but neither a time (12:30:01), an EUI-64 in pairs, nor C++'s Bad::Face."""
    for found in _IPV6.findall(text):
        word = found.rstrip(".")
        word = word if word.endswith("::") else word.rstrip(":")
        groups = [group for group in word.split(":") if group]
        told = "::" in word or any(len(group) > 2 for group in groups)
        if len(groups) > 1 and told and any(char.isdigit() for char in word):
            yield from _kept("ip", [word])


def _names(text: str) -> Iterator[tuple[str, str]]:
    for word in _DOTTED.findall(text):
        if looks_like_domain(word):
            yield from _kept("domain", [word])
        elif looks_inside(word):
            yield from _kept("hostname", [word])


def _bare(text: str, hashes: bool) -> Iterator[tuple[str, str]]:
    if hashes and len(text) >= 32:
        for digits in _HASH.findall(text):
            if len(digits) in _HASHES and not digits.isdigit() and not digits.isalpha():
                yield from _kept(_HASHES[len(digits)], [digits])
    if text.count(":") > 4 or text.count("-") > 4:
        yield from _kept("mac", (found[0] for found in _MAC.finditer(text)))
    if "AS" in text:
        yield from _kept("asn", (word.replace(":", "") for word in _ASN.findall(text)))
    if "cve" in text.lower():
        yield from _kept("cve", _CVE.findall(text))
