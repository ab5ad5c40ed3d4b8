"""The feed of changes begins anew: after a restore nobody's place in it means anything."""

from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from intake.models import FeedEpoch

# Numbers of transactions that an archive brings along are those of another time, or of another cluster: they could be
# given once more. Each case keeps one row before all that will follow, for readers that begin at the beginning.
ONE_EACH = """
    INSERT INTO intake_casechange (xid, case_id, created, place_before, at)
    SELECT 0, case_id, true, '', max(at) FROM intake_casechange GROUP BY case_id
    ON CONFLICT (xid, case_id) DO UPDATE SET created = true, at = excluded.at
"""
NO_MORE = "DELETE FROM intake_casechange WHERE xid > 0"


@transaction.atomic
def restart_feed() -> FeedEpoch:
    """Refuse every place given out so far; readers are told to fetch everything again."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE intake_casechange IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(ONE_EACH)
        cursor.execute(NO_MORE)
    return FeedEpoch.objects.create(name=uuid4().hex[:12], at=timezone.now())
