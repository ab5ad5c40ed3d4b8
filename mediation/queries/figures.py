"""Figures of rooms and mediators for a period: every rate with its numerator and denominator."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from mediation.lifecycle import AgreementState, State
from mediation.models import Mediation
from mediation.queries.file import IN_FORCE
from mediation.queries.hall import bodies_visible_to
from mediation.queries.seen import mediations_visible_to
from zhongzhi.accounts.models import User

SMALL = 10


@dataclass(frozen=True)
class Figures:
    """One line. `agreed` of `ended` is the success rate, `kept` of `agreements` the performance rate."""

    key: int
    name: str
    opened: int
    ended: int
    agreed: int
    agreements: int
    kept: int
    confirmed: int

    @property
    def success(self) -> str:
        return rate(self.agreed, self.ended)

    @property
    def performance(self) -> str:
        return rate(self.kept, self.agreements)

    @property
    def is_small(self) -> bool:
        """Too few to compare by a rate."""
        return self.ended < SMALL


def rate(part: int, whole: int) -> str:
    """Per cent with one digit; a dash without a denominator."""
    return f"{part / whole:.1%}" if whole else "—"


def figures_of_bodies(user: User, starts: date, ends: date) -> list[Figures]:
    """Every mediating body in sight, both days included."""
    found = _counted(user, starts, ends, "body_id")
    return [_line(body.pk, body.organisation.name, found.get(body.pk, {})) for body in bodies_visible_to(user)]


def figures_of_mediators(user: User, starts: date, ends: date) -> list[Figures]:
    """Every mediator who had something to do."""
    found = _counted(user, starts, ends, "mediators")
    names = {m.pk: f"{m.name}（{body}）" for body in bodies_visible_to(user) for m in body.mediators.all()}
    return [_line(pk, names[pk], found[pk]) for pk in names if pk in found]


def _counted(user: User, starts: date, ends: date, by: str) -> dict[int, dict[str, int]]:
    opened, ended = Q(opened_at__date__range=(starts, ends)), Q(ended_at__date__range=(starts, ends))
    standing = Q(agreements__status__in=IN_FORCE)
    rows: QuerySet[Mediation, dict[str, int]] = (
        mediations_visible_to(user)
        .filter(opened | ended)
        .values(by)
        .annotate(
            opened=Count("pk", filter=opened, distinct=True),
            ended=Count("pk", filter=ended & Q(status__in=[State.AGREED, State.FAILED]), distinct=True),
            agreed=Count("pk", filter=ended & Q(status=State.AGREED), distinct=True),
            made=Count("agreements", filter=ended & standing, distinct=True),
            kept=Count("agreements", filter=ended & Q(agreements__status=AgreementState.PERFORMED), distinct=True),
            confirmed=Count("agreements", filter=ended & Q(agreements__confirmed=True), distinct=True),
        )
        .order_by()
    )
    return {row[by]: row for row in rows if row[by] is not None}


def _line(key: int, name: str, row: dict[str, int]) -> Figures:
    names = ("opened", "ended", "agreed", "made", "kept", "confirmed")
    return Figures(key, name, *(row.get(column, 0) for column in names))
