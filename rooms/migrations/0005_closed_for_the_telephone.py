from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0004_room_by_address"),
    ]

    operations = [
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
                ],
                default="",
                max_length=10,
                verbose_name="lukket fordi",
            ),
        ),
    ]
