"""The demo county's mediations, made once: those of closed cases in bulk, those of open cases by the acts."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from devkit.demo.cases.moments import happening_at
from devkit.demo.mediations.living import stories
from devkit.demo.mediations.past import past_mediations
from devkit.demo.mediations.rows import write
from mediation.models import Mediation


@transaction.atomic
def make_mediations(go_round: Callable[[], object], now: datetime | None = None) -> int:
    """Make the mediations up to now; how many. Where there are any already, nothing is done.

    `go_round` is the clock's side: what its sweeps of agreements do at a moment, and the delivery of what they tell.
    """
    now = now or timezone.now()
    if Mediation.objects.exists():
        return 0
    write(past_mediations(now), now)
    for moment, act in sorted([*stories(now, go_round), (now, go_round)], key=lambda happening: happening[0]):
        with happening_at(moment):
            act()
    return Mediation.objects.count()
