"""What ended of the mediations that a court entrusted is read along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OVER = models.Q(status__in=["agreed", "failed"], origin__in=("court", "court_trial", "court_summary"))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("mediation", "0015_signing_by_hand")]

    operations = [
        AddIndexConcurrently(
            model_name="mediation",
            index=models.Index(fields=["ended_at"], condition=OVER, name="mediation_of_court_ended"),
        ),
    ]
