from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("soc", "0030_playbooks")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="due_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
