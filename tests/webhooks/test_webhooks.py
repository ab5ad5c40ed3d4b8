"""Outside systems are told what changed in their sight: signed, in order, until they have taken it."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from intake import actions as cases
from intake.models import Case, CaseChange
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from tests.webhooks.conftest import Receiver, a_client, a_hook
from workbench.models import Webhook, WebhookDelivery
from workbench.webhooks.actions import Manner, open_webhook, pause_webhook, renew_secret, resume_webhook, send_again
from workbench.webhooks.sweep import sweep_webhooks
from zhongzhi.accounts.models import ApiClient
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.actions import CALLING, call_due, deliver_due
from zhongzhi.notices.models import Notice, OutboxMessage

pytestmark = pytest.mark.django_db


def committed(number: int) -> None:
    """What was written since the last time was written by a transaction of this number, which has ended."""
    CaseChange.objects.filter(xid__gt=100).update(xid=number)


def deliver(later: timedelta = timedelta()) -> None:
    deliver_due(timezone.now() + later)
    call_due(timezone.now() + later)


def tell(number: int) -> None:
    """Everything that was written goes out."""
    committed(number)
    sweep_webhooks()
    deliver()


def signed_with(secret: str, headers: dict[str, str], body: bytes) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{mine}" in headers["webhook-signature"].split()


def test_a_change_is_told_as_a_signed_cloud_event(ground: Ground, receiver: Receiver) -> None:
    made = a_hook(ground, receiver)
    case = ways.registered(ground)
    tell(1)
    ((headers, body),) = receiver.taken
    assert signed_with(made.secret, headers, body)
    assert not signed_with("whsec_" + base64.b64encode(b"x" * 32).decode(), headers, body)
    (event,) = receiver.events
    assert (event["specversion"], event["type"], event["subject"]) == ("1.0", "zhongzhi.case.created", case.code)
    assert event["id"] == headers["webhook-id"]
    assert (event["data"]["case"]["status"], event["data"]["code"]) == ("registered", case.code)
    assert "parties" not in event["data"]["case"]


def test_the_whole_case_is_told_where_it_was_asked_for_without_names(ground: Ground, receiver: Receiver) -> None:
    a_hook(ground, receiver, is_full=True)
    ways.registered(ground)
    tell(1)
    (event,) = receiver.events
    assert event["data"]["case"]["parties"][0]["side"] == "applicant"
    assert "岳某某" not in receiver.taken[0][1].decode()


def test_what_a_system_does_not_see_is_not_told(ground: Ground, receiver: Receiver) -> None:
    a_hook(ground, receiver, client=a_client(ground, sight="own"))
    ways.registered(ground)
    tell(1)
    assert receiver.taken == []


def test_nothing_is_told_twice_however_often_the_clock_strikes(ground: Ground, receiver: Receiver) -> None:
    a_hook(ground, receiver)
    ways.registered(ground)
    for _ in range(3):
        tell(1)
    assert len(receiver.taken) == 1


def test_what_was_not_taken_is_sent_again_under_the_same_id_and_the_case_keeps_its_order(
    ground: Ground, receiver: Receiver
) -> None:
    a_hook(ground, receiver)
    case = ways.registered(ground)
    committed(1)
    sweep_webhooks()
    cases.accept_case(case, actor=ground.dispatcher)
    committed(2)
    sweep_webhooks()
    receiver.answers = [404]
    deliver()
    assert receiver.taken == [], "the second waits for the first"
    deliver(timedelta(minutes=2))
    deliver(timedelta(minutes=5))
    assert [event["type"] for event in receiver.events] == ["zhongzhi.case.created", "zhongzhi.case.changed"]
    ids = [str(row.uid) for row in WebhookDelivery.objects.order_by("pk")]
    assert [event["id"] for event in receiver.events] == ids


def test_a_receiver_that_is_away_holds_nobody_else_s_messages_back(ground: Ground, receiver: Receiver) -> None:
    a_hook(ground, receiver)
    ways.registered(ground)
    committed(1)
    sweep_webhooks()
    receiver.answers = [503]
    deliver()
    assert OutboxMessage.objects.filter(topic__startswith="webhook", delivered_at=None).count() == 1
    assert Notice.objects.filter(user=ground.dispatcher).exists()


def test_nobody_s_notices_wait_for_calls_which_one_worker_makes_at_a_time(ground: Ground, receiver: Receiver) -> None:
    a_hook(ground, receiver)
    ways.registered(ground)
    committed(1)
    sweep_webhooks()
    deliver_due(timezone.now())
    assert receiver.taken == []
    cache.set(CALLING, 1)
    assert (call_due(timezone.now()), receiver.taken) == (0, [])
    cache.delete(CALLING)
    assert (call_due(timezone.now()), len(receiver.taken)) == (1, 1)
    assert cache.get(CALLING) is None


def test_after_many_failures_it_is_paused_and_the_administrator_told_and_goes_on_where_it_stood(
    ground: Ground, receiver: Receiver
) -> None:
    hook = a_hook(ground, receiver).hook
    ways.registered(ground)
    committed(1)
    sweep_webhooks()
    OutboxMessage.objects.filter(topic=hook.topic).update(attempts=10)
    sweep_webhooks()
    deliver()
    assert Webhook.objects.get().paused_at is not None
    assert Notice.objects.filter(user=ground.system_admin, kind="webhook_paused").count() == 1
    assert receiver.taken == []
    resume_webhook(hook.client_id, hook.pk, actor=ground.system_admin)
    sweep_webhooks()
    deliver()
    assert len(receiver.taken) == 1


def test_what_changed_during_a_pause_is_told_after_it(ground: Ground, receiver: Receiver) -> None:
    hook = a_hook(ground, receiver).hook
    pause_webhook(hook.client_id, hook.pk, actor=ground.system_admin)
    ways.registered(ground)
    tell(1)
    assert receiver.taken == []
    resume_webhook(hook.client_id, hook.pk, actor=ground.system_admin)
    tell(1)
    assert len(receiver.taken) == 1


def test_for_a_day_after_a_new_secret_both_sign(ground: Ground, receiver: Receiver) -> None:
    old = a_hook(ground, receiver)
    new = renew_secret(old.hook.client_id, old.hook.pk, actor=ground.system_admin)
    ways.registered(ground)
    tell(1)
    ((headers, body),) = receiver.taken
    assert signed_with(old.secret, headers, body)
    assert signed_with(new.secret, headers, body)
    Webhook.objects.update(old_until=timezone.now())
    ways.registered(ground)
    tell(2)
    headers, body = receiver.taken[1]
    assert not signed_with(old.secret, headers, body)
    assert signed_with(new.secret, headers, body)


def test_one_that_was_taken_is_sent_again_on_demand_with_the_same_id(ground: Ground, receiver: Receiver) -> None:
    hook = a_hook(ground, receiver).hook
    ways.registered(ground)
    committed(1)
    sweep_webhooks()
    row = WebhookDelivery.objects.get()
    with pytest.raises(InvalidTransition):
        send_again(hook.client_id, hook.pk, row.pk, actor=ground.system_admin)
    deliver()
    send_again(hook.client_id, hook.pk, row.pk, actor=ground.system_admin)
    deliver()
    assert [event["id"] for event in receiver.events] == [str(row.uid)] * 2


@pytest.mark.parametrize("end", ["client", "scope", "hook"])
def test_who_is_entitled_no_more_is_told_nothing(end: str, ground: Ground, receiver: Receiver) -> None:
    a_hook(ground, receiver)
    ways.registered(ground)
    committed(1)
    sweep_webhooks()
    if end == "hook":
        Webhook.objects.update(ended_at=timezone.now())
    else:
        ApiClient.objects.update(**{"client": {"is_active": False}, "scope": {"scopes": ["cases:read"]}}[end])
    deliver()
    assert receiver.taken == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "https://127.0.0.1/", "https://10.1.2.3/x", "https://[::1]/", "https://169.254.169.254/",
        "https://localhost/", "ftp://8.8.8.8/", "https://", "8.8.8.8", "https://a:b@8.8.8.8/", "http://8.8.8.8/",
        "https://8.8.8.8:99999/",
    ],
)  # fmt: skip
def test_no_address_of_an_own_network_and_nothing_without_tls_is_called(url: str, ground: Ground) -> None:
    with pytest.raises(RuleViolation) as refused:
        open_webhook(a_client(ground).pk, url, ["changed"], Manner(), actor=ground.system_admin)
    assert refused.value.field == "url"
    assert not Webhook.objects.exists()


def test_a_network_that_is_listed_no_more_is_not_called_either(
    ground: Ground, receiver: Receiver, settings: Any
) -> None:
    a_hook(ground, receiver)
    settings.WEBHOOK_NETWORKS = []
    ways.registered(ground)
    tell(1)
    assert receiver.taken == []
    assert OutboxMessage.objects.get(topic__startswith="webhook").last_error == "AddressNotAllowed"


def test_only_the_system_administrator_sets_them_up_and_only_for_readers_of_changes(ground: Ground) -> None:
    client = a_client(ground)
    with pytest.raises(PermissionDenied):
        open_webhook(client.pk, "https://8.8.8.8/", ["changed"], Manner(), actor=ground.manager)
    ApiClient.objects.update(scopes=["cases:read"])
    with pytest.raises(RuleViolation):
        open_webhook(client.pk, "https://8.8.8.8/", ["changed"], Manner(), actor=ground.system_admin)


def test_the_page_shows_the_secret_once_and_the_log(ground: Ground, receiver: Receiver) -> None:
    client, browser = a_client(ground), signed_in(ground.system_admin)
    path = f"/system/clients/{client.pk}/webhooks/"
    assert browser.get(f"{path}new/").status_code == 200
    refused = browser.post(f"{path}new/", {"url": "https://10.0.0.1/", "kinds": ["changed"]})
    assert (refused.status_code, "内部网络" in refused.content.decode()) == (422, True)
    made = browser.post(f"{path}new/", {"url": receiver.address, "kinds": ["created", "changed"]})
    hook = Webhook.objects.get()
    assert made.context["fresh"] in made.content.decode()
    Webhook.objects.update(cursor="")
    case: Case = ways.registered(ground)
    tell(1)
    shown = browser.get(f"{path}{hook.pk}/").content.decode()
    assert made.context["fresh"] not in shown
    assert str(case.code) in shown
    assert receiver.address in browser.get(f"/system/clients/{client.pk}/").content.decode()
    for step in ("pause", "resume", "secret", "end"):
        assert browser.post(f"{path}{hook.pk}/{step}/").status_code in (200, 302)
    assert Webhook.objects.get().ended_at is not None
