"""Which cases changed since a moment is read along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("intake", "0044_remarks_outlive_drafts")]

    operations = [
        AddIndexConcurrently(
            model_name="casechange",
            index=models.Index(fields=["at"], include=("case",), name="case_change_at"),
        ),
    ]
