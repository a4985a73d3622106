from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0004_cause")]

    operations = [
        migrations.AddField(
            model_name="callrecord",
            name="is_test",
            field=models.BooleanField(default=False, verbose_name="prøveopkald"),
        ),
    ]
