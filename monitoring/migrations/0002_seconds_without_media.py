from django.db import migrations, models


class Migration(migrations.Migration):
    """How long sound and picture stayed away: zero for the calls before."""

    dependencies = [
        ("monitoring", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="callrecord",
            name="seconds_without_media",
            field=models.PositiveIntegerField(default=0, verbose_name="sekunder uden lyd og billede"),
        ),
        migrations.AddField(
            model_name="devicequality",
            name="seconds_without_media",
            field=models.FloatField(default=0),
        ),
    ]
