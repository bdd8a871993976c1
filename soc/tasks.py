"""Jobs of soc. Arguments are ids; each opens its tenant for one short transaction."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from core import tenancy
from soc.services import search


@app.task(name="soc.fill_search", queue="search", retry=5)
def fill_search(tenant_id: str, alert_ids: list[str]) -> None:
    """Make a batch of alerts findable by their words."""
    with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic():
        search.fill([UUID(text) for text in alert_ids])
