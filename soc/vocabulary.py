"""The words of the domain, checked in the application; columns are text (seed page PATCH
/v1/alerts).
"""

SEVERITIES = ("pending", "informational", "low", "medium", "high", "critical")
PRIORITIES = SEVERITIES[2:]  # of what people work on: cases and templates
MALICE = ("pending", "benign", "suspicious", "malicious")
ENRICHMENT = ("pending", "enriched", "failed")
DOCUMENT_TYPES = ("note", "procedure", "asset", "person", "policy", "threat")
FINDING_KINDS = ("artefact", "agent")
# What people do with evidence outside the platform; what it does itself is told beside it.
CUSTODY_ACTIONS = ("collected", "received", "transferred", "examined", "released", "destroyed")
VIEWED = ("alerts", "investigations")  # the lists whose filters can be saved
LIST_KINDS = ("known_good", "known_bad", "watch", "ignore_similarity")
CATEGORIES = ("identity", "endpoint", "network", "cloud", "compliance")
RESOLUTIONS = ("mitigated", "remediated", "accepted", "no_action", "false_positive", "other")
CLASSIFICATIONS = (
    "True Positive - Suspicious Activity",
    "Benign Positive - Suspicious but Expected",
    "False Positive - Incorrect Detection Logic",
    "False Positive - Inaccurate Data",
    "Undetermined",
    "Duplicate",
    "Not Applicable",
)
# Verdict in OCSF's words, and the cause behind it, as each classification sets them (design: life
# cycles).
VERDICTS: dict[str, tuple[str, str | None]] = {
    "True Positive - Suspicious Activity": ("true_positive", None),
    "Benign Positive - Suspicious but Expected": ("benign", "suspicious_but_expected"),
    "False Positive - Incorrect Detection Logic": ("false_positive", "analytic_logic"),
    "False Positive - Inaccurate Data": ("false_positive", "inaccurate_data"),
    "Undetermined": ("insufficient_data", None),
    "Duplicate": ("duplicate", None),
    "Not Applicable": ("disregard", "not_applicable"),
}
INDICATOR_TYPES = (
    "ip",
    "domain",
    "url",
    "email",
    "hash_md5",
    "hash_sha1",
    "hash_sha256",
    "account",
    "hostname",
    "file_name",
    "registry_key",
    "cve",
    "asn",
    "user_agent",
    "mac",
)
PLAYBOOK_CATEGORIES = (
    "preparation",
    "identification",
    "containment",
    "eradication",
    "recovery",
    "lessons_learned",
)
# What sets a playbook off by itself.
TRIGGER_EVENTS = ("created", "status_changed", "escalated")
CONNECTOR_KINDS = ("http", "smtp", "chat")
AUTH_SCHEMES = ("none", "basic", "bearer", "header", "signature")
TIMELINE_KINDS = ("event", "attacker", "response", "communication", "decision")

ACRONYMS = {"ip": "IP", "url": "URL", "cve": "CVE", "asn": "ASN", "mac": "MAC"}
HASHES = {"hash_md5": "MD5", "hash_sha1": "SHA-1", "hash_sha256": "SHA-256"}


def pairs(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Words as choices of a form: the value, and how it is read."""
    return tuple((word, read_aloud(word)) for word in words)


def read_aloud(word: str) -> str:
    """A word of a vocabulary as people read it."""
    known = ACRONYMS | HASHES
    if word in known or " " in word:
        return known.get(word, word)
    return word.replace("_", " ").capitalize()
