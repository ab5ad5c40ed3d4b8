"""Acts on the ground: postings of people."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grids.models import Organisation, Posting, Role, Territory
from grids.roles import POST_OF_SYSTEMS
from grids.verbs import Verb
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation

SERVES = (
    "该账号在网格、村或警格名册中任职，或受聘为调解员，不能担任系统管理员、安全管理员或审计员；请先办理离任或解聘。"
)


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
    deputises_for: User | None = None,
    actor: User | None = None,
) -> Posting:
    """Let a person serve at an organisation in a role from a day on.

    Raises RuleViolation when the same post is held already in that period, or when one person would be two of
    the three administrators, an administrator with a business post or a service in a grid (三员分立, GB/T 22239-2019
    level 3), when somebody posts themselves, or a person would be an outside system. Whether `actor` may give the post
    is asked by the act that this is part of.
    """
    posting = Posting(
        user=user,
        organisation=organisation,
        role=role,
        area=area,
        title=title,
        deputises_for=deputises_for,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    User.objects.select_for_update().get(pk=user.pk)
    _check_holder(posting, actor)
    _save(posting)
    record(actor, Verb.POSTING_STARTED, user, organisation=organisation.pk, role=str(role), starts_on=starts_on)
    return posting


def _save(posting: Posting) -> None:
    """Write it; what a constraint or trigger refuses is told in words."""
    try:
        posting.full_clean()
        with transaction.atomic():
            posting.save()
    except ValidationError as error:
        raise RuleViolation("".join(error.messages)) from error
    except IntegrityError as error:
        raise RuleViolation(SERVES) from error


def _check_holder(posting: Posting, actor: User | None) -> None:
    """Nobody posts themselves by any road; people and outside systems have posts of their own."""
    if actor is not None and actor.pk == posting.user_id:
        raise RuleViolation("不能给自己任职，请由其他管理人员办理。")
    if (posting.role == POST_OF_SYSTEMS) != (posting.user.kind == UserKind.SERVICE):
        raise RuleViolation("接口应用的岗位只给外部系统，其他岗位只给人员。", field="role")


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
