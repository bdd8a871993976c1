"""Detection rules, live, deleted and known by an alert only."""

from soc.services import alerts, rules
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    place = line.alert.pk.hex
    values = {
        "name": f"rule {word}",
        "source_name": f"tool {word}",
        "severity": "high",
        "mitre_tactics": ["TA0002"],
        "mitre_techniques": ["T1059"],
        "mitre_subtechniques": ["T1059.001"],
        "data_sources": [f"data source {word}"],
        "run_frequency": f"frequency {word}",
        "author": f"author {word}",
        "documentation": f"documentation {word}",
        "definition": f"definition {word}",
        "tags": [f"tag {word}"],
    }
    kept = rules.create({**values, "source_rule_id": f"kept {place}"}, actor=actor)
    rules.update(kept, {"name": f"newer {word}"}, actor=actor, note=f"note {word}")
    gone = rules.create({**values, "source_rule_id": f"gone {place}"}, actor=actor)
    rules.delete(gone, actor=actor, note=f"gone {word}")
    alert = {"source_name": f"tool {word}", "rule_name": f"stub {word}"}
    for key in ("kept", "stub"):
        alerts.create(
            {**alert, "title": f"fired {word}", "rule_key": f"{key} {place}"}, actor=actor
        )
