"""Names are masked, and cells of CSV written, by the database: for streams of all cases."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION intake_mask_name(name text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    shown integer := 1;
BEGIN
    IF length(name) <= 1 THEN
        RETURN repeat('*', length(name));
    END IF;
    IF length(name) > 2 AND left(name, 2) IN (
        '欧阳', '司马', '上官', '诸葛', '东方', '皇甫', '尉迟', '公孙', '慕容', '令狐', '长孙', '宇文', '司徒', '夏侯', '端木', '南宫',
        '闻人', '独孤', '呼延', '轩辕'
    ) THEN
        shown := 2;
    END IF;
    IF length(name) <= shown + 1 THEN
        RETURN left(name, shown) || '*';
    END IF;
    RETURN left(name, shown) || repeat('*', length(name) - shown - 1) || right(name, 1);
END $$;

-- Names behind a letter: o another side, r kept but not shown, w withheld, a an applicant.
CREATE FUNCTION intake_shown_names(named text[], in_clear boolean) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    found text[] := '{}';
    one text;
BEGIN
    FOREACH one IN ARRAY named LOOP
        CASE left(one, 1)
            WHEN 'r' THEN found := found || '（限制处理）'::text;
            WHEN 'w' THEN found := found || '（不愿透露）'::text;
            WHEN 'a' THEN
                found := found || CASE WHEN in_clear THEN substr(one, 2) ELSE intake_mask_name(substr(one, 2)) END;
            ELSE NULL;
        END CASE;
    END LOOP;
    RETURN found;
END $$;

CREATE FUNCTION intake_masked_text(said text, named text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    one text;
    names text[] := named;
BEGIN
    IF cardinality(named) > 1 THEN  -- the longest first: one name may hold another
        names := ARRAY(SELECT n FROM unnest(named) AS n ORDER BY length(n) DESC);
    END IF;
    FOREACH one IN ARRAY names LOOP
        IF length(one) > 2 THEN
            said := replace(said, substr(one, 2), intake_mask_name(substr(one, 2)));
        END IF;
    END LOOP;
    RETURN said;
END $$;

-- What a spreadsheet would take for a formula stands behind an apostrophe.
CREATE FUNCTION intake_csv_cell(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF said IS NULL THEN
        RETURN '';
    END IF;
    IF left(said, 1) IN ('=', '+', '-', '@', chr(9), chr(13), '＝', '＋', '－', '＠') THEN
        said := '''' || said;
    END IF;
    IF said ~ '[",\\r\\n]' THEN
        RETURN '"' || replace(said, '"', '""') || '"';
    END IF;
    RETURN said;
END $$;
"""

GONE = """
DROP FUNCTION intake_csv_cell(text);
DROP FUNCTION intake_masked_text(text, text[]);
DROP FUNCTION intake_shown_names(text[], boolean);
DROP FUNCTION intake_mask_name(text);
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0038_knowledge")]

    operations = [migrations.RunSQL(FUNCTIONS, GONE)]
