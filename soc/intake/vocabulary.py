"""Severity words and categories of other tools in ours; what is not known stays as it came."""

# Syslog's words (RFC 5424, 6.2.1) as Falco and PagerDuty use them beside the usual ones.
SEVERITIES = {
    "critical": "critical",
    "crit": "critical",
    "fatal": "critical",
    "emergency": "critical",
    "emerg": "critical",
    "severe": "high",
    "high": "high",
    "major": "high",
    "error": "high",
    "err": "high",
    "medium": "medium",
    "med": "medium",
    "moderate": "medium",
    "warning": "medium",
    "warn": "medium",
    "low": "low",
    "minor": "low",
    "notice": "low",
    "informational": "informational",
    "information": "informational",
    "info": "informational",
}
# OCSF severity_id; 0 is unknown and 99 is other.
OCSF_SEVERITIES = {
    "1": "informational",
    "2": "low",
    "3": "medium",
    "4": "high",
    "5": "critical",
    "6": "critical",
}
# Ours: identity endpoint network cloud compliance, an open list. The rest are ECS
# event.category values and the words vendors use.
CATEGORIES = {
    "identity": ("authentication", "credential access", "iam", "session", "user"),
    "endpoint": ("driver", "edr", "file", "host", "library", "malware", "process", "registry"),
    "network": ("dns", "firewall", "ids", "intrusion_detection", "ips", "nids", "web"),
    "cloud": ("cloudtrail", "container", "kubernetes", "saas"),
    "compliance": ("configuration", "policy", "vulnerability"),
}
_OURS = {word: ours for ours, words in CATEGORIES.items() for word in (ours, *words)}


def severity(word: str) -> str:
    """Our severity for a word in any case; pending for words and scales not known."""
    return SEVERITIES.get(word.strip().lower(), "pending")


def category(word: str) -> str:
    """Our category, or the tool's own word."""
    return _OURS.get(word.strip().lower(), word.strip())
