"""Rows of tables that are being imported."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grids", "0007_duty"), ("jobs", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="行号")),
                ("cells_sealed", models.BinaryField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("new", "新增"),
                            ("changed", "变更"),
                            ("ended", "离任或停用"),
                            ("same", "无变化"),
                            ("faulty", "有误"),
                        ],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("faults", models.JSONField(default=list, verbose_name="问题")),
                ("changes", models.JSONField(default=list, help_text="变更的列名", verbose_name="变更")),
                ("label", models.CharField(blank=True, max_length=120, verbose_name="对象")),
                ("written", models.BooleanField(default=False, verbose_name="已写入")),
            ],
            options={
                "verbose_name": "导入行",
                "verbose_name_plural": "导入行",
            },
        ),
        migrations.AddField(
            model_name="importrow",
            name="job",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="jobs.job"),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["job", "verdict", "number"], name="import_row_verdict"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("job", "number"), name="import_row_once"),
        ),
    ]
