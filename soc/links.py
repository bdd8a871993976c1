"""What soc gives to grc: the investigations and alerts of incidents, and a say in closing them."""

from grc import links as grc_links
from grc.models import Incident
from grc.workflows import INCIDENT
from soc.models import Investigation
from soc.services import links


def register() -> None:
    """Called once, when all apps are loaded."""
    grc_links.register(
        "consolidated_investigation_ids", read=links.investigations_of_incidents, write=links.set_investigations
    )
    grc_links.register("triggered_by_alert_ids", read=links.escalated_alerts)
    INCIDENT.add_guard("close", no_open_investigation)


def no_open_investigation(incident: Incident) -> str | None:
    open_ones = Investigation.objects.open().filter(escalated_to_incident=incident)
    numbers = list(open_ones.order_by("id").values_list("investigation_number", flat=True)[:5])
    if not numbers:
        return None
    verb = "is" if len(numbers) == 1 else "are"
    return f"{', '.join(numbers)} {verb} still open. Resolve or close what belongs to this incident first."
