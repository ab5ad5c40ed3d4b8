"""What a result said before its correction is only ever added: the database refuses to change or delete it."""

from django.db import migrations

ADD = """
CREATE TRIGGER road_correction_append_only BEFORE UPDATE OR DELETE ON intake_roadcorrection
    FOR EACH ROW EXECUTE FUNCTION intake_refuse_change();
"""
DROP = "DROP TRIGGER road_correction_append_only ON intake_roadcorrection;"


class Migration(migrations.Migration):
    dependencies = [("intake", "0020_road_corrections")]
    operations = [migrations.RunSQL(ADD, DROP)]
