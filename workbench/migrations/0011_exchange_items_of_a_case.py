"""What came in about a case is found by its code when the result goes out."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workbench", "0010_macros")]

    operations = [
        AddIndexConcurrently(
            model_name="exchangeitem",
            index=models.Index(
                condition=models.Q(("state", "taken")), fields=["client", "case_code"], name="exchange_item_of_case"
            ),
        ),
    ]
