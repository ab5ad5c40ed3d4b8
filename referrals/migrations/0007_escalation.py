"""Rules and steps of escalation are called so in code; their tables stay as they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_triggers_are_declared")]

    operations = [
        migrations.AlterModelTable("ladderrule", "referrals_ladderrule"),
        migrations.AlterModelTable("ladderstep", "referrals_ladderstep"),
        migrations.RenameModel("LadderRule", "EscalationRule"),
        migrations.RenameModel("LadderStep", "EscalationStep"),
        migrations.AlterField(
            "escalationstep",
            "document",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="escalation_steps",
                to="referrals.document",
            ),
        ),
    ]
