import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0039_lines_are_written_here")]

    operations = [
        migrations.AddField(
            model_name="handling",
            name="suggested",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grids.organisation",
                verbose_name="当时建议的单位",
            ),
        ),
        migrations.AddField(
            model_name="handling",
            name="suggested_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                choices=[("nearest", "相近旧案"), ("category", "类别通常主办"), ("place", "发生地司法所")],
                max_length=10,
                verbose_name="建议依据",
            ),
        ),
    ]
