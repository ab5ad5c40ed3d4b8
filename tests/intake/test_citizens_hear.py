"""Applicants hear by text message what became of their case: once a day, in office hours, at the end how to rate it."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from intake import actions
from intake.entries import PartyEntry
from intake.models import Case
from intake.public import actions as public_actions
from intake.public.models import CitizenText, QueryCode
from intake.public.queries.texts import citizen_text, citizen_texts
from intake.tasks import tell_applicants
from tests.intake import ways
from tests.mediation.ways import at
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.ciphers import unseal
from zhongzhi.core.errors import BadInput, PermissionDenied, RuleViolation
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
    with time_machine.travel(at(MONDAY - DAY, 9)):
        public_actions.set_citizen_text("register", "", starts_on=MONDAY, actor=ground.system_admin)
    call_command("load_citizen_texts", verbosity=0)
    registered(ground)
    clock.move_to(at(MONDAY, 9, 5))
    tell_applicants()
    assert texts() == []


def test_words_hold_from_their_day_on_and_the_version_before_until_then(
    ground: Ground, clock: time_machine.Traveller
) -> None:
    before = citizen_text("register", MONDAY)
    assert before is not None
    row = set_(ground, "您反映的事项{{ code }}由{{ centre }}{% if unit %}（{{ unit }}）{% endif %}办理。")
    assert (row.version, citizen_text("register", MONDAY), citizen_text("register", row.starts_on)) == (2, before, row)
    entry = trail_of("citizen_texts").last()
    assert entry is not None
    assert (entry.verb, entry.facts["event"], entry.facts["version"]) == ("citizen_text_set", "register", 2)
    case = registered(ground)
    clock.move_to(at(MONDAY + DAY, 9))
    tell_applicants()
    assert f"您反映的事项{case.code}由旗综治中心（有权处理的单位）办理。" in texts()[0]
    call_command("load_citizen_texts", verbosity=0)
    assert citizen_texts("register").count() == 2


def set_(ground: Ground, words: str, event: str = "register", actor: User | None = None, days: int = 1) -> CitizenText:
    return public_actions.set_citizen_text(
        event, words, starts_on=MONDAY + days * DAY, actor=actor or ground.system_admin
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{{ name }}您好", "可用的词"),
        ("{{ code }", "有误"),
        ("{% for c in code %}x{% endfor %}", "循环"),
        ("字" * 301, "最多 300 字"),
        ("{{ code.upper() }}", "不能"),
    ],
)
def test_words_that_cannot_be_sent_are_refused_at_their_field(
    ground: Ground, clock: time_machine.Traveller, words: str, why: str
) -> None:
    with pytest.raises(RuleViolation, match=why) as refused:
        set_(ground, words)
    assert "words" in refused.value.errors
    assert citizen_texts("register").count() == 1


def test_only_the_system_administrator_sets_words_and_none_for_today_or_for_what_nobody_is_told_of(
    ground: Ground, clock: time_machine.Traveller
) -> None:
    for actor in (ground.manager, ground.clerk, ground.auditor, ground.security_admin):
        with pytest.raises(PermissionDenied):
            set_(ground, "x", actor=actor)
    with pytest.raises(BadInput):
        set_(ground, "x", days=0)
    with pytest.raises(RuleViolation):
        set_(ground, "x", event="archive")


def test_who_joins_a_case_hears_so_once_and_of_domestic_violence_nobody(
    ground: Ground, clock: time_machine.Traveller
) -> None:
    case = registered(ground)
    clock.move_to(at(MONDAY, 9, 5))
    assert tell_applicants() == 1
    party = actions.join_group(case, actions.MemberRow("吴九", "", "13847500199"), actor=ground.clerk)
    public_actions.issue_query_code(case, party, actor=ground.clerk)
    assert tell_applicants() == 1
    assert [text for text in texts() if "已加入同一事项" in text and str(case.code) in text]
    public_actions.issue_query_code(case, party, actor=ground.clerk)
    clock.move_to(at(MONDAY + DAY, 9, 5))
    assert tell_applicants() == 0


def test_the_page_shows_what_holds_previews_what_is_typed_and_keeps_it_as_the_next_version(
    ground: Ground, client: Client
) -> None:
    client.force_login(ground.system_admin)
    page = client.get("/system/citizen-texts/").content.decode()
    assert "办结" in page and "每人每日最多一条" in page
    address = "/system/citizen-texts/close/"
    assert "可以用的词" in client.get(address).content.decode()
    shown = client.post(f"{address}preview/", {"words": "事项{{ code }}已办结"}).content.decode()
    assert "事项ZJ150526202611240001X已办结" in shown
    assert "可用的词" in client.post(f"{address}preview/", {"words": "{{ nobody }}"}).content.decode()
    day = timezone.localdate() + DAY
    sent = client.post(address, {"words": "{{ code }}已办结。", "starts_on": day.isoformat()}, follow=True)
    assert "第 2 版" in sent.content.decode()
    refused = client.post(address, {"words": "{{ nobody }}", "starts_on": day.isoformat()})
    assert refused.status_code == 422
    assert client.get("/system/citizen-texts/archive/").status_code == 404
    client.force_login(ground.manager)
    assert client.get(address).status_code == 403
