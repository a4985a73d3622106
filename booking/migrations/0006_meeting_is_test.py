from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0005_cause")]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="is_test",
            field=models.BooleanField(default=False, verbose_name="prøveopkald"),
        ),
    ]
