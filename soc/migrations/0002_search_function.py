"""The search function."""

from django.db import migrations

from core.database_functions import definer_functions
from soc.sql import FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("soc", "0001_initial")]

    operations = [definer_functions(FUNCTIONS)]
