"""Reads of places, organisations and postings."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Q, QuerySet
from django.utils import timezone

from grids.models import NEVER_HANDLE, Level, Organisation, OrganisationKind, Posting, Territory
from grids.queries.former_names import places_called
from grids.roles import Capability, roles_with
from grids.scope import scope_of
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.core.days import today
from zhongzhi.core.errors import NotFound, RuleViolation
from zhongzhi.rows.arrays import THESE_KEYS, among
from zhongzhi.rows.periods import TODAY, in_force
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given

FEW_PLACES = 100


def current(on: date | None = None) -> Q:
    """Rows in force on a day (today by default): started, and not ended."""
    return in_force(on or timezone.localdate())


def territories() -> QuerySet[Territory]:
    """All places ever known, in the order of their codes."""
    return Territory.objects.select_related("parent").order_by("code")


def open_territories() -> QuerySet[Territory]:
    """Places in force today."""
    return territories().filter(current())


def subtree(code: str) -> QuerySet[Territory]:
    """A place and all below it, with what was merged into any of them; of a retired code, what it held."""
    code = significant_digits(code)
    return Territory.objects.filter(Q(current_code__startswith=code) | Q(code__startswith=code))


def places_of_level(place: Territory, length: int) -> QuerySet[Territory]:
    """The places in force of a level below a place, in the order of their codes."""
    return Territory.objects.filter(current(), level=length, code__startswith=place.current_code).order_by("code")


def grids_below(place: Territory) -> QuerySet[Territory]:
    """The grids in force of a place, itself where it is one."""
    return Territory.objects.filter(current(), level=Level.GRID, code__startswith=place.current_code).order_by("code")


def named_if_few(places: QuerySet[Territory]) -> list[int] | QuerySet[Territory]:
    """Few places one by one, more as they are: the database knows how much each of few has, and reads what belongs to a
    quiet village along its index instead of looking for it among the newest of all."""
    keys = list(places.values_list("pk", flat=True)[: FEW_PLACES + 1])
    return keys if len(keys) <= FEW_PLACES else places


def place_itself(code: str) -> QuerySet[Territory]:
    """The place without what lies below it."""
    return Territory.objects.filter(code=significant_digits(code))


def places_below(code: str) -> dict[str, str]:
    """The places on the next level below in force today: names by code, in the order of the codes."""
    return dict(open_territories().filter(parent_code=code).values_list("code", "name"))


CODES: Final = Given("codes", ArrayField(CharField()))
_BY_CODES = RememberedRows(
    Territory.objects.filter(among("code", CODES)).select_related("successor").order_by("-level")[:1]
)


def find_open_territory(code: str) -> Territory:
    """The place with this code (9 to 15 digits, or the 12-digit form with zeros), in force today.

    Raises RuleViolation at `territory` for a code that is unknown or retired.
    """
    row = _BY_CODES.first(codes=[code, significant_digits(code)])
    if row is None:
        raise RuleViolation(f"没有区划代码为 {code[:20]} 的地方，请从列表中选择。", field="territory")
    require_open(row)
    return row


def is_territory(code: str) -> bool:
    """Whether a place of this code is or was known."""
    return Territory.objects.filter(code=significant_digits(code)).exists()


def territory_of(code: str) -> Territory:
    """The place of this code, in force or retired; NotFound for none."""
    row = _PLACES.first(codes=[significant_digits(code)])
    if row is None:
        raise NotFound("没有这个区划代码。")
    return row


_PLACES = RememberedRows(territories().filter(among("code", CODES)))


def name_of_place(code: str) -> str:
    """How a place reads in a field; empty for none."""
    return next((place.full_name for place in Territory.objects.filter(code=code)), "")


def places_named(codes: Sequence[str], *, field: str) -> list[Territory]:
    """Places by their codes, each once; RuleViolation at `field` names those that are none. One query."""
    wanted = list(dict.fromkeys(significant_digits(code.strip()) for code in codes))
    found = {place.code: place for place in Territory.objects.filter(code__in=wanted).select_related("successor")}
    if unknown := [code for code in wanted if code not in found]:
        raise RuleViolation(f"没有区划代码为 {'、'.join(code[:20] for code in unknown[:5])} 的地方。", field=field)
    return [found[code] for code in wanted]


def organisation_of(pk: int) -> Organisation:
    """An organisation in force; NotFound for none."""
    row = organisations().filter(pk=pk).first()
    if row is None:
        raise NotFound("没有这个机构，或已停用。")
    return row


def organisation_named(name: str) -> Organisation:
    """An organisation in force by its full name; NotFound for none."""
    row = organisations().filter(name=name).first()
    if row is None:
        raise NotFound(f"没有名为“{name}”的机构。")
    return row


def require_open(territory: Territory) -> None:
    """Refuse a place that is not in force today (RuleViolation at `territory`)."""
    if not territory.is_in_force(timezone.localdate()):
        into = f"，已并入“{territory.successor}”" if territory.successor else ""
        raise RuleViolation(f"“{territory}”已停用{into}，请选择现行的区划。", field="territory")


def significant_digits(code: str) -> str:
    """The stored form of a padded 12-digit code: 150526103000 is the town 150526103."""
    if len(code) != 12:
        return code
    for length in (2, 4, 6, 9):
        if code[length:].strip("0") == "":
            return code[:length]
    return code


def search_places(text: str, *, within: Q | None = None, limit: int = 20) -> QuerySet[Territory]:
    """Places below the county for a search box: by the words of a name, an old one too, their pinyin initials, or the
    start or the tail of the code."""
    rows = open_territories().filter(within or Q(), level__gte=Level.TOWN)
    for word in text.split()[:4]:
        rows = rows.filter(places_called(word))
    return rows.order_by("level", "code")[:limit]


def organisations() -> QuerySet[Organisation]:
    """Organisations in force today, with their place."""
    return Organisation.objects.filter(current()).select_related("territory")


def county_of(organisation: Organisation) -> str:
    """The code of the county an organisation lies in, as of today."""
    return str(organisation.territory.current_code[: Level.COUNTY])


def current_code_of(code: str) -> str:
    """Where a place of this code counts today; the code itself where none is known."""
    plain = significant_digits(code)
    found = Territory.objects.filter(code=plain).first()
    return str(found.current_code) if found else plain


def centre_of(territory: Territory) -> Organisation:
    """The centre that answers for a place: its own, or the nearest above.

    Raises RuleViolation when no centre stands on the way up.
    """
    code = territory.current_code
    codes = [code[:n] for n in (12, 9, 6, 4, 2) if n <= len(code)]
    rows = organisations().filter(kind=OrganisationKind.CENTRE, territory__code__in=codes)
    centre = rows.order_by("-territory__level").first()
    if centre is None:
        raise RuleViolation(f"“{territory}”及其上级尚未设立综治中心，请联系系统管理员。", field="territory")
    return centre


def centres_over(territory: Territory) -> list[Organisation]:
    """The centres on the way from a place up to its county, the nearest first."""
    code = territory.current_code
    return _centres_at().read(codes=[code[:n] for n in (12, 9, 6) if n <= len(code)], day=today())


@cache
def _centres_at() -> RememberedRows[Organisation]:
    rows = Organisation.objects.filter(in_force(TODAY), among("territory__code", CODES), kind=OrganisationKind.CENTRE)
    return RememberedRows(rows.select_related("territory").order_by("-territory__level", "pk"))


def centre_above(centre: Organisation, *, county: bool = False) -> Organisation | None:
    """The next centre above another one, or that of its county; None where there is none above."""
    code = centre.territory.current_code
    codes = [code[:n] for n in ((6,) if county else (9, 6)) if n < len(code)]
    rows = organisations().filter(kind=OrganisationKind.CENTRE, territory__code__in=codes)
    return rows.order_by("-territory__level").first()


def centres_served_by(user: User) -> list[Organisation]:
    """The centres at which the person serves today, widest first."""
    centres = {p.organisation_id: p.organisation for p in scope_of(user).postings if p.organisation.is_centre}
    return sorted(centres.values(), key=lambda o: (len(o.territory.code), o.pk))


def dispatch_targets(centre: Organisation, *, beside: Iterable[Territory] = ()) -> QuerySet[Organisation]:
    """Organisations a centre may hand a case to: all in its subtree and those of the county hall above, but for groups
    that coordinate and handle nothing themselves. Where a case concerns further places, those `beside`, also what
    serves there on the centre's own tier or below."""
    code = centre.territory.current_code
    there = [place.current_code[:n] for place in beside for n in (9, 12) if len(code) <= n <= len(place.current_code)]
    return targets_around(code, there).exclude(pk=centre.pk)


