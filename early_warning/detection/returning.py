"""What does not come to an end: back after closing, promises broken, refused again, dissatisfied, out of reach."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet

from early_warning.detection.found import Asked, Found, FoundOf, Sign, since
from early_warning.models import WarningRule
from intake.lifecycle import Event
from intake.models import Case, CloseReason, FollowUp, Handling, RepeatLink, StatusChange
from mediation.models import Instalment

POOR = 2
RowT = TypeVar("RowT", bound=Model)


def come_back(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """Reopened after it was closed, or the same demand brought again after the earlier case had ended."""
    keys = [one.matter.pk for one in asked]
    steps = _by_case(StatusChange.objects.filter(case__in=keys, event=Event.REOPEN).order_by("pk"))
    links = RepeatLink.objects.filter(case__in=keys).exclude(earlier__concluded_at=None)
    again = _by_case(links.select_related("earlier__territory").order_by("pk"))
    return _each(rule, asked, lambda one, case: _come_back(rule, one, case, steps[case.pk], again[case.pk]))


def _come_back(
    rule: WarningRule, one: Asked, case: Case, steps: list[StatusChange], links: list[RepeatLink]
) -> Found | None:
    start = since(rule, one.at)
    signs = [Sign(case, step.at, "重办") for step in steps if start <= step.at <= one.at]
    times = len(signs)
    for link in links:
        ended = link.earlier.concluded_at
        if link.linked_at > one.at or ended is None or ended < start:
            continue
        times += 1
        signs.append(Sign(link.earlier, link.earlier.registered_at or one.at, "此前办结"))
        signs.append(Sign(case, link.linked_at, "又来登记"))
    return _about(case, rule, signs, {"times": times}) if signs and times >= rule.threshold else None


def promise_broken(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """Instalments of its agreements that are overdue and not performed."""
    case_of = "obligation__agreement__mediation__case_id"
    rows = Instalment.objects.filter(
        **{f"{case_of}__in": [one.matter.pk for one in asked]},
        performed_on=None, released_at=None, breached_at__isnull=False,
    )  # fmt: skip
    late: dict[int, list[datetime]] = defaultdict(list)
    for case, at in rows.order_by("due_on").values_list(case_of, "breached_at"):
        late[case].append(at)
    return _each(rule, asked, lambda one, case: _broken(rule, case, _within(rule, one, late[case.pk])))


def _broken(rule: WarningRule, case: Case, late: list[datetime]) -> Found | None:
    if len(late) < rule.threshold:
        return None
    return _about(case, rule, [Sign(case, late[0], f"{len(late)} 期逾期")], {"instalments": len(late)})


def refused_twice(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """Given back by as many organisations."""
    rows = Handling.objects.filter(case__in=[one.matter.pk for one in asked], close_reason=CloseReason.RETURNED)
    back = _by_case(rows.exclude(closed_at=None).order_by("closed_at"))
    return _each(rule, asked, lambda one, case: _refused(rule, one, case, back[case.pk]))


def _refused(rule: WarningRule, one: Asked, case: Case, back: list[Handling]) -> Found | None:
    start = since(rule, one.at)
    times = {row.organisation_id: row.closed_at for row in back if row.closed_at and start <= row.closed_at <= one.at}
    if len(times) < rule.threshold:
        return None
    sign = Sign(case, max(times.values()), f"{len(times)} 个单位退回")
    return _about(case, rule, [sign], {"organisations": len(times)})


def unreachable(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """What the follow-ups say: not satisfied, brewing, or nobody was reached so many times in a row."""
    rows = FollowUp.objects.filter(case__in=[one.matter.pk for one in asked]).order_by("-made_at")
    made = _by_case(rows)
    return _each(rule, asked, lambda one, case: _unreached(rule, one, case, made[case.pk]))


def _unreached(rule: WarningRule, one: Asked, case: Case, made: list[FollowUp]) -> Found | None:
    rows = [row for row in made if since(rule, one.at) <= row.made_at <= one.at]
    missed = next((n for n, row in enumerate(rows) if row.reached), len(rows))
    heard = next((row for row in rows if row.reached), None)
    if heard is not None and (heard.escalating or (heard.satisfaction or POOR + 1) <= POOR):
        why = "有激化苗头" if heard.escalating else "不满意"
        return _about(case, rule, [Sign(case, heard.made_at, f"{why}，又 {missed} 次联系不上" if missed else why)], {})
    if missed >= rule.threshold:
        return _about(case, rule, [Sign(case, rows[0].made_at, f"连续 {missed} 次联系不上")], {"missed": missed})
    return None


def _within(rule: WarningRule, one: Asked, moments: list[datetime]) -> list[datetime]:
    return [at for at in moments if since(rule, one.at) <= at <= one.at]


def _each(rule: WarningRule, asked: Sequence[Asked], look: Callable[[Asked, Case], Found | None]) -> FoundOf:
    """What is found of each case that the rule is about."""
    cases = ((one, one.matter) for one in asked if isinstance(one.matter, Case))
    concerned = ((one, case) for one, case in cases if case.territory and rule.concerns(case.category_id))
    return {case.pk: found for one, case in concerned if (found := look(one, case))}


def _by_case(rows: QuerySet[RowT]) -> dict[int, list[RowT]]:
    found: dict[int, list[RowT]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)  # type: ignore[attr-defined]
    return found


def _about(case: Case, rule: WarningRule, signs: list[Sign], figures: dict[str, object]) -> Found | None:
    """A warning about this one case."""
    if case.territory is None:
        return None
    return Found(f"case:{case.pk}", case.territory, rule.level, tuple(signs), figures)
