"""What is found in the field, its steps, files, and who came."""

import uuid

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0004_rosters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("files", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="到场时间")),
            ],
            options={
                "verbose_name": "到场",
                "verbose_name_plural": "到场",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Hazard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("dispute", "矛盾纠纷"), ("safety", "治安风险隐患")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("red", "红"), ("orange", "橙"), ("yellow", "黄"), ("blue", "蓝")],
                        default="blue",
                        max_length=10,
                        verbose_name="等级",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("patrol", "走访巡查发现"), ("villager", "群众反映"), ("group", "村屯群上报")],
                        default="patrol",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "待处置"),
                            ("watched", "关注中"),
                            ("solved", "已就地化解"),
                            ("handed_on", "已转案件"),
                        ],
                        default="open",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("narrative", models.TextField(max_length=2000, verbose_name="情况")),
                ("place_detail", models.CharField(blank=True, max_length=200, verbose_name="具体位置")),
                ("reporter_name", models.CharField(blank=True, max_length=80, verbose_name="反映人")),
                ("reporter_phone_sealed", models.BinaryField(null=True)),
                ("other_side", models.CharField(blank=True, max_length=80, verbose_name="对方当事人")),
                ("is_urgent", models.BooleanField(default=False, verbose_name="请马上到场")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("reported_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间")),
                ("first_on_spot_at", models.DateTimeField(null=True, verbose_name="最先到场时间")),
                ("result", models.TextField(blank=True, max_length=2000, verbose_name="处置情况")),
                ("watch_until", models.DateField(null=True, verbose_name="关注至")),
                ("case_code", models.CharField(blank=True, max_length=24, verbose_name="案件编号")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="处置时间")),
            ],
            options={
                "verbose_name": "隐患（排查发现）",
                "verbose_name_plural": "隐患（排查发现）",
            },
        ),
        migrations.CreateModel(
            name="HazardFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "隐患附件",
                "verbose_name_plural": "隐患附件",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="HazardStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("watch", "列入关注"),
                            ("solve", "就地化解"),
                            ("hand_on", "转为案件"),
                            ("reopen", "重新处置"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "from_status",
                    models.CharField(
                        choices=[
                            ("open", "待处置"),
                            ("watched", "关注中"),
                            ("solved", "已就地化解"),
                            ("handed_on", "已转案件"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("open", "待处置"),
                            ("watched", "关注中"),
                            ("solved", "已就地化解"),
                            ("handed_on", "已转案件"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "隐患处置步骤",
                "verbose_name_plural": "隐患处置步骤",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="arrival",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hazard",
            name="reported_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="上报人",
            ),
        ),
        migrations.AddField(
            model_name="hazard",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hazards",
                to="grids.territory",
                verbose_name="网格",
            ),
        ),
        migrations.AddField(
            model_name="arrival",
            name="hazard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="arrivals", to="grids.hazard"
            ),
        ),
        migrations.AddField(
            model_name="hazardfile",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hazardfile",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="hazardfile",
            name="hazard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="grids.hazard"
            ),
        ),
        migrations.AddField(
            model_name="hazardstep",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hazardstep",
            name="hazard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="grids.hazard"
            ),
        ),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(fields=["territory", "-id"], name="hazard_at"),
        ),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(fields=["reported_by", "-id"], name="hazard_by"),
        ),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(fields=["status", "-id"], name="hazard_status"),
        ),
        migrations.AddConstraint(
            model_name="hazard",
            constraint=models.CheckConstraint(
                condition=models.Q(("narrative", ""), _negated=True), name="hazard_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="hazard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "handed_on"), models.Q(("case_code", ""), _negated=True)),
                    models.Q(models.Q(("status", "handed_on"), _negated=True), ("case_code", "")),
                    _connector="OR",
                ),
                name="hazard_handed_on_names_its_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "solved"), models.Q(("result", ""), _negated=True)),
                    models.Q(("status", "solved"), _negated=True),
                    _connector="OR",
                ),
                name="hazard_solved_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.UniqueConstraint(fields=("hazard", "user"), name="arrival_once"),
        ),
    ]
