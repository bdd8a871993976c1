"""Registers: assets, accounts and risks, and how incidents touch them."""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, TenantRow, record_rules
from grc.models.incident import Incident


def _newest(name: str) -> tuple[models.Index, ...]:
    """The indexes of a register's list."""
    live = models.Q(is_deleted=False)
    return (
        models.Index(fields=["tenant", "-id"], condition=live, name=f"{name}_newest"),
        models.Index(fields=["tenant", "updated_at"], name=f"{name}_by_update"),
        models.Index(fields=["tenant", "name"], name=f"{name}_by_name"),
    )


class Asset(Record):
    """Something worth protecting. `identifiers` are the names and addresses by which tools know
    it, in lower case.
    """

    ID_PREFIX: ClassVar[str] = "ast"
    SHARED: ClassVar[bool] = True

    name = models.TextField(default="Untitled asset")
    description = models.TextField(default="", blank=True)
    kind = models.TextField(default="", blank=True)
    criticality = models.TextField(default="medium")
    classification = models.TextField(default="", blank=True)
    service = models.TextField(default="", blank=True)
    identifiers = models.JSONField(default=list, blank=True)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="children",
        db_constraint=False,
        db_index=False,
    )

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules("parent"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="asset_is_not_its_own_parent",
            ),
        )
        indexes = (
            *_newest("asset"),
            models.Index(fields=["tenant", "parent"], name="asset_by_parent"),
        )

    def __str__(self) -> str:
        return self.name


class Account(Record):
    """An account of a person, a service or a customer."""

    ID_PREFIX: ClassVar[str] = "acc"
    SHARED: ClassVar[bool] = True

    name = models.TextField(default="Untitled account")
    description = models.TextField(default="", blank=True)
    kind = models.TextField(default="", blank=True)
    criticality = models.TextField(default="medium")
    identifiers = models.JSONField(default=list, blank=True)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    history = FieldHistory()

    class Meta:
        constraints = (*record_rules(),)
        indexes = (*_newest("account"),)

    def __str__(self) -> str:
        return self.name


class RiskScale(TenantRow):
    """How many steps likelihood and impact have in this tenant: one row, or the usual five."""

    likelihood_steps = models.PositiveSmallIntegerField(default=5)
    impact_steps = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(fields=["tenant"], name="risk_scale_once_per_tenant"),
        )


class Risk(Record):
    """What may happen: inherent, and residual after its treatment, on the tenant's scale."""

    ID_PREFIX: ClassVar[str] = "rsk"
    SHARED: ClassVar[bool] = True

    name = models.TextField(default="Untitled risk")
    description = models.TextField(default="", blank=True)
    category = models.TextField(default="", blank=True)
    inherent_likelihood = models.PositiveSmallIntegerField(null=True)
    inherent_impact = models.PositiveSmallIntegerField(null=True)
    residual_likelihood = models.PositiveSmallIntegerField(null=True)
    residual_impact = models.PositiveSmallIntegerField(null=True)
    treatment = models.TextField(null=True, blank=True)
    treatment_plan = models.TextField(default="", blank=True)
    review_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    history = FieldHistory()

    class Meta:
        constraints = (*record_rules(),)
        indexes = (*_newest("risk"),)

    def __str__(self) -> str:
        return self.name

    @property
    def inherent_score(self) -> int | None:
        """Likelihood times impact, before anything is done."""
        return _score(self.inherent_likelihood, self.inherent_impact)

    @property
    def residual_score(self) -> int | None:
        """Likelihood times impact, with the treatment."""
        return _score(self.residual_likelihood, self.residual_impact)


class IncidentLink(TenantRow):
    """That an incident touched an asset or an account, or realised a risk: exactly one of them."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    asset = models.ForeignKey(
        Asset,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    risk = models.ForeignKey(
        Risk,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    created_by = models.UUIDField()

    class Meta:
        constraints = (
            *tenant_rules("incident", "asset", "account", "risk"),
            models.CheckConstraint(
                condition=models.Q(asset__isnull=False, account__isnull=True, risk__isnull=True)
                | models.Q(asset__isnull=True, account__isnull=False, risk__isnull=True)
                | models.Q(asset__isnull=True, account__isnull=True, risk__isnull=False),
                name="incident_link_to_one_object",
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "incident"], name="link_of_incident"),
            models.Index(fields=["tenant", "asset"], name="link_of_asset"),
            models.Index(fields=["tenant", "account"], name="link_of_account"),
            models.Index(fields=["tenant", "risk"], name="link_of_risk"),
        )


def _score(likelihood: int | None, impact: int | None) -> int | None:
    return likelihood * impact if likelihood and impact else None
