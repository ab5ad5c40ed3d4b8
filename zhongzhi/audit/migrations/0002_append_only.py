"""The database itself refuses to change, delete or empty what the trail holds.

Heads are moved on by every entry and may be updated, but neither deleted nor turned back.
"""

from django.db import migrations

APPEND_ONLY = ("audit_trailentry", "audit_trailseal", "audit_sealedhead")

FUNCTIONS = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'write a further entry instead';
END $$;
CREATE FUNCTION audit_refuse_turning_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.chain <> OLD.chain OR NEW.seq < OLD.seq THEN
        RAISE EXCEPTION 'the head of a chain only moves on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
ROWS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
HEADS = """
CREATE TRIGGER audit_chainhead_kept BEFORE DELETE ON audit_chainhead
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_chainhead_moves_on BEFORE UPDATE ON audit_chainhead
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_turning_back();
ALTER TABLE audit_chainhead SET (fillfactor = 70);
"""
EMPTYING = """
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
FORWARDS = "".join(
    [
        FUNCTIONS,
        *(ROWS.format(table=table) for table in APPEND_ONLY),
        HEADS,
        *(EMPTYING.format(table=table) for table in (*APPEND_ONLY, "audit_chainhead")),
    ]
)
BACKWARDS = """
DROP FUNCTION audit_refuse_change() CASCADE;
DROP FUNCTION audit_refuse_turning_back() CASCADE;
ALTER TABLE audit_chainhead RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
