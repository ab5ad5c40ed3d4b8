"""Jobs and messages are tried again or given up with a reason; pages of the installation show no person's words."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import signed_in
from tests.people import Ground
from workbench.administration import actions, queries
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied
from zhongzhi.jobs import actions as jobs
from zhongzhi.jobs.models import Job
from zhongzhi.notices.actions import post, post_text_message
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.notices.queries import due_messages

pytestmark = pytest.mark.django_db


def failed(ground: Ground) -> Job:
    """A job that a fault stopped for good."""
    job = jobs.hand_in("breaks", actor=ground.clerk, title="导入名册")
    Job.objects.filter(pk=job.pk).update(attempts=jobs.MAX_ATTEMPTS - 1)
    jobs.run_due("breaks", _break)
    job.refresh_from_db()
    assert job.state == "failed"
    return job


def _break(job: Job) -> Iterator[None]:
    raise RuntimeError("fault")
    yield


def _work(job: Job) -> Iterator[None]:
    yield


def test_a_failed_job_runs_again_after_a_retry(ground: Ground) -> None:
    job = failed(ground)
    assert signed_in(ground.system_admin).post(f"/system/jobs/{job.uid}/retry/").status_code == 302
    assert jobs.run_due("breaks", _work) == 1
    job.refresh_from_db()
    assert job.state == "done"
    with pytest.raises(InvalidTransition):
        actions.retry_job(job.uid, actor=ground.system_admin)


def test_a_job_given_up_tells_its_owner_why_and_is_not_tried_again(ground: Ground) -> None:
    job = failed(ground)
    with pytest.raises(BadInput):
        actions.give_job_up(job.uid, actor=ground.system_admin, reason=" ")
    with pytest.raises(PermissionDenied):
        actions.give_job_up(job.uid, actor=ground.manager, reason="表格有误")
    given_up = actions.give_job_up(job.uid, actor=ground.system_admin, reason="表格有误")
    assert given_up.message == "管理员放弃：表格有误"
    with pytest.raises(InvalidTransition):
        actions.retry_job(job.uid, actor=ground.system_admin)


def test_a_message_given_up_is_never_due_again(ground: Ground) -> None:
    post([ground.clerk], kind="hello", title="您好", key="hello")
    message = OutboxMessage.objects.get()
    actions.retry_message(message.pk, actor=ground.system_admin)
    actions.give_message_up(message.pk, actor=ground.system_admin, reason="号码错误")
    assert not due_messages(message.next_attempt_at.replace(year=2099)).exists()
    with pytest.raises(InvalidTransition):
        actions.retry_message(message.pk, actor=ground.system_admin)


def test_the_outbox_shows_neither_words_nor_whole_receivers(ground: Ground) -> None:
    post([ground.clerk], kind="hello", title="土地少三垄", key="hello")
    post_text_message("13847500001", "您的查询码是 8866", key="code")
    browser = signed_in(ground.system_admin)
    for path in ("/system/outbox/", "/system/text-messages/"):
        page = browser.get(path).content.decode()
        assert "138****0001" in page
        for secret in ("土地少三垄", "8866", "13847500001", "包萨仁"):
            assert secret not in page


def test_a_test_message_goes_to_oneself_only(ground: Ground) -> None:
    browser = signed_in(ground.system_admin)
    assert browser.post("/system/text-messages/").status_code == 422
    ground.system_admin.phone = "13847500009"
    ground.system_admin.save(update_fields=["phone"])
    assert browser.post("/system/text-messages/").status_code == 302
    assert [line.receiver for line in queries.message_lines(OutboxMessage.objects.all())] == ["138****0009"]


def test_health_names_keys_but_shows_none(ground: Ground, settings: Any) -> None:
    page = signed_in(ground.system_admin).get("/system/health/").content.decode()
    assert "PostgreSQL" in page
    assert settings.SECRET_KEY not in page


def test_a_backup_that_is_broken_is_told(ground: Ground, settings: Any, tmp_path: Any) -> None:
    settings.BACKUP_DIR = str(tmp_path)
    name = "zhongzhi-20260101-020000.tar"
    (tmp_path / name).write_bytes(b"no archive")
    assert "不完整" in actions.check_backup(name, actor=ground.system_admin)
    assert [(row.is_whole, row.checked_at is None) for row in queries.backups()] == [(False, False)]
    with pytest.raises(NotFound):
        actions.check_backup("../settings.py", actor=ground.system_admin)


def test_the_home_page_of_the_system_administrator_shows_what_waits(ground: Ground) -> None:
    failed(ground)
    browser = signed_in(ground.system_admin)
    answer = browser.get("/")
    assert "失败的作业" in [matter.title for matter in answer.context["matters"]]
    labels = [item.label for item in answer.context["navigation"]]
    assert labels[:1] == ["待办"]
    assert "案件" not in labels, "administrators have no cases"
    assert signed_in(ground.clerk).get("/").context["matters"] is None


@pytest.mark.parametrize(
    "path",
    ["organisations/", "calendar/", "limits/", "limits/?show=over", "limits/new/", "categories/", "categories/0901/",
     "clients/", "clients/new/", "health/", "jobs/", "jobs/?show=failed", "outbox/?show=failing", "backups/"],
)  # fmt: skip
def test_every_page_opens_for_its_administrator_and_for_nobody_else(path: str, ground: Ground) -> None:
    assert signed_in(ground.system_admin).get(f"/system/{path}").status_code == 200
    assert signed_in(ground.manager).get(f"/system/{path}").status_code == 403
