from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("media", "0001_relay_room"),
    ]

    operations = [
        migrations.RenameModel("RelayRoom", "MediaRoom"),
        migrations.RenameField("MediaRoom", "worker", "server"),
        migrations.AlterField("MediaRoom", "server", models.CharField(blank=True, default="", max_length=300)),
        # Until now the relay alone had rows.
        migrations.AddField(
            "MediaRoom", "engine", models.CharField(default="relay", max_length=20), preserve_default=False
        ),
    ]
