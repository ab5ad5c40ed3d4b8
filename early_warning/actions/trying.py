"""A form of a rule is tried on the past before it is switched on: as a job, beside the form that is in force."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from early_warning.actions.backtesting import LookBack
from early_warning.detection import OF_CASES
from early_warning.models import WarningRule
from early_warning.permissions import WHO_KEEPS, may_keep_rules
from early_warning.queries.judging import TRIAL, rule_in_form
from early_warning.queries.warning_rules import rule_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.jobs.actions import hand_in, run_due
from zhongzhi.jobs.models import Job
from zhongzhi.jobs.queries import jobs_of

PAST = timedelta(days=730)
LONGEST, MOST = 3650, 1000


def try_rule(rule: WarningRule, *, window_days: int, threshold: int, actor: User) -> Job:
    """Hand in the trial of a form of a rule over the last two years; the form in force is run beside it.

    Raises RuleViolation at the field for a number that is none, InvalidTransition for a rule that time alone fulfils
    and while a trial of the rule is still running.
    """
    require(may_keep_rules(actor), WHO_KEEPS)
    if rule.kind not in OF_CASES:
        raise InvalidTransition("这条规则按日期提醒，不能用过去的案件回测。")
    if not 1 <= window_days <= LONGEST:
        raise RuleViolation(f"时段应为 1 至 {LONGEST} 天。", field="window_days")
    if not 1 <= threshold <= MOST:
        raise RuleViolation(f"件数应为 1 至 {MOST}。", field="threshold")
    if any(job.is_open for job in jobs_of(actor, TRIAL).filter(options__slug=rule.slug)):
        raise InvalidTransition("这条规则正在回测，请等它完成。")
    until = timezone.localdate()
    options = {"rule": rule.pk, "slug": rule.slug, "window_days": window_days, "threshold": threshold}
    options |= {"since": f"{until - PAST}", "until": f"{until}"}
    return hand_in(TRIAL, actor=actor, title=f"回测：{rule.name}", options=options)


def work_on_trials(*, seconds: float = 60) -> int:
    """Run trials that wait; how many came to an end."""
    return run_due(TRIAL, _work, seconds=seconds)


def _work(job: Job) -> Iterator[None]:
    """Both forms over the same cases, some hundred at a time; begun again, it begins anew."""
    rule = rule_of(job.options["rule"])
    forms = {"now": (rule.window_days, rule.threshold), "tried": (job.options["window_days"], job.options["threshold"])}
    since, until = (date.fromisoformat(job.options[end]) for end in ("since", "until"))
    job.done, done = 0, 0
    for name, form in forms.items():
        looking = LookBack(rule_in_form(rule, *form), since, until)
        job.total = 2 * len(looking.keys) + 2
        while looking.look_on():
            job.done = done + looking.past.matters
            yield
        job.result[name] = looking.keep().pk
        done += len(looking.keys) + 1
        job.done = done
        yield
