"""What does not come to an end: back after closing, promises broken, refused again, dissatisfied, out of reach."""

from datetime import datetime

from django.db.models import Q

from early_warning.detection.found import Found, Sign, since
from early_warning.models import WarningRule
from intake.lifecycle import Event, State
from intake.models import Case, CloseReason, FollowUp, RepeatLink, StatusChange
from mediation.models import Instalment

POOR = 2
ENDED = (State.CONCLUDED, State.CLOSED, State.ARCHIVED)


def come_back(case: Case, rule: WarningRule, at: datetime) -> Found | None:
    """Reopened after it was closed, or the same demand brought again after the earlier case had ended."""
    steps = StatusChange.objects.filter(case=case, event=Event.REOPEN, at__gte=since(rule, at), at__lte=at)
    signs = [Sign(case, step.at, "重办") for step in steps]
    links = RepeatLink.objects.filter(Q(case=case) & ~Q(earlier__concluded_at=None), linked_at__lte=at)
    for link in links.filter(earlier__concluded_at__gte=since(rule, at)).select_related("earlier__territory"):
        signs += [
            Sign(link.earlier, link.earlier.registered_at or at, "此前办结"),
            Sign(case, link.linked_at, "又来登记"),
        ]
    times = len(steps) + len(links)
    return _about(case, rule, signs, {"times": times}) if signs and times >= rule.threshold else None


def promise_broken(case: Case, rule: WarningRule, at: datetime) -> Found | None:
    """Instalments of its agreements that are overdue and not performed."""
    rows = Instalment.objects.filter(
        obligation__agreement__mediation__case=case, performed_on=None, released_at=None,
        breached_at__gte=since(rule, at), breached_at__lte=at,
    )  # fmt: skip
    late = list(rows.order_by("due_on"))
    if len(late) < rule.threshold:
        return None
    return _about(
        case, rule, [Sign(case, late[0].breached_at or at, f"{len(late)} 期逾期")], {"instalments": len(late)}
    )


def refused_twice(case: Case, rule: WarningRule, at: datetime) -> Found | None:
    """Given back by as many organisations."""
    back = case.handlings.filter(close_reason=CloseReason.RETURNED, closed_at__gte=since(rule, at), closed_at__lte=at)
    times = dict(back.order_by("closed_at").values_list("organisation_id", "closed_at"))
    if len(times) < rule.threshold:
        return None
    sign = Sign(case, max(filter(None, times.values())), f"{len(times)} 个单位退回")
    return _about(case, rule, [sign], {"organisations": len(times)})


def unreachable(case: Case, rule: WarningRule, at: datetime) -> Found | None:
    """What the follow-ups say: not satisfied, brewing, or nobody was reached so many times in a row."""
    rows = list(FollowUp.objects.filter(case=case, made_at__gte=since(rule, at), made_at__lte=at).order_by("-made_at"))
    missed = next((n for n, row in enumerate(rows) if row.reached), len(rows))
    heard = next((row for row in rows if row.reached), None)
    if heard is not None and (heard.escalating or (heard.satisfaction or POOR + 1) <= POOR):
        why = "有激化苗头" if heard.escalating else "不满意"
        return _about(case, rule, [Sign(case, heard.made_at, f"{why}，又 {missed} 次联系不上" if missed else why)], {})
    if missed >= rule.threshold:
        return _about(case, rule, [Sign(case, rows[0].made_at, f"连续 {missed} 次联系不上")], {"missed": missed})
    return None


def _about(case: Case, rule: WarningRule, signs: list[Sign], figures: dict[str, object]) -> Found | None:
    """A warning about this one case."""
    if case.territory is None or not rule.concerns(case.category_id):
        return None
    return Found(f"case:{case.pk}", case.territory, rule.level, tuple(signs), figures)
