import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower

import vdx.lib.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_api_clients"),
        ("rooms", "0010_handover_next_digest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RoomGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="navn")),
                ("created_at", models.DateTimeField(default=vdx.lib.clock.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_groups",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "users",
                    models.ManyToManyField(blank=True, related_name="room_groups", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "gruppe",
                "verbose_name_plural": "grupper",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(models.F("organisation"), Lower("name"), name="room_group_unique"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="room_group_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FixedRoom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="navn")),
                (
                    "address",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9]+(-[a-z0-9]+)*$")],
                        verbose_name="adresse",
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="beskrivelse"),
                ),
                (
                    "host_pin",
                    models.IntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1000),
                            django.core.validators.MaxValueValidator(999999999),
                        ],
                    ),
                ),
                (
                    "guest_pin",
                    models.IntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1000),
                            django.core.validators.MaxValueValidator(999999999),
                        ]
                    ),
                ),
                ("guest_pin_at", models.DateTimeField(default=vdx.lib.clock.now)),
                ("waiting_room", models.BooleanField(default=True, verbose_name="venterum")),
                ("is_active", models.BooleanField(default=True, verbose_name="i brug")),
                ("created_at", models.DateTimeField(default=vdx.lib.clock.now, verbose_name="oprettet")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fixed_rooms",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "users",
                    models.ManyToManyField(blank=True, related_name="fixed_rooms", to=settings.AUTH_USER_MODEL),
                ),
                ("groups", models.ManyToManyField(blank=True, related_name="fixed_rooms", to="rooms.roomgroup")),
            ],
            options={
                "verbose_name": "fast møderum",
                "verbose_name_plural": "faste møderum",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("address", Lower(models.F("address"))))
                        & models.Q(("address", ""), _negated=True),
                        name="fixed_room_address_in_shape",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="fixed_room_has_name"),
                ],
            },
        ),
    ]
