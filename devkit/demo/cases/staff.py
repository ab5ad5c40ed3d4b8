"""Who acts in the invented disputes: the demo accounts where there are some, else staff nobody can sign in as."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from devkit.demo.cases.subjects import SURNAMES
from grids.models import Level, Organisation, OrganisationKind, Posting, Role
from zhongzhi.accounts.models import User

STARTS = date(2025, 1, 1)
NAMES = "建华志强丽娟海燕国庆春梅永胜秀兰德福桂芳立军玉梅文龙晓红"


@dataclass
class Staff:
    """Organisations by short name and by place, and their people by organisation and role."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    centres: dict[str, Organisation] = field(default_factory=dict)
    people: dict[int, dict[str, User]] = field(default_factory=dict)

    def one_of(self, organisation: Organisation, *roles: Role) -> User:
        """Somebody who serves there, in one of these roles if anybody does; a new member of staff else."""
        known = self.people.setdefault(organisation.pk, {})
        for role in roles:
            if role in known:
                return known[role]
        known[roles[0]] = self._hired(organisation, roles[0])
        return known[roles[0]]

    def _hired(self, organisation: Organisation, role: Role) -> User:
        """An account that nobody can sign in with, posted there."""
        at = organisation.pk
        name = SURNAMES[at % len(SURNAMES)] + NAMES[(at * 2) % 26 : (at * 2) % 26 + 2]
        user = User.objects.create(username=f"demo-{at}-{role}", name=name, password=make_password(None))
        title = f"{role.label}（演示）"
        Posting.objects.create(user=user, organisation=organisation, role=role, starts_on=STARTS, title=title)
        return user

    def centre_at(self, code: str) -> Organisation:
        """The centre of a place, or the nearest above."""
        return next(self.centres[code[:n]] for n in (12, 9, 6) if code[:n] in self.centres)

    def window_of(self, centre: Organisation) -> tuple[User, User]:
        """Who registers and who sorts at a centre; a village has its manager for both, or the town's dispatcher."""
        if len(centre.territory.code) == Level.VILLAGE:
            if manager := self.people.get(centre.pk, {}).get(Role.MANAGER):
                return manager, manager
            _, sorter = self.window_of(self.centre_at(centre.territory.code[: Level.TOWN]))
            return sorter, sorter
        return self.one_of(centre, Role.CLERK), self.one_of(centre, Role.DISPATCHER)

    def reviewer_of(self, centre: int | None, sorter: User, reporter: User) -> User:
        """Who reviews there what was reported: the sorter, or the manager where the sorter reported it."""
        return self.people.get(centre or 0, {}).get(Role.MANAGER, sorter) if reporter == sorter else sorter


def find_staff(county: str) -> Staff:
    """What stands in the county today."""
    staff = Staff()
    for organisation in Organisation.objects.filter(territory__code__startswith=county).select_related("territory"):
        staff.organisations.setdefault(organisation.short_name, organisation)
        if organisation.kind == OrganisationKind.CENTRE:
            staff.centres[organisation.territory.code] = organisation
    for posting in Posting.objects.select_related("user").order_by("pk"):
        staff.people.setdefault(posting.organisation_id, {}).setdefault(posting.role, posting.user)
    return staff
