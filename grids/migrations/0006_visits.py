"""Visits planned and made; outreach."""

import uuid

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grids", "0005_hazards"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="OutreachEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("anti_fraud", "反诈宣讲"),
                            ("law", "普法宣传"),
                            ("safety", "安全宣传"),
                            ("mediation", "以案说法"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("topic", models.CharField(max_length=100, verbose_name="主题")),
                ("held_on", models.DateField(verbose_name="日期")),
                ("reached", models.PositiveIntegerField(verbose_name="到场人数")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "宣传活动",
                "verbose_name_plural": "宣传活动",
            },
        ),
        migrations.CreateModel(
            name="PlannedVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="该月第一天", verbose_name="月份")),
                ("household", models.CharField(max_length=80, verbose_name="走访对象")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("routine", "日常走访"),
                            ("dispute", "纠纷回访"),
                            ("care", "关爱走访（独居、留守、困难）"),
                            ("key_person", "重点人员走访"),
                            ("key_place", "重点场所走访"),
                            ("rented", "出租房屋走访"),
                        ],
                        default="routine",
                        max_length=12,
                        verbose_name="事由",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="提示")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("dropped_at", models.DateTimeField(null=True, verbose_name="取消时间")),
            ],
            options={
                "verbose_name": "走访计划",
                "verbose_name_plural": "走访计划",
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("household", models.CharField(max_length=80, verbose_name="走访对象")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("routine", "日常走访"),
                            ("dispute", "纠纷回访"),
                            ("care", "关爱走访（独居、留守、困难）"),
                            ("key_person", "重点人员走访"),
                            ("key_place", "重点场所走访"),
                            ("rented", "出租房屋走访"),
                        ],
                        default="routine",
                        max_length=12,
                        verbose_name="事由",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="走访情况")),
                ("visited_on", models.DateField(verbose_name="走访日期")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "走访",
                "verbose_name_plural": "走访",
            },
        ),
        migrations.AddField(
            model_name="outreachevent",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="outreachevent",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="outreach", to="grids.territory"
            ),
        ),
        migrations.AddField(
            model_name="plannedvisit",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="plannedvisit",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="planned_visits", to="grids.territory"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="hazard",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="grids.hazard"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="plan",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="visit", to="grids.plannedvisit"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="grids.territory"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="visited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="outreachevent",
            index=models.Index(fields=["territory", "held_on"], name="outreach_at"),
        ),
        migrations.AddConstraint(
            model_name="plannedvisit",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="planned_visit_month_begins"),
        ),
        migrations.AddConstraint(
            model_name="plannedvisit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dropped_at__isnull", True)),
                fields=("territory", "month", "household"),
                name="planned_visit_once_a_month",
                violation_error_message="本月计划中已有这一户。",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["territory", "visited_on"], name="visit_at"),
        ),
    ]
