"""People: who signs in, who acts, and who belongs to which tenant."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from core import ids
from core.actors import Actor
from core.history import FieldHistory
from core.models.rows import Record, record_rules

# How a person's pages look; the first of each is what a new person has.
DENSITIES = ("normal", "compact", "roomy")
THEMES = ("system", "light", "dark")


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Someone who signs in by e-mail, the service account of an application, or the platform
    itself.

    Global by declaration: one person may work for several tenants. Pick-lists come from memberships
    only. `token_version` rises when every token and session of the person must end. `time_zone` is
    for pages only: what the API says is in UTC. `columns` are those chosen of a list, by its name;
    a list that is not named shows its usual ones.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        SERVICE = "service"
        SYSTEM = "system"

    ID_PREFIX: ClassVar[str] = "per"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    email = models.EmailField(unique=True)
    name = models.TextField()
    kind = models.TextField(default=Kind.PERSON, editable=False)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False, editable=False)
    token_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    time_zone = models.TextField(default="UTC")
    density = models.TextField(default=DENSITIES[0])
    theme = models.TextField(default=THEMES[0])
    keys_on = models.BooleanField(default=True)
    columns = models.JSONField(default=dict)

    actor: Actor | None = None

    objects: ClassVar[Any] = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(density__in=DENSITIES), name="person_density_known"
            ),
            models.CheckConstraint(condition=models.Q(theme__in=THEMES), name="person_theme_known"),
            models.CheckConstraint(
                condition=models.Q(columns__contains={}), name="person_columns_by_list"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_id(self) -> str:
        return ids.show(self.ID_PREFIX, self.pk) or ""

    @property
    def is_staff(self) -> bool:
        """Every person may use the admin; what they see there, their tenant and scopes decide."""
        return self.is_active and self.kind == self.Kind.PERSON

    def has_perm(self, perm: str, obj: object = None) -> bool:
        from_scopes = self.actor is not None and _scope_of(perm) in self.actor.scopes
        return self.is_active and from_scopes

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.actor is not None and app_label in ("core", "grc", "soc")


class Membership(Record):
    """A person's place in a tenant, with a role. Counts once it is accepted, and while it is
    active.
    """

    ID_PREFIX: ClassVar[str] = "mem"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.TextField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(default=True, editable=False)
    first_steps_put_away_at = models.DateTimeField(null=True, editable=False)

    history = FieldHistory()

    class Meta:
        verbose_name_plural = "people"
        constraints = (
            *record_rules(),
            models.UniqueConstraint(fields=["tenant", "person"], name="membership_once_per_person"),
        )

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name once the person has come in: before, an invitation would tell names of other
        tenants' people.
        """
        return self.person.name if self.accepted_at else self.person.email


def _scope_of(perm: str) -> str:
    """Django's permission names, read as scopes: `soc.view_alert` is soc:read, `grc.change_risk` is
    grc:write.
    """
    app_label, _, action = perm.partition(".")
    if app_label == "core":
        return "admin:tenant"
    return f"{app_label}:read" if action.startswith("view_") else f"{app_label}:write"
