"""The platform itself, in whose name jobs and commands write. People are global, so no tenant is
needed.
"""

from typing import Any

from django.db import migrations

from core.actors import SYSTEM_PERSON_ID


def add(apps: Any, schema_editor: Any) -> None:
    apps.get_model("core", "Person").objects.get_or_create(
        id=SYSTEM_PERSON_ID,
        defaults={
            "email": "platform@system.invalid",
            "name": "SOC platform",
            "kind": "system",
            "password": "!",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0002_functions")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
