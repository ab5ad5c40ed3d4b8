from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The trail is long: its new indexes are built while others write."""

    atomic = False

    dependencies = [
        ("audit", "0003_checks"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="trailentry",
            index=models.Index(fields=["at", "id"], name="audit_entry_by_time"),
        ),
        AddIndexConcurrently(
            model_name="trailentry",
            index=models.Index(fields=["verb", "at"], name="audit_entry_by_verb"),
        ),
    ]
