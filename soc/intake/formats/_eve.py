"""The parts of an EVE record, and the indicators by field."""

from collections.abc import Callable, Iterator
from typing import Any

from soc.intake.drafts import Sighting
from soc.intake.formats._values import part, parts, text, texts

HASHES = {"md5": "hash_md5", "sha1": "hash_sha1", "sha256": "hash_sha256"}


def metadata(alert: dict[str, Any], name: str) -> list[str]:
    """A list of the rule's metadata; older versions write one value bare."""
    return texts(part(alert, "metadata").get(name))


def url(http: dict[str, Any]) -> str:
    """The URL that was asked for; '' without a host name, since none is made up."""
    path, host = text(http.get("url")), text(http.get("hostname"))
    if "://" in path or not host:
        return path if "://" in path else ""
    port = text(http.get("http_port"))
    host = f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host
    return f"http://{host}{':' + port if port not in {'', '80'} else ''}/{path.lstrip('/')}"


def _web(record: dict[str, Any]) -> Iterator[Sighting]:
    http = part(record, "http")
    yield Sighting("url", url(http), "url")
    yield from _host(text(http.get("hostname")))
    yield Sighting("user_agent", text(http.get("http_user_agent")), "other")


def _tls(record: dict[str, Any]) -> Iterator[Sighting]:
    tls = part(record, "tls")
    yield from _host(text(tls.get("sni")))
    yield Sighting("hash_sha1", text(tls.get("fingerprint")), "certificate")
    yield Sighting("hash_md5", text(part(tls, "ja3").get("hash")), "ja3")
    yield Sighting("hash_md5", text(part(tls, "ja3s").get("hash")), "ja3s")


def _host(name: str) -> Iterator[Sighting]:
    yield Sighting("domain", name, "domain")
    yield Sighting("ip", name, "destination")


def _names(record: dict[str, Any]) -> Iterator[Sighting]:
    for entry in dns_entries(record):
        yield Sighting("domain", text(entry.get("rrname")), "domain")
        yield Sighting("ip", text(entry.get("rdata")), "other")
        yield Sighting("domain", text(entry.get("rdata")), "domain")


def dns_entries(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Questions and answers of the three shapes of EVE's dns object."""
    dns = part(record, "dns")
    names = ("query", "queries", "answer", "answers", "rrs")
    nested = [entry for name in names for entry in parts(dns, name)]
    return [dns, *nested, *(item for entry in nested for item in parts(entry, "answers"))]


def _files(record: dict[str, Any]) -> Iterator[Sighting]:
    for entry in (*parts(record, "fileinfo"), *parts(record, "files")):
        yield Sighting("file_name", text(entry.get("filename")), "file")
        for name, kind in HASHES.items():
            yield Sighting(kind, text(entry.get(name)), "file")


def _mail(record: dict[str, Any]) -> Iterator[Sighting]:
    smtp, email = part(record, "smtp"), part(record, "email")
    for sender in (smtp.get("mail_from"), email.get("from")):
        yield Sighting("email", text(sender), "sender")
    for addressee in (*texts(smtp.get("rcpt_to")), *texts(email.get("to"))):
        yield Sighting("email", addressee, "recipient")


def _rule(record: dict[str, Any]) -> Iterator[Sighting]:
    for name in metadata(part(record, "alert"), "cve"):
        yield Sighting("cve", name, "other")


# By the part of the record that must be there; most records have one or two of them.
READERS: tuple[tuple[str, Callable[[dict[str, Any]], Iterator[Sighting]]], ...] = (
    ("http", _web),
    ("tls", _tls),
    ("dns", _names),
    ("fileinfo", _files),
    ("files", _files),
    ("smtp", _mail),
    ("email", _mail),
    ("alert", _rule),
)


def sightings(record: dict[str, Any]) -> list[Sighting]:
    """Indicators by field, addresses first."""
    ends = [
        Sighting("ip", text(record.get("src_ip")), "source"),
        Sighting("ip", text(record.get("dest_ip")), "destination"),
    ]
    found = (seen for name, read in READERS if name in record for seen in read(record))
    return ends + [seen for seen in found if seen.value]
