from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0013_waiting_and_browsers")]

    operations = [
        migrations.CreateModel(
            name="ProbeDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="dag")),
                ("interval", models.PositiveIntegerField(verbose_name="sekunder pr. interval")),
                ("first_slot", models.BigIntegerField()),
                ("last_slot", models.BigIntegerField()),
                ("succeeded", models.PositiveIntegerField(verbose_name="lykkedes")),
                ("failed", models.PositiveIntegerField(verbose_name="fejlede")),
                ("failed_legs", models.JSONField(blank=True, default=dict, verbose_name="fejlede ved")),
                ("typical", models.JSONField(blank=True, default=dict, verbose_name="typisk tid")),
            ],
            options={
                "verbose_name": "dag med målinger af hubben",
                "verbose_name_plural": "dage med målinger af hubben",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="ProbeRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("slot", models.BigIntegerField(verbose_name="interval")),
                ("interval", models.PositiveIntegerField(verbose_name="sekunder pr. interval")),
                ("started_at", models.DateTimeField(verbose_name="begyndt")),
                ("failed", models.CharField(blank=True, default="", max_length=10, verbose_name="fejlede ved")),
                ("reason", models.CharField(blank=True, default="", max_length=40, verbose_name="fordi")),
                ("missing", models.JSONField(blank=True, default=list, verbose_name="manglede")),
                ("legs", models.JSONField(default=dict, verbose_name="led")),
            ],
            options={
                "verbose_name": "måling af hubben",
                "verbose_name_plural": "målinger af hubben",
                "indexes": [models.Index(fields=["slot"], name="probe_by_slot")],
            },
        ),
    ]
