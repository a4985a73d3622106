import django.db.models.deletion
from django.db import migrations, models

import vdx.lib.clock


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0013_seat_asked_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken_at", models.DateTimeField(default=vdx.lib.clock.now, verbose_name="begyndt")),
                ("kept_until", models.DateTimeField(null=True, verbose_name="holdes til")),
                (
                    "room",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="call_place", to="rooms.room"
                    ),
                ),
            ],
            options={
                "verbose_name": "plads til en samtale",
                "verbose_name_plural": "pladser til samtaler",
            },
        ),
    ]
