"""Pages of the heads keep room: a head is rewritten with every entry of its chain, on its own page and without its index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_chainhead SET (fillfactor = 70)", "ALTER TABLE audit_chainhead RESET (fillfactor)"
        )
    ]
