"""Time limits change from a day to come on: the rule in force ends there, a new one begins; what runs keeps its own."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.deadlines.models import ClockKind, ClockRule
from intake.permissions.keeping import may_keep_time_limits
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import clean_text

WHO = "时限由系统管理员修改。"
LONGEST = 3650


@dataclass(frozen=True)
class LimitTerms:
    """How long, in what unit, when it warns (office hours before), how far it may be extended, by what basis."""

    amount: int
    unit: str
    source: str
    warn_amount: int = 0
    extension_amount: int = 0
    max_extensions: int = 0


@dataclass(frozen=True)
class LimitCase:
    """What a time limit is for; what is left empty fits all."""

    kind: ClockKind
    complexity: str = ""
    tier: str = ""
    channel: str = ""


@transaction.atomic
def set_time_limit(case: LimitCase, terms: LimitTerms, *, starts_on: date, actor: User) -> ClockRule:
    """Let a time limit be another from a day on, tomorrow at the earliest; a particular one may be new.

    Raises RuleViolation at `starts_on` for today or before, and where a change for that day is planned already.
    """
    require(may_keep_time_limits(actor), WHO)
    if starts_on <= timezone.localdate():
        raise RuleViolation("启用日期应在明天或以后：时限不追溯。", field="starts_on")
    source = _checked(terms)
    same = ClockRule.objects.select_for_update().filter(**asdict(case))
    if same.filter(starts_on=starts_on).exists():
        raise RuleViolation("这一天已安排了一次修改，请先撤回它。", field="starts_on")
    before = same.filter(starts_on__lt=starts_on).order_by("-starts_on").first()
    later = same.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    if before is not None and (before.ends_on is None or before.ends_on > starts_on):
        before.ends_on = starts_on
        before.save(update_fields=["ends_on"])
    columns = asdict(case) | asdict(terms) | {"source": source}
    rule = ClockRule.objects.create(**columns, starts_on=starts_on, ends_on=later.starts_on if later else None)
    record(actor, Verb.TIME_LIMIT_CHANGED, rule, starts_on=starts_on, amount=terms.amount, unit=terms.unit)
    return rule


@transaction.atomic
def withdraw_time_limit(pk: int, *, actor: User) -> None:
    """Take back a change that is not in force yet; the one before it goes on. InvalidTransition for any other."""
    require(may_keep_time_limits(actor), WHO)
    rule = ClockRule.objects.select_for_update().filter(pk=pk).first()
    if rule is None:
        raise NotFound("没有找到这条时限。")
    if rule.starts_on <= timezone.localdate():
        raise InvalidTransition("这条时限已经生效，不能撤回；请从以后的某一天起改为新的时限。")
    record(actor, Verb.TIME_LIMIT_WITHDRAWN, rule, kind=rule.kind, starts_on=rule.starts_on, amount=rule.amount)
    same = {name: getattr(rule, name) for name in ("kind", "complexity", "tier", "channel")}
    ClockRule.objects.filter(**same, ends_on=rule.starts_on).update(ends_on=rule.ends_on)
    rule.delete()


def _checked(terms: LimitTerms) -> str:
    if not 1 <= terms.amount <= LONGEST:
        raise BadInput(f"时长应为 1 至 {LONGEST}。", field="amount")
    if bool(terms.extension_amount) != bool(terms.max_extensions):
        raise BadInput("每次可延长和最多延长次数须一起填写；不可延长的都填 0。", field="max_extensions")
    source = clean_text(terms.source, field="source", max_length=120)
    if not source:
        raise BadInput("请写明依据。", field="source")
    return source
