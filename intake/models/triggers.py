"""What the database itself does when rows of cases change: it refuses, or writes a line of the feed of changes."""

from zhongzhi.rows.triggers import Function, refusal

REFUSE = refusal("intake_refuse_change", errcode="integrity_constraint_violation")

NOTE_CASE_CHANGE = Function(
    "intake_note_case_change",
    """
    IF NEW.status = 'draft' THEN
        RETURN NULL;
    END IF;
    INSERT INTO intake_casechange AS kept (xid, case_id, created, place_before, centre_before, holder_before, at)
    VALUES (
        pg_current_xact_id()::text::bigint,
        NEW.id,
        NOT known,
        CASE WHEN known AND OLD.territory_id <> NEW.territory_id
             THEN (SELECT code FROM grids_territory WHERE id = OLD.territory_id) ELSE '' END,
        CASE WHEN known AND OLD.centre_id <> NEW.centre_id THEN OLD.centre_id END,
        CASE WHEN known AND OLD.holder_id <> NEW.holder_id THEN OLD.holder_id END,
        clock_timestamp()
    )
    ON CONFLICT (xid, case_id) DO UPDATE SET
        created = kept.created OR excluded.created,
        place_before = CASE WHEN kept.place_before = '' THEN excluded.place_before ELSE kept.place_before END,
        centre_before = coalesce(kept.centre_before, excluded.centre_before),
        holder_before = coalesce(kept.holder_before, excluded.holder_before);
    RETURN NULL;
""",
    declare="    known boolean := TG_OP = 'UPDATE' AND OLD.status <> 'draft';",
)
"""A row of the feed for each case and transaction; what stood before is kept as it was when the transaction began."""

NOTE_PLACE_GONE = Function(
    "intake_note_place_gone",
    """
    INSERT INTO intake_casechange AS kept (xid, case_id, created, place_before, places_gone, at)
    SELECT pg_current_xact_id()::text::bigint, OLD.case_id, false, '', place.code, clock_timestamp()
    FROM grids_territory place, intake_case concerned
    WHERE place.id = OLD.territory_id AND concerned.id = OLD.case_id AND concerned.status <> 'draft'
    ON CONFLICT (xid, case_id) DO UPDATE SET
        places_gone = concat_ws(' ', nullif(kept.places_gone, ''), excluded.places_gone);
    RETURN NULL;
""",
)
"""A place that a case no longer concerns: who saw the case by it is told that it left."""

NOTE_CLOCK_CHANGE = Function(
    "intake_note_clock_change",
    """
    INSERT INTO intake_casechange (xid, case_id, created, place_before, at)
    VALUES (pg_current_xact_id()::text::bigint, NEW.case_id, false, '', clock_timestamp())
    ON CONFLICT (xid, case_id) DO NOTHING;
    RETURN NULL;
""",
)
"""A breach of a limit is a change of its case."""
