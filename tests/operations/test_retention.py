"""What is over goes, by rules with days of effect; what is held, restricted, blocked or not over stays."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.utils import timezone

from grids.actions.api_clients import ClientTerms, open_client
from grids.models import Hazard
from grids.models.table_imports import HandedTable, ImportRow, Verdict
from intake.actions import begin_upload, take_part
from intake.actions.retention import CLEARED
from intake.imports.models import ImportBatch, RowRemark
from intake.lifecycle import State
from intake.models import Case, EntryAutosave, ResumableUpload
from intake.models.personal_data import DataRequest, RestrictedParty, Restriction
from tests.audit.ways import codes
from tests.intake import ways
from tests.people import Ground
from workbench.kept.actions import keep_input
from workbench.models import KeptInput, RetentionRun, Webhook, WebhookDelivery
from workbench.retention.actions import set_period, sweep_retention
from workbench.retention.kinds import KINDS
from workbench.retention.queries import lines, period_of
from zhongzhi.accounts.models import SecurityEvent, SecurityKind, UserSession
from zhongzhi.audit.actions import gather_all
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, NotFound, PermissionDenied, RuleViolation
from zhongzhi.jobs.models import Job, JobState
from zhongzhi.notices.models import Notice, OutboxMessage

Make = Callable[[Ground, datetime], Any]
pytestmark = pytest.mark.django_db


def a_file(ground: Ground, at: datetime, state: State = State.CLOSED, **changes: Any) -> Case:
    case = ways.in_state(ground, state)
    moments = [name for name in ("registered_at", "accepted_at", "concluded_at", "closed_at") if getattr(case, name)]
    Case.objects.filter(pk=case.pk).update(**dict.fromkeys(moments, at), **changes)
    case.refresh_from_db()
    return case


def a_draft(ground: Ground, at: datetime) -> Case:
    case = ways.in_state(ground, State.DRAFT)
    Case.objects.filter(pk=case.pk).update(updated_at=at)
    return case


def a_kept_input(ground: Ground, at: datetime) -> KeptInput:
    row = keep_input("note=x", actor=ground.clerk, place=f"/cases/ZJ{at:%Y%m%d}/acts/close/")
    KeptInput.objects.filter(pk=row.pk).update(updated_at=at)
    return row


def an_upload(ground: Ground, at: datetime) -> ResumableUpload:
    row = begin_upload(ways.registered(ground), actor=ground.clerk, name="合同.pdf", size=3)
    take_part(row.case, row.uid, b"%PD", actor=ground.clerk, begins=0)
    ResumableUpload.objects.filter(pk=row.pk).update(begun_at=at)
    return row


def an_autosave(ground: Ground, at: datetime) -> EntryAutosave:
    row = EntryAutosave.objects.create(user=ground.clerk, uid=uuid.uuid4(), sealed=b"x")
    EntryAutosave.objects.filter(pk=row.pk).update(updated_at=at)
    return row


def a_job(ground: Ground, at: datetime) -> Job:
    return Job.objects.create(kind="x", title="导入", owner=ground.clerk, state=JobState.DONE, ended_at=at)


def an_import(ground: Ground, at: datetime) -> ImportBatch:
    row = ImportBatch.objects.create(
        kind="hotline", state="checked", centre=ground.county_centre, job=a_job(ground, at), file_name="工单.csv",
        source=b"x", created_by=ground.clerk,
    )  # fmt: skip
    ImportBatch.objects.filter(pk=row.pk).update(created_at=at)
    return row


def an_import_row(ground: Ground, at: datetime) -> ImportRow:
    row = ImportRow(job=a_job(ground, at), number=1, verdict=Verdict.NEW)
    row.cells = {"name": "白音"}
    row.save()
    return row


def a_hazard(ground: Ground, at: datetime) -> Hazard:
    place = ground.places["150526103200001"]
    return Hazard.objects.create(
        territory=place, kind="dispute", narrative="地界", reporter_name="白音", other_side="徐某", found_at=at,
        reported_by=ground.clerk, ended_at=at,
    )  # fmt: skip


def a_message(ground: Ground, at: datetime) -> OutboxMessage:
    return OutboxMessage.objects.create(key=str(uuid.uuid4()), topic="notice", payload={"title": "x"}, delivered_at=at)


def a_notice(ground: Ground, at: datetime) -> Notice:
    return Notice.objects.create(user=ground.clerk, outbox=a_message(ground, at), kind="x", title="x", link="/")


def a_push(ground: Ground, at: datetime) -> WebhookDelivery:
    terms = ClientTerms(("cases:read",))
    client = open_client(uuid.uuid4().hex, ground.county_centre, terms, actor=ground.system_admin)
    hook = Webhook.objects.create(client=client, url="https://example.org/", kinds=["changed"], secret_sealed=b"-")
    return WebhookDelivery.objects.create(
        webhook=hook, kind="changed", case_code="ZJ1", place="1", happened_at=at, sent_at=at
    )


def an_import_remark(ground: Ground, at: datetime) -> RowRemark:
    batch = an_import(ground, at)
    ImportBatch.objects.filter(pk=batch.pk).update(state="done", mode="all", source=None, finished_at=at)
    return RowRemark.objects.create(batch=batch, row=2, column="place", message="没有这个地方。")


def a_handed_table(ground: Ground, at: datetime) -> HandedTable:
    row = HandedTable.objects.create(job=a_job(ground, at), source=b"x")
    Job.objects.filter(pk=row.job_id).update(created_at=at)
    return row


def a_session(ground: Ground, at: datetime) -> UserSession:
    return UserSession.objects.create(session_key=uuid.uuid4().hex, session_data="", expire_date=at, user=ground.clerk)


def an_event(ground: Ground, at: datetime) -> SecurityEvent:
    return SecurityEvent.objects.create(kind=SecurityKind.LOGGED_IN, user=ground.clerk, username="x", at=at)


def an_attempt(ground: Ground, at: datetime) -> AccessAttempt:
    row = AccessAttempt.objects.create(username=uuid.uuid4().hex, ip_address="10.0.0.1", failures_since_start=1)
    AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=at)
    return row


def gone(row: Any) -> bool:
    return not type(row).objects.filter(pk=row.pk).exists()


def is_anonymous(case: Any) -> bool:
    return not case.parties.exclude(name="", phone_sealed=None, paper_sealed=None, address_sealed=None).exists()


def without_names(hazard: Any) -> bool:
    hazard.refresh_from_db()
    return bool(hazard.narrative) and not (hazard.reporter_name or hazard.other_side)


def is_empty(message: Any) -> bool:
    message.refresh_from_db()
    return bool(message.payload == {})


def is_cancelled(batch: Any) -> bool:
    batch.refresh_from_db()
    return bool(batch.state == "cancelled" and batch.source is None)


CASES: dict[str, tuple[Make, Callable[[Any], bool]]] = {
    "files": (a_file, is_anonymous),
    "files_short": (lambda ground, at: a_file(ground, at, State.WITHDRAWN), is_anonymous),
    "files_lasting": (lambda ground, at: a_file(ground, at, scale="03"), is_anonymous),
    "drafts": (a_draft, gone),
    "autosaves": (an_autosave, gone),
    "uploads": (an_upload, gone),
    "kept_inputs": (a_kept_input, gone),
    "imports": (an_import, is_cancelled),
    "import_rows": (an_import_row, gone),
    "roster_tables": (a_handed_table, gone),
    "hazards": (a_hazard, without_names),
    "notices": (a_notice, gone),
    "messages": (a_message, is_empty),
    "sent": (a_message, gone),
    "pushed": (a_push, gone),
    "jobs": (a_job, gone),
    "import_remarks": (an_import_remark, gone),
    "sessions": (a_session, gone),
    "security_log": (an_event, gone),
    "sign_in_failures": (an_attempt, gone),
}


def test_every_kind_of_the_table_is_tried() -> None:
    assert set(CASES) == set(KINDS)


def test_a_file_that_waits_for_its_columns_is_dropped_like_one_that_waits_for_a_word(ground: Ground) -> None:
    batch = an_import(ground, timezone.now() - timedelta(days=40))
    ImportBatch.objects.filter(pk=batch.pk).update(state="asking")
    sweep_retention(timezone.now())
    assert is_cancelled(batch)


@pytest.mark.parametrize("name", CASES)
def test_what_is_over_goes_and_what_is_not_stays(ground: Ground, name: str) -> None:
    make, ended = CASES[name]
    now, days = timezone.now(), KINDS[name].days
    old = make(ground, now - timedelta(days=(days or 99 * 365) + 2))
    young = make(ground, now - timedelta(days=max(0, (days or 1) - 2)))
    line = next(line for line in lines(now) if line.period.kind.name == name)
    assert (line.over, line.soon) == ((0, 0) if days is None else (1, 1))
    sweep_retention(now)
    assert ended(old) == (days is not None)
    assert not ended(young)
    if days is not None:
        run = RetentionRun.objects.get(kind=name)
        assert (run.done, run.failed) == (1, 0)
        facts = [entry.facts for entry in trail_of("retention") if entry.facts["kind"] == name]
        assert [one["rows"] for one in facts] == [1]
    sweep_retention(now)
    gather_all()
    assert codes() == set() or name.startswith("files")  # files were closed by SQL, past the acts


def test_an_anonymised_file_keeps_what_was_done_and_loses_who_and_what(ground: Ground) -> None:
    case = a_file(ground, timezone.now() - timedelta(days=31 * 365))
    entries = trail_of(case).count()
    sweep_retention(timezone.now())
    case.refresh_from_db()
    assert (case.title, case.narrative) == (CLEARED, CLEARED)
    assert case.code and trail_of(case).count() == entries + 1


STATES = {"held": State.SUSPENDED, "open": State.HANDLING}
CHANGES: dict[str, dict[str, Any]] = {"restricted": {"is_restricted": True}, "lasting": {"scale": "03"}}


@pytest.mark.parametrize("how", ["restricted", "blocked", "held", "open", "lasting"])
def test_files_that_are_held_restricted_or_blocked_are_left(ground: Ground, how: str) -> None:
    old = timezone.now() - timedelta(days=40 * 365)
    case = a_file(ground, old, STATES.get(how, State.CLOSED), **CHANGES.get(how, {}))
    if how == "blocked":
        asked = DataRequest.objects.create(kind="restrict", reason="争议", centre=case.centre, received_by=ground.clerk)
        row = Restriction.objects.create(request=asked, reason="争议", restricted_by=ground.clerk)
        RestrictedParty.objects.create(restriction=row, party=case.parties.first())
    sweep_retention(timezone.now())
    assert not is_anonymous(case)


def test_a_row_that_fails_is_set_aside_and_stops_neither_the_others_nor_other_kinds(ground: Ground) -> None:
    old, older = (timezone.now() - timedelta(days=years * 365) for years in (2, 4))
    bad, good, event = a_message(ground, old), a_message(ground, old), an_event(ground, older)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION stop_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.id = {bad.pk} THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER stop_one BEFORE UPDATE ON notices_outboxmessage FOR EACH ROW EXECUTE FUNCTION stop_one()"
        )
    sweep_retention(timezone.now())
    assert is_empty(good) and gone(event) and not is_empty(bad)
    run = RetentionRun.objects.get(kind="messages")
    assert (run.done, run.failed) == (1, 1)


def test_a_period_has_a_day_of_effect_and_leaves_its_trail(ground: Ground) -> None:
    today = timezone.localdate()
    rule = set_period("drafts", 30, source="县里规定", starts_on=today + timedelta(days=3), actor=ground.system_admin)
    before, after = (period_of(KINDS["drafts"], today + timedelta(days=n)) for n in (2, 3))
    assert (before.days, before.next, after.days, after.label) == (90, rule, 30, "30 天")
    (entry,) = trail_of("retention")
    assert (entry.verb, entry.facts["days"], entry.actor) == ("retention_set", 30, ground.system_admin)
    set_period("drafts", None, source="县里规定", starts_on=today + timedelta(days=3), actor=ground.system_admin)
    assert period_of(KINDS["drafts"], today + timedelta(days=3)).label == "永久"


def test_nobody_else_sets_periods_and_none_is_shorter_than_the_law_asks(ground: Ground) -> None:
    day = timezone.localdate() + timedelta(days=1)
    for actor in (ground.manager, ground.security_admin, ground.auditor):
        with pytest.raises(PermissionDenied):
            set_period("drafts", 30, source="x", starts_on=day, actor=actor)
    with pytest.raises(RuleViolation):
        set_period("security_log", 90, source="x", starts_on=day, actor=ground.system_admin)
    with pytest.raises(BadInput):
        set_period("drafts", 30, source="x", starts_on=timezone.localdate(), actor=ground.system_admin)
    with pytest.raises(NotFound):
        set_period("trail", 30, source="x", starts_on=day, actor=ground.system_admin)


def test_the_database_keeps_half_a_year_of_the_security_log_whatever_is_asked(ground: Ground) -> None:
    event = an_event(ground, timezone.now() - timedelta(days=100))
    with pytest.raises(Exception, match="append-only"):
        SecurityEvent.objects.filter(pk=event.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_a_line_of_the_security_log_deleted_past_the_sweep_is_found(ground: Ground) -> None:
    event = an_event(ground, timezone.now() - timedelta(days=300))
    SecurityEvent.objects.filter(pk=event.pk).delete()
    gather_all()
    assert "content_without_act" in codes()


def test_the_page_shows_what_is_over_and_takes_another_period(ground: Ground, client: Any) -> None:
    client.force_login(ground.system_admin)
    an_event(ground, timezone.now() - timedelta(days=4 * 365))
    assert "安全日志" in client.get("/system/retention/").content.decode()
    day = timezone.localdate() + timedelta(days=1)
    typed = {"starts_on": str(day), "days": "1825", "source": "县档案局"}
    assert client.post("/system/retention/security_log/", typed).status_code == 302
    assert period_of(KINDS["security_log"], day).days == 1825
    assert client.post("/system/retention/security_log/", typed | {"days": "9"}).status_code == 422
    sweep_retention(timezone.now())
    assert "安全日志" in client.get("/system/retention/runs/").content.decode()
    assert client.get("/system/retention/nothing/").status_code == 404


def test_whoever_may_not_keep_them_finds_no_page(ground: Ground, client: Any) -> None:
    client.force_login(ground.manager)
    for path in ("", "runs/", "drafts/"):
        assert client.get(f"/system/retention/{path}").status_code == 403
