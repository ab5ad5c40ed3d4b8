import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0043_kept_pieces")]

    operations = [
        migrations.AlterField(
            model_name="rowremark",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="intake.case"
            ),
        ),
    ]
