"""Who may do what in a mediation."""

from grids.models import Territory
from grids.permissions import may_register_organisation, may_word_documents
from grids.roles import Capability
from grids.scope import scope_of
from intake.lifecycle import INACTIVE_STATES
from intake.lifecycle import OPEN_STATES as OPEN_CASES
from intake.lifecycle import State as CaseState
from intake.models import Case
from intake.permissions import (
    at_window,
    may_accept,
    may_see_personal,
    may_settle_at_window,
    may_sort,
    may_work_on,
)
from mediation.lifecycle import State
from mediation.models import Body, Mediation
from zhongzhi.accounts.models import User

COUNTY_DIGITS = 6
NOT_YOURS = "只有办理本案的人员可以查看和办理调解材料。"


def may_open(actor: User, case: Case) -> bool:
    """Open a mediation: those who sort at the centre that answers, and those who have the case in hand."""
    if may_accept(actor, case):
        return True
    mediates = scope_of(actor).may(Capability.MEDIATE)
    return mediates and any(may_work_on(actor, h) for h in case.handlings.all() if h.closed_at is None)


def may_mediate(actor: User, mediation: Mediation) -> bool:
    """Lead the mediation: people of the mediating organisation, the sorters of the case's centre, and the window what
    it opened itself of a simple case."""
    leads = scope_of(actor).may_at(mediation.body.organisation_id, Capability.MEDIATE)
    return leads or may_sort(actor, mediation.case) or leads_at_window(actor, mediation)


def leads_at_window(actor: User, mediation: Mediation) -> bool:
    """The fast track: the clerk who opened the mediation of a simple case keeps its papers to the agreement."""
    return mediation.opened_by_id == actor.pk and may_settle_at_window(actor, mediation.case)


def may_enter_session(actor: User, mediation: Mediation) -> bool:
    """Enter afterwards a session that took place: who leads the mediation, while it runs, or while the file of its
    agreement is not archived."""
    is_open = mediation.is_open and mediation.case.status not in INACTIVE_STATES
    waits = mediation.status == State.AGREED and mediation.case.status in (*OPEN_CASES, CaseState.CLOSED)
    return (is_open or waits) and may_mediate(actor, mediation)


def may_record_performance(actor: User, mediation: Mediation) -> bool:
    """Record what was paid or done: who mediates, and the window, where people come with the receipt."""
    at_centre = scope_of(actor).may_at(mediation.case.centre_id, Capability.RECORD_PERFORMANCE)
    return at_centre or may_mediate(actor, mediation)


def may_read_file(actor: User, case: Case) -> bool:
    """Read and print the forms, which hold personal data in the clear: those who handle the case."""
    return may_see_personal(actor, case)


def may_change_wording(actor: User) -> bool:
    """Word the forms: who changes the kinds of documents."""
    return may_word_documents(actor)


def may_keep_roster(actor: User, centre_id: int) -> bool:
    """The hall's roster of a day: dispatcher or manager of the centre."""
    return scope_of(actor).may_at(centre_id, Capability.KEEP_HALL_ROSTER)


def has_hall(actor: User) -> bool:
    """Whom the hall's roster concerns: who serves at a centre."""
    return at_window(actor)


def has_mediation(actor: User) -> bool:
    """Whom the mediation pages concern: all who work in or lead the office."""
    return scope_of(actor).may(Capability.SEE_MEDIATION)


def may_set_up_bodies(actor: User, place: Territory) -> bool:
    """Set up, change and end the bodies of a place: manager and system administrator of a centre over it."""
    return may_register_organisation(actor, place)


def may_keep_body(actor: User, body: Body) -> bool:
    """Appoint its mediators, keep its rooms: those who may set it up, and its own manager."""
    own = scope_of(actor).may_at(body.organisation_id, Capability.KEEP_OWN_BODY)
    return own or may_set_up_bodies(actor, body.organisation.territory)


def may_keep_teams(actor: User) -> bool:
    """Team templates serve the whole county: its centre's manager and system administrator."""
    posts = scope_of(actor).posts_with(Capability.KEEP_TEAMS)
    return any(p.organisation.is_centre and len(p.organisation.territory.code) <= COUNTY_DIGITS for p in posts)


def keeps_bodies(actor: User) -> bool:
    """Whom the pages of bodies and mediators concern, as those who keep them."""
    return scope_of(actor).may(Capability.KEEP_OWN_BODY, Capability.REGISTER_ORGANISATION)
