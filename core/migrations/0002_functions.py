"""The database functions: signing in, the audit chain, numbers."""

from django.db import migrations

from core import sql
from core.database_functions import definer_functions, plain_functions


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        plain_functions(sql.PLAIN_FUNCTIONS),
        definer_functions(sql.DEFINER_FUNCTIONS),
    ]
