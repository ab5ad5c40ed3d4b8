"""Many drafts written by one statement, each with its first step. Private to the drafting of documents."""

from collections.abc import Sequence

from django.db import connection

from referrals.lifecycle import State
from referrals.models import Document

COLUMNS = {
    "uid": "uuid",
    "kind_id": "bigint",
    "case_id": "bigint",
    "handling_id": "bigint",
    "follows_id": "bigint",
    "issuer_id": "bigint",
    "addressee_id": "bigint",
    "party_name": "text",
    "level": "text",
    "trigger": "text",
    "occasion": "text",
    "subject": "text",
    "body": "text",
    "copied_to": "text",
}
NAMES = ", ".join(COLUMNS)
# Who writes the same occasion at the same moment is waited for; then it is passed over here. `at` is one for all.
WRITE = f"""
    WITH made AS (
        INSERT INTO referrals_document ({NAMES}, status, version, by_system, drafted_by_id, drafted_at,
            series, sm3, extended, service_note)
        SELECT {NAMES}, '{State.DRAFT}', 1, %(by_system)s, %(by)s, %(at)s, '', '', 0, ''
        FROM unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in COLUMNS.items())}) AS one ({NAMES})
        ON CONFLICT DO NOTHING RETURNING id, uid
    ), step AS (
        INSERT INTO referrals_documentstep (document_id, event, from_status, to_status, actor_id, reason, at)
        SELECT id, '', '', '{State.DRAFT}', %(by)s, %(note)s, %(at)s FROM made
    )
    SELECT id, uid FROM made
"""  # noqa: S608 - names of columns only


def write_rows(documents: Sequence[Document]) -> list[Document]:
    """Write new drafts of one hand and moment, in their order; those that were written, with their keys.

    A draft whose occasion has its document already is left out.
    """
    if not documents:
        return []
    first = documents[0]
    values = {name: [getattr(document, name) for document in documents] for name in COLUMNS}
    facts = {"by_system": first.by_system, "by": first.drafted_by_id, "at": first.drafted_at}
    note = "系统拟制" if first.by_system else ""
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {**values, "uid": [str(document.uid) for document in documents], **facts, "note": note})
        keys = {str(uid): pk for pk, uid in cursor.fetchall()}
    made = [document for document in documents if str(document.uid) in keys]
    for document in made:
        document.pk = keys[str(document.uid)]
        document._state.adding = False
    return made
