"""Who is on call."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import zhongzhi.rows.periods
import zhongzhi.rows.periods


class Migration(migrations.Migration):
    dependencies = [("grids", "0006_visits"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("window", models.CharField(blank=True, max_length=30, verbose_name="窗口")),
                ("leads", models.BooleanField(default=False, verbose_name="带班")),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(verbose_name="结束时间")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "值班",
                "verbose_name_plural": "值班",
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="shift",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="grids.organisation"
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="grids.rosterperson"
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="territory",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="grids.territory"
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["organisation", "ends_at"], name="shift_of_organisation"),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["territory", "ends_at"], name="shift_of_grid"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", False), ("territory__isnull", True)),
                    models.Q(("organisation__isnull", True), ("territory__isnull", False)),
                    _connector="OR",
                ),
                name="shift_at_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="shift_period",
                violation_error_message="结束时间应晚于开始时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    (zhongzhi.rows.periods.TimeRange("starts_at", "ends_at", models.Value("[)")), "&&"),
                ],
                name="shift_person_once_at_a_time",
                violation_error_message="该人员在这段时间已有值班。",
            ),
        ),
    ]
