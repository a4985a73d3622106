"""The shipped national template: what a room is made from where no organisation has said otherwise."""

from django.db import migrations


def create(apps, schema_editor):
    template = apps.get_model("booking", "SchedulingTemplate")
    template.objects.create(
        organisation=None,
        is_default_template=True,
        vmr_available_before=15,
        open_after_minutes=15,
        max_participants=6,
        end_meeting_on_end_time=False,
        direct_media="best_effort",
    )


def remove(apps, schema_editor):
    apps.get_model("booking", "SchedulingTemplate").objects.filter(
        organisation=None, is_default_template=True, created_by=None
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]

    operations = [migrations.RunPython(create, remove)]
