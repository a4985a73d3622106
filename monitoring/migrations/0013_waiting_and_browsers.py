from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0011_cause_hub_full"),
    ]

    operations = [
        migrations.AddField(
            model_name="devicerecord",
            name="waited_seconds",
            field=models.PositiveIntegerField(null=True, verbose_name="ventede i sekunder"),
        ),
        migrations.AddField(
            model_name="devicequality",
            name="browser",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="devicequality",
            name="system",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="devicequality",
            name="seconds_to_picture",
            field=models.FloatField(null=True),
        ),
    ]