def targets_around(code: str, there: Sequence[str] = ()) -> QuerySet[Organisation]:
    """The same by the code of the centre's place, the centre among them, and the codes of further places."""
    near = Q(territory__code__startswith=code) | Q(territory__code__in=[*(code[:n] for n in (6, 9)), *there])
    return organisations().filter(near).exclude(kind__in=NEVER_HANDLE)


def organisations_with_people(rows: Iterable[Organisation]) -> set[int]:
    """The numbers of those in which somebody can sign in today."""
    here = [row.pk for row in rows]
    posts = posts_in_force().filter(user__kind=UserKind.PERSON)
    wanted = Q(organisation__in=here) | Q(organisation__predecessors__in=here)
    pairs = posts.filter(wanted).values_list("organisation", "organisation__predecessors")
    return {pk for pair in pairs for pk in pair if pk in here}


def posts_in_force(*capabilities: Capability) -> QuerySet[Posting]:
    """Today's posts of people who can sign in; with one of these capabilities."""
    rows = Posting.objects.filter(current(), user__is_active=True, user__kind=UserKind.PERSON)
    return rows.filter(role__in=roles_with(*capabilities)) if capabilities else rows


def posts_of_others(user: User, *capabilities: Capability) -> QuerySet[Posting]:
    """Today's posts of everybody else with one of these capabilities, to be narrowed to an organisation."""
    return posts_in_force(*capabilities).exclude(user=user)


