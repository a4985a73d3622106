from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_postcard_day")]

    operations = [migrations.RemoveField(model_name="postcardrequest", name="date")]
