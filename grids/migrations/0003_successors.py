"""Places and organisations that took over from others."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grids", "0002_parent_code_is_the_prefix")]
    operations = [
        migrations.AddField(
            model_name="organisation",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                help_text="撤并后接替其工作的机构；总是指向最后接替的一个",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="grids.organisation",
                verbose_name="由谁接替",
            ),
        ),
        migrations.AddField(
            model_name="territory",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                help_text="撤并后由哪里接替；总是指向最后接替的一处",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="grids.territory",
                verbose_name="并入",
            ),
        ),
        migrations.AddField(
            model_name="territory",
            name="successor_code",
            field=models.CharField(blank=True, editable=False, max_length=15, null=True, verbose_name="接替代码"),
        ),
        migrations.AddField(
            model_name="territory",
            name="current_code",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce("successor_code", "code"),
                output_field=models.CharField(max_length=15),
            ),
        ),
        migrations.AddIndex(
            model_name="territory",
            index=models.Index(fields=["current_code"], name="territory_current", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("successor__isnull", True), ("successor_code__isnull", True)),
                    models.Q(
                        ("ends_on__isnull", False), ("successor__isnull", False), ("successor_code__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="territory_succeeded_is_retired",
            ),
        ),
    ]
