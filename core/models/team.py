"""Teams: people of a tenant who own work together."""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models.person import Person
from core.models.rows import Record, TenantRow, record_rules


class Team(Record):
    """A team that may own work, whoever of it is on duty; seen by every application of the
    tenant.
    """

    ID_PREFIX: ClassVar[str] = "grp"
    SHARED: ClassVar[bool] = True

    name = models.TextField()

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=models.Q(is_deleted=False),
                name="team_name_once_per_tenant",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"], condition=models.Q(is_deleted=False), name="team_newest"
            ),
        )

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantRow):
    """That a person belongs to a team."""

    team = models.ForeignKey(
        Team,
        on_delete=models.CASCADE,
        related_name="member_links",
        db_constraint=False,
        db_index=False,
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_by = models.UUIDField()

    class Meta:
        constraints = (
            *tenant_rules("team"),
            models.UniqueConstraint(
                fields=["tenant", "team", "person"], name="team_member_once_per_team"
            ),
        )
