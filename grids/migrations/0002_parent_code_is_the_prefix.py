"""A place's parent must carry the prefix of its code: the pair (parent, prefix) refers to the pair (key, code)."""

from django.db import migrations

ADD = """
ALTER TABLE grids_territory ADD CONSTRAINT territory_key_and_code UNIQUE (id, code);
ALTER TABLE grids_territory ADD CONSTRAINT territory_parent_code_is_prefix
    FOREIGN KEY (parent_id, parent_code) REFERENCES grids_territory (id, code) DEFERRABLE INITIALLY IMMEDIATE;
"""
DROP = """
ALTER TABLE grids_territory DROP CONSTRAINT territory_parent_code_is_prefix;
ALTER TABLE grids_territory DROP CONSTRAINT territory_key_and_code;
"""


class Migration(migrations.Migration):
    dependencies = [("grids", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
