import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0011_fixed_rooms"),
    ]

    operations = [
        migrations.AddField(
            model_name="room",
            name="fixed_room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="rooms.fixedroom",
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="waiting_room",
            field=models.BooleanField(default=True, verbose_name="venterum"),
        ),
        migrations.AlterField(
            model_name="room",
            name="close_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("expired", "Tiden var gået"),
                    ("ended", "Afsluttet af værten"),
                    ("cancelled", "Aflyst"),
                    ("admin", "Lukket af MedCom"),
                    ("telephone", "Flyttet til telefon"),
                    ("empty", "Alle var gået"),
                ],
                default="",
                max_length=10,
                verbose_name="lukket fordi",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(
                condition=Q(("fixed_room__isnull", False), ("kind", "fixed"))
                | Q(Q(("kind", "fixed"), _negated=True), ("fixed_room__isnull", True)),
                name="room_fixed_has_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                condition=Q(("fixed_room__isnull", False), Q(("state", "closed"), _negated=True)),
                fields=("fixed_room",),
                name="room_one_live_per_address",
            ),
        ),
    ]
