"""Indexes of a column with which another index of the same table begins are not kept: every act writes all of them."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

GONE = (
    ("intake_case_centre_id_dd432150", "intake_case", "centre_id"),
    ("intake_case_created_by_id_5ce8fea0", "intake_case", "created_by_id"),
    ("intake_case_holder_id_21ec4d47", "intake_case", "holder_id"),
    ("intake_case_territory_id_037dca7a", "intake_case", "territory_id"),
    ("intake_clock_case_id_e900d2f4", "intake_clock", "case_id"),
    ("intake_followup_case_id_de049cfc", "intake_followup", "case_id"),
    ("intake_handling_organisation_id_a7fcc230", "intake_handling", "organisation_id"),
    ("intake_statuschange_case_id_db5b0a38", "intake_statuschange", "case_id"),
    ("intake_tiermove_from_centre_id_f924a0a4", "intake_tiermove", "from_centre_id"),
    ("intake_tiermove_to_centre_id_50e45be5", "intake_tiermove", "to_centre_id"),
)


def _without(name: str, table: str, column: str) -> migrations.RunSQL:
    """Nobody waits for it."""
    return migrations.RunSQL(
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})",
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("grids", "0010_handed_tables"),
        ("intake", "0041_places_gone_are_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        RemoveIndexConcurrently(model_name="case", name="intake_case_categor_6b30e8_idx"),
        *(_without(*one) for one in GONE),
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.AlterField(
                model_name="case",
                name="centre",
                field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_answered', to='grids.organisation', verbose_name='负责中心'),
            ),
            migrations.AlterField(
                model_name="case",
                name="created_by",
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AlterField(
                model_name="case",
                name="holder",
                field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_held', to='grids.organisation', verbose_name='当前办理单位'),
            ),
            migrations.AlterField(
                model_name="case",
                name="territory",
                field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='grids.territory', verbose_name='发生地'),
            ),
            migrations.AlterField(
                model_name="clock",
                name="case",
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='intake.case'),
            ),
            migrations.AlterField(
                model_name="followup",
                name="case",
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='intake.case'),
            ),
            migrations.AlterField(
                model_name="handling",
                name="organisation",
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='handlings', to='grids.organisation', verbose_name='承办单位'),
            ),
            migrations.AlterField(
                model_name="statuschange",
                name="case",
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='status_changes', to='intake.case'),
            ),
            migrations.AlterField(
                model_name="tiermove",
                name="from_centre",
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tier_moves_out', to='grids.organisation', verbose_name='移出中心'),
            ),
            migrations.AlterField(
                model_name="tiermove",
                name="to_centre",
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tier_moves_in', to='grids.organisation', verbose_name='移入中心'),
            ),
        ]),
    ]
