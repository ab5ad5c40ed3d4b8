"""Somebody's open cases, when a case is due next and what is to be followed up are read along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OPEN = ("registered", "accepted", "dispatched", "handling", "concluded", "suspended")
RUNNING = models.Q(stopped_at__isnull=True, paused_at__isnull=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("intake", "0048_quiet_places")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["created_by"], condition=models.Q(status__in=OPEN), name="case_open_of"),
        ),
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(fields=["case", "due_at"], condition=RUNNING, name="clock_next_due"),
        ),
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                fields=["organisation", "due_at"],
                condition=models.Q(stopped_at__isnull=True, kind="follow_up"),
                name="clock_follow_up",
            ),
        ),
    ]
