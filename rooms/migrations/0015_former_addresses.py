import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0014_call_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=40, unique=True, verbose_name="adresse")),
                (
                    "fixed_room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_addresses",
                        to="rooms.fixedroom",
                        verbose_name="fast møderum",
                    ),
                ),
            ],
            options={
                "verbose_name": "tidligere adresse",
                "verbose_name_plural": "tidligere adresser",
            },
        ),
    ]
