"""The instalments of a sum add up to it: checked by the database when a transaction ends."""

from django.db import migrations

ADD_UP = """
CREATE FUNCTION mediation_instalments_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  owed numeric; wanted bigint; parts numeric;
BEGIN
  IF TG_TABLE_NAME = 'mediation_obligation' THEN wanted := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN wanted := OLD.obligation_id;
  ELSE wanted := NEW.obligation_id; END IF;
  SELECT amount INTO owed FROM mediation_obligation WHERE id = wanted;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT sum(amount) INTO parts FROM mediation_instalment WHERE obligation_id = wanted;
  IF parts IS DISTINCT FROM owed THEN
    RAISE EXCEPTION 'instalments of obligation % add up to %, not to %', wanted, parts, owed
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER obligation_adds_up AFTER INSERT OR UPDATE OF amount ON mediation_obligation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mediation_instalments_add_up();
CREATE CONSTRAINT TRIGGER instalments_add_up
  AFTER INSERT OR DELETE OR UPDATE OF amount, obligation_id ON mediation_instalment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mediation_instalments_add_up();
"""
UNDO = """
DROP TRIGGER instalments_add_up ON mediation_instalment;
DROP TRIGGER obligation_adds_up ON mediation_obligation;
DROP FUNCTION mediation_instalments_add_up();
"""


class Migration(migrations.Migration):
    dependencies = [("mediation", "0001_initial")]
    operations = [migrations.RunSQL(ADD_UP, UNDO)]
