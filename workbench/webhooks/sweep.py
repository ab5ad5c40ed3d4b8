"""The feed of changes is followed for each webhook, and what it shows is put into the outbox in one transaction."""

from django.db import transaction

from grids.queries.people import holders_of
from grids.roles import Capability
from intake.queries import Change, changes_for
from workbench.exchange.profiles import profile_named
from workbench.models import Webhook, WebhookDelivery
from workbench.webhooks.actions import pause_webhook
from workbench.webhooks.queries import is_failing, running_webhooks
from zhongzhi.core.errors import BadInput
from zhongzhi.notices.actions import post, post_to_channel

BATCH = 200


def sweep_webhooks() -> int:
    """Put what is new into the outbox for every webhook, and pause those that failed too often; how many events."""
    told = 0
    for pk in running_webhooks():
        told += _follow(pk)
    return told


@transaction.atomic
def _follow(pk: int) -> int:
    """One webhook, which one sweep at a time has in hand. After a restore it begins at the end of the feed."""
    rows = Webhook.objects.select_for_update(skip_locked=True, of=("self",)).select_related("client__user")
    hook = rows.filter(pk=pk, paused_at=None, ended_at=None).first()
    if hook is None:
        return 0
    if is_failing(hook):
        _pause(hook)
        return 0
    user = hook.client.user
    try:
        feed = changes_for(user, after=hook.cursor, limit=BATCH)
    except BadInput:
        feed = changes_for(user, after="latest")
    wanted = [change for change in feed.changes if change.kind in hook.kinds and _concerns(hook, change)]
    for change in wanted:
        row = WebhookDelivery.objects.create(
            webhook=hook,
            place=str(change.place),
            kind=change.kind,
            case_code=str(change.case.code),
            happened_at=change.at,
        )
        post_to_channel(hook.topic, row.key, {"delivery": str(row.pk)})
    if str(feed.after) != hook.cursor:
        hook.cursor = str(feed.after)
        hook.save(update_fields=["cursor"])
    return len(wanted)


def _concerns(hook: Webhook, change: Change) -> bool:
    """Whether a profile has something to say of the case as it stands."""
    out = profile_named(hook.profile).outgoing if hook.profile else None
    return out is None or not out.statuses or change.case.status in out.statuses


def _pause(hook: Webhook) -> None:
    pause_webhook(hook.client_id, hook.pk, actor=None)
    post(
        holders_of(Capability.KEEP_API_CLIENTS),
        "webhook_paused",
        title=f"推送多次失败，已暂停：{hook.client.name}",
        body="对方地址长时间不能送达。请与对方核对后在外部系统页面恢复，暂停期间的变化会补发。",
        link=f"/system/clients/{hook.client_id}/webhooks/{hook.pk}/",
        key=f"webhook-paused:{hook.pk}:{hook.cursor}",
    )
