"""Who may see what: answered here once, used by every query above.

A person's postings of today give three things: the territory subtrees that are open to centre and leader
roles, the organisations whose work the person shares, and the grids of a grid worker.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from grids.models import Organisation, OrganisationKind, Posting, Role, Territory
from zhongzhi.accounts.models import User

SUBTREE_ROLES = frozenset({Role.CLERK, Role.DISPATCHER, Role.MANAGER})
WORKING_ROLES = SUBTREE_ROLES | {Role.HANDLER, Role.MEDIATOR}


@dataclass(frozen=True)
class Scope:
    """What today's postings of one person open up."""

    user: User
    postings: tuple[Posting, ...]

    @cached_property
    def subtrees(self) -> tuple[str, ...]:
        """Territory codes whose whole subtree is open, the widest only."""
        codes = {p.organisation.territory.code for p in self.postings if _opens_subtree(p)}
        return tuple(sorted(c for c in codes if not any(c != o and c.startswith(o) for o in codes)))

    @cached_property
    def organisation_ids(self) -> frozenset[int]:
        """Organisations whose own work the person shares."""
        return frozenset(p.organisation_id for p in self.postings if p.role in WORKING_ROLES)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(p.role for p in self.postings)

    def holds(self, *roles: Role) -> bool:
        """Whether the person serves in one of these roles anywhere."""
        return any(p.role in roles for p in self.postings)

    def holds_at(self, organisation: Organisation | int | None, *roles: Role) -> bool:
        """Whether the person serves in one of these roles at this organisation; never at none."""
        wanted = organisation.pk if isinstance(organisation, Organisation) else organisation
        return any(p.role in roles and p.organisation_id == wanted for p in self.postings)

    def covers(self, territory: Territory) -> bool:
        return any(territory.code.startswith(code) for code in self.subtrees)

    def territory_filter(self, prefix: str = "territory__") -> Q:
        """The subtrees as a filter; nothing when there is none."""
        if not self.subtrees:
            return Q(pk__in=[])
        condition = Q()
        for code in self.subtrees:
            condition |= Q(**{f"{prefix}code__startswith": code})
        return condition


def scope_of(user: User, *, on: date | None = None) -> Scope:
    """Today's scope of a person, read once per object of the user; an inactive person has none."""
    day = on or timezone.localdate()
    held: tuple[date, Scope] | None = getattr(user, "_scope", None)
    if held and held[0] == day:
        return held[1]
    scope = Scope(user=user, postings=tuple(_postings_on(user, day)))
    user._scope = (day, scope)  # type: ignore[attr-defined]
    return scope


def _postings_on(user: User, day: date) -> list[Posting]:
    if not user.is_active:
        return []
    current = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    rows = Posting.objects.filter(current, user=user, starts_on__lte=day)
    return list(rows.select_related("organisation__territory", "area"))


def _opens_subtree(posting: Posting) -> bool:
    if posting.role in SUBTREE_ROLES:
        return posting.organisation.kind == OrganisationKind.CENTRE
    return posting.role in (Role.LEADER, Role.API_CLIENT)
