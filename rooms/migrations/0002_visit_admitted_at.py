from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="admitted_at",
            field=models.DateTimeField(null=True),
        ),
    ]
