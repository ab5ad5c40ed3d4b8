"""The desk of the auditor: the trail, checks, looks at personal data, alerts; no content, and every look recorded."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from intake import actions as cases
from intake.models import Case
from intake.verbs import Verb as Cases
from tests.people import Ground, an_entry
from workbench.auditing import actions
from workbench.auditing.queries import looks_by_person, verb_labels
from workbench.auditing.sweep import sweep_alerts
from workbench.models import AlertKind, ReadingAlert
from workbench.verbs import Verb
from zhongzhi.accounts.actions import set_number
from zhongzhi.accounts.models import User
from zhongzhi.accounts.security_rules import RuleName
from zhongzhi.audit.actions import ask_check, record
from zhongzhi.audit.models import TrailCheck, TrailEntry
from zhongzhi.audit.verbs import AuditVerb
from zhongzhi.audit.verify import work_on_checks
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 25, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday in office hours."""
PAGES = ["/auditing/trail/", "/auditing/looks/", "/auditing/alerts/", "/auditing/checks/"]
REASON = "岳某某来电核对，电话13847500001"


@pytest.fixture
def desk(ground: Ground, client: Client) -> Client:
    client.force_login(ground.auditor)
    return client


@pytest.fixture
def case(ground: Ground) -> Case:
    return cases.register_case(an_entry(), actor=ground.clerk)


def look(person: User, case: Case, at: datetime, times: int = 1, reason: str = "核对") -> None:
    """Looks at numbers as the trail keeps them, at that moment."""
    with time_machine.travel(at, tick=False), transaction.atomic():
        for _ in range(times):
            record(person, Cases.REVEALED, case, party=1, reason=reason)


