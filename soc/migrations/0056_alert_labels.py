"""Tags, tactics, techniques and tickets of alerts, a row each, kept by the database."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.constraints
import core.ids
import core.tenancy
from core.database_functions import statements
from soc.sql import LABELS, NO_LABELS


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0012_columns_of_people"),
        ("soc", "0055_links_keep_what_tells_them_apart"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertLabel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.ids.new, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                (
                    "alert",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="soc.alert",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=core.tenancy.required,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "alert"], name="labels_of_alert")],
                "constraints": [
                    core.constraints.RowSecurity(
                        column="tenant_id", name="alertlabel_of_its_tenant"
                    ),
                    core.constraints.TenantKey(field="alert", name="alertlabel_alert_same_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "value", "alert"), name="alert_label_once"
                    ),
                ],
            },
        ),
        statements(LABELS, NO_LABELS),
    ]
