"""What the database itself refuses: to change a signed document, to delete any, to rewrite steps and answers."""

from django.db.models import Model

from zhongzhi.rows.triggers import Function, refusal

MOVES_ON = (
    "status",
    "version",
    "receipt_due_at",
    "answer_due_at",
    "extended",
    "answered_at",
    "ended_at",
    "service_note",
)
HAPPENS_ONCE = ("issued_at", "received_at", "received_by")


def _kept(document: type[Model]) -> str:
    """Every column is frozen at signature, but where it is on its way (`MOVES_ON`) and what happens once."""
    columns = {field.name: str(field.column) for field in document._meta.concrete_fields if not field.primary_key}
    frozen = sorted(columns[name] for name in columns.keys() - {*MOVES_ON, *HAPPENS_ONCE})
    once = sorted(columns[name] for name in HAPPENS_ONCE)
    return f"""
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'documents are kept: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.signed_at IS NOT NULL AND ({" OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in frozen)}) THEN
        RAISE EXCEPTION 'document % is signed and never changes', OLD.number
            USING ERRCODE = 'insufficient_privilege', HINT = 'declare it void and issue another';
    END IF;
    IF {" OR ".join(f"(OLD.{c} IS NOT NULL AND NEW.{c} IS DISTINCT FROM OLD.{c})" for c in once)}
       OR (OLD.status = 'void' AND NEW.status <> 'void')
       OR (OLD.status = 'discarded' AND NEW.status <> 'discarded') THEN
        RAISE EXCEPTION 'what happened to document % stays', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
"""


KEEP_DOCUMENT = Function("referrals_document_kept", _kept)
REFUSE = refusal("referrals_refuse_change")
KEEP_ANSWER = Function(
    "referrals_answer_kept",
    """
    IF TG_OP <> 'UPDATE' OR OLD.accepted IS NOT NULL OR NEW.text <> OLD.text OR NEW.adoption <> OLD.adoption
       OR NEW.document_id <> OLD.document_id OR NEW.answered_by_id <> OLD.answered_by_id
       OR NEW.answered_at <> OLD.answered_at OR NEW.late <> OLD.late THEN
        RAISE EXCEPTION 'an answer is kept as it was given' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
""",
)
