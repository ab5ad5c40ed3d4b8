"""Who may do what on the ground: rosters, places, visits, hazards, duty."""

from django.utils import timezone

from grids.models import Hazard, Level, Organisation, OrganisationKind, Posting, PostProposal, Territory
from grids.roles import ADMINISTRATORS, GIVEN_BY_ADMINISTRATORS, STAFF, STAFF_BELOW, WIDE, WIDE_IN_COUNTY, Capability
from grids.scope import scope_of
from zhongzhi.accounts.extension_points import PostFacts
from zhongzhi.accounts.models import User, UserKind


def may_keep_rosters(actor: User) -> bool:
    """Managers and dispatchers of centres, outside systems: each for their own territory."""
    return scope_of(actor).may(Capability.KEEP_ROSTERS)


def may_keep_roster_of(actor: User, place: Territory) -> bool:
    """Appoint, correct, end, hand over: those who keep the rosters of a territory that contains the place."""
    return scope_of(actor).may_over(place, Capability.KEEP_ROSTERS)


def may_export_in_clear(actor: User) -> bool:
    """Take a roster out with whole phones and identity numbers: managers of centres, each for their own territory."""
    return scope_of(actor).may(Capability.EXPORT_IN_CLEAR)


def may_keep_beats(actor: User, station: Organisation) -> bool:
    """Open, change, end the beats of a police station and name their officers: who keeps the rosters of its place."""
    return station.kind == OrganisationKind.POLICE_STATION and may_keep_roster_of(actor, station.territory)


def may_reveal_person_at(actor: User, place: Territory) -> bool:
    """A phone in the clear, recorded: keepers of the roster, and those who work in that grid with the people there."""
    return may_keep_roster_of(actor, place) or scope_of(actor).works_in(place)


def may_keep_places(actor: User, place: Territory) -> bool:
    """Import, retire, merge places: the manager of the county centre and the system administrator."""
    return any(
        p.organisation.kind == OrganisationKind.CENTRE
        and len(p.organisation.territory.current_code) <= 6
        and place.current_code.startswith(p.organisation.territory.current_code)
        for p in scope_of(actor).posts_with(Capability.KEEP_PLACES)
    )


def keeps_places(actor: User) -> bool:
    """Whether the person keeps the places of a county at all."""
    return any(may_keep_places(actor, p.organisation.territory) for p in scope_of(actor).postings)


def may_word_documents(actor: User) -> bool:
    """Change kinds of documents and the words of forms: the system administrator, and the county centre's manager."""
    scope = scope_of(actor)
    return scope.may(Capability.KEEP_KINDS) or any(
        len(p.organisation.territory.code) <= Level.COUNTY for p in scope.posts_with(Capability.KEEP_KINDS_OF_COUNTY)
    )


def is_in_the_field(actor: User) -> bool:
    """Has own grids: grid workers, officers on a beat, cadres of a village."""
    return bool(scope_of(actor).areas)


def may_report_from(actor: User, place: Territory) -> bool:
    """Report what was found: those who work there, and the windows above (what villagers tell them)."""
    scope = scope_of(actor)
    return scope.works_in(place) or scope.may_over(place, Capability.REPORT_HAZARDS)


def may_settle(actor: User, hazard: Hazard) -> bool:
    """Watch, solve, reopen: those who work in the grid, the keepers above, and who reported it."""
    return hazard.reported_by_id == actor.pk or may_report_from(actor, hazard.territory)


def may_arrive(actor: User, hazard: Hazard) -> bool:
    """Press 'on the spot': who works in that grid, and the cadres of the village or town above."""
    return may_report_from(actor, hazard.territory)


def may_visit(actor: User, place: Territory) -> bool:
    """Record visits, plan them, note outreach: those who work there, and the keepers above."""
    return scope_of(actor).works_in(place) or may_keep_roster_of(actor, place)


def may_set_duty(actor: User, *, organisation: Organisation | None, territory: Territory | None) -> bool:
    """The manager or dispatcher of the centre, or of one above; a department's own people for their window."""
    scope = scope_of(actor)
    if organisation is not None and scope.may_at(organisation, Capability.SET_OWN_DUTY):
        return True
    place = territory or (organisation.territory if organisation else None)
    return place is not None and scope.may_over(place, Capability.SET_DUTY)


def may_set_duty_for(actor: User, place: Territory) -> bool:
    """Whether turns may be set for this village or grid; wider places have centres for that."""
    fits = place.ends_on is None and len(place.code) >= Level.VILLAGE
    return fits and may_set_duty(actor, organisation=None, territory=place)


def works_on_the_ground(actor: User) -> bool:
    """Whether the person has a territory or own grids: whom the pages of the ground concern."""
    scope = scope_of(actor)
    return bool(scope.subtrees or scope.areas)


def walks_own_grids(actor: User) -> bool:
    """Whether the person has grids or a beat of their own: whose page on a phone is that of the field."""
    return bool(scope_of(actor).areas)