def last_holder(organisation: Organisation, capability: Capability) -> User | None:
    """Who had a post with this capability at an organisation last; None for nobody ever."""
    held = Posting.objects.filter(organisation=organisation, role__in=roles_with(capability))
    rows = held.filter(user__kind=UserKind.PERSON).select_related("user")
    post = rows.order_by(F("ends_on").desc(nulls_first=True), "-pk").first()
    return post.user if post else None


def leaders_over(territory: Territory) -> QuerySet[User]:
    """Leaders whose territory contains the place, at any level above."""
    codes = [territory.current_code[:n] for n in (2, 4, 6, 9, 12)]
    leading = roles_with(Capability.TAKE_CHARGE)
    posts = Posting.objects.filter(current(), role__in=leading, organisation__territory__code__in=codes)
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("pk")


def postings_of(users: Iterable[User]) -> QuerySet[Posting]:
    """Today's postings of some people, for display."""
    return Posting.objects.filter(current(), user__in=list(users)).select_related("organisation", "area")


def names_of_places(codes: Iterable[str]) -> dict[str, str]:
    """Full names by code, of places in force or retired."""
    return dict(Territory.objects.filter(code__in=list(codes)).values_list("code", "full_name"))


def organisations_by_id(ids: Iterable[int]) -> dict[int, str]:
    """Names of organisations, in force or ended."""
    return dict(_NAMES.read(keys=sorted(set(ids))))


_NAMES = RememberedRows(Organisation.objects.filter(among("pk", THESE_KEYS)).order_by().values_list("pk", "name"))


def organisations_of_kind(kind: OrganisationKind) -> list[int]:
    """The numbers of all organisations of a kind, in force or ended."""
    return list(Organisation.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True))


def postings_for_reports() -> list[Posting]:
    """Today's postings that get the reports of their place: leaders, and those who manage a centre."""
    receiving = roles_with(Capability.RECEIVE_REPORTS)
    rows = Posting.objects.filter(current(), role__in=receiving, user__is_active=True)
    own = Q(role__in=roles_with(Capability.READ_TERRITORY)) | Q(organisation__kind=OrganisationKind.CENTRE)
    return list(rows.filter(own).select_related("user", "organisation__territory").order_by("pk"))
