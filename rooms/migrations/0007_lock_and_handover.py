import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0008_rung_told_delayed")]

    operations = [
        migrations.AddField(
            model_name="room", name="is_locked", field=models.BooleanField(default=False, verbose_name="låst")
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digits_digest", models.CharField(max_length=64)),
                ("secret_digest", models.CharField(max_length=64)),
                ("token_digest", models.CharField(max_length=64)),
                ("claim_digest", models.CharField(blank=True, default="", max_length=64)),
                ("is_accepted", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                (
                    "seat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handover", to="rooms.seat"
                    ),
                ),
            ],
        ),
    ]
