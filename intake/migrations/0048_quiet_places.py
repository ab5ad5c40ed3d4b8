"""PostgreSQL knows of each place how many cases it has: what belongs to a quiet one is read along its index, and not looked
for among the newest of all."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0047_windows_without_a_query")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE intake_case ALTER COLUMN territory_id SET STATISTICS 1000",
            "ALTER TABLE intake_case ALTER COLUMN territory_id SET STATISTICS -1",
        )
    ]
