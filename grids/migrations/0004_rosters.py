"""People of the rosters, their periods of service, police beats, handovers, numbers of other systems."""

import uuid

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import zhongzhi.rows.periods
import zhongzhi.rows.periods


class Migration(migrations.Migration):
    dependencies = [("grids", "0003_successors"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="警格名称")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("starts_on", models.DateField(verbose_name="启用日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
            ],
            options={
                "verbose_name": "警格",
                "verbose_name_plural": "警格",
            },
        ),
        migrations.CreateModel(
            name="BeatGrid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
            ],
            options={
                "verbose_name": "警格覆盖",
                "verbose_name_plural": "警格覆盖",
            },
        ),
        migrations.CreateModel(
            name="ExternalId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=30, verbose_name="系统")),
                ("number", models.CharField(max_length=60, verbose_name="编号")),
            ],
            options={
                "verbose_name": "外部编号",
                "verbose_name_plural": "外部编号",
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happens_on", models.DateField(verbose_name="交接日期")),
                ("open_matters", models.JSONField(default=list, verbose_name="未结事项")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="办理时间")),
            ],
            options={
                "verbose_name": "网格交接",
                "verbose_name_plural": "网格交接",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RosterPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(max_length=32, null=True)),
                ("paper_sealed", models.BinaryField(null=True)),
                ("paper_hash", models.BinaryField(max_length=32, null=True)),
                ("public_phone", models.CharField(blank=True, max_length=30, verbose_name="公示电话")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="录入时间")),
            ],
            options={
                "verbose_name": "名册人员",
                "verbose_name_plural": "名册人员",
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("grid_leader", "网格长"),
                            ("full_time", "专职网格员"),
                            ("part_time", "兼职网格员"),
                            ("building_head", "楼栋长"),
                            ("unit_head", "单元长"),
                            ("household_head", "联户长（户长）"),
                            ("officer", "包片民警"),
                            ("auxiliary", "辅警"),
                            ("security_director", "治保主任"),
                            ("party_leader", "党小组长"),
                            ("volunteer", "平安志愿者"),
                            ("doctor", "村医"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("households", models.PositiveIntegerField(null=True, verbose_name="联系户数")),
                ("households_note", models.CharField(blank=True, max_length=200, verbose_name="联系范围")),
                ("starts_on", models.DateField(verbose_name="任职日期")),
                ("ends_on", models.DateField(null=True, verbose_name="离任日期")),
                ("end_reason", models.CharField(blank=True, max_length=100, verbose_name="离任原因")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="录入时间")),
            ],
            options={
                "verbose_name": "任职（名册）",
                "verbose_name_plural": "任职（名册）",
            },
        ),
        migrations.AddField(
            model_name="beat",
            name="station",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="beats",
                to="grids.organisation",
                verbose_name="派出所",
            ),
        ),
        migrations.AddField(
            model_name="beatgrid",
            name="beat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="coverage", to="grids.beat"
            ),
        ),
        migrations.AddField(
            model_name="beatgrid",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="beat_coverage", to="grids.territory"
            ),
        ),
        migrations.AddField(
            model_name="externalid",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="external_ids",
                to="grids.organisation",
            ),
        ),
        migrations.AddField(
            model_name="externalid",
            name="territory",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="external_ids",
                to="grids.territory",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="grids.territory"
            ),
        ),
        migrations.AddField(
            model_name="rosterperson",
            name="user",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="roster_person",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddField(
            model_name="externalid",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="external_ids",
                to="grids.rosterperson",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="beat",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="grids.beat",
                verbose_name="警格",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="grids.organisation",
                verbose_name="所属组织",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="services", to="grids.rosterperson"
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="territory",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="grids.territory",
                verbose_name="网格或村",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="incoming",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grids.service"),
        ),
        migrations.AddField(
            model_name="handover",
            name="outgoing",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grids.service"),
        ),
        migrations.AddConstraint(
            model_name="beat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("station", "name"),
                name="beat_named_once_at_its_station",
            ),
        ),
        migrations.AddConstraint(
            model_name="beatgrid",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("territory", "="),
                    (
                        zhongzhi.rows.periods.DateRange(models.F("starts_on"), models.F("ends_on"), models.Value("[)")),
                        "&&",
                    ),
                ],
                name="grid_in_one_beat_at_a_time",
                violation_error_message="该网格在此期间已属于另一个警格。",
            ),
        ),
        migrations.AddIndex(
            model_name="rosterperson",
            index=models.Index(fields=["name"], name="roster_person_name"),
        ),
        migrations.AddIndex(
            model_name="rosterperson",
            index=models.Index(
                condition=models.Q(("phone_hash__isnull", False)), fields=["phone_hash"], name="roster_person_phone"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="roster_person_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterperson",
            constraint=models.UniqueConstraint(
                condition=models.Q(("paper_hash__isnull", False)),
                fields=("paper_hash",),
                name="roster_person_paper_once",
                violation_error_message="名册中已有这个身份证号的人员。",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalid",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", True), ("person__isnull", True), ("territory__isnull", False)),
                    models.Q(("organisation__isnull", False), ("person__isnull", True), ("territory__isnull", True)),
                    models.Q(("organisation__isnull", True), ("person__isnull", False), ("territory__isnull", True)),
                    _connector="OR",
                ),
                name="grids_external_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalid",
            constraint=models.UniqueConstraint(
                condition=models.Q(("territory__isnull", False)),
                fields=("system", "number"),
                name="grids_external_territory_once",
                violation_error_message="该外部编号已对应另一条记录。",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalid",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation__isnull", False)),
                fields=("system", "number"),
                name="grids_external_organisation_once",
                violation_error_message="该外部编号已对应另一条记录。",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalid",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False)),
                fields=("system", "number"),
                name="grids_external_person_once",
                violation_error_message="该外部编号已对应另一条记录。",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(("ends_on__isnull", True)), fields=["territory", "kind"], name="service_at"
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["kind", "id"], name="service_kind"),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                name="service_period",
                violation_error_message="离任日期应晚于任职日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("beat__isnull", True), ("territory__isnull", False)),
                    models.Q(
                        ("beat__isnull", False), ("kind__in", ["officer", "auxiliary"]), ("territory__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="service_at_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("households__isnull", True),
                    ("kind__in", ["building_head", "unit_head", "household_head"]),
                    _connector="OR",
                ),
                name="service_households_are_for_heads",
                violation_error_message="只有楼栋长、单元长、联户长填写联系户数。",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "full_time")),
                expressions=[
                    ("territory", "="),
                    (
                        zhongzhi.rows.periods.DateRange(models.F("starts_on"), models.F("ends_on"), models.Value("[)")),
                        "&&",
                    ),
                ],
                name="one_full_time_worker_per_grid",
                violation_error_message="该网格在此期间已有专职网格员。",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "officer")),
                expressions=[
                    ("beat", "="),
                    (
                        zhongzhi.rows.periods.DateRange(models.F("starts_on"), models.F("ends_on"), models.Value("[)")),
                        "&&",
                    ),
                ],
                name="one_officer_per_beat",
                violation_error_message="该警格在此期间已有包片民警。",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("kind", "="),
                    ("territory", "="),
                    (
                        zhongzhi.rows.periods.DateRange(models.F("starts_on"), models.F("ends_on"), models.Value("[)")),
                        "&&",
                    ),
                ],
                name="service_once_at_a_time",
                violation_error_message="该人员在此期间已在这里担任同一职务。",
            ),
        ),
    ]
