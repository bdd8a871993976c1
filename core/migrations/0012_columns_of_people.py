from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0011_first_steps_of_members"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="columns",
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("columns__contains", {})), name="person_columns_by_list"
            ),
        ),
    ]
