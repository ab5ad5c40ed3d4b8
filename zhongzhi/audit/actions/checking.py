"""Checks of the whole trail: asked for, and taken up by a worker."""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from zhongzhi.audit.models import TrailCheck

CHECK_EVERY = timedelta(hours=24)
CHECK_LOST = timedelta(hours=4)


def ask_check(actor: AbstractBaseUser | None) -> TrailCheck:
    """Ask for a check of the whole trail; one that waits or runs is enough."""
    open_one = TrailCheck.objects.filter(finished_at=None).order_by("asked_at").first()
    return open_one or TrailCheck.objects.create(asked_by_id=actor.pk if actor else None)


@transaction.atomic
def begin_check(now: datetime) -> TrailCheck | None:
    """Take the check that waits longest, or one whose worker was lost; None for none."""
    waiting = Q(started_at=None) | Q(started_at__lt=now - CHECK_LOST)
    rows = TrailCheck.objects.filter(waiting, finished_at=None).order_by("asked_at")
    check = rows.select_for_update(skip_locked=True).first()
    if check:
        check.started_at = now
        check.save(update_fields=["started_at"])
    return check


def is_check_due(now: datetime) -> bool:
    """Whether the day's check has not been asked for yet."""
    return not TrailCheck.objects.filter(asked_at__gt=now - CHECK_EVERY).exists()
