"""抄送 of a document: part of its words, frozen with them at signature."""

import re
from importlib import import_module

from django.db import migrations, models

KEPT = import_module("referrals.migrations.0002_what_was_signed_never_changes")


def function(frozen):
    body = re.search(r"CREATE FUNCTION referrals_document_kept.*?END \$\$;", KEPT.FUNCTIONS, re.S)[0]
    rows = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in KEPT.FROZEN)
    wanted = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in frozen)
    return body.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(rows, wanted)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_one_waiting_step_of_a_rule")]

    operations = [
        migrations.AddField("document", "copied_to", models.CharField(blank=True, max_length=300, verbose_name="抄送", default=""), preserve_default=False),
        migrations.RunSQL(function([*KEPT.FROZEN, "copied_to"]), function(KEPT.FROZEN)),
    ]
