"""What grc adds once all its models are loaded: guards of closing, and what people are told of."""

from uuid import UUID

from django.urls import reverse

from core import ids
from core.services import notifications
from grc.services import corrective_actions, obligations
from grc.services.obligation_watch import LEGAL
from grc.workflows import INCIDENT


def register() -> None:
    """Called once, when the app is ready."""
    INCIDENT.add_guard("close", obligations.what_is_due)
    INCIDENT.add_guard("close", corrective_actions.ownerless)
    notifications.register(LEGAL)
    notifications.register_page("incident", _page)


def _page(pk: UUID | None) -> str:
    if pk is None:
        return reverse("admin:grc_incident_changelist")
    return reverse("admin:grc_incident_change", args=[ids.show("inc", pk)])
