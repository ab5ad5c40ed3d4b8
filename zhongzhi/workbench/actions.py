"""What is done across apps: links of walls are made and ended."""

from datetime import date
from secrets import token_urlsafe

from django.db import transaction
from django.utils import timezone

from grids.models import Territory
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import OutOfSight, WrongState, require
from zhongzhi.workbench.models import ScreenLink
from zhongzhi.workbench.permissions import may_open_screens
from zhongzhi.workbench.queries import token_hash

SECRET_BYTES = 24


@transaction.atomic
def make_screen_link(place: Territory, *, actor: User, ends_on: date) -> str:
    """Make a link for a wall of this place; its secret, which is kept nowhere."""
    require(may_open_screens(actor, place), "大屏链接由本级综治中心负责人或领导生成。")
    token = token_urlsafe(SECRET_BYTES)
    link = ScreenLink.objects.create(place=place, token_hash=token_hash(token), made_by=actor, ends_on=ends_on)
    record(actor, "screen_link_made", link, place=place.code, ends_on=ends_on)
    return token


@transaction.atomic
def revoke_screen_link(pk: int, *, actor: User) -> None:
    """End a link. OutOfSight for one of another territory, WrongState for one that was ended."""
    link = ScreenLink.objects.select_for_update(of=("self",)).select_related("place").filter(pk=pk).first()
    if link is None or not scope_of(actor).covers(link.place):
        raise OutOfSight("没有找到这个大屏链接。")
    require(may_open_screens(actor, link.place), "大屏链接由本级综治中心负责人或领导停用。")
    if link.revoked_at:
        raise WrongState("这个大屏链接已经停用。")
    link.revoked_at, link.revoked_by = timezone.now(), actor
    link.save(update_fields=["revoked_at", "revoked_by"])
    record(actor, "screen_link_revoked", link)
