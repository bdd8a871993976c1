"""Indicators that a person judged, lists of known ones, correlated alerts and what is proposed."""

from typing import Any

from core import actors
from soc.models import Alert, Indicator
from soc.services import (
    alerts,
    correlation,
    enrichment,
    indicator_lists,
    indicators,
    proposals,
)
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    made = [*alerts_alike(line, word, "taken up"), *alerts_alike(line, word, "waiting")]
    system = actors.system(actor.tenant_id)
    for row in Indicator.objects.filter(alert_links__alert__in=made).distinct():
        indicators.update(row, {"tags": [f"tag {word}"]}, actor=actor, note=f"note {word}")
        indicators.judge(row, actor=actor, verdict="malicious", note=f"judged {word}")
    listed(line, word)
    enrichment.of_alerts([alert.pk for alert in made])
    correlation.relate([alert.pk for alert in made], actor=system)
    taken, _ = proposals.propose([alert.pk for alert in made], actor=system)
    proposals.accept(taken, actor=actor, note=f"accepted {word}")


def alerts_alike(line: Line, word: str, name: str) -> list[Alert]:
    """Alerts that share two values which no other has."""
    place = f"{name.replace(' ', '-')}-{word}-{line.alert.pk.hex}"
    values: dict[str, Any] = {
        "title": f"alike {word}",
        "indicators": [
            {"type": "file_name", "value": f"{place}.exe"},
            {"type": "url", "value": f"https://example.org/{place}"},
        ],
    }
    return [alerts.create(values, actor=line.cast.actor()) for _ in range(3)]


def listed(line: Line, word: str) -> None:
    """Lines of lists, one of them deleted."""
    actor = line.cast.actor()
    for name in ("kept", "gone"):
        entry = indicator_lists.create(
            {
                "kind": "watch",
                "type": "domain",
                "value": f"{name}-{line.alert.pk.hex}.{word}.example.org",
                "reason": f"reason {word}",
                "tags": [f"tag {word}"],
            },
            actor=actor,
            note=f"note {word}",
        )
    indicator_lists.delete(entry, actor=actor, note=f"gone {word}")
