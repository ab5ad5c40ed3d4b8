"""Words of two characters are found by index: every window of two characters of a text is an entry of a GIN index.

`intake_windows` gives the windows of a text; it is immutable, so an index may stand on it. `intake_case_text` is what is
searched of a case. A match is checked again, because windows say nothing of their order.
The function is dear, and a search ends long before helpers for it have started: so it stays with the one process. Statistics
are kept of the 5,000 most common windows; of a window that is not among them the planner then knows that it is rare.
"""

from django.db import migrations

ADD = """
CREATE FUNCTION intake_windows(given text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED COST 1000 AS $$
    SELECT coalesce(array_agg(DISTINCT two), '{}') FROM (
        SELECT one || lead(one) OVER (ORDER BY place) AS two
        FROM unnest(string_to_array(lower(given), NULL)) WITH ORDINALITY AS letters (one, place)
    ) AS pairs WHERE two IS NOT NULL
$$;
CREATE FUNCTION intake_case_text(title text, narrative text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(title || E'\\n' || narrative)
$$;
CREATE INDEX intake_case_windows ON intake_case USING gin (intake_windows(intake_case_text(title, narrative)));
ALTER INDEX intake_case_windows ALTER COLUMN 1 SET STATISTICS 500;
CREATE INDEX intake_party_windows ON intake_party USING gin (intake_windows(name));
"""
DROP = """
DROP INDEX intake_party_windows;
DROP INDEX intake_case_windows;
DROP FUNCTION intake_case_text(text, text);
DROP FUNCTION intake_windows(text);
"""


class Migration(migrations.Migration):

    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
