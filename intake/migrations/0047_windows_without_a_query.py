"""The windows of a text are cut without a query: rows that come by the thousand spent a quarter of the database's time on them.

The same windows, though one that stands twice in a text is given twice; an index keeps each once, so those that stand on the
function are as they were. Of a long text the pairs that begin at odd places are cut at once, then those at even ones, by a mark
that no text holds; a text that holds it all the same, or a short one, is cut pair by pair.
"""

from django.db import migrations

CUT = r"""
CREATE OR REPLACE FUNCTION intake_windows(given text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED COST 1000 AS $$
DECLARE
    letters text := lower(given);
    size integer := coalesce(length(letters), 0);
    pairs text[] := '{}';
BEGIN
    IF size > 12 AND strpos(letters, E'\x01') = 0 THEN
        RETURN string_to_array(left(regexp_replace(left(letters, size - size % 2), '..', E'\\&\x01', 'g'), -1), E'\x01')
            || string_to_array(left(
                regexp_replace(substr(letters, 2, size - 1 - (size - 1) % 2), '..', E'\\&\x01', 'g'), -1), E'\x01');
    END IF;
    FOR at IN 1..size - 1 LOOP
        pairs[at] := substr(letters, at, 2);
    END LOOP;
    RETURN pairs;
END $$;
"""
ASK = """
CREATE OR REPLACE FUNCTION intake_windows(given text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED COST 1000 AS $$
    SELECT coalesce(array_agg(DISTINCT two), '{}') FROM (
        SELECT one || lead(one) OVER (ORDER BY place) AS two
        FROM unnest(string_to_array(lower(given), NULL)) WITH ORDINALITY AS letters (one, place)
    ) AS pairs WHERE two IS NOT NULL
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("intake", "0046_uploads_in_parts")]
    operations = [migrations.RunSQL(CUT, ASK)]
