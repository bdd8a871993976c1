"""Assets, accounts and risks: registers of the library."""

from typing import Any

from django.contrib import admin
from django.urls import reverse

from core.admin.editing import Field, words
from core.admin.register import Column, Entry, Panel
from grc.admin.sheets import SheetAdmin
from grc.api.register_shapes import AccountSerializer, AssetSerializer, RiskSerializer
from grc.filters import AccountFilters, AssetFilters, RiskFilters
from grc.models import Account, Asset, CorrectiveAction, Risk
from grc.services import accounts, action_risks, assets, risks
from grc.vocabulary import SEVERITIES
from grc.workflows import WRITE

NAME = Field("name", "Name", starts_empty=True)
CRITICALITY = Field("criticality", "Criticality", "choice", words(SEVERITIES))
COMMON = (
    Field("owner_id", "Owner", "member"),
    Field("description", "Description", "text"),
    Field("tags", "Tags", "tags"),
)
STEPS = (
    Field("inherent_likelihood", "Inherent likelihood", "number"),
    Field("inherent_impact", "Inherent impact", "number"),
    Field("residual_likelihood", "Residual likelihood", "number"),
    Field("residual_impact", "Residual impact", "number"),
)


class GrcRegister(SheetAdmin):
    """Read by who reads grc, written by who writes there."""

    read_scope = "grc:read"
    write_scope = delete_scope = WRITE
    naming = "name"
    keeper = "owner_id"


@admin.register(Asset)
class AssetAdmin(GrcRegister):
    service = assets
    serializer_class = AssetSerializer
    filterset_class = AssetFilters
    heading = "Assets"
    empty = "No assets yet. Write down what is worth protecting, or read in a CSV."
    columns = (
        Column("Name", "name"),
        Column("Kind", "kind"),
        Column("Criticality", "criticality"),
        Column("Service", "service"),
        Column("Changed", "updated_at"),
    )
    facts = (
        Column("Kind", "kind"),
        Column("Criticality", "criticality"),
        Column("Classification", "classification"),
        Column("Service", "service"),
        Column("Part of", "parent"),
        Column("Known as", "identifiers"),
        Column("Owner", "owner"),
        Column("Description", "description"),
        Column("Tags", "tags"),
    )
    editable = (
        Field("name", "Name"),
        Field("kind", "Kind"),
        CRITICALITY,
        Field("classification", "Classification"),
        Field("service", "Service"),
        Field("identifiers", "Known as", "tags", help="Host names, addresses, identifiers."),
        Field("parent_id", "Part of", "pick", prefix=Asset.ID_PREFIX),
        *COMMON,
    )
    creatable = (
        NAME,
        CRITICALITY,
        Field("parent_id", "Part of", "pick", prefix=Asset.ID_PREFIX, starts_empty=True),
    )


@admin.register(Account)
class AccountAdmin(GrcRegister):
    service = accounts
    serializer_class = AccountSerializer
    filterset_class = AccountFilters
    heading = "Accounts"
    empty = "No accounts yet."
    columns = (
        Column("Name", "name"),
        Column("Kind", "kind"),
        Column("Criticality", "criticality"),
        Column("Changed", "updated_at"),
    )
    facts = (
        Column("Kind", "kind"),
        Column("Criticality", "criticality"),
        Column("Known as", "identifiers"),
        Column("Owner", "owner"),
        Column("Description", "description"),
        Column("Tags", "tags"),
    )
    editable = (
        Field("name", "Name"),
        Field("kind", "Kind"),
        CRITICALITY,
        Field("identifiers", "Known as", "tags"),
        *COMMON,
    )
    creatable = (NAME, CRITICALITY)


@admin.register(Risk)
class RiskAdmin(GrcRegister):
    service = risks
    serializer_class = RiskSerializer
    filterset_class = RiskFilters
    heading = "Risks"
    empty = "No risks yet. Incidents show which of them came true."
    columns = (
        Column("Name", "name"),
        Column("Inherent", "inherent_score"),
        Column("Residual", "residual_score"),
        Column("Treatment", "treatment"),
        Column("Review", "review_at"),
    )
    facts = (
        Column("Category", "category"),
        Column("Inherent", "inherent_score"),
        Column("Residual", "residual_score"),
        Column("Treatment", "treatment"),
        Column("Plan", "treatment_plan"),
        Column("Review", "review_at"),
        Column("Owner", "owner"),
        Column("Description", "description"),
        Column("Tags", "tags"),
    )
    editable = (
        Field("name", "Name"),
        Field("category", "Category"),
        *STEPS,
        Field("treatment", "Treatment", "choice", words(risks.TREATMENTS)),
        Field("treatment_plan", "Plan", "text"),
        Field("review_at", "Review", "time"),
        *COMMON,
    )
    creatable = (NAME, *STEPS)

    def panels(self, row: Any) -> list[Panel]:
        actions = action_risks.rows_of_risk(row)
        return [Panel("Corrective actions", [_action(each) for each in actions])]


def _action(action: CorrectiveAction) -> Entry:
    return Entry(
        action.title,
        reverse("admin:grc_correctiveaction_change", args=[action.shown_id]),
        action.owner.name if action.owner else "nobody",
        action.due_at,
        action.status,
    )
