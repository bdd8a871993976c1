"""SLA definitions and calendars, live and deleted; clocks that run and one that is paused."""

from soc.models import SLADefinition
from soc.services import calendars, clocks, investigations, slas
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    if not SLADefinition.objects.exists():
        _shared(line, word)
    clocks.refresh("alert", [line.alert.pk], actor=actor)
    sla = SLADefinition.objects.get(applies_to="investigation")
    case = investigations.create(
        {"title": f"timed {word}", "sla_definition_id": sla}, actor=actor, note=f"note {word}"
    )
    case = investigations.perform(case, "start", actor=actor)
    investigations.perform(case, "hold", actor=actor, pause_reason=f"reason {word}")


def _shared(line: Line, word: str) -> None:
    actor = line.cast.actor()
    hours = {"name": f"calendar {word}", "description": f"about {word}", "tags": [f"tag {word}"]}
    calendar = calendars.create(hours, actor=actor, note=f"note {word}")
    gone = calendars.create({**hours, "name": f"gone calendar {word}"}, actor=actor)
    calendars.delete(gone, actor=actor, note=f"gone {word}")
    values = {
        "description": f"about {word}",
        "acknowledge_minutes": 60,
        "resolve_minutes": 600,
        "calendar_id": calendar,
        "is_active": True,
        "tags": [f"tag {word}"],
    }
    of_alerts = {"name": f"alerts {word}", "levels": [line.alert.severity]}
    slas.create({**values, **of_alerts}, actor=actor)
    of_cases = {"name": f"cases {word}", "applies_to": "investigation"}
    slas.create({**values, **of_cases}, actor=actor, note=f"note {word}")
    gone_one = slas.create({**values, "name": f"gone sla {word}"}, actor=actor)
    slas.delete(gone_one, actor=actor, note=f"gone {word}")