def may_register_organisation(actor: User, place: Territory) -> bool:
    """Register organisations of a place: manager and system administrator of a centre over it."""
    code = place.current_code
    return any(
        p.organisation.is_centre and code.startswith(p.organisation.territory.current_code)
        for p in scope_of(actor).posts_with(Capability.REGISTER_ORGANISATION)
    )


def may_keep_organisation(actor: User, place: Territory) -> bool:
    """Change or end organisations of a place: the system administrator of a centre over it."""
    return scope_of(actor).may_over(place, Capability.KEEP_ORGANISATIONS)


def may_keep_outside_book(actor: User) -> bool:
    """Keep the book of outside organisations: dispatchers and managers of centres, who lead people there."""
    return scope_of(actor).may_at_some_centre(Capability.KEEP_OUTSIDE_BOOK)


def may_keep_impressions(actor: User) -> bool:
    """Keep the pictures of seals and of the hands of signatories: the system administrator."""
    return scope_of(actor).may(Capability.KEEP_IMPRESSIONS)


def may_keep_api_clients(actor: User) -> bool:
    """Register outside systems, give and take back their tokens: the system administrator."""
    return scope_of(actor).may(Capability.KEEP_API_CLIENTS)


def may_administer(actor: User) -> bool:
    """Whom the pages of the system administration concern."""
    return scope_of(actor).may(Capability.KEEP_ORGANISATIONS, Capability.KEEP_API_CLIENTS, Capability.RUN_INSTALLATION)


def is_administrator(actor: User) -> bool:
    """One of the three who keep the installation, and have no case."""
    return bool(scope_of(actor).roles & ADMINISTRATORS)


def may_post(actor: User, organisation: Organisation, role: str, person: User | None = None) -> bool:
    """Give, end and propose a post, the one rule for it: never one's own, never above oneself, never outside.

    The system administrator gives all posts of people in the territory; the head of an organisation those of its
    staff; the head of a centre those of the places below too, their heads included.
    """
    if person is not None and person.pk == actor.pk:
        return False
    scope = scope_of(actor)
    if role in GIVEN_BY_ADMINISTRATORS and scope.may_over(organisation.territory, Capability.KEEP_ALL_PEOPLE):
        return True
    if role in STAFF and scope.may_at(organisation, Capability.KEEP_PEOPLE):
        return True
    return role in STAFF_BELOW and _is_below(actor, organisation)


def may_keep_account(actor: User, person: User) -> bool:
    """Change an account and close it: who may give every post that the person holds or has been proposed for."""
    if person.pk == actor.pk or person.kind != UserKind.PERSON:
        return False
    held: list[Posting | PostProposal] = [*person.postings.all(), *person.proposed_postings.all()]
    live = [post for post in held if post.ends_on is None or post.ends_on > timezone.localdate()]
    posts = live or held
    if not posts:
        return scope_of(actor).may(Capability.KEEP_ALL_PEOPLE)
    return all(may_post(actor, post.organisation, post.role) for post in posts)


def keeps_people(actor: User) -> bool:
    """Whether the page of people and posts concerns somebody."""
    return scope_of(actor).may(Capability.KEEP_ALL_PEOPLE, Capability.KEEP_PEOPLE)


def may_read_people(actor: User) -> bool:
    """Read people and posts over the API: who keeps them, and outside systems in their territory."""
    return keeps_people(actor) or scope_of(actor).may(Capability.READ_PEOPLE)


def may_confirm_posts(actor: User) -> bool:
    """Review posts of wide sight: the security administrator."""
    return scope_of(actor).may(Capability.CONFIRM_POSTS)


def may_confirm_post(actor: User, proposal: PostProposal) -> bool:
    """Confirm or refuse a post: never one's own, nor one that one asked for; in the territory."""
    if actor.pk in (proposal.user_id, proposal.asked_by_id):
        return False
    return scope_of(actor).may_over(proposal.organisation.territory, Capability.CONFIRM_POSTS)


def is_wide(organisation: Organisation, role: str) -> bool:
    """Whether a post has to be confirmed before it begins."""
    in_county = organisation.is_centre and len(organisation.territory.current_code) <= Level.COUNTY
    return role in WIDE or (in_county and role in WIDE_IN_COUNTY)


def _is_below(actor: User, organisation: Organisation) -> bool:
    code = organisation.territory.current_code
    over = [p.organisation for p in scope_of(actor).posts_with(Capability.KEEP_PEOPLE) if p.organisation.is_centre]
    return any(code != o.territory.current_code and code.startswith(o.territory.current_code) for o in over)


def post_facts(user: User) -> PostFacts:
    """What the posts of today mean for signing in."""
    scope = scope_of(user)
    return PostFacts(scope.roles, bool(scope.roles & ADMINISTRATORS), scope.may(Capability.KEEP_SIGN_IN))
