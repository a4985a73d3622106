"""Whose seat it is: somebody's at work, and one person's, however many devices the call went through."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0012_calls_of_a_fixed_room")]

    operations = [
        migrations.AddField(model_name="seat", name="by_login", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="seat", name="moved_on", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="seat",
            name="earlier_digest",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
