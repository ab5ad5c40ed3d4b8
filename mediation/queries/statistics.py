"""Figures of rooms and mediators for a period: every rate with its numerator and denominator."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from mediation.models import Body, Mediation
from mediation.queries.bodies import bodies_visible_to
from mediation.queries.measures import AGREED, CONFIRMED, ENDED, KEPT, STANDING
from mediation.queries.visibility import mediations_visible_to
from zhongzhi.accounts.models import User
from zhongzhi.rows.periods import not_over

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
    return [_line(body.pk, body.organisation.name, found.get(body.pk, {})) for body in _bodies(user, starts)]


def figures_of_mediators(user: User, starts: date, ends: date) -> list[Figures]:
    """Every mediator who had something to do."""
    found = _counted(user, starts, ends, "mediators")
    names = {m.pk: f"{m.name}（{body}）" for body in _bodies(user, starts) for m in body.mediators.all()}
    return [_line(pk, names[pk], found[pk]) for pk in names if pk in found]


def _bodies(user: User, starts: date) -> QuerySet[Body]:
    """Those that stood at some time of the period."""
    return bodies_visible_to(user).filter(not_over(starts))


def _counted(user: User, starts: date, ends: date, by: str) -> dict[int, dict[str, int]]:
    opened, ended = Q(opened_at__date__range=(starts, ends)), Q(ended_at__date__range=(starts, ends))
    in_force = Q(agreements__in_force_on__range=(starts, ends))
    rows: QuerySet[Mediation, dict[str, int]] = (
        mediations_visible_to(user)
        .filter(opened | ended | in_force)
        .values(by)
        .annotate(
            opened=Count("pk", filter=opened, distinct=True),
            ended=Count("pk", filter=ended & ENDED, distinct=True),
            agreed=Count("pk", filter=ended & AGREED, distinct=True),
            made=Count("agreements", filter=in_force & _of_agreement(STANDING), distinct=True),
            kept=Count("agreements", filter=in_force & _of_agreement(KEPT), distinct=True),
            confirmed=Count("agreements", filter=in_force & _of_agreement(CONFIRMED), distinct=True),
        )
        .order_by()
    )
    return {row[by]: row for row in rows if row[by] is not None}


def _of_agreement(where: Q) -> Q:
    """A condition on agreements, as one on their mediation."""
    parts = []
    for part in where.children:
        if isinstance(part, Q):
            parts.append(_of_agreement(part))
        elif isinstance(part, tuple):
            parts.append(Q((f"agreements__{part[0]}", part[1])))
    return Q(*parts, _connector=where.connector, _negated=where.negated)


def _line(key: int, name: str, row: dict[str, int]) -> Figures:
    names = ("opened", "ended", "agreed", "made", "kept", "confirmed")
    return Figures(key, name, *(row.get(column, 0) for column in names))
