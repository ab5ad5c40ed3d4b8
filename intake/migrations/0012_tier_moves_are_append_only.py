"""A move through the tiers is only ever added: the database refuses to change or delete it."""

from django.db import migrations

ADD = """
CREATE TRIGGER tier_move_append_only BEFORE UPDATE OR DELETE ON intake_tiermove
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
"""
DROP = "DROP TRIGGER tier_move_append_only ON intake_tiermove;"


class Migration(migrations.Migration):
    dependencies = [("intake", "0011_joint_handling_and_tiers")]
    operations = [migrations.RunSQL(ADD, DROP)]
