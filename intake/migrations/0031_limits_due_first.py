"""Running limits by when they are due: what lists by deadline are read along."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("intake", "0030_violence_hangs_on_a_case")]
    operations = [
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("paused_at__isnull", True), ("stopped_at__isnull", True)),
                fields=["due_at", "case"],
                name="clock_due_first",
            ),
        ),
    ]
