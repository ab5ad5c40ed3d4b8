"""The notes of changes to what processes remember: few, so that to read them costs nothing."""

from django.db import connection, transaction

from zhongzhi.accounts.models import ReferenceChange


@transaction.atomic
def gather_reference_changes() -> int:
    """Put one new note in the place of several; how many were taken away. What is remembered is read again once."""
    if ReferenceChange.objects.count() < 2:
        return 0
    taken, _ = ReferenceChange.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        ReferenceChange.objects.create(xact=cursor.fetchone()[0])
    return taken
