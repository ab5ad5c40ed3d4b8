"""Who sees a case, and how much of it: decided here for one case and, by the same rule, for a query of many.

Pages, dialogs, lists, search, counts, exports, papers, notices, the feed and the API ask this module. Before
everything else come two rules that no post overcomes: a complaint is not seen by whom it is about nor by the
organisation below the tier that answers, and a restricted case is seen by the people named for it only.
"""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.db.models import (
    BooleanField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models import Case as When_
from django.db.models.expressions import RawSQL

from grids.models import OrganisationKind, Territory
from grids.roles import Capability
from grids.scope import Scope, scope_of, scopes_of, written_once
from grids.shared_keys import few_keys
from intake.lifecycle import State
from intake.models import Case, CasePlace, CaseReader, CloseReason, Handling, HandlingKind, HandlingPart, HazardCase
from intake.models.party import Party, PartyRole
from intake.models.place import other_places_of
from intake.sight_levels import NOTHING
from intake.sight_levels import Ground as Ground
from intake.sight_levels import Level as Level
from intake.sight_levels import Sight as Sight
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.rows.arrays import among

COUNTY, TOWN, VILLAGE = 6, 9, 12  # digits of their codes
MOST_AT_ONCE = 1000
"""Cases of an organisation that are looked up together, the newest of those it handled."""


def sight_of(user: User, case: Case) -> Sight:
    """What a person or program sees of one case; one query beside the handlings of the case."""
    return sight_within(user, case) if cases_in_sight(user).filter(pk=case.pk).exists() else NOTHING


def sight_within(user: User, case: Case) -> Sight:
    """The same for a case that was read from `cases_in_sight`: asks the database for its handlings at most. Outside
    systems never see one in full: they ask for a person's data one by one, with a reason."""
    if known := case.__dict__.get("sight_shown", {}).get(user.pk):
        return known  # type: ignore[no-any-return]
    sight = _sight_of_post(user, case)
    return Sight(Level.MASKED, sight.ground) if sight.is_full and user.kind == UserKind.SERVICE else sight


def _sight_of_post(user: User, case: Case) -> Sight:
    if case.status == State.DRAFT:
        return Sight(Level.FULL, Ground.AUTHOR)
    if case.is_restricted:
        return Sight(Level.FULL, Ground.NAMED)
    scope = scope_of(user)
    if case.created_by_id == user.pk and scope.may(Capability.REGISTER):
        return Sight(Level.FULL, Ground.REGISTRAR)
    if scope.may_at(case.centre_id, Capability.REVEAL):
        return Sight(Level.FULL, Ground.CENTRE)
    return _by_work(scope, case, [*case.handlings.all(), *_work_on_target(case)])


def _work_on_target(case: Case) -> list[Handling]:
    """Who works on the case that this one was merged into."""
    if case.status != State.MERGED or case.merged_into_id is None:
        return []
    return list(Handling.objects.filter(case_id=case.merged_into_id, closed_at__isnull=True))


def _by_work(scope: Scope, case: Case, handlings: list[Handling]) -> Sight:
    for handling in handlings:
        if handling.close_reason != CloseReason.RETURNED and scope.may_at(handling.organisation_id, Capability.HANDLE):
            return Sight(Level.FULL, _ground(handling))
    if scope.may_at(case.guided_to_id, Capability.HANDLE):
        return Sight(Level.FULL, Ground.GUIDED)
    handled = {h.organisation_id for h in handlings if not h.was_returned}
    if ({case.centre_id, case.holder_id, case.guided_to_id} | handled) & scope.organisation_ids:
        return Sight(Level.MASKED, Ground.ORGANISATION)
    if case.territory is not None and scope.covers_cases(case.territory):
        return Sight(Level.MASKED, Ground.CENTRE_ABOVE)
    if scope.case_subtrees and any(scope.covers_cases(place) for place in other_places_of(case)):
        return Sight(Level.MASKED, Ground.CONCERNED)
    if any(h.was_returned and h.organisation_id in scope.organisation_ids for h in handlings):
        return Sight(Level.OUTLINE, Ground.RETURNED)
    return Sight(Level.MASKED, Ground.FINDER)


def _ground(handling: Handling) -> Ground:
    kinds = {HandlingKind.MEDIATION: Ground.MEDIATOR, HandlingKind.SUPPORT: Ground.SUPPORT}
    part = Ground.LEAD if handling.part == HandlingPart.LEAD else Ground.CO_HANDLER
    return kinds.get(HandlingKind(handling.kind), part)


def cases_in_sight(user: User) -> QuerySet[Case]:
    """All that a person sees in any way."""
    return Case.objects.filter(in_sight(user))


def in_sight(user: User) -> Q:
    """What a person sees in any way: the subtree of centre and leader posts, the work of one's organisation, what one
    registered oneself, what was found in one's own grids; drafts are their author's alone."""
    own_draft = Q(status=State.DRAFT, created_by=user)
    return own_draft | (~Q(status=State.DRAFT) & _in_scope(scope_of(user)) & not_closed_to(user))


def led_in_sight(user: User) -> Q:
    """Of that what the person's organisations lead: nothing else has to open it."""
    led = Q(centre_id__in=sorted(scope_of(user).organisation_ids))
    return ~Q(status=State.DRAFT) & led & not_closed_to(user)


def handled_in_sight(user: User, handlings: Q) -> Q:
    """Of that where these handlings are those of the person's organisations: nothing else has to open it."""
    own = Handling.objects.filter(handlings, organisation_id__in=sorted(scope_of(user).organisation_ids))
    return ~Q(status=State.DRAFT) & among("pk", own.values("case_id")) & not_closed_to(user)


def not_closed_to(user: User) -> Q:
    """The cases that no post opens to the person are left out: what is about them, and what others are named for."""
    scope = scope_of(user)
    unrestricted = Q(is_restricted=False) | Q(pk__in=few_keys(scope, _named))
    return unrestricted & ~Q(pk__in=few_keys(scope, _about))


def in_full(user: User) -> Q:
    """Of the cases in sight those that are seen in full, as `sight_of` says for one."""
    if user.kind == UserKind.SERVICE:
        return Q(pk__in=[])
    scope = scope_of(user)
    at_centre = [p.organisation_id for p in scope.posts_with(Capability.REVEAL)]
    at_work = [p.organisation_id for p in scope.posts_with(Capability.HANDLE)]
    handled = Handling.objects.filter(organisation_id__in=at_work).exclude(close_reason=CloseReason.RETURNED)
    registered = Q(created_by=user) if scope.may(Capability.REGISTER) else Q(pk__in=[])
    worked_on = Q(pk__in=handled.values("case_id")) | Q(guided_to_id__in=at_work) | _merged_into(handled)
    return registered | Q(centre_id__in=at_centre) | worked_on | Q(is_restricted=True)


def with_level(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Annotate cases of `cases_in_sight` with `sight_level`; no query more."""
    drafts = Q(status=State.DRAFT) if user.kind != UserKind.SERVICE else Q(pk__in=[])
    full = When(drafts | in_full(user), then=Value(Level.FULL.value))
    outline = When(outlined_to(user), then=Value(Level.OUTLINE.value))
    level = When_(full, outline, default=Value(Level.MASKED.value), output_field=IntegerField())
    return cases.annotate(sight_level=level)


def outlined_to(user: User) -> Q:
    """Of the cases in sight those that were given back, and are seen on no other ground: not found by their words."""
    scope = scope_of(user)
    if not (ids := sorted(scope.organisation_ids)):
        return Q(pk__in=[])
    mine = Handling.objects.filter(organisation_id__in=ids)
    back, work = mine.filter(close_reason=CloseReason.RETURNED), mine.exclude(close_reason=CloseReason.RETURNED)
    own = Q(centre_id__in=ids) | Q(holder_id__in=ids) | Q(guided_to_id__in=ids) | Q(pk__in=work.values("case_id"))
    return Q(pk__in=back.values("case_id")) & ~(in_full(user) | scope.case_filter() | _concerning(scope) | own)


def cases_in_words(user: User) -> QuerySet[Case]:
    """Of the cases in sight those of which more is shown than the outline: what hangs on a case is shown with them."""
    return with_level(cases_in_sight(user), user).filter(sight_level__gte=Level.MASKED)  # type: ignore[misc]


def keys_in_words(user: User) -> RawSQL:
    """The keys of those, for lists of what hangs on cases."""
    return written_once(scope_of(user), _in_words)


def _in_words(scope: Scope) -> QuerySet[Case, int]:
    return cases_in_words(scope.user).values_list("pk", flat=True)


def readers_among(people: Iterable[User], case: Case) -> list[User]:
    """Those of some people who may be told of a case: nobody it is about, of a restricted one those who are named. What
    somebody is told as a worker stays. At most two queries, and for a complaint three more for all of them."""
    found = list({person.pk: person for person in people}.values())
    if case.is_restricted:
        named = set(named_readers(case).values_list("user_id", flat=True))
        found = [person for person in found if person.pk in named]
    accused = _accused_of(case) if found and getattr(case, "has_accused", True) else []
    if not accused:
        return found
    return [
        scope.user
        for scope in scopes_of(found)
        if not any(_is_about(scope, party, case.centre_id) for party in accused)
    ]


def _accused_of(case: Case) -> list[Party]:
    if "parties" not in getattr(case, "_prefetched_objects_cache", {}):
        return list(case.parties.filter(role=PartyRole.ACCUSED).select_related("works_at__territory"))
    rows = [party for party in case.parties.all() if party.role == PartyRole.ACCUSED]
    prefetch_related_objects(rows, "works_at__territory")
    return rows


def guarded_among(cases: Collection[int]) -> set[int]:
    """Those of some cases of which not every worker may be told: restricted ones, and complaints about somebody."""
    about = Party.objects.filter(case=OuterRef("pk"), role=PartyRole.ACCUSED)
    rows = Case.objects.filter(Q(is_restricted=True) | Q(Exists(about)), pk__in=cases)
    return set(rows.values_list("pk", flat=True))


def named_readers(case: Case) -> QuerySet[CaseReader]:
    """Who may see a restricted case, as of now."""
    return CaseReader.objects.filter(case=case, ended_at__isnull=True)


def _in_scope(scope: Scope) -> Q:
    """Who sees neither a place nor the work of an organisation sees few cases, which are looked up first: else
    PostgreSQL expects many and looks through all for them."""
    is_narrow = not (scope.case_subtrees or scope.organisation_ids)
    sight = Q(created_by=scope.user) if scope.may(Capability.REGISTER) else Q(pk__in=[])
    if scope.case_subtrees:
        sight |= Q(territory__in=Territory.objects.filter(scope.case_filter(prefix=""))) | _concerning(scope)
    if scope.areas:
        sight |= among("pk", _found(scope)) if is_narrow else Q(pk__in=_found(scope))
    if scope.organisation_ids:
        ids = sorted(scope.organisation_ids)
        sight |= Q(centre_id__in=ids) | Q(holder_id__in=ids) | Q(guided_to_id__in=ids)
        sight |= reduce(or_, map(_handled_at, ids))
        sight |= Q(status=State.MERGED, merged_into__in=few_keys(scope, _worked_on))
    return sight | (among("pk", _named(scope)) if is_narrow else Q(pk__in=few_keys(scope, _named)))


def _found(scope: Scope) -> QuerySet[HazardCase, int]:
    """The cases that hazards of the person's own grids became."""
    own_grids = Territory.objects.filter(scope.field_filter(prefix=""))
    return HazardCase.objects.filter(hazard__territory__in=own_grids).values_list("case_id", flat=True)


def _handled_at(organisation: int) -> Q:
    """The cases that an organisation handles or handled: the newest of them are looked up at once, those before case by
    case. All at once would take longer the more it ever handled, for a list of its newest and for a single case."""
    theirs = Handling.objects.filter(organisation_id=organisation).order_by("-case_id")
    here = theirs.filter(case_id=OuterRef("pk")).order_by().values(found=RawSQL("true", (), BooleanField()))[:1]
    before = Q(pk__lt=Subquery(theirs.values("case_id")[MOST_AT_ONCE : MOST_AT_ONCE + 1]))
    return Q(pk__in=theirs.values("case_id")[:MOST_AT_ONCE]) | (before & Q(Subquery(here)))


def _handled(scope: Scope) -> QuerySet[Handling, int]:
    """The cases that the person's organisations handle or handled."""
    return Handling.objects.filter(organisation_id__in=sorted(scope.organisation_ids)).values_list("case_id", flat=True)


def _concerning(scope: Scope) -> Q:
    """The cases that are led elsewhere and concern a place whose cases are open to the person."""
    return Q(pk__in=few_keys(scope, _concerned) if scope.case_subtrees else [])


def _concerned(scope: Scope) -> QuerySet[CasePlace, int]:
    return CasePlace.objects.filter(scope.case_filter(), noted_at__isnull=False).values_list("case_id", flat=True)


def _worked_on(scope: Scope) -> QuerySet[Handling, int]:
    """Those on which they work now: they see what was merged into them."""
    return _handled(scope).filter(closed_at__isnull=True)


def _merged_into(handlings: QuerySet[Handling]) -> Q:
    """Cases that were merged into one on which these work now: they see what belongs to it."""
    return Q(status=State.MERGED, merged_into__in=handlings.filter(closed_at__isnull=True).values("case_id"))


def _named(scope: Scope) -> QuerySet[CaseReader, int]:
    return CaseReader.objects.filter(user=scope.user, ended_at__isnull=True).values_list("case_id", flat=True)


def _about(scope: Scope) -> QuerySet[Party, int]:
    """The cases that complain of a person, of an organisation they serve at, or of their village or town."""
    user = scope.user
    posts = sorted({p.organisation_id for p in scope.postings})
    places = _own_places(scope)
    of_place = Q(works_at__kind=OrganisationKind.CENTRE) | Q(works_at__territory__level__gte=VILLAGE)
    about = (
        Q(account=user)
        | Q(name=user.name, works_at_id__in=posts)
        | (Q(works_at_id__in=posts) & ~Q(works_at_id=F("case__centre_id")))
        | (Q(works_at__territory__current_code__in=places) & of_place)
    )
    return Party.objects.filter(about, role=PartyRole.ACCUSED).values_list("case_id", flat=True)


def _is_about(scope: Scope, party: Party, centre_id: int | None) -> bool:
    """What `_about` asks the database, of one party of a case that this centre answers for."""
    if party.account_id == scope.user.pk:
        return True
    place = party.works_at
    if place is None:
        return False
    serves = any(p.organisation_id == place.pk for p in scope.postings)
    if serves and (party.name == scope.user.name or place.pk != centre_id):
        return True
    is_of_place = place.is_centre or len(place.territory.code) >= VILLAGE
    return is_of_place and place.territory.current_code in _own_places(scope)


def _own_places(scope: Scope) -> list[str]:
    """Codes of the towns and villages in which a person serves."""
    codes = {p.organisation.territory.current_code for p in scope.postings if p.organisation} | set(scope.areas)
    return sorted({code[:n] for code in codes for n in (TOWN, VILLAGE) if len(code) >= n})
