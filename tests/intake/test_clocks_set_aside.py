"""One time limit at which the sweep fails never stops the others."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from intake.deadlines.actions import mark_due_clocks
from intake.deadlines.models import Clock
from tests.intake import ways
from tests.people import Ground
from zhongzhi.set_aside import failures

RAISE = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.id = {pk} THEN RAISE EXCEPTION 'poisoned'; END IF; RETURN NEW; END $$;
CREATE TRIGGER poison BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION poison();
"""
HEAL = "DROP TRIGGER poison ON {table}; DROP FUNCTION poison();"


@pytest.mark.django_db
def test_a_clock_that_raises_is_set_aside_told_and_tried_again_and_the_others_are_breached(ground: Ground) -> None:
    cache.clear()
    cases = [ways.registered(ground) for _ in range(4)]
    bad, table = Clock.objects.get(case=cases[1]), Clock._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(RAISE.format(pk=bad.pk, table=table))
    now = timezone.now() + timedelta(days=400)
    while mark_due_clocks(now):
        pass
    assert set(Clock.objects.filter(breached_at=None).values_list("pk", flat=True)) == {bad.pk}
    failure = failures("clocks")[bad.case_id]
    assert (failure.attempts, failure.again_at) == (1, now.timestamp() + 60)
    assert "poisoned" not in failure.error
    assert mark_due_clocks(now) == 0
    assert failures("clocks")[bad.case_id].attempts == 1
    assert mark_due_clocks(now + timedelta(minutes=2)) == 0
    assert failures("clocks")[bad.case_id].attempts == 2
    with connection.cursor() as cursor:
        cursor.execute(HEAL.format(table=table))
    assert mark_due_clocks(now + timedelta(hours=2)) == 1
    assert not Clock.objects.filter(breached_at=None).exists()
    assert not failures("clocks")
