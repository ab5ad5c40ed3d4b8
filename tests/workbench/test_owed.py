"""Letters and tasks stand among the to-dos, what is due first before the rest, an open red 督办单 above all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from intake.coordination.actions.joint_tasks import add_task
from referrals.models import Document, Purpose
from tests.people import Ground
from tests.referrals import ways
from workbench.owed import owed_by

pytestmark = pytest.mark.django_db


def test_letters_and_tasks_stand_by_what_is_due_and_the_red_one_on_top(ground: Ground) -> None:
    reminder = ways.signed(ground, Purpose.REMIND)
    red = ways.signed(ground, Purpose.SUPERVISE, case=reminder.case, level="red")
    Document.objects.filter(pk=red.pk).update(answer_due_at=timezone.now() + timedelta(days=9), receipt_due_at=None)
    assert reminder.case is not None
    lead = reminder.case.handlings.get(part="lead", closed_at=None)
    task = add_task(reminder.case, lead, actor=ground.dispatcher, what="复核地界", due_on=timezone.localdate())
    lines = owed_by(ground.handler)
    assert (lines[0].is_red, lines[0].address) == (True, f"/documents/{red.uid}/")
    assert task.what in [line.title for line in lines] and len(lines) == 3
    dues = [line.due for line in lines[1:] if line.due]
    assert dues == sorted(dues)
    client = Client()
    client.force_login(ground.handler)
    page = client.get("/").content.decode()
    assert "来函来单、任务" in page and page.index("红色") < page.index("复核地界")


def test_a_slip_waits_as_its_case_and_others_are_owed_nothing(ground: Ground) -> None:
    ways.dispatched(ground)
    assert owed_by(ground.handler) == [] and owed_by(ground.other_handler) == []
    ways.signed(ground, Purpose.REMIND)
    assert owed_by(ground.other_handler) == []
