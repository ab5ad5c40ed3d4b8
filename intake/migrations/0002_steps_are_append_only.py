"""Steps and grade changes of a case are only ever added: the database refuses to change or delete them."""

from django.db import migrations

ADD = """
CREATE FUNCTION intake_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER status_change_append_only BEFORE UPDATE OR DELETE ON intake_statuschange
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
CREATE TRIGGER grade_change_append_only BEFORE UPDATE OR DELETE ON intake_gradechange
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
"""
DROP = """
DROP TRIGGER status_change_append_only ON intake_statuschange;
DROP TRIGGER grade_change_append_only ON intake_gradechange;
DROP FUNCTION intake_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
