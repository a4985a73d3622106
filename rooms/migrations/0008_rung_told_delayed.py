"""What a host does for those who wait: ring, say a sentence, say how late it gets."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0007_push_address")]

    operations = [
        migrations.AddField(
            model_name="room",
            name="delay_minutes",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="forsinket i minutter"),
        ),
        migrations.AddField(
            model_name="room",
            name="delayed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="seat",
            name="rung_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="seat",
            name="told",
            field=models.CharField(
                blank=True,
                choices=[
                    ("soon", "Jeg er der om et øjeblik."),
                    ("next", "Du er næste."),
                    ("late", "Jeg er forsinket. Bliv venligst her."),
                    ("papers", "Find venligst dine prøvesvar og din medicin frem."),
                    ("call", "Ring venligst til os."),
                    ("wait", "Vent venligst lidt endnu."),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
    ]