def shown(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_trail_shows_who_did_what_and_no_content(desk: Client, ground: Ground, case: Case) -> None:
    look(ground.clerk, case, MORNING, reason=REASON)
    page = shown(desk, f"/auditing/trail/?q={case.code}")
    assert f"案件 {case.code}" in page
    assert "查看完整信息" in page
    assert "岳某某" not in page
    assert "岳**" in page or "岳*某" in page
    assert "13847500001" not in page
    for content in ("土地少三垄", "重新丈量", "多种", "付某"):
        assert content not in page


def test_the_trail_is_found_by_person_act_days_and_place(desk: Client, ground: Ground, case: Case) -> None:
    look(ground.manager, case, MORNING)
    hit = ">查看完整信息</td>"
    for found in ("person=manager", "person=李建国", "verb=personal_data_revealed", "since=2026-11-25&until=2026-11-25",
                  "place=150526103"):  # fmt: skip
        assert hit in shown(desk, f"/auditing/trail/?{found}"), found
    for missed in ("person=clerk", "verb=case_registered", "until=2026-11-24", "place=150526100", "q=ZZ-0"):
        assert hit not in desk.get(f"/auditing/trail/?{missed}").content.decode(), missed


def test_pages_of_the_trail_follow_each_other(desk: Client, ground: Ground, case: Case) -> None:
    look(ground.manager, case, MORNING, times=55)
    first = desk.get("/auditing/trail/?person=manager")
    assert len(first.context["lines"]) == 50
    second = desk.get(f"/auditing/trail/?person=manager&cursor={first.context['page'].next_cursor}")
    assert len(second.context["lines"]) == 5


def test_every_look_of_the_auditor_is_recorded(desk: Client, ground: Ground) -> None:
    for address in PAGES[:3]:
        shown(desk, address)
    shown(desk, "/auditing/trail/?person=clerk")
    verbs = list(TrailEntry.objects.filter(actor=ground.auditor).order_by("id").values_list("verb", flat=True))
    assert verbs == [Verb.TRAIL_READ, Verb.LOOKS_READ, Verb.ALERTS_READ, Verb.TRAIL_READ]
    assert TrailEntry.objects.filter(actor=ground.auditor).latest("id").facts["filters"] == {"person": "clerk"}


def test_an_export_has_its_reason_in_the_trail(desk: Client, ground: Ground, case: Case) -> None:
    look(ground.manager, case, MORNING, reason=REASON)
    answer = desk.post("/auditing/trail/export/?person=manager", {"reason": "年度审计"})
    text = b"".join(answer.streaming_content).decode()
    assert "李建国" in text
    assert "岳某某" not in text
    entry = TrailEntry.objects.get(verb=Verb.TRAIL_EXPORTED)
    assert entry.facts == {"reason": "年度审计", "filters": {"person": "manager"}}


def test_no_export_without_a_reason(desk: Client) -> None:
    assert desk.post("/auditing/trail/export/", {"reason": " "}).status_code == 422
    assert not TrailEntry.objects.filter(verb=Verb.TRAIL_EXPORTED).exists()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_the_same_for_few_and_many(
    address: str, desk: Client, ground: Ground, case: Case, django_assert_max_num_queries: Any
) -> None:
    for person in (ground.clerk, ground.manager, ground.handler, ground.town_clerk):
        look(person, case, timezone.now(), times=5)
    with django_assert_max_num_queries(22):
        desk.get(address)


def test_a_check_is_asked_for_done_and_kept(desk: Client, ground: Ground, case: Case) -> None:
    desk.post("/auditing/checks/")
    assert TrailCheck.objects.get().asked_by == ground.auditor
    assert work_on_checks() == 1
    check = TrailCheck.objects.get()
    assert check.fault_count == 0
    assert check.entries >= 2
    assert "完好" in shown(desk, "/auditing/checks/")


def test_a_check_tells_what_was_changed(desk: Client, case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_trailentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_trailentry SET verb = 'nothing' WHERE chain = %s", [f"case:{case.pk}"])
        cursor.execute("ALTER TABLE audit_trailentry ENABLE TRIGGER USER")
    work_on_checks()
    page = shown(desk, "/auditing/checks/")
    assert "发现 1 处问题" in page
    assert f"case:{case.pk}#1" in page
    assert "<b>1</b>上次核对发现的问题" in shown(desk, "/")


def test_the_clock_asks_once_a_day(db: None) -> None:
    assert (work_on_checks(), work_on_checks()) == (1, 0)
    TrailCheck.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert work_on_checks() == 1


def test_asked_twice_one_check_is_enough(ground: Ground) -> None:
    assert ask_check(None).pk == ask_check(ground.auditor).pk


def test_a_check_whose_worker_was_lost_is_done_again(db: None) -> None:
    check = ask_check(None)
    TrailCheck.objects.update(started_at=timezone.now())
    assert work_on_checks() == 0
    TrailCheck.objects.update(started_at=timezone.now() - timedelta(hours=5))
    assert work_on_checks() == 1
    assert TrailCheck.objects.get(pk=check.pk).finished_at


def test_looks_are_ranked_beside_the_peers(ground: Ground, case: Case) -> None:
    now = timezone.now()
    for person, times in ((ground.clerk, 30), (ground.town_clerk, 5), (ground.manager, 4), (ground.town_manager, 4)):
        look(person, case, now, times=times)
    readers = looks_by_person(ground.auditor, now - timedelta(days=30))
    assert [(r.person.username, r.looks, r.peers, r.stands_out) for r in readers[:2]] == [
        ("clerk", 30, 5.0, True),
        ("town_clerk", 5, 30.0, False),
    ]
    assert all(not r.stands_out for r in readers[2:])


def test_more_than_the_rule_within_an_hour_raises_one_alert(ground: Ground, case: Case) -> None:
    look(ground.clerk, case, MORNING, times=30)
    assert sweep_alerts(MORNING) == 0
    look(ground.clerk, case, MORNING + timedelta(minutes=50))
    assert (sweep_alerts(MORNING + timedelta(hours=1)), sweep_alerts(MORNING + timedelta(hours=1))) == (1, 0)
    alert = ReadingAlert.objects.get()
    assert (alert.kind, alert.person, alert.count, alert.threshold) == (AlertKind.MANY_LOOKS, ground.clerk, 31, 30)


def test_as_many_over_two_hours_raise_none(ground: Ground, case: Case) -> None:
    look(ground.clerk, case, MORNING, times=20)
    look(ground.clerk, case, MORNING + timedelta(minutes=60), times=20)
    assert sweep_alerts(MORNING + timedelta(hours=2)) == 0


def test_reading_outside_office_hours_raises_an_alert(ground: Ground, case: Case) -> None:
    look(ground.clerk, case, MORNING.replace(hour=23))
    assert sweep_alerts(MORNING.replace(hour=23, minute=40)) == 1
    assert ReadingAlert.objects.get().kind == AlertKind.OFF_HOURS


def test_the_threshold_is_a_rule(ground: Ground, case: Case) -> None:
    set_number(RuleName.LOOKS_AN_HOUR, 5, ground.security_admin, "收紧")
    look(ground.clerk, case, MORNING, times=6)
    assert sweep_alerts(MORNING + timedelta(minutes=1)) == 1


def test_an_export_in_the_clear_raises_an_alert(ground: Ground) -> None:
    from grids.verbs import Verb as Places

    with time_machine.travel(MORNING, tick=False), transaction.atomic():
        record(ground.manager, Places.ROSTER_EXPORTED_IN_CLEAR, ground.manager, reason="核对", rows=10)
    assert sweep_alerts(MORNING + timedelta(minutes=1)) == 1
    assert ReadingAlert.objects.get().kind == AlertKind.EXPORTS


def test_auditor_and_security_administrator_are_told_once_of_an_alert_and_nobody_of_their_own(
    ground: Ground, case: Case
) -> None:
    look(ground.clerk, case, MORNING, 31)
    for _ in range(2):
        sweep_alerts(MORNING + timedelta(minutes=5))
    deliver_due(timezone.now())
    told = Notice.objects.filter(kind="reading_alert")
    assert {(notice.user, notice.link) for notice in told} == {
        (ground.auditor, "/auditing/alerts/"),
        (ground.security_admin, "/security/sessions/"),
    }
    assert told.count() == 2 and all("包萨仁" in notice.title for notice in told)


def an_alert(person: User) -> ReadingAlert:
    return ReadingAlert.objects.create(
        kind=AlertKind.MANY_LOOKS, person=person, since=timezone.now(), count=31, threshold=30
    )


def test_an_alert_is_seen_and_then_explained_once(desk: Client, ground: Ground) -> None:
    alert = an_alert(ground.clerk)
    assert "未阅" in shown(desk, "/auditing/alerts/?state=new")
    desk.post(f"/auditing/alerts/{alert.pk}/seen/")
    assert "已阅" in shown(desk, "/auditing/alerts/?state=seen")
    desk.post(f"/auditing/alerts/{alert.pk}/explain/", {"explanation": "集中回访，经负责人核实"})
    assert "集中回访" in shown(desk, "/auditing/alerts/?state=explained")
    with pytest.raises(InvalidTransition):
        actions.explain_alert(alert.pk, ground.auditor, "再说一遍")


def test_an_explanation_has_words(ground: Ground) -> None:
    with pytest.raises(BadInput):
        actions.explain_alert(an_alert(ground.clerk).pk, ground.auditor, " ")


@pytest.mark.parametrize("who", ["clerk", "manager", "leader", "system_admin", "security_admin"])
def test_nobody_else_audits(who: str, ground: Ground) -> None:
    person, alert = ground.people[who], an_alert(ground.handler)
    for act in (
        lambda: actions.note_look(person, Verb.TRAIL_READ, {}),
        lambda: actions.note_export(person, "审计", {}),
        lambda: actions.ask_trail_check(person),
        lambda: actions.see_alert(alert.pk, person),
        lambda: actions.explain_alert(alert.pk, person, "无事"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_an_alert_about_oneself_is_for_another_auditor(ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        actions.explain_alert(an_alert(ground.auditor).pk, ground.auditor, "是我")


def test_administrators_are_not_led_to_cases(ground: Ground, client: Client) -> None:
    for who in ("system_admin", "security_admin", "auditor"):
        client.force_login(ground.people[who])
        names = [item.address for item in client.get("/").context["navigation"]]
        assert "/cases/" not in names


def test_every_act_of_the_trail_and_what_it_is_about_are_said_in_words() -> None:
    labels = verb_labels()
    for verbs in AuditVerb.__subclasses__():
        assert {str(verb) for verb in verbs} <= set(labels), verbs
    assert [word for word in labels.values() if word.isascii()] == []
