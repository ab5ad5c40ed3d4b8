"""Raising a warning once for what it stands on: it grows with new evidence instead of being repeated."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from early_warning.detection import Found, Sign
from early_warning.detection.found import at_least
from early_warning.lifecycle import LIFECYCLE, LIVE, Event, State
from early_warning.models import Evidence, RuleKind, Warning, WarningRule, WarningStep, rank_of
from early_warning.notifications import notify_of
from early_warning.verbs import Verb
from grids.models import Hazard, Level
from grids.queries import centre_of
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"
OF_NUMBERS = (RuleKind.ABOVE_USUAL, RuleKind.MANY_AGAINST_ONE)
"""Kinds in which one more case is no news; what was dismissed comes back with as many as the rule asks for."""
WORTH_A_NOTICE = (RuleKind.SAME_SIDES, RuleKind.DANGER_WORDS)


@transaction.atomic
def raise_found(rule: WarningRule, found: Found, at: datetime) -> Warning | None:
    """Raise a warning of what was found, or let the live one grow; None where nothing is new.

    What a person dismissed is raised again by news alone: another matter, or the same one graver.
    """
    _hold(rule.kind, found.territory.current_code[: Level.VILLAGE] if found.by_evidence else found.subject)
    rows = Warning.objects.select_for_update(of=("self",)).select_related("rule", "territory", "centre")
    known = rows.filter(_same(rule.kind, found)).order_by("-pk")
    live = known.filter(status__in=LIVE).first()
    if live is not None:
        return _grow(live, found, at)
    before = known.first()
    if before is not None and not _is_news(rule, before, found):
        return None
    return _raise(rule, found, at, before)


def move_warning(warning: Warning, event: Event, actor: User | None, reason: str, at: datetime) -> None:
    """The one place that sets the state of a warning, and appends the step; the caller saves."""
    state = State(warning.status)
    warning.status = LIFECYCLE.target(state, event)
    warning.version += 1
    WarningStep.objects.create(
        warning=warning, event=event, from_status=state, to_status=warning.status, actor=actor, reason=reason, at=at
    )


def _raise(rule: WarningRule, found: Found, at: datetime, before: Warning | None) -> Warning:
    warning = Warning.objects.create(
        rule=rule, kind=rule.kind, subject=found.subject, territory=found.territory, centre=centre_of(found.territory),
        level=found.level, figures=found.figures, raised_at=at, grew_at=at, before=before,
    )  # fmt: skip
    _add(warning, found.signs, at)
    WarningStep.objects.create(warning=warning, event=Event.RAISE, to_status=State.OPEN, at=at)
    record(None, Verb.RAISED, warning, kind=rule.kind, rule=rule.pk, level=found.level, matters=len(found.signs))
    notify_of(warning)
    return warning


def _grow(warning: Warning, found: Found, at: datetime) -> Warning | None:
    fresh = _unknown(warning, found.signs)
    level = at_least(warning.level, found.level)
    is_graver = level != warning.level
    if not fresh and not is_graver and not _is_more(warning.figures, found.figures):
        return None
    _add(warning, fresh, at)
    warning.level, warning.figures, warning.grew_at = level, {**warning.figures, **found.figures}, at
    move_warning(warning, Event.GROW, None, "", at)
    warning.save(update_fields=["level", "figures", "grew_at", "status", "version"])
    if is_graver or (fresh and warning.kind in WORTH_A_NOTICE):
        notify_of(warning, grown=True)
    return warning


def _same(kind: str, found: Found) -> Q:
    if not found.by_evidence:
        return Q(kind=kind, subject=found.subject)
    cases = [sign.matter.pk for sign in found.signs if not isinstance(sign.matter, Hazard)]
    hazards = [sign.matter.pk for sign in found.signs if isinstance(sign.matter, Hazard)]
    shared: QuerySet[Evidence] = Evidence.objects.filter(Q(case__in=cases) | Q(hazard__in=hazards))
    return Q(kind=kind, pk__in=shared.values("warning_id"))


def _is_news(rule: WarningRule, before: Warning, found: Found) -> bool:
    fresh = len(_unknown(before, found.signs))
    needed = rule.threshold if rule.kind in OF_NUMBERS else 1
    graver = rank_of(found.level) > rank_of(before.level)
    more = rule.kind not in OF_NUMBERS and _is_more(before.figures, found.figures)
    return fresh >= needed or graver or more


def _is_more(before: dict[str, object], now: dict[str, object]) -> bool:
    """Whether a figure grew, or names something that it did not."""
    for name, value in now.items():
        known = before.get(name)
        if isinstance(value, list) and set(value) - set(known if isinstance(known, list) else []):
            return True
        if isinstance(value, int) and value > (known if isinstance(known, int) else 0):
            return True
    return False


def _unknown(warning: Warning, signs: Iterable[Sign]) -> list[Sign]:
    known = set(warning.evidence.values_list("case_id", "hazard_id"))
    return [sign for sign in signs if _key(sign) not in known]


def _key(sign: Sign) -> tuple[int | None, int | None]:
    return (None, sign.matter.pk) if isinstance(sign.matter, Hazard) else (sign.matter.pk, None)


def _add(warning: Warning, signs: Iterable[Sign], at: datetime) -> None:
    rows = {}
    for sign in signs:
        case, hazard = _key(sign)
        rows[case, hazard] = Evidence(
            warning=warning, case_id=case, hazard_id=hazard, why=sign.why, happened_at=sign.at, added_at=at
        )
    Evidence.objects.bulk_create(rows.values())


def _hold(kind: str, what: str) -> None:
    """Two who find the same thing at once meet here: the second finds the warning of the first."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"{kind}:{what}"])
