"""A description of an EVE alert by fixed rules."""

from typing import Any

from soc.intake.finish import cut
from soc.intake.formats._eve import dns_entries, url
from soc.intake.formats._values import part, parts, text

MAX_QUOTED = 300
MAX_ENTRIES = 5  # names and files that are told
ACTIONS = {"allowed": "; it was let through", "blocked": "; it was blocked"}


def describe(record: dict[str, Any], alert: dict[str, Any], rule: str) -> str:
    """Sentences about what was seen, one for each part that the record has."""
    tls, smtp = part(record, "tls"), part(record, "smtp")
    names = dns_entries(record) if "dns" in record else []
    files = parts(record, "fileinfo") + parts(record, "files")
    sentences = (
        _traffic(record, alert, rule),
        _quoted('Classified as "{}".', alert.get("category")),
        _http(part(record, "http")),
        _quoted("TLS to {}.", tls.get("sni")),
        _quoted("Certificate of {}.", tls.get("subject")),
        *(_quoted("DNS name {}.", entry.get("rrname")) for entry in names[:MAX_ENTRIES]),
        *(_quoted("File {}.", entry.get("filename")) for entry in files[:MAX_ENTRIES]),
        _quoted("Mail from {}.", smtp.get("mail_from")),
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
    return cut(f"{sentence}{ACTIONS.get(text(alert.get('action')), '')}.", MAX_QUOTED)


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
