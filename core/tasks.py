"""Jobs of core. Arguments are ids; each opens its tenant for one short transaction."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from core import tenancy
from core.services import notifications


@app.task(name="core.mail_notifications", queue="mail", retry=5)
def mail_notifications(tenant_id: str) -> None:
    """Send what waits, each in a transaction of its own. A schedule calls this too, for
    what the mail server would not have before.
    """
    with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic():
        waiting = notifications.to_mail()
    for pk in waiting:
        with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic():
            notifications.mail(pk)
