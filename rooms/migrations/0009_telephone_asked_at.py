"""When a guest asked to go on by telephone, so that a doctor who comes later knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0007_lock_and_handover")]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="telephone_asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
