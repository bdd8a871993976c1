"""What happened, in sentences made by fixed rules from the record: no model, no guess."""

from collections.abc import Iterable

from django.utils import timezone

from soc.models import Alert


def of_alert(alert: Alert, indicators: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Up to four sentences: what and where, between whom, how often, and what the tool said of it.
    The indicators are given as role and value.
    """
    sentences = [_seen(alert), _between(indicators), _often(alert), _rule(alert)]
    return [sentence for sentence in sentences if sentence]


def _seen(alert: Alert) -> str:
    when = alert.occurred_at or alert.created_at
    moment = f"{timezone.localtime(when):%d %B %Y at %H:%M:%S %Z}"
    place = f" on {alert.host_name}" if alert.host_name else ""
    person = f", for the user {alert.user_name}" if alert.user_name else ""
    return f"{alert.source_name} saw this{place}{person} on {moment}."


def _between(indicators: Iterable[tuple[str, str]]) -> str:
    known = list(indicators)
    sources = [value for role, value in known if role == "source"]
    targets = [value for role, value in known if role == "destination"]
    if not sources or not targets:
        return ""
    return f"The traffic went from {sources[0]} to {targets[0]}."


def _often(alert: Alert) -> str:
    if not alert.duplicate_count:
        return ""
    return f"It was seen {alert.duplicate_count + 1} times in all."


def _rule(alert: Alert) -> str:
    name = alert.rule_name if alert.rule_name != alert.title else ""
    severity = f" and rated it {alert.source_severity}" if alert.source_severity else ""
    techniques = f" It names {', '.join(alert.mitre_techniques)}." if alert.mitre_techniques else ""
    rule = f"The rule {name or alert.rule_key} matched{severity}." if alert.rule_key else ""
    return f"{rule}{techniques}".strip()
