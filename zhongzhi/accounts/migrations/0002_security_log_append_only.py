"""The security log is append-only: the database refuses to change or delete a line."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION accounts_security_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the security log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER accounts_security_log_append_only BEFORE UPDATE OR DELETE ON accounts_securityevent
    FOR EACH ROW EXECUTE FUNCTION accounts_security_log_refuse();
"""
BACKWARDS = """
DROP TRIGGER accounts_security_log_append_only ON accounts_securityevent;
DROP FUNCTION accounts_security_log_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
