"""The parts of an EVE record: sightings by field, and a description by fixed rules."""

from collections.abc import Iterator
from typing import Any

from soc.intake.drafts import Sighting
from soc.intake.finish import cut

HASHES = {"md5": "hash_md5", "sha1": "hash_sha1", "sha256": "hash_sha256"}
MAX_QUOTED = 300


def text(value: object) -> str:
    """A scalar as text; '' for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def part(record: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of that name, or an empty one."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def parts(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of that name, be it one or a list."""
    value = record.get(name)
    return [
        item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)
    ]


def texts(value: object) -> list[str]:
    """Scalars as texts, be it one or a list."""
    return [
        found for item in (value if isinstance(value, list) else [value]) if (found := text(item))
    ]


def metadata(alert: dict[str, Any], name: str) -> list[str]:
    """A list of the rule's metadata; older versions write one value bare."""
    return texts(part(alert, "metadata").get(name))


def sightings(record: dict[str, Any]) -> list[Sighting]:
    """Indicators by field, addresses first."""
    ends = [
        Sighting("ip", text(record.get("src_ip")), "source"),
        Sighting("ip", text(record.get("dest_ip")), "destination"),
    ]
    found = (*_web(record), *_names(record), *_files(record), *_mail(record), *_rule(record))
    return ends + [seen for seen in found if seen.value]


def url(http: dict[str, Any]) -> str:
    """The URL that was asked for; '' without a host name, since none is made up."""
    path, host = text(http.get("url")), text(http.get("hostname"))
    if "://" in path or not host:
        return path if "://" in path else ""
    port = text(http.get("http_port"))
    host = f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host
    return f"http://{host}{':' + port if port not in {'', '80'} else ''}/{path.lstrip('/')}"


def _web(record: dict[str, Any]) -> Iterator[Sighting]:
    http, tls = part(record, "http"), part(record, "tls")
    yield Sighting("url", url(http), "url")
    for host in (text(http.get("hostname")), text(tls.get("sni"))):
        yield Sighting("domain", host, "domain")
        yield Sighting("ip", host, "destination")
    yield Sighting("user_agent", text(http.get("http_user_agent")), "other")
    yield Sighting("hash_sha1", text(tls.get("fingerprint")), "certificate")
    yield Sighting("hash_md5", text(part(tls, "ja3").get("hash")), "ja3")
    yield Sighting("hash_md5", text(part(tls, "ja3s").get("hash")), "ja3s")


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


def describe(record: dict[str, Any], alert: dict[str, Any], rule: str) -> str:
    """Sentences about what was seen, one for each part that the record has."""
    sentences = (
        _traffic(record, alert, rule),
        _quoted("Classified as {}.", alert.get("category")),
        _http(part(record, "http")),
        _quoted("TLS to {}.", part(record, "tls").get("sni")),
        _quoted("Certificate of {}.", part(record, "tls").get("subject")),
        *(_quoted("DNS name {}.", entry.get("rrname")) for entry in dns_entries(record)[:5]),
        *(_quoted("File {}.", entry.get("filename")) for entry in parts(record, "fileinfo")[:5]),
        *(_quoted("File {}.", entry.get("filename")) for entry in parts(record, "files")[:5]),
        _quoted("Mail from {}.", part(record, "smtp").get("mail_from")),
    )
    return "\n".join(dict.fromkeys(filter(None, sentences)))


def _quoted(sentence: str, value: object) -> str:
    found = " ".join(text(value).split())
    return sentence.format(cut(found, MAX_QUOTED)) if found else ""


def _traffic(record: dict[str, Any], alert: dict[str, Any], rule: str) -> str:
    revision = text(alert.get("rev"))
    name = f"Rule {rule}" if rule else "A rule"
    name += f" (revision {revision})" if rule and revision else ""
    source, destination = _end(record, "src"), _end(record, "dest")
    kind = f"{text(record.get('proto'))} traffic".strip()
    ways = (f"from {source}" if source else "", f"to {destination}" if destination else "")
    sentence = " ".join(filter(None, (f"{name} matched {kind}", *ways)))
    action = {"allowed": "; it was let through", "blocked": "; it was blocked"}
    return cut(f"{sentence}{action.get(text(alert.get('action')), '')}.", MAX_QUOTED)


def _end(record: dict[str, Any], side: str) -> str:
    address, port = text(record.get(f"{side}_ip")), text(record.get(f"{side}_port"))
    if not address or port in {"", "0"}:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _http(http: dict[str, Any]) -> str:
    asked = " ".join(
        filter(None, (text(http.get("http_method")), url(http) or text(http.get("url"))))
    )
    status = text(http.get("status"))
    answer = f" was answered with {status}" if status else ""
    return f"HTTP request {cut(asked, MAX_QUOTED)}{answer}." if asked else ""
