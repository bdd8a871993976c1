"""The functions that read several tenants, each as itself."""

from django.db import migrations

from core.database_functions import plain_functions
from soc.sql import ACROSS


class Migration(migrations.Migration):
    dependencies = [("soc", "0053_open_by_severity_indexed")]

    operations = [plain_functions(ACROSS)]
