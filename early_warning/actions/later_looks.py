"""What became of a confirmed warning after 30 and 90 days; after the last look it is over."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from early_warning.actions.raising import move_warning
from early_warning.lifecycle import Event, State
from early_warning.models import LaterLook, Warning
from early_warning.verbs import Verb
from grids.lifecycle import UNSETTLED
from intake.lifecycle import DONE_STATES
from intake.lifecycle import Event as CaseEvent
from intake.models import Case, Party, PartyRole, Risk, Scale, StatusChange
from mediation.models import Instalment
from zhongzhi.audit.actions import record
from zhongzhi.set_aside import Share, Sweep

LOOKS = (30, 90)
SETTLED = (*DONE_STATES, "concluded", "withdrawn", "guided", "merged")


def look_later(now: datetime, *, limit: int = 100) -> int:
    """Look at a batch of warnings whose 30 or 90 days are over; how many."""
    return Sweep("warning-looks", lambda: due_looks(now), lambda share: _take(share, now, limit), limit).run(now)


def due_looks(now: datetime) -> QuerySet[Warning]:
    """Confirmed warnings that are to be looked at again."""
    due = Q(pk__in=[])
    for days in LOOKS:
        looked = Exists(LaterLook.objects.filter(warning=OuterRef("pk"), days=days))
        due |= Q(decided_at__lte=now - timedelta(days=days)) & ~Q(looked)
    return Warning.objects.filter(due, status=State.CONFIRMED).order_by("pk")


def _take(share: Share, now: datetime, limit: int) -> int:
    rows = list(share.of(due_looks(now)).select_for_update(skip_locked=True, of=("self",))[:limit])
    for warning in rows:
        _look(warning, now)
    return len(rows)


@transaction.atomic
def _look(warning: Warning, now: datetime) -> None:
    assert warning.decided_at is not None
    for days in LOOKS:
        if warning.decided_at > now - timedelta(days=days):
            continue
        LaterLook.objects.get_or_create(warning=warning, days=days, defaults=_figures(warning) | {"looked_at": now})
    if warning.decided_at <= now - timedelta(days=LOOKS[-1]):
        move_warning(warning, Event.END, None, "", now)
        warning.save(update_fields=["status", "version"])
        record(None, Verb.ENDED, warning, kind=warning.kind)


def _figures(warning: Warning) -> dict[str, int]:
    """How its matters stand now; what is restricted and complaints are counted nowhere."""
    about = Party.objects.filter(role=PartyRole.ACCUSED).values("case_id")
    cases = Case.objects.filter(warning_evidence__warning=warning, is_restricted=False).exclude(pk__in=about)
    hazards = warning.evidence.exclude(hazard=None)
    parts = Instalment.objects.filter(obligation__agreement__mediation__case__in=cases, breached_at__isnull=False)
    again = StatusChange.objects.filter(case__in=cases, event=CaseEvent.REOPEN, at__gte=warning.decided_at)
    settled = hazards.exclude(hazard__status__in=UNSETTLED).count()
    return {
        "matters": cases.count() + hazards.count(),
        "settled": settled + cases.filter(status__in=SETTLED).count(),
        "red": cases.filter(risk=Risk.RED).count(),
        "group": cases.exclude(scale=Scale.INDIVIDUAL).count(),
        "broken": parts.filter(performed_on=None).values("obligation__agreement__mediation__case").distinct().count(),
        "reopened": again.values("case").distinct().count(),
    }
