"""Cases that were led to a road before roads were kept wait for its result like the others."""

from django.db import migrations

FILL = """
INSERT INTO intake_roadtaken (case_id, road, led_at, led_by_id, number, result)
SELECT id, road, concluded_at, concluded_by_id, '', '' FROM intake_case
WHERE outcome = 'unresolved' AND road <> '' AND concluded_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0017_roads_of_cases")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
