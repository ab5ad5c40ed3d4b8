"""What may still go to the court is read along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(status__in=["in_force", "breached"], about_status=False, confirmed=False)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("mediation", "0017_changes_are_noted")]

    operations = [
        AddIndexConcurrently(
            model_name="agreement",
            index=models.Index(fields=["confirm_by"], condition=OPEN, name="agreement_to_confirm"),
        ),
    ]
