"""The tenant: an organisation whose rows nobody else sees."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from core import ids
from core.constraints import RowSecurity


class Tenant(models.Model):
    """One organisation. Under row security by its own id, so that nobody reads the list of
    customers.
    """

    ID_PREFIX: ClassVar[str] = "ten"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slug = models.TextField(
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9-]{0,62}$", "Use lower-case letters, digits and hyphens."
            )
        ],
    )
    name = models.TextField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (RowSecurity(column="id"),)

    def __str__(self) -> str:
        return self.name

    @property
    def shown_id(self) -> str:
        return ids.show(self.ID_PREFIX, self.pk) or ""
