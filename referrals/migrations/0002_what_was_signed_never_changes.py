"""The database itself refuses to change a signed document, to delete any, and to rewrite steps and answers.

What a document is (kind, words, number, signature, file) is frozen at signature; where it is on its way may move
on, and what has happened to it (issued, signed for) happens once.
"""

from django.db import migrations

FROZEN = (
    "uid kind_id case_id handling_id follows_id issuer_id addressee_id party_name level trigger occasion subject body"
    " by_system drafted_by_id drafted_at reviewed_by_id reviewed_at number year serial series signed_by_id signed_at"
    " file_id sm3"
).split()
ONCE = "issued_at received_at received_by_id".split()

FUNCTIONS = f"""
CREATE FUNCTION referrals_document_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'documents are kept: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.signed_at IS NOT NULL AND ({" OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in FROZEN)}) THEN
        RAISE EXCEPTION 'document % is signed and never changes', OLD.number
            USING ERRCODE = 'insufficient_privilege', HINT = 'declare it void and issue another';
    END IF;
    IF {" OR ".join(f"(OLD.{c} IS NOT NULL AND NEW.{c} IS DISTINCT FROM OLD.{c})" for c in ONCE)}
       OR (OLD.status = 'void' AND NEW.status <> 'void') OR (OLD.status = 'discarded' AND NEW.status <> 'discarded') THEN
        RAISE EXCEPTION 'what happened to document % stays', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION referrals_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION referrals_answer_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.accepted IS NOT NULL OR NEW.text <> OLD.text OR NEW.adoption <> OLD.adoption
       OR NEW.document_id <> OLD.document_id OR NEW.answered_by_id <> OLD.answered_by_id
       OR NEW.answered_at <> OLD.answered_at OR NEW.late <> OLD.late THEN
        RAISE EXCEPTION 'an answer is kept as it was given' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER referrals_document_kept BEFORE UPDATE OR DELETE ON referrals_document
    FOR EACH ROW EXECUTE FUNCTION referrals_document_kept();
CREATE TRIGGER referrals_document_not_emptied BEFORE TRUNCATE ON referrals_document
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_document_kept();
CREATE TRIGGER referrals_step_append_only BEFORE UPDATE OR DELETE ON referrals_documentstep
    FOR EACH ROW EXECUTE FUNCTION referrals_refuse_change();
CREATE TRIGGER referrals_answer_kept BEFORE UPDATE OR DELETE ON referrals_documentanswer
    FOR EACH ROW EXECUTE FUNCTION referrals_answer_kept();
"""
BACKWARDS = """
DROP FUNCTION referrals_document_kept() CASCADE;
DROP FUNCTION referrals_refuse_change() CASCADE;
DROP FUNCTION referrals_answer_kept() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, BACKWARDS)]
