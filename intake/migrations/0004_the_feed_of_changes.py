"""The feed of changes and the triggers that fill it: a row for each case and transaction."""

import django.db.models.deletion
from django.db import migrations, models

ADD = """
CREATE FUNCTION intake_note_case_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    known boolean := TG_OP = 'UPDATE' AND OLD.status <> 'draft';
BEGIN
    IF NEW.status = 'draft' THEN
        RETURN NULL;
    END IF;
    INSERT INTO intake_casechange AS kept (xid, case_id, created, place_before, centre_before, holder_before, at)
    VALUES (
        pg_current_xact_id()::text::bigint,
        NEW.id,
        NOT known,
        CASE WHEN known AND OLD.territory_id <> NEW.territory_id
             THEN (SELECT code FROM grids_territory WHERE id = OLD.territory_id) ELSE '' END,
        CASE WHEN known AND OLD.centre_id <> NEW.centre_id THEN OLD.centre_id END,
        CASE WHEN known AND OLD.holder_id <> NEW.holder_id THEN OLD.holder_id END,
        clock_timestamp()
    )
    ON CONFLICT (xid, case_id) DO UPDATE SET
        created = kept.created OR excluded.created,
        place_before = CASE WHEN kept.place_before = '' THEN excluded.place_before ELSE kept.place_before END,
        centre_before = coalesce(kept.centre_before, excluded.centre_before),
        holder_before = coalesce(kept.holder_before, excluded.holder_before);
    RETURN NULL;
END $$;
CREATE TRIGGER case_change AFTER INSERT OR UPDATE ON intake_case
    FOR EACH ROW EXECUTE FUNCTION intake_note_case_change();

CREATE FUNCTION intake_note_clock_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO intake_casechange (xid, case_id, created, place_before, at)
    VALUES (pg_current_xact_id()::text::bigint, NEW.case_id, false, '', clock_timestamp())
    ON CONFLICT (xid, case_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER clock_breach_is_a_change AFTER UPDATE OF breached_at ON intake_clock
    FOR EACH ROW WHEN (OLD.breached_at IS DISTINCT FROM NEW.breached_at)
    EXECUTE FUNCTION intake_note_clock_change();
"""
DROP = """
DROP TRIGGER clock_breach_is_a_change ON intake_clock;
DROP FUNCTION intake_note_clock_change();
DROP TRIGGER case_change ON intake_case;
DROP FUNCTION intake_note_case_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0003_overdue_clocks_are_found'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseChange',
            fields=[
                ('pk', models.CompositePrimaryKey('xid', 'case_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('xid', models.BigIntegerField()),
                ('created', models.BooleanField(verbose_name='新登记')),
                ('place_before', models.CharField(blank=True, max_length=15, verbose_name='原发生地代码')),
                ('centre_before', models.BigIntegerField(null=True, verbose_name='原负责中心')),
                ('holder_before', models.BigIntegerField(null=True, verbose_name='原办理单位')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.case')),
            ],
            options={
                'verbose_name': '案件变更',
                'verbose_name_plural': '案件变更',
            },
        ),
        migrations.RunSQL(ADD, DROP),
    ]
