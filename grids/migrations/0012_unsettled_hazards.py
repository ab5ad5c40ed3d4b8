"""Hazards that are not settled are counted along an index, place by place."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("grids", "0011_impressions")]

    operations = [
        AddIndexConcurrently(
            model_name="hazard",
            index=models.Index(
                fields=["territory"], condition=models.Q(status__in=("open", "watched")), name="hazard_unsettled"
            ),
        ),
    ]
