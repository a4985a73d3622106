from django.db import migrations, models


def to_state(apps, schema_editor):
    apps.get_model("surveys", "PostcardRequest").objects.filter(answered=True).update(state="complete")


def to_flag(apps, schema_editor):
    apps.get_model("surveys", "PostcardRequest").objects.filter(state="complete").update(answered=True)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_question_known_to_others")]

    operations = [
        migrations.AddField(
            model_name="postcardrequest",
            name="state",
            field=models.CharField(
                choices=[
                    ("offered", "Tilbudt"),
                    ("opened", "Åbnet"),
                    ("begun", "Begyndt"),
                    ("partly", "Delvist besvaret"),
                    ("complete", "Besvaret"),
                    ("declined", "Nej tak"),
                    ("expired", "Udløbet"),
                ],
                default="offered",
                max_length=10,
            ),
        ),
        migrations.RunPython(to_state, to_flag),
        migrations.RemoveField(model_name="postcardrequest", name="answered"),
        migrations.AddField(
            model_name="postcardcount",
            name="declined",
            field=models.PositiveIntegerField(default=0, verbose_name="sprunget over"),
        ),
    ]
