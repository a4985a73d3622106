"""The shipped questionnaires, published: every hub can ask from the first day."""

from django.db import migrations

from surveys.services.shipped import load_shipped, shipped


def load(apps, schema_editor):
    load_shipped(apps)


def remove(apps, schema_editor):
    """Those that nobody has answered or changed. The tables of the others go with the migration before."""
    versions = apps.get_model("surveys", "QuestionnaireVersion")
    for definition in shipped():
        found = versions.objects.filter(questionnaire__key=definition.key)
        if found.count() == 1 and not found.filter(responses__isnull=False).exists():
            found.delete()
            apps.get_model("surveys", "Questionnaire").objects.filter(
                key=definition.key, invitations__isnull=True
            ).delete()


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_questionnaires")]

    operations = [migrations.RunPython(load, remove)]
