import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0024_triggers_are_declared")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Rest", "Suspension"),
                migrations.AlterModelTable("suspension", "intake_rest"),
                migrations.AlterField(
                    "suspension",
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="intake.case"
                    ),
                ),
                migrations.RenameModel("TypedEntry", "EntryAutosave"),
                migrations.AlterModelTable("entryautosave", "intake_typedentry"),
            ]
        )
    ]
