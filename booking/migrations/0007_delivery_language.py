from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0006_meeting_is_test")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="language",
            field=models.CharField(
                choices=[("da", "Dansk"), ("en", "English")], default="da", max_length=2, verbose_name="sprog"
            ),
        ),
    ]
