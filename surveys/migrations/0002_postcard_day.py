import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostcardDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(unique=True)),
            ],
            options={
                "verbose_name": "dag med postkort",
                "verbose_name_plural": "dage med postkort",
            },
        ),
        migrations.AddField(
            model_name="postcardrequest",
            name="date",
            # Nobody has been asked yet where this migration runs.
            field=models.DateField(db_index=True, default=datetime.date(2026, 1, 1)),
            preserve_default=False,
        ),
    ]
