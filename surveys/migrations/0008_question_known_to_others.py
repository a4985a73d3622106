"""Questions whose answers others may know count where nobody may be singled out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0007_postcard_count")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="known_to_others",
            field=models.BooleanField(default=False, verbose_name="andre kan kende svaret"),
        ),
    ]
