"""Applicants hear by text message what became of their case: once a day, in office hours, at the end how to rate it."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from intake import actions
from intake.entries import PartyEntry
from intake.models import Case
from intake.public import actions as public_actions
from intake.public.models import CitizenText, QueryCode
from intake.tasks import tell_applicants
from tests.intake import ways
from tests.mediation.ways import at
from tests.people import Ground
from zhongzhi.core.ciphers import unseal
from zhongzhi.notices.actions import deliver_due, post_text_message
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 12)
DAY = timedelta(days=1)


@pytest.fixture
def clock(ground: Ground) -> Iterator[time_machine.Traveller]:
    """A Monday morning, the sweep having run before."""
    with time_machine.travel(at(MONDAY, 9), tick=False) as traveller:
        tell_applicants()
        yield traveller


def registered(ground: Ground, phone: str = "13847500001") -> Case:
    case = ways.registered(ground, parties=(PartyEntry(name="岳某某", phone=phone),))
    public_actions.issue_query_code(case, case.parties.get(), actor=ground.clerk)
    return case


def texts() -> list[str]:
    rows = OutboxMessage.objects.filter(topic="text_message", key__startswith="text:citizen").order_by("pk")
    return [unseal(b64decode(row.payload["text"]), aad=row.key) for row in rows]


def test_the_latest_of_a_day_is_told_once_and_the_next_on_the_next_day(
    ground: Ground, clock: time_machine.Traveller
) -> None:
    case = registered(ground)
    actions.accept_case(case, actor=ground.dispatcher)
    clock.move_to(at(MONDAY, 9, 5))
    assert tell_applicants() == 1
    assert tell_applicants() == 0
    assert len(texts()) == 1
    assert "已受理" in texts()[0]
    assert str(case.code) in texts()[0]
    closed(ground, Case.objects.get(pk=case.pk))
    clock.move_to(at(MONDAY, 16))
    assert tell_applicants() == 0
    clock.move_to(at(MONDAY + DAY, 9))
    assert tell_applicants() == 1
    assert "评价" in texts()[1]


def closed(ground: Ground, case: Case) -> Case:
    case = actions.take_up_case(case, actor=ground.dispatcher)
    case = actions.report_outcome(case, ways.REPORT, actor=ground.dispatcher)
    return actions.close_case(case, actor=ground.manager)


def test_it_waits_for_office_hours_and_has_an_end(ground: Ground, clock: time_machine.Traveller) -> None:
    registered(ground)
    clock.move_to(at(MONDAY, 22))
    assert tell_applicants() == 1
    message = OutboxMessage.objects.get(key__startswith="text:citizen")
    assert message.not_before == at(MONDAY + DAY, 8, 30)
    assert message.not_after == at(MONDAY + 3 * DAY, 8, 30)


def test_what_is_over_is_not_sent_any_more(
    ground: Ground, clock: time_machine.Traveller, tmp_path: Path, settings: Any
) -> None:
    settings.TEXT_MESSAGE_DIR = tmp_path
    now = at(MONDAY, 9)
    post_text_message("13847500001", "今天九点开会", key="late", not_after=now + timedelta(hours=1))
    deliver_due(now + timedelta(hours=2))
    message = OutboxMessage.objects.get(key="text:late")
    assert (message.delivered_at, message.given_up_at is not None) == (None, True)
    assert not list(tmp_path.iterdir())


def test_a_landline_is_not_texted_and_who_printed_the_receipt_hears_whom_to_phone(
    ground: Ground, clock: time_machine.Traveller
) -> None:
    case = registered(ground, phone="0475-7221234")
    clock.move_to(at(MONDAY, 9, 5))
    assert tell_applicants() == 1
    assert texts() == []
    code = QueryCode.objects.get(case=case)
    told = OutboxMessage.objects.get(payload__kind=f"citizen_to_phone_{code.pk}").payload
    assert told["user"] == ground.clerk.pk
    assert "请电话告知" in told["title"]


def test_who_was_handed_no_receipt_is_told_nothing(ground: Ground, clock: time_machine.Traveller) -> None:
    ways.registered(ground)
    clock.move_to(at(MONDAY, 9, 5))
    assert tell_applicants() == 0


def test_more_time_that_was_granted_is_told_with_the_new_day(ground: Ground, clock: time_machine.Traveller) -> None:
    case = registered(ground)
    case = actions.take_up_case(actions.accept_case(case, actor=ground.dispatcher), actor=ground.dispatcher)
    clock.move_to(at(MONDAY, 9, 5))
    tell_applicants()
    clock.move_to(at(MONDAY + DAY, 9))
    actions.ask_extension(Case.objects.get(pk=case.pk), actor=ground.dispatcher, reason="等鉴定")
    actions.decide_extension(Case.objects.get(pk=case.pk), actor=ground.manager, granted=True)
    clock.move_to(at(MONDAY + DAY, 9, 5))
    tell_applicants()
    assert "延长办理期限" in texts()[-1]


def test_what_is_merged_is_told_and_what_follows_at_the_other_case(
    ground: Ground, clock: time_machine.Traveller
) -> None:
    case, into = registered(ground), ways.registered(ground)
    actions.merge_case(case, actor=ground.clerk, target=str(into.code), reason="同一事项")
    clock.move_to(at(MONDAY, 9, 5))
    tell_applicants()
    assert "合并办理" in texts()[0]
    actions.accept_case(Case.objects.get(pk=into.pk), actor=ground.dispatcher)
    clock.move_to(at(MONDAY + DAY, 9))
    tell_applicants()
    assert "已受理" in texts()[1]


def test_of_domestic_violence_nobody_is_texted(ground: Ground, clock: time_machine.Traveller) -> None:
    case = registered(ground)
    actions.mark_violence(case, actor=ground.clerk, hurt=case.parties.get())
    clock.move_to(at(MONDAY, 9, 5))
    assert tell_applicants() == 0


def test_words_that_an_office_took_out_are_not_sent_and_loading_leaves_them_out(
    ground: Ground, clock: time_machine.Traveller
) -> None:
    CitizenText.objects.filter(event="register").update(words="")
    call_command("load_citizen_texts", verbosity=0)
    registered(ground)
    clock.move_to(at(MONDAY, 9, 5))
    tell_applicants()
    assert texts() == []
