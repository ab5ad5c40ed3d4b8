"""Acts on the ground: postings of people."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.models import Organisation, Posting, Role, Territory
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation


@transaction.atomic
def post_person(
    user: User,
    organisation: Organisation,
    role: Role,
    *,
    starts_on: date,
    ends_on: date | None = None,
    area: Territory | None = None,
    title: str = "",
    actor: User | None = None,
) -> Posting:
    """Let a person serve at an organisation in a role from a day on.

    Raises RuleViolation when the same post is held already in that period, or when one person would be two of
    the three administrators, or an administrator with a business post (三员分立, GB/T 22239-2019 level 3).
    """
    posting = Posting(
        user=user,
        organisation=organisation,
        role=role,
        area=area,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    User.objects.select_for_update().get(pk=user.pk)
    try:
        posting.full_clean()
    except ValidationError as error:
        raise RuleViolation("".join(error.messages)) from error
    posting.save()
    record(actor, Verb.POSTING_STARTED, user, organisation=organisation.pk, role=str(role), starts_on=starts_on)
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, ends_on: date, actor: User | None = None) -> Posting:
    """Let a posting end on a day; the row stays, for the history."""
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    if ends_on <= posting.starts_on:
        raise RuleViolation("离任日期应晚于任职日期。", field="ends_on")
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    record(actor, Verb.POSTING_ENDED, posting.user, posting=posting.pk, ends_on=ends_on)
    return posting
